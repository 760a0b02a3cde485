#include <fmt/format.h>

#include <algorithm>

#include "config/config.h"
#include "config/limits.h"

namespace rri {
namespace {

/// Diagnostics up to kMaxDiagnostics, and one more that counts the rest.
void bound_diagnostics(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    if (a.position.line != b.position.line) return a.position.line < b.position.line;
    return a.position.column < b.position.column;
  });
  if (diagnostics.size() <= kMaxDiagnostics) return;
  const auto left_out = diagnostics.size() - kMaxDiagnostics;
  const auto position = diagnostics[kMaxDiagnostics].position;
  diagnostics.resize(kMaxDiagnostics);
  diagnostics.push_back(
      {Severity::Error, position, fmt::format("{} more diagnostics from here on are not shown", left_out)});
}

}  // namespace

ParseResult parse_document(std::string_view text) { return parse_document(text, Editor::Options()); }

ParseResult parse_document(std::string_view text, const Editor::Options& options) {
  ParseResult result;
  if (text.size() > kMaxTextBytes) {
    result.diagnostics.push_back({Severity::Error, {1, 1},
                                  fmt::format("the text has {} bytes; more than {} are not read", text.size(),
                                              kMaxTextBytes)});
    text = {};
  }
  Editor editor(result.document, options);
  std::uint32_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto applied = editor.apply(text.substr(0, end), ++number);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    for (auto& diagnostic : applied.diagnostics) result.diagnostics.push_back(std::move(diagnostic));
  }
  for (auto& diagnostic : editor.finish()) result.diagnostics.push_back(std::move(diagnostic));
  for (const auto& diagnostic : result.diagnostics) {
    if (diagnostic.severity == Severity::Error && result.refused.size() < kMaxDiagnostics) result.refused.push_back(diagnostic);
  }
  auto lowered = lower_document(result.document);
  result.config = std::move(lowered.config);
  for (auto& diagnostic : lowered.diagnostics) result.diagnostics.push_back(std::move(diagnostic));
  bound_diagnostics(result.diagnostics);
  return result;
}

}  // namespace rri
