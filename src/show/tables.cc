#include "show/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace rri::show {

const core::InterfaceView* find_view(const core::Summary& snapshot, const std::string& name) {
  for (const auto& view : snapshot.interfaces) {
    if (view.name == name) return &view;
  }
  return nullptr;
}

namespace {

bool is_up(const core::Summary& snapshot, const Interface& interface) {
  const auto* view = find_view(snapshot, interface.name);
  return view != nullptr && view->up && !interface.shutdown;
}

std::string access_list(const AccessList& list) {
  const bool v4 = list.family == Family::V4;
  auto text = v4 ? fmt::format("Extended IP access list {}\n", list.name) : fmt::format("IPv6 access list {}\n", list.name);
  for (const auto& line : list.lines) {
    text += v4 ? fmt::format("    {} {}\n", line.sequence, line.text)
               : fmt::format("    {} sequence {}\n", line.text, line.sequence);
  }
  return text;
}

std::string prefix_list(const PrefixList& list) {
  auto text = fmt::format("{} prefix-list {}: {} entries\n", list.family == Family::V4 ? "ip" : "ipv6", list.name, list.lines.size());
  for (const auto& line : list.lines) {
    text += fmt::format("   seq {} {} {}", line.sequence, line.permit ? "permit" : "deny", line.prefix.to_string());
    if (line.ge) text += fmt::format(" ge {}", *line.ge);
    if (line.le) text += fmt::format(" le {}", *line.le);
    text += '\n';
  }
  return text;
}

struct HsrpState {
  std::string name;
  bool active = false;
  bool up = false;

  [[nodiscard]] std::string_view state() const { return !up ? "Init" : active ? "Active" : "Standby"; }
  [[nodiscard]] std::string_view active_router() const { return up && active ? "local" : "unknown"; }
  [[nodiscard]] std::string_view standby_router() const { return up && !active ? "local" : "unknown"; }
};

/// IOS's own name of a group that has none.
std::string group_name(const Interface& interface, const StandbyGroup& group) {
  return group.name.empty() ? fmt::format("hsrp-{}-{}", short_interface(interface.name), group.number) : group.name;
}

HsrpState state_of(const core::Summary& snapshot, const Interface& interface, const StandbyGroup& group) {
  HsrpState state{group_name(interface, group), false, is_up(snapshot, interface)};
  const auto found = snapshot.groups.find(group.name);
  state.active = found != snapshot.groups.end() && found->second;
  return state;
}

std::string virtual_address(const StandbyGroup& group) {
  return group.virtual_addresses.empty() ? "unknown" : group.virtual_addresses.front().to_string();
}

std::string standby_group(const core::Summary& snapshot, const Interface& interface, const StandbyGroup& group) {
  const auto state = state_of(snapshot, interface, group);
  constexpr std::int64_t kHelloMillis = 3000;
  constexpr std::int64_t kHoldMillis = 10000;
  const auto seconds = [](const std::optional<Millis>& time, std::int64_t usual) { return (time ? time->count() : usual) / 1000; };
  auto text = fmt::format("{} - Group {}\n  State is {}\n  Virtual IP address is {}\n", interface.name, group.number,
                          state.state(), virtual_address(group));
  for (std::size_t i = 1; i < group.virtual_addresses.size(); ++i) {
    text += fmt::format("    Secondary virtual IP address {}\n", group.virtual_addresses[i].to_string());
  }
  text += fmt::format("  Hello time {} sec, hold time {} sec\n", seconds(group.hello, kHelloMillis), seconds(group.hold, kHoldMillis));
  text += group.preempt ? "  Preemption enabled\n" : "  Preemption disabled\n";
  text += fmt::format("  Active router is {}\n  Standby router is {}\n", state.active_router(), state.standby_router());
  text += fmt::format("  Priority {} ({} {})\n", group.priority, group.priority == 100 ? "default" : "configured", group.priority);
  for (const auto& track : group.tracks) {
    text += fmt::format("    Track object {}", track.object);
    text += track.shutdown ? " shutdown\n" : fmt::format(" decrement {}\n", track.decrement.value_or(10));
  }
  return text + fmt::format("  Group name is \"{}\" ({})\n", state.name, group.name.empty() ? "default" : "cfgd");
}

}  // namespace

