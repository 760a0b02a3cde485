// Modes are found by command; unknown lines are carried in place (SPEC.md 2.1).
#include <gtest/gtest.h>

#include <tuple>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::canonical;
using testing::carried_of;
using testing::errors_of;
using testing::has_line;

TEST(Modes, flat_paste_with_abbreviations) {
  const auto parsed = parse_document(
      "enable\nconf t\nint gi0/0\nip add 10.0.0.1 255.255.255.0\nno shut\nip ospf cost 5\ncry map M\n"
      "cry map M 10 ipsec-i\nset pee 10.9.9.9\nmat add 101\nrev stat\nint fa 0/1\nshut\nend\nwrite memory\n");
  EXPECT_TRUE(errors_of(parsed.diagnostics).empty());
  const auto& interface = parsed.config.interfaces.at("GigabitEthernet0/0");
  EXPECT_EQ(interface.addresses.at(0).address.to_string(), "10.0.0.1");
  EXPECT_EQ(interface.addresses.at(0).length, 24);
  EXPECT_EQ(interface.maps.at(0).map, "M");
  EXPECT_TRUE(parsed.config.interfaces.at("FastEthernet0/1").shutdown);
  EXPECT_TRUE(parsed.config.crypto_maps.at("M").entries.at(10).reverse_route.is_static);
  EXPECT_EQ(parsed.document.carried().at(0).sections, std::vector<std::string>{"interface GigabitEthernet0/0"});
}

TEST(Modes, the_line_of_a_dynamic_map_opens_nothing) {
  Document document;
  Editor editor(document);
  editor.apply("crypto map M 10 ipsec-isakmp");
  EXPECT_EQ(editor.prompt(), "config-crypto-map");
  editor.apply("crypto map M 20 ipsec-isakmp dynamic D");
  EXPECT_EQ(editor.prompt(), "config");
  EXPECT_EQ(editor.apply("crypto map M 20 ipsec-isakmp dynamic D").outcome, LineResult::Outcome::Applied);
  EXPECT_EQ(editor.prompt(), "config");
}

TEST(Modes, subinterfaces_and_lines_have_prompts_of_their_own) {
  Document document;
  Editor editor(document);
  editor.apply("interface Gi0/0.10");
  EXPECT_EQ(editor.prompt(), "config-subif");
  editor.apply("interface Gi0/0");
  EXPECT_EQ(editor.prompt(), "config-if");
  editor.apply("line vty 0 4");
  EXPECT_EQ(editor.prompt(), "config-line");
}

TEST(Modes, exit_may_be_abbreviated) {
  const auto parsed = parse_document("interface Gi0/0\n shutdown\n exi\nhostname a\n");
  EXPECT_FALSE(has_line(render_document(parsed.document), " exi"));
}

TEST(Modes, a_line_keeps_what_is_not_ours_and_exec_is_no_exec_timeout) {
  const std::string text = "line con 0\n exec-timeout 5 0\n stopbits 1\n!\nline vty 0 4\n no exec\n exec-timeout 0 0\n transport input ssh\n!\nend\n";
  const auto parsed = parse_document(text);
  EXPECT_TRUE(errors_of(parsed.diagnostics).empty());
  EXPECT_EQ(render_document(parsed.document), text);
}

TEST(Modes, an_exec_timeout_is_written_as_IOS_writes_it) {
  const auto parsed = parse_document("line con 0\n exec-timeout 5\nline vty 0 4\n no exec-timeout\nline vty 5 6\n exec-timeout 1 2\n default exec-timeout\n");
  EXPECT_EQ(render_document(parsed.document), "line con 0\n exec-timeout 5 0\n!\nline vty 0 4\n exec-timeout 0 0\n!\nline vty 5 6\n!\nend\n");
}

TEST(Modes, a_macro_is_text_up_to_its_end) {
  const std::string text = "macro name PORT\nswitchport mode access\nno ip routing\n# a comment\n@\n!\nend\n";
  const auto parsed = parse_document(text);
  EXPECT_TRUE(parsed.config.ip_routing);
  EXPECT_EQ(render_document(parsed.document), text);
}

