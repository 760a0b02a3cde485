// config/matcher.h -- fits one line to the rows of one mode.
//
// All rows walk over the words side by side. At each word an exact keyword beats
// abbreviations, and abbreviations of different keywords are ambiguous, as in
// IOS. A row that passed its commit mark and then fails gives the error; one
// that fails before it just does not know the line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/document.h"
#include "config/grammar.h"
#include "config/lexer.h"

namespace rri {

/// A row that took the whole line.
struct RowMatch {
  const CompiledRow* row = nullptr;
  std::vector<Word> words;  // canonical
};

/// A row that knew the line, up to a point.
struct Misfit {
  enum class Reason : std::uint8_t { Invalid, Incomplete, Ambiguous, OutOfRange };  // the later says more
  Reason reason = Reason::Invalid;
  const CompiledRow* row = nullptr;
  std::size_t word = 0;        // index; the word count when incomplete
  std::uint32_t column = 0;    // of that word
  std::uint32_t caret = 0;     // first character that fits nothing
  std::string text;
};

struct MatchResult {
  std::vector<RowMatch> matches;  // best first; several only for truncated `no` lines
  std::optional<Misfit> misfit;   // only when nothing matched

  [[nodiscard]] bool fits() const { return !matches.empty(); }
};

/// Fits the words of `line` from index `first` on. With `truncated` (`no` and
/// `default` lines) a row may also end behind its `^` mark.
MatchResult match_line(Mode mode, const LexedLine& line, std::size_t first, bool truncated);

/// What may stand at one place of a line.
struct Expectation {
  std::string text;                  // a keyword, or "WORD", "<1-65535>"
  std::string help;                  // of the commands that go on so, when they agree
  bool is_keyword = true;
  std::string_view slot;             // of a value: what the row calls it

  friend bool operator==(const Expectation&, const Expectation&) = default;
};

struct Expectations {
  std::vector<Expectation> words;    // keywords by name, then values
  bool may_end = false;              // <cr>
  bool fits = true;                  // false: the words so far are no command of this mode
  std::size_t misfit_word = 0;       // the first that is none
  std::uint32_t caret = 0;
};

/// What may follow the words of `line` from index `first` on, in `mode` alone.
Expectations expect_after(Mode mode, const LexedLine& line, std::size_t first, bool truncated);

}  // namespace rri
