#include "core/block_policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "config_builder.h"
#include "core/limits.h"
#include "core/packet_sets.h"

namespace rri::core::test {
namespace {

using Action = BlockPolicy::Action;
constexpr std::uint32_t kLowest = 0xffffffff;

AclLine line(const std::string& protocol, const std::string& source, const std::string& destination, bool permits = true) {
  auto made = permit(source, destination, permits);
  made.protocol = protocol;
  return made;
}

void set_ports(AclLine& line, const std::vector<std::pair<int, int>>& ports) {
  for (const auto& [first, last] : ports) {
    line.destination_ports.push_back({static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)});
  }
}
void set_options(AclLine& line, const std::string& options) {
  line.text += " " + options;
  line.options = options;
}

/// A packet, as the kernel looks it up for output.
PacketSet packet(const std::string& source, const std::string& destination, std::uint32_t device = 1,
                 std::uint8_t protocol = 1, std::uint16_t port = 0) {
  return {Prefix::host(ip(source)), Prefix::host(ip(destination)), protocol, {1024, 0xffff}, {port, 0xffff}, device};
}

class Blocks : public ::testing::Test {
 protected:
  Blocks() {
    config_ = common_config();
    host_.replace_all({make_link(1, "eth0", "192.168.0.2/24"), make_link(2, "eth1", "192.168.1.1/24")});
  }

  void acl(const std::string& name, std::vector<AclLine> lines, Family family = Family::V4) {
    auto& list = (family == Family::V4 ? config_.access_lists : config_.ipv6_access_lists)[name];
    list = {name, family, std::move(lines), {}};
  }

  CryptoEntry& entry(std::uint32_t sequence, const std::string& name) {
    auto& made = config_.crypto_maps["mymap"].entries[sequence];
    made.sequence = sequence;
    made.match_address = name;
    made.peers = {{ip("10.1.1.1"), "", false, false}};
    return made;
  }

  BlockPlan plan() const { return plan_blocks(config_, host_); }

  /// What the kernel does: of the policies that match, the one with the lowest number.
  /// Two that match with one number must agree, for the kernel takes the older one.
  std::optional<Action> verdict(const PacketSet& sent) const {
    std::optional<BlockPolicy> best;
    for (const auto& policy : plan().policies) {
      const auto& wanted = policy.packets;
      if (wanted.device != 0 && wanted.device != sent.device) continue;
      auto anywhere = wanted;
      anywhere.device = sent.device;
      if (!covers(anywhere, sent)) continue;
      if (best && best->priority == policy.priority) {
        EXPECT_EQ(best->action, policy.action);
      }
      if (!best || policy.priority < best->priority) best = policy;
    }
    return best ? std::optional(best->action) : std::nullopt;
  }
  bool blocks(const PacketSet& sent) const { return verdict(sent) == Action::Block; }

  Config config_;
  Host host_;
};

TEST_F(Blocks, a_permit_line_is_one_policy_of_lowest_priority_on_the_maps_device) {
  const auto made = plan();
  ASSERT_EQ(made.policies.size(), 1u);
  EXPECT_EQ(made.policies[0],
            (BlockPolicy{{net("192.168.1.0/24"), net("10.0.0.0/16"), 0, {}, {}, 1}, kLowest, Action::Block}));
  EXPECT_TRUE(made.notices.empty());
  EXPECT_TRUE(made.warnings.empty());
}

TEST_F(Blocks, other_ways_out_and_other_traffic_are_left_alone) {
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4")));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.0.3.4", 2)));
  EXPECT_FALSE(blocks(packet("192.168.2.7", "10.0.3.4")));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.1.3.4")));
}

TEST_F(Blocks, several_lines_with_one_selector_are_one_policy) {
  acl("102", {permit("192.168.1.0/24", "10.0.0.0/16"), permit("192.168.1.0/24", "10.0.0.0/16")});
  acl("103", {permit("192.168.1.0/24", "10.0.0.0/16")});
  entry(2, "103");
  EXPECT_EQ(plan().policies.size(), 1u);
}

TEST_F(Blocks, off_means_none) {
  config_.settings.fail_closed = false;
  EXPECT_EQ(plan(), BlockPlan{});
}

TEST_F(Blocks, routing_and_shutdown_open_nothing) {
  const auto before = plan();
  config_.ip_routing = false;
  config_.interfaces.begin()->second.shutdown = true;
  EXPECT_EQ(plan(), before);
}

TEST_F(Blocks, no_applied_map_no_policies) {
  config_.interfaces.begin()->second.maps.clear();
  EXPECT_TRUE(plan().policies.empty());
}

