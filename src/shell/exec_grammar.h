// shell/exec_grammar.h -- the commands of the exec mode, as one table.
//
// A row is a pattern, its help and the command it stands for; parsing, help and
// documentation all come from the rows. Patterns: keywords, `<slot>` for one
// word, `[...]` for words that may be left out.
//
// Words are matched as IOS does it: an exact keyword wins, an unambiguous
// abbreviation is as good, and several keywords that fit are ambiguous.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace rri::shell {

enum class ExecCommand : std::uint8_t {
  ClearCryptoRoute,
  ClearCryptoRoutes,
  ShowClock,
  ShowCarried,
  ShowCryptoRoute,
  ShowHostname,
  ShowIpStaticRoute,
  ShowLogging,
  ShowRri,
  ShowRriExplain,
  ShowRunningConfig,
  ShowStartupConfig,
  ShowVersion,
};

struct ExecRow {
  std::string_view pattern;
  std::string_view help;
  ExecCommand command{};
};

/// All rows, by pattern.
std::span<const ExecRow> exec_rows();

struct ExecMatch {
  ExecCommand command{};
  std::map<std::string, std::string, std::less<>> words;  // slot to what was typed; keyword to itself

  [[nodiscard]] bool has(std::string_view word) const { return words.contains(word); }
};

struct ExecMisfit {
  enum class Reason : std::uint8_t { Invalid, Incomplete, Ambiguous };
  Reason reason{};
  std::uint32_t column = 0;  // Invalid: 1-based, the first character that fits nothing

  friend bool operator==(const ExecMisfit&, const ExecMisfit&) = default;
};

tl::expected<ExecMatch, ExecMisfit> match_exec(std::string_view line);

/// What IOS prints. `prompt_width`: columns to the left of the typed line.
std::string render_misfit(const ExecMisfit& misfit, std::string_view line, std::size_t prompt_width);

}  // namespace rri::shell
