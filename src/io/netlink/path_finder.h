// io/netlink/path_finder.h -- how watched addresses are reached, without RRI's own
// routes (SPEC.md section 4).
//
// The underlay is asked, not mirrored. Each watched address is looked up in the
// kernel, which answers with the route that it would use. A foreign route or an
// `ip route` line of ours is the answer. Where an RRI route answers (a pin, or a
// proxy that covers its own peer), the table is dumped once, the routes that cover
// this address are remembered, notifications keep them current, and the best of
// them is the answer: longest prefix, then lowest metric, dead ones not counted.
//
// Asked again: all, when links or addresses change; those covered, when a
// route changes. Watched addresses are ordered, so that churn which covers none of
// them costs one search.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "core/events.h"
#include "io/netlink/dump.h"
#include "io/netlink/kernel.h"
#include "io/netlink/kernel_asker.h"
#include "io/netlink/link_table.h"
#include "io/netlink/own_routes.h"

namespace rri::netlink {

class PathFinder {
 public:
  struct Parts {
    const LinkTable& links;
    const OwnRoutes& own;
    KernelAsker& asker;
    const std::uint8_t& protocol;
    std::function<void(core::PathChanged)> deliver;
  };

  explicit PathFinder(Parts parts) : parts_(std::move(parts)) {}

  void watch(const core::PathQuery& query);
  void unwatch(const core::PathQuery& query);
  void set_underlay_statics(std::vector<KernelRoute> routes);
  /// Adopted routes with these keys are `ip route` lines.
  void set_static_keys(std::vector<KernelKey> keys);

  void set_frr_route(const Kernel::FrrRoute& route);

  /// Asks for everything again. `forget`: what is remembered may be wrong too
  /// (routes vanish silently with their device).
  void refresh_all(bool forget);
  /// An `ip route` line of ours changed, which no notification tells.
  void on_static_change(const Prefix& prefix);
  /// A route that is not ours, or that somebody else changed. `replaces`: it took
  /// the place of those with its prefix and metric.
  struct RouteChange {
    bool present = false;
    bool replaces = false;
  };
  void on_route(const RouteMessage& route, const RouteChange& change);

  /// Asks and delivers until `deadline`; false when nothing is left to ask.
  bool step(Deadline deadline);
  /// Whether step() or next_table() has something to do.
  [[nodiscard]] bool has_work() const;

  /// The dump that answers all who wait for remembered routes in one table.
  struct TableWanted {
    Family family{};
    std::uint32_t table = 0;

    friend auto operator<=>(const TableWanted&, const TableWanted&) = default;
  };
  /// A table to dump; each is given once until table_done().
  std::optional<TableWanted> next_table();
  void on_table_begin(const TableWanted& table);
  void on_table_route(const TableWanted& table, const RouteMessage& route);
  void on_table_done(const TableWanted& table);

  [[nodiscard]] std::size_t size() const { return watched_.size(); }

 private:
  struct Watched {
    std::optional<core::Path> answer;
    bool queued = false;
    bool remembers = false;  // candidates are kept current
    bool waits = false;      // for the dump of its table
    std::vector<RouteMessage> candidates;
  };
  using Map = std::map<core::PathQuery, Watched>;

  void enqueue(Map::value_type& item);
  template <class Visit>
  void for_covered(const Prefix& prefix, Visit visit);
  void resolve(Map::value_type& item);
  [[nodiscard]] std::optional<core::Path> refused(const core::PathQuery& query) const;
  /// Nothing when the routes that cover the address have to be known first.
  std::optional<core::Path> find(const core::PathQuery& query, Watched& watched);
  std::optional<core::Path> find_remembered(const core::PathQuery& query, Watched& watched);
  [[nodiscard]] core::Path path_of(const core::PathQuery& query, const RouteMessage& route) const;
  [[nodiscard]] core::Path best_of(const core::PathQuery& query, const Watched& watched) const;
  [[nodiscard]] core::Path no_route(const core::PathQuery& query) const;
  [[nodiscard]] bool counts(const core::PathQuery& query, const RouteMessage& route) const;
  [[nodiscard]] bool counts_of_frr(const core::PathQuery& query, const RouteMessage& route) const;
  static void forget(Watched& watched);

  Parts parts_;
  Map watched_;
  std::map<IpAddress, std::vector<core::PathQuery>> by_address_;
  std::deque<core::PathQuery> queue_;
  std::set<TableWanted> wanted_;   // not yet given out
  std::set<TableWanted> running_;  // given out
  std::vector<KernelRoute> underlay_statics_;
  std::set<KernelKey> static_keys_;
  std::map<std::pair<std::string, Prefix>, std::optional<RouteKind>> frr_routes_;  // ours, held by FRR
};

}  // namespace rri::netlink
