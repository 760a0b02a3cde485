// io/frr/static_table.h -- FRR's static routes as we know them, and what to type. Pure.
//
// The table is what was read back, plus what transactions of ours changed since. A
// path is ours when the ledger has its VRF, prefix and next hop: FRR tells its
// static routes apart by these alone, so nobody can have the same one next to us.
//
// Someone else's route is never changed. One of the same prefix blocks ours
// (`occupied`) where FRR would make one route of the two: at the same distance (a
// multipath route with one tag) or with the same next hop (the line would be moved).
// At another distance both stand, and FRR chooses.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "core/effects.h"
#include "core/events.h"
#include "io/frr/static_path.h"

namespace rri::frr {

class StaticTable {
 public:
  /// The VRF that a device is in.
  using VrfOfDevice = std::function<std::string(const std::string&)>;

  explicit StaticTable(VrfOfDevice vrf_of_device) : vrf_of_device_(std::move(vrf_of_device)) {}

  // ---- reading back

  /// Between the two, put() is called for every path of FRR's configuration.
  void begin_reading();
  void put(StaticPath path);
  /// Takes over what was read. Gives the routes of others whose prefix is also one of
  /// ours, or was, as they appeared and went.
  std::vector<core::RouteNotice> end_reading();

  // ---- what is ours

  /// Identities of ours that the ledger remembers; they may be gone from FRR.
  void adopt(std::string identity) { identities_.insert(std::move(identity)); }
  [[nodiscard]] const std::set<std::string>& identities() const { return identities_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool has_ours(const PathKey& key) const;
  /// Forgets identities that FRR does not have.
  void forget_absent();
  /// Routes of ours; of one device when it is named.
  [[nodiscard]] std::vector<KernelRoute> routes(const std::string& device) const;

  // ---- changing

  /// What one operation asks FRR for.
  struct Plan {
    core::OpOutcome outcome = core::OpOutcome::Done;  // Occupied: no lines, and why in `text`
    std::string text;
    std::vector<std::string> lines;    // empty when FRR is right already
    std::vector<std::string> gained;   // identities, for the ledger
    std::vector<std::string> lost;
  };
  Plan plan(const core::RouteOp& operation);
  /// The lines of the plan were carried out.
  void apply(const core::RouteOp& operation);

 private:
  struct Entry {
    StaticPath path;
    bool ours = false;
  };
  using Entries = std::vector<Entry>;

  [[nodiscard]] bool is_ours(const StaticPath& path) const;
  [[nodiscard]] std::vector<StaticPath> wanted(const KernelRoute& route) const;
  [[nodiscard]] const Entry* find_obstacle(const PathKey& key, const std::vector<StaticPath>& wanted) const;
  void count();

  VrfOfDevice vrf_of_device_;
  absl::flat_hash_map<PathKey, Entries> paths_;
  absl::flat_hash_map<PathKey, Entries> reading_;
  std::size_t read_count_ = 0;
  std::set<std::string> identities_;
  std::size_t size_ = 0;  // paths of ours
};

}  // namespace rri::frr
