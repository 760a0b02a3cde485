#include "core/tunnel_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "core/peer_choice.h"
#include "core/tunnel_connections.h"
#include "core/tunnel_interface.h"
#include "core/tunnel_place.h"
#include "core/tunnel_sides.h"
#include "model/peers.h"

namespace rri::core {
namespace {

class TunnelPlanner {
 public:
  TunnelPlanner(const Config& config, const TunnelWorld& world)
      : config_(config), world_(world), places_(config, world, remarks_), sides_(config, remarks_), writer_(config, world, remarks_) {}

  TunnelPlan take() {
    note_carried();
    count_peers();
    for (const auto& [name, map] : config_.crypto_maps) plan_map(map);
    for (const auto& [name, interface] : config_.interfaces) {
      if (interface.ipsec_profile.empty()) continue;
      const auto connection = plan_tunnel_interface(interface, {config_, world_, places_, sides_, writer_, remarks_});
      if (!connection.empty()) configured_[connection] = {tunnel_child_name(connection)};
    }
    TunnelPlan plan;
    plan.connections = std::move(writer_.connections());
    plan.keys = writer_.take_keys();
    plan.remarks = remarks_.take();
    plan.undecided = std::move(undecided_);
    plan.configured = std::move(configured_);
    return plan;
  }

 private:
  // ---- entries -------------------------------------------------------------

  void plan_map(const CryptoMap& map) {
    const auto place = places_.find(map);
    if (!place.is_applied) return;
    for (const auto& [sequence, entry] : map.entries) {
      if (!entry.ipsec_profile.empty()) {
        remarks_.refuse(entry.position, fmt::format("crypto map {} {}: `ipsec-isakmp profile` is not supported, no tunnel",
                                                    printable(map.name), sequence));
      } else if (entry.dynamic_map.empty()) {
        plan_static(map, entry, place);
      } else {
        plan_dynamic(map, entry, place);
      }
    }
  }

  static const EntryTunnels& tunnels_of(const std::map<IkeConfig::EntryKey, EntryTunnels>& all, const std::string& name,
                                        std::uint32_t sequence) {
    static const EntryTunnels kNone;
    const auto found = all.find({name, sequence});
    return found == all.end() ? kNone : found->second;
  }

  /// What stands outside of entries.
  void note_carried() {
    for (const auto& line : config_.ike.unused) remarks_.warn(line.position, line.text);
  }

  // ---- static entries ------------------------------------------------------

  /// How often each peer address occurs, for `unique`.
  void count_peers() {
    for (const auto& [name, map] : config_.crypto_maps) {
      for (const auto& [sequence, entry] : map.entries) {
        for (const auto& peer : entry.peers) ++peer_counts_[peer.address ? peer.address->to_string() : peer.host];
      }
    }
  }

  void plan_static(const CryptoMap& map, const CryptoEntry& entry, const Place& place) {
    const auto name = fmt::format("crypto map {} {}", printable(map.name), entry.sequence);
    const auto& tunnels = tunnels_of(config_.ike.map_entries, map.name, entry.sequence);
    std::vector<const AccessList*> lists;
    if (!sides_.find_lists(entry, tunnels, name, lists)) return;
    if (entry.peers.empty() || lists.empty()) {
      remarks_.refuse(tunnels.position, fmt::format("{}: no tunnel until a peer and a valid access list have been configured", name));
      return;
    }
    const EntryName id{map.name, entry.sequence};
    auto pairs = selector_pairs(lists, {name, true, entry.ikev2_profile.empty()}, remarks_);
    for (const auto& peer : entry.peers) keep(id, PeerChoice::connection_name(id, peer), pairs);
    IkeSide side{false, {}, nullptr, nullptr, name, tunnels.position, {ExpectedPeer()}};
    if (!sides_.find_side(map, entry, entry, side) || !sides_.restrict_identity(tunnels, side)) return;
    ChildSettings children;
    if (!set_transforms(children, entry.transform_sets, tunnels, config_, name, remarks_)) return;
    children.sa = sa_settings(tunnels.sa, config_.ike.sa);
    find_doubles(pairs, name);
    sides_.note_unused(tunnels, name);
    if (pairs.empty()) {
      remarks_.refuse(tunnels.match_position, fmt::format("{}: access list {} has no usable permit line, no tunnel", name,
                                                          printable(entry.match_address)));
      return;
    }
    writer_.add_shunts(id, "pass", lists, side);
    const auto before = writer_.connections().size();
    plan_peers(id, entry, tunnels, side, place, children, pairs);
    if (writer_.connections().size() == before) return;
    for (const auto& pair : pairs) selectors_.try_emplace({pair.local, pair.remote}, name);
  }

