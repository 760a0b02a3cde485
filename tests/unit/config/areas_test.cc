// Access lists, groups, prefix lists, interfaces, routes, IKE, the rri section.
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::canonical;
using testing::errors_of;
using testing::has_line;

/// IOS XE gives a remark the number of the entry behind it.
TEST(AccessLists, remarks_may_have_the_number_of_their_entry) {
  const std::string text =
      "ip access-list extended A\n 10 remark first\n 10 remark and more\n 10 permit ip any host 10.0.0.1\n"
      " 20 permit ip any host 10.0.0.2\n!\nend\n";
  const auto parsed = parse_document(text);
  EXPECT_TRUE(testing::errors_of(parsed.diagnostics).empty());
  const auto rendered = render_document(parsed.document);
  EXPECT_TRUE(has_line(rendered, " remark and more\n permit ip any host 10.0.0.1")) << rendered;
  EXPECT_EQ(parse_document(rendered).document, parsed.document);
  EXPECT_EQ(parsed.config.access_lists.at("A").lines.at(1).sequence, 20U);
  const auto late = parse_document("ip access-list extended A\n 10 permit ip any any\n 10 remark late\n");
  EXPECT_TRUE(testing::errors_of(late.diagnostics).empty());
  EXPECT_NE(render_document(late.document).find(" remark late\n permit ip any any\n"), std::string::npos);
  const auto twice = parse_document("ip access-list extended A\n 10 permit ip any any\n 10 deny ip any any\n");
  EXPECT_EQ(testing::errors_of(twice.diagnostics).size(), 1U);
}

TEST(AccessLists, numbered_and_named_are_one_thing) {
  const auto parsed = parse_document(
      "access-list 102 remark spokes\naccess-list 102 permit ip 192.168.1.0 0.0.0.255 10.0.0.0 0.0.255.255\n"
      "ip access-list extended 102\n deny ip any host 10.9.9.9\n 15 permit tcp any eq www 443 host 1.1.1.1 range 20 ftp established log\n"
      "access-list 102 permit 47 any any\n");
  ASSERT_TRUE(errors_of(parsed.diagnostics).empty());
  const auto& lines = parsed.config.access_lists.at("102").lines;
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].sequence, 10U);
  EXPECT_EQ(lines[1].sequence, 15U);
  EXPECT_EQ(lines[0].destinations.at(0).to_prefix()->to_string(), "10.0.0.0/16");
  EXPECT_FALSE(lines[2].permit);
  EXPECT_EQ(lines[2].destinations.at(0).to_prefix()->to_string(), "10.9.9.9/32");
  EXPECT_EQ(lines[3].protocol, "gre");
}

TEST(AccessLists, remarks_take_no_number) {
  const auto parsed = parse_document(
      "ip access-list extended A\n 10 remark x\n 10 permit ip any host 1.1.1.1\n 30 permit ip any host 2.2.2.2\n"
      "ip access-list resequence A 10 10\nip access-list extended 101\n remark one\n permit ip any host 1.1.1.1\n");
  EXPECT_EQ(parsed.config.access_lists.at("A").lines.at(0).sequence, 10U);
  EXPECT_EQ(parsed.config.access_lists.at("A").lines.at(1).sequence, 20U);
  EXPECT_EQ(parsed.config.access_lists.at("101").lines.at(0).sequence, 10U);
}

TEST(AccessLists, no_number_is_given_beyond_the_last) {
  const auto parsed = parse_document("ip access-list extended A\n 2147483647 permit ip any any\n permit ip any host 1.1.1.1\n");
  EXPECT_EQ(errors_of(parsed.diagnostics).size(), 1U);
  EXPECT_EQ(parsed.config.access_lists.at("A").lines.size(), 1U);
}

TEST(ObjectGroups, what_is_in_use_stays_and_holds_not_itself) {
  const auto parsed = parse_document(
      "object-group network A\n host 10.0.0.1\nobject-group network B\n group-object A\nip access-list extended L\n"
      " permit ip any object-group B\nno object-group network B\nno object-group network A\nobject-group network A\n group-object A\n"
      " group-object B\n");
  EXPECT_EQ(errors_of(parsed.diagnostics).size(), 4U);
  EXPECT_EQ(parsed.config.access_lists.at("L").lines.at(0).destinations.size(), 1U);
  const auto free = parse_document("object-group network A\n host 10.0.0.1\nno object-group network A\n");
  EXPECT_TRUE(free.document.lines.empty());
}

