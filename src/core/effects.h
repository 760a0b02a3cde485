// core/effects.h -- everything the controller can ask for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "core/events.h"
#include "core/way_out.h"
#include "model/notice.h"
#include "model/route.h"

namespace rri::core {

/// One operation on the table. The sink's rules (SPEC.md section 4):
///   Add     create, exclusively; a taken key is OpOutcome::Occupied;
///   Change  replace our route of the same key in place;
///   Delete  with our protocol number, for IPv6 with gateway and device too.
struct RouteOp {
  enum class Kind : std::uint8_t { Add, Change, Delete };
  Kind kind{};
  RouteKind purpose{};
  KernelRoute route;  // Delete: the route as it is there now
  std::optional<IpAddress> next_hop;  // the logical one, for the log
  std::uint32_t tag = 0;              // likewise

  friend bool operator==(const RouteOp&, const RouteOp&) = default;
};

/// Where an operation stands within a step (SPEC.md section 8): adds and changes
/// (statics, pins, proxies), then deletes (proxies, pins, statics).
constexpr int operation_order(RouteOp::Kind kind, RouteKind purpose) {
  const int rank = purpose == RouteKind::Static ? 0 : purpose == RouteKind::Peer ? 1 : 2;
  return kind == RouteOp::Kind::Delete ? 5 - rank : rank;
}

/// Operations to carry out in this order. Answered by one BatchDone.
struct RouteBatch {
  std::uint64_t id = 0;
  std::vector<RouteOp> operations;
};

/// A line for the log and for `debug crypto ipsec`.
struct LogLine {
  enum class Level : std::uint8_t { Debug, Info, Warning };
  Level level{};
  std::string text;
};

struct Effects {
  std::vector<RouteBatch> batches;
  std::vector<PathQuery> watch;      // answer now and whenever the answer changes
  std::vector<PathQuery> unwatch;
  std::vector<std::string> resolve;  // host names to look up
  /// When set, replaces the list of `ip route` lines that are standby only because
  /// of an RRI route: they are not in the table, and still count as underlay.
  std::optional<std::vector<KernelRoute>> underlay_statics;
  bool dump_routes = false;          // send a RouteDump of everything of ours
  std::vector<std::string> dump_devices;  // send a RouteDump for each of these
  std::vector<KernelRoute> gone;     // for RouteSink::announce_gone()
  std::vector<Notice> notices;       // new since the last step
  std::vector<WayOut> ways_opened;   // by which routes of ours lead from now on, or no more
  std::vector<WayOut> ways_closed;
  std::vector<LogLine> log;
  std::optional<TimePoint> wake_at;  // send a Tick then, at the latest
};

}  // namespace rri::core
