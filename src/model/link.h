// model/link.h -- a network device and its addresses, as Linux shows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/address.h"
#include "net/prefix.h"

namespace rri {

/// An address on a device. `prefix_length` gives the connected network.
struct LinkAddress {
  IpAddress address;
  int prefix_length = 0;

  [[nodiscard]] Prefix network() const { return {address, prefix_length}; }
  friend auto operator<=>(const LinkAddress&, const LinkAddress&) = default;
};

struct Link {
  std::uint32_t index = 0;
  std::string name;
  bool up = false;                         // administratively up and with carrier
  std::string vrf;                         // name of the VRF device it is enslaved to, or "default"
  std::optional<std::uint32_t> vrf_table;  // set when this device *is* a VRF
  std::uint32_t xfrm_if_id = 0;            // XFRM interface: its if_id
  std::uint32_t vti_key = 0;               // VTI: its output key (mark)
  std::vector<LinkAddress> addresses;      // ascending; tentative ones are not here

  friend bool operator==(const Link&, const Link&) = default;
};

}  // namespace rri
