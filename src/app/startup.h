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

}  // namespace rri::app
