// From the tables to the picture that readers see.

#include "core/snapshot.h"

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
  }

  void take_tables(Snapshot& snapshot) const {
    for (const auto vrf : maker_.sorted_vrfs()) {
      const auto* prefixes = state_.planner.prefixes(vrf);
      if (prefixes == nullptr) continue;
      for (const auto& prefix : *prefixes) {
        const RouteKey key{vrf, prefix};
        const auto& plan = *state_.planner.find(key);
        maker_.add_rows(key, plan, snapshot.routes);
        maker_.count(key, plan, snapshot);
      }
    }
    for (const auto& [id, record] : state_.world.sas.records()) {
      snapshot.sas.push_back({maker_.place_of(id), record.sa, record.live()});
      maker_.count(record, snapshot);
    }
    snapshot.notices.insert(snapshot.notices.end(), snapshot.troubles.begin(), snapshot.troubles.end());
  }

 private:
  const Controller::State& state_;
  RowMaker maker_;
};

}  // namespace

std::shared_ptr<const Summary> Controller::summary() {
  auto& s = *state_;
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