TEST_F(Blocks, an_unbound_interface_is_closed_on_every_device_until_its_own_comes) {
  host_.replace_all({make_link(1, "wan", "192.168.0.2/24"), make_link(2, "eth1", "192.168.1.1/24"), make_link(3, "ipsec0", "")});
  acl("102", {permit("192.168.0.0/16", "10.0.0.0/8"), permit("192.168.0.0/16", "192.168.0.0/16")});
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4", 1)));
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4", 2)));
  EXPECT_TRUE(blocks(packet("192.168.1.7", "192.168.9.9", 1)));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "192.168.1.1", 2))) << "the inside is cut off";
  EXPECT_FALSE(blocks(packet("192.168.0.2", "192.168.9.9", 1, 50))) << "our own ESP";
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4", 3)));
  config_.settings.route_form = {RouteForm::Device, "ipsec0"};
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.0.3.4", 3))) << "the way into another tunnel";
  EXPECT_TRUE(plan().notices.empty());
  acl("102", {permit("192.168.0.0/16", "0.0.0.0/0")});
  EXPECT_FALSE(blocks(packet("192.168.0.2", "10.0.3.4", 1)));
  ASSERT_EQ(plan().notices.size(), 1u);
  EXPECT_EQ(plan().notices[0].code, NoticeCode::LeakPossible);
}

TEST_F(Blocks, an_unbound_interface_is_closed_in_its_own_vrf_alone) {
  const auto in_vrf = [](Link link, const std::string& vrf) {
    link.vrf = vrf;
    return link;
  };
  auto red = make_link(8, "RED", "");
  red.vrf_table = 100;
  auto blue = make_link(9, "BLUE", "");
  blue.vrf_table = 200;
  host_.replace_all({in_vrf(make_link(1, "wan", "192.168.0.2/24"), "RED"), in_vrf(make_link(2, "eth1", "192.168.1.1/24"), "BLUE"), make_link(3, "eth3", "192.168.3.1/24"),
                     red, blue});
  acl("102", {permit("192.168.0.0/16", "10.0.0.0/8"), permit("192.168.0.0/16", "192.168.0.0/16")});
  auto& interface = config_.interfaces.begin()->second;
  interface.vrf = "RED";
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4", 1)));
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4", 8))) << "what the host sends in the VRF";
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.0.3.4", 2)));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.0.3.4", 9)));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.0.3.4", 3)));
  EXPECT_TRUE(blocks(packet("192.168.0.7", "192.168.1.9", 1))) << "a network of another VRF is none of this one";
  interface.vrf = "default";
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.0.3.4", 1)));
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4", 3)));
  interface.vrf = "GONE";
  for (const auto device : {1u, 2u, 3u, 17u}) EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4", device))) << device;
}

TEST_F(Blocks, a_deny_of_an_unbound_interface_opens_no_other) {
  acl("103", {permit("192.168.1.0/24", "10.0.0.0/16", false), permit("192.168.1.0/24", "10.0.0.0/8")});
  entry(2, "103");
  auto& other = config_.interfaces["eth1"];
  other.name = "eth1";
  other.linux_device = "eth1";
  other.maps = config_.interfaces.begin()->second.maps;
  host_.remove(1);
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.3.4", 2)));
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.2.3.4", 3)));
}

TEST_F(Blocks, where_the_peer_is_reached_by_another_device_it_is_closed_too) {
  host_.put(make_link(3, "eth2", "203.0.113.5/30"));
  const auto sent = packet("192.168.1.7", "10.0.3.4", 3);
  EXPECT_FALSE(blocks(sent));
  const auto by_eth2 = [&] { return plan_blocks(config_, host_, {{config_.interfaces.begin()->first, "mymap", 1, 0, "eth2"}}); };
  EXPECT_EQ(by_eth2().policies.size(), 2u);
  acl("102", {permit("192.168.1.0/24", "0.0.0.0/0")});
  EXPECT_EQ(by_eth2().notices.size(), 1u);
}

TEST_F(Blocks, an_unbound_interfaces_device_comes_back) {
  host_.remove(1);
  EXPECT_FALSE(plan().policies.empty());
  host_.put(make_link(9, "eth0", ""));
  ASSERT_EQ(plan().policies.size(), 1u);
  EXPECT_EQ(plan().policies[0].packets.device, 9u);
}

TEST_F(Blocks, an_entry_without_peer_is_off_but_a_refused_line_opens_nothing) {
  entry(1, "102").peers.clear();
  EXPECT_TRUE(plan().policies.empty());
  entry(1, "102").has_error = true;
  EXPECT_EQ(plan().policies.size(), 1u);
}

