// core/state.h -- what the controller keeps between two events.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/controller.h"
#include "core/delta_table.h"
#include "core/planner.h"
#include "core/reconciler.h"

namespace rri::core {

/// Foreign routes of one key: metric to protocol.
using ForeignRoutes = std::map<std::uint32_t, std::uint8_t>;

/// Which of them hides a route of ours with this metric; "" when none.
std::string shadow_text(const ForeignRoutes& foreign, std::uint32_t metric);

struct Controller::State {
  World world;
  Planner planner{world};
  DeltaTable table;
  Reconciler reconciler{table};

  // What is in: nothing goes out before (DESIGN.md invariant 4).
  bool has_config = false;
  bool has_links = false;
  bool has_dump = false;
  bool has_sas = false;
  std::vector<Event> early;  // SA events from before the rest; they wait, so that incumbents are known

  std::set<std::string> asked_hosts;  // names that were never answered for

  SourceState source = SourceState::NeverSeen;
  std::optional<TimePoint> grace_until;
  std::optional<TimePoint> next_audit;
  std::map<RouteKey, ForeignRoutes> foreign;
  std::string sink_trouble;               // why the table is out of reach
  std::vector<Notice> sink_notices;
  /// Lost without a message, and not put back since; by key and metric.
  std::map<std::pair<RouteKey, std::uint32_t>, KernelRoute> silently_gone;
  std::vector<KernelRoute> hidden_statics;  // as last told to the sink

  Counters counters;
  std::uint64_t generation = 0;
  TimePoint now;
  std::shared_ptr<const Summary> last_summary;
  std::shared_ptr<const Snapshot> last_snapshot;  // kept until the next one is asked for

  [[nodiscard]] bool may_add() const { return has_config && has_links && has_dump; }
  /// SAs are heard once the routes are known that name incumbents, or cannot be known.
  [[nodiscard]] bool may_hear() const { return has_config && has_links && (has_dump || !sink_trouble.empty()); }
  [[nodiscard]] bool may_write() const { return may_add() && sink_trouble.empty(); }
  [[nodiscard]] bool in_sync() const { return may_add() && has_sas; }
  /// Whether everything is known that could still claim a route found at the start.
  [[nodiscard]] bool may_delete_adopted() const { return in_sync() && asked_hosts.empty(); }
};

/// What happened to one route, and why, in one line.
LogLine tell(const OpReport& report, const Planner& planner, const World& world);
/// The same as `debug crypto ipsec` says it on IOS.
LogLine tell_like_ios(const OpReport& report);

}  // namespace rri::core
