// Sections that are carried whole keep their lines, and take none of ours
// (docs/decisions/0008-carried-sections.md).
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::carried_of;
using testing::errors_of;
using testing::has_line;

void expect_round_trip(const ParseResult& parsed) {
  const auto rendered = render_document(parsed.document);
  EXPECT_EQ(parse_document(rendered).document, parsed.document) << rendered;
}

/// A line of an interface that begins like a global section leaves it open.
class InterfaceLine : public ::testing::TestWithParam<const char*> {};

TEST_P(InterfaceLine, does_not_close_the_interface) {
  for (const std::string indent : {" ", ""}) {
    const auto text = "interface GigabitEthernet0/0\n" + indent + "ip address 192.0.2.1 255.255.255.0\n" + indent +
                      GetParam() + "\n" + indent + "crypto map CM\n";
    const auto parsed = parse_document(text);
    EXPECT_EQ(errors_of(parsed.diagnostics), std::vector<std::string>()) << text;
    const auto found = parsed.config.interfaces.find("GigabitEthernet0/0");
    ASSERT_NE(found, parsed.config.interfaces.end());
    ASSERT_EQ(found->second.maps.size(), 1U) << text;
    EXPECT_EQ(found->second.maps[0].map, "CM");
    const auto carried = parsed.document.carried();
    ASSERT_EQ(carried.size(), 1U);
    EXPECT_EQ(carried[0].sections, std::vector<std::string>{"interface GigabitEthernet0/0"});
    expect_round_trip(parsed);
  }
}

INSTANTIATE_TEST_SUITE_P(Lines, InterfaceLine,
                         ::testing::Values("service-policy output QOS", "crypto ipsec client ezvpn EZ inside",
                                           "crypto ipsec df-bit clear", "cts manual", "dot1x pae authenticator",
                                           "ip vrf sitemap SOO", "ip vrf receive X", "no ip redirects"));

TEST(Carried, sections_inside_an_interface_keep_their_lines) {
  const auto parsed =
      parse_document("interface Gi0/0\n ethernet evc FOO\n  shutdown\n  crypto map EVIL\n crypto map CM\n");
  const auto& interface = parsed.config.interfaces.at("GigabitEthernet0/0");
  EXPECT_FALSE(interface.shutdown);
  ASSERT_EQ(interface.maps.size(), 1U);
  EXPECT_EQ(interface.maps[0].map, "CM");
  expect_round_trip(parsed);
}

TEST(Carried, tabs_next_to_blanks_open_no_section) {
  for (const auto* text : {"interface Gi0/0\n ip mtu 1400\n\tip address 192.0.2.1 255.255.255.0\n\tcrypto map CM\n",
                           "interface Gi0/0\n\tip mtu 1400\n          ip address 192.0.2.1 255.255.255.0\n"}) {
    const auto parsed = parse_document(text);
    EXPECT_EQ(parsed.config.interfaces.at("GigabitEthernet0/0").addresses.size(), 1U) << text;
    expect_round_trip(parsed);
  }
}

TEST(Carried, policy_maps_keep_their_classes_apart) {
  const std::string text =
      "policy-map A\n class VOICE\n  priority percent 10\n class class-default\n  fair-queue\n"
      "policy-map B\n class class-default\n  shape average 1000000\n  service-policy A\n";
  const auto parsed = parse_document(text);
  const auto carried = parsed.document.carried();
  ASSERT_EQ(carried.size(), 9U);
  EXPECT_EQ(carried[6].text, "class class-default");
  EXPECT_EQ(carried[6].sections, std::vector<std::string>{"policy-map B"});
  EXPECT_TRUE(has_line(render_document(parsed.document), "  service-policy A"));
  expect_round_trip(parsed);
}

