// rrid -- the daemon. Starts what app/daemon.h wires together.
#include <cstdio>
#include <exception>

#include "app/check_config.h"
#include "app/daemon.h"

namespace {

int run(int argc, char** argv) {
  const auto parsed = rri::app::parse_daemon_options(argc, argv);
  if (parsed.exit_status) return *parsed.exit_status;
  if (parsed.options.check) return rri::app::check_config(*parsed.options.check);
  auto daemon = rri::app::Daemon::open(parsed.options);
  if (!daemon) {
    std::fprintf(stderr, "rrid: could not %s\n", daemon.error().text.c_str());
    return 1;
  }
  return daemon->run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rrid: %s\n", error.what());
    return 1;
  }
}
