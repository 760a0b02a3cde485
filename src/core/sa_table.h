// core/sa_table.h -- the SAs, and who came first.
//
// Full-list semantics: apply_list() says what is up; single events are the same
// in small. A record outlives its SA by the hold-down, so that a
// reauthentication that breaks before it makes changes no route.
//
// Two numbers of a record are state and not derivable from what the source
// says (SPEC.md 3.3):
//   lineage  when this SA, or the one it was rekeyed from, was first seen;
//   place    when its identity was first seen in its crypto map entry; kept for
//            as long as that identity has any record, also one in hold-down.
// Does not know: routes, entries' contents, what time it is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/sa.h"
#include "net/prefix.h"

namespace rri::core {

struct SaRecord {
  Sa sa;
  std::vector<Prefix> prefixes;            // remote proxies, sorted, no duplicates
  std::vector<std::string> refused_ranges; // selectors that are too many CIDR blocks
  std::uint64_t lineage = 0;
  std::uint64_t place = 0;                 // 0: not given yet
  std::optional<TimePoint> gone_until;     // set while the hold-down runs

  [[nodiscard]] bool live() const { return !gone_until.has_value(); }
};

class SaTable {
 public:
  using Records = std::map<SaId, SaRecord>;

  [[nodiscard]] const Records& records() const { return records_; }
  [[nodiscard]] const SaRecord* find(SaId id) const;

  /// The SA is up; what was known of its id is replaced. False if nothing changed.
  bool put(const Sa& sa);
  /// The SA is gone; its record goes when `until` has come. False if it was not live.
  bool set_gone(SaId id, TimePoint until);
  /// The id means another SA now (an IKE daemon that restarts counts from 1 again):
  /// the old record goes on under an id of its own until `until`.
  /// Gives that id; nothing if there was no record.
  std::optional<SaId> displace(SaId id, TimePoint until);
  /// `new_id` takes the data and the place of `old_id`. False if `old_id` is unknown.
  bool rekey(SaId old_id, SaId new_id);
  /// The records whose hold-down is over at `now` leave; gives their ids.
  std::vector<SaId> expire(TimePoint now);
  /// The next moment at which expire() has something to do.
  [[nodiscard]] std::optional<TimePoint> next_expiry() const;
  /// The records in hold-down.
  [[nodiscard]] std::vector<SaId> gone_ids() const;
  /// Ends the hold-down of one of them.
  void erase_gone(SaId id);
  void clear();

  /// Gives a record its place. `known`: the place its identity has already.
  void set_place(SaId id, std::optional<std::uint64_t> known);

 private:
  void set_live(SaRecord& record);

  Records records_;
  std::set<std::pair<TimePoint, SaId>> expiries_;  // of the records in hold-down
  std::uint64_t next_number_ = 1;
  std::uint64_t next_ghost_ = std::uint64_t{1} << 63;  // ids that no source gives
};

}  // namespace rri::core
