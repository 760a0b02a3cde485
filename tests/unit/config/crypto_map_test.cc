// `reverse-route` in all its forms, crypto maps, and their `no` forms.
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::canonical;
using testing::errors_of;
using testing::has_line;

ReverseRoute reverse_route_of(const std::string& lines) {
  const auto parsed = parse_document("crypto map M 10 ipsec-isakmp\n" + lines);
  EXPECT_TRUE(errors_of(parsed.diagnostics).empty()) << lines;
  EXPECT_EQ(parse_document(render_document(parsed.document)).config, parsed.config) << lines;
  return parsed.config.crypto_maps.at("M").entries.at(10).reverse_route;
}

TEST(ReverseRouteLine, words_in_any_order) {
  for (const auto* line : {"reverse-route remote-peer 10.9.9.9 gateway static tag 7", "reverse-route static tag 7 gateway remote peer 10.9.9.9",
                           "reverse-route tag 7 remote-peer 10.9.9.9 static gateway"}) {
    const auto route = reverse_route_of(line);
    EXPECT_TRUE(route.enabled && route.is_static && route.remote_peer && route.remote_peer_is_gateway) << line;
    EXPECT_EQ(route.remote_peer_address->to_string(), "10.9.9.9") << line;
    EXPECT_EQ(route.tag, 7U) << line;
  }
}

TEST(ReverseRouteLine, later_line_replaces_but_never_cancels_static) {
  const auto route = reverse_route_of("reverse-route remote-peer 10.9.9.9 static\nreverse-route tag 5\n");
  EXPECT_TRUE(route.is_static);
  EXPECT_FALSE(route.remote_peer);
  EXPECT_EQ(route.tag, 5U);
}

TEST(ReverseRouteLine, no_static_drops_only_static) {
  const auto route = reverse_route_of("reverse-route remote-peer 10.9.9.9 static\nno reverse-route static\n");
  EXPECT_TRUE(route.enabled);
  EXPECT_FALSE(route.is_static);
  EXPECT_TRUE(route.remote_peer_address.has_value());
}

TEST(ReverseRouteLine, no_leaves_the_set_lines) {
  const auto route =
      reverse_route_of("reverse-route tag 5 static\nset reverse-route distance 20\nset reverse-route gateway 10.0.0.9\nno reverse-route\n");
  EXPECT_FALSE(route.enabled);
  EXPECT_EQ(route.tag, 5U);
  EXPECT_EQ(route.distance, 20);
  EXPECT_TRUE(route.gateway.has_value());
}

TEST(ReverseRouteLine, default_and_no_of_set_lines) {
  const auto route = reverse_route_of(
      "reverse-route\nset reverse-route distance 20\nset reverse-route tag 3\nset reverse-route maximum 9\n"
      "set reverse-route accept prefix-list P\nno set reverse-route distance\nno set reverse-route tag 99\n"
      "default set reverse-route maximum\nno set reverse-route accept prefix-list\ndefault reverse-route\n");
  EXPECT_EQ(route, ReverseRoute());
}

TEST(ReverseRouteLine, six_to_four) {
  EXPECT_EQ(reverse_route_of("reverse-route remote-peer 2001:DB8::9").remote_peer_address->to_string(), "2001:db8::9");
}

TEST(CryptoMapLine, every_setting_is_kept) {
  const auto text = canonical(
      "crypto map M 10 ipsec-isakmp\n set peer 2.2.2.2 default\n set peer hub.example.com dynamic\n set peer 1.1.1.1\n"
      " set transform-set A B\n set pfs group14\n set security-association lifetime seconds 3600\n"
      " set security-association idle-time 60 default\n set ip access-group 150 in\n qos pre-classify\n description d e\n"
      " set identity I\n match address ACL\n");
  for (const auto* line : {" description d e", " set peer 2.2.2.2 default", " set peer hub.example.com dynamic",
                           " set transform-set A B", " set pfs group14", " set security-association lifetime seconds 3600",
                           " set security-association idle-time 60 default", " set ip access-group 150 in",
                           " qos pre-classify", " set identity I", " match address ACL"}) {
    EXPECT_TRUE(has_line(text, line)) << line;
  }
  EXPECT_LT(text.find("2.2.2.2"), text.find("1.1.1.1"));
}

TEST(CryptoMapLine, peers_keep_their_order_and_go_one_by_one) {
  const auto parsed = parse_document(
      "crypto map M 10\n set peer 3.3.3.3\n set peer 1.1.1.1\n set peer 2.2.2.2\n no set peer 1.1.1.1\n no match address\n");
  const auto& entry = parsed.config.crypto_maps.at("M").entries.at(10);
  ASSERT_EQ(entry.peers.size(), 2U);
  EXPECT_EQ(entry.peers[0].address->to_string(), "3.3.3.3");
  EXPECT_EQ(entry.peers[1].address->to_string(), "2.2.2.2");
}

