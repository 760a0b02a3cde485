#include "shell/exec_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/text.h"
#include "config/lexer.h"

namespace rri::shell {

namespace {

constexpr std::array kRows = {
    ExecRow{"clear crypto route *", "Withdraw all RRI routes and derive them again", ExecCommand::ClearCryptoRoutes},
    ExecRow{"clear crypto route <prefix>", "Withdraw one RRI route and derive it again", ExecCommand::ClearCryptoRoute},
    ExecRow{"show clock", "Time of day", ExecCommand::ShowClock},
    ExecRow{"show configuration carried", "Configuration lines that nothing acts on", ExecCommand::ShowCarried},
    ExecRow{"show crypto route [vrf <name>] [detail]", "Routes made by reverse-route", ExecCommand::ShowCryptoRoute},
    ExecRow{"show hostname", "The configured host name", ExecCommand::ShowHostname},
    ExecRow{"show ip static route [vrf <name>]", "Static and RRI routes", ExecCommand::ShowIpStaticRoute},
    ExecRow{"show logging", "What happened, newest last", ExecCommand::ShowLogging},
    ExecRow{"show rri", "Sources, sinks, routes by state, conflicts", ExecCommand::ShowRri},
    ExecRow{"show rri explain <address>", "Why an address is routed as it is", ExecCommand::ShowRriExplain},
    ExecRow{"show running-config", "The configuration in force", ExecCommand::ShowRunningConfig},
    ExecRow{"show startup-config", "The configuration file", ExecCommand::ShowStartupConfig},
    ExecRow{"show version", "Program version and uptime", ExecCommand::ShowVersion},
};

struct Token {
  std::string_view text;
  bool is_slot = false;
};

/// A row with every `[...]` decided; `next` tokens are matched.
struct Variant {
  const ExecRow* row = nullptr;
  std::vector<Token> tokens;
};

Token make_token(std::string_view word) {
  if (word.front() != '<') return {word, false};
  return {word.substr(1, word.size() - 2), true};
}

/// All variants of one row: every option left out, and taken.
std::vector<Variant> expand(const ExecRow& row) {
  std::vector<Variant> variants{{&row, {}}};
  std::size_t kept = 0;  // inside an option: how many variants go on without it
  for (auto word : split_words(row.pattern)) {
    if (word.front() == '[') {
      const auto without = variants;
      kept = without.size();
      variants.insert(variants.end(), without.begin(), without.end());
      word.remove_prefix(1);
    }
    const bool closes = word.back() == ']';
    if (closes) word.remove_suffix(1);
    for (auto i = kept; i < variants.size(); ++i) variants[i].tokens.push_back(make_token(word));
    if (closes) kept = 0;
  }
  return variants;
}

const std::vector<Variant>& all_variants() {
  static const auto kVariants = [] {
    std::vector<Variant> all;
    for (const auto& row : kRows) {
      for (auto& variant : expand(row)) all.push_back(std::move(variant));
    }
    return all;
  }();
  return kVariants;
}

bool is_abbreviation(std::string_view word, std::string_view keyword) {
  return word.size() <= keyword.size() && equal_ignoring_case(word, keyword.substr(0, word.size()));
}

std::size_t common_length(std::string_view word, std::string_view keyword) {
  std::size_t length = 0;
  while (length < word.size() && is_abbreviation(word.substr(0, length + 1), keyword)) ++length;
  return length;
}

using Alive = std::vector<const Variant*>;

/// The one keyword that `word` means at `index`, "" for none; nothing when it
/// means several.
std::optional<std::string_view> find_keyword(const Alive& alive, std::size_t index, std::string_view word) {
  std::string_view found;
  bool several = false;
  for (const auto* variant : alive) {
    if (index >= variant->tokens.size()) continue;
    const auto& token = variant->tokens[index];
    if (token.is_slot || !is_abbreviation(word, token.text)) continue;
    if (token.text.size() == word.size()) return token.text;
    several = several || (!found.empty() && found != token.text);
    found = token.text;
  }
  if (several) return std::nullopt;
  return found;
}

ExecMisfit invalid_at(const Alive& alive, std::size_t index, const LexedWord& word) {
  std::size_t fitting = 0;
  for (const auto* variant : alive) {
    if (index >= variant->tokens.size() || variant->tokens[index].is_slot) continue;
    fitting = std::max(fitting, common_length(word.text, variant->tokens[index].text));
  }
  return {ExecMisfit::Reason::Invalid, word.column + static_cast<std::uint32_t>(fitting)};
}

/// Drops the variants that do not go on with `word`.
std::optional<ExecMisfit> narrow(Alive& alive, std::size_t index, const LexedWord& word) {
  const auto keyword = find_keyword(alive, index, word.text);
  if (!keyword) return ExecMisfit{ExecMisfit::Reason::Ambiguous, 0};
  Alive fitting;
  for (const auto* variant : alive) {
    if (index >= variant->tokens.size()) continue;
    const auto& token = variant->tokens[index];
    if (keyword->empty() ? token.is_slot : (!token.is_slot && token.text == *keyword)) fitting.push_back(variant);
  }
  if (fitting.empty()) return invalid_at(alive, index, word);
  alive = std::move(fitting);
  return std::nullopt;
}

ExecMatch make_match(const Variant& variant, const LexedLine& line) {
  ExecMatch match{variant.row->command, {}};
  for (std::size_t i = 0; i < variant.tokens.size(); ++i) {
    const auto& token = variant.tokens[i];
    match.words.emplace(token.text, token.is_slot ? line.words[i].text : token.text);
  }
  return match;
}

}  // namespace

std::span<const ExecRow> exec_rows() { return kRows; }

tl::expected<ExecMatch, ExecMisfit> match_exec(std::string_view text) {
  const auto line = lex_line(text);
  if (line.too_long || line.binary) return tl::make_unexpected(ExecMisfit{ExecMisfit::Reason::Invalid, 1});
  Alive alive;
  for (const auto& variant : all_variants()) alive.push_back(&variant);
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    if (auto misfit = narrow(alive, i, line.words[i])) return tl::make_unexpected(*misfit);
  }
  for (const auto* variant : alive) {
    if (variant->tokens.size() == line.words.size()) return make_match(*variant, line);
  }
  return tl::make_unexpected(ExecMisfit{ExecMisfit::Reason::Incomplete, 0});
}

std::string render_misfit(const ExecMisfit& misfit, std::string_view line, std::size_t prompt_width) {
  switch (misfit.reason) {
    case ExecMisfit::Reason::Invalid:
      return fmt::format("{:{}}^\n% Invalid input detected at '^' marker.\n", "", prompt_width + misfit.column - 1);
    case ExecMisfit::Reason::Incomplete: return "% Incomplete command.\n";
    case ExecMisfit::Reason::Ambiguous: return fmt::format("% Ambiguous command:  \"{}\"\n", trim(line));
  }
  return {};
}

}  // namespace rri::shell
