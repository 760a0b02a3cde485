// io/netlink/policy_diff.h -- from the policies that are there to those that are wanted,
// in an order in which nothing opens on the way. Pure.
//
// Each operation is a moment of its own for the packets on their way. What is blocked
// before and after the whole change is blocked at every moment of it:
//   1. blocks that are new or come earlier in the kernel's order;
//   2. allows that are new or come earlier: every block that shall precede them is there;
//   3. allows that go or come later;
//   4. blocks that go or come later: no allow is left that only they held back.
// What passes before and after may be blocked meanwhile; closed is the safe side.
#pragma once

#include <map>
#include <vector>

#include "io/netlink/xfrm_codec.h"

namespace rri::netlink {

using Policies = std::map<PolicyKey, PolicyMessage>;

struct PolicyOperation {
  PolicyChange change{};
  PolicyMessage policy;
};

std::vector<PolicyOperation> diff_policies(const Policies& wanted, const Policies& there);

}  // namespace rri::netlink
