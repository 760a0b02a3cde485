// app/plan/simulated_kernel.h -- the host that `rri plan` runs on: devices,
// routes, path answers. Pure; no kernel is touched.
//
// It keeps the rules of the real one where the controller can notice them: a
// taken key refuses an add, a route needs a device that is up and a gateway that
// is on its link, and routes vanish when their device goes down (IPv4 without a
// message, IPv6 with one) and do not come back by themselves.
//
// Every change of our routes, whoever made it, is written into a journal.
// take_operations() gives the net effect since the last call: what a step did to
// the table.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/plan/simulated_links.h"
#include "app/plan/simulated_underlay.h"
#include "core/effects.h"
#include "core/events.h"
#include "model/config.h"

namespace rri::plan {

/// What a step did to the route of one VRF and prefix.
struct Operation {
  core::RouteOp::Kind kind{};
  RouteKind purpose{};
  std::string vrf;
  Prefix prefix;

  friend bool operator==(const Operation&, const Operation&) = default;
};

/// The order in which a step's operations are told (SPEC.md section 8): adds and
/// changes (statics, pins, proxies), then deletes (proxies, pins, statics), each
/// group by VRF, family, address and length.
bool tells_before(const Operation& a, const Operation& b);

/// Whether VRF `a` is told before VRF `b`: the global one first, then bytewise.
bool vrf_before(const std::string& a, const std::string& b);

class SimulatedKernel {
 public:
  SimulatedKernel() : underlay_(links_) {}
  SimulatedKernel(const SimulatedKernel&) = delete;
  SimulatedKernel& operator=(const SimulatedKernel&) = delete;

  /// VRFs and families of which CONFIG or EVENTS tell a route; before anything else.
  void set_told_tables(ToldTables told) { underlay_.assumption().set_told(std::move(told)); }

  // What happens to the host. Each gives the events that the controller gets.
  std::vector<core::Event> set_config(const Config& config);
  std::vector<core::Event> set_link(const std::string& device, bool up);
  /// An SA is up that may bring a tunnel device or tell where its peer is.
  std::vector<core::Event> see_sa(const Sa& sa);
  /// A foreign route of metric 0; another one of its prefix is replaced.
  std::vector<core::Event> add_route(const std::string& vrf, const Prefix& prefix, const KernelNextHop& hop);
  /// How the gateway of a foreign route to `prefix` is reached, or will be once links are up.
  [[nodiscard]] core::Path find_path(const std::string& vrf, const Prefix& prefix, const IpAddress& gateway);
  std::vector<core::Event> remove_route(const std::string& vrf, const Prefix& prefix);
  /// The foreign route that was told for this prefix, whether or not it leads anywhere.
  [[nodiscard]] const KernelNextHop* find_route(const std::string& vrf, const Prefix& prefix) const;

  // What the controller asks for.
  core::BatchDone apply(const core::RouteBatch& batch);
  void watch(const core::PathQuery& query) { fresh_.insert(query); }
  void unwatch(const core::PathQuery& query);
  /// As if all were unwatched: the one who asked is gone.
  void forget_watches();
  void set_underlay_statics(std::vector<KernelRoute> statics);
  /// Routes of ours, of one device unless it is "".
  [[nodiscard]] core::RouteDump dump(const std::string& device) const;
  /// Every foreign route that is there, as an event.
  [[nodiscard]] std::vector<core::Event> foreign_routes() const;
  /// Answers that are new or other than before.
  std::vector<core::Event> take_path_changes();

  /// Whether a foreign route of this prefix leads somewhere now.
  [[nodiscard]] bool is_shadowed(const std::string& vrf, const Prefix& prefix) const {
    return visible_.contains({vrf, prefix});
  }
  [[nodiscard]] const SimulatedLinks& links() const { return links_; }
  /// VRFs and families where an answer was assumed since the last call.
  ToldTables take_assumed() { return std::exchange(assumed_, {}); }
  std::vector<Operation> take_operations();
  /// Operations that were asked for and changed nothing, since the last call: for the tests.
  std::vector<core::RouteOp> take_idle_operations() { return std::exchange(idle_, {}); }

 private:
  using TableKey = std::pair<std::string, Prefix>;
  struct Installed {
    KernelRoute route;
    RouteKind purpose{};

    friend bool operator==(const Installed&, const Installed&) = default;
  };
  using Slot = std::vector<Installed>;  // our routes of one VRF and prefix, ascending metric

  std::vector<core::Event> after_links_changed(bool with_list);
  std::vector<core::Event> remove_dead_routes();
  [[nodiscard]] bool is_dead(const KernelRoute& route) const;
  std::vector<core::Event> foreign_changes();
  void rebuild_underlay();
  void read_static_lines(const Config& config);
  [[nodiscard]] UnderlayRoute as_written(const KernelRoute& route) const;
  Slot& touch(const TableKey& key);
  void mark_underlay_stale(RouteKind purpose);

  std::optional<core::OpFailure> carry_out(std::size_t index, const core::RouteOp& operation);
  core::OpOutcome add(const core::RouteOp& operation, std::string& text);
  core::OpOutcome change(const core::RouteOp& operation, std::string& text);
  void remove(const core::RouteOp& operation);
  [[nodiscard]] std::string find_fault(const KernelRoute& route) const;
  [[nodiscard]] bool is_valid_gateway(const KernelNextHop& hop, const KernelKey& key) const;

  SimulatedLinks links_;
  SimulatedUnderlay underlay_;
  std::map<KernelKey, std::vector<KernelNextHop>> lines_;  // `ip route` lines: next hops as written
  std::map<TableKey, KernelNextHop> foreign_;              // as told
  std::map<TableKey, KernelNextHop> visible_;              // those that lead somewhere, resolved
  std::vector<KernelRoute> underlay_statics_;
  std::map<TableKey, Slot> table_;
  std::map<TableKey, Slot> journal_;  // slots as they were before the first change
  std::set<core::PathQuery> fresh_;   // watched, not answered yet
  std::map<core::PathQuery, core::Path> answers_;
  ToldTables assumed_;
  std::vector<core::RouteOp> idle_;
  bool underlay_stale_ = true;  // routes or links changed since rebuild_underlay()
  bool answers_stale_ = false;  // an answer that was given may be wrong now
};

}  // namespace rri::plan
