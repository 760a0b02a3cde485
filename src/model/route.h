// model/route.h -- routes: as wished, as written into the kernel, as shown.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/prefix.h"

namespace rri {

/// The name of the global table wherever a VRF is named.
inline constexpr std::string_view kDefaultVrf = "default";

/// What a route is for: a remote proxy, a pinned peer (R/32), an `ip route` line.
enum class RouteKind : std::uint8_t { Proxy, Peer, Static };

/// What keeps a route alive: an SA, a crypto ACL (`static`), the configuration.
enum class Driver : std::uint8_t { Sa, Acl, Config };

/// How far a route has come; the order is the sorting order of SPEC.md section 8.
enum class RouteState : std::uint8_t {
  Active,
  Standby,
  Held,      // installed winner whose SAs are gone: hold-down runs
  Pending,   // its next hop cannot be reached now
  Shadowed,  // installed, but a foreign route of lower metric hides it
  Occupied,  // a foreign route has its key
  Failed,    // the kernel refused it
  Refused,   // the guard refused it
};

constexpr std::string_view to_string(RouteKind kind) {
  constexpr std::string_view kNames[] = {"proxy", "peer", "static"};
  return kNames[static_cast<std::size_t>(kind)];
}
constexpr std::string_view to_string(Driver driver) {
  constexpr std::string_view kNames[] = {"sa", "acl", "config"};
  return kNames[static_cast<std::size_t>(driver)];
}
constexpr std::string_view to_string(RouteState state) {
  constexpr std::string_view kNames[] = {"active",   "standby",  "held",   "pending",
                                         "shadowed", "occupied", "failed", "refused"};
  return kNames[static_cast<std::size_t>(state)];
}

/// One way out of the kernel: `via gateway dev device [onlink]`. Devices go by
/// name; the index is looked up at the last moment, because it may change.
struct KernelNextHop {
  std::optional<IpAddress> gateway;
  std::string device;
  bool onlink = false;

  friend auto operator<=>(const KernelNextHop&, const KernelNextHop&) = default;
};

enum class KernelRouteType : std::uint8_t { Unicast, Blackhole };

/// What tells two routes of ours apart in the kernel.
struct KernelKey {
  std::string vrf;  // kDefaultVrf, or the name of a VRF device
  Prefix prefix;
  std::uint32_t metric = 0;  // RTA_PRIORITY: distance << 24

  friend auto operator<=>(const KernelKey&, const KernelKey&) = default;

  template <class H>
  friend H AbslHashValue(H state, const KernelKey& key) {
    return H::combine(std::move(state), key.vrf, key.prefix, key.metric);
  }
};

/// A route exactly as the kernel holds it. Two that are equal need no operation.
struct KernelRoute {
  KernelKey key;
  KernelRouteType type = KernelRouteType::Unicast;
  std::vector<KernelNextHop> next_hops;  // one; several for a multipath `ip route`; none for a blackhole
  std::optional<IpAddress> source;       // RTA_PREFSRC
  std::uint32_t realm = 0;               // RTA_FLOW; with `route frr` the static route's tag. 0: none

  friend bool operator==(const KernelRoute&, const KernelRoute&) = default;
};

/// RTA_PRIORITY of an administrative distance: FRR reads the top byte as the
/// distance (zebra/rt_netlink.c), so that `redistribute kernel` sees it.
constexpr std::uint32_t metric_of_distance(std::uint8_t distance) {
  return static_cast<std::uint32_t>(distance) << 24;
}

/// One line of `show crypto route` and of `rri plan`: one candidate for one
/// (VRF, prefix), with all of its owners (SPEC.md 3.4 and section 8).
struct RouteRow {
  std::string vrf;
  Prefix prefix;
  std::optional<IpAddress> next_hop;  // logical; none for an interface route
  std::optional<IpAddress> gateway;   // of the kernel route, when it is another one
  std::string device;                 // Linux device, or the IOS name where none is named
  std::string interface;              // IOS name of the interface that carries the map, or that the `ip route` line names
  std::uint8_t distance = 1;
  std::uint32_t tag = 0;
  RouteKind kind{};
  RouteState state{};
  Driver driver{};
  std::string map;
  std::uint32_t sequence = 0;
  std::string dynamic_map;               // template, "" for a static entry
  std::uint32_t template_sequence = 0;
  std::optional<IpAddress> peer;
  std::string reason;                    // why it is not simply active
  std::vector<std::string> owners;       // "SA 7 (identity alice)", "access-list 102 line 10"

  friend bool operator==(const RouteRow&, const RouteRow&) = default;
};

}  // namespace rri
