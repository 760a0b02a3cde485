// Lines of real routers that once were refused, or lost something.
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::canonical;
using testing::carried_of;
using testing::errors_of;
using testing::has_line;

/// A text that is valid on IOS XE, and that comes back as it is.
class ValidText : public ::testing::TestWithParam<const char*> {};

TEST_P(ValidText, loads_without_errors_and_loses_nothing) {
  const std::string text = GetParam();
  const auto parsed = parse_document(text);
  EXPECT_EQ(errors_of(parsed.diagnostics), std::vector<std::string>());
  const auto rendered = render_document(parsed.document);
  EXPECT_EQ(parse_document(rendered).document, parsed.document) << rendered;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    EXPECT_TRUE(has_line(rendered, text.substr(at, end - at))) << text.substr(at, end - at) << "\n" << rendered;
    at = end + 1;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lines, ValidText,
    ::testing::Values(
        "interface Virtual-Template1 type tunnel\n ip unnumbered Loopback0\n",
        "interface Virtual-Template2 type ethernet\n",
        "ip route 0.0.0.0 0.0.0.0 GigabitEthernet0/0/0 dhcp\n",
        "ip route vrf RED 10.0.0.0 255.0.0.0 GigabitEthernet0/0/0 dhcp 250 tag 7 name D track 1\n",
        "ip route 10.0.0.0 255.0.0.0 dhcp 250\n", "ip access-list extended A\n remark\n permit ip any any\n",
        "access-list 101 remark\n", "ipv6 access-list A\n sequence 10 remark\n",
        "ipv6 access-list A\n sequence 10 permit icmp any any router-solicitation\n"
        " sequence 20 permit icmp any any time-exceeded\n sequence 30 permit icmp any any unreachable\n"
        " sequence 40 permit icmp any any nd-ns\n sequence 50 permit icmp any any hop-limit\n",
        "ip routing protocol purge interface\n", "crypto map ipv6 C6 local-address Loopback0\n",
        "interface Ethernet-Internal1/0/0\n shutdown\n", "crypto ikev2 profile P\n lifetime certificate\n",
        "interface GigabitEthernet0/0\n standby 1 priority 110 preempt\n"
        " standby 1 track GigabitEthernet0/1 20\n standby track GigabitEthernet0/2\n",
        "interface GigabitEthernet0/0\n standby 1 priority 110 preempt delay 30\n", "enable secret 4 rv4kArhts7yA2xd8BD2YTVbts\n"));

TEST(IosLines, preempt_behind_the_priority_counts) {
  const auto config = parse_document("interface Gi0/0\n standby 1 priority 110 preempt delay 30\n").config;
  const auto& group = config.interfaces.at("GigabitEthernet0/0").standby.at(0);
  EXPECT_EQ(group.priority, 110);
  EXPECT_TRUE(group.preempt);
  EXPECT_EQ(group.preempt_delay_seconds, 30);
}

TEST(IosLines, a_route_through_dhcp_is_kept_but_leads_nowhere_yet) {
  EXPECT_TRUE(parse_document("ip route 0.0.0.0 0.0.0.0 GigabitEthernet0/0/0 dhcp\n").config.static_routes.empty());
}

TEST(IosLines, an_interface_keeps_its_type_when_it_is_entered_again) {
  EXPECT_TRUE(has_line(canonical("interface Virtual-Template1 type tunnel\ninterface Virtual-Template1\n shutdown\n"),
                       "interface Virtual-Template1 type tunnel"));
}

TEST(IosLines, a_hashed_secret_is_never_taken_for_a_clear_one) {
  EXPECT_TRUE(has_line(canonical("enable secret 4 rv4k\n"), "enable secret 4 rv4k"));
}

TEST(IosLines, a_nat_pool_on_one_line_is_no_section) {
  const auto parsed = parse_document("ip nat pool P 192.0.2.1 192.0.2.9 netmask 255.255.255.0\nfoo bar\n");
  for (const auto& line : parsed.document.carried()) EXPECT_TRUE(line.sections.empty()) << line.text;
}

TEST(IosLines, flat_sections_keep_their_lines) {
  for (const auto* opener : {"dspfarm profile 1 transcode", "sccp ccm group 1", "bba-group pppoe global", "voice-card 0",
                             "pfr master", "oer border", "domain default", "device-tracking policy P",
                             "service-template T", "ip nat pool P netmask 255.255.255.0"}) {
    const auto carried = parse_document(std::string(opener) + "\nshutdown\nfoo bar\n!\n").document.carried();
    ASSERT_EQ(carried.size(), 3U) << opener;
    EXPECT_EQ(carried[2].sections, std::vector<std::string>{opener});
  }
}

