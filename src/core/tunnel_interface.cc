#include "core/tunnel_interface.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rri::core {
namespace {

/// TunnelN has N. Tunnel0 and all other names (Virtual-Template1) are told apart by the top
/// bit: IOS tunnel numbers do not reach it, and 0 means none, which would take all traffic.
std::uint32_t default_interface_id(std::string_view name) {
  constexpr std::uint32_t kOthers = 0x80000000U;
  constexpr std::string_view kTunnel = "Tunnel";
  if (name.starts_with(kTunnel)) {
    const auto number = parse_number<std::uint32_t>(name.substr(kTunnel.size()));
    if (number && *number > 0 && *number < kOthers) return *number;
  }
  const auto last = name.find_last_not_of("0123456789");
  const auto digits = last == std::string_view::npos ? name : name.substr(last + 1);
  return kOthers | parse_number<std::uint32_t>(digits).value_or(0);
}

SelectorPair tunnel_selectors(const TunnelEnds& tunnel, bool ikev2) {
  SelectorPair pair;
  pair.name = "tunnel";
  if (!tunnel.mode.starts_with("ipsec")) {
    pair.local = pair.remote = {"dynamic[47]"};
  } else if (ikev2) {
    pair.local = pair.remote = {"0.0.0.0/0", "::/0"};
  } else {
    pair.local = pair.remote = {tunnel.mode.starts_with("ipsec ipv6") ? "::/0" : "0.0.0.0/0"};
  }
  return pair;
}

class TunnelInterfacePlanner {
 public:
  TunnelInterfacePlanner(const Interface& interface, const TunnelEnds& tunnel, const TunnelWork& work)
      : interface_(interface), tunnel_(tunnel), work_(work), name_(fmt::format("interface {}", interface.name)) {}

  void plan(const IpsecProfile& profile, const EntryTunnels& tunnels, const std::string& connection_name) {
    IkeSide side{false, {}, nullptr, nullptr, name_, tunnel_.position, {ExpectedPeer()}};
    const bool names_own = !tunnel_.isakmp_profile.empty() || !tunnel_.ikev2_profile.empty();
    if (!work_.sides.find_side(names_own ? tunnel_.isakmp_profile : profile.isakmp_profile,
                               names_own ? tunnel_.ikev2_profile : profile.ikev2_profile, side) ||
        !work_.sides.restrict_identity(tunnels, side)) {
      return;
    }
    if (tunnel_.mode.starts_with("gre multipoint")) {
      work_.remarks.warn(tunnel_.position, name_ + ": NHRP is not spoken here; peers may call, and none is called");
    }
    ChildSettings children;
    if (!set_transforms(children, tunnels.transform_sets, tunnels, work_.config, name_, work_.remarks)) return;
    children.sa = sa_settings(tunnels.sa, work_.config.ike.sa);
    work_.sides.note_unused(tunnels, name_);
    auto ends = find_ends();
    work_.writer.expect_one(side, ends);
    const bool starts = ends.remote != "%any" && !tunnels.responder_only;
    children.start_action = starts ? "start" : "none";
    children.starts_again = starts;
    ends.keeps_trying = starts;
    auto connection = work_.writer.begin(connection_name, side, ends);
    if (!connection) return;
    add_child(*connection, side, ends, children);
    work_.writer.connections().push_back(std::move(*connection));
  }

 private:
  IkeEnds find_ends() {
    auto ends = work_.writer.ends_here();
    ends.peer = work_.writer.resolved(tunnel_.destination, tunnel_.destination_host);
    ends.peer_host = tunnel_.destination_host;
    ends.remote = ends.peer ? ends.peer->to_string() : ends.peer_host.empty() || ends.peer_host == "dynamic" ? "%any" : ends.peer_host;
    ends.vrf = tunnel_.vrf.empty() ? "default" : tunnel_.vrf;
    work_.places.warn_of_vrf(tunnel_.position, name_, ends.vrf);
    if (const auto source = find_source()) ends.local = {source->to_string()};
    return ends;
  }

