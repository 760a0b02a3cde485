// config/lexer.h -- one line of configuration text, cut into words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rri {

/// One word and where it stands. Views into the line.
struct LexedWord {
  std::string_view text;
  std::uint32_t column = 0;  // 1-based, counted in bytes, a tab as one
  std::size_t offset = 0;
};

struct LexedLine {
  std::string_view text;          // without line end and trailing blanks
  std::vector<LexedWord> words;
  std::uint32_t column = 1;       // where the first word stands; a tab counts as up to the next eighth
  bool is_comment = false;        // `!` comes first
  bool too_long = false;          // longer than kMaxLineLengthBytes (indentation aside), or too many words
  bool binary = false;            // control characters other than blank, tab and ^C, or pictures of them

  [[nodiscard]] bool blank() const { return words.empty(); }
  /// Everything from the word at `index` to the end of the line.
  [[nodiscard]] std::string_view rest_from(std::size_t index) const;
  /// The column behind the last word: where more was expected.
  [[nodiscard]] std::uint32_t end_column() const;
};

/// Where the command begins: behind `no` and `default`.
std::size_t command_word(const LexedLine& line);

/// Never fails: a line that is too long or binary comes back without words.
LexedLine lex_line(std::string_view line);

/// The line without what a terminal's pager left in front of it in a capture:
/// `--More--`, and the backspaces or escape sequences that wiped it out.
std::string_view without_pager(std::string_view line);

/// What is kept of a line that is too long or binary: bounded, and with control
/// characters as their Unicode pictures. Read again, it is refused again.
std::string unreadable_text(const LexedLine& line);

}  // namespace rri