TEST(AccessLists, one_that_cannot_be_said_is_an_error_and_closed_wider) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "object-group network G" + std::to_string(i) + "\n group-object G" + std::to_string(i + 1) + "\n";
  const auto parsed = parse_document(text + "ip access-list extended L\n permit ip host 10.0.0.1 object-group G0\n");
  const auto& list = parsed.config.access_lists.at("L");
  EXPECT_FALSE(list.error.empty());
  ASSERT_EQ(list.lines.size(), 1U);
  EXPECT_EQ(list.lines[0].destinations.at(0).to_prefix()->to_string(), "0.0.0.0/0");
}

TEST(AccessLists, rendered_as_access_list_while_numbers_are_the_usual_ones) {
  EXPECT_TRUE(has_line(canonical("access-list 102 permit ip any host 1.1.1.1\n"), "access-list 102 permit ip any host 1.1.1.1"));
  EXPECT_TRUE(has_line(canonical("ip access-list extended 102\n 5 permit ip any any\n"), " 5 permit ip any any"));
}

TEST(AccessLists, removal_and_resequence) {
  const auto parsed = parse_document(
      "ip access-list extended A\n 10 permit ip any host 1.1.1.1\n 20 permit ip any host 2.2.2.2\n 30 permit ip any host 3.3.3.3\n"
      " no 20\n no permit ip any host 3.3.3.3\n 7 deny ip any any\nip access-list resequence A 100 5\n"
      "access-list 101 permit ip any any\nno access-list 101\n");
  const auto& lines = parsed.config.access_lists.at("A").lines;
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].sequence, 100U);
  EXPECT_FALSE(lines[0].permit);
  EXPECT_EQ(lines[1].sequence, 105U);
  EXPECT_EQ(parsed.config.access_lists.count("101"), 0U);
}

TEST(AccessLists, equal_entry_is_entered_once) {
  EXPECT_EQ(parse_document("access-list 102 permit ip any any\naccess-list 102 permit ip any any\n")
                .config.access_lists.at("102").lines.size(), 1U);
}

TEST(AccessLists, every_form_reads_back) {
  const char* const forms[] = {
      "permit icmp any any echo", "permit icmp any any packet-too-big", "permit udp any gt 1023 any eq isakmp non500-isakmp",
      "permit tcp any any match-all +syn -ack", "permit esp host 1.1.1.1 any dscp ef time-range T",
      "permit ip object-group A object-group B fragments", "permit object-group SVC any any", "evaluate MIRROR",
      "permit tcp any any reflect MIRROR timeout 300", "dynamic D timeout 5 permit ip any any", "remark any text ! here",
      "deny ip any any log-input", "permit ip any any precedence critical tos max-throughput", "permit ip any any ttl lt 5",
      "permit igmp any any host-query", "permit tcp any any eq www sgt 10 dgt 20 log", "permit esp 10.0.0.0 0.255.0.255 any option any-options"};
  for (const std::string form : forms) {
    const auto parsed = parse_document("ip access-list extended A\n " + form + "\n");
    EXPECT_TRUE(errors_of(parsed.diagnostics).empty()) << form;
    EXPECT_TRUE(parsed.document.carried().empty()) << form;
    EXPECT_TRUE(has_line(render_document(parsed.document), " " + form)) << form;
  }
}

TEST(AccessLists, ipv6_sequence_in_front_or_behind) {
  const auto parsed = parse_document(
      "ipv6 access-list V\n permit ipv6 2001:DB8::/32 any sequence 20\n sequence 10 permit tcp any host 2001:db8::1 eq 22\n deny ipv6 any any log\n");
  const auto& lines = parsed.config.ipv6_access_lists.at("V").lines;
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].sequence, 10U);
  EXPECT_EQ(lines[1].sources.at(0).to_prefix()->to_string(), "2001:db8::/32");
  EXPECT_EQ(lines[2].sequence, 30U);
}

TEST(AccessLists, object_groups_are_expanded) {
  const auto parsed = parse_document(
      "object-group network A\n host 1.1.1.1\n 10.0.0.0 255.0.0.0\n range 10.0.0.4 10.0.0.7\n group-object B\n"
      "object-group network B\n 20.0.0.0 /8\n group-object A\n"
      "access-list 102 permit ip object-group B any\naccess-list 103 permit ip any object-group A\n"
      "access-list 104 permit ip any object-group NONE\n");
  EXPECT_FALSE(parsed.diagnostics.empty());
  EXPECT_EQ(parsed.config.access_lists.count("103"), 1U);
}