TEST_F(Blocks, without_reverse_route_it_is_closed_as_well) {
  config_.crypto_maps["mymap"].entries[1].reverse_route.enabled = false;
  EXPECT_EQ(plan().policies.size(), 1u);
}

TEST_F(Blocks, a_dynamic_template_with_a_list_is_closed) {
  auto& tmpl = config_.dynamic_maps["dyn"].entries[10];
  tmpl.sequence = 10;
  tmpl.match_address = "102";
  config_.crypto_maps["mymap"].entries.clear();
  auto& outer = config_.crypto_maps["mymap"].entries[20];
  outer.sequence = 20;
  outer.dynamic_map = "dyn";
  EXPECT_EQ(plan().policies.size(), 1u);
  tmpl.match_address.clear();
  EXPECT_TRUE(plan().policies.empty());
}

TEST_F(Blocks, what_is_denied_first_passes_whatever_else_is_permitted) {
  acl("102", {permit("192.168.1.0/24", "10.0.5.0/24", false), permit("192.168.1.0/24", "10.0.0.0/16")});
  EXPECT_EQ(verdict(packet("192.168.1.7", "10.0.5.1")), Action::Allow);
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.6.1")));
  ASSERT_EQ(plan().policies.size(), 2u);
  for (const auto& policy : plan().policies) EXPECT_GE(policy.priority, kLowest - 1);
}

TEST_F(Blocks, a_deny_behind_the_permit_or_beside_it_makes_no_policy) {
  acl("102", {permit("192.168.1.0/24", "10.0.0.0/16"), permit("192.168.1.0/24", "10.0.5.0/24", false),
              permit("0.0.0.0/0", "0.0.0.0/0", false)});
  EXPECT_EQ(plan().policies.size(), 1u);
  acl("102", {permit("172.16.0.0/24", "10.0.5.0/24", false), permit("192.168.1.0/24", "10.0.0.0/16")});
  EXPECT_EQ(plan().policies.size(), 1u);
}

TEST_F(Blocks, what_one_entry_denies_the_next_may_permit) {
  acl("102", {permit("192.168.1.0/24", "10.0.5.0/24", false), permit("192.168.1.0/24", "10.0.0.0/16")});
  acl("103", {permit("192.168.1.0/25", "10.0.5.0/25")});
  entry(2, "103");
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.5.1")));
  EXPECT_EQ(verdict(packet("192.168.1.200", "10.0.5.1")), Action::Allow);
  EXPECT_EQ(verdict(packet("192.168.1.7", "10.0.5.200")), Action::Allow);
  EXPECT_TRUE(blocks(packet("192.168.1.200", "10.0.6.1")));
}

TEST_F(Blocks, two_entries_with_denies_of_their_own) {
  acl("102", {permit("192.168.1.0/24", "10.0.5.0/24", false), permit("192.168.1.0/24", "10.0.0.0/16")});
  acl("103", {permit("192.168.1.0/24", "10.0.5.128/25", false), permit("192.168.1.0/24", "10.0.4.0/23")});
  entry(2, "103");
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.5.1")));                       // denied by 1, permitted by 2
  EXPECT_EQ(verdict(packet("192.168.1.7", "10.0.5.200")), Action::Allow);       // denied by both
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.9.1")));
}

TEST_F(Blocks, protocols_and_ports_as_written) {
  auto web = line("tcp", "192.168.1.0/24", "10.0.0.0/16");
  set_ports(web, {{80, 80}, {8080, 8090}});
  acl("102", {web, line("47", "192.168.1.0/24", "10.9.0.0/16")});
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.0.1", 1, 6, 80)));
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.0.1", 1, 6, 8085)));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.0.0.1", 1, 6, 8091)));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.0.0.1", 1, 17, 80)));
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.9.0.1", 1, 47)));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.9.0.1", 1, 6)));
}

TEST_F(Blocks, fragments_between_the_ends_of_a_line_with_ports_are_closed) {
  auto web = line("tcp", "192.168.1.0/24", "10.0.0.0/16");
  set_ports(web, {{80, 80}});
  acl("102", {web});
  auto fragment = packet("192.168.1.7", "10.0.0.1", 1, 6, 0);
  fragment.source_port.value = 0;
  EXPECT_TRUE(blocks(fragment));
}

