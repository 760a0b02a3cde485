#include "shell/cli_reference.h"

#include <fmt/format.h>

#include "config/grammar.h"
#include "shell/exec_grammar.h"

namespace rri::shell {

namespace {

constexpr std::string_view kHead =
    "# Commands\n"
    "\n"
    "Made by `rri cli-reference` from the tables that read the lines; do not edit. `{a | b}`: one of; `[a]`: may be\n"
    "left out; `*(a | b)`: any of them in any order; `...`: once or more; `<name:type>`: a value. Every word may be\n"
    "abbreviated as long as it is unambiguous. Behind a command of the exec mode, `| include REGEX` and its kin\n"
    "(`exclude`, `begin`, `section [include | exclude]`, `count`) filter the answer, and `| redirect FILE`, `| append FILE` and\n"
    "`| tee FILE` write it to a file of the directory in which `rri` was started.\n";

/// The pattern without the marks that only the matcher needs, and without slot names of keywords.
std::string plain_pattern(std::string_view pattern) {
  std::string plain;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool is_mark = (c == '!' || c == '^') && (i + 1 == pattern.size() || pattern[i + 1] == ' ');
    if (is_mark) {
      if (++i >= pattern.size() && plain.ends_with(' ')) plain.pop_back();
      continue;
    }
    if (c == '=') {
      plain.erase(plain.find_last_of(" {[(|") == std::string::npos ? 0 : plain.find_last_of(" {[(|") + 1);
      continue;
    }
    plain += c;
  }
  return plain;
}

std::string mode_section(const Grammar& grammar, Mode mode) {
  std::string text;
  for (const auto* row : grammar.rows(mode)) {
    const bool acts = row->row.action != Action::Carry && row->row.action != Action::OpenCarried;
    if (acts) text += fmt::format("    {}\n        {}\n", plain_pattern(*row->pattern), row->row.help);
  }
  if (text.empty()) return {};
  return fmt::format("\n## Configuration: `HOST({})#`\n\n{}", mode_prompt(mode), text);
}

}  // namespace

std::string render_cli_reference() {
  std::string text(kHead);
  for (const auto& [level, title] : {std::pair{kUserLevel, "User exec: `HOST>`"}, std::pair{kPrivilegedLevel, "Privileged exec: `HOST#`"}}) {
    text += fmt::format("\n## {}\n\n", title);
    for (const auto& row : exec_rows()) {
      if (row.privilege == level) text += fmt::format("    {}\n        {}\n", row.pattern, row.help);
    }
  }
  for (int mode = 0; mode < kModeCount; ++mode) text += mode_section(config_grammar(), static_cast<Mode>(mode));
  return text;
}

}  // namespace rri::shell
