#include "app/options.h"

#include <CLI/CLI.hpp>

namespace rri::app {

ParsedOptions parse_daemon_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  auto& options = parsed.options;
  std::string level = "info";
  std::string check;

  CLI::App app{"rrid - Reverse Route Injection daemon", "rrid"};
  app.set_version_flag("--version", kVersion);
  app.add_option("--config", options.config, "Startup configuration, IOS text")->capture_default_str();
  app.add_option("--socket", options.socket, "Control socket for rri")->capture_default_str();
  app.add_option("--state-dir", options.state_dir, "Directory for what must outlive a restart")->capture_default_str();
  app.add_option("--log-level", level, "error, warning, notice, info or debug")
      ->check(CLI::IsMember({"error", "warning", "notice", "info", "debug"}))
      ->capture_default_str();
  app.add_option("--record", options.record, "Write what happens to this file, as EVENTS of `rri plan`");
  auto* check_option = app.add_option("--check", check, "Only check this configuration file; exit status 1 on errors");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // 0 for --help and --version, 2 for wrong usage.
    parsed.exit_status = app.exit(error) == 0 ? 0 : 2;
    return parsed;
  }
  if (auto known = parse_log_level(level)) options.log_level = *known;
  if (check_option->count() > 0) options.check = check;
  return parsed;
}

}  // namespace rri::app
