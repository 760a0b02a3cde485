// io/netlink/policy_keeper.h -- keeps the block policies of fail-closed in the kernel.
//
// Level, not edge: whatever happens leads to a dump of all policies, what is missing
// is added, what is wrong replaced, and what is ours but not wanted deleted. It looks
// when it is told what to keep, when a policy of ours or all policies were removed
// (`ip xfrm policy flush`, an IKE daemon that starts), when messages were lost, and
// every few minutes. A policy that is right is never touched, so a restart of ours
// adopts what it finds, and policies stay when we go.
//
// Ours are told from others by the `user` of their selector, kPolicyOwner. It is part
// of the kernel's key for a policy (selector, direction, mark, interface id, type:
// xfrm_policy_insert() compares whole selectors), and no packet is compared with it
// (__xfrm4_selector_match(), __xfrm6_selector_match()). So no policy of ours can
// have the key of one that somebody else installs, whatever its addresses are, and
// nobody else's deletes or replaces one of ours. Foreign policies are never touched.
//
// Without XFRM in the kernel it says so and does nothing.
//
// Threading: one thread, that of the io_context. Callbacks come from the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/effects.h"
#include "model/block_policy.h"

namespace asio {
class io_context;
}

namespace rri::netlink {

/// "RRI" and a version, as a uid that is nobody's.
inline constexpr std::uint32_t kPolicyOwner = 0x52524901;

/// Counted since the start.
struct PolicyStatus {
  std::string unavailable;        // why the kernel takes no policies, "" when it does
  std::string last_error;         // of the last look; "" when all went well
  bool settled = false;           // exactly what is wanted is there
  std::size_t wanted = 0;
  std::size_t installed = 0;      // of ours, at the last look
  std::uint64_t adopted = 0;      // found right at the first look
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
  std::uint64_t removed = 0;
  std::uint64_t repaired = 0;     // put back after somebody else removed them
  std::uint64_t failed = 0;       // operations that the kernel refused
};

class PolicyKeeper {
 public:
  struct Callbacks {
    std::function<void(core::LogLine)> log;
    std::function<void()> settled;  // exactly what is wanted is there; may be empty
  };
  PolicyKeeper(asio::io_context& loop, Callbacks callbacks);
  ~PolicyKeeper();
  PolicyKeeper(const PolicyKeeper&) = delete;
  PolicyKeeper& operator=(const PolicyKeeper&) = delete;

  /// From now on exactly these, ascending and of different packets; none takes all
  /// of ours out. Starts the work at the first call.
  void keep(std::vector<BlockPolicy> policies);

  [[nodiscard]] PolicyStatus status() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rri::netlink
