#include "core/tunnel_sides.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/tunnel_identities.h"

namespace rri::core {

bool SideFinder::find_lists(const CryptoEntry& entry, const EntryTunnels& tunnels, const std::string& name,
                            std::vector<const AccessList*>& lists) {
  if (entry.has_error) {
    remarks_.refuse(tunnels.position, fmt::format("{}: no tunnel: {}", name, entry.error));
    return false;
  }
  for (const auto* all : {&config_.access_lists, &config_.ipv6_access_lists}) {
    const auto found = all->find(entry.match_address);
    if (found == all->end()) continue;
    if (!found->second.error.empty()) {
      remarks_.refuse(tunnels.match_position, fmt::format("{}: access list {} has an error, no tunnel: {}", name,
                                                          printable(entry.match_address), found->second.error));
      return false;
    }
    lists.push_back(&found->second);
  }
  if (!lists.empty() || entry.match_address.empty()) return true;
  remarks_.refuse(tunnels.match_position, fmt::format("{}: access list {} is not defined, no tunnel", name, printable(entry.match_address)));
  return false;
}

bool SideFinder::find_side(const std::string& isakmp, const std::string& ikev2, IkeSide& side) {
  side.ikev2 = !ikev2.empty();
  side.profile_name = side.ikev2 ? ikev2 : isakmp;
  if (side.profile_name.empty()) return true;
  const auto& profiles = side.ikev2 ? config_.ikev2_profiles : config_.isakmp_profiles;
  const auto& settings = side.ikev2 ? config_.ike.ikev2_profiles : config_.ike.isakmp_profiles;
  const auto profile = profiles.find(side.profile_name);
  const auto more = settings.find(side.profile_name);
  if (profile == profiles.end() || more == settings.end() || !profile->second.error.empty()) {
    remarks_.refuse(side.position, fmt::format("{}: {} profile {} is {}, no tunnel", side.entry, side.ikev2 ? "ikev2" : "isakmp",
                                               printable(side.profile_name),
                                               profile == profiles.end() ? "not defined" : "wrong: " + profile->second.error));
    return false;
  }
  side.profile = &profile->second;
  side.settings = &more->second;
  side.expected = expected_peers(side.profile);
  const auto& matches = side.profile->identities;
  side.takes_these_alone = std::any_of(matches.begin(), matches.end(), [](const IdentityMatch& match) {
    return match.kind == IdentityMatch::Kind::Subject || !match.issuer.empty();
  });
  note_missing_match(side);
  if (side.ikev2 || !more->second.asks_for_user) return true;
  refuse_xauth(side);
  return false;
}

void SideFinder::note_missing_match(const IkeSide& side) {
  if (!side.profile->identities.empty() || side.settings->match_certificate) return;
  remarks_.warn(side.settings->position, fmt::format("{} profile {} has no `match identity`: IOS does not use such a profile, here it takes every peer",
                                                     side.ikev2 ? "ikev2" : "isakmp", printable(side.profile_name)));
}

void SideFinder::note_unused(const EntryTunnels& tunnels, const std::string& name) {
  for (const auto& line : tunnels.unused) {
    remarks_.warn(line.position, fmt::format("{}: `{}` has no counterpart in strongSwan", name, line.text));
  }
}

void SideFinder::refuse_xauth(const IkeSide& side) {
  remarks_.refuse(side.position, fmt::format("{}: its peers are to be asked for a user (XAUTH), which is not supported, no tunnel",
                                             side.entry));
}

bool SideFinder::find_side(const CryptoMap& map, const CryptoEntry& outer, const CryptoEntry& inner, IkeSide& side) {
  const auto& isakmp = !inner.isakmp_profile.empty()   ? inner.isakmp_profile
                       : !outer.isakmp_profile.empty() ? outer.isakmp_profile
                                                       : map.isakmp_profile;
  return find_side(isakmp, inner.ikev2_profile.empty() ? outer.ikev2_profile : inner.ikev2_profile, side);
}

bool SideFinder::restrict_identity(const EntryTunnels& tunnels, IkeSide& side) {
  if (tunnels.identity.empty()) return true;
  const auto identity = config_.identities.find(tunnels.identity);
  const bool is_defined = identity != config_.identities.end();
  side.expected = expected_peers(side.profile, is_defined ? identity->second : std::vector<IdentityMatch>());
  side.takes_these_alone = true;
  if (!side.expected.empty()) return true;
  remarks_.refuse(tunnels.identity_position,
                  fmt::format("{}: crypto identity {} {}, no tunnel", side.entry, printable(tunnels.identity),
                              !is_defined                  ? "is not defined"
                              : identity->second.empty() ? "takes nobody"
                                                         : "takes nobody whom profile " + printable(side.profile_name) + " takes"));
  return false;
}

}  // namespace rri::core