TEST(Modes, carried_line_does_not_end_the_mode) {
  const auto parsed = parse_document("interface Gi0/0\n ip ospf cost 10\n shutdown\n");
  EXPECT_TRUE(parsed.config.interfaces.at("GigabitEthernet0/0").shutdown);
}

TEST(Modes, unknown_section_keeps_its_lines) {
  for (const auto* opener : {"router ospf 1", "frobnicate widget"}) {
    const auto text = std::string("interface Gi0/1\n ip address 1.1.1.1 255.0.0.0\n!\n") + opener + "\n shutdown\n";
    const auto parsed = parse_document(text);
    EXPECT_FALSE(parsed.config.interfaces.at("GigabitEthernet0/1").shutdown) << opener;
    EXPECT_TRUE(has_line(render_document(parsed.document), " shutdown"));
  }
}

TEST(Modes, line_that_fits_partly_is_judged_by_where_it_stands) {
  EXPECT_TRUE(errors_of(parse_document("aaa group server tacacs+ T\n ip vrf forwarding RED\n").diagnostics).empty());
  EXPECT_TRUE(errors_of(parse_document("aaa group server tacacs+ T\nip vrf forwarding RED\n").diagnostics).empty());
  EXPECT_EQ(errors_of(parse_document("hostname a\nip vrf forwarding RED\n").diagnostics).size(), 1U);
  const auto after = parse_document("aaa group server radius R\n server 1.1.1.1\n!\nip route 10.0.0.0 255.0.0.0\n");
  EXPECT_EQ(errors_of(after.diagnostics).size(), 1U);
}

TEST(Modes, line_that_fits_leaves_an_unknown_section) {
  const auto parsed = parse_document("router bgp 1\n neighbor 1.1.1.1 remote-as 2\n hostname deep\nhostname flat\n");
  EXPECT_EQ(parsed.config.hostname, "flat");
}

TEST(Modes, sections_inside_interfaces_keep_their_shutdown) {
  const auto parsed = parse_document(
      "interface Gi0/1\n vrrp 1 address-family ipv4\n  address 10.0.0.9 primary\n  shutdown\n  exit-vrrp\n ip mtu 1400\n");
  EXPECT_FALSE(parsed.config.interfaces.at("GigabitEthernet0/1").shutdown);
}

/// However deep they stand, lines that act are those of their mode.
class OddIndentation : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(OddIndentation, changes_nothing) { EXPECT_EQ(testing::canonical(GetParam().first), testing::canonical(GetParam().second)); }

INSTANTIATE_TEST_SUITE_P(
    Texts, OddIndentation,
    ::testing::Values(
        std::pair{"snmp-server community x RO\n ip route 10.6.0.0 255.255.0.0 203.0.113.7\n", "snmp-server community x RO\nip route 10.6.0.0 255.255.0.0 203.0.113.7\n"},
        std::pair{"router ospf 1\n network 10.0.0.0 0.0.0.255 area 0\n ip route 10.6.0.0 255.255.0.0 203.0.113.7\n",
                  "router ospf 1\n network 10.0.0.0 0.0.0.255 area 0\nip route 10.6.0.0 255.255.0.0 203.0.113.7\n"},
        std::pair{"route-map A permit 10\n no ip route 10.6.0.0 255.255.0.0 203.0.113.7\n", "route-map A permit 10\n"},
        std::pair{"ntp server 192.0.2.1\n interface Loopback0\n  ip address 10.0.0.1 255.255.255.255\n", "ntp server 192.0.2.1\ninterface Loopback0\n ip address 10.0.0.1 255.255.255.255\n"},
        std::pair{"crypto map M 10 ipsec-isakmp\ninterface Gi0/0\n mpls ip\n  ip address 10.0.0.1 255.255.255.0\n  crypto map M\n  shutdown\n",
                  "crypto map M 10 ipsec-isakmp\ninterface Gi0/0\n mpls ip\n ip address 10.0.0.1 255.255.255.0\n crypto map M\n shutdown\n"},
        std::pair{"router bgp 1\n neighbor 192.0.2.1 remote-as 2\n  crypto isakmp key abc address 192.0.2.4\n", "router bgp 1\n neighbor 192.0.2.1 remote-as 2\ncrypto isakmp key abc address 192.0.2.4\n"},
        std::pair{"line con 0\n password a\n  line vty 0 4\n   password b\n   login\n", "line con 0\n password a\nline vty 0 4\n password b\n login\n"},
        // What is a section's own stays in it.
        std::pair{"interface Gi0/0\n service instance 1 ethernet\n  description x\n  shutdown\n", "interface Gi0/0\n service instance 1 ethernet\n  description x\n  shutdown\n exit\n"},
        std::pair{"aaa group server radius R\n ip vrf forwarding V\n ip radius source-interface Loopback0\n",
                  "aaa group server radius R\nip vrf forwarding V\nip radius source-interface Loopback0\n"}));

