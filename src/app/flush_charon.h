// app/flush_charon.h -- takes our connections, tunnels and keys out of charon.
#pragma once

#include <string>

namespace rri::app {

/// Unloads everything named `rri-*` and says how much it was. A charon that is not
/// there has nothing of ours: 0. 1 when something was left.
int flush_charon(const std::string& socket);

}  // namespace rri::app
