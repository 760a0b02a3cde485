// core/rows.h -- from the tables to the rows that readers see.
//
// A row is one claim: what it wants, what became of it, and who its owners are.
// Counting goes by the same rules and makes no text where all is well.
// RowMaker only reads; it is made anew for each look and kept by nobody.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/delta_table.h"
#include "core/planner.h"
#include "core/snapshot.h"
#include "core/state.h"

namespace rri::core {

class RowMaker {
 public:
  using Foreign = std::map<RouteKey, ForeignRoutes>;

  explicit RowMaker(const Controller::State& state)
      : sink_trouble_(state.sink_trouble), world_(state.world), planner_(state.planner), table_(state.table), foreign_(state.foreign) {}

  /// The rows of one key, by state, sequence, next hop.
  void add_rows(const RouteKey& key, const KeyPlan& plan, std::vector<RouteRow>& rows) const;
  [[nodiscard]] RouteRow make_row(const RouteKey& key, const KeyPlan& plan, const Claim& claim) const;
  /// Where an SA belongs.
  [[nodiscard]] SaPlace place_of(SaId id) const;
  /// Counts the claims of one key.
  void count(const RouteKey& key, const KeyPlan& plan, Tally& tally) const;
  void count(const SaRecord& record, Tally& tally) const;
  /// How far the claim has come; costs no text.
  [[nodiscard]] RouteState state_of(const RouteKey& key, const KeyPlan& plan, const Claim& claim) const;

  /// The VRFs of the plan: default first, then by name.
  [[nodiscard]] std::vector<VrfId> sorted_vrfs() const;
  /// Their names, or only the one that is asked for.
  [[nodiscard]] std::vector<std::string> vrf_names(const std::optional<std::string>& only) const;

 private:
  [[nodiscard]] RouteState winner_state(const RouteKey& key, const Claim& claim) const;
  [[nodiscard]] std::string reason_of(RouteState state, const RouteKey& key, const KeyPlan& plan, const Claim& claim) const;
  [[nodiscard]] std::string shadow(const RouteKey& key, const Claim& claim) const;
  [[nodiscard]] std::vector<std::string> owners(const Claim& claim) const;

  const std::string& sink_trouble_;  // why nothing can be written; "" when all is well
  const World& world_;
  const Planner& planner_;
  const DeltaTable& table_;
  const Foreign& foreign_;
};

}  // namespace rri::core
