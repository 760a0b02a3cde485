// config/diagnostic.h -- what is wrong with a configuration, and where.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/config.h"

namespace rri {

/// Error: a line was refused. Warning: a line acts otherwise than one may think.
/// Notice: worth telling, for instance a name that nothing defines yet.
enum class Severity : std::uint8_t { Error, Warning, Notice };

struct Diagnostic {
  Severity severity = Severity::Error;
  TextPosition position;  // column of the first word that fits nothing
  std::string text;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// "FILE:LINE:COLUMN: error: TEXT", without a line end.
std::string render_diagnostic(const Diagnostic& diagnostic, std::string_view file);

/// Whether one of them is an error.
bool has_errors(const std::vector<Diagnostic>& diagnostics);

}  // namespace rri
