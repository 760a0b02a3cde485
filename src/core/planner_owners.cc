// SAs, access lists and `ip route` lines become claims.

#include <fmt/format.h>

#include <algorithm>

#include "core/planner.h"

namespace rri::core {

std::optional<IpAddress> Planner::address_of(const PeerAddress& peer) const {
  if (peer.address) return peer.address;
  const auto host = world_.hosts.find(peer.host);
  return host == world_.hosts.end() ? std::nullopt : std::optional(host->second);
}

/// Whether this attachment may make routes now (SPEC.md 3.5).
bool Planner::may_inject(const Entry& entry) const {
  if (!entry.injects || !config_->ip_routing) return false;
  if (!entry.group) return true;
  const auto group = world_.groups.find(*entry.group);
  return group != world_.groups.end() && group->second;
}

/// Peers that the configuration names: known to rule 2, and asked for in
/// advance, so that the first SA finds its way already known.
void Planner::register_configured_peers() {
  for (const auto& entry : entries_) {
    for (const auto& peer : entry.peers) {
      if (!peer.address) wanted_hosts_.add(peer.host);
      const auto address = address_of(peer);
      if (!address) {
        board_.add({NoticeCode::HostUnresolved,
                    fmt::format("peer {} of crypto map {} has no address yet", peer.host, entry.name())});
        continue;
      }
      const UnitKey key{vrf_id(entry.front_vrf), *address};
      peers_[key.first].add(*address);
      if (!may_inject(entry)) continue;
      units_[key].configured.push_back(&entry);
      dirty_units_.insert(key);
    }
  }
}

Planner::Group& Planner::group_at(const GroupKey& key) {
  auto [at, is_new] = groups_.try_emplace(key);
  if (!is_new) return at->second;
  auto& group = at->second;
  group.key = key;
  group.entry = &entries_[key.entry];
  if (key.peer) {
    const UnitKey unit{vrf_id(group.entry->front_vrf), *key.peer};
    units_[unit].groups.insert(key);
    dirty_units_.insert(unit);
  }
  return group;
}

Claim& Planner::claim_at(Group& group, const Prefix& prefix) {
  auto [at, is_new] = group.claims.try_emplace(prefix);
  auto& claim = at->second;
  dirty_claims_.emplace(group.key, prefix);
  if (!is_new) return claim;
  const auto& entry = *group.entry;
  claim.key = {vrf_id(entry.inside_vrf), prefix};
  claim.driver = group.key.driver;
  claim.distance = entry.distance;
  claim.tag = entry.tag;
  claim.entry = &entry;
  claim.peer = group.key.peer;
  add_to_key(claim);
  return claim;
}

void Planner::erase_claim(Group& group, const Prefix& prefix) {
  remove_from_key(group.claims.at(prefix));
  group.claims.erase(prefix);
}

void Planner::assign(SaId id) {
  const auto* record = world_.sas.find(id);
  if (record == nullptr) return;
  auto& assigned = assigned_[id];
  const auto path = [&](const PathQuery& query) -> const Path* {
    if (match_queries_.insert(query).second) wanted_paths_.add(query);
    const auto found = world_.paths.find(query);
    return found == world_.paths.end() ? nullptr : &found->second;
  };
  const auto match = match_sa({entries_, world_.host, world_.hosts, path}, record->sa, record->prefixes);
  assigned.assignment = {match.entry, match.reason};
  const auto vrf = match.entry ? vrf_id(entries_[*match.entry].front_vrf) : VrfId{};
  assigned.peer = {vrf, record->sa.peer};
  register_peer(assigned.peer, true);
  note_assignment(*record, assigned);
  if (!match.entry) return;
  give_place(*record, assigned);
  const auto& entry = entries_[*match.entry];
  if (!may_inject(entry) || entry.acl_driven || record->prefixes.empty()) return;
  auto& group = group_at({*match.entry, Driver::Sa, record->sa.peer});
  assigned.group = group.key;
  assigned.prefixes = record->prefixes;
  for (const auto& prefix : record->prefixes) {
    auto& owners = claim_at(group, prefix).sas;
    owners.insert(std::lower_bound(owners.begin(), owners.end(), id), id);
  }
}

void Planner::unassign(SaId id) {
  const auto found = assigned_.find(id);
  if (found == assigned_.end()) return;
  const AssignedSa& assigned = found->second;
  for (const auto& notice : assigned.notices) board_.drop(notice);
  register_peer(assigned.peer, false);
  drop_place(assigned);
  if (assigned.group) {
    auto& group = groups_.at(*assigned.group);
    for (const auto& prefix : assigned.prefixes) {
      auto& owners = group.claims.at(prefix).sas;
      owners.erase(std::remove(owners.begin(), owners.end(), id), owners.end());
      dirty_claims_.emplace(group.key, prefix);
    }
  }
  assigned_.erase(found);
}

/// The place of the SA's identity in its entry (SPEC.md 3.3). Without a proven
/// identity the peer address stands for it.
void Planner::give_place(const SaRecord& record, AssignedSa& assigned) {
  const auto entry = *assigned.assignment.entry;
  const auto& sa = record.sa;
  const bool proven = !sa.identity.empty() && entries_[entry].proves_identity(sa.peer);
  assigned.identity = proven ? sa.identity : sa.peer.to_string();
  auto& place = places_[{entry, assigned.identity}];
  if (record.place == 0) {
    world_.sas.set_place(sa.id, place.users > 0 ? std::optional(place.number) : std::nullopt);
  }
  const auto number = world_.sas.find(sa.id)->place;
  place.number = place.users == 0 ? number : std::min(place.number, number);
  ++place.users;
}

void Planner::drop_place(const AssignedSa& assigned) {
  if (!assigned.assignment.entry) return;
  const auto found = places_.find({*assigned.assignment.entry, assigned.identity});
  if (found != places_.end() && --found->second.users == 0) places_.erase(found);
}

void Planner::note_assignment(const SaRecord& record, AssignedSa& assigned) {
  const auto& sa = record.sa;
  const auto note = [&](NoticeCode code, std::string text) {
    assigned.notices.push_back({code, std::move(text)});
    board_.add(assigned.notices.back());
  };
  for (const auto& text : record.refused_ranges) {
    note(NoticeCode::RangeTooWide, fmt::format("SA {} of peer {}: could not {}", sa.id.value, sa.peer.to_string(), text));
  }
  if (!assigned.assignment.entry) {
    note(NoticeCode::SaUnmatched, fmt::format("SA {} of peer {}: {}", sa.id.value, sa.peer.to_string(),
                                              assigned.assignment.reason));
    return;
  }
  const auto& entry = entries_[*assigned.assignment.entry];
  const auto first = entry.peers.empty() ? std::nullopt : address_of(entry.peers.front());
  if (entry.injects && entry.acl_driven && record.live() && first && *first != sa.peer) {
    note(NoticeCode::PeerNotFirst, fmt::format("crypto map {}: routes go to its first peer {}, the live SA is with {}",
                                               entry.name(), first->to_string(), sa.peer.to_string()));
  }
}

void Planner::add_access_list_groups() {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto& entry = entries_[i];
    if (!entry.acl_driven || !may_inject(entry)) continue;
    add_access_list_claims(group_at({i, Driver::Acl, address_of(entry.peers.front())}));
  }
}

