// The parts of the guard that tie claims together: a prefix over another
// peer (rule 2) and the limit of a peer (rule 6).
//
// Whether a peer is pinned depends on its own proxies, which may be refused
// because of a third peer, and so on in a circle. The answer is the greatest
// fixpoint: assume that every peer with a wish for a pin and a proxy that is
// fine by itself is pinned, then take back what does not hold, until nothing changes.

#include <fmt/format.h>

#include <algorithm>

#include "core/planner.h"

namespace rri::core {
namespace {

constexpr int kLimitRule = 6;

/// Prefix lengths of both families in one number.
int length_slot(const Prefix& prefix) { return prefix.length() + (prefix.family() == Family::V4 ? 0 : 1000); }

}  // namespace

const LocalNetworks& Planner::networks_of(VrfId vrf) const {
  const auto [at, is_new] = networks_.try_emplace(vrf);
  if (is_new) at->second = LocalNetworks::of_vrf(world_.host, vrf_names_[vrf]);
  return at->second;
}

/// Rules 1 to 5. Where the claim covers another peer, the whole plan decides.
void Planner::judge(Claim& claim) {
  std::vector<std::vector<TrafficSelector>> local;
  for (const auto id : claim.sas) local.push_back(world_.sas.find(id)->sa.local);
  claim.lifted = is_lifted(*claim.entry, claim.key.prefix);
  claim.alone = judge_alone(claim, networks_of(claim.key.vrf), local);
  claim.refusal = claim.alone;
  if (claim.refusal) claim.within_limit = false;
  const auto own = claim.entry->front_vrf == claim.entry->inside_vrf ? claim.peer : std::nullopt;
  if (peers_[claim.key.vrf].find_in(claim.key.prefix, own, false)) needs_rebuild_ = true;
}

void Planner::judge_everything() {
  for (const auto& [key, prefix] : dirty_claims_) {
    auto& claim = groups_.at(key).claims.at(prefix);
    take_owner_data(claim);
    judge(claim);
    dirty_keys_.insert(claim.key);
  }
  for (auto& [key, group] : groups_) {
    const auto old = incumbents_.find(name_of(group));
    for (auto& [prefix, claim] : group.claims) {
      claim.within_limit = old != incumbents_.end() && old->second.contains(prefix);
    }
    update_wish_for_pin(group);
  }
  for (const auto& [key, unit] : units_) peers_[key.first].set_pinned(key.second, is_pinned(key));
  while (judge_other_peers()) {
  }
  dirty_groups_.clear();
}

/// One round of the fixpoint; true if a pin was taken back.
bool Planner::judge_other_peers() {
  for (auto& [key, group] : groups_) {
    const auto own = group.entry->front_vrf == group.entry->inside_vrf ? key.peer : std::nullopt;
    const auto& registry = peers_[vrf_id(group.entry->inside_vrf)];
    for (auto& [prefix, claim] : group.claims) {
      claim.refusal = claim.alone;
      if (claim.alone && claim.alone->rule <= 2) continue;
      if (const auto peer = registry.find_in(prefix, own, true)) {
        claim.refusal = Refusal{2, fmt::format("covers peer {}, which is not pinned", peer->to_string())};
      }
      if (group.claims.size() <= group.entry->maximum) claim.within_limit = !claim.refusal;
    }
    apply_limit(group);
    update_wish_for_pin(group);
  }
  bool changed = false;
  for (const auto& [key, unit] : units_) {
    if (!is_pinned(key)) changed |= peers_[key.first].set_pinned(key.second, false);
  }
  return changed;
}

/// Rule 6: incumbents first, then by prefix.
void Planner::apply_limit(Group& group) {
  if (group.key.driver != Driver::Sa) return;
  if (!group.over_limit && group.claims.size() <= group.entry->maximum) return;
  std::vector<Prefix> passing;
  std::set<Prefix> incumbents;
  for (auto& [prefix, claim] : group.claims) {
    if (claim.refusal && claim.refusal->rule == kLimitRule) claim.refusal.reset();
    if (claim.refusal) continue;
    passing.push_back(prefix);
    if (claim.within_limit) incumbents.insert(prefix);
  }
  const Notice notice{NoticeCode::LimitReached,
                      fmt::format("peer {} of crypto map {} offers more than {} prefixes; the rest is refused",
                                  group.key.peer->to_string(), group.entry->name(), group.entry->maximum)};
  if (group.over_limit) board_.drop(notice);
  group.over_limit = passing.size() > group.entry->maximum;
  if (group.over_limit) board_.add(notice);
  const auto chosen = choose_within_limit(passing, incumbents, group.entry->maximum);
  for (const auto& prefix : passing) {
    auto& claim = group.claims.at(prefix);
    claim.within_limit = chosen.contains(prefix);
    if (!claim.within_limit) claim.refusal = Refusal{kLimitRule, fmt::format("more than {} prefixes", group.entry->maximum)};
    dirty_keys_.insert(claim.key);
  }
}

/// A pin exists while its entry has a proxy that is not refused.
void Planner::update_wish_for_pin(Group& group) {
  const auto& claims = group.claims;
  const bool may_lift = group.entry->has_accept;
  if (!group.key.peer || (group.entry->pin == PinMode::None && !may_lift)) return;
  group.wants_pin = std::any_of(claims.begin(), claims.end(), [&](const auto& item) {
    return !item.second.refusal && (group.entry->pin != PinMode::None || item.second.lifted);
  });
}

/// Whether a pin keeps the peer reachable: wished for, and in the table or, as far
/// as is known yet, about to be.
bool Planner::is_pinned(const UnitKey& unit) const {
  const auto found = units_.find(unit);
  if (found == units_.end()) return false;
  const auto& groups = found->second.groups;
  return std::any_of(groups.begin(), groups.end(), [&](const GroupKey& key) {
    const auto& group = groups_.at(key);
    if (!group.wants_pin || group.entry->distance == 255) return false;
    const auto exit = check_device(pin_exit(*group.entry, unit.second, path_lookup()), world_.host);
    return exit.state != Exit::State::Pending;
  });
}

void Planner::set_pinned(const UnitKey& unit, bool pinned) {
  if (peers_[unit.first].set_pinned(unit.second, pinned) && is_covered(unit)) needs_rebuild_ = true;
}

void Planner::register_peer(const UnitKey& peer, bool present) {
  auto& registry = peers_[peer.first];
  const bool before = registry.contains(peer.second);
  present ? registry.add(peer.second) : registry.remove(peer.second);
  if (before != registry.contains(peer.second) && is_covered(peer)) needs_rebuild_ = true;
}

/// Whether a proxy in the peer's VRF covers it, so that rule 2 has to be asked again.
bool Planner::is_covered(const UnitKey& peer) const {
  const auto lengths = lengths_.find(peer.first);
  if (lengths == lengths_.end()) return false;
  const auto is_proxy = [](const Claim* claim) { return claim->kind == RouteKind::Proxy; };
  for (const auto& [slot, count] : lengths->second) {
    const int length = slot % 1000;
    if (length > peer.second.bits()) continue;
    const Prefix prefix(peer.second, length);
    if (length_slot(prefix) != slot) continue;
    const auto* plan = find({peer.first, prefix});
    if (plan != nullptr && std::any_of(plan->claims.begin(), plan->claims.end(), is_proxy)) return true;
  }
  return false;
}

void Planner::add_to_key(Claim& claim) {
  const auto [at, is_new] = keys_.try_emplace(claim.key);
  if (is_new) order_[claim.key.vrf].insert(claim.key.prefix);
  auto& plan = at->second;
  if (plan.claims.empty()) ++lengths_[claim.key.vrf][length_slot(claim.key.prefix)];
  plan.claims.push_back(&claim);
  dirty_keys_.insert(claim.key);
}

void Planner::remove_from_key(const Claim& claim) {
  auto& plan = keys_.at(claim.key);
  plan.claims.erase(std::find(plan.claims.begin(), plan.claims.end(), &claim));
  if (plan.winner == &claim) plan.winner = nullptr;
  dirty_keys_.insert(claim.key);
  if (!plan.claims.empty()) return;
  auto& lengths = lengths_[claim.key.vrf];
  const auto slot = lengths.find(length_slot(claim.key.prefix));
  if (--slot->second == 0) lengths.erase(slot);
}

}  // namespace rri::core
