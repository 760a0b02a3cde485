#include "show/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "show/json.h"

namespace rri::show {

namespace {

/// One screen: longer lists are cut, with a word on how much is missing.
constexpr std::size_t kMaxListed = 10;

constexpr std::size_t kStates = static_cast<std::size_t>(RouteState::Refused) + 1;

using StateCounts = std::array<std::size_t, kStates>;

StateCounts count_states(const core::Snapshot& snapshot) {
  StateCounts counts{};
  for (const auto& row : snapshot.routes) ++counts[static_cast<std::size_t>(row.state)];
  return counts;
}

std::string_view source_state(core::SourceState state) {
  switch (state) {
    case core::SourceState::NeverSeen: return "not connected yet";
    case core::SourceState::Connected: return "connected";
    case core::SourceState::Lost: return "lost, grace runs";
    case core::SourceState::GraceExpired: return "lost, grace is over";
  }
  return {};
}

struct SaCounts {
  std::size_t live = 0;
  std::size_t unmatched = 0;
};

SaCounts count_sas(const core::Snapshot& snapshot) {
  SaCounts counts;
  for (const auto& view : snapshot.sas) {
    if (!view.live) continue;
    ++counts.live;
    if (!view.entry) ++counts.unmatched;
  }
  return counts;
}

std::string source_line(const core::Snapshot& snapshot, const Health& health) {
  const auto counts = count_sas(snapshot);
  std::string text = fmt::format("Source    {}: {}, {} SA{}", health.source, source_state(snapshot.source), counts.live,
                                 counts.live == 1 ? "" : "s");
  if (counts.unmatched > 0) text += fmt::format(" ({} unmatched)", counts.unmatched);
  if (!health.source_error.empty()) text += fmt::format("\n          {}", health.source_error);
  return text + "\n";
}

std::string routes_line(const core::Snapshot& snapshot) {
  const auto counts = count_states(snapshot);
  std::string text = "Routes   ";
  for (std::size_t i = 0; i < kStates; ++i) {
    text += fmt::format("{}{} {}", i == 0 ? " " : ", ", to_string(static_cast<RouteState>(i)), counts[i]);
  }
  return text + "\n";
}

std::string groups_line(const core::Snapshot& snapshot) {
  if (snapshot.groups.empty()) return {};
  std::string text = "Groups   ";
  std::string_view separator = " ";
  for (const auto& [name, active] : snapshot.groups) {
    text += fmt::format("{}{} {}", separator, name, active ? "active" : "standby");
    separator = ", ";
  }
  return text + "\n";
}

std::string counters_line(const core::Counters& counters) {
  return fmt::format(
      "Counters  {} events, {} added, {} changed, {} deleted, {} adopted, {} repaired, {} failed, {} occupied,\n"
      "          {} refused, {} losses bridged\n",
      counters.events, counters.adds, counters.changes, counters.deletes, counters.adopted, counters.repairs,
      counters.failures, counters.occupied, counters.refused, counters.suppressed);
}

/// A title and up to kMaxListed lines; nothing without lines.
std::string section(std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text = fmt::format("\n{}\n", title);
  const auto shown = std::min(lines.size(), kMaxListed);
  for (std::size_t i = 0; i < shown; ++i) text += fmt::format("  {}\n", lines[i]);
  if (shown < lines.size()) text += fmt::format("  and {} more\n", lines.size() - shown);
  return text;
}

std::vector<std::string> newest_first(const std::vector<std::string>& lines) { return {lines.rbegin(), lines.rend()}; }

std::vector<std::string> refused_lines(const core::Snapshot& snapshot) {
  std::vector<std::string> lines;
  for (const auto& row : snapshot.routes) {
    if (row.state != RouteState::Refused) continue;
    lines.push_back(fmt::format("{} in {} from {} (crypto map {} {}): {}", row.prefix.to_string(), row.vrf,
                                row.peer ? row.peer->to_string() : "?", row.map, row.sequence, row.reason));
  }
  return lines;
}

std::vector<std::string> notice_lines(const core::Snapshot& snapshot) {
  std::vector<std::string> lines;
  for (const auto& notice : snapshot.notices) {
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

std::string summary_json(const core::Snapshot& snapshot, const Health& health) {
  const auto counts = count_states(snapshot);
  const auto sas = count_sas(snapshot);
  std::string states;
  for (std::size_t i = 0; i < kStates; ++i) {
    states += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", to_string(static_cast<RouteState>(i)), counts[i]);
  }
  std::string notices;
  for (const auto& notice : snapshot.notices) {
    notices += fmt::format("{}{}", notices.empty() ? "" : ",", notice_json(notice));
  }
  const auto& c = snapshot.counters;
  return fmt::format(
      "{{\"version\":{},\"uptime\":{},\"in_sync\":{},\n"
      "\"source\":{{\"name\":{},\"state\":{},\"error\":{},\"sas\":{},\"unmatched\":{}}},\n"
      "\"sink\":{{\"name\":{},\"error\":{},\"installed\":{},\"waiting\":{}}},\n"
      "\"routes\":{{{}}},\n"
      "\"counters\":{{\"events\":{},\"adds\":{},\"changes\":{},\"deletes\":{},\"adopted\":{},\"repairs\":{},"
      "\"failures\":{},\"occupied\":{},\"refused\":{},\"suppressed\":{}}},\n"
      "\"last_changes\":{},\n\"notices\":[{}],\n\"refused\":{}}}\n",
      quoted_json(health.version), health.uptime.count(), snapshot.in_sync, quoted_json(health.source),
      quoted_json(source_state(snapshot.source)), quoted_json(health.source_error), sas.live, sas.unmatched,
      quoted_json(health.sink), quoted_json(health.sink_error), snapshot.installed, snapshot.waiting, states, c.events, c.adds, c.changes, c.deletes,
      c.adopted, c.repairs, c.failures, c.occupied, c.refused, c.suppressed, json_list(newest_first(health.last_changes)),
      notices, json_list(refused_lines(snapshot)));
}

std::string explain_row(const core::Snapshot& snapshot, const RouteRow& row) {
  std::string text = fmt::format("\n{} in VRF {}: {}", row.prefix.to_string(), row.vrf, to_string(row.state));
  if (!row.reason.empty()) text += fmt::format(", {}", row.reason);
  text += fmt::format("\n  {} route, driven by {}, distance {}, tag {}\n", to_string(row.kind), to_string(row.driver),
                      row.distance, row.tag);
  text += fmt::format("  next hop {}", row.next_hop ? row.next_hop->to_string() : "none (interface route)");
  if (!row.device.empty()) text += fmt::format(", kernel route by {}", row.device);
  if (row.gateway) text += fmt::format(" through {}", row.gateway->to_string());
  text += '\n';
  if (row.kind != RouteKind::Static) text += fmt::format("  crypto map {} {} on {}\n", row.map, row.sequence, row.interface);
  if (!row.dynamic_map.empty()) text += fmt::format("  dynamic-map {} {}\n", row.dynamic_map, row.template_sequence);
  for (const auto& owner : row.owners) text += fmt::format("  owner {}\n", owner);
  for (const auto& view : snapshot.sas) {
    if (!row.peer || view.sa.peer != *row.peer || row.driver != Driver::Sa) continue;
    text += fmt::format("  SA {} with {}{}\n", view.sa.id.value, view.sa.peer.to_string(), view.live ? "" : " (gone, hold-down runs)");
  }
  return text;
}

}  // namespace

std::string render_uptime(Seconds uptime) {
  const auto seconds = uptime.count();
  const auto clock = fmt::format("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
  return seconds < 86400 ? clock : fmt::format("{}d {}", seconds / 86400, clock);
}

std::string rri_summary(const core::Snapshot& snapshot, const Health& health, Format format) {
  if (format == Format::Json) return summary_json(snapshot, health);
  std::string text = fmt::format("{}, up {}, {}\n\n", health.version, render_uptime(health.uptime),
                                 snapshot.in_sync ? "in sync" : "not in sync yet: nothing is withdrawn");
  text += source_line(snapshot, health);
  text += fmt::format("Sink      {}: {} installed, {} waiting\n", health.sink, snapshot.installed, snapshot.waiting);
  if (!health.sink_error.empty()) text += fmt::format("          {}\n", health.sink_error);
  text += groups_line(snapshot);
  text += routes_line(snapshot);
  text += counters_line(snapshot.counters);
  text += section("Last changes, newest first", newest_first(health.last_changes));
  text += section("Conflicts and notices", notice_lines(snapshot));
  text += section("Refused", refused_lines(snapshot));
  return text;
}

std::string explain_address(const core::Snapshot& snapshot, const IpAddress& address) {
  std::vector<const RouteRow*> rows;
  for (const auto& row : snapshot.routes) {
    if (row.prefix.contains(address)) rows.push_back(&row);
  }
  if (rows.empty()) return fmt::format("No route of this program covers {}.\n", address.to_string());
  std::stable_sort(rows.begin(), rows.end(), [](const RouteRow* a, const RouteRow* b) {
    return a->prefix.length() > b->prefix.length();
  });
  std::string text = fmt::format("{} is covered by {} row{}, longest prefix first.\n", address.to_string(), rows.size(),
                                 rows.size() == 1 ? "" : "s");
  for (const auto* row : rows) text += explain_row(snapshot, *row);
  return text;
}

}  // namespace rri::show
