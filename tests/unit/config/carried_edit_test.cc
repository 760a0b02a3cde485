// Carried lines that are entered again, changed and taken away: as on IOS, though nothing acts on them.
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::carried_of;
using Texts = std::vector<std::string>;

class PastedOnItself : public ::testing::TestWithParam<const char*> {};

TEST_P(PastedOnItself, is_no_change) {
  auto document = parse_document(testing::read_data(GetParam())).document;
  const auto before = render_document(document);
  Editor::Options options;
  options.keep_refused = false;
  Editor editor(document, options);
  std::istringstream lines(before);
  for (std::string line; std::getline(lines, line);) editor.apply(line);
  EXPECT_EQ(render_document(document), before);
}

INSTANTIATE_TEST_SUITE_P(Files, PastedOnItself,
                         ::testing::Values("every_area.cfg", "hub_router.cfg", "router_ios124.cfg", "router_xe17.cfg", "router_isr154.cfg",
                                           "switch_ios122.cfg", "voice_gateway_xe16.cfg", "vrf_bgp.cfg", "ipv6_only.cfg"));

/// Lines, and what is carried behind the last of them.
class CarriedEdit : public ::testing::TestWithParam<std::pair<const char*, Texts>> {};

TEST_P(CarriedEdit, leaves) {
  const auto& [text, left] = GetParam();
  EXPECT_EQ(carried_of(text), left) << text;
  const auto parsed = parse_document(text);
  EXPECT_EQ(parse_document(render_document(parsed.document)).document, parsed.document) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, CarriedEdit,
    ::testing::Values(
        std::pair{"snmp-server community public RO\nsnmp-server community private RW\nno snmp-server community public\n", Texts{"snmp-server community private RW"}},
        std::pair{"access-list 700 permit 0000.0000.0001\naccess-list 700 permit 0000.0000.0002\naccess-list 701 permit 0000.0000.0003\nno access-list 700\n", Texts{"access-list 701 permit 0000.0000.0003"}},
        std::pair{"route-map X permit 10\n match tag 5\nroute-map X permit 20\nroute-map Y permit 10\nno route-map X\n", Texts{"route-map Y permit 10"}},
        std::pair{"route-map X permit 10\n match tag 5\nroute-map X permit 20\nno route-map X permit 10\n", Texts{"route-map X permit 20"}},
        std::pair{"username a privilege 15 secret 9 x\nno username a\n", Texts{}}, std::pair{"banner motd ^C\nhello\n^C\nno banner motd\n", Texts{}},
        std::pair{"banner motd ^C\nhello\n^C\nbanner motd ^C\nworld\n^C\n", Texts{"banner motd ^C\nworld\n^C"}},
        std::pair{"no access-list 10\nno access-list 700\nno route-map X\nno username a\n", Texts{}}, std::pair{"no ip http server\nno ip http server\n", Texts{"no ip http server"}},
        std::pair{"no ip http server\nip http server\n", Texts{"ip http server"}}, std::pair{"ip http server\nno ip http server\n", Texts{"no ip http server"}},
        std::pair{"crypto pki certificate chain C\nfoo\nntp server 1.1.1.1\nno ntp server 1.1.1.1\n", Texts{"crypto pki certificate chain C", "foo"}},
        std::pair{"table-map T\n map from 0 to 1\n default copy\n", Texts{"table-map T", "map from 0 to 1", "default copy"}},
        std::pair{"interface Gi0/0\nno ip redirects\nip redirects\nno ip redirects\n", Texts{"no ip redirects"}},
        std::pair{"interface Gi0/0\nip wccp 61 redirect in\nip redirects\n", Texts{"ip wccp 61 redirect in", "ip redirects"}},
        std::pair{"router bgp 1\ntemplate peer-policy PP\nroute-map RM in\nexit-peer-policy\n", Texts{"router bgp 1", "template peer-policy PP", "route-map RM in", "exit-peer-policy"}},
        std::pair{"no ip domain lookup\nip domain lookup source-interface Lo0\n", Texts{"no ip domain lookup", "ip domain lookup source-interface Lo0"}},
        std::pair{"ip domain lookup source-interface Lo0\nno ip domain lookup\n", Texts{"ip domain lookup source-interface Lo0", "no ip domain lookup"}},
        std::pair{"interface Gi0/0\nip mtu 1400\nip mtu 1300\n", Texts{"ip mtu 1300"}}, std::pair{"interface Gi0/0\nip mtu 1400\nno ip mtu\n", Texts{}},
        std::pair{"interface Gi0/0\nno ip mtu\nip mtu 1300\n", Texts{"ip mtu 1300"}},
        std::pair{"ntp server 1.1.1.1\nntp server 2.2.2.2\nntp server 1.1.1.1\n", Texts{"ntp server 1.1.1.1", "ntp server 2.2.2.2"}},
        std::pair{"policy-map P\n class A\n  priority\n class B\n  fair-queue\nexit\npolicy-map P\nclass A\nset dscp ef\nno class B\n",
                  Texts{"policy-map P", "class A", "priority", "set dscp ef"}},
        std::pair{"router bgp 1\n neighbor 1.1.1.1 remote-as 2\n neighbor 1.1.1.1 activate\n no neighbor 1.1.1.1\n", Texts{"router bgp 1"}},
        std::pair{"username admin secret 9 x\nusername admin privilege 15\nusername admin secret 9 y\n", Texts{"username admin privilege 15 secret 9 y"}},
        std::pair{"ntp server 1.1.1.1\nntp server 2.2.2.2\nntp server 1.1.1.1 prefer\n", Texts{"ntp server 1.1.1.1 prefer", "ntp server 2.2.2.2"}},
        std::pair{"logging 1.1.1.1\nlogging host 1.1.1.1\nlogging 2.2.2.2\n", Texts{"logging host 1.1.1.1", "logging 2.2.2.2"}},
        std::pair{"ip domain-name a.b\nip domain name c.d\n", Texts{"ip domain name c.d"}}, std::pair{"snmp-server community public RO\nsnmp-server community public RW\n", Texts{"snmp-server community public RW"}},
        std::pair{"route-map RM permit 10\n set metric 5\n set metric 6\nroute-map RM permit 5\n set metric 1\nroute-map RM deny 10\n match tag 1\nroute-map OTHER permit 1\n",
                  Texts{"route-map RM permit 5", "set metric 1", "route-map RM deny 10", "set metric 6", "match tag 1", "route-map OTHER permit 1"}},
        std::pair{"router bgp 1\n neighbor 1.1.1.1 remote-as 2\n neighbor 1.1.1.1 remote-as 3\n", Texts{"router bgp 1", "neighbor 1.1.1.1 remote-as 3"}},
        std::pair{"no crypto ipsec profile default\n", Texts{"no crypto ipsec profile default"}}, std::pair{"no crypto ipsec profile default\ncrypto ipsec profile default\n", Texts{}},
        std::pair{"no ip prefix-list sequence-number\n", Texts{"no ip prefix-list sequence-number"}}, std::pair{"key config-key password-encrypt abcdefgh\n", Texts{}},
        std::pair{"no snmp-server\nsnmp-server location A\nsnmp-server location B\nno router bgp 1\n", Texts{"snmp-server location B"}}));

