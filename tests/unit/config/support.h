// Small steps that the configuration tests share.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

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

}  // namespace rri::testing
