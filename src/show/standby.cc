#include "show/standby.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/track.h"
#include "show/json.h"
#include "show/summary.h"
#include "show/tables.h"

namespace rri::show {

namespace {

constexpr Millis kUsualHello{3000};
constexpr Millis kUsualHold{10000};
constexpr int kUsualPriority = 100;
constexpr int kUsualDecrement = 10;

/// One group and all there is to say about it.
struct Row {
  const Interface& interface;
  const StandbyGroup& group;
  std::string name;
  std::vector<IpAddress> addresses;
  StandbyStatus status;
  bool interface_up = false;
  int priority = 0;  // in effect

  [[nodiscard]] std::string_view state() const {
    if (!interface_up || !status.is_known || status.word == "FAULT" || status.word == "STOP" || status.word == "DELETED") return "Init";
    return status.active ? "Active" : "Standby";
  }
  [[nodiscard]] std::string_view active_router() const { return state() == "Active" ? "local" : "unknown"; }
  [[nodiscard]] std::string_view standby_router() const { return state() == "Standby" ? "local" : "unknown"; }
  [[nodiscard]] std::string address() const { return addresses.empty() ? "unknown" : addresses.front().to_string(); }
};

bool is_up(const core::Summary& snapshot, const Interface& interface) {
  const auto found = std::find_if(snapshot.interfaces.begin(), snapshot.interfaces.end(),
                                  [&](const core::InterfaceView& view) { return view.name == interface.name; });
  return found != snapshot.interfaces.end() && found->up && !interface.shutdown;
}

/// A tracked object that nothing defines counts as up, as on IOS.
bool is_track_up(const RedundancyStatus& status, std::uint32_t object) {
  const auto found = status.tracks.find(object);
  return found == status.tracks.end() || found->second.up;
}

int priority_in_effect(const StandbyGroup& group, const RedundancyStatus& status) {
  int priority = group.priority;
  for (const auto& track : group.tracks) {
    if (!track.shutdown && !is_track_up(status, track.object)) priority -= track.decrement.value_or(kUsualDecrement);
  }
  return std::max(priority, 0);
}

std::vector<Row> rows_of(const core::Summary& snapshot, const RedundancyStatus& status) {
  std::vector<Row> rows;
  for (const auto* ordered : in_ios_order(*snapshot.config)) {
    const auto& interface = *ordered;
    for (const auto& group : interface.standby) {
      auto name = standby_name(interface, group);
      const auto known = status.groups.find(name);
      rows.push_back({interface, group, std::move(name), standby_addresses(group),
                      known == status.groups.end() ? StandbyStatus{} : known->second, is_up(snapshot, interface),
                      priority_in_effect(group, status)});
    }
  }
  return rows;
}

std::string changes_line(std::uint64_t changes, Seconds since, std::string_view what) {
  return fmt::format("    {} {}change{}, last {}change {}\n", changes, what, changes == 1 ? "" : "s", what, render_uptime(since));
}

std::string time_text(Millis time) {
  constexpr std::int64_t kMillisPerSecond = 1000;
  const auto count = time.count();
  return count % kMillisPerSecond == 0 ? fmt::format("{} sec", count / kMillisPerSecond) : fmt::format("{} msec", count);
}

std::string authentication_line(const std::string& text) {
  constexpr std::string_view kMd5 = "md5";
  if (text.empty()) return {};
  if (text.starts_with(kMd5)) return fmt::format("  Authentication MD5,{}\n", text.find("key-chain") == std::string::npos ? " key-string" : text.substr(kMd5.size()));
  constexpr std::string_view kText = "text ";
  return fmt::format("  Authentication text, string \"{}\"\n", text.starts_with(kText) ? text.substr(kText.size()) : text);
}

std::string address_lines(const Row& row) {
  auto text = row.group.derives_address || (!row.addresses.empty() && !row.addresses.front().is_v4())
                  ? fmt::format("  Link-Local Virtual IPv6 address is {}{}\n", row.address(), row.group.derives_address ? " (impl auto EUI64)" : "")
                  : fmt::format("  Virtual IP address is {}\n", row.address());
  for (std::size_t i = 1; i < row.addresses.size(); ++i) {
    const auto& address = row.addresses[i];
    text += fmt::format("    {} {}\n", address.is_v4() ? "Secondary virtual IP address" : "Virtual IPv6 address", address.to_string());
  }
  return text;
}

std::string track_name(const Config& config, std::uint32_t object) {
  const auto found = config.tracked_interfaces.find(object);
  return object > kLastTrackObject && found != config.tracked_interfaces.end() ? fmt::format("interface {}", found->second)
                                                                               : fmt::format("object {}", object);
}

std::string group_text(const Row& row, const Config& config, const RedundancyStatus& status) {
  const auto& group = row.group;
  auto text = fmt::format("{} - Group {}{}\n", row.interface.name, group.number,
                          row.interface.standby_version == 2 ? " (version 2)" : "");
  text += fmt::format("  State is {}{}\n", row.state(), row.interface_up ? "" : " (interface down)");
  text += changes_line(row.status.changes, row.status.since_change, "state ");
  text += address_lines(row);
  text += "  Active virtual MAC address is unknown\n";
  text += fmt::format("  Hello time {}, hold time {}\n", time_text(group.hello.value_or(kUsualHello)), time_text(group.hold.value_or(kUsualHold)));
  text += authentication_line(group.authentication);
  text += group.preempt ? "  Preemption enabled" : "  Preemption disabled";
  if (group.preempt && group.preempt_delay_seconds) text += fmt::format(", delay min {} secs", *group.preempt_delay_seconds);
  text += fmt::format("\n  Active router is {}\n  Standby router is {}\n", row.active_router(), row.standby_router());
  text += fmt::format("  Priority {} ({} {})\n", row.priority, group.priority == kUsualPriority ? "default" : "configured", group.priority);
  for (const auto& track : group.tracks) {
    const auto state = !status.tracks.contains(track.object) ? "Undefined" : is_track_up(status, track.object) ? "Up" : "Down";
    text += fmt::format("    Track {} state {}", track_name(config, track.object), state);
    text += track.shutdown ? " shutdown\n" : fmt::format(" decrement {}\n", track.decrement.value_or(kUsualDecrement));
  }
  return text + fmt::format("  Group name is \"{}\" ({})\n", row.name, group.name.empty() ? "default" : "cfgd");
}

std::string row_json(const Row& row) {
  std::string addresses;
  for (const auto& address : row.addresses) addresses += fmt::format("{}\"{}\"", addresses.empty() ? "" : ",", address.to_string());
  return fmt::format(
      "{{\"interface\":{},\"group\":{},\"name\":{},\"state\":{},\"active\":{},\"reason\":{},\"keepalived\":{},"
      "\"virtual_addresses\":[{}],\"priority\":{},\"configured_priority\":{},\"preempt\":{},\"changes\":{},\"since_change\":{}}}",
      quoted_json(row.interface.name), row.group.number, quoted_json(row.name), quoted_json(row.state()), row.status.active,
      quoted_json(row.status.reason), quoted_json(row.status.word), addresses, row.priority, row.group.priority,
      row.group.preempt, row.status.changes, row.status.since_change.count());
}

std::string rows_json(const std::vector<Row>& rows) {
  std::string text = "{\"standby\":[";
  for (const auto& row : rows) text += fmt::format("{}\n{}", text.back() == '[' ? "" : ",", row_json(row));
  return text + "]}\n";
}

/// "HSRP GigabitEthernet0/0/1 0" for everything that looks at the object.
std::vector<std::string> trackers_of(const Config& config, std::uint32_t object) {
  std::vector<std::string> found;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& group : interface.standby) {
      const bool uses = std::any_of(group.tracks.begin(), group.tracks.end(), [&](const auto& track) { return track.object == object; });
      if (uses) found.push_back(fmt::format("HSRP {} {}", name, group.number));
    }
  }
  const bool by_route = std::any_of(config.static_routes.begin(), config.static_routes.end(),
                                    [&](const StaticRoute& route) { return route.track == object; });
  if (by_route) found.push_back("Static IP Routing 0");
  return found;
}

