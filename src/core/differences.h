// core/differences.h -- where Linux is not as the configuration describes it.
//
// The daemon changes routes and nothing else: `ip address`, `shutdown` and `vrf
// forwarding` say what should be there (SPEC.md 2.2). What is otherwise is told, as
// notices, and by `rri doctor` with a cure. Only interfaces that are tied to a
// device are looked at; a link that is down differs from no line of the configuration.
#pragma once

#include <vector>

#include "core/host.h"
#include "model/config.h"
#include "model/notice.h"

namespace rri::core {

/// One INTERFACE-DIFFERS for each difference, by interface.
std::vector<Notice> find_differences(const Config& config, const Host& host);

}  // namespace rri::core
