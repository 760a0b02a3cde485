#include "show/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <compare>
#include <vector>

#include "base/text.h"
#include "net/ios_text.h"

namespace rri::show {

const core::InterfaceView* find_view(const core::Summary& snapshot, const std::string& name) {
  for (const auto& view : snapshot.interfaces) {
    if (view.name == name) return &view;
  }
  return nullptr;
}

namespace {

/// Ports first; by type; then by each number of the name.
struct IosPlace {
  bool is_virtual = false;
  std::string type;
  std::vector<std::uint64_t> numbers;

  explicit IosPlace(std::string_view name) {
    constexpr std::array<std::string_view, 10> kVirtual = {"Loopback", "Tunnel", "Vlan", "Port-channel", "BDI", "BVI", "Dialer", "Virtual", "Multilink", "NVI"};
    is_virtual = std::any_of(kVirtual.begin(), kVirtual.end(), [&](std::string_view start) { return name.starts_with(start); });
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto digits = std::find_if(name.begin(), name.end(), is_digit);
    type.assign(name.begin(), digits);
    for (auto at = digits; at != name.end();) {
      const auto end = std::find_if_not(at, name.end(), is_digit);
      numbers.push_back(parse_number<std::uint64_t>(std::string_view(at, end)).value_or(0));
      at = std::find_if(end, name.end(), is_digit);
    }
  }
  auto operator<=>(const IosPlace&) const = default;
};

}  // namespace

std::vector<const Interface*> in_ios_order(const Config& config) {
  std::vector<std::pair<IosPlace, const Interface*>> placed;
  for (const auto& [name, interface] : config.interfaces) placed.emplace_back(IosPlace(name), &interface);
  std::stable_sort(placed.begin(), placed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<const Interface*> ordered;
  for (const auto& item : placed) ordered.push_back(item.second);
  return ordered;
}

bool is_standard(std::string_view key) { return key.starts_with("standard "); }

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

/// `10 permit 10.0.0.0, wildcard bits 0.0.0.255`.
std::string standard_list(const AccessList& list) {
  auto text = fmt::format("Standard IP access list {}\n", list.name);
  for (const auto& line : list.lines) {
    const auto& source = line.sources.front();
    const auto prefix = source.to_prefix();
    std::string match = source.address.to_string();
    if (prefix && prefix->length() == 0) match = "any";
    if (!prefix || (prefix->length() > 0 && !prefix->is_host())) match += fmt::format(", wildcard bits {}", source.bits.to_string());
    text += fmt::format("    {} {:<6} {}{}{}\n", line.sequence, line.permit ? "permit" : "deny", match, line.options.empty() ? "" : " ", line.options);
  }
  return text;
}

std::string title_of(const PrefixList& list) { return fmt::format("{} prefix-list {}:", list.family == Family::V4 ? "ip" : "ipv6", list.name); }

std::string prefix_line(const PrefixListLine& line) {
  auto text = fmt::format("   seq {} {} {}", line.sequence, line.permit ? "permit" : "deny", ios_text(line.prefix));
  if (line.ge) text += fmt::format(" ge {}", *line.ge);
  if (line.le) text += fmt::format(" le {}", *line.le);
  return text;
}

std::string prefix_list(const PrefixList& list) {
  auto text = fmt::format("{} {} entries\n", title_of(list), list.lines.size());
  for (const auto& line : list.lines) text += prefix_line(line) + '\n';
  return text;
}

/// Nobody counts hits here.
std::string prefix_list_count(const PrefixList& list, bool detail) {
  const auto ranges = std::count_if(list.lines.begin(), list.lines.end(), [](const auto& line) { return line.ge || line.le; });
  const auto first = list.lines.empty() ? 0 : list.lines.front().sequence;
  const auto last = list.lines.empty() ? 0 : list.lines.back().sequence;
  auto text = fmt::format("{}\n   count: {}, range entries: {}, sequences: {} - {}, refcount: 1\n", title_of(list), list.lines.size(), ranges, first, last);
  if (!detail) return text;
  for (const auto& line : list.lines) text += prefix_line(line) + " (hit count: 0, refcount: 0)\n";
  return text;
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
  for (const bool wants_standard : {true, false}) {  // IOS's order
    for (const auto& [key, list] : config.access_lists) {
      if (is_standard(key) != wants_standard || (name && *name != list.name)) continue;
      text += wants_standard ? standard_list(list) : access_list(list);
    }
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

std::string prefix_list_counts(const Config& config, const std::optional<std::string>& name, Family family, bool detail) {
  const auto& lists = family == Family::V4 ? config.prefix_lists : config.ipv6_prefix_lists;
  std::string text;
  for (const auto& [key, list] : lists) {
    if (!name || *name == key) text += prefix_list_count(list, detail);
  }
  return lists.empty() ? text : fmt::format("Prefix-list with the last deletion/insertion: {}\n{}", lists.rbegin()->first, text);
}

namespace {

/// `show vrf` says which protocols a VRF has; `show ip vrf` has only those with IPv4, and no such column.
std::string vrf_table(const Config& config, const std::optional<std::string>& asked, bool says_protocols) {
  const auto row = [&](std::string_view name, std::string_view rd, std::string_view protocols, std::string_view interface) {
    auto line = fmt::format("  {:<32} {:<21} ", name, rd);
    if (says_protocols) line += fmt::format("{:<11} ", protocols);
    line += interface;
    return line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  };
  const auto ordered = in_ios_order(config);
  auto text = row("Name", "Default RD", "Protocols", "Interfaces");
  for (const auto& [name, vrf] : config.vrfs) {
    if ((asked && *asked != name) || (!says_protocols && !vrf.ipv4)) continue;
    std::vector<std::string> interfaces;
    for (const auto* interface : ordered) {
      if (interface->vrf == name) interfaces.push_back(short_interface(interface->name));
    }
    std::string protocols = vrf.ipv4 ? "ipv4" : "";
    if (vrf.ipv6) protocols += protocols.empty() ? "ipv6" : ",ipv6";
    const auto rd = vrf.route_distinguisher.empty() ? std::string("<not set>") : vrf.route_distinguisher;
    text += row(name, rd, protocols, interfaces.empty() ? "" : interfaces.front());
    for (std::size_t i = 1; i < interfaces.size(); ++i) text += row("", "", "", interfaces[i]);
  }
  return text;
}

}  // namespace

std::string vrfs(const Config& config, const std::optional<std::string>& asked) { return vrf_table(config, asked, true); }

std::string ip_vrfs(const Config& config, const std::optional<std::string>& asked) { return vrf_table(config, asked, false); }

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
  for (const auto* interface : in_ios_order(*snapshot.config)) {
    const auto status = interface_status(snapshot, *interface);
    text += fmt::format(kRow, interface->name, status.address, "YES", status.method, status.status, status.protocol);
  }
  return text;
}

std::string interface_descriptions(const core::Summary& snapshot) {
  constexpr auto kRow = "{:<30} {:<14} {:<8} {}";
  auto text = fmt::format(kRow, "Interface", "Status", "Protocol", "Description") + "\n";
  for (const auto* interface : in_ios_order(*snapshot.config)) {
    const auto status = interface_status(snapshot, *interface);
    const auto line = fmt::format(kRow, short_interface(interface->name), interface->shutdown ? "admin down" : status.status, status.protocol,
                                  interface->description);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return text;
}

}  // namespace rri::show
