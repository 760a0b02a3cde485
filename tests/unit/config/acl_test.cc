// Access lists as IOS prints them: standard lists, and one text for all ways to write an entry.
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::canonical;
using testing::errors_of;
using testing::has_line;

struct Entry {
  const char* opener;
  const char* written;
  const char* printed;
};

class CanonicalEntry : public ::testing::TestWithParam<Entry> {};

TEST_P(CanonicalEntry, has_one_text_and_every_form_removes_it) {
  const auto [opener, written, printed] = GetParam();
  const std::string list = std::string(opener) + "\n";
  const auto wanted = canonical(list + " " + printed + "\n");
  EXPECT_NE(wanted.find(printed), std::string::npos) << wanted;
  EXPECT_EQ(canonical(list + " " + written + "\n"), wanted);
  EXPECT_EQ(canonical(list + " " + printed + "\n " + written + "\n"), wanted);
  const auto empty = canonical(list);
  EXPECT_EQ(canonical(list + " " + printed + "\n no " + written + "\n"), empty);
  EXPECT_EQ(canonical(list + " " + written + "\n no " + printed + "\n"), empty);
}

constexpr auto kExtended = "ip access-list extended A";
constexpr auto kStandard = "ip access-list standard A";
constexpr auto kIpv6 = "ipv6 access-list A";

INSTANTIATE_TEST_SUITE_P(
    Entries, CanonicalEntry,
    ::testing::Values(
        Entry{kExtended, "permit tcp any any eq 80", "permit tcp any any eq www"}, Entry{kExtended, "permit 6 any eq 23 any", "permit tcp any eq telnet any"},
        Entry{kExtended, "permit tcp any any eq 022", "permit tcp any any eq 22"}, Entry{kExtended, "permit tcp any any eq https", "permit tcp any any eq 443"},
        Entry{kExtended, "permit tcp any any range 20 21", "permit tcp any any range ftp-data ftp"},
        Entry{kExtended, "permit tcp any any eq 514 25 110", "permit tcp any any eq cmd smtp pop3"},
        Entry{kExtended, "permit 17 any eq 500 any eq 4500", "permit udp any eq isakmp any eq non500-isakmp"},
        Entry{kExtended, "permit udp any any eq isak", "permit udp any any eq isakmp"},
        Entry{kExtended, "permit 50 any any", "permit esp any any"}, Entry{kExtended, "permit 51 any any", "permit ahp any any"},
        Entry{kExtended, "permit 47 any any", "permit gre any any"}, Entry{kExtended, "permit 88 any any", "permit eigrp any any"},
        Entry{kExtended, "permit os any any", "permit ospf any any"}, Entry{kExtended, "permit 4 any any", "permit ipinip any any"},
        Entry{kExtended, "permit 0 any any", "permit ip any any"}, Entry{kExtended, "permit 112 any any log", "permit 112 any any log"},
        Entry{kExtended, "permit 132 any any eq 5060", "permit sctp any any eq 5060"},
        Entry{kExtended, "permit icmp any any 8", "permit icmp any any echo"}, Entry{kExtended, "permit 1 any any 3 1", "permit icmp any any host-unreachable"},
        Entry{kExtended, "permit icmp any any echo 0", "permit icmp any any 8 0"}, Entry{kExtended, "permit 2 any any 1", "permit igmp any any host-query"},
        Entry{kExtended, "permit ip any any dscp 46 precedence 5 tos 8", "permit ip any any dscp ef precedence critical tos min-delay"},
        Entry{kExtended, "permit ip any any option 7", "permit ip any any option record-route"},
        Entry{kExtended, "permit ip 10.0.0.1 0.0.0.0 0.0.0.0 255.255.255.255", "permit ip host 10.0.0.1 any"},
        Entry{kExtended, "permit ip 10.1.2.3 0.0.0.255 10.1.2.3 0.255.0.255", "permit ip 10.1.2.0 0.0.0.255 10.0.2.0 0.255.0.255"},
        Entry{kExtended, "permit ip addrgroup G any", "permit ip object-group G any"},
        Entry{kStandard, "permit host 10.0.0.1", "permit 10.0.0.1"}, Entry{kStandard, "permit 10.0.0.1 0.0.0.0 log", "permit 10.0.0.1 log"},
        Entry{kStandard, "deny 0.0.0.0 255.255.255.255", "deny any"}, Entry{kStandard, "permit 10.0.0.1 0.0.0.255", "permit 10.0.0.0 0.0.0.255"},
        Entry{kIpv6, "permit 6 any any eq 80", "permit tcp any any eq www"}, Entry{kIpv6, "permit 58 any any 135", "permit icmp any any nd-ns"},
        Entry{kIpv6, "permit icmp any any 1 4", "permit icmp any any port-unreachable"},
        Entry{kIpv6, "permit ipv6 2001:db8::1/64 ::/0", "permit ipv6 2001:DB8::/64 any"},
        Entry{kIpv6, "permit ipv6 2001:db8::1/128 any", "permit ipv6 host 2001:DB8::1 any"}));