/// Deeper lines stay with their section, whatever they look like elsewhere.
class SectionLine : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(SectionLine, stays_in_its_section) {
  const auto [opener, line] = GetParam();
  const auto text = std::string("hostname before\n") + opener + "\n " + line + "\n tail 1\n";
  const auto parsed = parse_document(text);
  EXPECT_TRUE(parsed.diagnostics.empty()) << text;
  EXPECT_EQ(parsed.config.hostname, "before") << text;
  EXPECT_TRUE(parsed.config.static_routes.empty());
  const auto carried = parsed.document.carried();
  ASSERT_EQ(carried.size(), 3U) << text;
  EXPECT_EQ(carried[1].sections, std::vector<std::string>{opener});
  EXPECT_EQ(carried[2].sections, std::vector<std::string>{opener});
  expect_round_trip(parsed);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, SectionLine,
    ::testing::Values(std::pair{"zone-pair security Z source A destination B", "service-policy type inspect P"},
                      std::pair{"control-plane", "service-policy input COPP"},
                      std::pair{"ip dhcp pool P", "class C"}, std::pair{"router bgp 65000", "table-map T"},
                      std::pair{"flow exporter F", "template data timeout 60"},
                      std::pair{"voice service voip", "sip"}, std::pair{"crypto gdoi group G", "redundancy"},
                      std::pair{"object-group v6-network V", "host 2001:db8::9"},
                      std::pair{"webvpn gateway G", "hostname vpn.example.com"},
                      std::pair{"frobnicate widget", "hostname inside"},
                      std::pair{"frobnicate widget", "ip route 10.0.0.0 255.0.0.0 192.0.2.1"}));

TEST(Carried, lines_that_a_parent_mode_refuses_keep_the_section_open) {
  const auto parsed = parse_document(
      "interface Gi0/0\n ip address 192.0.2.1 255.255.255.0\n ip vrf one two\n crypto map CM\n");
  EXPECT_EQ(errors_of(parsed.diagnostics).size(), 1U);
  EXPECT_EQ(parsed.config.interfaces.at("GigabitEthernet0/0").maps.size(), 1U);
  expect_round_trip(parsed);
}

TEST(Carried, certificates_that_live_in_nvram_have_no_text) {
  const auto parsed = parse_document(
      "crypto pki certificate chain T\n certificate 02 nvram:ca#2.cer\n certificate ca 01 nvram:ca#1CA.cer\n"
      "hostname after\n");
  EXPECT_TRUE(parsed.diagnostics.empty());
  EXPECT_EQ(parsed.config.hostname, "after");
  expect_round_trip(parsed);
}

class Banner : public ::testing::TestWithParam<const char*> {};

TEST_P(Banner, is_text_up_to_its_delimiter) {
  const auto parsed =
      parse_document(std::string(GetParam()) + "\ncome hostname eaten\nhostname eaten\nmore text\n^C\nhostname after\n");
  EXPECT_TRUE(parsed.diagnostics.empty());
  EXPECT_EQ(parsed.config.hostname, "after");
  EXPECT_EQ(parsed.document.carried().size(), 1U);
  expect_round_trip(parsed);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Banner,
                         ::testing::Values("banner motd ^C", "banner config-save ^C", "banner mot ^C", "banner ^C",
                                           "banner prompt ^C", "banner slip ^CNO"));

TEST(Carried, banners_of_a_section_stay_in_it) {
  for (const auto* opener : {"crypto isakmp client configuration group G", "crypto ikev2 authorization policy A"}) {
    const auto parsed = parse_document(std::string(opener) +
                                       "\n key x\n banner ^C\nhostname eaten\n^C\n pool P\nhostname after\n");
    EXPECT_TRUE(parsed.diagnostics.empty());
    EXPECT_EQ(parsed.config.hostname, "after");
    const auto carried = parsed.document.carried();
    ASSERT_EQ(carried.size(), 4U);
    EXPECT_EQ(carried[2].text, "banner ^C\nhostname eaten\n^C");
    EXPECT_EQ(carried[3].sections, std::vector<std::string>{opener});
    expect_round_trip(parsed);
  }
}

TEST(Carried, a_banner_of_a_section_that_is_not_closed_reads_back) {
  const auto parsed = parse_document("crypto isakmp client configuration group G\n banner ^C\nno end\n");
  EXPECT_EQ(errors_of(parsed.diagnostics).size(), 1U);
  expect_round_trip(parsed);
}

TEST(Carried, every_line_below_a_refused_opener_is_listed) {
  const auto lines = carried_of("crypto map M 99999 ipsec-isakmp\n set peer 192.0.2.1\n unknown\n reverse-route\n");
  EXPECT_EQ(lines, (std::vector<std::string>{"crypto map M 99999 ipsec-isakmp", "set peer 192.0.2.1", "unknown",
                                             "reverse-route"}));
}

}  // namespace
}  // namespace rri
