// core/tunnel_place.h -- where crypto maps are applied, and the local addresses that gives.
//
// Internal to core/tunnel_*.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/tunnel_parts.h"

namespace rri::core {

/// Where a map is applied, and what its connections may use as local address.
struct Place {
  std::vector<IpAddress> addresses;  // one of each family for each interface
  std::string vrf = "default";
  bool is_applied = false;
  bool any_address = false;          // the address is not known: charon takes what fits

  [[nodiscard]] std::vector<std::string> local(std::optional<Family> family) const {
    std::vector<std::string> texts;
    for (const auto& address : addresses) {
      if (!family || address.family() == *family) texts.push_back(address.to_string());
    }
    return texts;
  }
};

class PlaceFinder {
 public:
  PlaceFinder(const Config& config, const TunnelWorld& world, Remarks& remarks) : config_(config), world_(world), remarks_(remarks) {}

  /// All interfaces of a map together; with remarks about those that are not as they should be.
  Place find(const CryptoMap& map);
  [[nodiscard]] Binding binding_of(const Interface& interface) const;
  /// The interface's address of one family: the configured one, or what its device has.
  [[nodiscard]] std::optional<IpAddress> address_of(const Interface& interface, Family family) const;
  void warn_of_vrf(TextPosition position, const std::string& who, const std::string& vrf);

 private:
  [[nodiscard]] const Interface* unnumbered_base(const Interface& interface) const;
  static void add_group_address(const std::string& group, const Interface& interface, Place& place);
  void add_attachment(const CryptoMap& map, const MapAttachment& attached, const Interface& interface, Place& place);

  const Config& config_;
  const TunnelWorld& world_;
  Remarks& remarks_;
};

}  // namespace rri::core
