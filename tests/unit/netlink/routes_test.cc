// Routes through a real kernel: every rule of SPEC.md section 4 about writing.
#include "kernel_lab.h"

namespace rri::netlink {
namespace {

using core::OpOutcome;
using core::RouteOp;

class Routes : public KernelLab {};

TEST_F(Routes, are_added_changed_and_deleted_and_dumped_as_written) {
  start();
  auto peer_form = route_via("10.9.0.0/16", "203.0.113.9", "a0", true);
  peer_form.source = address("10.1.0.1");
  peer_form.realm = 77;
  auto six = route_via("2001:db8:9::/48", "2001:db8:1::9", "a0");
  six.source = address("2001:db8:1::1");
  auto six_onlink = route_via("2001:db8:a::/48", "2001:db8:ffff::9", "a0", true, 200);
  const auto by_device = route_via("10.8.0.0/16", "", "b0");
  const auto six_by_device = route_via("2001:db8:b::/48", "", "b0");
  KernelRoute hole;
  hole.key = {std::string(kDefaultVrf), prefix("10.7.0.0/16"), metric_of_distance(1)};
  hole.type = KernelRouteType::Blackhole;
  auto six_hole = hole;
  six_hole.key.prefix = prefix("2001:db8:dead::/48");
  auto several = route_via("10.6.0.0/16", "10.1.0.6", "a0");
  several.next_hops.push_back({address("10.2.0.6"), "b0", false});
  const std::vector<KernelRoute> all{peer_form, six, six_onlink, by_device, six_by_device, hole, six_hole, several};
  for (const auto& route : all) {
    const auto done = add(route);
    EXPECT_TRUE(done.failures.empty()) << route.key.prefix.to_string() << ": " << done.failures.front().text;
  }
  const auto dumped = dump().routes;
  EXPECT_EQ(dumped.size(), all.size());
  for (const auto& route : all) {
    EXPECT_NE(std::find(dumped.begin(), dumped.end(), route), dumped.end())
        << route.key.prefix.to_string() << "\n" << output_of("ip -d route; ip -6 -d route");
  }
  auto moved = six;
  moved.next_hops = {{address("2001:db8:1::a"), "a0", false}};
  EXPECT_TRUE(change(moved).failures.empty());
  auto moved4 = peer_form;
  moved4.next_hops = {{address("10.2.0.9"), "b0", false}};
  moved4.source.reset();
  EXPECT_TRUE(change(moved4).failures.empty());
  const auto after = dump().routes;
  EXPECT_NE(std::find(after.begin(), after.end(), moved), after.end());
  EXPECT_NE(std::find(after.begin(), after.end(), moved4), after.end());
  EXPECT_EQ(after.size(), all.size());
  for (const auto& route : after) EXPECT_TRUE(remove(route).failures.empty());
  EXPECT_TRUE(dump().routes.empty()) << output_of("ip -d route; ip -6 -d route");
}

TEST_F(Routes, of_others_are_neither_replaced_nor_deleted) {
  start();
  ip("route add 10.9.0.0/16 via 10.1.0.9 proto static metric 16777216");
  ip("-6 route add 2001:db8:9::/48 via 2001:db8:1::9 proto static metric 16777216");
  for (const auto& route : {route_via("10.9.0.0/16", "10.2.0.9", "b0"), route_via("2001:db8:9::/48", "2001:db8:1::a", "a0")}) {
    auto done = add(route);
    ASSERT_EQ(done.failures.size(), 1U);
    EXPECT_EQ(done.failures[0].outcome, OpOutcome::Occupied);
    done = change(route);
    ASSERT_EQ(done.failures.size(), 1U);
    EXPECT_EQ(done.failures[0].outcome, OpOutcome::Missing);
    EXPECT_TRUE(remove(route).failures.empty());  // what is not there is gone
  }
  EXPECT_NE(output_of("ip route").find("10.9.0.0/16 via 10.1.0.9 dev a0 proto static"), std::string::npos);
  EXPECT_NE(output_of("ip -6 route").find("2001:db8:9::/48 via 2001:db8:1::9 dev a0 proto static"), std::string::npos);
}

TEST_F(Routes, that_share_a_key_with_a_foreign_one_leave_it_alone) {
  start();
  ASSERT_TRUE(add(route_via("10.9.0.0/16", "10.1.0.9", "a0")).failures.empty());
  forget_events();
  ip("route prepend 10.9.0.0/16 via 10.2.0.7 proto static metric 16777216");
  ASSERT_TRUE(until([this] { return find<core::RouteNotice>() != nullptr; }));
  const auto done = change(route_via("10.9.0.0/16", "10.1.0.8", "a0"));
  ASSERT_EQ(done.failures.size(), 1U);
  EXPECT_EQ(done.failures[0].outcome, OpOutcome::Occupied);
  EXPECT_NE(output_of("ip route").find("10.9.0.0/16 via 10.2.0.7 dev b0 proto static"), std::string::npos);
}

TEST_F(Routes, that_are_there_already_are_done) {
  start();
  const auto route = route_via("10.9.0.0/16", "10.1.0.9", "a0");
  ASSERT_TRUE(add(route).failures.empty());
  EXPECT_TRUE(add(route).failures.empty());
  const auto other = route_via("10.9.0.0/16", "10.1.0.8", "a0");
  EXPECT_TRUE(add(other).failures.empty());  // ours, so it may be changed
  EXPECT_EQ(dump().routes, std::vector<KernelRoute>{other});
}

TEST_F(Routes, that_the_kernel_refuses_say_why) {
  start();
  auto done = add(route_via("10.9.0.0/16", "203.0.113.9", "a0"));
  ASSERT_EQ(done.failures.size(), 1U);
  EXPECT_EQ(done.failures[0].outcome, OpOutcome::Failed);
  EXPECT_EQ(done.failures[0].text, "network is unreachable (Nexthop has invalid gateway)");
  auto source = route_via("10.9.0.0/16", "10.1.0.9", "a0");
  source.source = address("192.0.2.1");
  done = add(source);
  ASSERT_EQ(done.failures.size(), 1U);
  EXPECT_EQ(done.failures[0].text, "invalid argument (Invalid prefsrc address)");
  done = add(route_via("10.9.0.0/16", "10.1.0.9", "nosuch0"));
  ASSERT_EQ(done.failures.size(), 1U);
  EXPECT_EQ(done.failures[0].text, "there is no device nosuch0");
  auto elsewhere = route_via("10.9.0.0/16", "10.1.0.9", "a0");
  elsewhere.key.vrf = "RED";
  done = add(elsewhere);
  ASSERT_EQ(done.failures.size(), 1U);
  EXPECT_EQ(done.failures[0].outcome, OpOutcome::Failed);
  EXPECT_EQ(done.failures[0].text, "there is no VRF device RED");
  EXPECT_TRUE(remove(elsewhere).failures.empty());
}

TEST_F(Routes, in_bulk_report_the_bad_ones_by_index) {
  start();
  std::vector<RouteOp> operations;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    auto route = route_via("10.9.0.0/32", "10.1.0.9", "a0");
    route.key.prefix = Prefix::host(IpAddress::v4(0x20000000 + i));
    if (i == 4000 || i == 5555) route.next_hops[0].gateway = address("203.0.113.1");
    if (i == 9999) route.next_hops[0].device = "nosuch0";
    operations.push_back({RouteOp::Kind::Add, RouteKind::Proxy, route});
  }
  auto done = carry_out(operations);
  ASSERT_EQ(done.failures.size(), 3U);
  EXPECT_EQ(done.failures[0].index, 4000U);
  EXPECT_EQ(done.failures[1].index, 5555U);
  EXPECT_EQ(done.failures[2].index, 9999U);
  EXPECT_EQ(done.failures[1].text, "network is unreachable (Nexthop has invalid gateway)");
  EXPECT_EQ(dump().routes.size(), 9997U);
  EXPECT_EQ(kernel_->status().own_routes, 9997U);
  for (auto& operation : operations) operation.kind = RouteOp::Kind::Delete;
  EXPECT_TRUE(carry_out(operations).failures.empty());
  EXPECT_TRUE(dump().routes.empty());
  EXPECT_EQ(kernel_->status().own_routes, 0U);
}

TEST_F(Routes, dumps_give_only_ours_and_only_one_device) {
  ip("route add 10.20.0.0/16 via 10.1.0.9 proto static");
  ip("route add 10.21.0.0/16 via 10.1.0.9 proto 213 metric 16777216");
  start();
  EXPECT_EQ(find<core::RouteDump>()->routes, std::vector<KernelRoute>{route_via("10.21.0.0/16", "10.1.0.9", "a0")});
  const auto on_b = route_via("10.22.0.0/16", "10.2.0.9", "b0");
  ASSERT_TRUE(add(on_b).failures.empty());
  const auto of_b = dump("b0");
  EXPECT_EQ(of_b.device, "b0");
  EXPECT_EQ(of_b.routes, std::vector<KernelRoute>{on_b});
  EXPECT_TRUE(dump("nosuch0").routes.empty());
  EXPECT_EQ(dump().routes.size(), 2U);
}

TEST_F(Routes, in_a_table_without_vrf_are_shown_and_can_be_deleted) {
  ip("route add blackhole 10.21.0.0/16 proto 213 metric 16777216 table 4711");
  start();
  const auto routes = find<core::RouteDump>()->routes;
  ASSERT_EQ(routes.size(), 1U);
  EXPECT_EQ(routes[0].key.vrf, "table 4711");
  EXPECT_TRUE(remove(routes[0]).failures.empty());
  EXPECT_TRUE(dump().routes.empty());
}

TEST_F(Routes, lost_without_a_message_are_missing_in_the_next_dump) {
  start();
  ASSERT_TRUE(add(route_via("10.9.0.0/16", "10.1.0.9", "a0")).failures.empty());
  ASSERT_TRUE(add(route_via("10.8.0.0/16", "10.2.0.9", "b0")).failures.empty());
  forget_events();
  ip("link set a0 down");
  ASSERT_TRUE(until([this] {
    return find<core::LinkChanged>([](const auto& event) { return event.link.name == "a0" && !event.link.up; }) != nullptr;
  }));
  EXPECT_TRUE(dump("a0").routes.empty());
  EXPECT_EQ(dump().routes.size(), 1U);
  EXPECT_EQ(kernel_->status().own_routes, 1U);
}

TEST_F(Routes, changed_by_others_are_noticed_and_our_own_changes_are_not) {
  start();
  const auto route = route_via("10.9.0.0/16", "10.1.0.9", "a0");
  forget_events();
  ASSERT_TRUE(add(route).failures.empty());
  ip("route add 10.30.0.0/16 via 10.1.0.9 proto static");
  ASSERT_TRUE(until([this] { return find<core::RouteNotice>() != nullptr; }));
  const auto count = std::count_if(events_.begin(), events_.end(),
                                   [](const auto& event) { return std::holds_alternative<core::RouteNotice>(event); });
  EXPECT_EQ(count, 1);
  const auto* foreign = find<core::RouteNotice>();
  EXPECT_EQ(foreign->route.key.prefix, prefix("10.30.0.0/16"));
  EXPECT_TRUE(foreign->present);
  EXPECT_FALSE(foreign->ours);
  EXPECT_EQ(foreign->protocol, 4);
  forget_events();
  ip("route del 10.9.0.0/16");
  ASSERT_TRUE(until([this] { return find<core::RouteNotice>() != nullptr; }));
  const auto* ours = find<core::RouteNotice>();
  EXPECT_TRUE(ours->ours);
  EXPECT_FALSE(ours->present);
  EXPECT_EQ(ours->route, route);
  EXPECT_TRUE(add(route).failures.empty());
}

TEST_F(Routes, hidden_by_a_foreign_one_that_was_there_before_are_noticed) {
  ip("route add 10.9.0.0/16 via 10.2.0.9 proto static metric 5");
  start();
  forget_events();
  ASSERT_TRUE(add(route_via("10.9.0.0/16", "10.1.0.9", "a0")).failures.empty());
  ASSERT_TRUE(until([this] { return find<core::RouteNotice>() != nullptr; }));
  EXPECT_EQ(find<core::RouteNotice>()->route.key.metric, 5U);
  EXPECT_FALSE(find<core::RouteNotice>()->ours);
}

TEST_F(Routes, replaced_by_somebody_are_read_again) {
  start();
  ASSERT_TRUE(add(route_via("10.9.0.0/16", "10.1.0.9", "a0")).failures.empty());
  forget_events();
  ip("route replace 10.9.0.0/16 via 10.2.0.7 proto static metric 16777216");
  ASSERT_TRUE(until([this] { return find<core::RouteDump>() != nullptr; }));
  EXPECT_TRUE(find<core::RouteDump>()->routes.empty());
  const auto done = add(route_via("10.9.0.0/16", "10.1.0.9", "a0"));
  ASSERT_EQ(done.failures.size(), 1U);
  EXPECT_EQ(done.failures[0].outcome, OpOutcome::Occupied);
}

TEST_F(Routes, survive_an_overrun_by_a_fresh_list) {
  Options options;
  options.notification_buffer_bytes = 4096;
  start(options);
  ASSERT_TRUE(add(route_via("10.9.0.0/16", "10.1.0.9", "a0")).failures.empty());
  forget_events();
  ip("route del 10.9.0.0/16");
  for (int i = 0; i < 60; ++i) ip("route add 10.40." + std::to_string(i) + ".0/24 via 10.1.0.9");
  ASSERT_TRUE(until([this] { return find<core::RouteDump>() != nullptr && find<core::LinkList>() != nullptr; }));
  EXPECT_GE(kernel_->status().overruns, 1U);
  EXPECT_TRUE(find<core::RouteDump>()->routes.empty());
  ASSERT_TRUE(until([this] { return kernel_->status().in_sync; }));
  EXPECT_FALSE(log_.empty());
}

}  // namespace
}  // namespace rri::netlink
