#include "core/next_hop.h"

#include <fmt/format.h>

#include <algorithm>

namespace rri::core {
namespace {

Exit pending(std::string reason, const std::optional<IpAddress>& next_hop = {}) {
  Exit exit;
  exit.state = Exit::State::Pending;
  exit.reason = std::move(reason);
  exit.next_hop = next_hop;
  return exit;
}

Exit unknown(const std::optional<IpAddress>& next_hop) {
  Exit exit;
  exit.reason = "the way to the next hop is being looked up";
  exit.next_hop = next_hop;
  return exit;
}

Exit ready(const std::optional<IpAddress>& next_hop, KernelNextHop hop) {
  Exit exit;
  exit.state = Exit::State::Ready;
  exit.next_hop = next_hop;
  exit.hop = std::move(hop);
  return exit;
}

/// How `target` is reached: by which device, and by which gateway unless it is on-link.
struct Reach {
  IpAddress target;
  std::string device;
  std::optional<IpAddress> gateway;
};

/// The kernel's way to `reach.target` in the form that the user chose.
KernelNextHop hop_in_form(RouteForm form, const Reach& reach) {
  switch (form) {
    case RouteForm::Peer:
      return {reach.target, reach.device, reach.gateway.has_value()};
    case RouteForm::Gateway:
      return {reach.gateway.value_or(reach.target), reach.device, false};
    case RouteForm::Interface:
    case RouteForm::Device:  // adapt_exit() puts DEV in
      return {std::nullopt, reach.device, false};
  }
  return {};
}

/// P's route recurses on R/32: it leaves by the pin's device. The pin makes R
/// reachable there, whatever the connected networks say: always `onlink`.
Exit exit_over_pin(const Entry& entry, const IpAddress& peer, const Exit& pin) {
  auto hop = hop_in_form(entry.form.form, {peer, pin.hop.device, pin.hop.gateway});
  hop.onlink = hop.onlink || entry.form.form == RouteForm::Peer;
  return ready(peer, std::move(hop));
}

/// By the underlay's answer for the next hop itself.
Exit exit_over_underlay(const Entry& entry, const IpAddress& target, const Path* path) {
  if (path == nullptr) return unknown(target);
  if (!path->is_reachable()) return pending(path->reason, target);
  return ready(target, hop_in_form(entry.form.form, {target, path->device, path->gateway}));
}

}  // namespace

PathQuery proxy_query(const Entry& entry, const IpAddress& peer) {
  return {entry.front_vrf, entry.next_hop.value_or(peer), {}, {}};
}

PathQuery pin_query(const Entry& entry, const IpAddress& peer) {
  if (entry.pin == PinMode::ViaGateway) return {entry.front_vrf, *entry.pin_gateway, {}, {}};
  return {entry.front_vrf, peer, entry.device, {}};
}

Exit pin_exit(const Entry& entry, const IpAddress& peer, const Paths& paths) {
  const bool via_gateway = entry.pin == PinMode::ViaGateway;
  const std::optional<IpAddress> next_hop = via_gateway ? entry.pin_gateway : std::nullopt;
  if (via_gateway && next_hop->family() != peer.family()) {
    return pending(fmt::format("gateway {} is of another family than peer {}", next_hop->to_string(), peer.to_string()),
                   next_hop);
  }
  const auto* path = paths(pin_query(entry, peer));
  if (path == nullptr) return unknown(next_hop);
  if (!path->is_reachable()) return pending(path->reason, next_hop);
  if (!via_gateway) return ready(std::nullopt, {path->gateway, path->device, false});
  if (path->gateway) return pending(fmt::format("gateway {} is not on-link", next_hop->to_string()), next_hop);
  return ready(next_hop, {next_hop, path->device, false});
}

Exit proxy_exit(const Entry& entry, const IpAddress& peer, const Exit* pin, const Paths& paths) {
  if (entry.is_tunnel) return ready(std::nullopt, {std::nullopt, entry.device, false});
  const auto target = entry.next_hop.value_or(peer);
  if (pin != nullptr && pin->state == Exit::State::Unknown) return unknown(target);
  if (pin != nullptr && pin->state == Exit::State::Pending) return pending(pin->reason, target);
  if (pin != nullptr && !entry.next_hop) return exit_over_pin(entry, peer, *pin);
  return exit_over_underlay(entry, target, paths(proxy_query(entry, peer)));
}

Exit adapt_exit(const Exit& shared, const Claim& claim, const Host& host) {
  if (shared.state != Exit::State::Ready) return shared;
  const auto by_device = [&](const std::string& device, const std::string& what) {
    if (host.find(device) == nullptr) return pending(fmt::format("there is no {}", what), shared.next_hop);
    if (!host.is_up(device)) return pending(fmt::format("{} is down", what), shared.next_hop);
    return ready(shared.next_hop, {std::nullopt, device, false});
  };
  if (claim.if_id != 0) {
    const auto* link = host.find_xfrm(claim.if_id);
    return by_device(link ? link->name : std::string{}, fmt::format("XFRM interface with if_id {}", claim.if_id));
  }
  if (const auto* vti = claim.mark != 0 ? host.find_vti(claim.mark) : nullptr) return by_device(vti->name, vti->name);
  if (claim.entry != nullptr && claim.entry->form.form == RouteForm::Device) {
    const auto& device = claim.entry->form.device;
    return by_device(device, fmt::format("device {}", device));
  }
  Exit exit = shared;
  const bool other_family = exit.hop.gateway && exit.hop.gateway->family() != claim.key.prefix.family();
  if (other_family) exit.hop = {std::nullopt, exit.hop.device, false};
  return exit;
}

Exit check_device(Exit exit, const Host& host) {
  const auto device = exit.hop.device;
  if (exit.state != Exit::State::Ready || device.empty() || host.is_up(device)) return exit;
  const bool is_there = host.find(device) != nullptr;
  return pending(is_there ? fmt::format("{} is down", device) : fmt::format("there is no device {}", device), exit.next_hop);
}

std::optional<PathQuery> static_query(const StaticRoute& line) {
  if (line.null0 || !line.next_hop || !line.interface.empty()) return std::nullopt;
  // In another VRF its own prefix is somebody else's route.
  const bool is_elsewhere = !line.next_hop_vrf.empty() && line.next_hop_vrf != line.vrf;
  return is_elsewhere ? PathQuery{line.next_hop_vrf, *line.next_hop, {}, {}} : PathQuery{line.vrf, *line.next_hop, {}, line.prefix};
}

namespace {

/// `ip route P MASK IF [NH]`: a named interface needs no route to the next hop.
Exit exit_by_interface(const StaticRoute& line, const std::string& device, const Host& host) {
  const auto* link = host.find(device);
  if (device.empty() || link == nullptr) return pending(fmt::format("interface {} is unbound", line.interface), line.next_hop);
  if (!line.next_hop) return ready(std::nullopt, {std::nullopt, device, false});
  const auto& addresses = link->addresses;
  const bool on_link = std::any_of(addresses.begin(), addresses.end(),
                                   [&](const LinkAddress& own) { return own.network().contains(*line.next_hop); });
  return ready(line.next_hop, {line.next_hop, device, !on_link});
}

}  // namespace

Exit static_exit(const StaticRoute& line, const std::string& device, const Host& host, const Paths& paths) {
  if (line.null0) {
    Exit exit = ready(std::nullopt, {});
    exit.type = KernelRouteType::Blackhole;
    return exit;
  }
  if (!line.interface.empty()) return exit_by_interface(line, device, host);
  if (!line.next_hop) return pending("it has no next hop");
  const auto* path = paths(*static_query(line));
  if (path == nullptr) return unknown(line.next_hop);
  if (!path->is_reachable()) return pending(path->reason, line.next_hop);
  return ready(line.next_hop, {path->gateway.value_or(*line.next_hop), path->device, false});
}

}  // namespace rri::core
