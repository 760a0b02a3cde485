// core/guard.h -- what a peer may inject (SPEC.md section 6).
//
// RRI lets the far side write into our routing table. Every proxy prefix
// passes six rules, in order; pins are not judged. Rules 1 to 5 look at one
// claim at a time and are here; the part of rule 2 that is about *other* peers
// and rule 6 need the whole plan and are applied by the planner with
// PeerRegistry and choose_within_limit().
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/claim.h"
#include "core/host.h"
#include "net/prefix.h"

namespace rri::core {

/// Own addresses and connected networks of one VRF.
class LocalNetworks {
 public:
  static LocalNetworks of_vrf(const Host& host, const std::string& vrf);

  [[nodiscard]] const std::set<IpAddress>& addresses() const { return addresses_; }
  /// A network of ours that equals or contains `prefix`.
  [[nodiscard]] std::optional<Prefix> find_covering(const Prefix& prefix) const;
  /// A network of ours inside `prefix`, and not equal to it.
  [[nodiscard]] std::optional<Prefix> find_inside(const Prefix& prefix) const;

 private:
  std::set<IpAddress> addresses_;
  std::set<Prefix> networks_;
  std::set<int> lengths_;  // of networks_, so that a look-up tries few
};

/// Peers of one front-door VRF, live and configured, and which of them are pinned.
class PeerRegistry {
 public:
  void add(const IpAddress& peer) { ++uses_[peer]; }
  void remove(const IpAddress& peer);
  /// Gives whether this changed anything.
  bool set_pinned(const IpAddress& peer, bool pinned);

  [[nodiscard]] bool contains(const IpAddress& peer) const { return uses_.contains(peer); }
  [[nodiscard]] bool is_pinned(const IpAddress& peer) const { return pinned_.contains(peer); }
  /// The lowest peer in `prefix` but `own`; with `unpinned_only`, one that no pin keeps reachable.
  [[nodiscard]] std::optional<IpAddress> find_in(const Prefix& prefix, const std::optional<IpAddress>& own,
                                                 bool unpinned_only) const;

 private:
  std::map<IpAddress, int> uses_;
  std::set<IpAddress> pinned_;
};

/// Whether the prefix lists of an entry permit `prefix`; first match decides.
bool accepts(const Entry& entry, const Prefix& prefix);

/// Whether `prefix` is too short for rule 1, and the accept list lets it through.
bool is_lifted(const Entry& entry, const Prefix& prefix);

/// Rules 1 to 5 for one proxy claim, other peers aside. `local`: the local
/// selectors of each of its SAs.
std::optional<Refusal> judge_alone(const Claim& claim, const LocalNetworks& networks,
                                   const std::vector<std::vector<TrafficSelector>>& local);

/// Rule 6: which of `prefixes` (ascending) stay within `maximum`: incumbents
/// first, then by prefix.
std::set<Prefix> choose_within_limit(const std::vector<Prefix>& prefixes, const std::set<Prefix>& incumbents,
                                     std::size_t maximum);

}  // namespace rri::core
