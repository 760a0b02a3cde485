// tests/cases/case_run.h -- runs one case file, plainly and along other paths.
//
// What comes out may depend on the state only, never on the way to it. So each
// file is also run along other paths to the same state, and must end with the
// same rows:
//   reversed    SA events between two lines of another kind in reverse order, by
//               SA; not where SAs claim one prefix or share a `maximum`, because
//               there the first one has a right;
//   duplicated  every line but `tick` twice; the second time nothing happens;
//   split       CONFIG typed line by line into an empty configuration;
//   squashed    everything between two ticks at once, before any answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case_file.h"

namespace rri::cases {

enum class Variant : std::uint8_t { Plain, Reversed, Duplicated, Split, Squashed };

constexpr std::string_view to_string(Variant variant) {
  constexpr std::string_view kNames[] = {"plain", "reversed", "duplicated", "split", "squashed"};
  return kNames[static_cast<std::size_t>(variant)];
}

/// Runs the file as written; gives what is not as expected, empty when all is well.
std::vector<std::string> run_plain(const CaseFile& file);
/// Runs it along another path and compares the last rows with those of the plain run.
std::vector<std::string> run_variant(const CaseFile& file, Variant variant);

}  // namespace rri::cases
