#include "app/daemon.h"

#include <systemd/sd-daemon.h>

#include <csignal>

#include "app/daemon_state.h"
#include "app/privileges.h"

namespace rri::app {

namespace {

/// Signs of life for systemd and its status line.
constexpr std::chrono::seconds kPulse{2};

/// How long `on-exit withdraw` may take; systemd would kill us after 90 s.
constexpr std::chrono::seconds kLongestWithdrawal{20};
/// How often it is looked whether it is over; the kernel says nothing by itself.
constexpr std::chrono::milliseconds kWithdrawalCheck{20};

/// IOS mnemonics have underscores: TAG_CONFLICT.
std::string mnemonic_of(NoticeCode code) {
  std::string name(notice_name(code));
  for (auto& c : name) c = c == '-' ? '_' : c;
  return name;
}

}  // namespace

TimePoint monotonic_now() {
  return TimePoint(std::chrono::duration_cast<Millis>(SteadyClock::now().time_since_epoch()));
}

LogLevel level_of(core::LogLine::Level level) {
  switch (level) {
    case core::LogLine::Level::Debug: return LogLevel::Debug;
    case core::LogLine::Level::Info: return LogLevel::Info;
    case core::LogLine::Level::Warning: return LogLevel::Warning;
  }
  return LogLevel::Info;
}

void run_in_turns(asio::io_context& loop, std::function<bool()> step) {
  asio::post(loop, [&loop, step = std::move(step)]() mutable {
    if (step()) run_in_turns(loop, std::move(step));
  });
}

// ---- starting ------------------------------------------------------------

Result<> Daemon::State::open_control() {
  sessions.emplace(make_session_host(),
                   [this](control::ConnectionId id, std::string_view text) { server->send_message(id, text); },
                   [this](control::ConnectionId id) { server->disconnect(id); });
  auto opened = control::Server::open(
      loop, options.socket, [this](const control::Command& command) { return sessions->answer(command); },
      [this](control::ConnectionId id) { sessions->forget(id); },
      {[this](control::ConnectionId id) { return sessions->idle_limit(id); },
       [this](control::ConnectionId id) {
         log->write_as("SYS", LogLevel::Info, "TTY_EXPIRE_TIMER", fmt::format("(exec timer expired, {}", sessions->who(id)));
       }});
  if (!opened) return tl::make_unexpected(opened.error());
  server.emplace(std::move(*opened));
  return {};
}

/// The order matters: the controller has the configuration before it hears of
/// the host, and the host before it hears of SAs.
Result<> Daemon::State::start() {
  wait_for_signals();
  log->set_listener([this](std::string_view line) {
    const bool is_command = line.find(": %PARSER-") != std::string_view::npos;  // for the record
    if (!is_command || notifies_commands) sessions->tell(line);
  });
  running.set_on_revert([this](const std::string& who) {
    const auto text = fmt::format("nobody confirmed the change of {} in time: it is undone", who);
    warn(text);
    sessions->warn(text);
  });
  log_diagnostics({}, options.config);
  (void)tell_slips({}, options.config);
  resolver = std::make_unique<HostResolver>(loop, [this](core::HostResolved answer) { handle(answer); });
  const auto is_settled = [this] { return controller.is_settled(); };
  table.emplace(loop, config->settings, options.state_dir,
                RoutingTable::Callbacks{
                    [this](const core::Event& event) { handle(event); },
                    [this](const core::LogLine& line) { log->write(level_of(line.level), "TABLE", line.text); }, is_settled});
  if (auto started_table = table->start(); !started_table) return started_table;
  // Before the first turn: which of the routes that an earlier rrid left are underlay.
  table->kernel().set_static_keys(static_keys(*config));
  start_redundancy();
  start_fail_closed();
  handle(core::ConfigCommitted{config});
  follow_sessions();
  if (auto used = ike.use(config->settings.ike); !used) return used;
  pulse();
  return {};
}

void Daemon::State::follow_sessions() {
  session_log.tell(logs_sessions(document));
  sessions->set_timeouts(find_exec_timeouts(document));
  notifies_commands = notifies_of_commands(document);
}

void Daemon::State::on_story(const vici::IkeStory& story) {
  if (story.peer) session_log.note_port(*story.peer, story.peer_port);
  sessions->tell_ike_debug(story.version, story.text);
}

Tunnels::Hooks Daemon::State::make_tunnel_hooks() {
  Tunnels::Hooks hooks;
  hooks.request = [this](vici::Request request, vici::ReplyCallback on_reply) {
    if (auto* charon = ike.strongswan()) charon->request(std::move(request), std::move(on_reply));
  };
  hooks.log = [this](const core::LogLine& line) { log->write(level_of(line.level), "TUNNEL", line.text); };
  hooks.remark = [this](const TunnelRemark& remark) {
    const Diagnostic diagnostic{remark.is_error ? Severity::Error : Severity::Warning, remark.position, remark.text};
    log->write(remark.is_error ? LogLevel::Error : LogLevel::Warning, "TUNNEL", render_diagnostic(diagnostic, options.config));
  };
  hooks.failure = [this](const std::string& text) { log->write_as("CRYPTO", LogLevel::Warning, "IKE_FAILED", text); };
  hooks.ask_for_names = [this] { resolver->ask_again(); };
  hooks.read_record = [this] { return tunnels_file.read().value_or(std::string()); };
  hooks.write_record = [this](const std::string& text) {
    if (auto saved = tunnels_file.write(text); !saved) warn(fmt::format("could not {}", saved.error().text));
  };
  hooks.after = [this](Millis pause, std::function<void()> task) { after(pause, std::move(task)); };
  return hooks;
}

void Daemon::State::after(Millis pause, std::function<void()> task) {
  const auto timer = std::make_shared<asio::steady_timer>(loop, pause);
  timer->async_wait([timer, task = std::move(task)](asio::error_code error) {
    if (!error) task();
  });
}

void Daemon::State::start_redundancy() {
  const auto& setting = config->settings.redundancy;
  redundancy_in_use = setting;
  redundancy.set_config(*config);
  fifo.reset();
  if (setting.address_only || !redundancy.has_groups()) return;
  if (auto saved = words_file.read()) redundancy.load(*saved, keepalived::is_alive);
  const auto save = [this, path = setting.fifo] {
    const auto saved = words_file.write(redundancy.save(keepalived::find_keepalived(path)));
    if (!saved) log->write(LogLevel::Warning, "STATE", "could not " + saved.error().text, "state-file");
  };
  fifo = std::make_unique<keepalived::NotifyFifo>(
      loop, setting.fifo,
      keepalived::NotifyFifo::Callbacks{
          [this, save](const keepalived::NotifyLine& line) {
            redundancy.on_line(line);
            info(fmt::format("keepalived says {} for {}", keepalived::to_string(line.word), line.name));
            save();
            announce_groups();
          },
          [this, save] {
            redundancy.on_hang_up();
            save();
            announce_groups();
          },
          [this](const std::string& trouble) { warn(trouble); }});
}

void Daemon::State::start_fail_closed() {
  fail_closed.emplace(loop, FailClosed::Callbacks{
                                [this](const core::LogLine& line) { log->write(level_of(line.level), "FAIL_CLOSED", line.text); },
                                [this](const Notice& notice) { tell(notice); },
                                [this](const std::string& text) {
                                  log->write(LogLevel::Warning, "FAIL_CLOSED", text);
                                  sessions->warn(text);
                                },
                                [this](std::function<void()> task) { asio::post(loop, std::move(task)); },
                                [this](Millis pause, std::function<void()> task) { after(pause, std::move(task)); }});
}

// ---- the way of every event ------------------------------------------------

void Daemon::State::handle(const core::Event& event) {
  decide(event);
  redundancy.on_event(event);
  if (fail_closed) fail_closed->on_event(event);
  announce_groups();
}

void Daemon::State::decide(const core::Event& event) {
  const auto now = monotonic_now();
  if (recorder) recorder->write(event, now);
  for (const auto& line : session_log.on_event(event)) log->write_as("CRYPTO", LogLevel::Notice, "SESSION_STATUS", line);
  carry_out(controller.handle(event, now));
  tunnels.on_event(event);
}

void Daemon::State::announce_groups() {
  for (const auto& change : redundancy.take_changes(monotonic_now())) {
    info(fmt::format("redundancy group {} is {} here", change.group, change.active ? "active" : "standby"));
    decide(change);
  }
}

void Daemon::State::carry_out(core::Effects effects) {
  if (fail_closed) fail_closed->on_ways(effects);
  auto& kernel = table->kernel();
  if (effects.underlay_statics) kernel.set_underlay_statics(std::move(*effects.underlay_statics));
  for (const auto& query : effects.unwatch) kernel.unwatch(query);
  for (const auto& query : effects.watch) kernel.watch(query);
  auto& sink = table->sink();
  for (auto& batch : effects.batches) table->carry_out(std::move(batch));
  if (!effects.gone.empty()) sink.announce_gone(effects.gone);
  if (effects.dump_routes) sink.dump_routes();
  for (const auto& device : effects.dump_devices) sink.dump_device(device);
  for (const auto& host : effects.resolve) resolver->follow(host);
  tell(effects);
  if (effects.wake_at) wake_at(*effects.wake_at);
}

void Daemon::State::tell(const core::Effects& effects) {
  // A stop that withdraws looks like `no ip routing` to the controller; nobody configured that.
  const auto is_told = [this](const Notice& notice) { return !is_stopping || notice.code != NoticeCode::IpRoutingOff; };
  for (const auto& notice : effects.notices) {
    if (is_told(notice)) tell(notice);
  }
  for (const auto& line : effects.log) {
    log->write(level_of(line.level), "ROUTE", line.text);
    if (line.level == core::LogLine::Level::Debug) {
      sessions->tell_debug(line.text);
    } else {
      history.add(line.text);
    }
  }
}

void Daemon::State::tell(const Notice& notice) {
  log->write(LogLevel::Warning, mnemonic_of(notice.code), notice.text);
  history.add_notice(notice);
}

void Daemon::State::wake_at(TimePoint moment) {
  if (wakes_at == moment) return;
  wakes_at = moment;
  wake.expires_at(SteadyClock::time_point(moment.time_since_epoch()));
  wake.async_wait([this](asio::error_code error) {
    if (error) return;
    wakes_at.reset();
    handle(core::Tick{});
  });
}

// ---- surroundings ----------------------------------------------------------

void Daemon::State::wait_for_signals() {
  signals.async_wait([this](asio::error_code error, int number) {
    if (error) return;
    if (number == SIGHUP) (void)reload_config();
    if (number != SIGHUP) stop();
    wait_for_signals();
  });
}

void Daemon::State::pulse() {
  sd_notifyf(0, "WATCHDOG=1\nSTATUS=%zu routes installed, IKE daemon %s", table->health().own_routes,
             ike.connected() ? "connected" : "not connected");
  table->remove_leftovers();
  heartbeat.expires_after(kPulse);
  heartbeat.async_wait([this](asio::error_code error) {
    if (!error) pulse();
  });
}

void Daemon::State::stop() {
  if (std::exchange(is_stopping, true)) return loop.stop();  // asked twice: at once
  sd_notify(0, "STOPPING=1");
  info(config->settings.withdraw_on_exit ? "stopping, routes are withdrawn" : "stopping, routes stay");
  if (config->settings.withdraw_on_exit) return withdraw_everything();
  ike.stop();
  loop.stop();
}

/// A configuration without routing is what withdraws every route of ours.
void Daemon::State::withdraw_everything() {
  fail_closed->withdraw();
  tunnels.withdraw();
  auto last = *config;
  last.ip_routing = false;
  handle(core::ConfigCommitted{std::make_shared<const Config>(std::move(last))});
  // Nothing is withdrawn before a first list of SAs; whoever stops us does not wait for charon.
  handle(core::SaList{});
  finish_when_withdrawn(SteadyClock::now() + kLongestWithdrawal);
}

void Daemon::State::finish_when_withdrawn(SteadyClock::time_point deadline) {
  const auto snapshot = controller.summary();
  const bool is_over = snapshot->in_sync && snapshot->installed == 0 && snapshot->waiting == 0;
  const bool others_are_over = table->health().jobs_waiting == 0 && fail_closed->is_withdrawn() && tunnels.is_settled();
  if (is_over && others_are_over) return loop.stop();
  if (SteadyClock::now() > deadline) {
    warn(fmt::format("could not withdraw all routes in time, {} are left: run `rri flush`", snapshot->installed));
    return loop.stop();
  }
  withdrawal.expires_after(kWithdrawalCheck);
  withdrawal.async_wait([this, deadline](asio::error_code error) {
    if (!error) finish_when_withdrawn(deadline);
  });
}

// ---- the outside -----------------------------------------------------------

Daemon::Daemon(std::unique_ptr<State> state) : state_(std::move(state)) {}
Daemon::Daemon(Daemon&&) noexcept = default;
Daemon& Daemon::operator=(Daemon&&) noexcept = default;
Daemon::~Daemon() = default;

Result<Daemon> Daemon::open(const DaemonOptions& options) {
  const bool is_missing = is_not_there(options.config);
  auto text = is_missing ? Result<std::string>(std::string()) : read_config_file(options.config);
  if (!text) return tl::make_unexpected(text.error());
  auto parsed = parse_document(*text, editor_options());
  auto state = std::make_unique<State>(options, std::move(parsed));
  if (auto rights = require_net_admin(); !rights) return tl::make_unexpected(rights.error());
  if (auto writable = state->words_file.require_writable(); !writable) return tl::make_unexpected(writable.error());
  if (!options.record.empty()) {
    auto recorder = Recorder::open(options.record);
    if (!recorder) return tl::make_unexpected(recorder.error());
    state->recorder.emplace(std::move(*recorder));
  }
  if (auto opened = state->open_control(); !opened) return tl::make_unexpected(opened.error());
  if (auto kept = keep_only_net_admin(); !kept) return tl::make_unexpected(kept.error());
  state->log.emplace(options.log_level);
  if (is_missing) state->warn(fmt::format("there is no startup configuration {}: rrid starts with an empty one (`write memory` makes it)", options.config));
  return Daemon(std::move(state));
}

int Daemon::run() {
  auto& state = *state_;
  state.info(fmt::format("{} starts, configuration {}", kVersion, state.options.config));
  if (auto started = state.start(); !started) {
    state.log->write(LogLevel::Error, "START", "could not " + started.error().text);
    return 1;
  }
  sd_notify(0, "READY=1");
  state.loop.run();
  state.info("stopped");
  return 0;
}

}  // namespace rri::app
