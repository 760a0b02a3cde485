// config/address_index.h -- which interfaces may have a part of a network.
//
// Who types an address is told when it overlaps with another interface's. With thousands of
// interfaces nobody can look through them all for each address: the index names the few
// that are worth a look. It forgets nothing, so the look itself decides.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "net/prefix.h"

namespace rri {

class AddressIndex {
 public:
  using Names = std::set<std::string, std::less<>>;

  /// `network` is given to `interface`, which is in `vrf` ("" for none).
  void add(std::string_view vrf, const Prefix& network, std::string_view interface);
  /// The interfaces of `vrf` that were given an overlapping network.
  [[nodiscard]] Names holders(std::string_view vrf, const Prefix& network) const;

 private:
  std::map<std::string, std::map<Prefix, Names>, std::less<>> networks_;  // by VRF
};

}  // namespace rri