TEST(Modes, line_ends_tabs_and_utf8) {
  const auto parsed = parse_document("\xEF\xBB\xBF! caf\xC3\xA9\r\ninterface\tGi0/0  \r\n\tdescription gr\xC3\xBC\xC3\x9F\r\n\r\n");
  EXPECT_TRUE(parsed.diagnostics.empty());
  EXPECT_EQ(parsed.config.interfaces.at("GigabitEthernet0/0").description, "gr\xC3\xBC\xC3\x9F");
}

TEST(Modes, banners_and_certificates_are_one_block) {
  const std::string text =
      "banner motd ^C\ninterface Gi0/9\n shutdown\n^C\ncrypto pki certificate chain C\n certificate ca 01\n"
      "  30820229 A0030201\n  quit\nhostname after\n";
  const auto parsed = parse_document(text);
  EXPECT_TRUE(parsed.config.interfaces.empty());
  EXPECT_EQ(parsed.config.hostname, "after");
  EXPECT_TRUE(has_line(render_document(parsed.document), "banner motd ^C\ninterface Gi0/9\n shutdown\n^C"));
}

TEST(Modes, unclosed_banner_is_an_error) {
  const auto parsed = parse_document("hostname a\nbanner login #\nno end\nhostname b\n");
  ASSERT_EQ(errors_of(parsed.diagnostics).size(), 1U);
  EXPECT_EQ(errors_of(parsed.diagnostics)[0],
            "F:2:1: error: \"banner login #\" is not closed: its delimiter \"#\" does not come again; it is left out, and what stands behind it is read as configuration");
  EXPECT_EQ(parsed.config.hostname, "b");
  EXPECT_EQ(parse_document(render_document(parsed.document)).document, parsed.document);
}