TEST_F(Blocks, what_a_policy_cannot_say_closes_more_and_opens_no_more) {
  auto flags = line("tcp", "192.168.1.0/24", "10.0.0.0/16");
  set_options(flags, "established");
  acl("102", {flags});
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.0.1", 1, 6, 99)));
  flags.permit = false;
  acl("102", {flags, permit("192.168.1.0/24", "10.0.0.0/16")});
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.0.0.1", 1, 6, 99)));
  acl("102", {line("tcp", "192.168.1.0/24", "10.0.0.0/16", false), permit("192.168.1.0/24", "10.0.0.0/16")});
  EXPECT_EQ(verdict(packet("192.168.1.7", "10.0.0.1", 1, 6, 99)), Action::Allow);
}

TEST_F(Blocks, wildcards_with_holes_are_exact_up_to_a_bound) {
  auto holes = permit("192.168.1.0/24", "10.0.0.0/16");
  holes.destinations = {make_wildcard(ip("10.0.1.0"), ip("0.3.0.255"))};
  acl("102", {holes});
  EXPECT_EQ(plan().policies.size(), 4u);
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.2.1.9")));
  EXPECT_FALSE(blocks(packet("192.168.1.7", "10.2.2.9")));
  holes.destinations = {make_wildcard(ip("0.0.0.0"), ip("255.255.255.0"))};
  acl("102", {holes});
  ASSERT_EQ(plan().notices.size(), 1u);
  EXPECT_EQ(plan().notices[0].code, NoticeCode::LeakPossible);
}

TEST_F(Blocks, any_to_any_leaves_link_traffic_and_says_so) {
  acl("102", {permit("0.0.0.0/0", "0.0.0.0/0")});
  EXPECT_TRUE(blocks(packet("192.168.0.2", "8.8.8.8")));
  EXPECT_EQ(verdict(packet("192.168.0.2", "224.0.0.18", 1, 112)), Action::Allow);
  EXPECT_FALSE(blocks(packet("192.168.0.2", "192.168.1.9", 2)));
  ASSERT_EQ(plan().warnings.size(), 1u);
  EXPECT_NE(plan().warnings[0].text.find("`no crypto map mymap`"), std::string::npos) << plan().warnings[0].text;
}

TEST_F(Blocks, the_hosts_own_ike_and_esp_pass_whatever_is_permitted) {
  acl("102", {permit("0.0.0.0/0", "0.0.0.0/0")});
  auto ike = packet("192.168.0.2", "10.1.1.1", 1, 17, 500);
  EXPECT_TRUE(blocks(ike));
  for (const auto port : {std::uint16_t{500}, std::uint16_t{4500}}) {
    ike.source_port.value = port;
    EXPECT_EQ(verdict(ike), Action::Allow);
  }
  EXPECT_EQ(verdict(packet("192.168.0.2", "10.1.1.1", 1, 50)), Action::Allow);
  EXPECT_TRUE(blocks(packet("192.168.1.7", "10.1.1.1", 1, 50)));  // ESP of somebody behind us
  ike.source = Prefix::host(ip("192.168.1.7"));
  EXPECT_TRUE(blocks(ike));
}

TEST_F(Blocks, who_closes_the_hosts_own_way_out_is_warned) {
  for (const auto& [protocol, source, warned] : {std::tuple{"ip", "192.168.0.2/32", 1u}, {"tcp", "192.168.0.0/24", 1u},
                                                {"tcp", "0.0.0.0/0", 1u}, {"ip", "192.168.1.0/24", 0u}, {"udp", "0.0.0.0/0", 0u}}) {
    acl("102", {line(protocol, source, "0.0.0.0/0")});
    EXPECT_EQ(plan().warnings.size(), warned) << protocol << " " << source;
  }
  acl("102", {permit("0.0.0.0/0", "10.0.0.0/8")});
  EXPECT_TRUE(plan().warnings.empty());
}

TEST_F(Blocks, more_than_the_bound_is_told) {
  std::vector<AclLine> lines;
  for (std::uint32_t i = 0; i <= kMaxBlockPolicies; ++i) {
    auto one = permit("192.168.1.0/24", "10.0.0.0/16");
    one.destinations = {make_wildcard(Prefix::host(IpAddress::v4(0x0a000000 + i)))};
    lines.push_back(one);
  }
  acl("102", lines);
  const auto made = plan();
  EXPECT_LE(made.policies.size(), kMaxBlockPolicies);
  EXPECT_GT(made.policies.size(), kMaxBlockPolicies - 16);  // a few went into link traffic
  ASSERT_EQ(made.notices.size(), 1u);
  EXPECT_EQ(made.notices[0].code, NoticeCode::LeakPossible);
}

