// app/flush.h -- `rri flush`: every route of ours out of the kernel and FRR, every block
// policy out of the kernel, every tunnel out of charon.
//
// For removing the program. Uses the same sinks as the daemon: what one dumps as
// ours is deleted, and a second dump proves it. FRR is asked where the state
// directory remembers static routes of ours there.
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
  std::string state_dir;
  std::string vici = "/run/charon.vici";
  std::vector<std::string> interfaces;  // IOS names; none: all routes of ours
  std::string config = kDefaultConfig;  // read for `interfaces` alone
  std::string socket;  // refused while a daemon answers here: it would put all back
};

/// 0 when no route and no policy of ours is left, else 1.
int run_flush(const FlushOptions& options);

}  // namespace rri::app
