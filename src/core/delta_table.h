// core/delta_table.h -- what we want in the table, what is there, what is missing.
//
// Pure data: no I/O and no time. `actual` changes only by what an
// acknowledgement, a dump or a notification showed, never by what was sent. So
// pending == desired minus actual holds at every moment, and an operation that
// is not needed is never made.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "core/claim.h"
#include "core/effects.h"
#include "core/planner.h"

namespace rri::core {

/// A route of ours that is in the table.
struct ActualRoute {
  KernelRoute route;
  bool adopted = false;  // found there by a dump, not written by this process
};

/// Why a wanted route is not there.
struct Trouble {
  OpOutcome outcome{};
  std::string text;
  TimePoint retry_at;
  Millis pause{};
};

struct DeltaEntry {
  std::optional<KernelRoute> desired;
  RouteKind purpose{};
  std::optional<IpAddress> next_hop;  // logical, and tag: what was last desired, for the log
  std::uint32_t tag = 0;
  bool undecided = false;    // an answer is missing that may change the wish: leave all as it is
  bool reinstall = false;    // `clear crypto route`: out, and in again
  bool in_flight = false;    // an operation is unanswered
  std::vector<ActualRoute> actual;
  std::optional<Trouble> trouble;
  std::optional<int> queued; // its place in the queue, see operation_order()

  [[nodiscard]] const ActualRoute* find_actual(std::uint32_t metric) const;
  /// The desired route is in the table, exactly.
  [[nodiscard]] bool is_installed() const;
};

class DeltaTable {
 public:
  using Entries = absl::flat_hash_map<RouteKey, DeltaEntry>;

  [[nodiscard]] const Entries& entries() const { return entries_; }
  [[nodiscard]] const DeltaEntry* find(const RouteKey& key) const;
  DeltaEntry& at(const RouteKey& key) { return entries_[key]; }

  void set_desired(const RouteKey& key, const KeyPlan* plan);
  /// A route of ours is there, or (remove) is not.
  void put_actual(const RouteKey& key, const KernelRoute& route, bool adopted);
  void remove_actual(const RouteKey& key, std::uint32_t metric);
  void ask_reinstall(const RouteKey& key);

  /// Puts the key into the queue where something is to be done, and takes it out where not.
  void requeue(const RouteKey& key);
  /// The first keys of the queue with their operation, at most `limit`; they
  /// leave the queue and count as in flight. Adopted routes are deleted only
  /// with `may_delete_adopted`.
  std::vector<std::pair<RouteKey, RouteOp>> take_operations(std::size_t limit, bool may_delete_adopted);
  /// Keys in trouble whose retry is due go back to the queue; gives the next retry.
  std::optional<TimePoint> requeue_due(TimePoint now);
  void set_trouble(const RouteKey& key, Trouble trouble);
  void clear_trouble(const RouteKey& key);

  [[nodiscard]] std::size_t waiting() const { return queue_.size() + troubled_.size(); }
  [[nodiscard]] bool has_queued() const { return !queue_.empty(); }
  [[nodiscard]] std::size_t installed() const { return installed_; }

 private:
  /// What brings the entry one step nearer; nothing when it is right.
  [[nodiscard]] static std::optional<RouteOp> next_operation(const DeltaEntry& entry, bool may_delete_adopted);
  void forget_if_empty(const RouteKey& key);

  Entries entries_;
  std::set<std::pair<int, RouteKey>> queue_;
  std::set<RouteKey> troubled_;
  std::size_t installed_ = 0;  // routes in all `actual`
};

}  // namespace rri::core