class Blocks6 : public Blocks {
 protected:
  Blocks6() {
    auto out = make_link(1, "eth0", "192.168.0.2/24");
    out.addresses.push_back({ip("2001:db8::2"), 64});
    auto in = make_link(2, "eth1", "192.168.1.1/24");
    in.addresses.push_back({ip("fd00::1"), 64});
    host_.replace_all({out, in});
    acl("102", {permit("fd00::/64", "fc00::/7")}, Family::V6);
  }
};

TEST_F(Blocks6, forwarded_traffic_by_device) {
  EXPECT_TRUE(blocks(packet("fd00::7", "fd01::1", 1)));
  EXPECT_FALSE(blocks(packet("fd00::7", "fd01::1", 2)));
}

TEST_F(Blocks6, own_traffic_for_which_the_kernel_names_no_device) {
  EXPECT_TRUE(blocks(packet("fd00::1", "fd01::1", 0)));
  EXPECT_FALSE(blocks(packet("fd00::1", "fd00::10", 0)));  // the inside network
  EXPECT_FALSE(blocks(packet("fd00::1", "fd00::1", 0)));
  EXPECT_FALSE(blocks(packet("fd00::1", "fe80::1", 0)));
}

TEST_F(Blocks6, neighbour_discovery_survives_any_to_any) {
  acl("102", {permit("::/0", "::/0")}, Family::V6);
  auto solicitation = packet("2001:db8::2", "2001:db8::1", 1, 58);
  solicitation.source_port = {135, 0xffff};
  EXPECT_FALSE(blocks(solicitation));
  EXPECT_FALSE(blocks(packet("fe80::2", "ff02::1", 1, 58)));
  EXPECT_TRUE(blocks(packet("2001:db8::2", "2001:db8::1", 1, 6)));
}

/// Chance lines against the words of the rules: IOS asks entry by entry.
TEST_F(Blocks, agree_with_the_lists_on_chance_packets) {
  std::uint32_t seed = 7;
  const auto chance = [&](std::uint32_t below) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
  };
  const auto some_net = [&] {
    const int length = 28 + static_cast<int>(chance(5));
    return Prefix(IpAddress::v4(0x0a000000 + chance(16)), length);
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::vector<AclLine>> lists(3);
    for (std::uint32_t i = 0; i < lists.size(); ++i) {
      for (std::uint32_t n = 1 + chance(4); n > 0; --n) {
        auto made = line(chance(3) == 0 ? "tcp" : "ip", "10.0.0.0/28", "10.0.0.0/28", chance(2) == 0);
        made.sources = {make_wildcard(some_net())};
        made.destinations = {make_wildcard(some_net())};
        lists[i].push_back(made);
      }
      acl("L" + std::to_string(i), lists[i]);
      entry(i + 1, "L" + std::to_string(i));
    }
    for (int n = 0; n < 40; ++n) {
      const auto source = IpAddress::v4(0x0a000000 + chance(16));
      const auto destination = IpAddress::v4(0x0a000000 + chance(16));
      const std::uint8_t protocol = chance(2) == 0 ? 6 : 17;
      bool permitted = false;
      for (const auto& list : lists) {
        for (const auto& one : list) {
          if (one.protocol == "tcp" && protocol != 6) continue;
          if (!one.sources[0].contains(Prefix::host(source)) || !one.destinations[0].contains(Prefix::host(destination))) continue;
          permitted = permitted || one.permit;
          break;
        }
      }
      ASSERT_EQ(blocks(packet(source.to_string(), destination.to_string(), 1, protocol)), permitted)
          << "round " << round << " " << source.to_string() << " " << destination.to_string();
    }
  }
}

TEST(PortBlocks, are_exact_and_few) {
  EXPECT_EQ(port_blocks(0, 65535), (std::vector<PortBlock>{{0, 0}}));
  EXPECT_EQ(port_blocks(80, 80), (std::vector<PortBlock>{{80, 0xffff}}));
  EXPECT_EQ(port_blocks(1024, 65535).size(), 6u);
  for (const auto& [first, last] : {std::pair<int, int>{1, 65534}, {100, 1000}, {65535, 65535}}) {
    std::size_t covered = 0;
    for (const auto& block : port_blocks(static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last))) {
      covered += 65536 - block.mask;
      EXPECT_GE(block.value, first);
      EXPECT_LE(block.value + 65535 - block.mask, last);
    }
    EXPECT_EQ(covered, static_cast<std::size_t>(last - first + 1));
  }
}

}  // namespace
}  // namespace rri::core::test
