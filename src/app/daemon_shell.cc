// What sessions and their commands see of the daemon.

#include "app/daemon_state.h"
#include "base/text.h"
#include "config/secrets.h"
#include "io/netlink/device_dump.h"

namespace rri::app {
namespace {

/// Lines of `show rri`'s last changes.
constexpr std::size_t kLastChanges = 10;

}  // namespace

show::Health Daemon::State::health() const {
  show::Health health;
  health.version = kVersion;
  health.uptime = std::chrono::duration_cast<Seconds>(SteadyClock::now() - started);
  health.source = ike.description();
  health.source_error = ike.last_error();
  health.fail_closed = fail_closed->summary();
  health.leaks = fail_closed->notices();
  const auto sink = table->health();
  health.sink = sink.name;
  health.sink_error = sink.trouble;
  health.last_changes = history.last(kLastChanges);
  describe_host(health);
  return health;
}

shell::Environment Daemon::State::make_environment() {
  shell::Environment made;
  made.summary = [this] { return controller.summary(); };
  made.rows = [this](core::RowQuery query) { return controller.rows(std::move(query)); };
  made.has_rows = [this](const std::string& vrf) { return controller.has_rows(vrf); };
  made.count = [this] { return controller.count(); };
  made.sas = [this] { return controller.sas(); };
  made.find_sa = [this](SaId id) { return controller.find_sa(id); };
  made.running_config = [this] { return render_document(document); };
  made.generation = [this] { return running.generation(); };
  made.startup_config = [this]() -> Result<std::optional<std::string>> {
    if (is_not_there(options.config)) return std::nullopt;
    return read_config_file(options.config);
  };
  made.files = [this] { return list_config_files(options.config); };
  made.read_file = [this](const std::string& name) { return read_config_file(find_config_file("flash:" + name, options.config)); };
  made.carried = [this] { return document.carried(); };
  made.log_lines = [this] { return log ? log->lines() : std::vector<std::string>(); };
  made.health = [this] { return health(); };
  made.clock = render_clock;
  made.clear_routes = [this](std::optional<Prefix> prefix) { handle(core::ClearRoutes{prefix}); };
  made.redundancy = [this] { return redundancy.status(monotonic_now()); };
  made.transforms = [this](const std::string& name) { return ipsec_index.of(document, running.generation()).transforms(name); };
  made.ike = ike_commands.access();
  made.devices = netlink::read_host_devices;
  made.document = [this]() -> const Document& { return document; };
  made.ipsec_settings = [this](const show::EntryKey& entry) { return ipsec_index.of(document, running.generation()).settings(entry); };
  made.history = [this] { return history.entries(); };
  made.chosen_peer = [this](const EntryName& entry) { return tunnels.current_peer(entry); };
  made.last_failure = [this](const EntryName& entry) { return tunnels.last_failure(entry); };
  return made;
}

shell::SessionHost Daemon::State::make_session_host() {
  shell::SessionHost host;
  host.environment = make_environment();
  host.document = &document;
  host.hostname = [this] { return config->hostname; };
  host.generation = [this] { return running.generation(); };
  host.on_change = [this](const shell::SessionUser& user, std::string_view line) {
    log->write_as("PARSER", LogLevel::Notice, "CFGLOG_LOGGEDCMD",
                  fmt::format("User:{} on {}  logged command:{}", user.name, user.origin, without_secrets(trim(line))));
    running.on_change();
  };
  host.flush = [this] { running.flush(); };
  host.on_configured = [this](const shell::SessionUser& user) {
    log->write_as("SYS", LogLevel::Notice, "CONFIG_I",
                  fmt::format("Configured from console by {} on {}", user.name, user.origin));
  };
  host.save = [this] { return running.save(); };
  host.reload = [this] { return reload_config(); };
  host.is_saved = [this] {
    const auto text = read_config_file(options.config);
    return text && parse_document(*text, editor_options()).document == document;
  };
  host.replace = [this](const shell::SessionUser& user, const std::string& file) {
    info(fmt::format("{} on {} replaces the configuration by {}", user.name, user.origin, file));
    return replace_config(find_config_file(file, options.config), true);
  };
  host.merge = [this](const shell::SessionUser& user, const std::string& file) {
    info(fmt::format("{} on {} adds the lines of {} to the configuration", user.name, user.origin, file));
    return merge_config(find_config_file(file, options.config));
  };
  host.erase = [this] { return running.erase(); };
  host.clear_log = [this] { log->clear(); };
  host.pending_reload = [this] { return running.pending_reload(); };
  host.reload_in = [this](const shell::SessionUser& user, unsigned minutes) {
    const auto who = fmt::format("{} on {}", user.name, user.origin);
    log->write_as("SYS", LogLevel::Notice, "SCHEDULED_RELOAD", fmt::format("Reload requested by {}, in {} minutes", who, minutes));
    running.reload_in(minutes, who, [this] { (void)reload_config(); });
  };
  host.cancel_reload = [this] { return running.cancel_reload(); };
  host.pending_revert = [this] { return running.pending_revert(); };
  host.revert_in = [this](const shell::SessionUser& user, unsigned minutes) { running.revert_in(minutes, fmt::format("{} on {}", user.name, user.origin)); };
  host.confirm = [this] { running.confirm(); };
  host.revert_now = [this] { running.revert_now(); };
  host.hash_secret = hash_secret;
  host.is_secret = is_secret;
  return host;
}

}  // namespace rri::app
