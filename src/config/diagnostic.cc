#include "config/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

namespace rri {
namespace {

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Notice: return "notice";
  }
  return "error";
}

}  // namespace

std::string render_diagnostic(const Diagnostic& diagnostic, std::string_view file) {
  // A typed line stands in no file.
  if (diagnostic.position.line == 0) return fmt::format("running-config: {}: {}", severity_name(diagnostic.severity), diagnostic.text);
  return fmt::format("{}:{}:{}: {}: {}", file, diagnostic.position.line, diagnostic.position.column,
                     severity_name(diagnostic.severity), diagnostic.text);
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::Error; });
}

}  // namespace rri