  /// The traps are with the current peer, or with the first after it that can be called at all.
  void plan_peers(const EntryName& id, const CryptoEntry& entry, const EntryTunnels& tunnels, IkeSide& side, const Place& place,
                  ChildSettings& children, const std::vector<SelectorPair>& pairs) {
    const auto current = world_.current.find(id);
    const auto chosen = current == world_.current.end() ? first_peer(entry) : current->second;
    auto& connections = writer_.connections();
    std::map<std::size_t, std::vector<CharonConnection>> planned;  // by peer
    for (std::size_t step = 0; step < entry.peers.size(); ++step) {
      const auto i = (chosen + step) % entry.peers.size();
      const bool holds_traps = planned.empty();
      children.start_action = !holds_traps ? "none" : world_.traps ? "trap" : "start";
      children.starts_again = children.start_action == "start";
      side.position = i < tunnels.peer_positions.size() ? tunnels.peer_positions[i] : tunnels.position;
      const auto count = static_cast<std::ptrdiff_t>(connections.size());
      plan_peer(id, entry.peers[i], side, place, children, pairs);
      const auto begin = connections.begin() + count;
      if (begin == connections.end()) continue;
      planned[i].assign(std::move_iterator(begin), std::move_iterator(connections.end()));
      connections.erase(begin, connections.end());
    }
    for (auto& [i, some] : planned) std::move(some.begin(), some.end(), std::back_inserter(connections));
  }

  /// Of two traps with equal selectors charon would follow the one loaded last; here as on IOS
  /// the lower sequence has it, if it makes a connection. The other entry's peer may call.
  void find_doubles(std::vector<SelectorPair>& pairs, const std::string& name) {
    for (auto& pair : pairs) {
      const auto place = selectors_.find({pair.local, pair.remote});
      pair.may_start = place == selectors_.end();
      if (pair.may_start) continue;
      remarks_.warn(pair.position, fmt::format("{}: {} already protects what this line permits; traffic starts that tunnel only, and this "
                                               "one is up when its peer calls",
                                               name, place->second));
    }
  }

  void note_shared(const std::string& remote, const EntryName& id, const IkeSide& side) {
    const auto [place, is_new] = peer_owners_.try_emplace(remote, id);
    if (is_new || place->second == id) return;
    remarks_.warn(side.position, fmt::format("{}: peer {} is in crypto map {} {} as well; strongSwan keeps an IKE SA for each entry",
                                             side.entry, printable(remote), printable(place->second.map), place->second.sequence));
  }

  void plan_peer(const EntryName& id, const PeerAddress& peer, const IkeSide& side, const Place& place,
                 const ChildSettings& children, const std::vector<SelectorPair>& pairs) {
    auto ends = writer_.ends_here();
    ends.peer = writer_.resolved(peer.address, peer.host);
    ends.peer_host = peer.host;
    if (!ends.peer && world_.host != nullptr) {
      undecided_.insert(charon_connection_name(id, charon_address_name(peer.host)));
      remarks_.refuse(side.position, fmt::format("{}: peer {} has no address yet, no tunnel to it", side.entry, printable(peer.host)));
      return;
    }
    ends.remote = ends.peer ? ends.peer->to_string() : peer.host;
    ends.vrf = place.vrf;
    ends.local = place.local(ends.peer ? std::optional(ends.peer->family()) : std::nullopt);
    if (ends.local.empty() && !place.any_address) {
      remarks_.refuse(side.position, fmt::format("{}: its interface has no address to reach peer {} from, no tunnel", side.entry,
                                                 printable(ends.remote)));
      return;
    }
    const auto key = peer.address ? peer.address->to_string() : peer.host;
    ends.shared_peer = peer_counts_[key] > 1;
    ends.keeps_trying = children.start_action == "start";
    note_shared(ends.remote, id, side);
    const auto tail = charon_address_name(peer.address ? ends.remote : peer.host);
    writer_.add_for_each(id, charon_connection_name(id, tail), side, ends, children, pairs);
  }

  // ---- dynamic maps --------------------------------------------------------

  void plan_dynamic(const CryptoMap& map, const CryptoEntry& outer, const Place& place) {
    const auto dynamic = config_.dynamic_maps.find(outer.dynamic_map);
    if (dynamic == config_.dynamic_maps.end()) {
      remarks_.refuse(outer.position, fmt::format("crypto map {} {}: dynamic map {} is not defined, no tunnels", printable(map.name),
                                                  outer.sequence, printable(outer.dynamic_map)));
      return;
    }
    for (const auto& [sequence, tmpl] : dynamic->second.entries) plan_template(map, outer, tmpl, dynamic->first, place);
  }

