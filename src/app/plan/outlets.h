// app/plan/outlets.h -- which injected routes a routing protocol may carry away.
//
// For `rri render frr` (and whoever else filters by prefix): from the crypto map
// entries to prefix conditions, one set for each inside VRF and family. Proxies go
// out; pins (host routes of peers), the default route and `ip route` lines stay at home.
//
// A condition is as narrow as the configuration allows: the destinations of the
// crypto ACL, exact for ACL-driven entries, with everything inside for SA-driven
// ones; else the accept list; else whatever rule 1 of the guard lets in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/config.h"
#include "net/prefix.h"

namespace rri::plan {

/// A line of a prefix list.
struct PrefixRule {
  bool permit = true;
  Prefix prefix;
  std::optional<int> ge;
  std::optional<int> le;

  friend auto operator<=>(const PrefixRule&, const PrefixRule&) = default;
};

/// Proxies of one tag; 0: no tag.
struct TaggedProxies {
  std::uint32_t tag = 0;
  std::vector<PrefixRule> rules;  // first match decides, no duplicates
};

struct Outlet {
  std::string vrf;  // inside VRF
  Family family = Family::V4;
  std::vector<Prefix> pins;            // of peers that the configuration names, ascending
  bool hosts_stay = false;             // pins of unknown peers, and proxies that no ACL bounds: no host route leaves
  std::vector<TaggedProxies> proxies;  // ascending tag
  // `ip route` lines without the tag of an entry, where `proxies` would let them out; ascending:
  std::vector<Prefix> statics;  // they win over a proxy of the same prefix, so no proxy is kept at home with them
  std::vector<Prefix> null0;    // a proxy of the same prefix has a device, one of:
  std::set<std::string> devices;  // "": one of another VRF
};

/// By VRF (default first), then family. Only those that let something out.
std::vector<Outlet> find_outlets(const Config& config);
/// Their VRFs.
std::vector<std::string> vrfs_of(const std::vector<Outlet>& outlets);

}  // namespace rri::plan
