// app/render_frr.h -- frr.conf for the routes that a configuration injects.
//
// What leaves by OSPF or BGP, and with which tag, is decided by one route-map for
// each VRF and family (RRI, RRI6, RRI-<VRF>, RRI6-<VRF>):
//
//   pins (host routes of peers), the default route and `ip route` lines stay at home;
//   `route kernel`: proxies are known by their prefixes, that is by the
//     destinations of the crypto ACLs (or the accept lists), and get their tag
//     here, because FRR does not read one from the kernel;
//   `route frr`: the static routes carry their tags, and `match tag` takes them.
//
// `router ospf` and `router bgp` sections that the configuration carries, as a
// router's own file does, are translated as far as they say who the neighbours
// are. Without any, OSPF runs in area 0 on the interfaces that carry no crypto map.
#pragma once

#include <string>

#include "base/result.h"
#include "config/config.h"

namespace rri::app {

Result<std::string> render_frr(const ParseResult& parsed);

}  // namespace rri::app
