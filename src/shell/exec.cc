#include "shell/exec.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/config.h"
#include "shell/crypto_settings.h"
#include "shell/exec_crypto.h"
#include "show/json.h"
#include "show/tables.h"

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

/// "1 day, 2 hours, 3 minutes".
std::string spoken_uptime(Seconds uptime) {
  struct Unit {
    std::string_view name;
    std::int64_t seconds;
  };
  constexpr Unit kUnits[] = {{"week", 604800}, {"day", 86400}, {"hour", 3600}, {"minute", 60}};
  std::string text;
  auto left = uptime.count();
  for (const auto& [name, seconds] : kUnits) {
    const auto count = left / seconds;
    left %= seconds;
    const bool is_last_resort = seconds == 60 && text.empty();
    if (count > 0 || is_last_resort) text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, name, count == 1 ? "" : "s");
  }
  return text;
}

/// Programs look for IOS's words in the first line and for "uptime is".
std::string version_text(const Environment& environment) {
  const auto health = environment.health();
  const auto& hostname = environment.snapshot()->config->hostname;
  const auto number = health.version.substr(health.version.find_last_of(' ') + 1);
  return fmt::format(
      "Cisco IOS Software, compatible shell of RRI for Linux, Version {}\n"
      "This is {}, no product of Cisco Systems\n\n"
      "{} uptime is {}\nSystem image file is \"rrid\"\n\n"
      "IKE daemon: {}\nRoutes: {}\n\nConfiguration register is 0x2102\n\n",
      number, health.version, hostname, spoken_uptime(health.uptime), health.source, health.sink);
}

ExecAnswer version(show::Format format, const Environment& environment) {
  return plain(version_text(environment), format);
}

/// IOS's header, which scripts cut off by counting its lines.
ExecAnswer running_config(show::Format format, const Environment& environment) {
  auto text = environment.running_config();
  if (format == show::Format::Json) return plain(std::move(text), format);
  const std::string_view bang = text.substr(0, 2) == "!\n" ? "" : "!\n";
  return answer(one_piece(fmt::format("Building configuration...\n\nCurrent configuration : {} bytes\n{}{}", text.size(), bang, text)));
}

ExecAnswer ip_route(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto snapshot = environment.snapshot();
  const auto vrf = word_of(match, "name").value_or(std::string(kDefaultVrf));
  if (!is_known_vrf(*snapshot, vrf)) return failure(fmt::format("show VRF {}: there is no such VRF", vrf));
  const auto typed = word_of(match, "prefix");
  if (!typed) return plain(show::ip_routes(*snapshot, vrf, match.has("static")), format);
  const auto address = IpAddress::try_parse(*typed);
  const auto prefix = address ? Prefix::host(*address) : Prefix::parse(*typed);
  if (!prefix) return failure(prefix.error().text);
  return plain(show::ip_route_entry(*snapshot, vrf, *prefix), format);
}

ExecAnswer crypto_map(const ExecMatch& match, show::Format format, const Environment& environment) {
  show::CryptoMapQuery query{std::nullopt, std::nullopt, environment.transforms};
  if (match.has("interface")) query.interface = canonical_interface(match.words.at("if"));
  if (match.has("tag")) query.tag = match.words.at("map-name");
  return plain(show::crypto_maps(*environment.snapshot(), query), format);
}

ExecAnswer tech_support(show::Format format, const Environment& environment, const Result<std::vector<IkeSa>>& sas) {
  const auto snapshot = environment.snapshot();
  std::string text;
  const auto add = [&](std::string_view title, const std::string& part) {
    text += fmt::format("\n------------------ {} ------------------\n\n{}", title, part);
  };
  add("show version", version_text(environment));
  add("show running-config", environment.running_config());
  add("show rri", show::rri_summary(*snapshot, environment.health(), show::Format::Text));
  add("show crypto map", show::crypto_maps(*snapshot, {std::nullopt, std::nullopt, environment.transforms}));
  for (const auto& [title, part] : crypto_report(environment, sas)) add(title, part);
  add("show ip interface brief", show::interface_brief(*snapshot));
  add("show configuration carried", environment.carried());
  std::string log;
  for (const auto& line : environment.log_lines()) log += line + "\n";
  add("show logging", log);
  return plain(std::move(text), format);
}

/// What the IKE daemon says is a part of it; that it says nothing is one as well.
ExecAnswer ask_tech_support(show::Format format, const Environment& environment) {
  ExecAnswer asked;
  asked.later = [format, environment](const std::function<void(ExecAnswer)>& done) {
    environment.ike.read(true, [format, environment, done](const Result<std::vector<IkeSa>>& sas) { done(tech_support(format, environment, sas)); });
  };
  return asked;
}

}  // namespace

ExecAnswer run_exec(std::string_view line, show::Format format, const Environment& environment) {
  if (trim(line).empty()) return answer(one_piece({}));
  const auto match = match_exec(line);
  if (!match) return {nullptr, match.error(), {}};
  if (auto later = run_crypto_exec(*match, format, environment)) return std::move(*later);
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
    case ExecCommand::ShowRunningConfig: return running_config(format, environment);
    case ExecCommand::ShowStartupConfig: return startup_config(format, environment);
    case ExecCommand::ShowVersion: return version(format, environment);
    case ExecCommand::ShowAccessLists:
      return plain(show::access_lists(*environment.snapshot()->config, word_of(*match, "name"), match->has("ip")), format);
    case ExecCommand::ShowPrefixList:
      return plain(show::prefix_lists(*environment.snapshot()->config, word_of(*match, "name")), format);
    case ExecCommand::ShowVrf: return plain(show::vrfs(*environment.snapshot()->config), format);
    case ExecCommand::ShowInterfaceBrief: return plain(show::interface_brief(*environment.snapshot()), format);
    case ExecCommand::ShowStandby: {
      const auto snapshot = environment.snapshot();
      return plain(match->has("brief") ? show::standby_brief(*snapshot) : show::standby(*snapshot), format);
    }
    case ExecCommand::ShowIpRoute: return ip_route(*match, format, environment);
    case ExecCommand::ShowCryptoMap: return crypto_map(*match, format, environment);
    case ExecCommand::ShowIsakmpPolicy: return plain(isakmp_policies(environment.document()), format);
    case ExecCommand::ShowTransformSet: return plain(transform_sets(environment.document()), format);
    case ExecCommand::ShowTechSupport: return ask_tech_support(format, environment);
    default: return failure("run this here: it belongs to a session");
  }
}

}  // namespace rri::shell
