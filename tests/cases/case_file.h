// tests/cases/case_file.h -- one `.case` file: configuration and events in,
// operations, routes and notices out. The format is told in README.md.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rri::cases {

struct Section {
  enum class Kind : std::uint8_t { Config, Step, Restart, Operations, Routes, Notices, Error };
  Kind kind{};
  std::uint32_t line = 0;             // of its header
  std::string text;                   // Config, Step and Restart: as written
  std::vector<std::string> expected;  // the others: lines without comments and blanks at the ends
};

struct CaseFile {
  std::string name;                // without directory and `.case`
  std::vector<Section> sections;   // the first is Config, and no other one is
  std::set<std::string> left_out;  // variants that this case cannot be run in
};

/// Errors name the line.
Result<CaseFile> parse_case(std::string name, std::string_view text);

}  // namespace rri::cases
