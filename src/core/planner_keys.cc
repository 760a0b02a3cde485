// Competition at one key: order the claims, pick the winner, say what the
// kernel should hold.

#include <fmt/format.h>

#include <algorithm>

#include "core/planner.h"

namespace rri::core {
namespace {

constexpr std::uint32_t kLargestRealm = 65535;

bool is_static(const Claim* claim) { return claim->kind == RouteKind::Static; }

/// An `ip route` line with a tag next to RRI with another: Cisco documents that
/// the choice is inconsistent there. Both cures are in the text.
std::optional<Notice> tag_conflict(const std::string& key_text, const std::vector<Claim*>& claims) {
  for (const auto* manual : claims) {
    if (!is_static(manual) || manual->tag == 0) continue;
    for (const auto* injected : claims) {
      if (is_static(injected) || injected->refusal || injected->kind == RouteKind::Peer) continue;
      if (injected->tag == manual->tag) continue;
      return Notice{NoticeCode::TagConflict,
                    fmt::format("{}: `ip route` has tag {}, crypto map {} has tag {}; remove reverse-route where all is "
                                "routed by hand, or write `set reverse-route tag {}` there",
                                key_text, manual->tag, injected->entry->name(), injected->tag, manual->tag)};
    }
  }
  return std::nullopt;
}

std::optional<Notice> identity_conflict(const std::string& key_text, const std::vector<Claim*>& claims) {
  const Claim* incumbent = nullptr;
  for (const auto* claim : claims) {
    const bool counts = claim->driver == Driver::Sa && claim->kind == RouteKind::Proxy && claim->live && !claim->refusal;
    if (!counts) continue;
    if (incumbent != nullptr && claim->entry == incumbent->entry && claim->place != incumbent->place) {
      const auto who = [](const Claim& c) {
        const bool anonymous = c.identity.empty() || !c.entry->proves_identity(*c.peer);
        return anonymous ? c.peer->to_string() : fmt::format("{} ({})", c.identity, c.peer->to_string());
      };
      return Notice{NoticeCode::ProxyConflict, fmt::format("{}: {} has it, and {} claims it too", key_text,
                                                           who(*incumbent), who(*claim))};
    }
    if (incumbent == nullptr) incumbent = claim;
  }
  return std::nullopt;
}

}  // namespace

void Planner::settle_keys() {
  for (const auto& key : dirty_keys_) settle_key(key);
  dirty_keys_.clear();
}

void Planner::settle_key(const RouteKey& key) {
  const auto found = keys_.find(key);
  if (found == keys_.end()) return;
  auto& plan = found->second;
  changed_keys_.insert(key);
  for (const auto& notice : plan.notices) board_.drop(notice);
  hiding_keys_.erase(key);
  if (plan.claims.empty()) {
    keys_.erase(found);
    order_.at(key.vrf).erase(key.prefix);
    return;
  }
  sort_by_preference(plan.claims);
  const auto winner = std::find_if(plan.claims.begin(), plan.claims.end(), [](const Claim* c) { return c->competes(); });
  plan.winner = winner == plan.claims.end() ? nullptr : *winner;
  // While the underlay has not answered for a better claim, nothing is moved.
  plan.undecided = std::any_of(plan.claims.begin(), winner, [](const Claim* c) {
    return !c->refusal && c->distance < 255 && c->exit.state == Exit::State::Unknown;
  });
  const bool hides = plan.winner != nullptr && !is_static(plan.winner) &&
                     std::any_of(plan.claims.begin(), plan.claims.end(), [](const Claim* c) { return is_static(c) && c->competes(); });
  if (hides) hiding_keys_.insert(key);
  plan.desired.reset();
  if (plan.winner != nullptr) plan.desired = make_route(plan);
  plan.notices = key_notices(key, plan);
  for (const auto& notice : plan.notices) board_.add(notice);
}

KernelRoute Planner::make_route(const KeyPlan& plan) const {
  const auto& winner = *plan.winner;
  KernelRoute route;
  route.key = {vrf_names_[winner.key.vrf], winner.key.prefix, metric_of_distance(winner.distance)};
  route.type = winner.exit.type;
  if (route.type == KernelRouteType::Unicast) route.next_hops.push_back(winner.exit.hop);
  // Several `ip route` lines of one distance are one multipath route.
  for (const auto* other : plan.claims) {
    const bool joins = is_static(&winner) && is_static(other) && other != &winner && other->competes() &&
                       other->distance == winner.distance && route.type == KernelRouteType::Unicast &&
                       other->exit.type == KernelRouteType::Unicast;
    if (joins) route.next_hops.push_back(other->exit.hop);
  }
  std::sort(route.next_hops.begin(), route.next_hops.end());
  route.next_hops.erase(std::unique(route.next_hops.begin(), route.next_hops.end()), route.next_hops.end());
  if (winner.kind == RouteKind::Proxy) route.source = source_address(winner);
  const bool carries_tag = std::holds_alternative<FrrSink>(config_->settings.route) ||
                           (winner.key.prefix.family() == Family::V4 && winner.tag <= kLargestRealm);
  if (carries_tag) route.realm = winner.tag;
  return route;
}

/// The lowest address of this host inside the local selectors of the owners, so
/// that the gateway's own traffic is encrypted too. A selector for everything asks for nothing.
std::optional<IpAddress> Planner::source_address(const Claim& claim) const {
  if (!std::holds_alternative<KernelSink>(config_->settings.route)) return std::nullopt;
  // For IPv6 Linux takes no source of another VRF than the device's, and chooses by itself.
  const auto* out = world_.host.find(claim.exit.hop.device);
  if (claim.key.prefix.family() == Family::V6 && out != nullptr && out->vrf != vrf_names_[claim.key.vrf]) return std::nullopt;
  for (const auto& address : networks_of(claim.key.vrf).addresses()) {
    if (address.family() == claim.key.prefix.family() && is_own_source(claim, address)) return address;
  }
  return std::nullopt;
}

bool Planner::is_own_source(const Claim& claim, const IpAddress& address) const {
  const auto all = Prefix::all(address.family());
  for (const auto id : claim.sas) {
    for (const auto& selector : world_.sas.find(id)->sa.local) {
      const bool everything = selector.range == all.range();
      if (!everything && selector.range.contains({address, address})) return true;
    }
  }
  for (const auto* line : claim.lines) {
    for (const auto& source : line->sources) {
      if (source.to_prefix() != all && source.contains(Prefix::host(address))) return true;
    }
  }
  return false;
}

std::vector<Notice> Planner::key_notices(const RouteKey& key, const KeyPlan& plan) const {
  std::vector<Notice> notices;
  const bool plain = plan.claims.size() == 1 && !plan.claims[0]->refusal && plan.claims[0]->tag == 0;
  if (plain) return notices;
  const auto text = key.vrf == 0 ? key.prefix.to_string()
                                 : fmt::format("{} in VRF {}", key.prefix.to_string(), vrf_names_[key.vrf]);
  if (plan.claims.size() > 1) {
    if (auto notice = tag_conflict(text, plan.claims)) notices.push_back(std::move(*notice));
    if (auto notice = identity_conflict(text, plan.claims)) notices.push_back(std::move(*notice));
  }
  for (const auto* claim : plan.claims) {
    if (!claim->refusal || claim->refusal->rule == 6) continue;
    notices.push_back({NoticeCode::ProxyRefused,
                       fmt::format("{} of peer {} (crypto map {}) is refused by guard rule {}: {}", text,
                                   claim->peer ? claim->peer->to_string() : "-", claim->entry->name(),
                                   claim->refusal->rule, claim->refusal->text)});
  }
  const auto* winner = plan.winner;
  const bool lost_tag = winner != nullptr && winner->tag != 0 && plan.desired->realm == 0 &&
                        std::holds_alternative<KernelSink>(config_->settings.route);
  if (lost_tag) {
    notices.push_back({NoticeCode::TagNotCarried,
                       fmt::format("tag {} of {} could not be written into its kernel routes: {}; `route frr` carries it", winner->tag,
                                   winner->entry != nullptr ? fmt::format("crypto map {}", winner->entry->name()) : line_text(*winner->line),
                                   key.prefix.family() == Family::V4 ? "an IPv4 route takes tags up to 65535 (its realm)" : "IPv6 routes take none")});
  }
  return notices;
}

std::vector<KernelRoute> Planner::hidden_statics() const {
  std::vector<KernelRoute> hidden;
  for (const auto& key : hiding_keys_) {
    for (const auto* claim : keys_.at(key).claims) {
      if (!is_static(claim) || !claim->competes()) continue;
      KernelRoute route;
      route.key = {vrf_names_[key.vrf], key.prefix, metric_of_distance(claim->distance)};
      route.type = claim->exit.type;
      if (route.type == KernelRouteType::Unicast) route.next_hops.push_back(claim->exit.hop);
      hidden.push_back(std::move(route));
    }
  }
  return hidden;
}

}  // namespace rri::core
