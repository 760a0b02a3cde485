// Every configuration of tests/data/config reads back as it was rendered, and a
// real router's loads whole.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "config/document_text.h"
#include "unit/config/support.h"

namespace rri {
namespace {

class RoundTrip : public ::testing::TestWithParam<const char*> {};

TEST_P(RoundTrip, rendering_is_a_fixed_point) {
  const auto text = testing::read_data(GetParam());
  ASSERT_FALSE(text.empty());
  const auto parsed = parse_document(text);
  const auto rendered = render_document(parsed.document);
  const auto again = parse_document(rendered);
  EXPECT_EQ(again.document, parsed.document);
  EXPECT_EQ(render_document(again.document), rendered);
}

TEST_P(RoundTrip, it_may_rest_behind_any_line) {
  const auto parsed = parse_document(testing::read_data(GetParam()));
  const auto whole = render_document(parsed.document);
  for (const std::size_t lines : {1U, 7U}) {
    DocumentText text;
    auto copy = std::make_unique<Document>(parsed.document);
    while (text.add(*copy, lines)) copy = std::make_unique<Document>(*copy);  // elsewhere in memory
    EXPECT_EQ(text.take(), whole) << lines;
  }
}

TEST_P(RoundTrip, one_session_line_by_line_gives_the_same) {
  const auto text = testing::read_data(GetParam());
  Document document;
  Editor editor(document);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    editor.apply(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  EXPECT_EQ(document, parse_document(text).document);
}

INSTANTIATE_TEST_SUITE_P(Files, RoundTrip,
                         ::testing::Values("every_area.cfg", "hub_router.cfg", "router_ios124.cfg", "router_xe17.cfg", "router_isr154.cfg",
                                           "switch_ios122.cfg", "voice_gateway_xe16.cfg",
                                           "cisco_static_map.cfg", "cisco_remote_peer.cfg"));

TEST(ByteOrderMark, behind_blanks_is_none_of_the_line) {
  const auto parsed = parse_document(" \xEF\xBB\xBF\xEF\xBB\xBF unheard of\n");
  EXPECT_EQ(parse_document(render_document(parsed.document)).document, parsed.document);
  const auto paged = parse_document("\xEF\xBB\xBF--More-- hostname A\n\t--More--\n");
  EXPECT_EQ(paged.config.hostname, "A");
  EXPECT_EQ(parse_document(render_document(paged.document)).document, paged.document);
}

TEST(HubRouter, loads_whole) {
  const auto text = testing::read_data("hub_router.cfg");
  ASSERT_GT(std::count(text.begin(), text.end(), '\n'), 1000);
  const auto parsed = parse_document(text);
  EXPECT_EQ(testing::errors_of(parsed.diagnostics), std::vector<std::string>());
  EXPECT_EQ(parsed.config.crypto_maps.at("EDGE").entries.size(), 61U);
  EXPECT_EQ(parsed.config.interfaces.at("GigabitEthernet0/0/1").maps.at(0).redundancy_group, "EDGE-HA");
  EXPECT_FALSE(parsed.config.interfaces.at("GigabitEthernet0/0/1").shutdown);
  EXPECT_EQ(parsed.config.vrfs.size(), 20U);
  EXPECT_EQ(parsed.config.keys.size(), 32U);
}

/// An editor that has learned what the document holds does the same with a line as
/// one that searches for it: lines that are there, that replace one, that take one away.
TEST(HubRouter, learned_document_is_edited_as_a_searched_one) {
  constexpr int kMoreThanIsSearched = 100;
  const auto text = testing::read_data("hub_router.cfg");
  const auto document = parse_document(text).document;
  std::vector<std::string> lines = {"no ip access-list extended NOT-THERE", "hostname other", "no hostname", "ip access-list extended NEW", " permit ip any any"};
  std::istringstream rest(text);
  int number = 0;
  for (std::string line; std::getline(rest, line); ++number) {
    if (number % 23 < 12) lines.push_back(line);
    if (number % 61 == 0 && !line.empty() && line[0] != ' ') lines.push_back("no " + line);
  }
  constexpr std::size_t kSearched = 60;
  for (std::size_t first = 0; first < lines.size(); first += kSearched) {
    auto searched = document;
    auto learned = document;
    Editor searching(searched);
    Editor learning(learned);
    for (int i = 0; i < kMoreThanIsSearched; ++i) learning.apply("!");
    for (auto i = first; i < std::min(first + kSearched, lines.size()); ++i) {
      searching.apply(lines[i]);
      learning.apply(lines[i]);
      ASSERT_EQ(searched, learned) << lines[i];
    }
  }
}

/// Nothing is dropped: every word of the text is in the rendering again.
TEST(HubRouter, nothing_is_lost) {
  const auto text = testing::read_data("hub_router.cfg");
  const auto rendered = testing::canonical(text);
  for (const auto* line : {"  set community 64512:77", " set community 64512:77", "route-map RRI-ONLY deny 20",
                           "ntp server 192.0.2.123", " ip ospf cost 10", "  frequency 5", " action 1.0 cli command \"enable\"",
                           " exit-address-family", "  redistribute static route-map RRI-ONLY", "line vty 0 4",
                           " permit 192.0.2.0 0.0.0.255", "access-list 1 permit 172.16.0.0 0.15.255.255"}) {
    EXPECT_NE(rendered.find(line + (line[0] == ' ' && line[1] == ' ' ? 1 : 0)), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace rri