/// One claim for every permitted destination (SPEC.md 3.1).
void Planner::add_access_list_claims(Group& group) {
  for (const auto* acl : group.entry->acls) {
    for (const auto& line : acl->lines) {
      if (!line.permit) continue;
      for (const auto& destination : line.destinations) {
        const auto prefix = destination.to_prefix();
        if (!prefix) {
          board_.add({NoticeCode::WildcardHoles,
                      fmt::format("access-list {}: `{}` makes no route: the destination is no prefix", acl->name, line.text)});
          continue;
        }
        auto& lines = claim_at(group, *prefix).lines;
        if (std::find(lines.begin(), lines.end(), &line) == lines.end()) lines.push_back(&line);
      }
    }
  }
}

void Planner::add_static_routes() {
  if (!config_->ip_routing) return;
  for (const auto& line : config_->static_routes) {
    auto claim = std::make_unique<Claim>();
    claim->key = {vrf_id(line.vrf), line.prefix};
    claim->kind = RouteKind::Static;
    claim->driver = Driver::Config;
    claim->distance = line.distance;
    claim->tag = line.tag;
    claim->line = &line;
    add_to_key(*claim);
    statics_.push_back(std::move(claim));
  }
  update_statics();
}

/// Sums up the owners of a claim, or removes it with the last of them.
void Planner::refresh_claim(Group& group, const Prefix& prefix) {
  const auto found = group.claims.find(prefix);
  if (found == group.claims.end()) return;
  auto& claim = found->second;
  dirty_groups_.insert(group.key);
  dirty_keys_.insert(claim.key);
  if (claim.sas.empty() && claim.lines.empty()) {
    erase_claim(group, prefix);
    return;
  }
  take_owner_data(claim);
  judge(claim);
  const bool within_reach = !group.over_limit && group.claims.size() <= group.entry->maximum;
  if (within_reach) claim.within_limit = !claim.refusal;
}

void Planner::take_owner_data(Claim& claim) {
  if (claim.driver != Driver::Sa) return;
  const SaRecord* best = nullptr;
  const auto rank = [](const SaRecord& record) {
    return std::make_tuple(!record.live(), record.place, ~record.lineage, record.sa.id);
  };
  for (const auto id : claim.sas) {
    const auto* record = world_.sas.find(id);
    if (best == nullptr || rank(*record) < rank(*best)) best = record;
  }
  claim.live = best->live();
  claim.place = best->place;
  claim.lineage = best->lineage;
  claim.if_id = best->sa.if_id;
  claim.mark = best->sa.mark;
  claim.identity = best->sa.identity;
}

}  // namespace rri::core
