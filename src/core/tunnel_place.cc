#include "core/tunnel_place.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rri::core {
namespace {

bool is_link_local(const IpAddress& address) {
  static const auto kLinkLocal = Prefix::parse("fe80::/10");
  return address.family() == Family::V6 && kLinkLocal->contains(address);
}

}  // namespace

Binding PlaceFinder::binding_of(const Interface& interface) const {
  return world_.host != nullptr ? world_.host->bind(interface) : Binding{interface.name, {}};
}

std::optional<IpAddress> PlaceFinder::address_of(const Interface& interface, Family family) const {
  std::optional<IpAddress> configured;
  for (const auto& one : interface.addresses) {
    if (!configured && !one.secondary && one.address.family() == family && !is_link_local(one.address)) configured = one.address;
  }
  if (world_.host == nullptr) return configured;
  const auto* link = world_.host->find(binding_of(interface).device);
  if (link == nullptr) return configured;
  if (configured && world_.host->owns(link->name, *configured)) return configured;
  for (const auto& one : link->addresses) {
    if (one.address.family() == family && !is_link_local(one.address)) return one.address;
  }
  return configured;
}

const Interface* PlaceFinder::unnumbered_base(const Interface& interface) const {
  const auto found = config_.interfaces.find(interface.unnumbered);
  return found == config_.interfaces.end() ? &interface : &found->second;
}

void PlaceFinder::add_group_address(const std::string& group, const Interface& interface, Place& place) {
  for (const auto& standby : interface.standby) {
    if (standby.name != group) continue;
    for (const auto& address : standby.virtual_addresses) {
      if (std::none_of(place.addresses.begin(), place.addresses.end(),
                       [&](const IpAddress& one) { return one.family() == address.family(); })) {
        place.addresses.push_back(address);
      }
    }
  }
}

void PlaceFinder::warn_of_vrf(TextPosition position, const std::string& who, const std::string& vrf) {
  if (vrf == "default") return;
  remarks_.warn(position, fmt::format("{0}: strongSwan knows no VRFs; for peers in front-door VRF {1} set net.ipv4.udp_l3mdev_accept=1 and "
                                      "give the main table a route to them, by which it sends (ip route add PEER via GATEWAY dev DEVICE), or "
                                      "start it with `ip vrf exec {1}`",
                                      who, printable(vrf)));
}

void PlaceFinder::add_attachment(const CryptoMap& map, const MapAttachment& attached, const Interface& interface, Place& place) {
  const auto& group = attached.redundancy_group;
  if (group && world_.host != nullptr && !world_.active_groups.contains(*group)) return;
  const auto binding = binding_of(interface);
  if (!binding.is_bound()) {
    remarks_.refuse(interface.position, fmt::format("interface {} is unbound and its crypto map {} makes no tunnels: {}",
                                                    interface.name, printable(map.name), binding.reason));
    return;
  }
  if (place.is_applied && place.vrf != interface.vrf) {
    remarks_.warn(interface.position, fmt::format("crypto map {} on {} is in VRF {} here and in VRF {} elsewhere: keyrings and policies of "
                                                  "VRF {} are used for both; a crypto map for each VRF has its own",
                                                  printable(map.name), interface.name, printable(interface.vrf), printable(place.vrf), printable(place.vrf)));
  }
  if (!place.is_applied) place.vrf = interface.vrf;
  place.is_applied = true;
  warn_of_vrf(interface.position, fmt::format("crypto map {} on {}", printable(map.name), interface.name), interface.vrf);
  if (group) return add_group_address(*group, interface, place);
  const auto named = config_.interfaces.find(map.local_address_interface);
  const Interface* source = named != config_.interfaces.end() ? &named->second : unnumbered_base(interface);
  for (const auto family : {Family::V4, Family::V6}) {
    const auto address = address_of(*source, family);
    if (address) place.addresses.push_back(*address);
  }
  place.any_address = place.any_address || (source->dhcp && place.addresses.empty());
}

Place PlaceFinder::find(const CryptoMap& map) {
  Place place;
  for (const auto& [name, interface] : config_.interfaces) {
    for (const auto& attached : interface.maps) {
      if (attached.map == map.name) add_attachment(map, attached, interface, place);
    }
  }
  std::vector<IpAddress> unique;
  for (const auto& address : place.addresses) {
    if (std::find(unique.begin(), unique.end(), address) == unique.end()) unique.push_back(address);
  }
  place.addresses = std::move(unique);
  return place;
}

}  // namespace rri::core
