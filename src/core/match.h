// core/match.h -- which crypto map entry an SA belongs to (SPEC.md sections 5 and 8).
//
// First the attachment: the interface that owns the SA's local address; when
// that is not known, the one that reaches the peer, then the first by name. In it, the
// lowest sequence whose access list permits the SA's selectors, else the lowest
// that takes the peer (the guard refuses then). An SA never falls to an entry with another IKE
// profile than its own (decision 23). `map=`/`seq=` are taken as given; of a dynamic map's
// templates, the one that charon's connection is named after.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/entry.h"
#include "core/events.h"
#include "model/sa.h"
#include "net/prefix.h"

namespace rri::core {

/// What is known of the underlay while matching. The query is remembered, so
/// that a changed answer leads to a new match.
using PathLookup = std::function<const Path*(const PathQuery&)>;

struct MatchInput {
  const std::vector<Entry>& entries;
  const Host& host;
  const std::map<std::string, IpAddress>& hosts;  // `set peer HOST`, resolved
  PathLookup path;
};

struct MatchResult {
  std::optional<std::size_t> entry;  // index
  std::string reason;                // when there is none
};

MatchResult match_sa(const MatchInput& input, const Sa& sa, const std::vector<Prefix>& prefixes);

/// Whether access lists permit a remote prefix to these local selectors (decision 2): a `permit`
/// speaks when its destination contains the prefix and its source overlaps one of the
/// selectors, unless `deny` lines before it take every packet of what they have in common.
/// A `deny` of a part (a protocol, a port, a host) leaves the rest its route.
bool acls_permit(const std::vector<const AccessList*>& acls, const Prefix& remote, const std::vector<TrafficSelector>& local);

/// The addresses of `peers` that are known.
std::vector<IpAddress> known_addresses(const std::vector<PeerAddress>& peers,
                                       const std::map<std::string, IpAddress>& hosts);

}  // namespace rri::core
