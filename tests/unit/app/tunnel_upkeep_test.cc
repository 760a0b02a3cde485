#include "app/tunnel_upkeep.h"

#include <gtest/gtest.h>

#include "tunnel_texts.h"

namespace rri::app {
namespace {

constexpr Seconds kSettled{10};

IkeSa make_ike(std::uint64_t id, bool initiator, std::uint64_t age = 60, const std::string& child = "rri-mymap-1-line10") {
  IkeSa ike;
  ike.id = id;
  ike.connection = "rri-mymap-1-203_0_113_1";
  ike.state = "ESTABLISHED";
  ike.local = IpAddress::try_parse("198.51.100.2");
  ike.peer = IpAddress::try_parse("203.0.113.1");
  ike.initiator = initiator;
  ike.age_seconds = age;
  ike.children.resize(1);
  ike.children.front().name = child;
  ike.children.front().state = "INSTALLED";
  return ike;
}

IkeSa from_the_other_end(IkeSa ike) {
  std::swap(ike.local, ike.peer);
  ike.initiator = !ike.initiator;
  return ike;
}

using Ids = std::vector<std::uint64_t>;

TEST(TunnelUpkeep, both_ends_end_the_same_one_of_two) {
  const auto ours = make_ike(1, true), theirs = make_ike(2, false);
  EXPECT_EQ(find_doubles({ours, theirs}, kSettled), Ids{2});
  EXPECT_EQ(find_doubles({from_the_other_end(theirs), from_the_other_end(ours)}, kSettled), Ids{2});
}

TEST(TunnelUpkeep, of_two_from_one_end_that_end_takes_the_older) {
  EXPECT_EQ(find_doubles({make_ike(3, true), make_ike(4, true)}, kSettled), Ids{3});
  EXPECT_EQ(find_doubles({make_ike(3, false), make_ike(4, false)}, kSettled), Ids{});
}

TEST(TunnelUpkeep, what_is_no_double_stays) {
  EXPECT_EQ(find_doubles({make_ike(1, true)}, kSettled), Ids{});
  EXPECT_EQ(find_doubles({make_ike(1, true), make_ike(2, false, 3)}, kSettled), Ids{}) << "a reauthentication";
  EXPECT_EQ(find_doubles({make_ike(1, true), make_ike(2, false, 60, "rri-mymap-1-line20")}, kSettled), Ids{}) << "other children";
  auto other_peer = make_ike(2, false);
  other_peer.peer = IpAddress::try_parse("192.0.2.1");
  EXPECT_EQ(find_doubles({make_ike(1, true), other_peer}, kSettled), Ids{});
  auto old = make_ike(2, false);
  old.version = 1;
  EXPECT_EQ(find_doubles({make_ike(1, true), old}, kSettled), Ids{});
  auto foreign = make_ike(1, true), foreign_too = make_ike(2, false);
  foreign.connection = foreign_too.connection = "theirs";
  EXPECT_EQ(find_doubles({foreign, foreign_too}, kSettled), Ids{});
}

TEST(TunnelUpkeep, a_trap_that_charon_does_not_list_is_missing) {
  const auto plan = plan_of(with_entry(" set peer 198.51.100.2\n set transform-set T\n match address 102\n"));
  ASSERT_EQ(plan.connections.size(), 1U);
  const auto missing = missing_traps(plan, {});
  ASSERT_FALSE(missing.empty());
  EXPECT_EQ(missing.begin()->first, plan.connections.front().name);
  EXPECT_TRUE(missing_traps(plan, missing).empty());
}

}  // namespace
}  // namespace rri::app
