// core/events.h -- everything the controller can be told.
//
// Events say what is so now, never what to do. A source that may have missed
// something tells everything again (SaList, RouteDump, LinkList): full lists
// replace what was known. Each event is one step of the deterministic state
// machine Controller::handle(Event, TimePoint) -> Effects.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/config.h"
#include "model/link.h"
#include "model/notice.h"
#include "model/route.h"
#include "model/sa.h"

namespace rri::core {

/// A configuration was committed. It replaces the one before.
struct ConfigCommitted {
  std::shared_ptr<const Config> config;
};

// ---- SAs ---------------------------------------------------------------

/// An SA is up, or an SA that is known was read again: replaces what was known.
struct SaUp {
  Sa sa;
};
/// An SA is gone. Its hold-down starts.
struct SaDown {
  SaId id;
};
/// `new_id` takes all data and the place of `old_id`, which is gone. The data of
/// the new one may follow as SaUp.
struct SaRekeyed {
  SaId old_id;
  SaId new_id;
};
/// The full list of live SAs; those not in it are down.
struct SaList {
  std::vector<Sa> sas;
};
/// The connection to the source of SAs is lost: grace starts. It ends with the
/// next SaList.
struct SourceLost {};

// ---- redundancy --------------------------------------------------------

struct GroupChanged {
  std::string group;
  bool active = false;
};

// ---- the host ----------------------------------------------------------

/// A device appeared or changed (name, state, VRF, addresses).
struct LinkChanged {
  Link link;
};
struct LinkGone {
  std::uint32_t index = 0;
};
/// The full list of devices with their addresses.
struct LinkList {
  std::vector<Link> links;
};

/// What is asked of the underlay: how is `address` reached from `vrf`, without
/// RRI's own routes? With `device`, only ways out of that device count.
struct PathQuery {
  std::string vrf;
  IpAddress address;
  std::string device;  // "" when any
  /// For the next hop of an `ip route` line: our own routes of the line's prefix
  /// do not count, so that no line holds itself up.
  std::optional<Prefix> besides;

  friend auto operator<=>(const PathQuery&, const PathQuery&) = default;

  template <class H>
  friend H AbslHashValue(H state, const PathQuery& query) {
    // All of it: thousands of `ip route` lines through one next hop differ in `besides` alone.
    return H::combine(std::move(state), query.vrf, query.address, query.device, query.besides.has_value(),
                      query.besides.value_or(Prefix()));
  }
};

/// The answer: a device and, unless the address is on-link, a gateway; or the
/// reason why there is none.
struct Path {
  std::string device;  // "" when unreachable
  std::optional<IpAddress> gateway;
  std::string reason;  // when unreachable

  [[nodiscard]] bool is_reachable() const { return !device.empty(); }
  friend bool operator==(const Path&, const Path&) = default;
};

/// The answer to a watched query, first and then whenever it changes.
struct PathChanged {
  PathQuery query;
  Path path;
};

// ---- routes ------------------------------------------------------------

/// The routes of ours that the kernel holds: all of them, or (device set) those
/// that leave by one device. What is not listed is not there.
struct RouteDump {
  std::vector<KernelRoute> routes;
  std::string device;  // "" for all
};

/// Somebody else touched a route: of ours (`ours`), or one of theirs with a
/// prefix that the controller may care about. Our own changes are not reported.
struct RouteNotice {
  KernelRoute route;
  bool present = false;  // false: it was removed
  bool ours = false;
  std::uint8_t protocol = 0;
};

enum class OpOutcome : std::uint8_t {
  Done,      // also: deleting what is absent
  Occupied,  // add: the key is taken by a route that is not ours
  Missing,   // change: there is nothing of ours to change
  Failed,    // anything else, with the words of the kernel or of FRR
  NotDone,   // the table went out of reach: nothing is known of it, and a RouteDump will tell
};

struct OpFailure {
  std::size_t index = 0;  // into the batch
  OpOutcome outcome{};
  std::string text;       // "network is unreachable (Nexthop has invalid gateway)"
};

/// A batch was carried out; operations that are not listed were done.
struct BatchDone {
  std::uint64_t batch = 0;
  std::vector<OpFailure> failures;  // ascending index
};

/// The table that takes our routes came into reach, or went out of it. While it is
/// away nothing is asked of it.
struct SinkChanged {
  std::string trouble;          // why it cannot be reached, "" when it can
  std::vector<Notice> notices;  // what it has to say; replaces what it said before
};

/// Time has passed. Due timers fire.
struct Tick {};

/// A host name of `set peer HOST` was resolved (or, without address, was not).
struct HostResolved {
  std::string host;
  std::optional<IpAddress> address;
};

/// `clear crypto route`: withdraw and derive again; none: all of them.
struct ClearRoutes {
  std::optional<Prefix> prefix;
};

using Event = std::variant<ConfigCommitted, SaUp, SaDown, SaRekeyed, SaList, SourceLost, GroupChanged,
                           LinkChanged, LinkGone, LinkList, PathChanged, RouteDump, RouteNotice,
                           BatchDone, SinkChanged, Tick, HostResolved, ClearRoutes>;

}  // namespace rri::core
