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

/// Those of the file in its order; then one for each other VRF of `vrfs`: BGP where the file
/// has BGP, else OSPF.
std::vector<RouterSection> find_router_sections(const Document& document, const std::vector<std::string>& vrfs);

/// The AS under which a tag leaves a VRF as a community, 65000 for one that no 16 bits hold; "" where no BGP does.
std::string find_community_as(const std::vector<RouterSection>& routers, const std::string& vrf);

/// Whether an interface of the VRF has a line of its own (`ip ospf N area A`, `ipv6 ospf`, `ospfv3`).
bool has_ospf_lines(const ParseResult& parsed, const std::string& vrf, Family family);

/// The interfaces of a VRF that speak OSPF, each with its area: as their own lines say; else
/// as the `network` lines of `router`; else area 0 for all that carry no crypto map.
std::vector<std::pair<const Interface*, std::string>> find_ospf_interfaces(const ParseResult& parsed, const RouterSection& router, Family family);

}  // namespace rri::app
