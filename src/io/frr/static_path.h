// io/frr/static_path.h -- one way of one static route, as FRR writes it in a line. Pure.
//
//   ip route 10.1.0.0/16 198.51.100.2 h-out tag 42 200 onlink
//   vrf red
//    ip route 10.4.0.0/16 198.51.100.3 h-out tag 43 nexthop-vrf default onlink
//   exit-vrf
//
// What FRR 8.4's staticd does with them, and the table relies on [LAB]:
//   - within one VRF and prefix a next hop exists once, whatever its distance: a
//     line with another distance moves it, and `no` takes it at any distance;
//   - the tag belongs to prefix and distance: the last line's tag is that of all
//     next hops there;
//   - a blackhole and a next hop do not go together.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/route.h"

namespace rri::frr {

/// What FRR tells two ways of one prefix apart by.
struct Hop {
  std::optional<IpAddress> gateway;
  std::string device;                         // "" when FRR looks it up
  std::string vrf = std::string(kDefaultVrf); // the next hop's
  bool blackhole = false;

  friend auto operator<=>(const Hop&, const Hop&) = default;
};

/// VRF and prefix: all ways of one are looked at together.
struct PathKey {
  std::string vrf = std::string(kDefaultVrf);
  Prefix prefix;

  friend auto operator<=>(const PathKey&, const PathKey&) = default;

  template <class H>
  friend H AbslHashValue(H state, const PathKey& key) {
    return H::combine(std::move(state), key.vrf, key.prefix);
  }
};

struct StaticPath {
  PathKey key;
  Hop hop;
  std::uint8_t distance = 1;
  std::uint32_t tag = 0;
  bool onlink = false;
  bool has_more = false;  // words that we never write (label, table, color, bfd, ...): not ours

  friend bool operator==(const StaticPath&, const StaticPath&) = default;
};

/// The line that makes it, and the one that takes it away.
std::string render_path(const StaticPath& path);
std::string render_removal(const PathKey& key, const Hop& hop);
/// What names it in the ledger: the removal without its `no`.
std::string render_identity(const PathKey& key, const Hop& hop);

/// Reads one `ip route` or `ipv6 route` line; `vrf` is that of the block it stands in.
/// Nothing for every other line.
std::optional<StaticPath> parse_path(std::string_view line, const std::string& vrf);

/// Walks the lines of a running configuration and knows in which VRF it is.
class ConfigReader {
 public:
  std::optional<StaticPath> read(std::string_view line);

 private:
  std::string vrf_ = std::string(kDefaultVrf);
};

}  // namespace rri::frr