TEST(CarriedEdit, lines_of_the_global_mode_leave_the_sections_that_do_not_have_them) {
  for (const std::string opener : {"interface Gi0/5", "interface Tunnel5", "router bgp 1", "line vty 0 4", "policy-map P", "crypto map M 10 ipsec-isakmp"}) {
    for (const std::string line : {"crypto engine accelerator", "no crypto engine accelerator", "crypto engine slot 0", "crypto map M client authentication list X",
                                   "crypto map M isakmp authorization list X", "crypto map M gdoi fail-close", "ephone-template 1", "utd engine standard"}) {
      Document document;
      Editor::Options options;
      options.keep_refused = false;
      Editor editor(document, options);
      editor.apply(opener);
      editor.apply(line);
      const auto text = render_document(document);
      EXPECT_EQ(parse_document(text).document, document) << opener << "\n" << line << "\n" << text;
      if (line.starts_with("crypto engine slot") || line.starts_with("no ")) continue;
      EXPECT_NE(("\n" + text).find("\n" + line), std::string::npos) << opener << "\n" << text;
    }
  }
}

/// What is there, a `no` cut short, and the section that it is typed in.
TEST(CarriedEdit, a_no_that_names_more_than_one_thing_is_incomplete) {
  const std::string text =
      "interface GigabitEthernet0/0\n ip nat inside\n ip helper-address 10.0.0.1\n ip helper-address 10.0.0.2\nip nat inside source list 1 interface Gi0/1 overload\n"
      "ip nat inside source static 10.0.0.1 192.0.2.1\nip access-list standard A\n permit any\nip access-list standard B\n permit any\nip dhcp pool P\n network 10.0.0.0 /8\n"
      "ip dhcp excluded-address 10.0.0.1\nip sla 1\n icmp-echo 10.0.0.1\nip sla schedule 1 start-time now\nntp server 192.0.2.1\nntp server 192.0.2.2\n"
      "policy-map PM\n class A\n  priority\n class B\n  priority\n";
  const auto document = parse_document(text).document;
  const auto before = render_document(document);
  for (const std::string section : {"interface GigabitEthernet0/0", "hostname R", "policy-map PM"}) {
    for (const std::string line : {"no ip nat", "no ip nat inside source", "no ip access-list", "no ip access-list standard", "no ip dhcp", "no ip dhcp pool", "no ip sla",
                                   "no ip", "no ntp server", "no class", "no policy-map"}) {
      auto edited = document;
      Editor::Options options;
      options.keep_refused = false;
      options.is_typed = true;
      Editor editor(edited, options);
      editor.apply(section);
      const std::string prompt(editor.prompt());
      EXPECT_EQ(editor.apply(line).refusal, LineResult::Refusal::Incomplete) << section << ": " << line;
      EXPECT_EQ(editor.prompt(), prompt) << line;
      editor.apply("no hostname");
      EXPECT_EQ(render_document(edited), before) << section << ": " << line;
    }
  }
  const std::pair<const char*, std::size_t> named[] = {{"no ip nat inside source list 1", 1}, {"no ip dhcp pool P", 2},
      {"no ip sla 1", 2}, {"no ntp server 192.0.2.1", 1}, {"no policy-map PM", 5}, {"no ip sla schedule 1", 1}};
  for (const auto& [line, fewer] : named) {
    auto edited = document;
    Editor(edited).apply(line);
    EXPECT_EQ(edited.carried().size() + fewer, document.carried().size()) << line;
  }
  auto edited = document;
  Editor editor(edited);
  editor.apply("interface GigabitEthernet0/0");
  editor.apply("no ip helper-address");
  editor.apply("no ip nat inside");
  EXPECT_EQ(edited.carried().size() + 3, document.carried().size());
}

