// app/router_sections.h -- the `router ospf` and `router bgp` sections that a router's own file carries.
//
// Read as far as they say who the neighbours are, for the configuration of FRR and BIRD.
// `address-family ... vrf V` of BGP is a section of its own here, as it is there.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "model/route.h"
#include "net/prefix.h"

namespace rri::app {

struct BgpNeighbor {
  IpAddress address;
  std::string remote_as;
  bool is_external = false;
  bool carries_v4 = false;
  bool carries_v6 = false;

  [[nodiscard]] bool carries(Family family) const { return family == Family::V4 ? carries_v4 : carries_v6; }
};

struct RouterSection {
  enum class Protocol : std::uint8_t { Ospf, Bgp };
  Protocol protocol = Protocol::Ospf;
  std::string number = "1";  // BGP: the AS
  std::string vrf{kDefaultVrf};
  std::string router_id;
  std::vector<std::pair<Prefix, std::string>> networks;  // OSPF: with the area
  std::vector<BgpNeighbor> neighbors;
  std::vector<std::string> untranslated;  // as written
};

/// A router id for a host without any IPv4 address, which FRR and BIRD do not find one for: the end of its
/// inside IPv6 address. "" where there is IPv4.
std::string find_router_id6(const Config& config);

/// In the order of the file.
std::vector<RouterSection> find_router_sections(const Document& document);

}  // namespace rri::app
