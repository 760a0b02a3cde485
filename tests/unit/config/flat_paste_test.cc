// Modes are found by command: text without its indentation is the same
// configuration, and no line of the global mode is kept in a section.
#include <gtest/gtest.h>

#include "base/text.h"
#include "unit/config/support.h"

namespace rri {
namespace {

using testing::carried_of;
using testing::flattened;
using testing::has_line;

class FlatPaste : public ::testing::TestWithParam<const char*> {};

TEST_P(FlatPaste, is_the_same_configuration) {
  auto text = testing::canonical(testing::read_data(GetParam()));
  // No routing protocol of IOS has this line: at the margin it is the interface.
  const std::string only_indented = "  interface Gi0/1\n exit-address-family\n";
  if (const auto at = text.find(only_indented); at != std::string::npos) text.erase(at, only_indented.size());
  EXPECT_EQ(testing::canonical(flattened(text)), text);
}

INSTANTIATE_TEST_SUITE_P(Files, FlatPaste,
                         ::testing::Values("every_area.cfg", "hub_router.cfg", "router_ios124.cfg", "router_xe17.cfg", "router_isr154.cfg",
                                           "switch_ios122.cfg", "voice_gateway_xe16.cfg", "vrf_bgp.cfg", "ipv6_only.cfg", "rare_sections.cfg",
                                           "cisco_static_map.cfg", "cisco_remote_peer.cfg"));

/// What opened the section before; then a line of the global mode.
class GlobalLine : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(GlobalLine, leaves_the_section) {
  const auto [opener, line] = GetParam();
  Document document;
  Editor editor(document);
  editor.apply(opener);
  editor.apply(line);
  EXPECT_EQ(editor.prompt(), "config") << line;
  EXPECT_TRUE(has_line(render_document(document), line)) << render_document(document);
  editor.apply(std::string("no ") + opener);
  EXPECT_TRUE(has_line(render_document(document), line)) << render_document(document);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, GlobalLine,
    ::testing::Values(std::pair{"interface GigabitEthernet0/0", "snmp-server location X"}, std::pair{"interface GigabitEthernet0/0", "ntp server 9.9.9.9"},
                      std::pair{"interface GigabitEthernet0/0", "ip ssh version 2"}, std::pair{"interface GigabitEthernet0/0", "ip nat inside source list 1 interface Gi0/1 overload"},
                      std::pair{"interface GigabitEthernet0/0", "no ip http server"}, std::pair{"interface GigabitEthernet0/0", "logging host 192.0.2.1"},
                      std::pair{"router ospf 1", "snmp-server location X"}, std::pair{"router ospf 1", "no cdp run"}, std::pair{"router ospf 1", "logging buffered 4096"},
                      std::pair{"ip access-list standard S", "access-list 5 permit any"}, std::pair{"ip access-list extended S", "ntp server 9.9.9.9"},
                      std::pair{"crypto ipsec transform-set T esp-aes", "ip domain name example.com"}, std::pair{"crypto ipsec transform-set T esp-aes", "aaa new-model"},
                      std::pair{"line vty 0 4", "username z password 0 bar"}, std::pair{"line vty 0 4", "banner motd #hello#"}, std::pair{"line vty 0 4", "spanning-tree mode rapid-pvst"},
                      std::pair{"crypto map M 10 ipsec-isakmp", "service timestamps log datetime msec"}, std::pair{"router ospf 1", "crypto ipsec df-bit clear"},
                      std::pair{"interface GigabitEthernet0/0", "spanning-tree mode mst"}, std::pair{"interface GigabitEthernet0/0", "mpls ldp router-id Loopback0 force"},
                      std::pair{"interface GigabitEthernet0/0", "arp 10.0.0.9 0011.2233.4455 ARPA"}, std::pair{"router eigrp NAMED", "version 17.3"},
 std::pair{"crypto ssl proposal P", "aaa new-model"}, std::pair{"archive", "logging host 192.0.2.7"},
                      std::pair{"dial-peer voice 1 pots", "service timestamps log datetime msec"}, std::pair{"ip ssh pubkey-chain", "username a privilege 15 secret 9 $9$a"}));

/// The same words, where the section has a line like this as well.
class SectionsOwnLine : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(SectionsOwnLine, stays) {
  const auto [opener, line] = GetParam();
  const auto parsed = parse_document(std::string(opener) + "\n" + line + "\n");
  ASSERT_FALSE(parsed.document.carried().empty());
  EXPECT_EQ(parsed.document.carried().back().sections, std::vector<std::string>{opener}) << line;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, SectionsOwnLine,
    ::testing::Values(std::pair{"interface GigabitEthernet0/0", "ip nat inside"}, std::pair{"interface GigabitEthernet0/0", "ntp disable"},
                      std::pair{"interface GigabitEthernet0/0", "snmp trap link-status"}, std::pair{"interface GigabitEthernet0/0", "logging event link-status"},
                      std::pair{"interface GigabitEthernet0/0", "spanning-tree portfast"}, std::pair{"interface GigabitEthernet0/0", "no cdp enable"},
                      std::pair{"interface GigabitEthernet0/0", "mpls ip"}, std::pair{"interface GigabitEthernet0/0", "ip dhcp relay information trusted"},
                      std::pair{"line vty 0 4", "logging synchronous"}, std::pair{"line vty 0 4", "privilege level 15"},
                      std::pair{"aaa group server radius R", "ip radius source-interface Loopback0"}, std::pair{"crypto isakmp client configuration group G", "domain example.com"},
                      std::pair{"router rip", "version 2"}, std::pair{"router ospf 1", "mpls ldp autoconfig"}, std::pair{"event manager applet A", "event none"},
                      std::pair{"archive", "log config"}, std::pair{"interface GigabitEthernet0/0", "!\nip nat inside"}));

/// Sections of which nothing acts here: opener, then its lines.
class SectionAtTheMargin : public ::testing::TestWithParam<const char*> {};

TEST_P(SectionAtTheMargin, keeps_its_lines_and_loses_them_again) {
  const auto lines = split(std::string_view(GetParam()), '\n');
  Document document;
  Editor editor(document);
  for (const auto line : lines) EXPECT_TRUE(editor.apply(line).diagnostics.empty()) << line;
  ASSERT_EQ(document.lines.size(), 1U) << render_document(document);
  EXPECT_EQ(document.lines[0].children.size(), lines.size() - 1) << render_document(document);
  EXPECT_EQ(testing::canonical(flattened(render_document(document))), render_document(document));
  for (auto line = lines.rbegin(); line + 1 != lines.rend(); ++line) editor.apply("no " + std::string(*line));
  ASSERT_EQ(document.lines.size(), 1U) << render_document(document);
  EXPECT_TRUE(document.lines[0].children.empty()) << render_document(document);
}

INSTANTIATE_TEST_SUITE_P(
    Sections, SectionAtTheMargin,
    ::testing::Values("object-group v6-network V\nhost 2001:DB8::1\n2001:DB8:1::/48", "voice register pool 1\nusername alice password x",
                      "crypto gdoi group G\nidentity number 1\nserver local\nredundancy", "l2 vfi X manual\nvpn id 7\nbridge-domain 709\nneighbor 10.0.0.1 encapsulation mpls",
                      "time-range T\nperiodic weekdays 8:00 to 17:00\nabsolute start 8:00 1 January 2026", "vlan access-map M 10\nmatch ip address A\naction forward",
                      "bfd-template single-hop B\ninterval min-tx 50 min-rx 50 multiplier 3\necho", "ethernet evc E\noam protocol cfm domain D",
                      "ip ips signature-category\ncategory all\nretired true", "redundancy\ninter-device\nscheme standby HA",
                      "ipc zone default\nassociation 1\nprotocol sctp\nlocal-port 5000\nlocal-ip 10.0.0.1", "ip dns view-list L\nview vrf V 10\nrestrict source access-group 1",
                      "ip ddns update method D\ninterval maximum 1 0 0 0\nhttp\nadd http://example.com/", "crypto map M gdoi fail-close\nmatch address A\nactivate",
                      "ipv6 nd raguard policy R\ndevice-role host", "identity policy P\naccess-group A\ndescription d", "crypto pki certificate pool\ncabundle nvram:Trustpool.cer"));

TEST(FlatPaste, an_interface_is_no_line_of_a_routing_protocol) {
  const auto parsed = parse_document("router ospf 1\ninterface Loopback9\nshutdown\n");
  EXPECT_EQ(parsed.document.carried().size(), 1U);
  EXPECT_TRUE(parsed.config.interfaces.at("Loopback9").shutdown);
  EXPECT_EQ(parse_document(render_document(parsed.document)).document, parsed.document);
}

TEST(FlatPaste, a_bang_ends_no_section) {
  const auto parsed = parse_document("router bgp 65000\nneighbor 10.0.0.9 remote-as 65001\n!\naddress-family ipv4\nnetwork 10.0.0.0\nexit-address-family\n");
  EXPECT_TRUE(testing::errors_of(parsed.diagnostics).empty());
  for (const auto& line : parsed.document.carried()) EXPECT_EQ(line.sections.size(), line.text == "router bgp 65000" ? 0U : 1U) << line.text;
}

TEST(FlatPaste, what_was_left_by_hand_reads_back) {
  Document document;
  Editor editor(document);
  for (const auto* line : {"router ospf 1", "exit", "frobnicate 1", "interface Gi0/0", "exit", "frobnicate 2", "control-plane", "exit", "frobnicate 3"}) editor.apply(line);
  EXPECT_EQ(parse_document(render_document(document)).document, document) << render_document(document);
  EXPECT_EQ(document.lines.size(), 6U);
}

}  // namespace
}  // namespace rri
