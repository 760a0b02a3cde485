// One peer at a time: what to ask the underlay, the pin R/32, and the exits of
// everything behind that peer.

#include <fmt/format.h>

#include <algorithm>

#include "core/planner.h"

namespace rri::core {
namespace {

/// "crypto map mymap 1 on GigabitEthernet0/0/1 wants it via 192.168.0.1".
std::string pin_text(const Claim& pin) {
  const auto& entry = *pin.entry;
  const auto way = entry.pin_gateway ? fmt::format("via {}", entry.pin_gateway->to_string()) : fmt::format("out of {}", entry.device);
  return fmt::format("crypto map {} on {} wants it {} with distance {}", entry.name(), entry.interface, way, pin.distance);
}

}  // namespace

Paths Planner::path_lookup() const {
  return [this](const PathQuery& query) -> const Path* {
    const auto found = world_.paths.find(query);
    return found == world_.paths.end() ? nullptr : &found->second;
  };
}

void Planner::settle_units() {
  for (const auto& key : dirty_units_) {
    const auto found = units_.find(key);
    if (found == units_.end()) continue;
    settle_unit(key, found->second);
    const bool unused = found->second.groups.empty() && found->second.configured.empty();
    if (unused) units_.erase(found);
  }
  dirty_units_.clear();
  // Claims that are new, or whose owners changed, in groups whose exit did not.
  for (const auto& [key, prefix] : dirty_claims_) {
    const auto group = groups_.find(key);
    if (group == groups_.end()) continue;
    const auto claim = group->second.claims.find(prefix);
    if (claim == group->second.claims.end()) continue;
    if (!key.peer) {
      group->second.exit = {Exit::State::Pending,
                            fmt::format("peer {} has no address yet", group->second.entry->peers.front().host), {}, {}, {}};
    }
    set_claim_exit(claim->second, group->second.exit);
  }
  dirty_claims_.clear();
}

void Planner::settle_unit(const UnitKey& key, Unit& unit) {
  update_queries(key, unit);
  update_pins(key, unit);
  set_pinned(key, is_pinned(key));
  update_exits(key, unit);
  note_unit(key, unit);
  note_ways(unit);
}

void Planner::update_queries(const UnitKey& key, Unit& unit) {
  std::set<PathQuery> queries;
  for (const auto* entry : unit.configured) queries.insert(proxy_query(*entry, key.second));
  for (const auto& group_key : unit.groups) {
    const auto& group = groups_.at(group_key);
    queries.insert(proxy_query(*group.entry, key.second));
    if (group.wants_pin) queries.insert(pin_query(*group.entry, key.second));
  }
  for (const auto& query : queries) {
    wanted_paths_.add(query);
    query_units_[query].insert(key);
  }
  for (const auto& query : unit.queries) {
    wanted_paths_.drop(query);
    if (queries.contains(query)) continue;
    auto& users = query_units_[query];
    users.erase(key);
    if (users.empty()) query_units_.erase(query);
  }
  unit.queries.assign(queries.begin(), queries.end());
}

/// One claim for each different wish; entries that agree share one (SPEC.md 3.2).
void Planner::update_pins(const UnitKey& key, Unit& unit) {
  for (const auto& pin : unit.pins) remove_from_key(*pin);
  unit.pins.clear();
  for (const auto& group_key : unit.groups) {
    const auto& group = groups_.at(group_key);
    if (group.wants_pin) add_pin(key, unit, group);
  }
  for (const auto& pin : unit.pins) {
    pin->exit = check_device(pin_exit(*pin->entry, key.second, path_lookup()), world_.host);
    add_to_key(*pin);
  }
}

void Planner::add_pin(const UnitKey& key, Unit& unit, const Group& group) {
  const auto& entry = *group.entry;
  const bool live = std::any_of(group.claims.begin(), group.claims.end(),
                                [](const auto& item) { return item.second.live && !item.second.refusal; });
  auto pin = std::make_unique<Claim>();
  pin->key = {key.first, Prefix::host(key.second)};
  pin->kind = RouteKind::Peer;
  pin->driver = group.key.driver;
  pin->distance = entry.distance;
  pin->entry = &entry;
  pin->peer = key.second;
  pin->live = live;
  pin->pin_users = {&entry};
  const auto agrees = [&](const std::unique_ptr<Claim>& other) {
    return pin_query(*other->entry, key.second) == pin_query(entry, key.second) && other->distance == entry.distance &&
           (other->entry->pin == PinMode::ViaGateway) == (entry.pin == PinMode::ViaGateway);
  };
  const auto same = std::find_if(unit.pins.begin(), unit.pins.end(), agrees);
  if (same == unit.pins.end()) {
    unit.pins.push_back(std::move(pin));
    return;
  }
  // The row goes by the best of its owners.
  pin->live = live || (*same)->live;
  auto users = (*same)->pin_users;
  users.push_back(&entry);
  std::sort(users.begin(), users.end(), [](const Entry* a, const Entry* b) { return a->rank() < b->rank(); });
  (*same)->live = pin->live;
  if (prefer(*pin, **same) < 0) *same = std::move(pin);
  (*same)->pin_users = std::move(users);
}

void Planner::update_exits(const UnitKey& key, Unit& unit) {
  std::vector<Claim*> pins;
  for (const auto& pin : unit.pins) pins.push_back(pin.get());
  sort_by_preference(pins);
  const auto in_force = std::find_if(pins.begin(), pins.end(),
                                     [](const Claim* pin) { return pin->exit.state == Exit::State::Ready; });
  for (const auto& group_key : unit.groups) {
    auto& group = groups_.at(group_key);
    const Exit* pin = nullptr;
    if (group.wants_pin) pin = in_force != pins.end() ? &(*in_force)->exit : &pins.front()->exit;
    set_group_exit(group, proxy_exit(*group.entry, key.second, pin, path_lookup()));
  }
}

void Planner::set_group_exit(Group& group, const Exit& exit) {
  if (group.exit == exit) return;
  group.exit = exit;
  exits_lost_ = exits_lost_ || exit.state == Exit::State::Pending;
  for (auto& [prefix, claim] : group.claims) set_claim_exit(claim, exit);
}

void Planner::set_claim_exit(Claim& claim, const Exit& shared) {
  const auto& vrf = vrf_names_[claim.key.vrf];
  claim.exit = check_device(adapt_exit(shared, claim, world_.host), world_.host);
  if (!world_.host.has_vrf(vrf)) {
    claim.exit.state = Exit::State::Pending;
    claim.exit.reason = fmt::format("VRF {} has no Linux VRF device", vrf);
  }
  dirty_keys_.insert(claim.key);
}

void Planner::note_unit(const UnitKey& key, Unit& unit) {
  for (const auto& notice : unit.notices) board_.drop(notice);
  unit.notices.clear();
  for (const auto& group_key : unit.groups) {
    const auto& group = groups_.at(group_key);
    const auto& entry = *group.entry;
    const auto* path = path_lookup()({entry.front_vrf, key.second, {}, {}});
    const bool elsewhere = path != nullptr && path->is_reachable() && path->device != entry.device;
    if (elsewhere && !entry.next_hop && !entry.is_tunnel) {
      unit.notices.push_back({NoticeCode::PeerOtherInterface,
                              fmt::format("peer {} of crypto map {} is reached by {}, not by {} that carries the map",
                                          key.second.to_string(), entry.name(), path->device, entry.device)});
    }
    const auto& vrf = entry.inside_vrf;
    if (!world_.host.has_vrf(vrf)) {
      unit.notices.push_back({NoticeCode::VrfMissing, fmt::format("VRF {} has no Linux VRF device", vrf)});
    }
  }
  if (unit.pins.size() > 1) {
    unit.notices.push_back({NoticeCode::PinConflict,
                            fmt::format("the route to peer {}: {}, but {}; the first is taken", key.second.to_string(),
                                        pin_text(*unit.pins[0]), pin_text(*unit.pins[1]))});
  }
  for (const auto& notice : unit.notices) board_.add(notice);
}

void Planner::note_ways(Unit& unit) {
  for (const auto& way : unit.ways) ways_.drop(way);
  unit.ways.clear();
  for (const auto& group_key : unit.groups) {
    const auto& [key, entry, claims, over_limit, wants_pin, exit] = groups_.at(group_key);
    const bool elsewhere = exit.state == Exit::State::Ready && exit.hop.device != entry->device && entry->form.form != RouteForm::Device;
    if (!elsewhere || entry->is_tunnel) continue;
    unit.ways.push_back({entry->interface, entry->map, entry->sequence, entry->template_sequence, exit.hop.device});
    ways_.add(unit.ways.back());
  }
}

/// The `ip route` lines whose next hop the answer is about.
void Planner::update_statics_of(const PathQuery& query) {
  const auto found = query_statics_.find(query);
  if (found == query_statics_.end()) return;
  for (auto* claim : found->second) update_static(*claim, false);
}

void Planner::update_statics() {
  for (const auto& claim : statics_) {
    if (const auto query = static_query(*claim->line)) {
      wanted_paths_.add(*query);
      query_statics_[*query].push_back(claim.get());
    }
    update_static(*claim, true);
  }
}

void Planner::update_static(Claim& claim, bool tells) {
  const auto& line = *claim.line;
  const auto interface = config_->interfaces.find(line.interface);
  const auto device = interface == config_->interfaces.end() ? std::string{} : world_.host.bind(interface->second).device;
  claim.exit = check_device(static_exit(line, device, world_.host, path_lookup()), world_.host);
  const auto fail = [&](std::string reason) {
    claim.exit.state = Exit::State::Pending;
    claim.exit.reason = std::move(reason);
  };
  const bool has_vrf = world_.host.has_vrf(line.vrf);
  bool is_down_by_track = false;
  if (!has_vrf) fail(fmt::format("VRF {} has no Linux VRF device", line.vrf));
  if (line.track) {
    const auto tracked = config_->tracked_interfaces.find(*line.track);
    const bool known = tracked != config_->tracked_interfaces.end();
    const auto tracked_if = known ? config_->interfaces.find(tracked->second) : config_->interfaces.end();
    const bool up = tracked_if != config_->interfaces.end() && world_.host.is_up(world_.host.bind(tracked_if->second).device);
    if (known && !up) fail(fmt::format("track {} is down", *line.track));
    is_down_by_track = known && !up;
    if (!known && tells) {
      board_.add({NoticeCode::TrackNotFollowed, fmt::format("{} asks for track {}, and no `track {} interface IF line-protocol` is there to follow: it counts as up",
                                                            line_text(line), *line.track, *line.track)});
    }
  }
  if (line.permanent && claim.exit.state == Exit::State::Pending && has_vrf && !is_down_by_track) {
    // As on IOS it stays when its way is gone, and what it draws is dropped.
    claim.exit = {Exit::State::Ready, {}, line.next_hop, {}, KernelRouteType::Blackhole};
  }
  dirty_keys_.insert(claim.key);
}

}  // namespace rri::core