TEST(CarriedEdit, secrets_of_users_are_hashed) {
  Document document;
  Editor::Options options;
  options.hash_secret = [](std::string_view clear) { return "9 hash-of-" + std::string(clear); };
  Editor editor(document, options);
  for (const auto* line : {"username a secret 0 open sesame", "username b privilege 15 secret open", "username c secret 5 $1$x", "username d privilege 1", "username d secret 0 late"}) editor.apply(line);
  std::vector<std::string> texts;
  for (const auto& line : document.carried()) texts.push_back(line.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"username a secret 9 hash-of-open sesame", "username b privilege 15 secret 9 hash-of-open", "username c secret 5 $1$x",
                                             "username d privilege 1 secret 9 hash-of-late"}));
}

TEST(CarriedEdit, prompts_are_those_of_ios) {
  Document document;
  Editor editor(document);
  const std::pair<const char*, const char*> steps[] = {
      {"router bgp 1", "config-router"}, {"address-family ipv4 vrf A", "config-router-af"}, {"exit", "config-router"}, {"route-map X permit 10", "config-route-map"},
      {"ip access-list standard S", "config-std-nacl"}, {"line vty 0 4", "config-line"}, {"policy-map P", "config-pmap"}, {"class C", "config-pmap-c"},
      {"class-map C", "config-cmap"}, {"vlan 10", "config-vlan"}, {"key chain K", "config-keychain"}, {"key 1", "config-keychain-key"}, {"ip sla 1", "config-ip-sla"}};
  for (const auto& [line, prompt] : steps) {
    editor.apply(line);
    EXPECT_EQ(editor.prompt(), prompt) << line;
  }
}

TEST(TypedEdit, a_vrf_that_goes_empties_its_interfaces) {
  auto document = parse_document("vrf definition A\nvrf definition B\ninterface Gi0/1\n vrf forwarding A\n ip address 10.0.0.1 255.255.255.0\n mtu 1400\n"
                                 "interface Gi0/2\n vrf forwarding B\n ip address 10.0.0.1 255.255.255.0\n").document;
  Editor::Options options;
  options.is_typed = true;
  const auto result = Editor(document, options).apply("no vrf definition A");
  EXPECT_EQ(result.notes, std::vector<std::string>{"% IPv4 and IPv6 addresses from all interfaces in VRF A have been removed"});
  EXPECT_EQ(render_document(document), testing::canonical("vrf definition B\ninterface Gi0/1\n mtu 1400\ninterface Gi0/2\n vrf forwarding B\n ip address 10.0.0.1 255.255.255.0\n"));
}

/// What is typed reads back from the file as the same.
TEST(TypedEdit, a_banner_whose_last_line_looks_like_another_one) {
  Document document;
  Editor::Options options;
  options.is_typed = true;
  Editor editor(document, options);
  for (const auto line : {std::string_view("banner motd #"), std::string_view("hel\0lo", 6), std::string_view("banner motd #"), std::string_view("hostname R2")}) editor.apply(line);
  const auto saved = render_document(document);
  const auto again = parse_document(saved);
  EXPECT_EQ(testing::errors_of(again.diagnostics), std::vector<std::string>());
  EXPECT_EQ(render_document(again.document), saved);
  EXPECT_EQ(again.config.hostname, "R2");
  ASSERT_EQ(again.document.carried().size(), 1U);
  EXPECT_EQ(again.document.carried()[0].text, "banner motd #\nhello\nbanner motd \n#");
}

TEST(TypedEdit, a_section_that_is_gone_back_into_keeps_its_place_in_the_file) {
  auto document = parse_document("hostname a\ninterface GigabitEthernet0/1\n ip address 10.0.0.1 255.255.255.0\n").document;
  Editor(document).apply("interface GigabitEthernet0/1");
  EXPECT_EQ(lower_document(document).config.interfaces.at("GigabitEthernet0/1").position.line, 2U);
}

}  // namespace
}  // namespace rri
