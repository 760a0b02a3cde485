// app/flush.h -- `rri flush`: every route of ours out of the kernel.
//
// For removing the program. Uses the same Kernel as the daemon: what it dumps as
// ours is deleted, and a second dump proves it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/options.h"

namespace rri::app {

/// With `interfaces`, only routes that crypto maps on these interfaces made: for
/// keepalived, which calls it when a group leaves a router whose rrid is dead.
struct FlushOptions {
  std::uint8_t protocol = 213;
  std::vector<std::string> interfaces;  // IOS names; none: all routes of ours
  std::string config = kDefaultConfig;  // read for `interfaces` alone
  std::string socket;  // refused while a daemon answers here: it would put all back
};

/// 0 when no route of ours is left, else 1.
int run_flush(const FlushOptions& options);

}  // namespace rri::app
