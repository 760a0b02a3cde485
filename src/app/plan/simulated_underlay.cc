#include "app/plan/simulated_underlay.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/plan/limits.h"

namespace rri::plan {
namespace {

core::Path unreachable(std::string reason) { return {{}, {}, std::move(reason)}; }

/// The static entries and the templates that a crypto map acts by.
std::vector<const CryptoEntry*> acting_entries(const Config& config, const std::string& name) {
  std::vector<const CryptoEntry*> acting;
  const auto map = config.crypto_maps.find(name);
  if (map == config.crypto_maps.end()) return acting;
  for (const auto& [sequence, entry] : map->second.entries) {
    if (entry.dynamic_map.empty()) acting.push_back(&entry);
    const auto dynamic = config.dynamic_maps.find(entry.dynamic_map);
    if (dynamic == config.dynamic_maps.end()) continue;
    for (const auto& [number, one] : dynamic->second.entries) acting.push_back(&one);
  }
  return acting;
}

}  // namespace

void Assumption::set_config(const Config& config) {
  carriers_.clear();
  gateways_.clear();
  for (const auto& [name, interface] : config.interfaces) {
    if (interface.maps.empty()) continue;
    Carrier carrier{interface.vrf, device_of(interface), {}, {}};
    for (const auto& attached : interface.maps) {
      carrier.maps.insert(attached.map);
      for (const auto* entry : acting_entries(config, attached.map)) read_entry(*entry, carrier);
    }
    carriers_.push_back(std::move(carrier));
  }
}

void Assumption::read_entry(const CryptoEntry& entry, Carrier& carrier) {
  const auto& rr = entry.reverse_route;
  if (rr.gateway) gateways_.insert(*rr.gateway);
  if (rr.remote_peer_is_gateway && rr.remote_peer_address) gateways_.insert(*rr.remote_peer_address);
  for (const auto& peer : entry.peers) {
    if (peer.address) carrier.peers.insert(*peer.address);
  }
}

bool Assumption::add_peer(const IpAddress& peer, const std::string& map) {
  return maps_of_peers_[peer].insert(map).second;
}

std::string Assumption::find_device(const SimulatedLinks& links, const std::string& vrf,
                                    const IpAddress& address) const {
  const auto maps = maps_of_peers_.find(address);
  const auto knows_peer = [&](const Carrier& carrier) {
    if (carrier.peers.contains(address)) return true;
    return maps != maps_of_peers_.end() &&
           std::any_of(carrier.maps.begin(), carrier.maps.end(),
                       [&](const auto& map) { return maps->second.contains(map); });
  };
  std::string first;  // the first device that is up, for a peer that no map names
  bool named = false;
  for (const auto& carrier : carriers_) {
    if (carrier.vrf != vrf) continue;
    const bool knows = knows_peer(carrier);
    named = named || knows;
    if (!links.is_up(carrier.device)) continue;
    if (knows) return carrier.device;
    if (first.empty()) first = carrier.device;
  }
  if (named || gateways_.contains(address)) return {};
  return first;
}

void SimulatedUnderlay::reset() {
  tables_.clear();
  own_prefixes_.clear();
  for (const auto& [name, link] : links_.links()) {
    if (!link.up) continue;
    for (const auto& address : link.addresses)
      add(link.vrf, address.network(), {0, {}, {{std::nullopt, name, false}}});
  }
}

void SimulatedUnderlay::add(const std::string& vrf, const Prefix& prefix, UnderlayRoute route) {
  auto& table = tables_[vrf];
  table.routes[prefix].push_back(std::move(route));
  table.lengths[prefix.family()].insert(prefix.length());
}

void SimulatedUnderlay::finish() {
  for (auto& [vrf, table] : tables_) {
    for (auto& [prefix, routes] : table.routes) {
      std::stable_sort(routes.begin(), routes.end(),
                       [](const auto& a, const auto& b) { return a.metric < b.metric; });
    }
  }
}

bool SimulatedUnderlay::is_on_link(const std::string& device, const IpAddress& address) const {
  const auto* link = links_.find(device);
  if (link == nullptr) return false;
  if (!address.is_v4() && address.is_link_local()) return true;
  return std::any_of(link->addresses.begin(), link->addresses.end(),
                     [&](const LinkAddress& own) { return own.network().contains(address); });
}

SimulatedUnderlay::Answer SimulatedUnderlay::answer(const core::PathQuery& query) const {
  if (!query.device.empty() && !links_.is_up(query.device)) {
    return {unreachable(fmt::format("{} is down", query.device)), false};
  }
  Lookup lookup{query, kMaxLookupsPerQuery, {}};
  if (const auto own = own_prefixes_.find({query.vrf, query.address}); own != own_prefixes_.end()) {
    lookup.following = own->second;
  }
  auto path = look_up(lookup, query.address);
  if (path.is_reachable()) return {path, false};
  if (!query.device.empty()) {
    // No way out of the device is told: the address counts as on-link (SPEC.md 3.2).
    if (links_.find(query.device)->vrf == query.vrf) return {{query.device, {}, {}}, false};
    return {unreachable(fmt::format("{} is not in VRF {}", query.device, query.vrf)), false};
  }
  if (!assumption_.holds(query.vrf, query.address.family())) return {path, false};
  const auto device = assumption_.find_device(links_, query.vrf, query.address);
  if (device.empty()) return {path, false};
  return {{device, {}, {}}, true};
}

core::Path SimulatedUnderlay::resolve_gateway(const std::string& vrf, const Prefix& prefix,
                                              const IpAddress& gateway) const {
  core::PathQuery query;
  query.vrf = vrf;
  query.address = gateway;
  Lookup lookup{std::move(query), kMaxLookupsPerQuery, {prefix}};
  return look_up(lookup, gateway);
}

core::Path SimulatedUnderlay::look_up(Lookup& lookup, const IpAddress& address) const {
  const auto none = unreachable(fmt::format("no route to {}", address.to_string()));
  if (lookup.budget-- <= 0) return none;
  const auto table = tables_.find(lookup.query.vrf);
  if (table == tables_.end()) return none;
  const auto lengths = table->second.lengths.find(address.family());
  if (lengths == table->second.lengths.end()) return none;
  for (const int length : lengths->second) {
    const Prefix prefix(address, length);
    const auto routes = table->second.routes.find(prefix);
    if (routes == table->second.routes.end()) continue;
    if (std::find(lookup.following.begin(), lookup.following.end(), prefix) != lookup.following.end())
      continue;
    lookup.following.push_back(prefix);
    for (const auto& route : routes->second) {
      if (auto path = follow(lookup, address, route)) return *path;
    }
    lookup.following.pop_back();
  }
  return none;
}

std::optional<core::Path> SimulatedUnderlay::follow(Lookup& lookup, const IpAddress& address,
                                                    const UnderlayRoute& route) const {
  if (route.type == KernelRouteType::Blackhole) {
    return unreachable(fmt::format("the route to {} is a blackhole", address.to_string()));
  }
  for (const auto& hop : route.next_hops) {
    if (auto path = follow_hop(lookup, address, hop)) return path;
  }
  return std::nullopt;
}

std::optional<core::Path> SimulatedUnderlay::follow_hop(Lookup& lookup, const IpAddress& address,
                                                        const KernelNextHop& hop) const {
  auto found = core::Path{hop.device, hop.gateway, {}};
  if (hop.device.empty()) {
    if (*hop.gateway == address) return std::nullopt;
    found = look_up(lookup, *hop.gateway);
    if (!found.is_reachable()) return std::nullopt;
    if (!found.gateway) found.gateway = hop.gateway;
  } else if (hop.gateway == address) {
    // A route cannot lead to its own gateway, unless it says that this is on the link.
    if (!hop.onlink) return std::nullopt;
    found.gateway.reset();
  }
  if (!links_.is_up(found.device)) return std::nullopt;
  if (!lookup.query.device.empty() && found.device != lookup.query.device) return std::nullopt;
  return found;
}

}  // namespace rri::plan