  [[nodiscard]] std::optional<IpAddress> find_source() const {
    if (tunnel_.source) return tunnel_.source;
    const auto interface = work_.config.interfaces.find(tunnel_.source_interface);
    if (interface == work_.config.interfaces.end()) return std::nullopt;
    return work_.places.address_of(interface->second, tunnel_.destination ? tunnel_.destination->family() : Family::V4);
  }

  void add_child(CharonConnection& connection, const IkeSide& side, const IkeEnds& ends, const ChildSettings& settings) {
    const bool gre = !tunnel_.mode.starts_with("ipsec");
    auto& child = write_child(connection.settings.section("children"), tunnel_child_name(connection.name),
                              tunnel_selectors(tunnel_, side.ikev2), settings, settings.transport && gre);
    if (!gre) write_device(child);
    if (!child.text("mark_in").empty()) note_shared_ends(ends);
  }

  /// The interface id or mark of the tunnel's device; where no device is known, its number.
  void write_device(CharonSection& out) {
    const auto* host = work_.world.host;
    const Link* link = host != nullptr ? host->find(work_.places.binding_of(interface_).device) : nullptr;
    if (link != nullptr && link->vti_key != 0) {
      out.set("mark_in", std::to_string(link->vti_key));
      out.set("mark_out", std::to_string(link->vti_key));
      return;
    }
    auto number = std::to_string(default_interface_id(interface_.name));
    if (link != nullptr && link->xfrm_if_id != 0) {
      number = std::to_string(link->xfrm_if_id);
    } else {
      work_.remarks.warn(tunnel_.position, fmt::format("{}: its device should be an XFRM interface with if_id {} (or a VTI)", name_, printable(number)));
    }
    out.set("if_id_in", number);
    out.set("if_id_out", number);
  }

  /// The kernel gives a VTI every ESP packet between its two addresses.
  void note_shared_ends(const IkeEnds& ends) {
    if (!ends.peer) return;
    for (const auto& other : work_.writer.connections()) {
      if (!other.entry || other.settings.list("remote_addrs") != std::vector<std::string>{ends.remote}) continue;
      const auto& local = other.settings.list("local_addrs");
      if (ends.local.empty() || std::find(local.begin(), local.end(), ends.local.front()) == local.end()) continue;
      work_.remarks.warn(tunnel_.position, fmt::format("{} is a VTI between the addresses of crypto map {} {}: Linux gives the VTI all "
                                                       "packets between them, and the crypto map's are lost; use an XFRM interface",
                                                       name_, printable(other.entry->map), other.entry->sequence));
    }
  }

  const Interface& interface_;
  const TunnelEnds& tunnel_;
  const TunnelWork& work_;
  std::string name_;
};

}  // namespace

std::string tunnel_child_name(const std::string& connection) { return connection + "-tunnel"; }

std::string plan_tunnel_interface(const Interface& interface, const TunnelWork& work) {
  const auto& ike = work.config.ike;
  const auto tunnel = ike.tunnels.find(interface.name);
  const auto profile = work.config.ipsec_profiles.find(interface.ipsec_profile);
  const auto settings = ike.ipsec_profiles.find(interface.ipsec_profile);
  if (tunnel == ike.tunnels.end() || profile == work.config.ipsec_profiles.end() || settings == ike.ipsec_profiles.end()) {
    work.remarks.refuse(interface.position, fmt::format("interface {}: ipsec profile {} is not defined, no tunnel", interface.name,
                                                        printable(interface.ipsec_profile)));
    return {};
  }
  if (interface.shutdown) return {};
  const auto name = fmt::format("{}{}", kCharonPrefix, charon_name(interface.name));
  TunnelInterfacePlanner(interface, tunnel->second, work).plan(profile->second, settings->second, name);
  return name;
}

}  // namespace rri::core