TEST(AccessLists, nested_groups_without_a_cycle) {
  const auto parsed = parse_document(
      "object-group network A\n host 1.1.1.1\n group-object B\nobject-group network B\n 20.0.0.0 255.0.0.0\n"
      "access-list 102 permit ip any object-group A\n");
  const auto& networks = parsed.config.access_lists.at("102").lines.at(0).destinations;
  ASSERT_EQ(networks.size(), 2U);
  EXPECT_EQ(networks[0].to_prefix()->to_string(), "1.1.1.1/32");
  EXPECT_EQ(networks[1].to_prefix()->to_string(), "20.0.0.0/8");
}

TEST(PrefixLists, are_kept_by_number) {
  const auto parsed = parse_document(
      "ip prefix-list P permit 10.1.2.3/8 le 24\nip prefix-list P permit 20.0.0.0/8 ge 16 le 24\nip prefix-list P seq 7 deny 0.0.0.0/0\n"
      "ipv6 prefix-list Q permit ::/0 le 128\nip prefix-list R permit 1.0.0.0/8\nno ip prefix-list R\nno ip prefix-list P seq 10\n");
  const auto& lines = parsed.config.prefix_lists.at("P").lines;
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].prefix.to_string(), "10.0.0.0/8");
  EXPECT_EQ(lines[1].sequence, 7U);
  EXPECT_EQ(parsed.config.ipv6_prefix_lists.at("Q").lines.at(0).le, 128);
  EXPECT_EQ(parsed.config.prefix_lists.count("R"), 0U);
}

TEST(StaticRoutes, every_form) {
  const auto parsed = parse_document(
      "ip route 10.0.0.0 255.0.0.0 1.1.1.1\nip route vrf R 10.0.0.0 255.0.0.0 Gi 0/1 1.1.1.2 200 tag 5 name N permanent\n"
      "ip route 10.0.0.0 255.0.0.0 Null0 250\nip route 11.0.0.0 255.0.0.0 eth0 track 7\nipv6 route 2001:db8::/32 Tunnel0 fe80::1 9\n"
      "ip route 0.0.0.0 0.0.0.0 dhcp\nip route 12.0.0.0 255.0.0.0 1.1.1.1\nno ip route 12.0.0.0 255.0.0.0\n");
  ASSERT_TRUE(errors_of(parsed.diagnostics).empty());
  const auto& routes = parsed.config.static_routes;
  ASSERT_EQ(routes.size(), 5U);
  EXPECT_EQ(routes[1].vrf, "R");
  EXPECT_EQ(routes[1].interface, "GigabitEthernet0/1");
  EXPECT_EQ(routes[1].distance, 200);
  EXPECT_EQ(routes[1].tag, 5U);
  EXPECT_TRUE(routes[2].null0);
  EXPECT_EQ(routes[3].interface, "eth0");
  EXPECT_EQ(routes[3].track, 7U);
  EXPECT_EQ(routes[4].prefix.to_string(), "2001:db8::/32");
}

TEST(Interfaces, names_are_canonical) {
  const std::pair<const char*, const char*> names[] = {
      {"gi0/0/1", "GigabitEthernet0/0/1"}, {"FastEthernet 0/0/1", "FastEthernet0/0/1"}, {"te1/0/1.100", "TenGigabitEthernet1/0/1.100"},
      {"lo0", "Loopback0"}, {"Tunnel10", "Tunnel10"}, {"Vlan10", "Vlan10"}, {"vlan10", "vlan10"}, {"eth0", "eth0"},
      {"bond0.5", "bond0.5"}, {"ens3", "ens3"}, {"po1", "Port-channel1"}, {"Null0", "Null0"}, {"br-lan", "br-lan"},
      {"wg0", "wg0"}, {"em1", "em1"}, {"e0/0", "Ethernet0/0"}, {"10.0.0.1", ""}, {"", ""}};
  for (const auto& [typed, name] : names) EXPECT_EQ(canonical_interface(typed), name) << typed;
}

