#include "shell/exec_grammar.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace rri::shell {
namespace {

ExecMisfit misfit_of(std::string_view line) {
  const auto match = match_exec(line);
  EXPECT_FALSE(match) << line;
  return match ? ExecMisfit{} : match.error();
}

TEST(ExecGrammar, takes_unambiguous_abbreviations_and_any_case) {
  for (const auto* line : {"show crypto route", "sh cry ro", "SHOW Crypto ROUTE", "  show\tcrypto   route  "}) {
    const auto match = match_exec(line);
    ASSERT_TRUE(match) << line;
    EXPECT_EQ(match->command, ExecCommand::ShowCryptoRoute) << line;
  }
}

TEST(ExecGrammar, options_may_be_left_out_and_keep_their_values) {
  const auto match = match_exec("sh cr r vrf RED det");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->words.at("name"), "RED");
  EXPECT_TRUE(match->has("detail"));
  EXPECT_FALSE(match_exec("show crypto route")->has("detail"));
  EXPECT_FALSE(match_exec("show crypto route detail")->has("name"));
}

TEST(ExecGrammar, an_interface_may_have_a_blank_before_its_number) {
  EXPECT_EQ(match_exec("show running-config interface GigabitEthernet 0/0/1", 15)->words.at("if"), "GigabitEthernet 0/0/1");
  EXPECT_EQ(match_exec("sh standby gi 0/0 brief")->words.at("if"), "gi 0/0");
  EXPECT_FALSE(match_exec("show standby gi 0/0 1"));
}

TEST(ExecGrammar, an_exact_keyword_beats_longer_ones) { EXPECT_EQ(match_exec("show rri")->command, ExecCommand::ShowRri); }

TEST(ExecGrammar, several_keywords_are_ambiguous) {
  EXPECT_EQ(misfit_of("s"), (ExecMisfit{ExecMisfit::Reason::Incomplete, 0}));
  EXPECT_EQ(misfit_of("show c"), (ExecMisfit{ExecMisfit::Reason::Ambiguous, 7}));
  EXPECT_EQ(misfit_of("show r"), (ExecMisfit{ExecMisfit::Reason::Ambiguous, 7}));
  EXPECT_EQ(render_misfit(misfit_of("sh c route"), "sh c route", 0), "% Ambiguous command:  \"sh c\"\n");
  EXPECT_EQ(render_misfit(misfit_of(" show c"), " show c", 0), "% Ambiguous command:  \"show c\"\n");
}

TEST(ExecGrammar, missing_words_are_incomplete) {
  for (const auto* line : {"show", "show crypto", "show crypto route vrf", "show rri explain", "clear crypto route"}) {
    EXPECT_EQ(misfit_of(line), (ExecMisfit{ExecMisfit::Reason::Incomplete, 0})) << line;
  }
  EXPECT_EQ(render_misfit({ExecMisfit::Reason::Incomplete, 0}, "show", 4), "% Incomplete command.\n\n");
}

TEST(ExecGrammar, the_caret_stands_under_the_first_character_that_fits_nothing) {
  struct Case {
    const char* line;
    std::uint32_t column;
  };
  for (const auto& [line, column] : {Case{"xyzzy", 1}, Case{"show xyz", 6}, Case{"show crypto rout x", 18}, Case{"show rri extra", 12},
                                     Case{"  show cryptx", 13}, Case{"show version now", 14}}) {
    EXPECT_EQ(misfit_of(line), (ExecMisfit{ExecMisfit::Reason::Invalid, column})) << line;
  }
  EXPECT_EQ(render_misfit({ExecMisfit::Reason::Invalid, 6}, "show xyz", 7),
            "            ^\n% Invalid input detected at '^' marker.\n\n");
}

TEST(ExecGrammar, hostile_lines_are_invalid_and_nothing_else) {
  EXPECT_EQ(misfit_of(std::string(100000, 'a')).reason, ExecMisfit::Reason::Invalid);
  EXPECT_EQ(misfit_of(std::string("show\0rri", 8)).reason, ExecMisfit::Reason::Invalid);
  EXPECT_EQ(misfit_of("show \x1b[2J").reason, ExecMisfit::Reason::Invalid);
}

TEST(ExecGrammar, every_row_matches_itself) {
  std::set<std::string_view> seen;
  for (const auto& row : exec_rows()) {
    std::string line(row.pattern);
    for (auto& c : line) c = (c == '[' || c == ']') ? ' ' : c;
    line = std::regex_replace(line, std::regex("<([0-9]+)-[0-9]+>"), "$1");
    const auto match = match_exec(line);  // a slot takes its own name as a word
    ASSERT_TRUE(match) << row.pattern;
    EXPECT_EQ(match->command, row.command) << row.pattern;
    EXPECT_FALSE(row.help.empty());
    EXPECT_TRUE(seen.insert(row.pattern).second) << row.pattern;
  }
}

}  // namespace
}  // namespace rri::shell
