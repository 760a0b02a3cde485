#include "app/rri_commands.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/console.h"
#include "app/doctor/doctor.h"
#include "app/flush.h"
#include "app/health.h"
#include "app/options.h"
#include "app/plan/plan.h"
#include "app/render.h"
#include "shell/cli_reference.h"

namespace rri::app {

namespace {

constexpr const char* kDescription =
    "rri - shell and tools of Reverse Route Injection\n"
    "Without -c, opens the IOS shell on a terminal, or reads its lines from standard input.";

struct RriOptions {
  ConsoleOptions console;
  plan::PlanOptions plan;
  std::string events;
  FlushOptions flush;
  RenderOptions render;
  doctor::DoctorOptions doctor;
  std::string render_config;
};

void add_plan(CLI::App& app, RriOptions& options) {
  auto* command = app.add_subcommand("plan", "Print the routes that a configuration and events lead to");
  command->add_option("CONFIG", options.plan.config, "IOS configuration")->required();
  command->add_option("EVENTS", options.events, "Events, one a line");
  command->add_flag("--json", options.plan.json, "Print one JSON object");
}

void add_flush(CLI::App& app, RriOptions& options) {
  auto* command = app.add_subcommand("flush", "Take our routes, block policies and tunnels out of the kernel, FRR and strongSwan (rrid must be stopped)");
  command->add_option("--vici", options.flush.vici, "strongSwan's VICI socket")->capture_default_str();
  command->add_option("--protocol", options.flush.protocol, "Protocol number of our routes")
      ->check(CLI::Range(200, 254))
      ->default_str(std::to_string(options.flush.protocol));  // CLI11 prints the type as a character
  command->add_option("--state-dir", options.flush.state_dir, "State directory of rrid")->capture_default_str();
  command->add_option("--interface", options.flush.interfaces, "Only routes of the crypto maps on this interface; repeatable")->expected(1)->take_all();
  command->add_option("--config", options.flush.config, "IOS configuration that says so")->capture_default_str();
}

void add_doctor(CLI::App& app, RriOptions& options) {
  auto* command = app.add_subcommand("doctor", "Say what is right on this host, what is wrong, and how to mend it");
  auto& places = options.doctor.places;
  places.config = kDefaultConfig;
  command->add_option("--config", places.config, "Configuration to judge by where rrid does not answer")->capture_default_str();
  command->add_option("--strongswan-conf", places.strongswan_conf, "strongswan.conf (default: that of the running charon)");
  command->add_option("--frr-directory", places.frr_directory, "FRR's sockets (default: those of the running zebra)");
  command->add_option("--keepalived-conf", places.keepalived_conf, "keepalived's configuration")->capture_default_str();
  command->add_flag("--json", options.doctor.json, "Print one JSON object");
}

void add_render(CLI::App& app, RriOptions& options) {
  auto* command = app.add_subcommand("render", "Print configuration for the neighbours of this program");
  command->require_subcommand(0, 1)->allow_extras();
  command->callback([command] {
    if (!command->get_subcommands().empty()) return;
    std::string known;
    for (const auto& target : render_targets()) known += fmt::format("{}{}", known.empty() ? "" : ", ", target.name);
    const auto extras = command->remaining();
    throw CLI::ValidationError("rri render", extras.empty() ? "name one of " + known : fmt::format("there is no {}; name one of {}", extras.front(), known));
  });
  for (const auto& target : render_targets()) {
    auto* made = command->add_subcommand(std::string(target.name), std::string(target.what));
    made->add_option("CONFIG", options.render_config, "IOS configuration, - for standard input; none: that of rrid");
    made->callback([&options, &target] { options.render.target = target.name; });
  }
}

/// `rri render TARGET [CONFIG]`, as it was typed.
int render(RriOptions& options) {
  if (!options.render_config.empty()) options.render.config = options.render_config;
  options.render.socket = options.console.socket;
  return run_render(options.render, std::cout, std::cerr);
}

}  // namespace

int run_rri(int argc, const char* const* argv) {
  RriOptions options;
  options.console.socket = kDefaultSocket;
  options.flush.state_dir = kDefaultStateDir;
  CLI::App app{kDescription, "rri"};
  app.set_version_flag("--version", kVersion);
  app.add_option("--socket", options.console.socket, "Control socket of rrid")->capture_default_str();
  app.add_option("-c", options.console.commands, "Run this command and exit; repeatable")->take_all()->expected(1);
  app.add_flag("--json", options.console.json, "Answers as JSON");
  app.require_subcommand(0, 1);
  add_plan(app, options);
  add_flush(app, options);
  add_render(app, options);
  add_doctor(app, options);
  app.add_subcommand("health", "Whether this router may hold a redundancy group: rrid and its IKE daemon are there");
  app.add_subcommand("cli-reference", "Print docs/cli.md")->group("");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (app.got_subcommand("plan")) {
    if (!options.events.empty()) options.plan.events = options.events;
    options.plan.json = options.plan.json || options.console.json;
    return plan::run_plan(options.plan, std::cout, std::cerr);
  }
  if (app.got_subcommand("cli-reference")) {
    std::cout << shell::render_cli_reference();
    return 0;
  }
  if (app.got_subcommand("doctor")) {
    options.doctor.places.socket = options.console.socket;
    options.doctor.json = options.doctor.json || options.console.json;
    return doctor::run_doctor(options.doctor, std::cout);
  }
  if (app.got_subcommand("render")) return render(options);
  if (app.got_subcommand("health")) return run_health(options.console.socket);
  options.flush.socket = options.console.socket;
  if (app.got_subcommand("flush")) return run_flush(options.flush);
  return run_console(options.console);
}

}  // namespace rri::app
