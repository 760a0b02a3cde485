// app/render_bird.h -- bird.conf (BIRD 2) for the routes that a configuration injects.
//
// BIRD learns our kernel routes (`learn`), knows them by their protocol number
// (`krt_source`), and hands them to OSPF. Three things in it are easily forgotten:
//
//   preference  from the distance that our metric carries: with BIRD's own 10 for
//               learned routes, the route that the other router advertises hides ours;
//   the tag     is the route's realm where that can carry it (IPv4, up to 65535),
//               else it is known by prefix, that is by the crypto ACLs;
//   pins        (host routes of peers), the default route and `ip route` lines stay at home.
//
// One kernel protocol for each inside VRF. A `router bgp` section that the configuration
// carries names the neighbours, a `router ospf` section the areas and the router id. Without
// them, OSPF runs in area 0 on the interfaces that carry no crypto map, and BGP is a template.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "config/config.h"

namespace rri::app {

/// `vrf_tables`: of the VRF devices that this host has. The others' have to be filled in.
Result<std::string> render_bird(const ParseResult& parsed, const std::map<std::string, std::uint32_t>& vrf_tables = {});

}  // namespace rri::app
