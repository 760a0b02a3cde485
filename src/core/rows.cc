#include "core/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/limits.h"

namespace rri::core {
namespace {

/// "crypto map mymap 10", "ipsec profile P".
std::string entry_text(const Entry& entry) { return entry.is_tunnel ? entry.name() : "crypto map " + entry.name(); }

/// Order of the rows of one key: state, sequence, next hop; then what else may
/// differ, so that the order is total.
auto rank(const RouteRow& row) {
  return std::make_tuple(row.state, row.sequence, std::cref(row.next_hop), row.kind, std::cref(row.map),
                         row.template_sequence, std::cref(row.interface), std::cref(row.peer), row.distance);
}

std::string name_of(const Claim& claim) {
  if (claim.entry == nullptr) return "an `ip route` line";
  const auto hop = claim.exit.next_hop ? fmt::format(" via {}", claim.exit.next_hop->to_string()) : std::string{};
  return entry_text(*claim.entry) + hop;
}

/// Several `ip route` lines of one distance are one route.
bool shares_route(const Claim& claim, const Claim* winner) {
  return winner != nullptr && claim.kind == RouteKind::Static && winner->kind == RouteKind::Static &&
         winner->distance == claim.distance && winner->exit.type == claim.exit.type;
}

}  // namespace

std::vector<VrfId> RowMaker::sorted_vrfs() const {
  std::vector<VrfId> vrfs(planner_.vrf_count());
  for (VrfId id = 0; id < planner_.vrf_count(); ++id) vrfs[id] = id;
  std::sort(vrfs.begin() + 1, vrfs.end(), [&](VrfId a, VrfId b) { return planner_.vrf_name(a) < planner_.vrf_name(b); });
  return vrfs;
}

std::vector<std::string> RowMaker::vrf_names(const std::optional<std::string>& only) const {
  std::vector<std::string> names;
  for (const auto id : sorted_vrfs()) {
    if (!only || planner_.vrf_name(id) == *only) names.push_back(planner_.vrf_name(id));
  }
  return names;
}

void RowMaker::add_rows(const RouteKey& key, const KeyPlan& plan, std::vector<RouteRow>& rows) const {
  const auto first = static_cast<std::ptrdiff_t>(rows.size());
  for (const auto* claim : plan.claims) rows.push_back(make_row(key, plan, *claim));
  std::sort(rows.begin() + first, rows.end(), [](const RouteRow& a, const RouteRow& b) { return rank(a) < rank(b); });
}

RouteRow RowMaker::make_row(const RouteKey& key, const KeyPlan& plan, const Claim& claim) const {
  RouteRow row;
  row.vrf = planner_.vrf_name(key.vrf);
  row.prefix = key.prefix;
  row.next_hop = claim.exit.next_hop;
  const auto& hop = claim.exit.hop;
  if (hop.gateway && hop.gateway != row.next_hop) row.gateway = hop.gateway;
  row.device = hop.device.empty() && claim.entry != nullptr ? claim.entry->device : hop.device;
  row.distance = claim.distance;
  row.tag = claim.tag;
  row.kind = claim.kind;
  row.driver = claim.driver;
  row.peer = claim.peer;
  if (claim.line != nullptr) row.interface = claim.line->null0 ? "Null0" : claim.line->interface;
  if (claim.entry != nullptr) {
    row.interface = claim.entry->interface;
    row.map = claim.entry->map;
    row.sequence = claim.entry->sequence;
    row.dynamic_map = claim.entry->dynamic_map;
    row.template_sequence = claim.entry->template_sequence;
  }
  row.owners = owners(claim);
  row.state = state_of(key, plan, claim);
  row.reason = reason_of(row.state, key, plan, claim);
  return row;
}

SaPlace RowMaker::place_of(SaId id) const {
  SaPlace place;
  const auto* assignment = planner_.find_assignment(id);
  if (assignment == nullptr || !assignment->entry) {
    place.unmatched_reason = assignment ? assignment->reason : "not looked at yet";
    return place;
  }
  const auto& entry = planner_.entries()[*assignment->entry];
  place.entry = EntryName{entry.map, entry.sequence};
  place.dynamic_map = entry.dynamic_map;
  place.template_sequence = entry.template_sequence;
  place.interface = entry.interface;
  return place;
}

void RowMaker::count(const RouteKey& key, const KeyPlan& plan, Tally& tally) const {
  for (const auto* claim : plan.claims) {
    const auto state = state_of(key, plan, *claim);
    ++tally.states[static_cast<std::size_t>(state)];
    if (state == RouteState::Refused && tally.refused.size() < kMaxRefusedRows) tally.refused.push_back(make_row(key, plan, *claim));
    const bool is_trouble = state == RouteState::Occupied || state == RouteState::Failed || state == RouteState::Shadowed;
    if (!is_trouble) continue;
    const auto code = state == RouteState::Occupied ? NoticeCode::RouteOccupied
                      : state == RouteState::Failed ? NoticeCode::RouteFailed
                                                    : NoticeCode::RouteShadowed;
    const auto row = make_row(key, plan, *claim);
    tally.troubles.push_back({code, fmt::format("{} in table {}: {}", row.prefix.to_string(), row.vrf, row.reason)});
  }
}

void RowMaker::count(const SaRecord& record, Tally& tally) const {
  if (!record.live()) return;
  ++tally.live_sas;
  const auto* assignment = planner_.find_assignment(record.sa.id);
  if (assignment == nullptr || !assignment->entry) ++tally.unmatched_sas;
}

RouteState RowMaker::state_of(const RouteKey& key, const KeyPlan& plan, const Claim& claim) const {
  if (claim.refusal) return RouteState::Refused;
  if (claim.exit.state != Exit::State::Ready) return RouteState::Pending;
  if (claim.distance == 255) return RouteState::Standby;
  if (&claim != plan.winner && !shares_route(claim, plan.winner)) return RouteState::Standby;
  return winner_state(key, claim);
}

RouteState RowMaker::winner_state(const RouteKey& key, const Claim& claim) const {
  if (!sink_trouble_.empty()) return RouteState::Pending;
  const auto* entry = table_.find(key);
  if (entry != nullptr && entry->trouble && !entry->is_installed()) {
    return entry->trouble->outcome == OpOutcome::Occupied ? RouteState::Occupied : RouteState::Failed;
  }
  if (!shadow(key, claim).empty()) return RouteState::Shadowed;
  return claim.live ? RouteState::Active : RouteState::Held;
}

std::string RowMaker::shadow(const RouteKey& key, const Claim& claim) const {
  const auto foreign = foreign_.find(key);
  return foreign == foreign_.end() ? std::string{} : shadow_text(foreign->second, metric_of_distance(claim.distance));
}

std::string RowMaker::reason_of(RouteState state, const RouteKey& key, const KeyPlan& plan, const Claim& claim) const {
  switch (state) {
    case RouteState::Refused: return fmt::format("rule {}: {}", claim.refusal->rule, claim.refusal->text);
    case RouteState::Pending: return claim.exit.state == Exit::State::Ready ? sink_trouble_ : claim.exit.reason;
    case RouteState::Standby:
      return claim.distance == 255 ? "distance 255 is never installed" : fmt::format("{} comes first", name_of(*plan.winner));
    case RouteState::Occupied:
    case RouteState::Failed: return table_.find(key)->trouble->text;
    case RouteState::Shadowed: return shadow(key, claim);
    case RouteState::Active:
    case RouteState::Held: break;
  }
  const auto* entry = table_.find(key);
  if (entry == nullptr || !entry->is_installed()) return "on its way into the table";
  return state == RouteState::Held ? "its SAs are gone, hold-down runs" : "";
}

std::vector<std::string> RowMaker::owners(const Claim& claim) const {
  std::vector<std::string> texts;
  for (const auto id : claim.sas) {
    const auto* record = world_.sas.find(id);
    const auto& identity = record->sa.identity;
    texts.push_back(fmt::format("SA {} of {}{}{}", record->sa.id.value, record->sa.peer.to_string(),
                                identity.empty() ? "" : fmt::format(" ({})", identity), record->live() ? "" : ", gone"));
  }
  for (const auto* line : claim.lines) {
    texts.push_back(fmt::format("access-list {} line {}: {}", claim.entry->acls.front()->name, line->sequence, line->text));
  }
  for (const auto* user : claim.pin_users) texts.push_back(entry_text(*user));
  if (claim.line != nullptr) texts.push_back(claim.line->name.empty() ? "ip route" : fmt::format("ip route {}", claim.line->name));
  return texts;
}

std::string shadow_text(const ForeignRoutes& foreign, std::uint32_t own_metric) {
  if (foreign.empty() || foreign.begin()->first >= own_metric) return {};
  const auto [metric, protocol] = *foreign.begin();
  return fmt::format("a route of protocol {} with metric {} hides it", protocol, metric);
}

}  // namespace rri::core
