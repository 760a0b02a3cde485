// app/daemon_state.h -- what rrid consists of, and who calls whom.
//
// Internal to app/daemon*.cc: daemon.cc starts and stops it and leads every event through it,
// daemon_config.cc takes changed configurations into force, daemon_shell.cc is what sessions see of it.
#pragma once

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/control_answers.h"
#include "app/daemon.h"
#include "app/fail_closed.h"
#include "app/host_resolver.h"
#include "app/ike_commands.h"
#include "app/ike_source.h"
#include "app/log.h"
#include "app/recorder.h"
#include "app/redundancy.h"
#include "app/route_history.h"
#include "app/routing_table.h"
#include "app/running_config.h"
#include "app/session_log.h"
#include "app/sessions.h"
#include "app/startup.h"
#include "app/state_file.h"
#include "app/tunnels.h"
#include "core/controller.h"
#include "io/control/server.h"
#include "io/keepalived/notify.h"

namespace rri::app {

using SteadyClock = std::chrono::steady_clock;

TimePoint monotonic_now();
LogLevel level_of(core::LogLine::Level level);
/// How configuration files are read: secrets in clear are stored hashed.
Editor::Options editor_options();
/// Each step behind whatever else waits for the loop.
void run_in_turns(asio::io_context& loop, std::function<bool()> step);
/// The routes of `ip route` lines: underlay, unlike all others of ours.
std::vector<KernelKey> static_keys(const Config& config);

struct Daemon::State {
  State(const DaemonOptions& options_, ParseResult parsed_)
      : options(options_), document(std::move(parsed_.document)), diagnostics(std::move(parsed_.diagnostics)),
        config(std::make_shared<const Config>(std::move(parsed_.config))) {}

  // ---- starting --------------------------------------------------------

  Result<> open_control();
  Result<> start();
  void follow_sessions();
  void on_story(const vici::IkeStory& story);
  void start_redundancy();
  void start_fail_closed();

  // ---- the way of every event -------------------------------------------

  void handle(const core::Event& event);
  void decide(const core::Event& event);
  void carry_out(core::Effects effects);
  void tell(const core::Effects& effects);
  void tell(const Notice& notice);
  void wake_at(TimePoint moment);
  void after(Millis pause, std::function<void()> task);
  void announce_groups();

  // ---- configuration -----------------------------------------------------

  void commit_config();
  void take_lowered(Lowered lowered);
  Result<> reload_config();
  Result<std::string> replace_config(const std::string& file, bool whole);
  Result<std::string> merge_config(const std::string& file);
  void log_diagnostics(const std::vector<Diagnostic>& known, const std::string& file);
  std::string tell_slips(const std::vector<Diagnostic>& known, const std::string& file);

  // ---- surroundings ------------------------------------------------------

  void wait_for_signals();
  void pulse();
  void stop();
  void withdraw_everything();
  void finish_when_withdrawn(SteadyClock::time_point deadline);
  shell::Environment make_environment();
  shell::SessionHost make_session_host();
  Tunnels::Hooks make_tunnel_hooks();
  show::Health health() const;
  void info(std::string_view text) { log->write(LogLevel::Info, "INFO", text); }
  void warn(std::string_view text) { log->write(LogLevel::Warning, "WARNING", text); }

  DaemonOptions options;
  Document document;
  std::vector<Diagnostic> diagnostics;
  std::shared_ptr<const Config> config;

  asio::io_context loop{1};
  InTurns in_turns = [this](std::function<bool()> step) { run_in_turns(loop, std::move(step)); };
  std::optional<Log> log;
  std::optional<Recorder> recorder;
  core::Controller controller;
  Redundancy redundancy;
  RedundancySource redundancy_in_use;
  StateFile words_file{options.state_dir, "keepalived"};
  StateFile tunnels_file{options.state_dir, "tunnels"};
  RouteHistory history;
  SteadyClock::time_point started = SteadyClock::now();
  bool is_stopping = false;
  bool notifies_commands = false;  // to those who monitor

  asio::signal_set signals{loop, SIGTERM, SIGINT, SIGHUP};
  asio::steady_timer wake{loop};
  std::optional<TimePoint> wakes_at;
  asio::steady_timer heartbeat{loop};
  asio::steady_timer withdrawal{loop};
  RunningConfig running{loop, document, options.config, [this](Lowered lowered) { take_lowered(std::move(lowered)); }};
  std::optional<Sessions> sessions;
  std::optional<control::Server> server;
  std::unique_ptr<HostResolver> resolver;
  std::optional<RoutingTable> table;
  std::optional<FailClosed> fail_closed;
  IkeSource ike{loop, [this](const core::Event& event) { handle(event); },
                [this](const core::LogLine& line) { log->write(level_of(line.level), "IKE", line.text); },
                [this](const vici::IkeStory& story) { on_story(story); },
                [this](const std::string& connection) { tunnels.on_peer_dead(connection); },
                [this](const vici::CharonLogLine& line) { tunnels.on_charon_log(line); }};
  Tunnels tunnels{make_tunnel_hooks()};
  std::unique_ptr<keepalived::NotifyFifo> fifo;
  SessionLog session_log;
  IpsecIndex ipsec_index;
  IkeCommands ike_commands{[this] { return ike.strongswan(); }, [this] { return ike.kernel(); }, [this] { return controller.summary()->config; },
                            [this](const EntryName& entry) { return tunnels.current_peer(entry); }, in_turns};
};

}  // namespace rri::app