TEST(Modes, a_range_of_interfaces_is_each_of_them) {
  const std::string text = "interface range GigabitEthernet0/0/0 - 1, vlan 5\n ip address dhcp\n frobnicate x\n  deeper\n no shutdown\nhostname b\nshutdown\n";
  const auto parsed = parse_document(text);
  const auto rendered = render_document(parsed.document);
  for (const auto* name : {"GigabitEthernet0/0/0", "GigabitEthernet0/0/1", "Vlan5"}) {
    EXPECT_TRUE(has_line(rendered, std::string("interface ") + name + "\n ip address dhcp\n frobnicate x\n  deeper")) << rendered;
  }
  EXPECT_EQ(rendered.find("range"), std::string::npos);
  EXPECT_EQ(parsed.config.hostname, "b");
  EXPECT_EQ(parse_document(rendered).document, parsed.document);
  EXPECT_EQ(errors_of(parse_document("interface range macro M\n shutdown\n").diagnostics).size(), 1U);
  const std::string macro = "define interface-range M Loopback1 - 2, Tunnel3\n";
  EXPECT_EQ(canonical(macro + "interface range macro M\n shutdown\n"),
            "define interface-range M Loopback1 - 2, Tunnel3\n!\ninterface Loopback1\n shutdown\n!\ninterface Loopback2\n shutdown\n!\ninterface Tunnel3\n shutdown\n!\nend\n");
  EXPECT_EQ(canonical(macro + "define interface-range M lo7\nno define interface-range N\n"), "define interface-range M lo7\n!\nend\n");
  EXPECT_EQ(canonical(macro + "no define interface-range M\n"), "end\n");
  EXPECT_EQ(errors_of(parse_document("define interface-range M x - y\n").diagnostics).size(), 1U);
  Document document;
  Editor editor(document);
  editor.apply("int range g0/0/0 - 2");
  EXPECT_EQ(editor.prompt(), "config-if-range");
  EXPECT_EQ(editor.section(), std::vector<std::string>{"interface range g0/0/0 - 2"});
  editor.apply("shutdown");
  editor.apply("interface range lo1-2");
  editor.apply("shutdown");
  editor.apply("interface lo2");
  EXPECT_EQ(editor.prompt(), "config-if");
  editor.apply("no shutdown");
  EXPECT_EQ(render_document(document), "interface GigabitEthernet0/0/0\n shutdown\n!\ninterface GigabitEthernet0/0/1\n shutdown\n!\n"
                                       "interface GigabitEthernet0/0/2\n shutdown\n!\ninterface Loopback1\n shutdown\n!\ninterface Loopback2\n!\nend\n");
  editor.apply("no interface range lo1 - 2");
  EXPECT_EQ(document.lines.size(), 3U);
}

TEST(Modes, names_of_interfaces_have_their_parts) {
  EXPECT_EQ(canonical_interface("gi0//0"), "");
  EXPECT_EQ(canonical_interface("g0/0/99999999999"), "");
  EXPECT_EQ(canonical_interface("g0/0/"), "");
  EXPECT_EQ(canonical_interface("se0/1/0:0.100"), "Serial0/1/0:0.100");
  EXPECT_EQ(canonical_interface("tu4294967295"), "Tunnel4294967295");
}

/// Text, and what is left of it with how many errors.
TEST(Modes, text_that_is_not_closed_swallows_no_configuration) {
  const std::tuple<const char*, const char*, std::size_t> cases[] = {
      {"banner motd ^C\nhi\nbanner login ^C\nthere\n^C\nhostname b\n", "hi\nbanner login ^C\nthere\n^C\n", 1},
      {"banner motd ^\nhi\nbanner login #\nhostname b\n", "hi\n", 2},
      {"crypto pki certificate chain C\n certificate ca 01\n  3082 0229\nhostname b\ncrypto pki certificate chain D\n certificate ca 02\n  3082\n  quit\n",
       "crypto pki certificate chain C\n!\nhostname b\ncrypto pki certificate chain D\n certificate ca 02\n  3082\n  quit\n", 1},
      {"crypto pki certificate chain C\n certificate ca 01\n  3082 0229\n", "crypto pki certificate chain C\n", 1},
      {"line vty 0 4\n vacant-message #\nhostname c\n#\nhostname b\n", "line vty 0 4\n vacant-message #\nhostname c\n#\n", 0},
      {"banner motd \x03\nhi\n\x03\nhostname b\n", "banner motd ^C\nhi\n^C\n", 0},
      {"banner motd \x03hi\x03\nhostname b\n", "banner motd ^Chi^C\n", 0}};
  for (const auto& [text, left, errors] : cases) {
    const auto parsed = parse_document(text);
    const auto rendered = render_document(parsed.document);
    EXPECT_EQ(errors_of(parsed.diagnostics).size(), errors) << text;
    EXPECT_NE(rendered.find(left), std::string::npos) << text << "gives\n" << rendered;
    EXPECT_EQ(parse_document(rendered).document, parsed.document) << rendered;
    const bool has_name = std::string_view(text).find("hostname b") != std::string_view::npos;
    EXPECT_EQ(parsed.config.hostname, has_name ? "b" : "Router") << text;
  }
}