TEST(CryptoMapLine, entries_are_sorted_and_removed_by_number) {
  const auto parsed = parse_document(
      "crypto map M 20 ipsec-isakmp dynamic D discover\ncrypto map M 100 ipsec-isakmp\ncrypto map ipv6 M 9 ipsec-isakmp profile P\n"
      "crypto map M local-address Lo0\ncrypto map N 1 ipsec-isakmp\nno crypto map M 100\nno crypto map N\n");
  const auto& map = parsed.config.crypto_maps.at("M");
  ASSERT_EQ(map.entries.size(), 2U);
  EXPECT_EQ(map.entries.at(20).dynamic_map, "D");
  EXPECT_EQ(map.entries.at(9).ipsec_profile, "P");
  EXPECT_EQ(map.local_address_interface, "Loopback0");
  EXPECT_EQ(parsed.config.crypto_maps.count("N"), 0U);
  const auto text = render_document(parsed.document);
  EXPECT_LT(text.find("M 9 "), text.find("M 20 "));
}

TEST(CryptoMapLine, dynamic_templates_and_profiles) {
  const auto parsed = parse_document(
      "crypto dynamic mydynmap 1\n set transform-set my-transform-set\n reverse-route\n"
      "crypto ipsec profile P\n reverse-route\n set reverse-route distance 20\n rri-dvti-disable\n set isakmp-profile I\n");
  EXPECT_TRUE(parsed.config.dynamic_maps.at("mydynmap").entries.at(1).reverse_route.enabled);
  EXPECT_EQ(parsed.config.ipsec_profiles.at("P").reverse_route.distance, 20);
  EXPECT_TRUE(parsed.config.ipsec_profiles.at("P").rri_dvti_disable);
  EXPECT_TRUE(errors_of(parsed.diagnostics).empty());
}

TEST(CryptoMapLine, two_named_vrfs_are_a_located_error) {
  for (const std::string profile : {"crypto isakmp profile I\n vrf A\n", "crypto ikev2 profile I\n ivrf A\n"}) {
    const bool ikev2 = profile.find("ikev2") != std::string::npos;
    const auto entry = std::string("crypto map M 10 ipsec-isakmp\n set ") + (ikev2 ? "ikev2" : "isakmp") + "-profile I\n";
    const auto parsed = parse_document(profile + entry + "interface Gi0/0\n vrf forwarding B\n crypto map M\n");
    const auto errors = errors_of(parsed.diagnostics);
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors[0].substr(0, 13), "F:4:2: error:");
    EXPECT_TRUE(parsed.config.crypto_maps.at("M").entries.at(10).has_error);
    const auto global = parse_document(profile + entry + "interface Gi0/0\n crypto map M\n");
    EXPECT_TRUE(errors_of(global.diagnostics).empty());
  }
}

class CiscoExample : public ::testing::TestWithParam<const char*> {};

TEST_P(CiscoExample, loads_as_printed) {
  const auto parsed = parse_document(testing::read_data(GetParam()));
  EXPECT_TRUE(errors_of(parsed.diagnostics).empty());
  EXPECT_TRUE(parsed.document.carried().empty());
  const auto& entry = parsed.config.crypto_maps.at("mymap").entries.at(1);
  EXPECT_TRUE(entry.reverse_route.enabled);
  EXPECT_EQ(entry.peers.at(0).address->to_string(), "10.1.1.1");
  const auto& interface = parsed.config.interfaces.at("FastEthernet0/0/1");
  EXPECT_EQ(interface.maps.at(0).map, "mymap");
  const auto& line = parsed.config.access_lists.at("102").lines.at(0);
  EXPECT_EQ(line.destinations.at(0).to_prefix()->to_string(), "10.0.0.0/16");
}

INSTANTIATE_TEST_SUITE_P(Files, CiscoExample, ::testing::Values("cisco_static_map.cfg", "cisco_remote_peer.cfg"));

TEST(TypedCrypto, is_refused_in_the_words_of_ios) {
  Document document;
  Editor::Options options;
  options.is_typed = true;
  Editor editor(document, options);
  const auto refusal = [&editor](std::string_view line) {
    const auto result = editor.apply(line);
    return result.outcome == LineResult::Outcome::Refused && !result.notes.empty() ? result.notes.front() : std::string();
  };
  EXPECT_EQ(refusal("crypto ipsec transform-set T esp-aes esp-sha-hmac"), "");
  EXPECT_EQ(refusal("crypto map M 10 ipsec-isakmp"), "");
  EXPECT_EQ(refusal("set transform-set T"), "");
  EXPECT_EQ(refusal("set transform-set T NOSUCH"), "ERROR: transform-set with tag \"NOSUCH\" does not exist.");
  EXPECT_EQ(refusal("crypto ipsec profile P"), "");
  EXPECT_EQ(refusal("set transform-set NOSUCH"), "ERROR: transform-set with tag \"NOSUCH\" does not exist.");
  EXPECT_EQ(refusal("crypto isakmp key one address 192.0.2.1"), "");
  EXPECT_EQ(refusal("crypto isakmp key one address 192.0.2.1"), "");
  EXPECT_EQ(refusal("crypto isakmp key two address 192.0.2.1"), "A pre-shared key for address mask 192.0.2.1 255.255.255.255 already exists!");
  EXPECT_EQ(refusal("crypto isakmp key two address 192.0.2.0 255.255.255.0"), "");
  EXPECT_EQ(refusal("crypto isakmp key x hostname a.example"), "");
  EXPECT_EQ(refusal("crypto isakmp key y hostname a.example"), "");
  EXPECT_EQ(refusal("no crypto isakmp key one address 192.0.2.1"), "");
  EXPECT_EQ(refusal("crypto isakmp key two address 192.0.2.1"), "");
}

}  // namespace
}  // namespace rri
