// core/reconciler.h -- sends what is missing, in batches, and learns from the answers.
//
// Few batches are under way at a time; the rest waits in the delta table's
// queue, where it can still change its mind. One route's failure delays no other: it waits
// for its own retry with a growing pause.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/delta_table.h"

namespace rri::core {

/// One operation that was carried out, or refused, for the log.
struct OpReport {
  RouteKey key;
  RouteOp operation;
  OpOutcome outcome = OpOutcome::Done;
  std::string text;
};

class Reconciler {
 public:
  explicit Reconciler(DeltaTable& table) : table_(table) {}

  /// The batches that may go out now.
  std::vector<RouteBatch> take_batches(bool may_delete_adopted);
  /// Takes the answer to a batch; unknown ids are ignored.
  std::vector<OpReport> on_done(const BatchDone& done, TimePoint now);
  /// Whether every batch was answered.
  [[nodiscard]] bool idle() const { return in_flight_.empty(); }

 private:
  void apply(const OpReport& report, TimePoint now);

  DeltaTable& table_;
  std::uint64_t next_id_ = 1;
  std::map<std::uint64_t, std::vector<std::pair<RouteKey, RouteOp>>> in_flight_;
};

}  // namespace rri::core
