#include "core/tunnel_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "base/text.h"
#include "core/limits.h"
#include "core/peer_choice.h"
#include "core/tunnel_identities.h"
#include "core/tunnel_ike.h"
#include "core/tunnel_parts.h"
#include "core/tunnel_place.h"
#include "core/tunnel_shunts.h"
#include "model/distinguished_name.h"
#include "model/peers.h"

namespace rri::core {
namespace {

class TunnelPlanner {
 public:
  TunnelPlanner(const Config& config, const TunnelWorld& world) : config_(config), world_(world), places_(config, world, remarks_), keys_(remarks_), shunts_(config) {}

  TunnelPlan take() {
    note_carried();
    count_peers();
    for (const auto& [name, map] : config_.crypto_maps) plan_map(map);
    for (const auto& [name, interface] : config_.interfaces) {
      if (!interface.ipsec_profile.empty()) plan_tunnel(interface);
    }
    TunnelPlan plan;
    plan.connections = std::move(connections_);
    plan.keys = keys_.take();
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

  /// The lists of `match address`; false, with a remark, when there is none or a wrong one.
  bool find_lists(const CryptoEntry& entry, const EntryTunnels& tunnels, const std::string& name,
                  std::vector<const AccessList*>& lists) {
    if (entry.has_error) {
      remarks_.refuse(tunnels.position, fmt::format("{}: no tunnel: {}", name, entry.error));
      return false;
    }
    for (const auto* all : {&config_.access_lists, &config_.ipv6_access_lists}) {
      const auto found = all->find(entry.match_address);
      if (found == all->end()) continue;
      if (!found->second.error.empty()) {
        remarks_.refuse(tunnels.match_position, fmt::format("{}: access list {} has an error, no tunnel: {}", name,
                                                            printable(entry.match_address), found->second.error));
        return false;
      }
      lists.push_back(&found->second);
    }
    if (!lists.empty() || entry.match_address.empty()) return true;
    remarks_.refuse(tunnels.match_position, fmt::format("{}: access list {} is not defined, no tunnel", name, printable(entry.match_address)));
    return false;
  }

  /// The profile of an entry; false when it names one that is not there or is wrong.
  bool find_side(const std::string& isakmp, const std::string& ikev2, IkeSide& side) {
    side.ikev2 = !ikev2.empty();
    side.profile_name = side.ikev2 ? ikev2 : isakmp;
    if (side.profile_name.empty()) return true;
    const auto& profiles = side.ikev2 ? config_.ikev2_profiles : config_.isakmp_profiles;
    const auto& settings = side.ikev2 ? config_.ike.ikev2_profiles : config_.ike.isakmp_profiles;
    const auto profile = profiles.find(side.profile_name);
    const auto more = settings.find(side.profile_name);
    if (profile == profiles.end() || more == settings.end() || !profile->second.error.empty()) {
      remarks_.refuse(side.position, fmt::format("{}: {} profile {} is {}, no tunnel", side.entry, side.ikev2 ? "ikev2" : "isakmp",
                                                 printable(side.profile_name),
                                                 profile == profiles.end() ? "not defined" : "wrong: " + profile->second.error));
      return false;
    }
    side.profile = &profile->second;
    side.settings = &more->second;
    side.expected = expected_peers(side.profile);
    const auto& matches = side.profile->identities;
    side.takes_these_alone = std::any_of(matches.begin(), matches.end(), [](const IdentityMatch& match) {
      return match.kind == IdentityMatch::Kind::Subject || !match.issuer.empty();
    });
    if (profile->second.identities.empty() && !more->second.match_certificate) {
      remarks_.warn(more->second.position, fmt::format("{} profile {} has no `match identity`: IOS does not use such a profile, here it takes "
                                                       "every peer",
                                                       side.ikev2 ? "ikev2" : "isakmp", printable(side.profile_name)));
    }
    if (side.ikev2 || !more->second.asks_for_user) return true;
    refuse_xauth(side);
    return false;
  }

  /// Without the question for a user, whoever has the group's key would be let in.
  void refuse_xauth(const IkeSide& side) {
    remarks_.refuse(side.position, fmt::format("{}: its peers are to be asked for a user (XAUTH), which is not supported, no tunnel",
                                               side.entry));
  }

  bool find_side(const CryptoMap& map, const CryptoEntry& outer, const CryptoEntry& inner, IkeSide& side) {
    const auto& isakmp = !inner.isakmp_profile.empty()   ? inner.isakmp_profile
                         : !outer.isakmp_profile.empty() ? outer.isakmp_profile
                                                         : map.isakmp_profile;
    return find_side(isakmp, inner.ikev2_profile.empty() ? outer.ikev2_profile : inner.ikev2_profile, side);
  }

  /// What stands outside of entries.
  void note_carried() {
    for (const auto& line : config_.ike.unused) remarks_.warn(line.position, line.text);
  }

  void note_unused(const EntryTunnels& tunnels, const std::string& name) {
    for (const auto& line : tunnels.unused) {
      remarks_.warn(line.position, fmt::format("{}: `{}` has no counterpart in strongSwan", name, line.text));
    }
  }

  /// `set identity`; false, with a remark, when nobody can be taken by it.
  bool restrict_identity(const EntryTunnels& tunnels, IkeSide& side) {
    if (tunnels.identity.empty()) return true;
    const auto identity = config_.identities.find(tunnels.identity);
    const bool is_defined = identity != config_.identities.end();
    side.expected = expected_peers(side.profile, is_defined ? identity->second : std::vector<IdentityMatch>());
    side.takes_these_alone = true;
    if (!side.expected.empty()) return true;
    remarks_.refuse(tunnels.identity_position,
                    fmt::format("{}: crypto identity {} {}, no tunnel", side.entry, printable(tunnels.identity),
                                !is_defined                  ? "is not defined"
                                : identity->second.empty() ? "takes nobody"
                                                           : "takes nobody whom profile " + printable(side.profile_name) + " takes"));
    return false;
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
    if (!find_lists(entry, tunnels, name, lists)) return;
    if (entry.peers.empty() || lists.empty()) {
      remarks_.refuse(tunnels.position, fmt::format("{}: no tunnel until a peer and a valid access list have been configured", name));
      return;
    }
    const EntryName id{map.name, entry.sequence};
    auto pairs = selector_pairs(lists, {name, true, entry.ikev2_profile.empty()}, remarks_);
    for (const auto& peer : entry.peers) keep(id, PeerChoice::connection_name(id, peer), pairs);
    IkeSide side{false, {}, nullptr, nullptr, name, tunnels.position, {ExpectedPeer()}};
    if (!find_side(map, entry, entry, side) || !restrict_identity(tunnels, side)) return;
    ChildSettings children;
    if (!set_transforms(children, entry.transform_sets, tunnels, config_, name, remarks_)) return;
    children.sa = sa_settings(tunnels.sa, config_.ike.sa);
    find_doubles(pairs, name);
    note_unused(tunnels, name);
    if (pairs.empty()) {
      remarks_.refuse(tunnels.match_position, fmt::format("{}: access list {} has no usable permit line, no tunnel", name,
                                                          printable(entry.match_address)));
      return;
    }
    add_shunts(id, "pass", lists, side);
    const auto before = connections_.size();
    plan_peers(id, entry, tunnels, side, place, children, pairs);
    if (connections_.size() == before) return;
    for (const auto& pair : pairs) selectors_.try_emplace({pair.local, pair.remote}, name);
  }

  /// The traps are with the current peer, or with the first after it that can be called at all.
  void plan_peers(const EntryName& id, const CryptoEntry& entry, const EntryTunnels& tunnels, IkeSide& side, const Place& place,
                  ChildSettings& children, const std::vector<SelectorPair>& pairs) {
    const auto current = world_.current.find(id);
    const auto chosen = current == world_.current.end() ? first_peer(entry) : current->second;
    std::map<std::size_t, std::vector<CharonConnection>> planned;  // by peer
    for (std::size_t step = 0; step < entry.peers.size(); ++step) {
      const auto i = (chosen + step) % entry.peers.size();
      const bool holds_traps = planned.empty();
      children.start_action = !holds_traps ? "none" : world_.traps ? "trap" : "start";
      children.starts_again = children.start_action == "start";
      side.position = i < tunnels.peer_positions.size() ? tunnels.peer_positions[i] : tunnels.position;
      const auto count = static_cast<std::ptrdiff_t>(connections_.size());
      plan_peer(id, entry.peers[i], side, place, children, pairs);
      const auto begin = connections_.begin() + count;
      if (begin == connections_.end()) continue;
      planned[i].assign(std::move_iterator(begin), std::move_iterator(connections_.end()));
      connections_.erase(begin, connections_.end());
    }
    for (auto& [i, some] : planned) std::move(some.begin(), some.end(), std::back_inserter(connections_));
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
    auto ends = ends_here();
    ends.peer = resolved(peer.address, peer.host);
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
    add_for_each(id, charon_connection_name(id, tail), side, ends, children, pairs);
  }

  /// An IKEv2 peer with a key, which charon has to expect under one of the identities that the profile takes.
  [[nodiscard]] bool expects_one_of_several(const IkeSide& side, const IkeEnds& ends, const std::string& name) const {
    if (!side.ikev2 || !ends.remote_identity.empty() || remote_identities(side).size() < 2) return false;
    return !connections_.empty() && connections_.back().name == name && connections_.back().settings.find_section("local")->text("auth") == "psk";
  }

  /// Under any other identity that the peer's key is for it may call.
  void answer_others(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                     const std::vector<SelectorPair>& pairs) {
    ends.remote_identity = "%any";
    ends.keeps_trying = false;
    settings.start_action = "none";
    settings.starts_again = false;
    add_connection(id, fmt::format("{}{}2", name, kOtherIdentityTail), side, std::move(ends), std::move(settings), pairs);
  }

  /// A connection expects one identity. Where several are taken, and these alone, the first is called, and
  /// connections for the others answer.
  void add_for_each(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings children,
                    const std::vector<SelectorPair>& pairs) {
    const auto& called = side.expected.front().id;
    if (side.ikev2 && side.takes_these_alone && DistinguishedName::parse(called)) {
      remarks_.warn(side.position, fmt::format("{}: strongSwan asks an IKEv2 peer that it calls for {} as its whole identity, and another strongSwan "
                                               "that has more in its subject refuses: name all parts",
                                               side.entry, printable(called)));
    }
    if (side.expected.size() == 1 || !side.takes_these_alone) {
      expect_one(side, ends);
      add_connection(id, name, side, ends, children, pairs);
      if (expects_one_of_several(side, ends, name)) answer_others(id, name, side, std::move(ends), std::move(children), pairs);
      return;
    }
    remarks_.warn(side.position, fmt::format("{}: peer {} may have several identities; strongSwan calls it as {}, and answers it as the others",
                                             side.entry, printable(ends.remote), printable(called)));
    std::size_t number = 0;
    for (const auto& expected : side.expected) {
      expect(expected, ends);
      add_connection(id, ++number == 1 ? name : fmt::format("{}{}{}", name, kOtherIdentityTail, number), side, ends, children, pairs);
      children.start_action = "none";
      children.starts_again = ends.keeps_trying = false;
    }
  }

  static void expect(const ExpectedPeer& expected, IkeEnds& ends) {
    const auto prefix = Prefix::parse(expected.id);
    ends.remote_identity = prefix && ends.peer && prefix->contains(*ends.peer) ? ends.peer->to_string() : expected.id;
    ends.remote_authority = expected.authority;
  }

  /// The identity of a known peer: what its profile says, where that is one thing.
  void expect_one(const IkeSide& side, IkeEnds& ends) {
    if (side.expected.size() > 1 && !side.takes_these_alone) return;
    expect(side.expected.front(), ends);
    if (side.expected.size() == 1) return;
    remarks_.warn(side.position, fmt::format("{}: its peer may have several identities; strongSwan expects one, here {}", side.entry,
                                             printable(ends.remote_identity)));
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
    if (outer.has_error || !find_lists(tmpl, tunnels, name, lists)) return;
    const EntryName id{map.name, outer.sequence};
    const bool ikev2 = !tmpl.ikev2_profile.empty() || !outer.ikev2_profile.empty();
    const auto pairs = tmpl.match_address.empty() ? any_pairs(ikev2) : selector_pairs(lists, {name, false, !ikev2}, remarks_);
    keep(id, charon_connection_name(id, charon_template_tail(tmpl.sequence)), pairs);
    IkeSide side{false, {}, nullptr, nullptr, name, tunnels.position, {ExpectedPeer()}};
    if (!find_side(map, outer, tmpl, side) || !restrict_identity(tunnels, side)) return;
    if (!side.ikev2 && config_.ike.maps_asking_for_user.contains(map.name)) return refuse_xauth(side);
    ChildSettings children;
    if (!set_transforms(children, tmpl.transform_sets, tunnels, config_, name, remarks_)) return;
    children.sa = sa_settings(tunnels.sa, config_.ike.sa);
    children.start_action = "none";
    note_unused(tunnels, name);
    if (pairs.empty()) return;
    add_shunts(id, fmt::format("pass_{}", tmpl.sequence), lists, side);
    std::size_t number = 0;
    for (const auto& [remote, peer] : template_peers(tmpl)) {
      for (const auto& expected : side.expected) {
        auto ends = ends_here();
        ends.remote = remote;
        ends.peer = peer;
        ends.vrf = place.vrf;
        ends.local = place.local(peer ? std::optional(peer->family()) : std::nullopt);
        ends.remote_identity = expected.id;
        ends.remote_authority = expected.authority;
        auto tail = charon_template_tail(tmpl.sequence);
        if (++number > 1) tail += fmt::format("_{}", number);
        add_connection(id, charon_connection_name(id, tail), side, ends, children, pairs);
      }
    }
  }

  std::vector<std::pair<std::string, std::optional<IpAddress>>> template_peers(const CryptoEntry& tmpl) const {
    std::vector<std::pair<std::string, std::optional<IpAddress>>> peers;
    for (const auto& peer : tmpl.peers) {
      const auto address = resolved(peer.address, peer.host);
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

  // ---- connections ---------------------------------------------------------

  /// A peer's address, or what its name stands for now.
  std::optional<IpAddress> resolved(const std::optional<IpAddress>& address, const std::string& host) const {
    const auto known = world_.hosts.find(host);
    return address || known == world_.hosts.end() ? address : known->second;
  }

  IkeEnds ends_here() const {
    IkeEnds ends;
    if (world_.host != nullptr) ends.certificates = &world_.certificates;
    return ends;
  }

  void keep(const EntryName& id, const std::string& connection, const std::vector<SelectorPair>& pairs) {
    auto& children = configured_[connection];
    for (const auto& pair : pairs) children.insert(charon_connection_name(id, pair.name));
  }

  bool has_room(const std::string& name, const IkeSide& side) {
    if (connections_.size() < kMaxConnections && name.size() <= kMaxConnectionName) return true;
    remarks_.refuse(side.position, fmt::format("{}: more than {} connections, or a name over {} bytes; no tunnel", side.entry,
                                               kMaxConnections, kMaxConnectionName));
    return false;
  }

  void add_connection(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                      const std::vector<SelectorPair>& pairs) {
    if (needs_aggressive(side, ends, config_)) {
      if (!config_.ike.aggressive_disabled) return add_aggressive(id, name, side, std::move(ends), std::move(settings), pairs);
      remarks_.refuse(side.position, side.entry + ": its keys are for host names, which main mode says too late, and aggressive mode is disabled, no tunnel");
      return;
    }
    CharonConnection connection;
    connection.name = name;
    connection.entry = id;
    connection.patience = patience_for(side);
    if (!has_room(name, side) || !write_ike(connection.settings, side, ends, config_, keys_, remarks_)) return;
    auto& children = connection.settings.section("children");
    for (const auto& pair : pairs) {
      const bool endpoints = pair.local_host && pair.remote_host && pair.remote_host == ends.peer &&
                             std::find(ends.local.begin(), ends.local.end(), pair.local_host->to_string()) != ends.local.end();
      const bool transport = settings.transport && endpoints;
      if (settings.transport && settings.transport_required && !transport) {
        remarks_.warn(pair.position.line != 0 ? pair.position : side.position,
                      fmt::format("{}: transport mode is for traffic between the two ends themselves; here, also with `require`, tunnel mode", side.entry));
      }
      auto own = settings;
      if (!pair.may_start) {
        own.start_action = "none";
        own.starts_again = false;
      }
      write_child(children, charon_connection_name(id, pair.name), pair, own, transport);
    }
    const bool aggressive = may_call_aggressive(connection.settings, side, ends, config_);
    connections_.push_back(std::move(connection));
    if (aggressive) add_aggressive(id, name, side, std::move(ends), std::move(settings), pairs);
  }

  void add_aggressive(const EntryName& id, const std::string& name, const IkeSide& side, IkeEnds ends, ChildSettings settings,
                      const std::vector<SelectorPair>& pairs) {
    ends.answers_aggressive = true;
    ends.keeps_trying = false;
    settings.start_action = "none";
    settings.starts_again = false;
    add_connection(id, name + std::string(kAggressiveTail), side, std::move(ends), std::move(settings), pairs);
  }

  /// IKEv1 has a time limit of its own in charon.
  static Millis patience_for(const IkeSide& side) {
    return side.ikev2 && side.settings != nullptr && side.settings->keepalive ? patience_of(side.settings->keepalive) : Millis{};
  }

  /// Before the entry's traps, so that what is denied is never encrypted.
  void add_shunts(const EntryName& id, const std::string& tail, const std::vector<const AccessList*>& lists, const IkeSide& side) {
    const auto pairs = shunts_.plan(lists, side.entry, world_.traps, remarks_);
    if (pairs.empty() || !has_room(charon_connection_name(id, tail), side)) return;
    connections_.push_back(make_shunts(id, tail, pairs));
  }

  // ---- tunnel interfaces ---------------------------------------------------

  std::optional<IpAddress> tunnel_source(const TunnelEnds& ends) const {
    if (ends.source) return ends.source;
    const auto interface = config_.interfaces.find(ends.source_interface);
    if (interface == config_.interfaces.end()) return std::nullopt;
    return places_.address_of(interface->second, ends.destination ? ends.destination->family() : Family::V4);
  }

  /// TunnelN has N. Tunnel0 and all other names (Virtual-Template1) are told apart by the top
  /// bit: IOS tunnel numbers do not reach it, and 0 means none, which would take all traffic.
  static std::uint32_t default_interface_id(std::string_view name) {
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

  /// The interface id or mark of the tunnel's device; where no device is known, its number.
  void write_device(CharonSection& out, const Interface& interface, const TunnelEnds& tunnel) {
    const Link* link = world_.host != nullptr ? world_.host->find(places_.binding_of(interface).device) : nullptr;
    auto number = std::to_string(default_interface_id(interface.name));
    if (link != nullptr && link->vti_key != 0) {
      out.set("mark_in", std::to_string(link->vti_key));
      out.set("mark_out", std::to_string(link->vti_key));
      return;
    }
    if (link != nullptr && link->xfrm_if_id != 0) number = std::to_string(link->xfrm_if_id);
    if (link == nullptr || link->xfrm_if_id == 0) {
      remarks_.warn(tunnel.position, fmt::format("interface {}: its device should be an XFRM interface with if_id {} (or a VTI)",
                                                 interface.name, printable(number)));
    }
    out.set("if_id_in", number);
    out.set("if_id_out", number);
  }

  SelectorPair tunnel_selectors(const TunnelEnds& tunnel, bool ikev2) const {
    SelectorPair pair;
    pair.name = "tunnel";
    const bool plain = tunnel.mode.starts_with("ipsec");
    if (plain) {
      const bool v6 = tunnel.mode.starts_with("ipsec ipv6");
      pair.local = pair.remote = {v6 ? "::/0" : "0.0.0.0/0"};
      if (ikev2) pair.local = pair.remote = {"0.0.0.0/0", "::/0"};
    } else {
      pair.local = pair.remote = {"dynamic[47]"};
    }
    return pair;
  }

  /// The kernel gives a VTI every ESP packet between its two addresses.
  void note_shared_ends(const Interface& interface, const IkeEnds& ends, TextPosition position) {
    if (!ends.peer) return;
    for (const auto& other : connections_) {
      if (!other.entry || other.settings.list("remote_addrs") != std::vector<std::string>{ends.remote}) continue;
      const auto& local = other.settings.list("local_addrs");
      if (ends.local.empty() || std::find(local.begin(), local.end(), ends.local.front()) == local.end()) continue;
      remarks_.warn(position, fmt::format("interface {} is a VTI between the addresses of crypto map {} {}: Linux gives the VTI all "
                                          "packets between them, and the crypto map's are lost; use an XFRM interface",
                                          interface.name, printable(other.entry->map), other.entry->sequence));
    }
  }

  void plan_tunnel(const Interface& interface) {
    const auto found = config_.ike.tunnels.find(interface.name);
    const auto name = fmt::format("interface {}", interface.name);
    const auto profile = config_.ipsec_profiles.find(interface.ipsec_profile);
    const auto more = config_.ike.ipsec_profiles.find(interface.ipsec_profile);
    if (found == config_.ike.tunnels.end() || profile == config_.ipsec_profiles.end() || more == config_.ike.ipsec_profiles.end()) {
      remarks_.refuse(interface.position, fmt::format("{}: ipsec profile {} is not defined, no tunnel", name, printable(interface.ipsec_profile)));
      return;
    }
    const auto& tunnel = found->second;
    const auto& tunnels = more->second;
    if (interface.shutdown) return;
    IkeSide side{false, {}, nullptr, nullptr, name, tunnel.position, {ExpectedPeer()}};
    const auto connection_name = fmt::format("{}{}", kCharonPrefix, charon_name(interface.name));
    configured_[connection_name] = {connection_name + "-tunnel"};
    const bool names_own = !tunnel.isakmp_profile.empty() || !tunnel.ikev2_profile.empty();
    if (!find_side(names_own ? tunnel.isakmp_profile : profile->second.isakmp_profile,
                   names_own ? tunnel.ikev2_profile : profile->second.ikev2_profile, side) ||
        !restrict_identity(tunnels, side)) {
      return;
    }
    if (tunnel.mode.starts_with("gre multipoint")) {
      remarks_.warn(tunnel.position, name + ": NHRP is not spoken here; peers may call, and none is called");
    }
    ChildSettings children;
    if (!set_transforms(children, tunnels.transform_sets, tunnels, config_, name, remarks_)) return;
    children.sa = sa_settings(tunnels.sa, config_.ike.sa);
    note_unused(tunnels, name);
    auto ends = ends_here();
    ends.peer = resolved(tunnel.destination, tunnel.destination_host);
    ends.peer_host = tunnel.destination_host;
    ends.remote = ends.peer ? ends.peer->to_string() : ends.peer_host.empty() || ends.peer_host == "dynamic" ? "%any" : ends.peer_host;
    ends.vrf = tunnel.vrf.empty() ? "default" : tunnel.vrf;
    places_.warn_of_vrf(tunnel.position, name, ends.vrf);
    if (const auto source = tunnel_source(tunnel)) ends.local = {source->to_string()};
    expect_one(side, ends);
    const bool starts = ends.remote != "%any" && !tunnels.responder_only;
    children.start_action = starts ? "start" : "none";
    children.starts_again = starts;
    ends.keeps_trying = starts;
    CharonConnection connection;
    connection.name = connection_name;
    connection.patience = patience_for(side);
    if (!has_room(connection.name, side) || !write_ike(connection.settings, side, ends, config_, keys_, remarks_)) return;
    const bool gre = !tunnel.mode.starts_with("ipsec");
    auto& child = write_child(connection.settings.section("children"), connection.name + "-tunnel",
                              tunnel_selectors(tunnel, side.ikev2), children, children.transport && gre);
    if (!gre) write_device(child, interface, tunnel);
    if (!child.text("mark_in").empty()) note_shared_ends(interface, ends, tunnel.position);
    connections_.push_back(std::move(connection));
  }

  const Config& config_;
  const TunnelWorld& world_;
  Remarks remarks_;
  PlaceFinder places_;
  KeyBook keys_;
  ShuntPlanner shunts_;
  std::vector<CharonConnection> connections_;
  std::set<std::string> undecided_;
  std::map<std::string, std::set<std::string>> configured_;
  std::map<std::string, std::size_t> peer_counts_;
  std::map<std::string, EntryName> peer_owners_;
  std::map<std::pair<std::vector<std::string>, std::vector<std::string>>, std::string> selectors_;
};

}  // namespace

TunnelPlan plan_tunnels(const Config& config, const TunnelWorld& world) { return TunnelPlanner(config, world).take(); }

}  // namespace rri::core
