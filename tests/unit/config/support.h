// Small steps that the configuration tests share.
#pragma once

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/lexer.h"

namespace rri::testing {

inline std::string read_data(const std::string& name) {
  std::ifstream file(std::string(RRI_TESTS_DIR) + "/data/config/" + name, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::vector<std::string> errors_of(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> found;
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity == Severity::Error) found.push_back(render_diagnostic(diagnostic, "F"));
  }
  return found;
}

/// The canonical text of `text`.
inline std::string canonical(std::string_view text) { return render_document(parse_document(text).document); }

inline bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

inline std::vector<std::string> carried_of(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& line : parse_document(text).document.carried()) found.push_back(line.text);
  return found;
}

/// `text` with each line at the margin; banners, macros stay as they are.
inline std::string flattened(const std::string& text) {
  std::string flat;
  std::string delimiter;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool is_text = !delimiter.empty();
    if (is_text && line.find(delimiter) != std::string::npos) delimiter.clear();
    const auto first = std::min(line.find_first_not_of(" \t"), line.size());
    flat += (is_text ? line : line.substr(first)) + "\n";
    const std::string_view bare = std::string_view(line).substr(first);
    if (is_text) continue;
    const auto words = lex_line(bare).words;
    if (bare.starts_with("banner ") && words.size() > 1) {
      const auto& mark = words[words.size() > 2 ? 2 : 1];
      delimiter = mark.text.substr(0, mark.text.starts_with("^C") ? 2 : 1);
      if (bare.find(delimiter, mark.offset + delimiter.size()) != std::string_view::npos) delimiter.clear();
    }
    if (bare.starts_with("macro name ")) delimiter = "@";
  }
  return flat;
}

}  // namespace rri::testing
