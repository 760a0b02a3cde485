// core/ports.h -- where the controller's decisions leave for the world.
//
// RouteSink is a table that takes routes: the kernel's (io/netlink), or FRR's
// static routes (io/frr). The controller knows neither; the daemon hands the
// batches of its Effects to the sink in force, and the sink's events back.
//
// What every sink promises, so that the controller may trust it:
//   - answers and dumps come from the event loop, never from inside a call;
//   - each batch is answered by one BatchDone, in the order given; a RouteDump
//     shows the table after all batches that were answered before it, and before
//     those that were not;
//   - it never changes a route that is not ours (OpOutcome::Occupied);
//   - while the table cannot be reached it says so by SinkChanged, answers what was
//     under way with OpOutcome::NotDone, and sends a RouteDump, then SinkChanged,
//     when it is back.
//
// The only virtual functions of this program are here.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/effects.h"
#include "core/events.h"

namespace rri::core {

/// For `show rri` and the service manager's status line.
struct SinkHealth {
  std::string name;              // "kernel, protocol 213", "FRR 8.4.4 at /var/run/frr"
  std::string trouble;           // why it cannot be reached, "" when it can
  std::size_t own_routes = 0;    // routes of ours that are known to be there
  std::size_t jobs_waiting = 0;  // batches and dumps that are not answered
};

class RouteSink {
 public:
  virtual ~RouteSink() = default;

  /// Answered by one BatchDone.
  virtual void carry_out(RouteBatch batch) = 0;
  /// RouteDump of all routes of ours, or of those that leave by `device`.
  virtual void dump_routes() = 0;
  virtual void dump_device(const std::string& device) = 0;
  /// Routes that went without a word, and are not wanted back: whoever learns routes
  /// from this table may not have noticed (FACTS II.4.6).
  virtual void announce_gone(const std::vector<KernelRoute>& routes) = 0;
  [[nodiscard]] virtual SinkHealth health() const = 0;
};

}  // namespace rri::core
