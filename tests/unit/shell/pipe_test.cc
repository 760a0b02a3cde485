#include "shell/pipe.h"

#include <gtest/gtest.h>

namespace rri::shell {
namespace {

std::string filtered(FilterKind kind, const std::string& expression, std::string_view text, std::size_t step = 1000) {
  auto filter = LineFilter::make({kind, expression});
  EXPECT_TRUE(filter);
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += step) out += filter->feed(text.substr(i, step));
  return out + filter->finish();
}

constexpr std::string_view kConfig =
    "hostname HUB\n"
    "crypto map VPN 10\n"
    " set peer 10.1.1.1\n"
    " reverse-route\n"
    "interface eth0\n"
    " crypto map VPN\n"
    "end\n";

TEST(SplitPipe, takes_filters_and_their_abbreviations) {
  const auto piped = split_pipe("show run | i crypto map|end ");
  ASSERT_TRUE(piped && piped->filter);
  EXPECT_EQ(piped->command, "show run ");
  EXPECT_EQ(piped->filter->kind, FilterKind::Include);
  EXPECT_EQ(piped->filter->expression, "crypto map|end");
  EXPECT_EQ(split_pipe("x|sec y")->filter->kind, FilterKind::Section);
  EXPECT_EQ(split_pipe("x | BEGIN y")->filter->kind, FilterKind::Begin);
  EXPECT_FALSE(split_pipe("show run")->filter);
}

TEST(SplitPipe, takes_the_two_kinds_of_a_section_and_files) {
  EXPECT_EQ(split_pipe("x | section include ^crypto map")->filter->expression, "^crypto map");
  EXPECT_EQ(split_pipe("x | sec exc y")->filter->kind, FilterKind::SectionExclude);
  EXPECT_EQ(split_pipe("x | section include")->filter->expression, "include");
  EXPECT_EQ(split_pipe("x | redirect flash:a")->filter->kind, FilterKind::Redirect);
  EXPECT_EQ(split_pipe("x | tee a")->filter->expression, "a");
  EXPECT_EQ(split_pipe("x | app a")->filter->kind, FilterKind::Append);
}

TEST(SplitPipe, says_where_it_is_wrong) {
  EXPECT_EQ(split_pipe("show run | grep x").error().column, 12U);
  EXPECT_EQ(split_pipe("show run |").error().column, 0U);
  EXPECT_EQ(split_pipe("show run | include").error().column, 0U);
}

TEST(LineFilter, filters_the_same_however_the_bytes_come) {
  for (const std::size_t step : {1U, 3U, 1000U}) {
    EXPECT_EQ(filtered(FilterKind::Include, "crypto map", kConfig, step), "crypto map VPN 10\n crypto map VPN\n");
    EXPECT_EQ(filtered(FilterKind::Exclude, "^ ", kConfig, step), "hostname HUB\ncrypto map VPN 10\ninterface eth0\nend\n");
    EXPECT_EQ(filtered(FilterKind::Begin, "^interface", kConfig, step), "interface eth0\n crypto map VPN\nend\n");
    EXPECT_EQ(filtered(FilterKind::Section, "^crypto|^interface", kConfig, step),
              "crypto map VPN 10\n set peer 10.1.1.1\n reverse-route\ninterface eth0\n crypto map VPN\n");
    EXPECT_EQ(filtered(FilterKind::SectionExclude, "^crypto|^interface", kConfig, step), "hostname HUB\nend\n");
    EXPECT_EQ(filtered(FilterKind::Count, "VPN", kConfig, step), "Number of lines which match regexp = 2\n");
  }
}

TEST(LineFilter, a_last_line_without_end_counts) { EXPECT_EQ(filtered(FilterKind::Include, "b", "a\nb"), "b\n"); }

TEST(LineFilter, a_bad_expression_is_told) {
  const auto filter = LineFilter::make({FilterKind::Include, "a(b"});
  ASSERT_FALSE(filter);
  EXPECT_NE(filter.error().text.find("a(b"), std::string::npos);
}

TEST(LineFilter, an_endless_line_is_not_kept_whole) {
  auto filter = LineFilter::make({FilterKind::Exclude, "^y"});
  ASSERT_TRUE(filter);
  std::size_t out = 0;
  for (int i = 0; i < 100; ++i) out += filter->feed(std::string(100000, 'x')).size();
  EXPECT_GT(out, 8'000'000U);
}

}  // namespace
}  // namespace rri::shell
