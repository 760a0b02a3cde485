// app/startup.h -- reading the startup configuration, and what makes starting impossible.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "shell/exec.h"

namespace rri::app {

/// Whether there is nothing of this name: no file, no link to one.
bool is_not_there(const std::string& path);

/// The text of a configuration file. Fails on what is no readable regular file
/// and on more than config/limits.h allows.
Result<std::string> read_config_file(const std::string& path);

/// The regular files beside `startup`, which is called startup-config there; none that begins with a dot.
Result<shell::FileStore> list_config_files(const std::string& startup);

/// The file that `startup-config`, `nvram:X`, `flash:X`, `file:X` or a path means: what lies on
/// a router's own file systems lies beside `startup`.
std::string find_config_file(std::string_view typed, const std::string& startup);

/// Lines that break off (`crypto map VPN 10 match`): for Editor::Options::refuse_unknown.
std::optional<Editor::Slip> find_unfinished(const LexedLine& line, Mode mode);

/// Whether a file may replace the whole running configuration: it is text that goes on to
/// its `end`, some line of it is a command known here, and no line of it is refused.
Result<> check_replacement(std::string_view text, const ParseResult& parsed, const std::string& file);

}  // namespace rri::app