TEST(Modes, text_is_in_the_document_when_its_end_has_come) {
  for (const auto* opening : {"banner motd ^", "menu M title ^", "vacant-message ^"}) {
    Document document;
    Editor editor(document);
    for (const auto* line : {"line vty 0 4", opening, "hello"}) EXPECT_NE(editor.apply(line).outcome, LineResult::Outcome::Carried);
    EXPECT_EQ(document.carried().size(), 0U) << opening;
    EXPECT_TRUE(editor.is_reading_text());
    EXPECT_EQ(editor.apply("^").outcome, LineResult::Outcome::Carried);
    ASSERT_EQ(document.carried().size(), 1U);
    EXPECT_EQ(document.carried()[0].text, std::string(opening) + "\nhello\n^");
  }
}

TEST(Modes, known_lines_that_only_look_like_ours_are_carried) {
  const std::string text =
      "access-list 700 permit 0000.0000.0001\naccess-list 1200 permit any\nip access-list role-based S\n permit ip\n"
      "crypto key pubkey-chain rsa\ncrypto map M client authentication list A\nip route static inter-vrf\n"
      "ip prefix-list P description x\nno ip http server\nip sla enable reaction-alerts\n";
  const auto parsed = parse_document(text);
  EXPECT_TRUE(errors_of(parsed.diagnostics).empty());
  EXPECT_EQ(carried_of(text).size(), 10U);
}

TEST(Modes, carried_line_behind_a_left_section_is_not_taken_by_it) {
  const auto parsed = parse_document("interface Gi0/0\n exit\nshutdown\n");
  EXPECT_FALSE(parsed.config.interfaces.at("GigabitEthernet0/0").shutdown);
  const auto again = parse_document(render_document(parsed.document));
  EXPECT_EQ(again.document, parsed.document);
  EXPECT_FALSE(again.config.interfaces.at("GigabitEthernet0/0").shutdown);
}

TEST(Modes, no_of_a_carried_line_takes_it_away) {
  EXPECT_TRUE(carried_of("snmp-server community x\nno snmp-server community x\n").empty());
  EXPECT_EQ(carried_of("no ip http server\n").size(), 1U);
}

TEST(Modes, editor_tells_prompt_and_outcome) {
  Document document;
  Editor editor(document);
  EXPECT_EQ(editor.prompt(), "config");
  const auto opened = editor.apply("crypto map M 10 ipsec-isakmp", 1);
  EXPECT_TRUE(opened.mode_changed);
  ASSERT_EQ(opened.notes.size(), 2U);
  EXPECT_EQ(opened.notes[0], "% NOTE: This new crypto map will remain disabled until a peer");
  EXPECT_EQ(opened.notes[1], "        and a valid access list have been configured.");
  EXPECT_EQ(editor.prompt(), "config-crypto-map");
  EXPECT_TRUE(editor.apply("crypto map M 10 ipsec-isakmp", 2).notes.empty());
  EXPECT_EQ(editor.apply("exit").outcome, LineResult::Outcome::Exit);
  EXPECT_EQ(editor.apply("end").outcome, LineResult::Outcome::End);
}

TEST(Modes, shell_does_not_keep_refused_lines) {
  Document document;
  Editor::Options options;
  options.keep_refused = false;
  Editor editor(document, options);
  const auto refused = editor.apply("hostnane R1", 1);
  EXPECT_EQ(refused.outcome, LineResult::Outcome::Carried);
  const auto range = editor.apply("crypto map M 70000 ipsec-isakmp", 2);
  EXPECT_EQ(range.outcome, LineResult::Outcome::Refused);
  EXPECT_EQ(range.caret_column, 14U);
  EXPECT_EQ(editor.mode(), Mode::Global);
}

}  // namespace
}  // namespace rri
