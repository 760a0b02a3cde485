// core/swanctl_text.h -- a TunnelPlan as a swanctl.conf.
#pragma once

#include <string>

#include "model/charon.h"

namespace rri::core {

/// Text that `swanctl --load-all` takes. Secrets are in it.
std::string render_swanctl(const TunnelPlan& plan);

}  // namespace rri::core
