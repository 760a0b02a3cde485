// net/wildcard.h -- "10.0.0.0 0.0.255.255": address and inverted mask of an ACL.
#pragma once

#include <optional>
#include <string>

#include "net/address.h"
#include "net/prefix.h"

namespace rri {

/// What an extended ACL line says about one end. A set wildcard bit means
/// "any value here"; unlike a netmask it may have holes (0.255.0.255).
struct Wildcard {
  IpAddress address;  // bits under the wildcard are cleared by make_wildcard()
  IpAddress bits;     // the wildcard itself, same family

  /// The prefix that matches exactly the same addresses; nothing with holes.
  [[nodiscard]] std::optional<Prefix> to_prefix() const;
  /// Whether every address of `prefix` matches.
  [[nodiscard]] bool contains(const Prefix& prefix) const;
  /// Whether some address of `prefix` matches.
  [[nodiscard]] bool overlaps(const Prefix& prefix) const;

  friend auto operator<=>(const Wildcard&, const Wildcard&) = default;
};

/// Families must be equal.
Wildcard make_wildcard(const IpAddress& address, const IpAddress& bits);
Wildcard make_wildcard(const Prefix& prefix);

}  // namespace rri