std::string track_text(const Config& config, std::uint32_t object, const std::string& interface, const TrackStatus& status) {
  auto text = fmt::format("Track {}\n  Interface {} line-protocol\n  Line protocol is {}\n", object, interface,
                          status.up ? "Up" : "Down (hw down)");
  text += changes_line(status.changes, status.since_change, "");
  const auto trackers = trackers_of(config, object);
  if (!trackers.empty()) text += "  Tracked by:\n";
  for (const auto& tracker : trackers) text += fmt::format("    {}\n", tracker);
  return text;
}

}  // namespace

std::string standby_name(const Interface& interface, const StandbyGroup& group) {
  return group.name.empty() ? fmt::format("hsrp-{}-{}", short_interface(interface.name), group.number) : group.name;
}

std::vector<IpAddress> standby_addresses(const StandbyGroup& group) {
  auto addresses = group.virtual_addresses;
  const auto is_link_local = [](const IpAddress& address) { return address.to_string().starts_with("fe80:"); };
  const bool is_v6 = group.derives_address || (!addresses.empty() && !addresses.front().is_v4());
  if (!is_v6) return addresses;
  const auto found = std::find_if(addresses.begin(), addresses.end(), is_link_local);
  if (found != addresses.end()) {
    std::rotate(addresses.begin(), found, found + 1);
  } else if (const auto derived = IpAddress::try_parse(fmt::format("fe80::5:73ff:fea0:{:x}", group.number))) {
    addresses.insert(addresses.begin(), *derived);
  }
  return addresses;
}

