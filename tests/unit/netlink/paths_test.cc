// How watched addresses are reached, asked of a real kernel.
#include "kernel_lab.h"

namespace rri::netlink {
namespace {

using core::Path;
using core::PathQuery;

class Paths : public KernelLab {
 protected:
  const std::string vrf_{kDefaultVrf};
  PathQuery query(std::string_view target, std::string device = {}) const { return {vrf_, address(target), std::move(device)}; }
  Path ask(const PathQuery& wanted, const Path& right) {
    kernel_->watch(wanted);
    return path(wanted, [&](const Path& answer) { return answer == right; });
  }
  static Path by(std::string device, std::string_view gateway = {}) {
    return {std::move(device), gateway.empty() ? std::nullopt : std::optional(address(gateway)), {}};
  }
  static Path none(std::string reason) { return {{}, {}, std::move(reason)}; }
};

TEST_F(Paths, on_link_by_gateway_and_none) {
  ip("route add 198.51.100.0/24 via 10.1.0.9");
  ip("-6 route add 2001:db8:f::/48 via 2001:db8:1::9");
  ip("route add unreachable 192.0.2.0/24");
  ip("route add blackhole 192.0.3.0/24");
  start();
  ask(query("10.1.0.7"), by("a0"));
  ask(query("198.51.100.7"), by("a0", "10.1.0.9"));
  ask(query("2001:db8:1::7"), by("a0"));
  ask(query("2001:db8:f::7"), by("a0", "2001:db8:1::9"));
  ask(query("203.0.113.1"), none("no route to 203.0.113.1 in VRF default"));
  ask(query("2001:db8:e::7"), none("no route to 2001:db8:e::7 in VRF default"));
  ask(query("192.0.2.1"), none("192.0.2.1 is made unreachable by a route in VRF default"));
  ask(query("192.0.3.1"), none("192.0.3.1 is made unreachable by a route in VRF default"));
  ask(query("10.1.0.1"), none("10.1.0.1 is an address of this host"));
  ask(query("2001:db8:1::1"), none("2001:db8:1::1 is an address of this host"));
  ask({"RED", address("10.1.0.7"), {}}, none("there is no VRF device RED"));
}

TEST_F(Paths, follow_a_default_route_that_moves) {
  ip("route add default via 10.1.0.9");
  start();
  const auto peer = query("203.0.113.1");
  ask(peer, by("a0", "10.1.0.9"));
  ip("route replace default via 10.2.0.9");
  path(peer, [](const Path& answer) { return answer.device == "b0"; });
  ip("route del default");
  path(peer, [](const Path& answer) { return answer.reason == "no route to 203.0.113.1 in VRF default"; });
  ip("route add 203.0.0.0/16 via 10.1.0.8");
  path(peer, [](const Path& answer) { return answer == by("a0", "10.1.0.8"); });
}

TEST_F(Paths, are_lost_and_found_with_the_device) {
  ip("route add 203.0.113.0/24 via 10.1.0.9");
  ip("route add default via 10.2.0.9");
  start();
  const auto peer = query("203.0.113.1");
  ask(peer, by("a0", "10.1.0.9"));
  ask(query("10.1.0.7"), by("a0"));
  ip("link set a1 down");  // the carrier of a0
  path(peer, [](const Path& answer) { return answer.reason == "a0 is down"; });
  ip("link set a1 up");
  path(peer, [](const Path& answer) { return answer == by("a0", "10.1.0.9"); });
  ip("link set a0 down");  // takes its routes along, without a message
  path(peer, [](const Path& answer) { return answer == by("b0", "10.2.0.9"); });
  ip("link set a0 up");
  path(query("10.1.0.7"), [](const Path& answer) { return answer == by("a0"); });
}

TEST_F(Paths, do_not_count_rri_routes) {
  ip("route add default via 10.1.0.9");
  ip("route add 203.0.113.0/24 via 10.2.0.9 metric 50");
  start();
  const auto peer = query("203.0.113.1");
  const auto pin = route_via("203.0.113.1/32", "10.2.0.5", "b0");
  const auto proxy = route_via("203.0.113.0/24", "203.0.113.1", "a0", true);
  ASSERT_TRUE(add(pin, RouteKind::Peer).failures.empty());
  ask(peer, by("b0", "10.2.0.9"));
  ASSERT_TRUE(add(proxy).failures.empty());
  ip("route del 203.0.113.0/24 metric 50");  // the best foreign one: now the default
  path(peer, [](const Path& answer) { return answer == by("a0", "10.1.0.9"); });
  ip("route replace default via 10.2.0.8");
  path(peer, [](const Path& answer) { return answer == by("b0", "10.2.0.8"); });
  ip("route add 203.0.112.0/20 via 10.1.0.6");
  path(peer, [](const Path& answer) { return answer == by("a0", "10.1.0.6"); });
  ip("route del 203.0.112.0/20");
  ip("route del default");
  path(peer, [](const Path& answer) { return answer.reason == "no route to 203.0.113.1 in VRF default"; });
}

TEST_F(Paths, count_ip_route_lines) {
  start();
  const auto peer = query("203.0.113.1");
  ASSERT_TRUE(add(route_via("203.0.113.0/24", "10.1.0.9", "a0"), RouteKind::Proxy).failures.empty());
  ask(peer, none("no route to 203.0.113.1 in VRF default"));
  ASSERT_TRUE(add(route_via("0.0.0.0/0", "10.2.0.9", "b0"), RouteKind::Static).failures.empty());
  path(peer, [](const Path& answer) { return answer == by("b0", "10.2.0.9"); });
  kernel_->set_underlay_statics({route_via("203.0.113.0/24", "10.1.0.4", "a0")});
  path(peer, [](const Path& answer) { return answer == by("a0", "10.1.0.4"); });
  kernel_->set_underlay_statics({});
  path(peer, [](const Path& answer) { return answer == by("b0", "10.2.0.9"); });
  ASSERT_TRUE(remove(route_via("0.0.0.0/0", "10.2.0.9", "b0"), RouteKind::Static).failures.empty());
  path(peer, [](const Path& answer) { return !answer.is_reachable(); });
}

TEST_F(Paths, count_adopted_ip_route_lines_by_their_key) {
  ip("route add default via 10.2.0.9 proto 213 metric 16777216");
  start();
  const auto peer = query("203.0.113.1");
  ask(peer, none("no route to 203.0.113.1 in VRF default"));
  kernel_->set_static_keys({{vrf_, prefix("0.0.0.0/0"), metric_of_distance(1)}});
  path(peer, [](const Path& answer) { return answer == by("b0", "10.2.0.9"); });
}

TEST_F(Paths, out_of_a_device_go_by_its_gateway_or_on_link) {
  ip("route add default via 10.1.0.9");
  ip("route add 198.51.100.0/24 via 10.2.0.9");
  start();
  ask(query("198.51.100.1", "b0"), by("b0", "10.2.0.9"));
  ask(query("198.51.100.1", "a0"), by("a0", "10.1.0.9"));
  ask(query("203.0.113.1", "b0"), by("b0"));
  ask(query("203.0.113.1", "a0"), by("a0", "10.1.0.9"));
  ask(query("2001:db8:f::7", "a0"), by("a0"));
  ASSERT_TRUE(add(route_via("198.51.100.1/32", "", "b0"), RouteKind::Peer).failures.empty());
  kernel_->unwatch(query("198.51.100.1", "b0"));
  forget_events();
  ask(query("198.51.100.1", "b0"), by("b0", "10.2.0.9"));
  ip("link set b0 down");
  path(query("198.51.100.1", "b0"), [](const Path& answer) { return answer.reason == "b0 is down"; });
  ask(query("203.0.113.1", "nosuch0"), none("there is no device nosuch0"));
}

TEST_F(Paths, in_ipv6_do_not_count_rri_routes) {
  ip("-6 route add default via 2001:db8:1::9");
  start();
  const auto peer = query("2001:db8:f::7");
  ASSERT_TRUE(add(route_via("2001:db8:f::7/128", "", "b0"), RouteKind::Peer).failures.empty());
  ask(peer, by("a0", "2001:db8:1::9"));
  ip("-6 route del default");
  path(peer, [](const Path& answer) { return !answer.is_reachable(); });
}

TEST_F(Paths, are_told_only_when_they_change) {
  ip("route add default via 10.1.0.9");
  start();
  const auto peer = query("203.0.113.1");
  ask(peer, by("a0", "10.1.0.9"));
  forget_events();
  const auto asked = kernel_->status().path_requests;
  ip("route add 203.0.0.0/16 via 10.1.0.9");  // covers, same answer
  ASSERT_TRUE(until([&] { return kernel_->status().path_requests > asked; }));
  const auto again = kernel_->status().path_requests;
  ip("route add 198.51.100.0/24 via 10.1.0.9");  // does not cover
  ASSERT_TRUE(until([this] {
    return find<core::RouteNotice>([](const auto& event) { return event.route.key.prefix == prefix("198.51.100.0/24"); }) != nullptr;
  }));
  EXPECT_EQ(kernel_->status().path_requests, again);
  EXPECT_EQ(find<core::PathChanged>(), nullptr);
}

TEST_F(Paths, of_many_peers_are_all_answered) {
  ip("route add default via 10.1.0.9");
  start();
  forget_events();
  constexpr std::uint32_t kPeers = 20'000;
  for (std::uint32_t i = 0; i < kPeers; ++i) kernel_->watch({vrf_, IpAddress::v4(0x60000000 + i), {}});
  ASSERT_TRUE(until([&] { return events_.size() >= kPeers; }));
  EXPECT_TRUE(std::all_of(events_.begin(), events_.end(), [](const core::Event& event) {
    const auto* changed = std::get_if<core::PathChanged>(&event);
    return changed != nullptr && changed->path == by("a0", "10.1.0.9");
  }));
}

}  // namespace
}  // namespace rri::netlink