TEST(StandardLists, are_lists_of_the_configuration) {
  const auto parsed = parse_document(
      "access-list 10 remark hosts\naccess-list 10 permit host 10.0.0.1\naccess-list 10 permit 10.1.0.0 0.0.255.255 log\naccess-list 10 deny   any\n"
      "access-list 1399 permit any\nip access-list standard NAMED\n permit 10.0.0.0 0.255.255.255\n 5 deny 10.9.9.9\n");
  EXPECT_TRUE(parsed.diagnostics.empty());
  EXPECT_TRUE(parsed.document.carried().empty());
  const auto& lines = parsed.config.access_lists.at("standard 10").lines;
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1].sequence, 20U);
  EXPECT_EQ(lines[1].sources.at(0).to_prefix()->to_string(), "10.1.0.0/16");
  EXPECT_EQ(lines[1].options, "log");
  EXPECT_FALSE(lines[2].permit);
  EXPECT_EQ(parsed.config.access_lists.at("standard 1399").lines.size(), 1U);
  EXPECT_EQ(parsed.config.access_lists.at("standard NAMED").lines.at(0).sequence, 5U);
  const auto text = render_document(parsed.document);
  for (const auto* line : {"access-list 10 remark hosts", "access-list 10 permit 10.0.0.1", "access-list 10 deny any", "access-list 1399 permit any",
                           "ip access-list standard NAMED\n 5 deny 10.9.9.9\n 10 permit 10.0.0.0 0.255.255.255"}) {
    EXPECT_TRUE(has_line(text, line)) << line << "\n" << text;
  }
  EXPECT_EQ(parse_document(text).document, parsed.document);
}

TEST(StandardLists, entries_go_by_number_and_lists_are_renumbered) {
  EXPECT_EQ(canonical("ip access-list standard S\n permit 10.0.0.1\n permit 10.0.0.2\n no 20\n"), canonical("ip access-list standard S\n permit 10.0.0.1\n"));
  const auto text = canonical("ip access-list standard S\n 5 permit 10.0.0.1\n 7 permit 10.0.0.2\nip access-list resequence S 100 20\n");
  EXPECT_TRUE(has_line(text, " 120 permit 10.0.0.2")) << text;
  EXPECT_EQ(canonical("access-list 10 permit any\nno access-list 10\n"), canonical(""));
}

TEST(StandardLists, their_mode_is_that_of_ios) {
  Document document;
  Editor editor(document);
  editor.apply("ip access-list standard 10");
  EXPECT_EQ(editor.prompt(), "config-std-nacl");
  EXPECT_EQ(errors_of(parse_document("ip access-list standard 101\n").diagnostics).size(), 1U);
  EXPECT_EQ(errors_of(parse_document("access-list 10 permit ip any any\n").diagnostics).size(), 1U);
}

TEST(StandardLists, share_their_names_with_extended_ones) {
  Document document;
  Editor::Options options;
  options.is_typed = true;
  Editor editor(document, options);
  editor.apply("ip access-list extended A");
  editor.apply("exit");
  const auto result = editor.apply("ip access-list standard A");
  EXPECT_EQ(result.outcome, LineResult::Outcome::Refused);
  EXPECT_EQ(result.notes, std::vector<std::string>{"% A named Extended IP access list with this name already exists"});
}

TEST(StandardLists, are_no_crypto_access_lists) {
  const auto parsed = parse_document("ip access-list standard S\n permit any\ncrypto map M 10 ipsec-isakmp\n match address S\n");
  ASSERT_EQ(parsed.diagnostics.size(), 1U);
  EXPECT_EQ(render_diagnostic(parsed.diagnostics[0], "F"), "F:4:2: notice: access list S is a standard list: this needs an extended one");
}

TEST(Vrfs, the_end_of_a_family_is_printed) {
  const std::string text = "vrf definition RED\n rd 1:1\n address-family ipv4\n  route-target export 1:1\n exit-address-family\n";
  EXPECT_TRUE(has_line(canonical(text), "  route-target export 1:1\n exit-address-family"));
  const auto parsed = parse_document("vrf definition RED\n address-family ipv4\n foo\n  bar\n address-family ipv6\nvrf definition B\n rd 1:1\n");
  const auto rendered = render_document(parsed.document);
  EXPECT_EQ(parse_document(rendered).document, parsed.document) << rendered;
}

TEST(Ikev2Profiles, match_vrf_is_match_fvrf) {
  const auto config = parse_document("crypto ikev2 profile P\n match vrf RED\n").config;
  EXPECT_EQ(config.ikev2_profiles.at("P").front_door_vrf, "RED");
}

}  // namespace
}  // namespace rri