std::vector<std::string> waiting_maps(const core::Summary& snapshot, const RedundancyStatus& status) {
  const auto rows = rows_of(snapshot, status);
  std::vector<std::string> lines;
  for (const auto& [name, interface] : snapshot.config->interfaces) {
    for (const auto& item : interface.maps) {
      const auto active = snapshot.groups.find(item.redundancy_group.value_or(""));
      if (!item.redundancy_group || (active != snapshot.groups.end() && active->second)) continue;
      auto line = fmt::format("crypto map {} on {} makes no routes here: ", item.map, name);
      const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& other) { return other.name == *item.redundancy_group; });
      if (row == rows.end()) {
        lines.push_back(line + fmt::format("no `standby` line names its group {}", *item.redundancy_group));
        continue;
      }
      line += fmt::format("standby group {} is {}", row->name, status.groups.contains(row->name) ? row->state() : "Standby");
      if (!row->status.reason.empty()) line += fmt::format(" ({})", row->status.reason);
      lines.push_back(line + fmt::format(", another router is to hold {} and the routes", row->address()));
    }
  }
  return lines;
}

std::string standby_brief(const core::Summary& snapshot, const RedundancyStatus& status, Format format) {
  const auto rows = rows_of(snapshot, status);
  if (format == Format::Json) return rows_json(rows);
  constexpr auto kRow = "{:<11} {:<4} {:<3} {:<1} {:<7} {:<15} {:<15} {}\n";
  std::string text = "                     P indicates configured to preempt.\n                     |\n";
  text += fmt::format(kRow, "Interface", "Grp", "Pri", "P", "State", "Active", "Standby", "Virtual IP");
  for (const auto& row : rows) {
    text += fmt::format(kRow, short_interface(row.interface.name), row.group.number, row.priority, row.group.preempt ? "P" : " ",
                        row.state(), row.active_router(), row.standby_router(), row.address());
  }
  return text;
}

std::string standby(const core::Summary& snapshot, const RedundancyStatus& status, bool all, Format format) {
  auto rows = rows_of(snapshot, status);
  const auto has_none = [](const Row& row) { return row.addresses.empty() && !row.group.learns_address; };
  std::string text;
  std::vector<Row> shown;
  for (auto& row : rows) {
    if (all || !has_none(row)) shown.push_back(std::move(row));
  }
  if (format == Format::Json) return rows_json(shown);
  for (const auto& row : shown) text += group_text(row, *snapshot.config, status);
  return text;
}

std::string tracks(const core::Summary& snapshot, const RedundancyStatus& status, const TrackQuery& query, Format format) {
  std::string text;
  std::string json;
  constexpr auto kRow = "{:<5} {:<11} {:<26} {:<16} {:<5} {}\n";
  if (query.brief) text = fmt::format(kRow, "Track", "Type", "Instance", "Parameter", "State", "Last Change");
  for (const auto& [object, interface] : snapshot.config->tracked_interfaces) {
    if (object > kLastTrackObject) break;
    if (query.only && *query.only != object) continue;
    const auto found = status.tracks.find(object);
    const auto state = found == status.tracks.end() ? TrackStatus{} : found->second;
    json += fmt::format("{}\n{{\"track\":{},\"interface\":{},\"state\":\"{}\",\"changes\":{},\"since_change\":{}}}", json.empty() ? "" : ",",
                        object, quoted_json(interface), state.up ? "Up" : "Down", state.changes, state.since_change.count());
    text += query.brief ? fmt::format(kRow, object, "interface", interface, "line-protocol", state.up ? "Up" : "Down", render_uptime(state.since_change))
                  : track_text(*snapshot.config, object, interface, state);
  }
  return format == Format::Json ? fmt::format("{{\"tracks\":[{}]}}\n", json) : text;
}

}  // namespace rri::show
