// From the tables to the picture that readers see.

#include "core/snapshot.h"

#include <fmt/format.h>

#include "core/limits.h"
#include "core/rows.h"

namespace rri::core {
namespace {

class Photographer {
 public:
  explicit Photographer(const Controller::State& state) : state_(state), maker_(state) {}

  void take_summary(Summary& summary) const {
    const auto& world = state_.world;
    summary.generation = state_.generation;
    summary.taken = state_.now;
    summary.config = world.config;
    for (const auto& [name, interface] : world.config->interfaces) {
      const auto binding = world.host.bind(interface);
      summary.interfaces.push_back({name, binding.device, binding.reason, world.host.is_up(binding.device)});
    }
    for (const auto& [index, link] : world.host.links()) summary.links.push_back(link);
    summary.groups = world.groups;
    summary.notices = state_.planner.notices();
    summary.notices.insert(summary.notices.end(), state_.sink_notices.begin(), state_.sink_notices.end());
    summary.counters = state_.counters;
    summary.source = state_.source;
    summary.in_sync = state_.in_sync();
    summary.installed = state_.table.installed();
    summary.waiting = state_.table.waiting();
    count_rows(summary);
    count_sas(summary);
  }

  void take_tables(Snapshot& snapshot) const {
    for (const auto vrf : maker_.sorted_vrfs()) {
      walk(vrf, [&](const RouteKey& key, const KeyPlan& plan) { maker_.add_rows(key, plan, snapshot.routes); });
    }
    for (const auto& [id, record] : state_.world.sas.records()) snapshot.sas.push_back(view_sa(record));
  }

 private:
  template <class Visit>
  void walk(VrfId vrf, Visit visit) const {
    const auto* prefixes = state_.planner.prefixes(vrf);
    if (prefixes == nullptr) return;
    for (const auto& prefix : *prefixes) visit(RouteKey{vrf, prefix}, *state_.planner.find({vrf, prefix}));
  }

  void count_rows(Summary& summary) const {
    for (const auto vrf : maker_.sorted_vrfs()) {
      walk(vrf, [&](const RouteKey& key, const KeyPlan& plan) {
        for (const auto* claim : plan.claims) count_row(summary, key, plan, *claim);
      });
    }
    summary.counters.refused = summary.states[static_cast<std::size_t>(RouteState::Refused)];
  }

  void count_row(Summary& summary, const RouteKey& key, const KeyPlan& plan, const Claim& claim) const {
    const auto state = maker_.state_of(key, plan, claim);
    ++summary.states[static_cast<std::size_t>(state)];
    if (state == RouteState::Refused && summary.refused.size() < kMaxRefusedRows) {
      summary.refused.push_back(maker_.make_row(key, plan, claim));
    }
    const auto code = state == RouteState::Occupied ? NoticeCode::RouteOccupied
                      : state == RouteState::Failed ? NoticeCode::RouteFailed
                                                    : NoticeCode::RouteShadowed;
    const bool is_trouble = state == RouteState::Occupied || state == RouteState::Failed || state == RouteState::Shadowed;
    if (!is_trouble) return;
    const auto row = maker_.make_row(key, plan, claim);
    summary.notices.push_back({code, fmt::format("{} in table {}: {}", row.prefix.to_string(), row.vrf, row.reason)});
  }

  void count_sas(Summary& summary) const {
    for (const auto& [id, record] : state_.world.sas.records()) {
      if (!record.live()) continue;
      ++summary.live_sas;
      const auto* assignment = state_.planner.find_assignment(id);
      if (assignment == nullptr || !assignment->entry) ++summary.unmatched_sas;
    }
  }

  SaView view_sa(const SaRecord& record) const {
    SaView view;
    view.sa = record.sa;
    view.live = record.live();
    const auto* assignment = state_.planner.find_assignment(record.sa.id);
    if (assignment == nullptr || !assignment->entry) {
      view.unmatched_reason = assignment ? assignment->reason : "not looked at yet";
      return view;
    }
    const auto& entry = state_.planner.entries()[*assignment->entry];
    view.entry = EntryName{entry.map, entry.sequence};
    view.dynamic_map = entry.dynamic_map;
    view.template_sequence = entry.template_sequence;
    view.interface = entry.interface;
    return view;
  }

  const Controller::State& state_;
  RowMaker maker_;
};

}  // namespace

std::shared_ptr<const Summary> Controller::summary() {
  auto& s = *state_;
  if (s.last_snapshot && s.last_snapshot->generation == s.generation) return s.last_snapshot;
  if (s.last_summary && s.last_summary->generation == s.generation) return s.last_summary;
  auto fresh = std::make_shared<Summary>();
  Photographer(s).take_summary(*fresh);
  s.last_summary = std::move(fresh);
  return s.last_summary;
}

std::shared_ptr<const Snapshot> Controller::snapshot() {
  auto& s = *state_;
  if (s.last_snapshot && s.last_snapshot->generation == s.generation) return s.last_snapshot;
  auto fresh = std::make_shared<Snapshot>();
  const Photographer photographer(s);
  photographer.take_summary(*fresh);
  photographer.take_tables(*fresh);
  s.last_snapshot = std::move(fresh);
  return s.last_snapshot;
}

}  // namespace rri::core
