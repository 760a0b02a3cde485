#include "show/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "show/json.h"

namespace rri::show {

namespace {

/// One screen: longer lists are cut, with a word on how much is missing.
constexpr std::size_t kMaxListed = 10;

std::string_view source_state(core::SourceState state) {
  switch (state) {
    case core::SourceState::NeverSeen: return "not connected yet";
    case core::SourceState::Connected: return "connected";
    case core::SourceState::Lost: return "lost, grace runs";
    case core::SourceState::GraceExpired: return "lost, grace is over";
  }
  return {};
}

std::string source_line(const core::Summary& summary, const core::Tally& tally, const Health& health) {
  std::string text = fmt::format("Source    {}: {}, {} SA{}", health.source, source_state(summary.source), tally.live_sas,
                                 tally.live_sas == 1 ? "" : "s");
  if (tally.unmatched_sas > 0) text += fmt::format(" ({} unmatched)", tally.unmatched_sas);
  if (!health.source_error.empty()) text += fmt::format("\n          {}", health.source_error);
  return text + "\n";
}

std::string routes_line(const core::Tally& tally) {
  std::string text = "Routes   ";
  for (std::size_t i = 0; i < tally.states.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? " " : ", ", to_string(static_cast<RouteState>(i)), tally.states[i]);
  }
  return text + "\n";
}

std::string groups_line(const core::Summary& summary) {
  if (summary.groups.empty()) return {};
  std::string text = "Groups   ";
  std::string_view separator = " ";
  for (const auto& [name, active] : summary.groups) {
    text += fmt::format("{}{} {}", separator, name, active ? "active" : "standby");
    separator = ", ";
  }
  return text + "\n";
}

std::size_t count_refused(const core::Tally& tally) { return tally.states[static_cast<std::size_t>(RouteState::Refused)]; }

std::string counters_line(const core::Counters& counters, const core::Tally& tally) {
  return fmt::format(
      "Counters  {} events, {} added, {} changed, {} deleted, {} adopted, {} repaired, {} failed, {} occupied,\n"
      "          {} refused, {} losses bridged\n",
      counters.events, counters.adds, counters.changes, counters.deletes, counters.adopted, counters.repairs,
      counters.failures, counters.occupied, count_refused(tally), counters.suppressed);
}

/// A title and up to kMaxListed of `total` lines; nothing without lines.
std::string section(std::string_view title, const std::vector<std::string>& lines, std::size_t total) {
  if (lines.empty()) return {};
  std::string text = fmt::format("\n{}\n", title);
  const auto shown = std::min(lines.size(), kMaxListed);
  for (std::size_t i = 0; i < shown; ++i) text += fmt::format("  {}\n", lines[i]);
  if (shown < total) text += fmt::format("  and {} more\n", total - shown);
  return text;
}

std::vector<std::string> newest_first(const std::vector<std::string>& lines) { return {lines.rbegin(), lines.rend()}; }

std::vector<std::string> refused_lines(const core::Tally& tally) {
  std::vector<std::string> lines;
  for (const auto& row : tally.refused) {
    lines.push_back(fmt::format("{} in {} from {} (crypto map {} {}): {}", row.prefix.to_string(), row.vrf,
                                row.peer ? row.peer->to_string() : "?", row.map, row.sequence, row.reason));
  }
  return lines;
}

/// Those that the plans made, then one for each row in trouble.
std::vector<Notice> all_notices(const core::Summary& summary, const core::Tally& tally, const Health& health) {
  auto notices = summary.notices;
  notices.insert(notices.end(), health.leaks.begin(), health.leaks.end());
  notices.insert(notices.end(), tally.troubles.begin(), tally.troubles.end());
  return notices;
}

std::vector<std::string> notice_lines(const core::Summary& summary, const core::Tally& tally, const Health& health) {
  std::vector<std::string> lines;
  for (const auto& notice : all_notices(summary, tally, health)) {
    if (notice.code == NoticeCode::ProxyRefused) continue;  // these have their own list
    lines.push_back(fmt::format("{}: {}", notice_name(notice.code), notice.text));
  }
  return lines;
}

std::string json_list(const std::vector<std::string>& lines) {
  std::string text = "[";
  for (const auto& line : lines) text += fmt::format("{}{}", text.size() == 1 ? "" : ",", quoted_json(line));
  return text + "]";
}

std::string summary_json(const core::Summary& summary, const core::Tally& tally, const Health& health) {
  std::string states;
  for (std::size_t i = 0; i < tally.states.size(); ++i) {
    states += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", to_string(static_cast<RouteState>(i)), tally.states[i]);
  }
  std::string notices;
  for (const auto& notice : all_notices(summary, tally, health)) {
    notices += fmt::format("{}{}", notices.empty() ? "" : ",", notice_json(notice));
  }
  const auto& c = summary.counters;
  return fmt::format(
      "{{\"version\":{},\"uptime\":{},\"in_sync\":{},\n"
      "\"source\":{{\"name\":{},\"state\":{},\"error\":{},\"sas\":{},\"unmatched\":{}}},\n"
      "\"sink\":{{\"name\":{},\"error\":{},\"installed\":{},\"waiting\":{}}},\n"
      "\"fail_closed\":{},\n"
      "\"routes\":{{{}}},\n"
      "\"counters\":{{\"events\":{},\"adds\":{},\"changes\":{},\"deletes\":{},\"adopted\":{},\"repairs\":{},"
      "\"failures\":{},\"occupied\":{},\"refused\":{},\"suppressed\":{}}},\n"
      "\"last_changes\":{},\n\"notices\":[{}],\n\"refused\":{}}}\n",
      quoted_json(health.version), health.uptime.count(), summary.in_sync, quoted_json(health.source),
      quoted_json(source_state(summary.source)), quoted_json(health.source_error), tally.live_sas, tally.unmatched_sas,
      quoted_json(health.sink), quoted_json(health.sink_error), summary.installed, summary.waiting, quoted_json(health.fail_closed), states, c.events, c.adds, c.changes, c.deletes,
      c.adopted, c.repairs, c.failures, c.occupied, count_refused(tally), c.suppressed, json_list(newest_first(health.last_changes)),
      notices, json_list(refused_lines(tally)));
}

std::string explain_row(const RouteRow& row) {
  std::string text = fmt::format("\n{} in VRF {}: {}", row.prefix.to_string(), row.vrf, to_string(row.state));
  if (!row.reason.empty()) text += fmt::format(", {}", row.reason);
  text += fmt::format("\n  {} route, driven by {}, distance {}, tag {}\n", to_string(row.kind), to_string(row.driver),
                      row.distance, row.tag);
  text += fmt::format("  next hop {}", row.next_hop ? row.next_hop->to_string() : "none (interface route)");
  if (!row.device.empty()) text += fmt::format(", kernel route by {}", row.device);
  if (row.gateway) text += fmt::format(" through {}", row.gateway->to_string());
  text += '\n';
  const auto entry = row.sequence == 0 ? "ipsec profile " + row.map : fmt::format("crypto map {} {}", row.map, row.sequence);
  if (row.kind != RouteKind::Static) text += fmt::format("  {} on {}\n", entry, row.interface);
  if (!row.dynamic_map.empty()) text += fmt::format("  dynamic-map {} {}\n", row.dynamic_map, row.template_sequence);
  for (const auto& owner : row.owners) text += fmt::format("  owner {}\n", owner);
  return text;
}

}  // namespace

