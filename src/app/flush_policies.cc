#include "app/flush_policies.h"

#include <chrono>
#include <cstdio>

#include "io/loop/event_loop.h"
#include "io/netlink/policy_keeper.h"

namespace rri::app {

namespace {

/// As many policies as we keep at most go in a second.
constexpr std::chrono::seconds kLongestPolicyFlush{30};

}  // namespace

bool flush_policies() {
  io::EventLoop loop;
  netlink::PolicyKeeper keeper(loop.context(), {[](const core::LogLine&) {}, [&loop] { loop.stop(); }});
  keeper.keep({});
  if (!keeper.status().unavailable.empty()) return true;
  loop.after(kLongestPolicyFlush, [&loop] { loop.stop(); });
  loop.run();
  const auto status = keeper.status();
  std::printf("%llu block policies deleted\n", static_cast<unsigned long long>(status.removed));
  if (!status.settled) std::fprintf(stderr, "rri: could not delete all block policies: %s\n", status.last_error.c_str());
  return status.settled;
}

}  // namespace rri::app
