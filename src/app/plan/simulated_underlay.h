// app/plan/simulated_underlay.h -- how an address is reached, as the host of
// `rri plan` would answer.
//
// Longest prefix match over connected networks, foreign routes (`route add`) and
// our `ip route` lines; RRI's own routes do not count. Gateways that are not
// on-link are resolved through the same table, as IOS does it. Only devices
// that are up lead anywhere; a route that leads nowhere is passed over.
//
// Where nobody told of any route in a VRF and family, peers count as reachable
// out of the interface that carries the map (notice UNDERLAY-ASSUMED): see
// Assumption.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/plan/simulated_links.h"
#include "core/events.h"
#include "model/config.h"
#include "model/route.h"

namespace rri::plan {

/// One route that can answer a query, with its ways out in order.
struct UnderlayRoute {
  std::uint32_t metric = 0;
  KernelRouteType type = KernelRouteType::Unicast;
  std::vector<KernelNextHop> next_hops;  // without device: the gateway has to be resolved

  friend bool operator==(const UnderlayRoute&, const UnderlayRoute&) = default;
};

/// VRFs and families of which CONFIG or EVENTS tell a route.
using ToldTables = std::set<std::pair<std::string, Family>>;

/// Which interface a peer counts as reachable by where no route is told.
class Assumption {
 public:
  void set_told(ToldTables told) { told_ = std::move(told); }
  void set_config(const Config& config);
  /// An SA with this peer was said to belong to this map. Gives whether that is new.
  bool add_peer(const IpAddress& peer, const std::string& map);

  [[nodiscard]] bool holds(const std::string& vrf, Family family) const {
    return !told_.contains({vrf, family});
  }
  /// The device out of which `address` counts as reachable; "" when none.
  [[nodiscard]] std::string find_device(const SimulatedLinks& links, const std::string& vrf,
                                        const IpAddress& address) const;

 private:
  struct Carrier {
    std::string vrf;
    std::string device;
    std::set<std::string> maps;
    std::set<IpAddress> peers;  // that entries of these maps name
  };

  void read_entry(const CryptoEntry& entry, Carrier& carrier);

  ToldTables told_;
  std::vector<Carrier> carriers_;  // interfaces with crypto maps, by IOS name
  std::set<IpAddress> gateways_;   // that must be on-link: never assumed
  std::map<IpAddress, std::set<std::string>> maps_of_peers_;
};

class SimulatedUnderlay {
 public:
  explicit SimulatedUnderlay(const SimulatedLinks& links) : links_(links) {}

  Assumption& assumption() { return assumption_; }
  [[nodiscard]] const Assumption& assumption() const { return assumption_; }

  /// Forgets all routes but the connected networks, which come from the links.
  void reset();
  void add(const std::string& vrf, const Prefix& prefix, UnderlayRoute route);
  /// Call once after the last add(): orders routes of one prefix by metric.
  void finish();

  /// An `ip route` line to `prefix` by way of `gateway`: routes of that prefix
  /// never lead to the gateway, or the line could keep itself alive.
  void add_line(const std::string& vrf, const Prefix& prefix, const IpAddress& gateway) {
    own_prefixes_[{vrf, gateway}].push_back(prefix);
  }

  /// The answer; `assumed` tells that no route was behind it.
  struct Answer {
    core::Path path;
    bool assumed = false;
  };
  [[nodiscard]] Answer answer(const core::PathQuery& query) const;
  /// How the gateway of a route to `prefix` is reached; that route itself and
  /// others of its prefix do not count, and nothing is assumed.
  [[nodiscard]] core::Path resolve_gateway(const std::string& vrf, const Prefix& prefix,
                                           const IpAddress& gateway) const;
  /// Whether `address` is in a connected network of `device`.
  [[nodiscard]] bool is_on_link(const std::string& device, const IpAddress& address) const;

 private:
  struct Table {
    std::map<Prefix, std::vector<UnderlayRoute>> routes;
    std::map<Family, std::set<int, std::greater<>>> lengths;
  };
  struct Lookup {
    core::PathQuery query;
    int budget = 0;  // lookups that are left
    std::vector<Prefix>
        following;  // routes whose gateways are being resolved: they cannot lead to themselves
  };

  [[nodiscard]] core::Path look_up(Lookup& lookup, const IpAddress& address) const;
  [[nodiscard]] std::optional<core::Path> follow(Lookup& lookup, const IpAddress& address,
                                                 const UnderlayRoute& route) const;
  [[nodiscard]] std::optional<core::Path> follow_hop(Lookup& lookup, const IpAddress& address,
                                                     const KernelNextHop& hop) const;

  const SimulatedLinks& links_;
  Assumption assumption_;
  std::map<std::string, Table> tables_;  // by VRF
  std::map<std::pair<std::string, IpAddress>, std::vector<Prefix>> own_prefixes_;
};

}  // namespace rri::plan
