#include "io/netlink/policy_diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

namespace rri::netlink {
namespace {

constexpr std::uint32_t kLowest = 0xffffffff;

/// A policy and when the kernel got it: of two with one priority it takes the older.
struct Placed {
  PolicyMessage policy;
  std::uint64_t born = 0;
};
using Table = std::map<PolicyKey, Placed>;

bool matches(const PolicySelector& selector, std::uint32_t destination) {
  return selector.destination.contains(IpAddress::v4(destination));
}

bool is_blocked(const Table& table, std::uint32_t destination) {
  const Placed* best = nullptr;
  for (const auto& [key, placed] : table) {
    if (!matches(key.selector, destination)) continue;
    const auto rank = [](const Placed& one) { return std::pair(one.policy.priority, one.born); };
    if (best == nullptr || rank(placed) < rank(*best)) best = &placed;
  }
  return best != nullptr && best->policy.action == PolicyAction::Block;
}

/// Eight hosts, so that prefixes nest often.
Policies chance_policies(std::mt19937& random) {
  const auto below = [&](std::uint32_t bound) { return static_cast<std::uint32_t>(random() % bound); };
  Policies made;
  for (auto n = below(8); n > 0; --n) {
    PolicyMessage policy;
    policy.key.selector.source = Prefix::all(Family::V4);
    policy.key.selector.destination = Prefix(IpAddress::v4(0x0a000000 + below(8)), 29 + static_cast<int>(below(4)));
    policy.key.direction = static_cast<std::uint8_t>(PolicyDirection::Out);
    policy.action = below(3) == 0 ? PolicyAction::Allow : PolicyAction::Block;
    // As the planner does: those that disagree have different priorities.
    policy.priority = kLowest - 2 * below(4) - (policy.action == PolicyAction::Allow ? 1 : 0);
    made.insert_or_assign(policy.key, policy);
  }
  return made;
}

void carry_out(const PolicyOperation& operation, Table& table, std::uint64_t& clock) {
  if (operation.change == PolicyChange::Delete) {
    table.erase(operation.policy.key);
  } else {
    table.insert_or_assign(operation.policy.key, Placed{operation.policy, ++clock});
  }
}

std::vector<bool> verdicts(const Table& table) {
  std::vector<bool> blocked;
  for (std::uint32_t host = 0; host < 8; ++host) blocked.push_back(is_blocked(table, 0x0a000000 + host));
  return blocked;
}

TEST(PolicyDiff, WhatIsClosedBeforeAndAfterIsClosedAtEveryMomentBetween) {
  std::mt19937 random(7);
  for (int round = 0; round < 5000; ++round) {
    std::uint64_t clock = 0;
    Table table;
    Table end;
    const auto before = chance_policies(random);
    const auto after = chance_policies(random);
    for (const auto& [key, policy] : before) table.emplace(key, Placed{policy, ++clock});
    for (const auto& [key, policy] : after) end.emplace(key, Placed{policy, 0});
    const auto first = verdicts(table);
    const auto last = verdicts(end);
    for (const auto& operation : diff_policies(after, before)) {
      carry_out(operation, table, clock);
      const auto now = verdicts(table);
      for (std::size_t host = 0; host < now.size(); ++host) {
        ASSERT_TRUE(now[host] || !first[host] || !last[host]) << "round " << round << " host " << host;
      }
    }
    ASSERT_EQ(verdicts(table), last) << "round " << round;
    ASSERT_EQ(table.size(), after.size());
  }
}

TEST(PolicyDiff, WhatIsRightIsNotTouched) {
  std::mt19937 random(8);
  for (int round = 0; round < 100; ++round) {
    const auto some = chance_policies(random);
    EXPECT_TRUE(diff_policies(some, some).empty());
  }
}

}  // namespace
}  // namespace rri::netlink
