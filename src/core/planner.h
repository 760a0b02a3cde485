// core/planner.h -- from configuration, SAs, redundancy and underlay to the
// routes we want.
//
// The planner is a pure function with a memory. plan_from_scratch() is the
// specification; Planner gives the same answer while touching only the keys an
// event can change, and the tests compare the two.
//
// Claims that share entry, driver and peer form a Group: they share the next
// hop, the pin and the limit. Groups of one peer form a Unit: they share the
// pin R/32. So an event goes SA -> group -> unit -> key, and at each key
// sort_by_preference() picks the winner; losers stay, and take over at once.
//
// The guard ties claims together only where a prefix covers a peer. Where an
// event touches such a pair the planner rebuilds everything instead of being
// clever (needs_rebuild); so it does for a new configuration and for the rare
// changes of host and redundancy.
//
// Does not know: whether a route is installed, or what time it is.
#pragma once

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/claim.h"
#include "core/entry.h"
#include "core/guard.h"
#include "core/match.h"
#include "core/next_hop.h"
#include "core/ref_set.h"
#include "core/sa_table.h"
#include "core/way_out.h"
#include "model/notice.h"

namespace rri::core {

/// Everything that we were told.
struct World {
  std::shared_ptr<const Config> config = std::make_shared<const Config>();
  Host host;
  SaTable sas;
  std::map<std::string, bool> groups;  // redundancy groups: active here?
  absl::flat_hash_map<PathQuery, Path> paths;
  std::map<std::string, IpAddress> hosts;  // `set peer HOST`, resolved
};

/// The claims for one key, and what follows from them.
struct KeyPlan {
  std::vector<Claim*> claims;  // best first
  Claim* winner = nullptr;     // the best that can be installed
  std::optional<KernelRoute> desired;
  bool undecided = false;      // the underlay has not answered for a better claim: change nothing
  std::vector<Notice> notices;
};

/// What the last settle() changed.
struct PlanChanges {
  std::vector<RouteKey> keys;  // ascending; their plan may be the same as before
  RefSet<PathQuery>::Diff paths;
  RefSet<std::string>::Diff hosts;
  RefSet<Notice>::Diff notices;
  RefSet<WayOut>::Diff ways;
  bool exits_lost = false;  // claims may have lost their way out, or all was rebuilt

  /// Adds what a further settle() changed in the same step.
  void merge(PlanChanges later);
};

/// Where one SA ended up.
struct Assignment {
  std::optional<std::size_t> entry;
  std::string reason;  // when there is none
};

class Planner {
 public:
  using Keys = absl::flat_hash_map<RouteKey, KeyPlan>;
  using Prefixes = absl::btree_set<Prefix>;

  /// `world` is owned by the caller; the planner gives SAs their places in it.
  explicit Planner(World& world);
  ~Planner();

  // What changed in the world; nothing happens before settle().
  void touch_sa(SaId id) { touched_.insert(id); }
  void touch_path(const PathQuery& query);
  void touch_all() { needs_rebuild_ = true; }

  /// Brings the plan up to date.
  PlanChanges settle();

  /// SAs for which this holds come first when places are given (after a restart
  /// the installed route names the incumbent).
  void set_incumbency(std::function<bool(const SaRecord&)> is_incumbent) { is_incumbent_ = std::move(is_incumbent); }

  [[nodiscard]] const KeyPlan* find(const RouteKey& key) const;
  [[nodiscard]] const Keys& keys() const { return keys_; }
  /// The prefixes of keys() in one VRF, ascending; null when there is none.
  [[nodiscard]] const Prefixes* prefixes(VrfId vrf) const;
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] const std::string& vrf_name(VrfId id) const { return vrf_names_[id]; }
  VrfId vrf_id(const std::string& name);
  [[nodiscard]] VrfId vrf_count() const { return static_cast<VrfId>(vrf_names_.size()); }
  /// Whether the SA has a claim that can be in the table: its loss has a hold-down.
  [[nodiscard]] bool may_hold(SaId id) const;
  [[nodiscard]] const Assignment* find_assignment(SaId id) const;
  [[nodiscard]] std::vector<Notice> notices() const;
  /// `ip route` lines that are not in the table only because an RRI route is.
  [[nodiscard]] std::vector<KernelRoute> hidden_statics() const;
  /// The prefixes of each group that rule 6 let through: what a rebuild respects.
  using Incumbents = std::map<std::string, std::set<Prefix>>;
  [[nodiscard]] Incumbents incumbents() const;
  void set_incumbents(Incumbents incumbents) { incumbents_ = std::move(incumbents); }
  /// The whole plan as lines of text, sorted: equal plans give equal lines.
  [[nodiscard]] std::vector<std::string> describe() const;

 private:
  struct GroupKey {
    std::size_t entry = 0;
    Driver driver{};
    std::optional<IpAddress> peer;

    friend auto operator<=>(const GroupKey&, const GroupKey&) = default;
  };
  struct Group {
    GroupKey key;
    const Entry* entry = nullptr;
    std::map<Prefix, Claim> claims;
    bool over_limit = false;  // some claims are refused by rule 6
    bool wants_pin = false;
    Exit exit;
  };
  using UnitKey = std::pair<VrfId, IpAddress>;  // front-door VRF, peer
  struct Unit {
    std::vector<const Entry*> configured;  // entries that name this peer
    std::set<GroupKey> groups;
    std::vector<std::unique_ptr<Claim>> pins;
    std::vector<PathQuery> queries;
    std::vector<Notice> notices;
    std::vector<WayOut> ways;  // other devices than their interface's that groups leave by
  };
  struct AssignedSa {
    Assignment assignment;
    std::optional<GroupKey> group;
    std::vector<Prefix> prefixes;
    std::vector<Notice> notices;
    UnitKey peer;           // as registered for rule 2
    std::string identity;   // key into places_, with the entry
  };
  struct Place {
    std::uint64_t number = 0;
    int users = 0;
  };