TEST(Interfaces, standby_lines_make_groups) {
  const auto parsed = parse_document(
      "interface Gi0/0\n standby version 2\n standby 0 ip 10.0.0.9\n standby name ZERO\n standby 5 ip 10.0.0.5\n"
      " standby 5 ip 10.0.0.6 secondary\n standby 5 priority 110\n standby 5 preempt delay minimum 30\n standby 5 timers msec 250 1\n"
      " standby 5 track 1 decrement 20\n standby 5 authentication md5 key-string k\n standby 6 ip 10.0.0.7\n no standby 6\n"
      " standby 5 mac-address 0000.0c07.ac05\n linux vrid 77 standby 5\n");
  ASSERT_TRUE(errors_of(parsed.diagnostics).empty());
  const auto& groups = parsed.config.interfaces.at("GigabitEthernet0/0").standby;
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].name, "ZERO");
  EXPECT_EQ(groups[1].virtual_addresses.size(), 2U);
  EXPECT_EQ(groups[1].priority, 110);
  EXPECT_EQ(groups[1].preempt_delay_seconds, 30);
  EXPECT_EQ(groups[1].hello, Millis(250));
  EXPECT_EQ(groups[1].hold, Millis(1000));
  EXPECT_EQ(groups[1].tracks.at(0).decrement, 20);
  EXPECT_EQ(groups[1].vrid, 77);
  EXPECT_EQ(parsed.document.carried().size(), 1U);
}

TEST(Interfaces, addresses_replace_and_go) {
  const auto parsed = parse_document(
      "interface Gi0/0\n ip address 10.0.1.1 255.255.255.0 secondary\n ip address 10.0.0.1 255.255.255.0\n ip address 10.0.0.2 255.255.255.0\n"
      "interface Gi0/1\n ip address 10.0.0.3 255.255.255.0\n no ip address\ninterface Gi0/2\n crypto map M\n no crypto map\n");
  const auto& first = parsed.config.interfaces.at("GigabitEthernet0/0").addresses;
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].address.to_string(), "10.0.0.2");
  EXPECT_TRUE(first[1].secondary);
  EXPECT_TRUE(parsed.config.interfaces.at("GigabitEthernet0/1").addresses.empty());
  EXPECT_TRUE(parsed.config.interfaces.at("GigabitEthernet0/2").maps.empty());
}

TEST(Ike, profiles_and_key_scopes) {
  const auto parsed = parse_document(
      "crypto isakmp key 6 SECRET address 0.0.0.0 0.0.0.0 no-xauth\ncrypto isakmp key k hostname h.example.com\n"
      "crypto keyring R vrf V\n pre-shared-key address 10.0.0.0 255.0.0.0 key some words\n"
      "crypto isakmp profile I\n vrf A\n keyring R\n match identity address 10.1.1.1\n match identity host domain example.com\n"
      "crypto ikev2 keyring K\n peer p\n  address 2001:db8::/32\n  pre-shared-key local a\n  pre-shared-key remote b\n"
      "crypto ikev2 profile J\n match fvrf any\n match identity remote any\n keyring local K\n ivrf B\n");
  ASSERT_TRUE(errors_of(parsed.diagnostics).empty());
  ASSERT_EQ(parsed.config.keys.size(), 4U);
  EXPECT_EQ(parsed.config.isakmp_profiles.at("I").inside_vrf, "A");
  EXPECT_EQ(parsed.config.isakmp_profiles.at("I").identities.at(0).prefix->to_string(), "10.1.1.1/32");
  EXPECT_EQ(parsed.config.ikev2_profiles.at("J").keyrings, std::vector<std::string>{"K"});
  EXPECT_FALSE(parsed.config.ikev2_profiles.at("J").front_door_vrf.has_value());
}

TEST(RriSection, settings_and_their_defaults) {
  const std::string text =
      "rri\n ike strongswan observe socket /run/x\n route kernel protocol 214\n route form device ipsec0\n fail-closed off\n"
      " redundancy keepalived fifo /run/f\n nexthop-objects on\n hold-down 5\n grace 9\n on-exit withdraw\n";
  const auto set = parse_document(text).config.settings;
  EXPECT_TRUE(std::get<StrongSwanSource>(set.ike).observe);
  EXPECT_EQ(std::get<KernelSink>(set.route).protocol, 214);
  EXPECT_EQ(set.route_form.device, "ipsec0");
  EXPECT_FALSE(set.fail_closed);
  EXPECT_EQ(set.hold_down, Seconds(5));
  auto back = parse_document(text + " no ike\n default route\n no route form\n no fail-closed\n default redundancy\n"
                             " no nexthop-objects\n no hold-down 5\n no grace\n default on-exit\n").config.settings;
  EXPECT_EQ(back, Settings());
}

