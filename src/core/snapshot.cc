// From the tables to the picture that readers see.

#include "core/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/state.h"

namespace rri::core {
namespace {

using Foreign = std::map<RouteKey, ForeignRoutes>;

/// Order of the rows of one key: state, sequence, next hop; then what else may
/// differ, so that the order is total.
auto rank(const RouteRow& row) {
  return std::make_tuple(row.state, row.sequence, std::cref(row.next_hop), row.kind, std::cref(row.map),
                         row.template_sequence, std::cref(row.interface), std::cref(row.peer), row.distance);
}

class Photographer {
 public:
  explicit Photographer(const Controller::State& state)
      : state_(state), world_(state.world), planner_(state.planner), table_(state.table), foreign_(state.foreign) {}

  Snapshot take() {
    Snapshot snapshot;
    snapshot.config = world_.config;
    for (const auto* item : sorted_keys()) add_rows(item->first, item->second, snapshot.routes);
    for (const auto& [id, record] : world_.sas.records()) snapshot.sas.push_back(view_sa(record));
    for (const auto& [name, interface] : world_.config->interfaces) {
      const auto binding = world_.host.bind(interface);
      snapshot.interfaces.push_back({name, binding.device, binding.reason, world_.host.is_up(binding.device)});
    }
    for (const auto& [index, link] : world_.host.links()) snapshot.links.push_back(link);
    snapshot.groups = world_.groups;
    snapshot.notices = planner_.notices();
    snapshot.notices.insert(snapshot.notices.end(), state_.sink_notices.begin(), state_.sink_notices.end());
    add_table_notices(snapshot);
    snapshot.installed = table_.installed();
    snapshot.waiting = table_.waiting();
    return snapshot;
  }

 private:
  /// VRF (default first, then by name), family, address, length.
  std::vector<const Planner::Keys::value_type*> sorted_keys() const {
    std::vector<const Planner::Keys::value_type*> items;
    items.reserve(planner_.keys().size());
    for (const auto& item : planner_.keys()) items.push_back(&item);
    std::sort(items.begin(), items.end(), [&](const auto* a, const auto* b) {
      if (a->first.vrf == b->first.vrf) return a->first.prefix < b->first.prefix;
      if (a->first.vrf == 0 || b->first.vrf == 0) return a->first.vrf == 0;
      return planner_.vrf_name(a->first.vrf) < planner_.vrf_name(b->first.vrf);
    });
    return items;
  }

  void add_rows(const RouteKey& key, const KeyPlan& plan, std::vector<RouteRow>& rows) const {
    const auto first = static_cast<std::ptrdiff_t>(rows.size());
    for (const auto* claim : plan.claims) rows.push_back(make_row(key, plan, *claim));
    std::sort(rows.begin() + first, rows.end(), [](const RouteRow& a, const RouteRow& b) { return rank(a) < rank(b); });
  }

  RouteRow make_row(const RouteKey& key, const KeyPlan& plan, const Claim& claim) const {
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
    if (claim.entry != nullptr) {
      row.interface = claim.entry->interface;
      row.map = claim.entry->map;
      row.sequence = claim.entry->sequence;
      row.dynamic_map = claim.entry->dynamic_map;
      row.template_sequence = claim.entry->template_sequence;
    }
    row.owners = owners(claim);
    set_state(row, key, plan, claim);
    return row;
  }

  void set_state(RouteRow& row, const RouteKey& key, const KeyPlan& plan, const Claim& claim) const {
    const auto set = [&](RouteState state, std::string reason) {
      row.state = state;
      row.reason = std::move(reason);
    };
    if (claim.refusal) {
      return set(RouteState::Refused, fmt::format("rule {}: {}", claim.refusal->rule, claim.refusal->text));
    }
    if (claim.exit.state != Exit::State::Ready) return set(RouteState::Pending, claim.exit.reason);
    if (claim.distance == 255) return set(RouteState::Standby, "distance 255 is never installed");
    const bool shares_route = &claim != plan.winner && claim.kind == RouteKind::Static &&
                              plan.winner->kind == RouteKind::Static && plan.winner->distance == claim.distance &&
                              plan.winner->exit.type == claim.exit.type;
    if (&claim != plan.winner && !shares_route) {
      return set(RouteState::Standby, fmt::format("{} comes first", name_of(*plan.winner)));
    }
    set_winner_state(row, key, claim);
  }

