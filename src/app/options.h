// app/options.h -- the command line of rrid.
#pragma once

#include <optional>
#include <string>

#include "app/log.h"

namespace rri::app {

/// Where things are when nobody says otherwise (SPEC.md section 8).
inline constexpr const char* kDefaultConfig = "/etc/rri/startup-config";
inline constexpr const char* kDefaultSocket = "/run/rri/rri.sock";
inline constexpr const char* kDefaultStateDir = "/var/lib/rri";

inline constexpr const char* kVersion = "RRI for Linux 0.1.0";

struct DaemonOptions {
  std::string config = kDefaultConfig;
  std::string socket = kDefaultSocket;
  std::string state_dir = kDefaultStateDir;
  LogLevel log_level = LogLevel::Info;
  std::string record;                // "" when not asked for
  std::optional<std::string> check;  // --check FILE: diagnostics only
};

/// Options, or the status to exit with (help, version and usage errors are
/// printed by then).
struct ParsedOptions {
  DaemonOptions options;
  std::optional<int> exit_status;
};

ParsedOptions parse_daemon_options(int argc, const char* const* argv);

}  // namespace rri::app
