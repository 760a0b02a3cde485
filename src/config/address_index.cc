#include "config/address_index.h"

namespace rri {

void AddressIndex::add(std::string_view vrf, const Prefix& network, std::string_view interface) {
  networks_[std::string(vrf)][network].emplace(interface);
}

AddressIndex::Names AddressIndex::holders(std::string_view vrf, const Prefix& network) const {
  Names names;
  const auto of_vrf = networks_.find(vrf);
  if (of_vrf == networks_.end()) return names;
  const auto& networks = of_vrf->second;
  for (int length = 0; length < network.length(); ++length) {  // those around it
    const auto found = networks.find(Prefix(network.address(), length));
    if (found != networks.end()) names.insert(found->second.begin(), found->second.end());
  }
  // It and those inside it stand together.
  for (auto inside = networks.lower_bound(network); inside != networks.end() && network.contains(inside->first); ++inside) {
    names.insert(inside->second.begin(), inside->second.end());
  }
  return names;
}

}  // namespace rri
