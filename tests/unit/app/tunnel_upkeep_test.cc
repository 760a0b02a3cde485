#include "app/tunnel_upkeep.h"

#include <gtest/gtest.h>

#include "core/tunnel_delta.h"
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

Sa make_sa(std::uint32_t id, const std::string& child, const std::string& remote) {
  Sa sa;
  sa.id = SaId(id);
  sa.connection = "rri-mymap-10-198_51_100_2";
  sa.child = child;
  sa.local = {*TrafficSelector::parse("10.0.0.0/24")};
  sa.remote = {*TrafficSelector::parse(remote)};
  return sa;
}

TEST(TunnelUpkeep, an_sa_that_no_line_stands_for_is_an_orphan) {
  const auto plan = plan_of(with_entry(kEntry));
  const std::string own = "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16";
  const auto orphans = [&](const Sa& sa) {
    std::map<SaId, Sa> older;
    if (is_of_older_rrid(sa.child)) older.emplace(sa.id, sa);
    return find_orphans(plan, {{sa.id, {sa.connection, sa.child}}}, older).size();
  };
  EXPECT_EQ(orphans(make_sa(1, own, "10.1.0.0/16")), 0U);
  EXPECT_EQ(orphans(make_sa(1, own, "10.1.7.0/24")), 0U) << "the peer may narrow it";
  EXPECT_EQ(orphans(make_sa(1, "rri-mymap-10-10_0_0_0_24_to_10_9_0_0_16", "10.9.0.0/16")), 1U);
  EXPECT_EQ(orphans(make_sa(1, "rri-mymap-10-line10", "10.1.0.0/16")), 0U) << "named by an older rrid";
  EXPECT_EQ(orphans(make_sa(1, "rri-mymap-10-line20", "10.9.0.0/16")), 1U);
  EXPECT_EQ(child_by_selectors(plan, make_sa(1, "rri-mymap-10-line10", "10.1.0.0/16")), own);
  auto foreign = make_sa(1, "net", "10.9.0.0/16");
  foreign.connection = "others";
  EXPECT_EQ(orphans(foreign), 0U);
}

TEST(TunnelUpkeep, a_new_rrid_leaves_alone_what_is_for_a_name_without_an_address_yet) {
  core::Host host;
  Link link;
  link.index = 1;
  link.name = "GigabitEthernet0/1";
  link.addresses = {{*IpAddress::parse("203.0.113.1"), 30}};
  host.put(link);
  core::TunnelWorld world;
  world.host = &host;
  const auto plan = plan_of(with_entry(" set peer spoke.example.com dynamic\n set transform-set T\n match address 102\n"), world);
  const std::string name = "rri-mymap-10-spoke_example_com";
  EXPECT_EQ(plan.undecided, std::set<std::string>{name});
  core::LoadedTunnels loaded;
  loaded.connections[name] = std::nullopt;
  for (const auto& step : core::diff_tunnels(plan, loaded)) EXPECT_NE(step.name, name);
  EXPECT_TRUE(find_orphans(plan, {{SaId(1), {name, "rri-mymap-10-10_0_0_0_24_to_10_1_0_0_16"}}}, {}).empty());
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
