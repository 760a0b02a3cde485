// shell/pipe.h -- `COMMAND | include REGEX` and its kin, `COMMAND | redirect FILE` and its own.
//
// The filter runs on the reader's side, never in the daemon: a regular
// expression may take arbitrarily long. It works line by line on whatever pieces
// the answer comes in. Expressions are POSIX extended ones, which is what IOS's
// are as far as filters go.
#pragma once

#include <regex.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rri::shell {

enum class FilterKind : std::uint8_t { Append, Begin, Count, Exclude, Include, Redirect, Section, SectionExclude, Tee };

/// What may stand behind the `|`, by name.
struct FilterName {
  std::string_view name;
  FilterKind kind;
  std::string_view help;
};
std::span<const FilterName> filter_names();

/// What stands behind the `|`.
struct FilterWords {
  FilterKind kind{};
  std::string expression;  // or the name of the file
};

/// Whether it is a file that the answer goes to.
constexpr bool writes_file(FilterKind kind) { return kind == FilterKind::Append || kind == FilterKind::Redirect || kind == FilterKind::Tee; }

struct PipedLine {
  std::string command;
  std::optional<FilterWords> filter;
};

/// Why a line with a pipe is wrong: the column as in ExecMisfit, 0 when words
/// are missing.
struct PipeMisfit {
  std::uint32_t column = 0;
};

/// Takes a typed line apart at its first `|`.
tl::expected<PipedLine, PipeMisfit> split_pipe(std::string_view line);

class LineFilter {
 public:
  /// Fails when the expression is none.
  static Result<LineFilter> make(const FilterWords& words);

  /// Adds `bytes`; gives the lines that may pass by now.
  std::string feed(std::string_view bytes);
  /// The end of the answer: a last line without line end, or the count.
  std::string finish();

 private:
  explicit LineFilter(FilterKind kind) : kind_(kind) {}
  bool passes(const std::string& line);
  bool is_in_section(const std::string& line, bool matches);
  void take_line(std::string line, std::string& out);

  FilterKind kind_;
  std::shared_ptr<regex_t> expression_;
  std::string rest_;             // the start of a line whose end is still to come
  std::size_t count_ = 0;
  bool open_ = false;            // Begin: seen; Section: inside one
  std::size_t section_indent_ = 0;
};

}  // namespace rri::shell
