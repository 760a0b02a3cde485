// config/document.h -- a configuration as lines, in canonical order.
//
// The Document is what gets shown and saved; lower_document() makes the typed
// model::Config out of it. Every line is one of four kinds: a Command that a
// grammar row took, its Negated form where that is a setting of its own (`no ip
// routing`), a Carried line that no row knows, and a Refused line that a row
// almost took. The last two keep their own text and act on nothing.
//
// Siblings stand in canonical order: commands by grammar row and key, each
// followed by the carried lines that were written behind it. That order is kept
// at insertion, so rendering only walks, and reading the rendered text gives the
// same Document. Positions and reasons take no part in equality.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/config.h"

namespace rri {

struct CompiledRow;  // config/grammar.h

enum class LineKind : std::uint8_t { Command, Negated, Carried, Refused };

/// One word of a line in canonical form: a keyword in full, a value as its type
/// prints it. `slot` is the name that the row gives it, "" for plain keywords.
struct Word {
  std::string text;
  std::string_view slot;  // lives as long as the grammar: forever
  bool is_keyword = true;

  friend bool operator==(const Word& a, const Word& b) { return a.text == b.text; }
};

struct Line {
  LineKind kind = LineKind::Command;
  const CompiledRow* row = nullptr; // null for Carried; a Refused line's nearest row, if it opens a section
  std::vector<Word> words;        // Carried and Refused: one word, the raw text without indentation
  std::uint32_t sequence = 0;     // of access list and prefix list lines
  std::uint32_t depth = 0;        // Carried inside a carried section: how many levels below its opener
  bool opens_carried = false;     // Carried: a known opener of a section that is carried whole
  std::vector<Line> children;
  TextPosition position;
  std::string reason;             // Refused: why
  std::uint32_t reason_column = 0;

  /// The text of the word that the row calls `slot`; "" when it is not there.
  [[nodiscard]] std::string_view value(std::string_view slot) const;
  [[nodiscard]] bool has(std::string_view slot) const;
  /// Whether the keyword `text` is one of the words (values do not count).
  [[nodiscard]] bool has_keyword(std::string_view text) const;
  /// The texts of all words called `slot`, in order.
  [[nodiscard]] std::vector<std::string_view> values(std::string_view slot) const;
  /// All words with one blank between, without indentation, sequence or `no`.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Line& a, const Line& b);
};

/// A carried line, for `show configuration carried`.
struct CarriedLine {
  std::vector<std::string> sections;  // the openers around it, outermost first
  std::string text;
  TextPosition position;
};

/// A whole configuration. A value: copy it, change the copy, compare, commit.
struct Document {
  std::vector<Line> lines;

  /// Every carried and refused line with its place, in order.
  [[nodiscard]] std::vector<CarriedLine> carried() const;

  friend bool operator==(const Document& a, const Document& b) { return a.lines == b.lines; }
};

}  // namespace rri