TEST(IosLines, exit_of_a_nested_level_is_a_line_of_the_section) {
  const std::string text =
      "router lisp\n locator-set X\n  192.0.2.1 priority 1 weight 1\n  exit\n eid-table default instance-id 0\n"
      "  exit\n exit\n!\nhostname after\n";
  const auto parsed = parse_document(text);
  const auto carried = parsed.document.carried();
  ASSERT_EQ(carried.size(), 7U);
  EXPECT_EQ(carried[4].sections, std::vector<std::string>{"router lisp"});
  EXPECT_EQ(parsed.config.hostname, "after");
  EXPECT_EQ(parse_document(render_document(parsed.document)).document, parsed.document);
}

TEST(IosLines, quit_behind_a_key_is_kept) {
  const auto lines = carried_of("crypto key pubkey-chain rsa\naddressed-key 192.0.2.1\nkey-string\n30819F\nquit\n");
  EXPECT_EQ(lines.back(), "quit");
}

TEST(IosLines, exit_out_of_a_carried_section_reads_back) {
  for (const auto* text : {"crypto pki certificate chain C\nexit\ncertificate ca 01\nhostname a\n",
                           "router bgp 1\nexit\nneighbor x\n", "foo\n bar\nexit\ncertificate x\n",
                           "crypto key pubkey-chain rsa\nexit\nquit\nfoo\n",
                           "router bgp 1\nexit\ninterface Gi0/0\nhostname b\n",
                           "crypto pki certificate chain C\n foo\ncertificate ca 01\n 30\n",
                           "deny certificate ca 01\n  certificate x\n  20\n",
                           "crypto pki certificate chai\x87n C\n_p x\nexit-address-family\n ip redirects\n"}) {
    const auto parsed = parse_document(text);
    const auto rendered = render_document(parsed.document);
    EXPECT_EQ(parse_document(rendered).document, parsed.document) << rendered;
  }
}

TEST(IosLines, multicast_is_a_family_of_its_own) {
  const auto parsed = parse_document(
      "vrf definition RED\n address-family ipv4\n exit-address-family\n address-family ipv4 multicast\n"
      " exit-address-family\nvrf definition BLUE\n address-family ipv4\n address-family ipv4 multicast\n"
      " no address-family ipv4\nvrf definition GREEN\n address-family ipv4\n no address-family ipv4 multicast\n");
  EXPECT_TRUE(has_line(render_document(parsed.document), " address-family ipv4"));
  EXPECT_TRUE(has_line(render_document(parsed.document), " address-family ipv4 multicast"));
  EXPECT_TRUE(parsed.config.vrfs.at("RED").ipv4);
  EXPECT_FALSE(parsed.config.vrfs.at("BLUE").ipv4);
  EXPECT_TRUE(parsed.config.vrfs.at("GREEN").ipv4);
}

ReverseRoute reverse_route_after(const std::string& line) {
  const auto config =
      parse_document("crypto map M 10 ipsec-isakmp\n reverse-route tag 5 static\n " + line + "\n").config;
  return config.crypto_maps.at("M").entries.at(10).reverse_route;
}

TEST(IosLines, no_reverse_route_takes_only_what_it_names) {
  for (const auto* line : {"default reverse-route static", "no reverse-route static"}) {
    const auto left = reverse_route_after(line);
    EXPECT_TRUE(left.enabled && !left.is_static && left.tag == 5U) << line;
  }
  for (const auto* line : {"no reverse-route tag", "no reverse-route tag 5", "default reverse-route tag"}) {
    const auto left = reverse_route_after(line);
    EXPECT_TRUE(left.enabled && left.is_static && !left.tag) << line;
  }
  EXPECT_EQ(reverse_route_after("no reverse-route tag 6").tag, 5U);
  EXPECT_FALSE(reverse_route_after("no reverse-route").enabled);
}

TEST(IosLines, no_ip_route_names_the_distance) {
  Document document;
  Editor editor(document);
  editor.apply("ip route 0.0.0.0 0.0.0.0 192.168.0.1");
  const std::vector<std::string> note{"%No matching route to delete"};
  EXPECT_EQ(editor.apply("no ip route 0.0.0.0 0.0.0.0 192.168.0.1 7").notes, note);
  EXPECT_EQ(document.lines.size(), 1U);
  EXPECT_TRUE(editor.apply("no ip route 0.0.0.0 0.0.0.0 192.168.0.1 1").notes.empty());
  EXPECT_TRUE(document.lines.empty());
  EXPECT_EQ(editor.apply("no ipv6 route 2001:db8::/32 2001:db8::1").notes, note);
}

}  // namespace
}  // namespace rri