std::string short_interface(std::string_view name) {
  const auto digits = std::find_if(name.begin(), name.end(), [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
  const bool is_ios = !name.empty() && std::isupper(static_cast<unsigned char>(name.front())) != 0;
  if (!is_ios || digits == name.end()) return std::string(name);
  return fmt::format("{}{}", name.substr(0, 2), name.substr(static_cast<std::size_t>(digits - name.begin())));
}

std::string access_lists(const Config& config, const std::optional<std::string>& name) {
  std::string text;
  for (const auto& [key, list] : config.access_lists) {
    if (!name || *name == key) text += access_list(list);
  }
  return text.empty() && name ? ipv6_access_lists(config, name) : text;
}

std::string ipv6_access_lists(const Config& config, const std::optional<std::string>& name) {
  std::string text;
  for (const auto& [key, list] : config.ipv6_access_lists) {
    if (!name || *name == key) text += access_list(list);
  }
  return text;
}

std::string prefix_lists(const Config& config, const std::optional<std::string>& name, Family family) {
  std::string text;
  for (const auto& [key, list] : family == Family::V4 ? config.prefix_lists : config.ipv6_prefix_lists) {
    if (!name || *name == key) text += prefix_list(list);
  }
  return text;
}

std::string vrfs(const Config& config, const std::optional<std::string>& asked) {
  std::string text = fmt::format("  {:<32} {:<21} {:<11} {}\n", "Name", "Default RD", "Protocols", "Interfaces");
  for (const auto& [name, vrf] : config.vrfs) {
    if (asked && *asked != name) continue;
    std::vector<std::string> interfaces;
    for (const auto& [key, interface] : config.interfaces) {
      if (interface.vrf == name) interfaces.push_back(short_interface(key));
    }
    std::string protocols = vrf.ipv4 ? "ipv4" : "";
    if (vrf.ipv6) protocols += protocols.empty() ? "ipv6" : ",ipv6";
    const auto rd = vrf.route_distinguisher.empty() ? std::string("<not set>") : vrf.route_distinguisher;
    auto line = fmt::format("  {:<32} {:<21} {:<11} {}", name, rd, protocols, interfaces.empty() ? "" : interfaces.front());
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    for (std::size_t i = 1; i < interfaces.size(); ++i) text += fmt::format("{:69}{}\n", "", interfaces[i]);
  }
  return text;
}

InterfaceStatus interface_status(const core::Summary& snapshot, const Interface& interface) {
  const auto address = std::find_if(interface.addresses.begin(), interface.addresses.end(),
                                    [](const InterfaceAddress& item) { return item.address.is_v4(); });
  const bool has_address = address != interface.addresses.end();
  const bool up = is_up(snapshot, interface);
  return {has_address ? address->address.to_string() : "unassigned",
          has_address        ? "NVRAM"
          : interface.dhcp ? "DHCP"
                           : "unset",
          interface.shutdown ? "administratively down"
          : up               ? "up"
                             : "down",
          up ? "up" : "down"};
}

std::string interface_brief(const core::Summary& snapshot) {
  constexpr auto kRow = "{:<22} {:<15} {:<3} {:<6} {:<21} {:<8}\n";
  auto text = fmt::format(kRow, "Interface", "IP-Address", "OK?", "Method", "Status", "Protocol");
  for (const auto& [name, interface] : snapshot.config->interfaces) {
    const auto status = interface_status(snapshot, interface);
    text += fmt::format(kRow, name, status.address, "YES", status.method, status.status, status.protocol);
  }
  return text;
}

std::string standby_brief(const core::Summary& snapshot) {
  constexpr auto kRow = "{:<11} {:<4} {:<3} {:<1} {:<7} {:<15} {:<15} {}\n";
  std::string text = "                     P indicates configured to preempt.\n                     |\n";
  text += fmt::format(kRow, "Interface", "Grp", "Pri", "P", "State", "Active", "Standby", "Virtual IP");
  for (const auto& [name, interface] : snapshot.config->interfaces) {
    for (const auto& group : interface.standby) {
      const auto state = state_of(snapshot, interface, group);
      text += fmt::format(kRow, short_interface(name), group.number, group.priority, group.preempt ? "P" : " ", state.state(),
                          state.active_router(), state.standby_router(), virtual_address(group));
    }
  }
  return text;
}

std::string standby(const core::Summary& snapshot) {
  std::string text;
  for (const auto& [name, interface] : snapshot.config->interfaces) {
    for (const auto& group : interface.standby) text += standby_group(snapshot, interface, group);
  }
  return text;
}

}  // namespace rri::show
