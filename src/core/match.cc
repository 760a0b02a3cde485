#include "core/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "core/tunnel_parts.h"
#include "model/charon.h"
#include "model/distinguished_name.h"

namespace rri::core {
namespace {

/// The more a condition says of a subject, the closer it is.
int closeness_to_subject(const std::string& wanted, const std::string& identity, int least) {
  const auto subject = DistinguishedName::parse(identity);
  const auto parts = DistinguishedName::parse(wanted);
  if (!subject || !parts || !subject->contains(*parts)) return 0;
  return least + static_cast<int>(std::min<std::size_t>(parts->parts.size(), 99));
}

/// How close a condition comes to an identity; 0: it does not take it. An identity that the
/// source does not know cannot speak against a condition, nor for it.
int closeness_of(const IdentityMatch& match, const Sa& sa) {
  constexpr int kUnknown = 1, kAddress = 2, kDomain = 200, kExact = 300;
  using Kind = IdentityMatch::Kind;
  switch (match.kind) {
    case Kind::Any:
    case Kind::Group:  // the group name does not reach us
      return kUnknown;
    case Kind::Address: {
      const auto identity = IpAddress::try_parse(sa.identity);
      if (!match.prefix || !match.prefix->contains(identity.value_or(sa.peer))) return 0;
      return match.prefix->is_host() && identity ? kExact : kAddress + match.prefix->length();
    }
    case Kind::HostDomain:
    case Kind::UserDomain:
    case Kind::EmailDomain:
      if (sa.identity.empty()) return kUnknown;
      return is_below_domain(sa.identity, match.text) ? kDomain : 0;
    case Kind::Host:
    case Kind::User:
    case Kind::KeyId:
    case Kind::Email:
      if (sa.identity.empty()) return kUnknown;
      return equal_ignoring_case(sa.identity, match.text) ? kExact : 0;
    case Kind::Subject:
      if (sa.identity.empty() || match.text.empty()) return kUnknown;
      return closeness_to_subject(match.text, sa.identity, kDomain);
  }
  return 0;
}

/// Of an entry's profile.
int closeness_of(const Entry& entry, const Sa& sa) {
  int best = 0;
  for (const auto& match : entry.identities) best = std::max(best, closeness_of(match, sa));
  return best;
}

bool takes_peer(const MatchInput& input, const Entry& entry, const Sa& sa) {
  if (!entry.identities.empty() && closeness_of(entry, sa) == 0) return false;
  const auto& required = entry.required;
  const bool is_other = std::none_of(required.begin(), required.end(), [&](const IdentityMatch& match) { return closeness_of(match, sa) > 0; });
  if (!required.empty() && is_other) return false;
  if (entry.peers.empty()) return true;  // a dynamic-map template for any peer
  const auto addresses = known_addresses(entry.peers, input.hosts);
  return std::find(addresses.begin(), addresses.end(), sa.peer) != addresses.end();
}

/// What the local selectors hold; of a range that is no prefix its ends: good enough to tell
/// customers apart. Everything when they are not known.
std::vector<Prefix> local_blocks(const std::vector<TrafficSelector>& local, Family family) {
  if (local.empty()) return {Prefix::all(family)};
  std::vector<Prefix> blocks;
  for (const auto& selector : local) {
    const auto prefix = selector.to_prefix();
    blocks.push_back(prefix.value_or(Prefix::host(selector.range.first)));
    if (!prefix) blocks.push_back(Prefix::host(selector.range.last));
  }
  return blocks;
}

bool has_destination(const AclLine& line, const Prefix& remote) {
  return std::any_of(line.destinations.begin(), line.destinations.end(), [&](const Wildcard& one) { return one.contains(remote); });
}

/// Whether a `deny` before `line` takes every packet from `source` to `remote`.
bool is_denied_before(const AccessList& acl, const AclLine& line, const Prefix& source, const Prefix& remote) {
  return std::any_of(acl.lines.data(), &line, [&](const AclLine& deny) {
    const bool takes_all = !deny.permit && is_any_protocol(deny.protocol) && is_only_logging(deny.options) && has_destination(deny, remote);
    return takes_all && std::any_of(deny.sources.begin(), deny.sources.end(), [&](const Wildcard& one) { return one.contains(source); });
  });
}

/// Whether a `permit` takes packets from one of the local blocks that no `deny` before it takes.
bool speaks_for(const AccessList& acl, const AclLine& line, const Prefix& remote, const std::vector<Prefix>& local) {
  if (!line.permit || !has_destination(line, remote)) return false;
  for (const auto& source : line.sources) {
    const auto whole = source.to_prefix();
    for (const auto& block : local) {
      const auto& common = whole && block.contains(*whole) ? *whole : block;
      if (source.overlaps(block) && !is_denied_before(acl, line, common, remote)) return true;
    }
  }
  return false;
}

bool permits(const Entry& entry, const Sa& sa, const std::vector<Prefix>& prefixes) {
  if (entry.acls.empty()) return true;
  return std::all_of(prefixes.begin(), prefixes.end(),
                     [&](const Prefix& prefix) { return acls_permit(entry.acls, prefix, sa.local); });
}

bool owns_local_address(const MatchInput& input, const Entry& entry, const IpAddress& local) {
  const auto& configured = entry.local_addresses;
  return std::find(configured.begin(), configured.end(), local) != configured.end() ||
         input.host.owns(entry.local_device, local);
}

bool named_by_sa(const Entry& entry, const Sa& sa) {
  if (!sa.entry) return true;
  if (sa.entry->map != entry.map || sa.entry->sequence != entry.sequence) return false;
  const auto from = template_of_connection(sa.connection);
  return !from || entry.is_static_entry() || *from == entry.template_sequence;
}

std::string no_entry_reason(const MatchInput& input, const Sa& sa) {
  if (sa.foreign) return fmt::format("connection {} is not ours", printable(sa.connection));
  if (input.entries.empty()) return "no crypto map is applied to an interface";
  if (sa.entry) {
    const auto named = std::find_if(input.entries.begin(), input.entries.end(), [&](const Entry& entry) { return named_by_sa(entry, sa); });
    const auto name = fmt::format("crypto map entry {} {}", printable(sa.entry->map), sa.entry->sequence);
    if (named == input.entries.end()) return fmt::format("there is no {} on an interface", name);
    if (!named->usable) return fmt::format("{} takes no SAs: {}", name, named->unusable_reason);
    return fmt::format("{} is on no interface with local address {}", name, sa.local_endpoint ? sa.local_endpoint->to_string() : "of this SA");
  }
  if (sa.local_endpoint) {
    return fmt::format("no crypto map entry on an interface with local address {} takes peer {}",
                       sa.local_endpoint->to_string(), sa.peer.to_string());
  }
  return fmt::format("no crypto map entry takes peer {}", sa.peer.to_string());
}

/// One entry that may take the SA, and how well it fits.
struct Fit {
  const Entry* entry;
  bool reaches_peer;  // by the interface that carries it; only known where it matters
  bool permits;
  bool takes_peer;      // where the SA names its entry: which of a dynamic map's templates

