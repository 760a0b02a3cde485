// core/controller.h -- the whole decision, without touching the world.
//
// Controller::handle(Event, now) -> Effects is deterministic and
// single-threaded, and does no I/O. The daemon, `rri plan`, the case files, record and replay
// and the fault simulation all run this same object.
//
// The way of an event: tables that hold what we were told (SaTable, host,
// configuration) -> Planner (what we want) -> DeltaTable (what is missing) ->
// Reconciler (batches of operations).
#pragma once

#include <memory>
#include <optional>

#include "base/clock.h"
#include "core/effects.h"
#include "core/events.h"
#include "core/snapshot.h"

namespace rri::core {

class Controller {
 public:
  Controller();
  ~Controller();
  Controller(Controller&&) noexcept;
  Controller& operator=(Controller&&) noexcept;

  /// Takes one event and gives everything that follows from it now. `now` never
  /// goes back. Before the first ConfigCommitted, LinkList and RouteDump nothing
  /// is added; before the first SaList nothing is deleted as well.
  Effects handle(const Event& event, TimePoint now);

  /// The picture after the last event with all rows and SAs: some microseconds for
  /// each when something changed since the last call.
  std::shared_ptr<const Snapshot> snapshot();
  /// The same without rows and SAs, and without what only a walk over them can count.
  std::shared_ptr<const Summary> summary();
  /// These read the live tables, some at a time. Not to be called after the controller is gone.
  [[nodiscard]] Rows rows(RowQuery query) const;
  /// Whether all that is wanted and can be had is in the table. What is in trouble waits for itself.
  [[nodiscard]] bool is_settled() const;
  [[nodiscard]] Count count() const;
  [[nodiscard]] SaViews sas() const;
  /// Where one SA belongs; nothing when there is none of this number.
  [[nodiscard]] std::optional<SaPlace> find_sa(SaId id) const;
  /// Whether some table of that name has rows.
  [[nodiscard]] bool has_rows(const std::string& vrf) const;

  struct State;  // core/state.h

 private:
  std::unique_ptr<State> state_;
};

}  // namespace rri::core
