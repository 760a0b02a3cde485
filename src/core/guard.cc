#include "core/guard.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/match.h"

namespace rri::core {
namespace {

constexpr int kShortestV4 = 8;
constexpr int kShortestV6 = 16;

bool is_too_short(const Prefix& prefix) {
  return prefix.length() < (prefix.family() == Family::V4 ? kShortestV4 : kShortestV6);
}

std::optional<Refusal> refuse(int rule, std::string text) { return Refusal{rule, std::move(text)}; }

/// Rule 1: length and scope.
std::optional<Refusal> judge_shape(const Claim& claim) {
  const auto& prefix = claim.key.prefix;
  const auto& address = prefix.address();
  if (address.is_loopback()) return refuse(1, "loopback addresses are never remote");
  if (address.is_link_local()) return refuse(1, "link-local addresses are never remote");
  if (address.is_multicast()) return refuse(1, "multicast addresses are never remote");
  if (!is_too_short(prefix) || claim.lifted) return std::nullopt;
  return refuse(1, fmt::format("shorter than /{}; `set reverse-route accept prefix-list` may permit it",
                               prefix.family() == Family::V4 ? kShortestV4 : kShortestV6));
}

/// Rule 2, the claim's own peer.
std::optional<Refusal> judge_own_peer(const Claim& claim) {
  const auto& entry = *claim.entry;
  const bool pinned = entry.pin != PinMode::None || claim.lifted;
  if (pinned || !claim.peer || entry.front_vrf != entry.inside_vrf) return std::nullopt;
  if (!claim.key.prefix.contains(*claim.peer)) return std::nullopt;
  return refuse(2, fmt::format("covers its own peer {}, which `reverse-route remote-peer` without an address would pin",
                               claim.peer->to_string()));
}

bool names_very_prefix(const Entry& entry, const Prefix& prefix) {
  for (const auto* acl : entry.acls) {
    for (const auto& line : acl->lines) {
      for (const auto& destination : line.destinations) {
        if (line.permit && destination.to_prefix() == prefix) return true;
      }
    }
  }
  return false;
}

/// Rule 3: our own addresses and networks.
std::optional<Refusal> judge_local(const Claim& claim, const LocalNetworks& networks) {
  const auto& prefix = claim.key.prefix;
  if (prefix.is_host() && networks.addresses().contains(prefix.address())) return refuse(3, "is an address of this host");
  if (const auto network = networks.find_covering(prefix)) {
    return refuse(3, fmt::format("{} connected network {}", *network == prefix ? "is" : "is inside", network->to_string()));
  }
  const auto network = networks.find_inside(prefix);
  if (!network || names_very_prefix(*claim.entry, prefix)) return std::nullopt;
  return refuse(3, fmt::format("covers connected network {}", network->to_string()));
}

/// Rule 4: an SA-driven proxy is inside the permits of `match address`.
std::optional<Refusal> judge_match_address(const Claim& claim, const std::vector<std::vector<TrafficSelector>>& local) {
  if (claim.driver != Driver::Sa || claim.entry->acls.empty()) return std::nullopt;
  for (const auto& selectors : local) {
    if (acls_permit(claim.entry->acls, claim.key.prefix, selectors)) return std::nullopt;
  }
  return refuse(4, fmt::format("access list {} does not permit it", claim.entry->acls.front()->name));
}

bool matches(const PrefixListLine& line, const Prefix& prefix) {
  if (!line.prefix.contains(prefix)) return false;
  const int longest = line.le ? *line.le : line.ge ? prefix.address().bits() : line.prefix.length();
  return prefix.length() >= line.ge.value_or(line.prefix.length()) && prefix.length() <= longest;
}

}  // namespace

LocalNetworks LocalNetworks::of_vrf(const Host& host, const std::string& vrf) {
  LocalNetworks local;
  for (const auto& [index, link] : host.links()) {
    const bool inside = link.vrf == vrf || (link.vrf_table && link.name == vrf);
    if (!inside) continue;
    for (const auto& address : link.addresses) {
      if (address.address.is_loopback() || address.address.is_link_local()) continue;
      local.addresses_.insert(address.address);
      local.networks_.insert(address.network());
      local.lengths_.insert(address.prefix_length);
    }
  }
  return local;
}

std::optional<Prefix> LocalNetworks::find_covering(const Prefix& prefix) const {
  for (const int length : lengths_) {
    if (length > prefix.length()) break;
    const auto found = networks_.find(Prefix(prefix.address(), length));
    if (found != networks_.end()) return *found;
  }
  return std::nullopt;
}

std::optional<Prefix> LocalNetworks::find_inside(const Prefix& prefix) const {
  const auto found = networks_.upper_bound(prefix);
  if (found == networks_.end() || !prefix.contains(*found)) return std::nullopt;
  return *found;
}

void PeerRegistry::remove(const IpAddress& peer) {
  const auto found = uses_.find(peer);
  if (found != uses_.end() && --found->second == 0) uses_.erase(found);
}

bool PeerRegistry::set_pinned(const IpAddress& peer, bool pinned) {
  return pinned ? pinned_.insert(peer).second : pinned_.erase(peer) > 0;
}

std::optional<IpAddress> PeerRegistry::find_in(const Prefix& prefix, const std::optional<IpAddress>& own,
                                               bool unpinned_only) const {
  for (auto at = uses_.lower_bound(prefix.address()); at != uses_.end() && prefix.contains(at->first); ++at) {
    const bool counts = at->first != own && !(unpinned_only && pinned_.contains(at->first));
    if (counts) return at->first;
  }
  return std::nullopt;
}

bool accepts(const Entry& entry, const Prefix& prefix) {
  for (const auto* list : entry.accept) {
    if (list->family != prefix.family()) continue;
    for (const auto& line : list->lines) {
      if (matches(line, prefix)) return line.permit;
    }
  }
  return false;
}

bool is_lifted(const Entry& entry, const Prefix& prefix) {
  return is_too_short(prefix) && entry.has_accept && accepts(entry, prefix);
}

std::optional<Refusal> judge_alone(const Claim& claim, const LocalNetworks& networks,
                                   const std::vector<std::vector<TrafficSelector>>& local) {
  if (auto refusal = judge_shape(claim)) return refusal;
  if (auto refusal = judge_own_peer(claim)) return refusal;
  if (auto refusal = judge_local(claim, networks)) return refusal;
  if (auto refusal = judge_match_address(claim, local)) return refusal;
  if (claim.driver == Driver::Sa && claim.entry->has_accept && !accepts(*claim.entry, claim.key.prefix)) {
    return refuse(5, "the accept prefix-list does not permit it");
  }
  return std::nullopt;
}

std::set<Prefix> choose_within_limit(const std::vector<Prefix>& prefixes, const std::set<Prefix>& incumbents,
                                     std::size_t maximum) {
  std::set<Prefix> chosen;
  for (const bool incumbent : {true, false}) {
    for (const auto& prefix : prefixes) {
      if (chosen.size() >= maximum) return chosen;
      if (incumbents.contains(prefix) == incumbent) chosen.insert(prefix);
    }
  }
  return chosen;
}

}  // namespace rri::core
