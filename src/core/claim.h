// core/claim.h -- one wish for one route, and which of several gets it.
//
// A claim is one row of `show crypto route`: one VRF, prefix, kind, driver, map
// entry, interface and peer. The SAs or access list lines behind it are its
// owners. Claims for one key compete; prefer() is their total order. Losers
// stay, and take over when the winner leaves.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/entry.h"
#include "core/events.h"
#include "model/route.h"
#include "model/sa.h"

namespace rri::core {

/// Index of a VRF name in the planner's list; 0 is the global table.
using VrfId = std::uint16_t;

struct RouteKey {
  VrfId vrf = 0;
  Prefix prefix;

  friend auto operator<=>(const RouteKey&, const RouteKey&) = default;

  template <class H>
  friend H AbslHashValue(H state, const RouteKey& key) {
    return H::combine(std::move(state), key.vrf, key.prefix);
  }
};

/// Why the guard said no: the rule's number in SPEC.md section 6, and words.
struct Refusal {
  int rule = 0;
  std::string text;

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// The way out that a claim would take.
struct Exit {
  enum class State : std::uint8_t {
    Unknown,  // the underlay has not answered yet: nothing may be withdrawn for it
    Pending,  // not reachable now
    Ready,
  };
  State state = State::Unknown;
  std::string reason;                   // when Pending
  std::optional<IpAddress> next_hop;    // logical, as shown
  KernelNextHop hop;                    // when Ready
  KernelRouteType type = KernelRouteType::Unicast;

  friend bool operator==(const Exit&, const Exit&) = default;
};

struct Claim {
  RouteKey key;
  RouteKind kind = RouteKind::Proxy;
  Driver driver = Driver::Sa;
  std::uint8_t distance = 1;
  std::uint32_t tag = 0;
  const Entry* entry = nullptr;        // none for an `ip route` line
  std::optional<IpAddress> peer;
  bool live = true;                    // false: all of its SAs are in hold-down

  // Owners.
  std::vector<SaId> sas;                   // ascending
  std::vector<const AclLine*> lines;       // in list order
  std::vector<const Entry*> pin_users;     // a pin: the entries that need it, best first
  const StaticRoute* line = nullptr;       // an `ip route` line

  // Of the best live SA among the owners (SPEC.md 3.3).
  std::uint64_t place = 0;
  std::uint64_t lineage = 0;
  std::uint32_t if_id = 0;
  std::uint32_t mark = 0;
  std::string identity;

  bool lifted = false;                 // too short, and let through by the accept list
  std::optional<Refusal> alone;        // what the guard says without looking at other peers
  std::optional<Refusal> refusal;      // what it says in all
  bool within_limit = false;           // rule 6 let it through: it is an incumbent
  Exit exit;

  /// Whether it may be installed at all.
  [[nodiscard]] bool competes() const {
    return !refusal && exit.state == Exit::State::Ready && distance < 255;
  }
};

/// Orders two claims for one key; the lesser gets the route.
///
/// The first rule that tells them apart decides (SPEC.md 3.4):
///   1. lower administrative distance;
///   2. an `ip route` line before RRI;
///   3. SA-driven before ACL-driven;
///   4. a live SA before one whose SAs are gone;
///   5. map name, sequence, template sequence, interface;
///   6. the identity that was there first; within it the newest SA lineage;
///   7. lower SA id (and, so that the order is total, the lower peer; of two `ip route` lines
///      the one that has a way, then the lower next hop).
std::strong_ordering prefer(const Claim& a, const Claim& b);

/// Sorts all claims for one key, best first, by rule 0 and then prefer().
///
/// Rule 0, a pin before a proxy, cannot be part of a pairwise order: with an
/// `ip route` line between the two in distance it would be a circle. So where a
/// pin is among the claims, all proxies stand behind all others.
void sort_by_preference(std::vector<Claim*>& claims);

/// "`ip route vrf RED 10.0.0.0/8 GigabitEthernet0/0/0 10.1.1.1`".
std::string line_text(const StaticRoute& line);

}  // namespace rri::core
