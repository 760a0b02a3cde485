#include "show/interfaces.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "net/ios_text.h"
#include "show/tables.h"

namespace rri::show {

namespace {

using Json = nlohmann::json;

/// "aabb.ccdd.eeff".
std::string hardware_word(const HardwareAddress& address) {
  return fmt::format("{:02x}{:02x}.{:02x}{:02x}.{:02x}{:02x}", address[0], address[1], address[2], address[3], address[4], address[5]);
}

std::string kind_word(const Device& device) { return device.kind.empty() ? "Ethernet" : device.kind; }

/// What IOS assumes of an interface of this name where nobody says `bandwidth` and `delay`.
std::string assumed_speed(std::string_view name) {
  struct Assumed {
    std::string_view beginning;
    std::string_view text;
  };
  constexpr Assumed kAssumed[] = {{"TenGigabit", "BW 10000000 Kbit/sec, DLY 10 usec, "}, {"FastEthernet", "BW 100000 Kbit/sec, DLY 100 usec, "},
                                  {"Loopback", "BW 8000000 Kbit/sec, DLY 5000 usec, "},  {"Tunnel", "BW 100 Kbit/sec, DLY 50000 usec, "},
                                  {"Virtual", "BW 100000 Kbit/sec, DLY 50000 usec, "}};
  for (const auto& [beginning, text] : kAssumed) {
    if (name.starts_with(beginning)) return std::string(text);
  }
  return "BW 1000000 Kbit/sec, DLY 10 usec, ";
}

const Device* find_device(const core::Summary& summary, const HostDevices& host, const std::string& interface) {
  const auto* view = find_view(summary, interface);
  if (view == nullptr || view->device.empty()) return nullptr;
  const auto found = std::find_if(host.devices.begin(), host.devices.end(), [&](const Device& device) { return device.name == view->device; });
  return found == host.devices.end() ? nullptr : &*found;
}

std::string status_line(const core::Summary& summary, const Interface& interface) {
  const auto status = interface_status(summary, interface);
  return fmt::format("{} is {}, line protocol is {} \n", interface.name, status.status, status.protocol);
}

std::string interface_text(const core::Summary& summary, const Interface& interface, const Device* device) {
  auto text = status_line(summary, interface);
  if (device == nullptr) {
    const auto* view = find_view(summary, interface.name);
    text += fmt::format("  Hardware is absent{}\n", view == nullptr || view->reason.empty() ? "" : fmt::format(": {}", view->reason));
  } else {
    const auto mac = device->hardware ? hardware_word(*device->hardware) : std::string();
    text += fmt::format("  Hardware is {}{}\n", kind_word(*device), mac.empty() ? "" : fmt::format(", address is {0} (bia {0})", mac));
  }
  if (!interface.description.empty()) text += fmt::format("  Description: {}\n", interface.description);
  for (const auto& item : interface.addresses) {
    if (!item.address.is_v4()) continue;
    text += fmt::format("  Internet address is {}/{}\n", item.address.to_string(), item.length);
    break;
  }
  if (device == nullptr) return text;
  text += fmt::format("  MTU {} bytes, {}\n     reliability 255/255, txload 1/255, rxload 1/255\n", device->mtu, assumed_speed(interface.name));
  text += fmt::format("  Encapsulation {}, loopback not set\n  Linux device {}\n", device->hardware ? "ARPA" : "TUNNEL", device->name);
  text += fmt::format("     {} packets input, {} bytes, 0 no buffer\n     Received 0 broadcasts ({} IP multicasts)\n", device->in.packets, device->in.bytes, device->multicast);
  text += fmt::format("     {} input errors, 0 CRC, 0 frame, 0 overrun, {} ignored\n", device->in.errors, device->in.dropped);
  text += fmt::format("     {} packets output, {} bytes, 0 underruns\n", device->out.packets, device->out.bytes);
  return text + fmt::format("     {} output errors, {} collisions, 0 interface resets\n", device->out.errors, device->collisions);
}

Json traffic_json(const DeviceTraffic& traffic) {
  return {{"packets", traffic.packets}, {"bytes", traffic.bytes}, {"errors", traffic.errors}, {"dropped", traffic.dropped}};
}

Json interface_json(const core::Summary& summary, const Interface& interface, const Device* device) {
  const auto status = interface_status(summary, interface);
  auto addresses = Json::array();
  for (const auto& item : interface.addresses) addresses.push_back(fmt::format("{}/{}", item.address.to_string(), item.length));
  Json object = {{"name", interface.name}, {"status", status.status}, {"protocol", status.protocol}, {"addresses", std::move(addresses)}, {"vrf", interface.vrf}};
  object["description"] = interface.description.empty() ? Json(nullptr) : Json(interface.description);
  object["device"] = device == nullptr ? Json(nullptr) : Json(device->name);
  object["kind"] = device == nullptr ? Json(nullptr) : Json(kind_word(*device));
  object["mac"] = device == nullptr || !device->hardware ? Json(nullptr) : Json(hardware_word(*device->hardware));
  object["mtu"] = device == nullptr ? Json(nullptr) : Json(device->mtu);
  object["in"] = device == nullptr ? Json(nullptr) : traffic_json(device->in);
  object["out"] = device == nullptr ? Json(nullptr) : traffic_json(device->out);
  return object;
}

std::string ip_interface_text(const core::Summary& summary, const Interface& interface, const Device* device) {
  auto text = status_line(summary, interface);
  const auto own = std::find_if(interface.addresses.begin(), interface.addresses.end(), [](const InterfaceAddress& item) { return item.address.is_v4(); });
  if (own == interface.addresses.end() && interface.unnumbered.empty() && !interface.dhcp) return text + "  Internet protocol processing disabled\n";
  if (!interface.unnumbered.empty()) text += fmt::format("  Interface is unnumbered. Using address of {}\n", interface.unnumbered);
  if (interface.dhcp && own == interface.addresses.end()) text += "  Internet address will be negotiated using DHCP\n";
  if (own != interface.addresses.end()) {
    text += fmt::format("  Internet address is {}/{}\n  Broadcast address is 255.255.255.255\n  Address determined by non-volatile memory\n", own->address.to_string(), own->length);
  }
  if (device != nullptr) text += fmt::format("  MTU is {} bytes\n", device->mtu);
  text += "  Helper address is not set\n  Directed broadcast forwarding is disabled\n";
  for (const auto& item : interface.addresses) {
    if (item.address.is_v4() && item.address != own->address) text += fmt::format("  Secondary address {}/{}\n", item.address.to_string(), item.length);
  }
  text += "  Outgoing access list is not set\n  Inbound  access list is not set\n";
  return interface.vrf == kDefaultVrf ? text : text + fmt::format("  VPN Routing/Forwarding \"{}\"\n", interface.vrf);
}

/// What `text` makes of the interfaces that are asked for.
template <class Text>
bool for_each_asked(const core::Summary& summary, const HostDevices& host, const std::optional<std::string>& name, Text text) {
  bool found = false;
  for (const auto* interface : in_ios_order(*summary.config)) {
    if (name && *name != interface->name) continue;
    text(*interface, find_device(summary, host, interface->name));
    found = true;
  }
  return found || !name;
}

/// Those of its device; of an interface that has none, those of the configuration.
std::vector<LinkAddress> ipv6_addresses(const core::Summary& summary, const Interface& interface) {
  std::vector<LinkAddress> found;
  const auto* view = find_view(summary, interface.name);
  for (const auto& link : summary.links) {
    if (view == nullptr || link.name != view->device) continue;
    for (const auto& address : link.addresses) {
      if (!address.address.is_v4()) found.push_back(address);
    }
  }
  if (found.empty()) {
    for (const auto& item : interface.addresses) {
      if (!item.address.is_v4()) found.push_back({item.address, item.length});
    }
  }
  // IOS begins with the link-local one.
  std::stable_partition(found.begin(), found.end(), [](const LinkAddress& item) { return item.address.bytes()[0] == 0xFE; });
  return found;
}

std::string ipv6_interface_text(const core::Summary& summary, const Interface& interface, const Device* device) {
  const auto addresses = ipv6_addresses(summary, interface);
  if (addresses.empty()) return {};
  const auto status = interface_status(summary, interface);
  auto text = fmt::format("{} is {}, line protocol is {}\n", interface.name, status.status, status.protocol);
  const bool has_local = addresses.front().address.bytes()[0] == 0xFE;
  text += fmt::format("  IPv6 is enabled, link-local address is {} {}\n  No Virtual link-local address(es):\n",
                      has_local ? ios_text(addresses.front().address) : "::", has_local ? "" : "[UNA]");
  if (!interface.description.empty()) text += fmt::format("  Description: {}\n", interface.description);
  std::string global;
  for (const auto& item : addresses) {
    if (item.address.bytes()[0] == 0xFE) continue;
    global += fmt::format("    {}, subnet is {} \n", ios_text(item.address), ios_text(item.network()));
  }
  text += global.empty() ? "  No global unicast address is configured\n" : "  Global unicast address(es):\n" + global;
  text += "  Joined group address(es):\n    FF02::1\n";
  return device == nullptr ? text : text + fmt::format("  MTU is {} bytes\n", device->mtu);
}

struct ArpRow {
  std::string address;
  std::optional<std::uint32_t> minutes;  // none: our own
  std::string hardware;
  std::string interface;
};

std::vector<ArpRow> arp_rows(const core::Summary& summary, const HostDevices& host) {
  std::vector<ArpRow> rows;
  for_each_asked(summary, host, std::nullopt, [&](const Interface& interface, const Device* device) {
    if (device == nullptr || !device->hardware) return;
    for (const auto& item : interface.addresses) {
      if (item.address.is_v4()) rows.push_back({item.address.to_string(), std::nullopt, hardware_word(*device->hardware), interface.name});
    }
    for (const auto& neighbour : host.neighbours) {
      if (neighbour.device != device->index) continue;
      rows.push_back({neighbour.address.to_string(), neighbour.age_seconds / 60, neighbour.hardware ? hardware_word(*neighbour.hardware) : "Incomplete", interface.name});
    }
  });
  return rows;
}

}  // namespace

std::optional<std::string> interfaces(const core::Summary& summary, const HostDevices& host, const std::optional<std::string>& name, Format format) {
  std::string text;
  auto objects = Json::array();
  const bool found = for_each_asked(summary, host, name, [&](const Interface& interface, const Device* device) {
    if (format == Format::Text) text += interface_text(summary, interface, device);
    if (format == Format::Json) objects.push_back(interface_json(summary, interface, device));
  });
  if (!found) return std::nullopt;
  return format == Format::Text ? text : Json{{"interfaces", std::move(objects)}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<std::string> ip_interfaces(const core::Summary& summary, const HostDevices& host, const std::optional<std::string>& name) {
  std::string text;
  const bool found = for_each_asked(summary, host, name, [&](const Interface& interface, const Device* device) { text += ip_interface_text(summary, interface, device); });
  return found ? std::optional(std::move(text)) : std::nullopt;
}

std::optional<std::string> ipv6_interfaces(const core::Summary& summary, const HostDevices& host, const std::optional<std::string>& name) {
  std::string text;
  const bool found = for_each_asked(summary, host, name, [&](const Interface& interface, const Device* device) { text += ipv6_interface_text(summary, interface, device); });
  return found ? std::optional(std::move(text)) : std::nullopt;
}

std::string ipv6_interface_brief(const core::Summary& summary) {
  std::string text;
  for (const auto* interface : in_ios_order(*summary.config)) {
    const auto status = interface_status(summary, *interface);
    text += fmt::format("{:<22} [{}/{}]\n", interface->name, status.status, status.protocol);
    const auto addresses = ipv6_addresses(summary, *interface);
    for (const auto& item : addresses) text += fmt::format("    {}\n", ios_text(item.address));
    if (addresses.empty()) text += "    unassigned\n";
  }
  return text;
}

std::string arp(const core::Summary& summary, const HostDevices& host, Format format) {
  constexpr auto kRow = "{:<9} {:<15} {:>10}   {:<14}  {:<6} {}\n";
  auto text = fmt::format("Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n");
  auto objects = Json::array();
  for (const auto& row : arp_rows(summary, host)) {
    text += fmt::format(kRow, "Internet", row.address, row.minutes ? std::to_string(*row.minutes) : "-", row.hardware, "ARPA", row.interface);
    objects.push_back({{"address", row.address}, {"age_minutes", row.minutes ? Json(*row.minutes) : Json(nullptr)},
                       {"mac", row.hardware == "Incomplete" ? Json(nullptr) : Json(row.hardware)}, {"interface", row.interface}});
  }
  return format == Format::Text ? text : Json{{"arp", std::move(objects)}}.dump() + "\n";
}

}  // namespace rri::show
