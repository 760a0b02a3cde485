// app/doctor/strongswan_conf.h -- strongswan.conf as charon reads it. Pure.
//
//   name { ... }   name = value   include PATTERN   # comment
//
// A later value replaces an earlier one; includes stand where they are written,
// their pattern is relative to the including file, and what does not exist is no
// error (strongswan.conf(5)). Only what a doctor asks for is understood: values
// keep their text, `name : parent {` is read as a plain section.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/doctor/facts.h"

namespace rri::doctor {

struct NamedText {
  std::string name;
  std::string text;
};

/// The readable files that a path or pattern names, sorted; none is no error.
using FindFiles = std::function<std::vector<NamedText>(const std::string& pattern)>;

/// Reads `path` and what it includes, at most kMaxFiles files.
StrongswanSettings read_strongswan_conf(const std::string& path, const FindFiles& find_files);

}  // namespace rri::doctor
