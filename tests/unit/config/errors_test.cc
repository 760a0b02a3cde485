// Located errors: line, column, reason; the rest loads.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>

#include "unit/config/support.h"

namespace rri {
namespace {

using testing::errors_of;

struct ErrorCase {
  const char* text;
  const char* expected;  // beginning of the diagnostic
};

class Errors : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(Errors, are_located) {
  const auto parsed = parse_document(GetParam().text);
  const auto errors = errors_of(parsed.diagnostics);
  ASSERT_EQ(errors.size(), 1U) << GetParam().text;
  EXPECT_EQ(errors[0].substr(0, std::string(GetParam().expected).size()), GetParam().expected);
  const auto rendered = render_document(parsed.document);
  EXPECT_EQ(parse_document(rendered).document, parsed.document) << rendered;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, Errors,
    ::testing::Values(
        ErrorCase{"crypto map M 10 ipsec-isakmp\n set peer 300.1.1.1\n", "F:2:11: error: \"300.1.1.1\" does not fit"},
        ErrorCase{"crypto map M 70000 ipsec-isakmp\n set peer 1.1.1.1\n", "F:1:14: error: 70000 is out of range"},
        ErrorCase{"crypto map M 0 ipsec-isakmp\n", "F:1:14: error: 0 is out of range"},
        ErrorCase{"crypto map M 10 ipsec-isakmp\n set reverse-route distance 0\n", "F:2:29: error: 0 is out of range"},
        ErrorCase{"crypto map M 10 ipsec-isakmp\n set reverse-route tag 4294967296\n", "F:2:24: error: 4294967296 is"},
        ErrorCase{"crypto map M 10 ipsec-isakmp\n reverse-route gateway\n", "F:2:23: error: `gateway` needs"},
        ErrorCase{"crypto map M 10 ipsec-isakmp\n match address\n", "F:2:15: error: incomplete command"},
        ErrorCase{"interface Gi0/0\n ip address 10.0.0.1\n", "F:2:21: error: incomplete command"},
        ErrorCase{"interface Gi0/0\n ip address 10.0.0.1 255.0.255.0\n", "F:2:22: error: \"255.0.255.0\" does not fit"},
        ErrorCase{"interface Gi0/0\n standby 9999 ip 10.0.0.1\n", "F:2:10: error: 9999 is out of range"},
        ErrorCase{"interface Gi0/0\n standby 1 priority 256\n", "F:2:21: error: 256 is out of range"},
        ErrorCase{"ip route 10.0.0.0 255.0.0.0 10.0.0.300\n", "F:1:29: error: \"10.0.0.300\" does not fit"},
        ErrorCase{"ip route 10.0.0.1 255.0.0.0 10.0.0.2\n", "F:1:10: error: the address has bits"},
        ErrorCase{"ip ro 10.0.0.0 255.0.0.0 10.0.0.2\n", "F:1:4: error: \"ro\" is ambiguous"},
        ErrorCase{"access-list 102 permit ip any any eq 80\n", "F:1:35: error: \"eq\" does not fit"},
        ErrorCase{"access-list 102 permit tcp any\n", "F:1:31: error: incomplete command"},
        ErrorCase{"ip access-list extended A\n 10 permit ip any any\n 10 deny ip any any\n", "F:3:2: error: sequence"},
        ErrorCase{"ip prefix-list P permit 10.0.0.0/33\n", "F:1:25: error: \"10.0.0.0/33\" does not fit"},
        ErrorCase{"ip prefix-list P permit 10.0.0.0/8 ge 4\n", "F:1:39: error: a prefix list entry needs"},
        ErrorCase{"ip prefix-list P seq 5 permit 10.0.0.0/8 le 9 ge 16\n", "F:1:45: error: a prefix list entry"},
        ErrorCase{"rri\n route kernel protocol 199\n", "F:2:24: error: 199 is out of range"},
        ErrorCase{"rri\n ike\n", "F:2:5: error: incomplete command"},
        ErrorCase{"no set\nno crypto map\n", "F:2:14: error: incomplete command"}));

TEST(Diagnostics, of_typed_lines_are_in_no_file) {
  EXPECT_EQ(render_diagnostic({Severity::Error, {0, 1}, "no"}, "startup-config"), "running-config: error: no");
  EXPECT_EQ(render_diagnostic({Severity::Error, {7, 2}, "no"}, "startup-config"), "startup-config:7:2: error: no");
}

class CutEntry : public ::testing::TestWithParam<const char*> {};

TEST_P(CutEntry, takes_nothing_away) {
  const std::string lists = "access-list 10 permit 10.0.0.1\naccess-list 199 permit icmp any any\n"
                            "ip prefix-list P permit 10.0.0.0/8\nip prefix-list P permit 11.0.0.0/8\n"
                            "ip access-list extended A\n permit ip any any\n permit icmp any any\n";
  const auto before = parse_document(lists).document;
  Editor::Options options;
  options.keep_refused = false;
  auto after = before;
  Editor editor(after, options);
  editor.apply("ip access-list extended A");
  const auto result = editor.apply(GetParam());
  EXPECT_EQ(result.refusal, LineResult::Refusal::Incomplete);
  EXPECT_EQ(after, before) << render_document(after);
  EXPECT_EQ(errors_of(parse_document(lists + GetParam() + "\n").diagnostics).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Lines, CutEntry,
                         ::testing::Values("no access-list 199 permit", "no access-list 199 permit icmp an", "no access-list 199 permit icmp any host",
                                           "default access-list 199 permit icmp an", "no access-list 10 permit host", "no access-list 10 deny",
                                           "no ip prefix-list P permit", "no ip prefix-list P seq", "no ip prefix-list P seq 5 permit",
                                           "no 10 permit tcp any", "no permit ip any", " no permit", " no deny", "no 10 permit", " default permit"));

TEST(Notices, name_lines_that_point_to_nothing) {
  const auto texts_of = [](const char* text) {
    std::vector<std::string> texts;
    for (const auto& one : parse_document(text).diagnostics) texts.push_back(one.text);
    return texts;
  };
  EXPECT_EQ(texts_of("crypto map M local-address Loopback9\n"), std::vector<std::string>{"interface Loopback9 is not defined"});
  EXPECT_EQ(texts_of("ip route 10.1.0.0 255.255.0.0 GigabitEthernet1 dhcp\n").size(), 1U);
}

TEST(Errors, make_the_entry_unusable_and_nothing_else) {
  const auto parsed = parse_document(
      "crypto map M 10 ipsec-isakmp\n set peer 300.1.1.1\n set peer 1.1.1.1\ncrypto map M 20 ipsec-isakmp\n set peer 2.2.2.2\n");
  const auto& entries = parsed.config.crypto_maps.at("M").entries;
  EXPECT_TRUE(entries.at(10).has_error);
  EXPECT_EQ(entries.at(10).error.substr(0, 7), "line 2:");
  EXPECT_EQ(entries.at(10).peers.size(), 1U);
  EXPECT_FALSE(entries.at(20).has_error);
}

TEST(Errors, lines_of_a_refused_section_go_nowhere_else) {
  const auto parsed =
      parse_document("crypto map M 10 ipsec-isakmp\n set peer 1.1.1.1\ncrypto map M 99999 ipsec-isakmp\n set peer 2.2.2.2\n");
  EXPECT_EQ(parsed.config.crypto_maps.at("M").entries.at(10).peers.size(), 1U);
}

TEST(Errors, bad_input_never_stops_the_reader) {
  EXPECT_TRUE(parse_document("").diagnostics.empty());
  EXPECT_EQ(errors_of(parse_document(std::string(10'000'000, 'a')).diagnostics).size(), 1U);
  std::string binary;
  for (int i = 0; i < 100'000; ++i) binary.push_back(static_cast<char>(i * 7919 >> 3));
  EXPECT_FALSE(errors_of(parse_document(binary + "\nhostname x\n").diagnostics).empty());
  EXPECT_EQ(parse_document(binary + "\nhostname x\n").config.hostname, "x");
}

TEST(Errors, unreadable_lines_make_their_entry_unusable) {
  const std::string long_line = " set peer 203.0.113.1" + std::string(5000, ' ') + "x";
  std::string many_words = " set transform-set";
  for (int i = 0; i < 200; ++i) many_words += " t";
  for (const auto& line : {std::string(" set peer 203.0.113.1\x01"), std::string(" \x7Fset peer 203.0.113.1"), long_line,
                           many_words, std::string(" \x02") + std::string(3000, '\x01')}) {
    const auto parsed = parse_document("crypto map M 10 ipsec-isakmp\n" + line + "\n set peer 203.0.113.2\n");
    EXPECT_EQ(errors_of(parsed.diagnostics).size(), 1U);
    const auto& entry = parsed.config.crypto_maps.at("M").entries.at(10);
    EXPECT_TRUE(entry.has_error);
    EXPECT_EQ(entry.error.substr(0, 7), "line 2:");
    const auto rendered = render_document(parsed.document);
    EXPECT_EQ(rendered.find('\x01'), std::string::npos);
    EXPECT_EQ(parse_document(rendered).document, parsed.document);
    EXPECT_EQ(parsed.document.carried().size(), 1U);
  }
}

TEST(Errors, unreadable_lines_of_carried_sections_read_back) {
  for (const auto* text : {"router bgp 1\n neighbor \x01 x\n  more\nhostname a\n", "a\x01\n  b\n", "x y\n\x01\n  b\n",
                           "interface Gi0/0\n\x01\nshutdown\n", "crypto ikev2 keyring K\n peer P\n  \x01\n peer Q\n"}) {
    const auto parsed = parse_document(text);
    const auto rendered = render_document(parsed.document);
    EXPECT_EQ(parse_document(rendered).document, parsed.document) << rendered;
  }
}

TEST(Errors, what_a_pager_leaves_in_a_capture_is_taken_off) {
  const std::string erased = "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b";
  for (const auto& left : {" --More-- " + erased, std::string(" --More-- \r          \r"), std::string("\x1b[7m--More--\x1b[m\r\x1b[K"),
                           erased, std::string("\x1b[K")}) {
    const auto parsed = parse_document("crypto map M 10 ipsec-isakmp\n set peer 203.0.113.1\n" + left +
                                       " match address A\n" + left + "hostname after\n");
    EXPECT_EQ(errors_of(parsed.diagnostics), std::vector<std::string>());
    EXPECT_EQ(parsed.config.crypto_maps.at("M").entries.at(10).match_address, "A");
    EXPECT_EQ(parsed.config.hostname, "after");
    EXPECT_TRUE(parsed.document.carried().empty());
  }
}

TEST(Errors, refused_lines_reach_profiles_and_lists) {
  const auto parsed = parse_document(
      "crypto ipsec profile P\n reverse-route\n set reverse-route distance 0\n"
      "access-list 101 permit ip any 10.0.0.0 0.255.255.255\naccess-list 101 permit ip any 10.0.0.300 0.0.0.255\n"
      "ip access-list extended A\n permit ip any host 10.0.0.300\nipv6 access-list A6\n permit ipv6 any zzz\n"
      "ip prefix-list L permit 10.0.0.0/33\nip prefix-list G permit 10.0.0.0/8 ge 4\n"
      "crypto isakmp profile I\n keepalive 1\ncrypto ikev2 profile K\n lifetime 1\n");
  const auto& config = parsed.config;
  EXPECT_EQ(config.ipsec_profiles.at("P").error.substr(0, 7), "line 3:");
  EXPECT_FALSE(config.ipsec_profiles.at("P").reverse_route.enabled);
  EXPECT_EQ(config.access_lists.at("101").error.substr(0, 7), "line 5:");
  EXPECT_EQ(config.access_lists.at("101").lines.size(), 1U);
  EXPECT_EQ(config.access_lists.at("A").error.substr(0, 7), "line 7:");
  EXPECT_EQ(config.ipv6_access_lists.at("A6").error.substr(0, 7), "line 9:");
  EXPECT_EQ(config.prefix_lists.at("L").error.substr(0, 8), "line 10:");
  EXPECT_EQ(config.prefix_lists.at("G").error.substr(0, 8), "line 11:");
  EXPECT_EQ(config.isakmp_profiles.at("I").error.substr(0, 8), "line 13:");
  EXPECT_EQ(config.ikev2_profiles.at("K").error.substr(0, 8), "line 15:");
}

/// Long texts take time in proportion: ten times the lines, well under a hundred times the time.
TEST(Errors, long_configurations_are_read_in_time) {
  const auto seconds = [](int count, const std::function<std::string(int)>& line) {
    std::string text;
    for (int i = 0; i < count; ++i) text += line(i);
    const auto start = std::chrono::steady_clock::now();
    parse_document(text);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  constexpr int kFew = 3000;
  constexpr int kMany = 30000;
  const std::vector<std::function<std::string(int)>> lines = {
      [](int i) { return fmt::format("access-list 101 permit ip any host 10.{}.{}.1\n", i / 256, i % 256); },
      [](int i) { return fmt::format("no foo {}\n", i); }, [](int i) { return fmt::format("foo {}\nno foo {}\n", i, i); },
      [](int i) { return fmt::format("class-map match-any C{}\n match access-group {}\n", i, i); },
      [](int i) { return fmt::format("ip prefix-list P permit 10.{}.{}.0/24\n", i / 256, i % 256); }};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto few = std::max(seconds(kFew, lines[i]), 0.01);
    const auto many = seconds(kMany, lines[i]);
    EXPECT_LT(many, few * 60) << i;
    RecordProperty(fmt::format("seconds_{}", i), fmt::format("{:.2f} {:.2f}", few, many));
  }
}

TEST(Errors, cut_anywhere_a_text_still_reads_back) {
  const auto text = testing::read_data("every_area.cfg");
  ASSERT_GT(text.size(), 1000U);
  for (std::size_t cut = 0; cut < text.size(); cut += 97) {
    const auto parsed = parse_document(text.substr(0, cut));
    ASSERT_EQ(parse_document(render_document(parsed.document)).document, parsed.document) << cut;
  }
}

}  // namespace
}  // namespace rri
