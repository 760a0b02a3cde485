#include "shell/exec.h"

#include <fmt/format.h>

#include "base/text.h"
#include "config/config.h"
#include "shell/answers.h"
#include "shell/crypto_settings.h"
#include "shell/exec_crypto.h"
#include "shell/exec_files.h"
#include "shell/exec_system.h"
#include "show/interfaces.h"
#include "show/json.h"
#include "show/tables.h"
#include "show/tables_json.h"

namespace rri::shell {

namespace {

ExecAnswer answer(Pieces pieces) { return {std::move(pieces), std::nullopt, {}}; }

std::optional<std::string> word_of(const ExecMatch& match, std::string_view slot) {
  const auto found = match.words.find(slot);
  if (found == match.words.end()) return std::nullopt;
  return found->second;
}

bool is_known_vrf(const Environment& environment, const std::string& vrf) {
  return vrf == kDefaultVrf || environment.summary()->config->vrfs.contains(vrf) || environment.has_rows(vrf);
}

ExecAnswer no_such_table(const std::string& vrf, Family family) {
  return refusal(fmt::format("% {} routing table vrf {} does not exist", family == Family::V4 ? "IP" : "IPv6", vrf));
}

std::vector<std::string> standby_maps(const Environment& environment) {
  return show::waiting_maps(*environment.summary(), environment.redundancy());
}

ExecAnswer routes(const ExecMatch& match, show::Format format, const Environment& environment) {
  const bool crypto = match.command == ExecCommand::ShowCryptoRoute;
  show::RouteQuery query{word_of(match, "name"), match.has("detail"), format, standby_maps(environment)};
  if (query.vrf && !is_known_vrf(environment, *query.vrf)) return no_such_table(*query.vrf, Family::V4);
  if (crypto) return answer(show::crypto_routes(environment.rows({query.vrf}), query));
  if (!query.vrf) query.vrf = kDefaultVrf;
  return answer(show::static_routes(environment.rows({query.vrf}), query));
}

ExecAnswer explain(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto typed = *word_of(match, "address");
  const auto address = IpAddress::parse(typed);
  if (!address) return failure(address.error().text);
  auto rows = environment.rows({std::nullopt, *address});
  const auto config = environment.summary()->config;
  return text_answer(format == show::Format::Json ? show::explain_address_json(std::move(rows), *address, standby_maps(environment), *config)
                                            : show::explain_address(std::move(rows), *address, standby_maps(environment), *config));
}

ExecAnswer history(const ExecMatch& match, show::Format format, const Environment& environment) {
  std::optional<Prefix> asked;
  if (const auto typed = word_of(match, "prefix")) {
    const auto address = IpAddress::try_parse(*typed);
    const auto prefix = address ? Prefix::host(*address) : Prefix::parse(*typed);
    if (!prefix) return failure(prefix.error().text);
    asked = *prefix;
  }
  return text_answer(show::route_history(environment.history(), asked, format));
}

ExecAnswer startup_config(show::Format format, const Environment& environment) {
  auto text = environment.startup_config();
  if (!text) return failure(text.error().text);
  if (!*text) return refusal("startup-config is not present");
  return text_answer(format == show::Format::Json ? config_json(**text) : std::move(**text));
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

/// What was typed as an address, a prefix, or an address with a mask.
Result<Prefix> asked_network(const ExecMatch& match) {
  const auto& typed = match.words.at("prefix");
  const auto address = IpAddress::try_parse(typed);
  const auto mask = word_of(match, "mask");
  if (!mask) return address ? Result<Prefix>(Prefix::host(*address)) : Prefix::parse(typed);
  const auto bits = IpAddress::try_parse(*mask);
  const auto length = bits ? mask_length(*bits) : std::nullopt;
  if (!address || !length) return fail("use {} {}: it is no network and mask", typed, *mask);
  return Prefix(*address, *length);
}

ExecAnswer ip_route(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto vrf = word_of(match, "name").value_or(std::string(kDefaultVrf));
  if (!is_known_vrf(environment, vrf)) return no_such_table(vrf, match.has("ipv6") ? Family::V6 : Family::V4);
  const auto kind = match.has("static")      ? show::IpRouteKind::Static
                    : match.has("connected") ? show::IpRouteKind::Connected
                                             : show::IpRouteKind::All;
  const bool is_json = format == show::Format::Json;
  const bool is_v6 = match.has("ipv6");
  const show::IpTable table{environment.summary(), vrf, environment.rows, is_v6 ? Family::V6 : Family::V4};
  if (match.command == ExecCommand::ShowIpRouteSummary) return answer(show::ip_route_summary(table, is_json));
  if (!match.has("prefix") && is_v6 && !is_json) return answer(show::ip6_routes(table, kind));
  if (!match.has("prefix")) return answer(is_json ? show::ip_routes_json(table, kind) : show::ip_routes(table, kind));
  const auto prefix = asked_network(match);
  if (!prefix) return failure(prefix.error().text);
  if (prefix->family() != table.family) return failure(fmt::format("look {} up: it is no {} network or address", match.words.at("prefix"), is_v6 ? "IPv6" : "IPv4"));
  if (is_v6 && !is_json) return answer(show::ip6_route_entry(table, *prefix));
  return answer(is_json ? show::ip_route_entry_json(table, kind, *prefix) : show::ip_route_entry(table, *prefix));
}

ExecAnswer crypto_map(const ExecMatch& match, show::Format format, const Environment& environment) {
  show::CryptoMapQuery query{std::nullopt, std::nullopt, environment.transforms, environment.ipsec_settings, environment.chosen_peer, environment.last_failure};
  if (match.has("interface")) query.interface = canonical_interface(match.words.at("if"));
  if (match.has("tag")) query.tag = match.words.at("map-name");
  return answer(format == show::Format::Json ? show::crypto_maps_json(environment.summary(), environment.sas, query)
                                             : show::crypto_maps(environment.summary(), environment.sas, query));
}

ExecAnswer no_such_interface(const std::string& name) {
  return failure(fmt::format("show interface {}: there is no such interface in the configuration", name));
}

/// The interface that a `show` asks about, when the configuration has none of that name.
std::optional<std::string> missing_interface(const ExecMatch& match, const Environment& environment) {
  const auto typed = word_of(match, "if");
  if (!typed || !is_show(match.command)) return std::nullopt;
  auto name = canonical_interface(*typed);
  return environment.summary()->config->interfaces.contains(name) ? std::nullopt : std::optional(std::move(name));
}

ExecAnswer interfaces(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto host = environment.devices();
  if (!host) return failure(host.error().text);
  const auto summary = environment.summary();
  if (match.command == ExecCommand::ShowArp) return text_answer(show::arp(*summary, *host, format));
  auto name = word_of(match, "if");
  if (name) name = canonical_interface(*name);
  const bool is_text = format == show::Format::Text;
  auto text = is_text && match.command == ExecCommand::ShowIpInterface     ? show::ip_interfaces(*summary, *host, name)
              : is_text && match.command == ExecCommand::ShowIpv6Interface ? show::ipv6_interfaces(*summary, *host, name)
                                                                           : show::interfaces(*summary, *host, name, format);
  return text ? text_answer(std::move(*text)) : no_such_interface(*name);
}

ExecAnswer running_interface(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto name = canonical_interface(match.words.at("if"));
  auto text = interface_config_answer(name, format, environment);
  return text ? text_answer(std::move(*text)) : no_such_interface(name);
}

ExecAnswer dynamic_map(const ExecMatch& match, show::Format format, const Environment& environment) {
  const show::CryptoMapQuery query{std::nullopt, word_of(match, "map-name"), environment.transforms, environment.ipsec_settings, environment.chosen_peer};
  return answer(format == show::Format::Json ? show::dynamic_maps_json(environment.summary(), query) : show::dynamic_maps(environment.summary(), query));
}

/// `summary` as if it had one interface only.
std::shared_ptr<const core::Summary> narrowed(const std::shared_ptr<const core::Summary>& summary, const std::string& interface) {
  auto config = std::make_shared<Config>();
  const auto found = summary->config->interfaces.find(interface);
  if (found != summary->config->interfaces.end()) config->interfaces.insert(*found);
  auto made = std::make_shared<core::Summary>(*summary);
  made->config = std::move(config);
  return made;
}

ExecAnswer standby(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto interface = word_of(match, "if");
  const auto snapshot = interface ? narrowed(environment.summary(), canonical_interface(*interface)) : environment.summary();
  const auto status = environment.redundancy();
  return text_answer(match.has("brief") ? show::standby_brief(*snapshot, status, format) : show::standby(*snapshot, status, match.has("all"), format));
}

ExecAnswer tracks(const ExecMatch& match, show::Format format, const Environment& environment) {
  show::TrackQuery query{match.has("brief")};
  if (const auto number = word_of(match, "1-1000")) query.only = parse_number<std::uint32_t>(*number);
  const auto snapshot = environment.summary();
  if (query.only && !snapshot->config->tracked_interfaces.contains(*query.only)) return failure(fmt::format("show track {}: there is no such object", *query.only));
  return text_answer(show::tracks(*snapshot, environment.redundancy(), query, format));
}

ExecAnswer access_lists(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto snapshot = environment.summary();
  const auto name = word_of(match, "name");
  const bool only_v6 = match.has("ipv6");
  if (format == show::Format::Json) {
    const auto which = only_v6 ? show::WhichLists::OnlyV6 : match.has("ip") ? show::WhichLists::OnlyV4 : show::WhichLists::Both;
    return text_answer(show::access_lists_json(*snapshot->config, name, which));
  }
  return text_answer(only_v6 ? show::ipv6_access_lists(*snapshot->config, name) : show::access_lists(*snapshot->config, name));
}

ExecAnswer prefix_lists(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto snapshot = environment.summary();
  const auto name = word_of(match, "name");
  const auto family = match.has("ipv6") ? Family::V6 : Family::V4;
  const bool counts = match.has("detail") || match.has("summary");
  if (counts && format == show::Format::Text) return text_answer(show::prefix_list_counts(*snapshot->config, name, family, match.has("detail")));
  return text_answer(format == show::Format::Json ? show::prefix_lists_json(*snapshot->config, name, family)
                                            : show::prefix_lists(*snapshot->config, name, family));
}

ExecAnswer no_such_vrf(const std::string& name) { return refusal(fmt::format("% No VRF named {}", name)); }

ExecAnswer running_vrf(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto name = word_of(match, "name");
  if (name && !environment.summary()->config->vrfs.contains(*name)) return no_such_vrf(*name);
  return text_answer(vrf_config_answer(name, format, environment));
}

ExecAnswer vrfs(const ExecMatch& match, show::Format format, const Environment& environment) {
  const auto snapshot = environment.summary();
  const auto name = word_of(match, "name");
  if (name && !snapshot->config->vrfs.contains(*name)) return no_such_vrf(*name);
  return text_answer(format == show::Format::Json ? show::vrfs_json(*snapshot->config, name)
               : match.has("ip")               ? show::ip_vrfs(*snapshot->config, name)
                                               : show::vrfs(*snapshot->config, name));
}

ExecAnswer one_text(std::string_view member, const std::string& text, show::Format format) {
  return text_answer(format == show::Format::Json ? fmt::format("{{\"{}\":{}}}\n", member, show::quoted_json(text)) : text + "\n");
}

/// What the IKE daemon says is a part of it; that it says nothing is one as well.
ExecAnswer ask_tech_support(show::Format format, const Environment& environment) {
  ExecAnswer asked;
  asked.later = [format, environment](const std::function<void(ExecAnswer)>& done) {
    environment.ike.read(true, [format, environment, done](const Result<SharedSas>& sas) {
      done(answer(tech_support_answer(format, environment, crypto_report(environment, sas))));
    });
  };
  return asked;
}

}  // namespace

ExecAnswer run_exec(std::string_view line, show::Format format, const Environment& environment) {
  if (trim(line).empty()) return answer(one_piece({}));
  const auto match = match_exec(line);
  if (!match) return {nullptr, match.error(), {}};
  if (const auto missing = missing_interface(*match, environment)) return no_such_interface(*missing);
  if (auto later = run_crypto_exec(*match, format, environment)) return std::move(*later);
  switch (match->command) {
    case ExecCommand::ClearCryptoRoute:
    case ExecCommand::ClearCryptoRoutes: return clear_routes(*match, environment);
    case ExecCommand::Dir: return list_files(*match, environment);
    case ExecCommand::More: return show_file(*match, environment);
    case ExecCommand::ShowArchive: return text_answer(format == show::Format::Json ? "{\"archive\":[]}\n" : "Archive feature not enabled\n");
    case ExecCommand::ShowClock: return one_text("clock", environment.clock(), format);
    case ExecCommand::ShowCarried: return text_answer(carried_answer(format, environment));
    case ExecCommand::ShowCryptoRoute:
    case ExecCommand::ShowIpStaticRoute: return routes(*match, format, environment);
    case ExecCommand::ShowHostname: return one_text("hostname", environment.summary()->config->hostname, format);
    case ExecCommand::ShowLogging: return text_answer(logging_answer(format, environment));
    case ExecCommand::ShowRri:
      return answer(rri_answer(format, environment));
    case ExecCommand::ShowRriExplain: return explain(*match, format, environment);
    case ExecCommand::ShowRriHistory: return history(*match, format, environment);
    case ExecCommand::ShowRunningConfig: return answer(running_config_answer(format, environment, match->has("linenum")));
    case ExecCommand::ShowRunningVrf: return running_vrf(*match, format, environment);
    case ExecCommand::ShowObjectGroup: return text_answer(object_groups(environment.document(), word_of(*match, "name"), format));
    case ExecCommand::ShowRunningInterface:
      return running_interface(*match, format, environment);
    case ExecCommand::ShowStartupConfig: return startup_config(format, environment);
    case ExecCommand::ShowVersion: return text_answer(version_answer(format, environment));
    case ExecCommand::ShowInventory: return text_answer(inventory_answer(format, environment));
    case ExecCommand::ShowAccessLists: return access_lists(*match, format, environment);
    case ExecCommand::ShowPrefixList: return prefix_lists(*match, format, environment);
    case ExecCommand::ShowVrf: return vrfs(*match, format, environment);
    case ExecCommand::ShowInterfaceBrief:
    case ExecCommand::ShowInterfaceDescription: {
      const auto snapshot = environment.summary();
      if (format == show::Format::Json) return text_answer(show::interfaces_json(*snapshot));
      return text_answer(match->command == ExecCommand::ShowInterfaceBrief ? show::interface_brief(*snapshot) : show::interface_descriptions(*snapshot));
    }
    case ExecCommand::ShowIpv6Brief: {
      const auto snapshot = environment.summary();
      return text_answer(format == show::Format::Json ? show::interfaces_json(*snapshot) : show::ipv6_interface_brief(*snapshot));
    }
    case ExecCommand::ShowArp:
    case ExecCommand::ShowInterfaces:
    case ExecCommand::ShowIpInterface:
    case ExecCommand::ShowIpv6Interface: return interfaces(*match, format, environment);
    case ExecCommand::ShowDynamicMap: return dynamic_map(*match, format, environment);
    case ExecCommand::Ping:
    case ExecCommand::Traceroute: return failure("send packets: rrid sends none; `rri` does, where it runs");
    case ExecCommand::ShowStandby: return standby(*match, format, environment);
    case ExecCommand::ShowTrack: return tracks(*match, format, environment);
    case ExecCommand::ShowIpRoute:
    case ExecCommand::ShowIpRouteSummary: return ip_route(*match, format, environment);
    case ExecCommand::ShowCryptoMap: return crypto_map(*match, format, environment);
    case ExecCommand::ShowIkev2Policy:
    case ExecCommand::ShowIkev2Profile:
    case ExecCommand::ShowIkev2Proposal:
    case ExecCommand::ShowIpsecProfile:
    case ExecCommand::ShowIsakmpKey:
    case ExecCommand::ShowIsakmpPolicy:
    case ExecCommand::ShowIsakmpProfile:
    case ExecCommand::ShowTransformSet: return text_answer(*crypto_settings(*match, format, environment.document()));
    case ExecCommand::ShowTechSupport: return ask_tech_support(format, environment);
    default: return failure("run this here: it belongs to a session");
  }
}

}  // namespace rri::shell
