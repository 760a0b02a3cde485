// app/loaded_record.h -- what the rrid before this one loaded into charon. Pure.
//
// charon lists its connections without their settings, so a new rrid could not tell
// which of them are right and would load all of them again. The record has a
// fingerprint of each, and when the charon that it speaks of was started. A second one is of
// the ends of its SAs: SAs between others do not end by themselves.
// Keys are not in it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "model/charon.h"

namespace rri::app {

struct Fingerprint {
  std::uint64_t settings = 0;
  std::uint64_t substance = 0;  // 0: not known

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

struct LoadedRecord {
  std::string charon_since;  // "Nov 26 13:46:29 2026", as charon says it: give or take a second
  std::map<std::string, Fingerprint> connections;

  friend bool operator==(const LoadedRecord&, const LoadedRecord&) = default;
};

/// 0 where VICI cannot say the settings.
Fingerprint fingerprint(const CharonConnection& connection);

/// Whether both speak of one start of charon.
bool is_same_start(const std::string& a, const std::string& b);

std::string render_record(const LoadedRecord& record);
/// Lines that are none are left out: at worst a connection is loaded again.
LoadedRecord parse_record(std::string_view text);

}  // namespace rri::app