TEST(System, no_ip_routing_and_secrets) {
  EXPECT_FALSE(parse_document("no ip routing\n").config.ip_routing);
  EXPECT_TRUE(parse_document("no ip routing\nip routing\n").config.ip_routing);
  EXPECT_TRUE(has_line(canonical("no ip routing\n"), "no ip routing"));
  EXPECT_EQ(canonical("enable secret plain text\n").find("plain"), std::string::npos);
  Document document;
  Editor::Options options;
  options.hash_secret = [](std::string_view clear) { return "9 H" + std::to_string(clear.size()); };
  Editor(document, options).apply("enable secret 0 hello");
  EXPECT_TRUE(has_line(render_document(document), "enable secret 9 H5"));
}

/// Two customers behind one router, by the networks of their access lists.
ParseResult two_customers(const std::string& first, const std::string& second) {
  return parse_document(
      "vrf definition A\nvrf definition B\n"
      "crypto isakmp profile PA\n vrf A\ncrypto isakmp profile PB\n vrf B\n"
      "ip access-list extended LA\n permit ip " + first + "\nip access-list extended LB\n permit ip " + second +
      "\ncrypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n set isakmp-profile PA\n match address LA\n"
      "crypto map M 20 ipsec-isakmp\n set peer 192.0.2.2\n set isakmp-profile PB\n match address LB\n"
      "interface Gi0/0\n ip address 192.0.2.9 255.255.255.0\n crypto map M\n");
}

TEST(CryptoMaps, two_customers_with_the_same_selectors_are_an_error) {
  const auto same = two_customers("10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255", "10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255");
  const auto errors = errors_of(same.diagnostics);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].substr(0, 14), "F:18:2: error:") << errors[0];
  EXPECT_FALSE(same.config.crypto_maps.at("M").entries.at(10).has_error);
  EXPECT_TRUE(same.config.crypto_maps.at("M").entries.at(20).has_error);
  const auto other = two_customers("10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255", "10.3.0.0 0.0.255.255 10.2.0.0 0.0.255.255");
  EXPECT_TRUE(errors_of(other.diagnostics).empty());
}

TEST(Ike, remote_authentication_tells_whether_keys_are_shared) {
  const auto config = parse_document(
                          "crypto ikev2 profile NONE\ncrypto ikev2 profile CERT\n authentication remote rsa-sig\n"
                          " authentication local pre-share\ncrypto ikev2 profile BOTH\n authentication remote rsa-sig\n"
                          " authentication remote pre-share\n")
                          .config;
  EXPECT_TRUE(config.ikev2_profiles.at("NONE").remote_pre_shared);
  EXPECT_FALSE(config.ikev2_profiles.at("CERT").remote_pre_shared);
  EXPECT_TRUE(config.ikev2_profiles.at("BOTH").remote_pre_shared);
}

TEST(Interfaces, tunnel_protection_names_the_profile) {
  const auto parsed = parse_document(
      "crypto ipsec profile P\ninterface Tunnel1\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile P shared\n"
      "interface Tunnel2\n tunnel protection ipsec profile Q\n");
  EXPECT_EQ(parsed.config.interfaces.at("Tunnel1").ipsec_profile, "P");
  EXPECT_EQ(parsed.config.interfaces.at("Tunnel2").ipsec_profile, "Q");
  ASSERT_EQ(parsed.diagnostics.size(), 1U);
  EXPECT_EQ(parsed.diagnostics[0].severity, Severity::Notice);
  EXPECT_EQ(parsed.diagnostics[0].position.line, 6U);
  EXPECT_TRUE(parsed.document.carried().empty());
  EXPECT_EQ(parse_document(render_document(parsed.document)).document, parsed.document);
}

TEST(Areas, StandbyGroupsOfOneNameAreTold) {
  const auto parsed = parse_document(
      "interface Gi0/0\n standby 1 ip 10.0.0.9\n standby 1 name HA\n standby 2 ipv6 autoconfig\n standby 2 name HA\n"
      "interface Gi0/1\n standby 1 ip 10.1.0.9\n standby 1 name HA\ninterface Gi0/2\n standby 1 ip 10.2.0.9\n standby 1 name OTHER\n");
  std::vector<std::uint32_t> lines;
  for (const auto& one : parsed.diagnostics) {
    if (one.severity == Severity::Warning) lines.push_back(one.position.line);
    if (one.severity == Severity::Warning) EXPECT_NE(one.text.find("group 1 of GigabitEthernet0/0, group 1 of GigabitEthernet0/1"), std::string::npos) << one.text;
  }
  EXPECT_EQ(lines, std::vector<std::uint32_t>{8});
}

}  // namespace
}  // namespace rri