std::string render_uptime(Seconds uptime) {
  const auto seconds = uptime.count();
  const auto clock = fmt::format("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
  return seconds < 86400 ? clock : fmt::format("{}d {}", seconds / 86400, clock);
}

std::string rri_summary(const core::Summary& summary, const core::Tally& tally, const Health& health, Format format) {
  if (format == Format::Json) return summary_json(summary, tally, health);
  std::string text = fmt::format("{}, up {}, {}\n\n", health.version, render_uptime(health.uptime),
                                 summary.in_sync ? "in sync" : "not in sync yet: nothing is withdrawn");
  text += source_line(summary, tally, health);
  text += fmt::format("Sink      {}: {} installed, {} waiting\n", health.sink, summary.installed, summary.waiting);
  if (!health.sink_error.empty()) text += fmt::format("          {}\n", health.sink_error);
  if (!health.fail_closed.empty()) text += fmt::format("Closed    fail-closed: {}\n", health.fail_closed);
  text += groups_line(summary);
  text += routes_line(tally);
  text += counters_line(summary.counters, tally);
  const auto notices = notice_lines(summary, tally, health);
  text += section("Last changes, newest first", newest_first(health.last_changes), health.last_changes.size());
  text += section("Conflicts and notices", notices, notices.size());
  text += section("Refused", refused_lines(tally), count_refused(tally));
  return text;
}

std::vector<RouteRow> longest_prefix_first(core::Rows rows) {
  std::vector<RouteRow> found;
  while (rows(found)) {
  }
  std::stable_sort(found.begin(), found.end(), [](const RouteRow& a, const RouteRow& b) { return a.prefix.length() > b.prefix.length(); });
  return found;
}

namespace {

bool has_route(const std::vector<RouteRow>& rows, const Protection& found, std::uint32_t template_sequence) {
  return std::any_of(rows.begin(), rows.end(), [&](const RouteRow& row) {
    return row.kind != RouteKind::Static && row.map == found.map && row.sequence == found.sequence && row.interface == found.interface &&
           row.template_sequence == template_sequence;
  });
}

/// Whether a deny before `permit` takes all that it permits to the host: the first line that fits decides.
bool is_denied_before(const AccessList& list, const AclLine& permit, const Prefix& host) {
  const auto takes_source = [&](const Wildcard& source) {
    const auto sources = source.to_prefix();
    return std::any_of(list.lines.begin(), list.lines.end(), [&](const AclLine& line) {
      const bool takes_all = line.protocol == "ip" || line.protocol == "ipv6" || line.protocol == permit.protocol;
      if (&line >= &permit || line.permit || !takes_all || !line.source_ports.empty() || !line.destination_ports.empty()) return false;
      if (!line.options.empty() && !line.options.starts_with("log")) return false;
      return std::any_of(line.destinations.begin(), line.destinations.end(), [&](const Wildcard& one) { return one.contains(host); }) &&
             std::any_of(line.sources.begin(), line.sources.end(), [&](const Wildcard& one) { return one == source || (sources && one.contains(*sources)); });
    });
  };
  return std::all_of(permit.sources.begin(), permit.sources.end(), takes_source);
}

std::string why_without_route(const ReverseRoute& injection) {
  if (!injection.enabled) return "it has no `reverse-route`";
  if (injection.is_static) return "`reverse-route static` can make none now: its interface has no device, or the entry an error (`show rri`, `show logging`)";
  return "its route comes with an SA, and none covers this address";
}

void add_protections(const Config& config, const CryptoEntry& entry, const Prefix& host, Protection found, const std::vector<RouteRow>& rows,
                     std::vector<Protection>& all) {
  const auto template_sequence = entry.sequence == found.sequence ? 0 : entry.sequence;
  if (!has_route(rows, found, template_sequence)) found.without_route = why_without_route(entry.reverse_route);
  for (const auto* lists : {&config.access_lists, &config.ipv6_access_lists}) {
    const auto list = lists->find(entry.match_address);
    if (list == lists->end() || list->second.family != host.family()) continue;
    for (const auto& line : list->second.lines) {
      const auto covers = [&](const Wildcard& destination) { return destination.contains(host); };
      if (!line.permit || std::none_of(line.destinations.begin(), line.destinations.end(), covers) || is_denied_before(list->second, line, host)) continue;
      found.list = list->first;
      found.line = line.text;
      all.push_back(found);
    }
  }
}

}  // namespace

std::vector<Protection> find_protections(const Config& config, const IpAddress& address, const std::vector<RouteRow>& rows) {
  std::vector<Protection> all;
  const auto host = Prefix::host(address);
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& attached : interface.maps) {
      const auto map = config.crypto_maps.find(attached.map);
      if (map == config.crypto_maps.end()) continue;
      for (const auto& [sequence, entry] : map->second.entries) {
        const Protection found{map->first, sequence, name, {}, {}, {}};
        const auto dynamic = config.dynamic_maps.find(entry.dynamic_map);
        if (dynamic == config.dynamic_maps.end()) {
          add_protections(config, entry, host, found, rows, all);
          continue;
        }
        for (const auto& [number, inner] : dynamic->second.entries) add_protections(config, inner, host, found, rows, all);
      }
    }
  }
  return all;
}

std::string explain_address(core::Rows rows, const IpAddress& address, const std::vector<std::string>& standby, const Config& config) {
  const auto found = longest_prefix_first(std::move(rows));
  auto text = found.empty() ? fmt::format("No route of this program covers {}.\n", address.to_string())
                            : fmt::format("{} is covered by {} row{}, longest prefix first.\n", address.to_string(), found.size(),
                                          found.size() == 1 ? "" : "s");
  for (const auto& row : found) text += explain_row(row);
  for (const auto& one : find_protections(config, address, found)) {
    text += fmt::format("\nCrypto map {} {} on {} protects it: access list {} `{}`\n", one.map, one.sequence, one.interface, one.list, one.line);
    if (!one.without_route.empty()) text += fmt::format("  no route: {}\n", one.without_route);
    if (config.settings.fail_closed) text += "  without an SA such packets are dropped on the way out (fail-closed)\n";
  }
  return text + paragraph(standby);
}

}  // namespace rri::show
