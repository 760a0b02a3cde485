// app/startup.h -- reading the startup configuration, and what makes starting impossible.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace rri::app {

/// The text of a configuration file. Fails on what is no readable regular file
/// and on more than config/limits.h allows.
Result<std::string> read_config_file(const std::string& path);

/// Whether a file may replace the whole running configuration: it is text, some line
/// of it is a command known here, and no line of it is in error.
Result<> check_replacement(std::string_view text, const ParseResult& parsed, const std::string& file);

}  // namespace rri::app