  // planner.cc: the order of things.
  void rebuild();
  void forget_everything();
  void apply_touched();
  void settle_groups();
  PlanChanges take_changes();

  // planner_owners.cc: SAs and access lists to claims.
  void assign(SaId id);
  void unassign(SaId id);
  void give_place(const SaRecord& record, AssignedSa& assigned);
  void drop_place(const AssignedSa& assigned);
  void note_assignment(const SaRecord& record, AssignedSa& assigned);
  void add_access_list_groups();
  void add_access_list_claims(Group& group);
  void add_static_routes();
  void register_configured_peers();
  [[nodiscard]] bool may_inject(const Entry& entry) const;
  [[nodiscard]] std::optional<IpAddress> address_of(const PeerAddress& peer) const;
  Group& group_at(const GroupKey& key);
  Claim& claim_at(Group& group, const Prefix& prefix);
  void erase_claim(Group& group, const Prefix& prefix);
  void refresh_claim(Group& group, const Prefix& prefix);
  void take_owner_data(Claim& claim);

  // planner_guard.cc: what ties claims together.
  void judge(Claim& claim);
  void judge_everything();
  [[nodiscard]] bool judge_other_peers();
  void apply_limit(Group& group);
  void update_wish_for_pin(Group& group);
  [[nodiscard]] bool is_pinned(const UnitKey& unit) const;
  void register_peer(const UnitKey& peer, bool present);
  void set_pinned(const UnitKey& unit, bool pinned);
  [[nodiscard]] bool is_covered(const UnitKey& peer) const;

  // planner_units.cc: pins and exits.
  void settle_units();
  void settle_unit(const UnitKey& key, Unit& unit);
  void update_queries(const UnitKey& key, Unit& unit);
  void update_pins(const UnitKey& key, Unit& unit);
  void add_pin(const UnitKey& key, Unit& unit, const Group& group);
  void update_exits(const UnitKey& key, Unit& unit);
  void set_group_exit(Group& group, const Exit& exit);
  void set_claim_exit(Claim& claim, const Exit& shared);
  void note_unit(const UnitKey& key, Unit& unit);
  void note_ways(Unit& unit);
  void update_statics();
  void update_statics_of(const PathQuery& query);
  void update_static(Claim& claim, bool tells);
  [[nodiscard]] Paths path_lookup() const;

  // planner_keys.cc: competition at one key.
  void settle_keys();
  void settle_key(const RouteKey& key);
  void add_to_key(Claim& claim);
  void remove_from_key(const Claim& claim);
  [[nodiscard]] KernelRoute make_route(const KeyPlan& plan) const;
  [[nodiscard]] std::optional<IpAddress> source_address(const Claim& claim) const;
  [[nodiscard]] bool is_own_source(const Claim& claim, const IpAddress& address) const;
  [[nodiscard]] std::vector<Notice> key_notices(const RouteKey& key, const KeyPlan& plan) const;
  const LocalNetworks& networks_of(VrfId vrf) const;

  [[nodiscard]] static std::string name_of(const Group& group);

  World& world_;
  std::shared_ptr<const Config> config_;  // what entries_ point into
  std::function<bool(const SaRecord&)> is_incumbent_;

  std::vector<std::string> vrf_names_;
  std::vector<Entry> entries_;
  std::map<GroupKey, Group> groups_;
  std::map<UnitKey, Unit> units_;
  std::vector<std::unique_ptr<Claim>> statics_;
  std::map<SaId, AssignedSa> assigned_;
  std::map<std::pair<std::size_t, std::string>, Place> places_;
  std::map<VrfId, PeerRegistry> peers_;
  mutable std::map<VrfId, LocalNetworks> networks_;  // made on demand, dropped by rebuild()
  Incumbents incumbents_;  // for the next rebuild()
  Keys keys_;
  std::map<VrfId, Prefixes> order_;  // of keys_, so that readers can go on from where they were
  std::map<VrfId, std::map<int, std::size_t>> lengths_;  // prefix lengths in use, for is_covered()

  std::map<PathQuery, std::vector<Claim*>> query_statics_;
  std::map<PathQuery, std::set<UnitKey>> query_units_;  // whom an answer concerns
  RefSet<PathQuery> wanted_paths_;
  RefSet<std::string> wanted_hosts_;
  RefSet<Notice> board_;
  RefSet<WayOut> ways_;
  std::set<PathQuery> match_queries_;  // their answers decided a match

  bool exits_lost_ = false;
  std::set<SaId> touched_;
  bool needs_rebuild_ = true;
  std::set<std::pair<GroupKey, Prefix>> dirty_claims_;
  std::set<GroupKey> dirty_groups_;
  std::set<UnitKey> dirty_units_;
  std::set<RouteKey> hiding_keys_;  // won by RRI over an `ip route` line that would do
  std::set<RouteKey> dirty_keys_;
  std::set<RouteKey> changed_keys_;
};

/// The specification of Planner: the plan of `world` made in one go, as
/// describe() gives it. `memory` is whose incumbents count for rule 6.
std::vector<std::string> plan_from_scratch(const World& world, const Planner& memory);

}  // namespace rri::core
