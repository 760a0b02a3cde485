#include "shell/exec.h"

#include <fmt/format.h>

#include "base/text.h"
#include "show/json.h"

namespace rri::shell {

namespace {

ExecAnswer answer(Pieces pieces) { return {std::move(pieces), std::nullopt, {}}; }
ExecAnswer failure(std::string text) { return {nullptr, std::nullopt, std::move(text)}; }

/// Text that has no structure of its own: as it is, or {"lines": [...]}.
ExecAnswer plain(std::string text, show::Format format) {
  if (format == show::Format::Text) return answer(one_piece(std::move(text)));
  std::string json = "{\"lines\":[";
  std::string_view rest = text;
  if (rest.ends_with('\n')) rest.remove_suffix(1);
  std::string_view separator = "\n";
  for (const auto line : split(rest, '\n')) {
    if (rest.empty()) break;
    json += fmt::format("{}{}", separator, show::quoted_json(line));
    separator = ",\n";
  }
  return answer(one_piece(json + "]}\n"));
}

std::optional<std::string> word_of(const ExecMatch& match, std::string_view slot) {
  const auto found = match.words.find(slot);
  if (found == match.words.end()) return std::nullopt;
  return found->second;
}

bool is_known_vrf(const core::Snapshot& snapshot, const std::string& vrf) {
  if (vrf == kDefaultVrf || snapshot.config->vrfs.contains(vrf)) return true;
  for (const auto& row : snapshot.routes) {
    if (row.vrf == vrf) return true;
  }
  return false;
}

ExecAnswer routes(const ExecMatch& match, show::Format format, const Environment& environment) {
  auto snapshot = environment.snapshot();
  const show::RouteQuery query{word_of(match, "name"), match.has("detail"), format};
  if (query.vrf && !is_known_vrf(*snapshot, *query.vrf)) return failure(fmt::format("show VRF {}: there is no such VRF", *query.vrf));
  const bool crypto = match.command == ExecCommand::ShowCryptoRoute;
  return answer(crypto ? show::crypto_routes(std::move(snapshot), query) : show::static_routes(std::move(snapshot), query));
}

ExecAnswer logging(show::Format format, const Environment& environment) {
  const auto lines = environment.log_lines();
  std::string text;
  if (format == show::Format::Text) text = fmt::format("Log Buffer ({} lines):\n\n", lines.size());
  for (const auto& line : lines) text += fmt::format("{}\n", line);
  return plain(std::move(text), format);
}

ExecAnswer explain(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto typed = *word_of(match, "address");
  const auto address = IpAddress::parse(typed);
  if (!address) return failure(address.error().text);
  return plain(show::explain_address(*environment.snapshot(), *address), format);
}

ExecAnswer startup_config(show::Format format, const Environment& environment) {
  auto text = environment.startup_config();
  return text ? plain(std::move(*text), format) : failure(text.error().text);
}

ExecAnswer clear_routes(const ExecMatch& match, const Environment& environment) {
  if (match.command == ExecCommand::ClearCryptoRoutes) {
    environment.clear_routes(std::nullopt);
    return answer(one_piece({}));
  }
  const auto prefix = Prefix::parse(*word_of(match, "prefix"));
  if (!prefix) return failure(prefix.error().text);
  environment.clear_routes(*prefix);
  return answer(one_piece({}));
}

ExecAnswer version(show::Format format, const Environment& environment) {
  const auto health = environment.health();
  const auto snapshot = environment.snapshot();
  return plain(fmt::format("{}\n\n{} uptime is {}\n", health.version, snapshot->config->hostname,
                           show::render_uptime(health.uptime)),
               format);
}

}  // namespace

ExecAnswer run_exec(std::string_view line, show::Format format, const Environment& environment) {
  if (trim(line).empty()) return answer(one_piece({}));
  const auto match = match_exec(line);
  if (!match) return {nullptr, match.error(), {}};
  switch (match->command) {
    case ExecCommand::ClearCryptoRoute:
    case ExecCommand::ClearCryptoRoutes: return clear_routes(*match, environment);
    case ExecCommand::ShowClock: return plain(environment.clock() + "\n", format);
    case ExecCommand::ShowCarried: return plain(environment.carried(), format);
    case ExecCommand::ShowCryptoRoute:
    case ExecCommand::ShowIpStaticRoute: return routes(*match, format, environment);
    case ExecCommand::ShowHostname: return plain(environment.snapshot()->config->hostname + "\n", format);
    case ExecCommand::ShowLogging: return logging(format, environment);
    case ExecCommand::ShowRri:
      return answer(one_piece(show::rri_summary(*environment.snapshot(), environment.health(), format)));
    case ExecCommand::ShowRriExplain: return explain(*match, format, environment);
    case ExecCommand::ShowRunningConfig: return plain(environment.running_config(), format);
    case ExecCommand::ShowStartupConfig: return startup_config(format, environment);
    case ExecCommand::ShowVersion: return version(format, environment);
    default: return failure("run this here: it belongs to a session");
  }
}

}  // namespace rri::shell