  void set_winner_state(RouteRow& row, const RouteKey& key, const Claim& claim) const {
    if (!state_.sink_trouble.empty()) {
      row.state = RouteState::Pending;
      row.reason = state_.sink_trouble;
      return;
    }
    const auto* entry = table_.find(key);
    if (entry != nullptr && entry->trouble && !entry->is_installed()) {
      const bool taken = entry->trouble->outcome == OpOutcome::Occupied;
      row.state = taken ? RouteState::Occupied : RouteState::Failed;
      row.reason = entry->trouble->text;
      return;
    }
    if (const auto foreign = foreign_.find(key); foreign != foreign_.end()) {
      row.reason = shadow_text(foreign->second, metric_of_distance(claim.distance));
      row.state = RouteState::Shadowed;
      if (!row.reason.empty()) return;
    }
    row.state = claim.live ? RouteState::Active : RouteState::Held;
    if (!claim.live) row.reason = "its SAs are gone, hold-down runs";
    if (entry == nullptr || !entry->is_installed()) row.reason = "on its way into the table";
  }

  static std::string name_of(const Claim& claim) {
    if (claim.entry == nullptr) return "an `ip route` line";
    const auto hop = claim.exit.next_hop ? fmt::format(" via {}", claim.exit.next_hop->to_string()) : std::string{};
    return fmt::format("crypto map {}{}", claim.entry->name(), hop);
  }

  std::vector<std::string> owners(const Claim& claim) const {
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
    for (const auto* user : claim.pin_users) texts.push_back(fmt::format("crypto map {}", user->name()));
    if (claim.line != nullptr) texts.push_back(claim.line->name.empty() ? "ip route" : fmt::format("ip route {}", claim.line->name));
    return texts;
  }

  SaView view_sa(const SaRecord& record) const {
    SaView view;
    view.sa = record.sa;
    view.live = record.live();
    const auto* assignment = planner_.find_assignment(record.sa.id);
    if (assignment == nullptr || !assignment->entry) {
      view.unmatched_reason = assignment ? assignment->reason : "not looked at yet";
      return view;
    }
    const auto& entry = planner_.entries()[*assignment->entry];
    view.entry = EntryName{entry.map, entry.sequence};
    view.dynamic_map = entry.dynamic_map;
    view.template_sequence = entry.template_sequence;
    view.interface = entry.interface;
    return view;
  }

  void add_table_notices(Snapshot& snapshot) const {
    for (const auto& row : snapshot.routes) {
      const auto text = fmt::format("{} in table {}: {}", row.prefix.to_string(), row.vrf, row.reason);
      if (row.state == RouteState::Occupied) snapshot.notices.push_back({NoticeCode::RouteOccupied, text});
      if (row.state == RouteState::Failed) snapshot.notices.push_back({NoticeCode::RouteFailed, text});
      if (row.state == RouteState::Shadowed) snapshot.notices.push_back({NoticeCode::RouteShadowed, text});
      if (row.state == RouteState::Refused) ++snapshot.counters.refused;
    }
  }

  const Controller::State& state_;
  const World& world_;
  const Planner& planner_;
  const DeltaTable& table_;
  const Foreign& foreign_;
};

}  // namespace

std::string shadow_text(const ForeignRoutes& foreign, std::uint32_t own_metric) {
  if (foreign.empty() || foreign.begin()->first >= own_metric) return {};
  const auto [metric, protocol] = *foreign.begin();
  return fmt::format("a route of protocol {} with metric {} hides it", protocol, metric);
}

Snapshot make_snapshot(const Controller::State& state) {
  return Photographer(state).take();
}

}  // namespace rri::core
