// Changed configurations: read, compared, taken into force.

#include <set>

#include "app/daemon_state.h"
#include "base/text.h"
#include "shell/slips.h"

namespace rri::app {
namespace {

std::set<std::string_view> texts_of(const std::vector<Diagnostic>& diagnostics) {
  std::set<std::string_view> texts;
  for (const auto& diagnostic : diagnostics) texts.insert(diagnostic.text);
  return texts;
}

}  // namespace

Editor::Options editor_options() {
  Editor::Options made;
  made.hash_secret = hash_secret;
  return made;
}

std::vector<KernelKey> static_keys(const Config& config) {
  std::vector<KernelKey> keys;
  for (const auto& route : config.static_routes) {
    keys.push_back({route.vrf, route.prefix, metric_of_distance(route.distance)});
  }
  return keys;
}

/// Those that are not `known`: a commit for each typed line would repeat them.
void Daemon::State::log_diagnostics(const std::vector<Diagnostic>& known, const std::string& file) {
  const auto told = texts_of(known);
  for (const auto& diagnostic : diagnostics) {
    if (told.count(diagnostic.text) > 0) continue;
    const bool is_error = diagnostic.severity == Severity::Error;
    log->write(is_error ? LogLevel::Error : LogLevel::Notice, is_error ? "CONFIG_ERROR" : "CONFIG",
               render_diagnostic(diagnostic, file));
  }
}

/// Logs the lines of the document that are no commands of IOS, but for those that were `known`, and gives
/// them as an answer to who read `file`.
std::string Daemon::State::tell_slips(const std::vector<Diagnostic>& known, const std::string& file) {
  const auto told = texts_of(known);
  std::string answer;
  for (const auto& slip : shell::find_slips(document)) {
    if (told.count(slip.text) > 0) continue;
    const auto text = render_diagnostic(slip, file);
    log->write(LogLevel::Warning, "CONFIG_WARNING", text);
    answer += "% " + text + "\n";
  }
  return answer;
}

Result<> Daemon::State::reload_config() {
  auto replaced = replace_config(options.config, false);
  if (!replaced) {
    warn(fmt::format("could not {}; the old configuration stays", replaced.error().text));
  } else {
    info(fmt::format("configuration read again from {}", options.config));
  }
  if (!replaced) return tl::make_unexpected(replaced.error());
  return {};
}

/// `whole`: a file with an error in it, or that is no configuration, changes nothing. Gives what is told of it.
Result<std::string> Daemon::State::replace_config(const std::string& file, bool whole) {
  auto text = read_config_file(file);
  if (!text) return tl::make_unexpected(text.error());
  auto reading = editor_options();
  if (whole) reading.refuse_unknown = find_unfinished;
  auto parsed = parse_document(*text, reading);
  if (whole) {
    if (auto good = check_replacement(*text, parsed, file); !good) return tl::make_unexpected(good.error());
  }
  const auto known = std::exchange(diagnostics, std::move(parsed.diagnostics));
  log_diagnostics(known, file);
  running.replace(std::move(parsed.document));
  return tell_slips({}, file);
}

/// Adds the lines of a file; gives what is wrong with some of them.
Result<std::string> Daemon::State::merge_config(const std::string& file) {
  const auto text = read_config_file(file);
  if (!text) return tl::make_unexpected(text.error());
  auto reading = editor_options();
  reading.keep_refused = false;
  Editor editor(document, reading);
  const auto known = shell::find_slips(document);
  std::string wrong;
  std::uint32_t number = 0;
  const auto tell_errors = [&](const std::vector<Diagnostic>& found) {
    for (const auto& diagnostic : found) wrong += diagnostic.severity == Severity::Error ? "% " + render_diagnostic(diagnostic, file) + "\n" : "";
  };
  for (const auto line : split(*text, '\n')) tell_errors(editor.apply(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line, ++number).diagnostics);
  tell_errors(editor.finish());
  wrong += tell_slips(known, file);
  running.on_change();
  running.flush();
  return wrong + fmt::format("{} bytes copied\n", text->size());
}

/// Takes a changed document into force.
void Daemon::State::take_lowered(Lowered lowered) {
  follow_sessions();
  const auto known = std::exchange(diagnostics, std::move(lowered.diagnostics));
  log_diagnostics(known, options.config);
  if (lowered.config == *config) return;
  const auto old = std::exchange(config, std::make_shared<const Config>(std::move(lowered.config)));
  table->use(config->settings);
  commit_config();
  if (old->settings.ike == config->settings.ike) return;
  if (auto used = ike.use(config->settings.ike); !used) warn(fmt::format("could not {}", used.error().text));
}

void Daemon::State::commit_config() {
  table->kernel().set_static_keys(static_keys(*config));
  redundancy.set_config(*config);
  if (redundancy_in_use != config->settings.redundancy || !fifo) start_redundancy();
  resolver->keep_only([this](const std::string& host) { return names_host(*config, host); });
  handle(core::ConfigCommitted{config});
}

}  // namespace rri::app