  [[nodiscard]] auto rank() const {
    return std::make_tuple(!takes_peer, !entry->is_tunnel, !reaches_peer, std::cref(entry->interface), !permits, std::cref(entry->map),
                           entry->sequence, entry->template_sequence);
  }
};

/// Whether the SA's interface id or mark belongs to the entry's tunnel interface.
bool uses_tunnel(const MatchInput& input, const Entry& entry, const Sa& sa) {
  const auto* link = sa.if_id != 0 ? input.host.find_xfrm(sa.if_id) : sa.mark != 0 ? input.host.find_vti(sa.mark) : nullptr;
  return link != nullptr && link->name == entry.device;
}

bool is_candidate(const MatchInput& input, const Entry& entry, const Sa& sa) {
  if (sa.foreign) return false;
  if (entry.is_tunnel) return entry.usable && !sa.entry && uses_tunnel(input, entry, sa);
  if (!entry.usable || !named_by_sa(entry, sa)) return false;
  if (sa.local_endpoint && !owns_local_address(input, entry, *sa.local_endpoint)) return false;
  return sa.entry.has_value() || takes_peer(input, entry, sa);
}

/// An IKE SA has one profile, the closest one that is in use here: entries with another take none of
/// its SAs, whatever their lists permit (decision 23).
void keep_own_profile(const MatchInput& input, const Sa& sa, std::vector<Fit>& fits) {
  if (sa.entry) return;
  int closest = 0;
  for (const auto& entry : input.entries) {
    const bool is_here = entry.usable && !entry.is_tunnel && (!sa.local_endpoint || owns_local_address(input, entry, *sa.local_endpoint));
    if (is_here) closest = std::max(closest, closeness_of(entry, sa));
  }
  std::erase_if(fits, [&](const Fit& fit) {
    return !fit.entry->is_tunnel && !fit.entry->identities.empty() && closeness_of(*fit.entry, sa) < closest;
  });
}

/// Asks the underlay only where it decides: the same maps on several interfaces.
void find_reaching_interface(const MatchInput& input, const Sa& sa, std::vector<Fit>& fits) {
  const bool several = std::any_of(fits.begin(), fits.end(),
                                   [&](const Fit& fit) { return fit.entry->interface != fits[0].entry->interface; });
  if (!several) return;
  for (auto& fit : fits) {
    const auto* path = input.path({fit.entry->front_vrf, sa.peer, {}, {}});
    fit.reaches_peer = path != nullptr && path->is_reachable() && path->device == fit.entry->device;
  }
}

}  // namespace

MatchResult match_sa(const MatchInput& input, const Sa& sa, const std::vector<Prefix>& prefixes) {
  std::vector<Fit> fits;
  for (const auto& entry : input.entries) {
    if (is_candidate(input, entry, sa)) fits.push_back({&entry, false, permits(entry, sa, prefixes), entry.is_tunnel || takes_peer(input, entry, sa)});
  }
  keep_own_profile(input, sa, fits);
  if (fits.empty()) return {std::nullopt, no_entry_reason(input, sa)};
  find_reaching_interface(input, sa, fits);
  const auto best = std::min_element(fits.begin(), fits.end(),
                                     [](const Fit& a, const Fit& b) { return a.rank() < b.rank(); });
  return {static_cast<std::size_t>(best->entry - input.entries.data()), {}};
}

bool acls_permit(const std::vector<const AccessList*>& acls, const Prefix& remote, const std::vector<TrafficSelector>& local) {
  const auto blocks = local_blocks(local, remote.family());
  return std::any_of(acls.begin(), acls.end(), [&](const AccessList* acl) {
    return acl->family == remote.family() && std::any_of(acl->lines.begin(), acl->lines.end(), [&](const AclLine& line) {
      return speaks_for(*acl, line, remote, blocks);
    });
  });
}

std::vector<IpAddress> known_addresses(const std::vector<PeerAddress>& peers,
                                       const std::map<std::string, IpAddress>& hosts) {
  std::vector<IpAddress> addresses;
  for (const auto& peer : peers) {
    if (peer.address) addresses.push_back(*peer.address);
    if (peer.address) continue;
    if (const auto host = hosts.find(peer.host); host != hosts.end()) addresses.push_back(host->second);
  }
  return addresses;
}

}  // namespace rri::core