  void plan_template(const CryptoMap& map, const CryptoEntry& outer, const CryptoEntry& tmpl, const std::string& dynamic,
                     const Place& place) {
    const auto name = fmt::format("crypto dynamic-map {} {}", printable(dynamic), tmpl.sequence);
    const auto& tunnels = tunnels_of(config_.ike.dynamic_entries, dynamic, tmpl.sequence);
    std::vector<const AccessList*> lists;
    if (outer.has_error || !sides_.find_lists(tmpl, tunnels, name, lists)) return;
    const EntryName id{map.name, outer.sequence};
    const bool ikev2 = !tmpl.ikev2_profile.empty() || !outer.ikev2_profile.empty();
    const auto pairs = tmpl.match_address.empty() ? any_pairs(ikev2) : selector_pairs(lists, {name, false, !ikev2}, remarks_);
    keep(id, charon_connection_name(id, charon_template_tail(tmpl.sequence)), pairs);
    IkeSide side{false, {}, nullptr, nullptr, name, tunnels.position, {ExpectedPeer()}};
    if (!sides_.find_side(map, outer, tmpl, side) || !sides_.restrict_identity(tunnels, side)) return;
    if (!side.ikev2 && config_.ike.maps_asking_for_user.contains(map.name)) return sides_.refuse_xauth(side);
    ChildSettings children;
    if (!set_transforms(children, tmpl.transform_sets, tunnels, config_, name, remarks_)) return;
    children.sa = sa_settings(tunnels.sa, config_.ike.sa);
    children.start_action = "none";
    sides_.note_unused(tunnels, name);
    if (pairs.empty()) return;
    writer_.add_shunts(id, fmt::format("pass_{}", tmpl.sequence), lists, side);
    std::size_t number = 0;
    for (const auto& [remote, peer] : template_peers(tmpl)) {
      for (const auto& expected : side.expected) {
        auto ends = writer_.ends_here();
        ends.remote = remote;
        ends.peer = peer;
        ends.vrf = place.vrf;
        ends.local = place.local(peer ? std::optional(peer->family()) : std::nullopt);
        ends.remote_identity = expected.id;
        ends.remote_authority = expected.authority;
        auto tail = charon_template_tail(tmpl.sequence);
        if (++number > 1) tail += fmt::format("_{}", number);
        writer_.add_connection(id, charon_connection_name(id, tail), side, ends, children, pairs);
      }
    }
  }

  std::vector<std::pair<std::string, std::optional<IpAddress>>> template_peers(const CryptoEntry& tmpl) const {
    std::vector<std::pair<std::string, std::optional<IpAddress>>> peers;
    for (const auto& peer : tmpl.peers) {
      const auto address = writer_.resolved(peer.address, peer.host);
      if (address || world_.host == nullptr) peers.emplace_back(address ? address->to_string() : peer.host, address);
    }
    if (tmpl.peers.empty()) peers.emplace_back("%any", std::nullopt);
    return peers;
  }

  /// Anything of both families; IKEv1 has one selector a side.
  static std::vector<SelectorPair> any_pairs(bool ikev2) {
    if (ikev2) return {{"any", {"0.0.0.0/0", "::/0"}, {"0.0.0.0/0", "::/0"}, {}, {}, {}}};
    return {{"any", {"0.0.0.0/0"}, {"0.0.0.0/0"}, {}, {}, {}}, {"any6", {"::/0"}, {"::/0"}, {}, {}, {}}};
  }

  /// What an entry asks for, whether or not it can be.
  void keep(const EntryName& id, const std::string& connection, const std::vector<SelectorPair>& pairs) {
    auto& children = configured_[connection];
    for (const auto& pair : pairs) children.insert(charon_connection_name(id, pair.name));
  }

  const Config& config_;
  const TunnelWorld& world_;
  Remarks remarks_;
  PlaceFinder places_;
  SideFinder sides_;
  ConnectionWriter writer_;
  std::set<std::string> undecided_;
  std::map<std::string, std::set<std::string>> configured_;
  std::map<std::string, std::size_t> peer_counts_;
  std::map<std::string, EntryName> peer_owners_;
  std::map<std::pair<std::vector<std::string>, std::vector<std::string>>, std::string> selectors_;
};

}  // namespace

TunnelPlan plan_tunnels(const Config& config, const TunnelWorld& world) { return TunnelPlanner(config, world).take(); }

}  // namespace rri::core
