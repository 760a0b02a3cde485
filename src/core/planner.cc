#include "core/planner.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/differences.h"

namespace rri::core {

Planner::Planner(World& world) : world_(world), vrf_names_{std::string(kDefaultVrf)} {}
Planner::~Planner() = default;

VrfId Planner::vrf_id(const std::string& name) {
  const auto found = std::find(vrf_names_.begin(), vrf_names_.end(), name);
  if (found == vrf_names_.end()) {
    vrf_names_.push_back(name);
    return static_cast<VrfId>(vrf_names_.size() - 1);
  }
  return static_cast<VrfId>(found - vrf_names_.begin());
}

const KeyPlan* Planner::find(const RouteKey& key) const {
  const auto found = keys_.find(key);
  return found == keys_.end() ? nullptr : &found->second;
}

const Planner::Prefixes* Planner::prefixes(VrfId vrf) const {
  const auto found = order_.find(vrf);
  return found == order_.end() ? nullptr : &found->second;
}

const Assignment* Planner::find_assignment(SaId id) const {
  const auto found = assigned_.find(id);
  return found == assigned_.end() ? nullptr : &found->second.assignment;
}

std::vector<Notice> Planner::notices() const {
  std::vector<Notice> notices;
  for (const auto& [notice, count] : board_.counts()) notices.push_back(notice);
  return notices;
}

void Planner::touch_path(const PathQuery& query) {
  if (match_queries_.contains(query)) needs_rebuild_ = true;
  update_statics_of(query);
  const auto units = query_units_.find(query);
  if (units != query_units_.end()) dirty_units_.insert(units->second.begin(), units->second.end());
}

PlanChanges Planner::settle() {
  if (!needs_rebuild_) apply_touched();
  if (needs_rebuild_) rebuild();
  settle_units();
  if (needs_rebuild_) {  // a pin came into force, or went out of it, under a proxy that covers it
    rebuild();
    settle_units();
    needs_rebuild_ = false;
  }
  settle_keys();
  return take_changes();
}

void Planner::apply_touched() {
  const std::set<SaId> touched = std::exchange(touched_, {});
  for (const auto id : touched) unassign(id);
  for (const auto id : touched) assign(id);
  if (!needs_rebuild_) settle_groups();
}

/// Claims whose owners changed, then their groups: the guard, the limit, the pin.
void Planner::settle_groups() {
  for (const auto& [key, prefix] : dirty_claims_) {
    const auto group = groups_.find(key);
    if (group != groups_.end()) refresh_claim(group->second, prefix);
    if (needs_rebuild_) return;
  }
  for (const auto& key : dirty_groups_) {
    const auto found = groups_.find(key);
    if (found == groups_.end()) continue;
    apply_limit(found->second);
    update_wish_for_pin(found->second);
    if (!key.peer) continue;
    const UnitKey unit_key{vrf_id(found->second.entry->front_vrf), *key.peer};
    auto& unit = units_[unit_key];
    if (found->second.claims.empty()) {
      unit.groups.erase(key);
      groups_.erase(found);
    }
    set_pinned(unit_key, is_pinned(unit_key));
    dirty_units_.insert(unit_key);
  }
  dirty_groups_.clear();
}

void Planner::rebuild() {
  if (incumbents_.empty()) incumbents_ = incumbents();
  forget_everything();
  exits_lost_ = true;
  config_ = world_.config;
  EntryTable table = expand_entries(*config_, world_.host);
  entries_ = std::move(table.entries);
  if (!config_->ip_routing) {
    table.notices = {{NoticeCode::IpRoutingOff, "`no ip routing` is configured: no routes are made"}};
  }
  for (const auto& notice : table.notices) board_.add(notice);
  for (const auto& notice : find_differences(*config_, world_.host)) board_.add(notice);
  register_configured_peers();
  std::vector<const SaRecord*> order;
  for (const auto& [id, record] : world_.sas.records()) order.push_back(&record);
  std::stable_sort(order.begin(), order.end(), [&](const SaRecord* a, const SaRecord* b) {
    const bool a_first = is_incumbent_ && is_incumbent_(*a);
    const bool b_first = is_incumbent_ && is_incumbent_(*b);
    return a_first != b_first ? a_first : a->lineage < b->lineage;
  });
  for (const auto* record : order) assign(record->sa.id);
  add_access_list_groups();
  add_static_routes();
  judge_everything();
  incumbents_.clear();
  needs_rebuild_ = false;
}

void Planner::forget_everything() {
  for (const auto& [key, plan] : keys_) changed_keys_.insert(key);
  wanted_paths_.drop_all();
  wanted_hosts_.drop_all();
  board_.drop_all();
  ways_.drop_all();
  keys_.clear();
  hiding_keys_.clear();
  order_.clear();
  lengths_.clear();
  groups_.clear();
  units_.clear();
  query_units_.clear();
  statics_.clear();
  query_statics_.clear();
  assigned_.clear();
  places_.clear();
  peers_.clear();
  networks_.clear();
  match_queries_.clear();
  touched_.clear();
  dirty_claims_.clear();
  dirty_groups_.clear();
  dirty_units_.clear();
  dirty_keys_.clear();
}

PlanChanges Planner::take_changes() {
  PlanChanges changes;
  changes.keys.assign(changed_keys_.begin(), changed_keys_.end());
  changed_keys_.clear();
  changes.paths = wanted_paths_.take_diff();
  for (const auto& query : changes.paths.vanished) world_.paths.erase(query);
  changes.exits_lost = std::exchange(exits_lost_, false);
  changes.hosts = wanted_hosts_.take_diff();
  changes.notices = board_.take_diff();
  changes.ways = ways_.take_diff();
  return changes;
}

bool Planner::may_hold(SaId id) const {
  const auto found = assigned_.find(id);
  if (found == assigned_.end() || !found->second.group) return false;
  const auto& claims = groups_.at(*found->second.group).claims;
  return std::any_of(found->second.prefixes.begin(), found->second.prefixes.end(), [&](const Prefix& prefix) {
    const auto& claim = claims.at(prefix);
    return !claim.refusal && claim.exit.state != Exit::State::Pending;
  });
}

void PlanChanges::merge(PlanChanges later) {
  keys.insert(keys.end(), later.keys.begin(), later.keys.end());
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  exits_lost = exits_lost || later.exits_lost;
  paths.merge(std::move(later.paths));
  hosts.merge(std::move(later.hosts));
  notices.merge(std::move(later.notices));
  ways.merge(std::move(later.ways));
}

std::string Planner::name_of(const Group& group) {
  return fmt::format("{} on {} by {} behind {}", group.entry->name(), group.entry->interface,
                     to_string(group.key.driver), group.key.peer ? group.key.peer->to_string() : "nobody");
}

Planner::Incumbents Planner::incumbents() const {
  Incumbents incumbents;
  for (const auto& [key, group] : groups_) {
    auto& prefixes = incumbents[name_of(group)];
    for (const auto& [prefix, claim] : group.claims) {
      if (claim.within_limit) prefixes.insert(prefix);
    }
  }
  return incumbents;
}

std::vector<std::string> Planner::describe() const {
  std::vector<std::string> lines;
  for (const auto& [key, plan] : keys_) {
    for (const auto* claim : plan.claims) {
      const auto& exit = claim->exit;
      lines.push_back(fmt::format(
          "{} {} {} {} {} behind {} [{}/{}] via {} dev {} gw {} {} live={} {} {} {}", vrf_names_[key.vrf],
          key.prefix.to_string(), to_string(claim->kind), to_string(claim->driver),
          claim->entry ? claim->entry->name() + "@" + claim->entry->interface : "config",
          claim->peer ? claim->peer->to_string() : "-", claim->distance, claim->tag,
          exit.next_hop ? exit.next_hop->to_string() : "-", exit.hop.device,
          exit.hop.gateway ? exit.hop.gateway->to_string() : "-", static_cast<int>(exit.state), claim->live,
          claim == plan.winner ? "winner" : "", claim->refusal ? claim->refusal->text : "", claim->sas.size()));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> plan_from_scratch(const World& world, const Planner& memory) {
  World copy = world;
  Planner planner(copy);
  planner.set_incumbents(memory.incumbents());
  planner.settle();
  return planner.describe();
}

}  // namespace rri::core
