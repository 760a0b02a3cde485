// `show ipv6 route`: network by network; IOS has no headers of major networks there.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>
#include <vector>

#include "net/ios_text.h"
#include "show/ip_route_reader.h"
#include "show/tables.h"

namespace rri::show {

namespace {

constexpr std::string_view kCodes =
    "Codes: C - Connected, L - Local, S - Static, U - Per-user Static route\n"
    "       B - BGP, R - RIP, H - NHRP, I1 - ISIS L1\n"
    "       I2 - ISIS L2, IA - ISIS interarea, IS - ISIS summary, D - EIGRP\n"
    "       EX - EIGRP external, ND - ND Default, NDp - ND Prefix, DCE - Destination\n"
    "       NDr - Redirect, O - OSPF Intra, OI - OSPF Inter, OE1 - OSPF ext 1\n"
    "       OE2 - OSPF ext 2, ON1 - OSPF NSSA ext 1, ON2 - OSPF NSSA ext 2\n"
    "       la - LISP alt, lr - LISP site-registrations, ld - LISP dyn-eid\n"
    "       lA - LISP away, a - Application\n";
/// Every router has it.
constexpr std::string_view kMulticast = "L   FF00::/8 [0/0]\n     via Null0, receive\n";

std::string way_text(const IpRoute& route, const IpRoute::Way& way) {
  if (!way.next_hop) return fmt::format("{}, {}", way.interface, route.code == 'L' ? "receive" : "directly connected");
  const auto hop = ios_text(*way.next_hop);
  return way.interface.empty() ? hop : fmt::format("{}, {}", hop, way.interface);
}

std::string route_text(const IpRoute& route) {
  const std::string code = route.code == 'C' && route.prefix.is_host() ? "LC" : std::string(1, route.code);
  auto text = fmt::format("{:<4}{} [{}/0]\n", code, ios_text(route.prefix), route.distance);
  for (const auto& way : route.ways) text += fmt::format("     via {}\n", way_text(route, way));
  return text;
}

std::string entry_text(const IpRoute& route) {
  const auto* source = route.code == 'S' ? "static" : route.code == 'C' ? "connected" : "local";
  auto text = fmt::format("Routing entry for {}\n  Known via \"{}\", distance {}, metric 0\n", ios_text(route.prefix), source, route.distance);
  const auto tag = route.ways.front().tag;
  if (tag != 0) text += fmt::format("  Tag {}\n", tag);
  text += fmt::format("  Route count is {0}/{0}, share count 0\n  Routing paths:\n", route.ways.size());
  for (const auto& way : route.ways) {
    const bool is_direct = !way.next_hop;
    text += is_direct ? fmt::format("    {} via {}\n", route.code == 'L' ? "receive" : "directly connected", way.interface) : fmt::format("    {}\n", way_text(route, way));
    if (way.tag != 0) text += fmt::format("      Route tag {}\n", way.tag);
  }
  return text;
}

}  // namespace

Pieces ip6_routes(const IpTable& table, IpRouteKind kind) {
  const auto counted = std::make_shared<IpRouteReader>(table, kind);
  const auto listed = std::make_shared<IpRouteReader>(table, kind);
  const bool is_whole = kind == IpRouteKind::All;
  const auto count = std::make_shared<std::size_t>(is_whole ? 1 : 0);
  const auto step = [counted, count] {
    std::vector<IpRoute> some;
    const bool more = counted->read(some);
    *count += some.size();
    return more;
  };
  return prepared(step, [listed, count, is_whole, vrf = table.vrf] {
    const Pieces routes = [listed](std::string& out) {
      std::vector<IpRoute> some;
      const bool more = listed->read(some);
      for (const auto& route : some) out += route_text(route);
      return more;
    };
    return joined({one_piece(fmt::format("IPv6 Routing Table - {} - {} entries\n{}", vrf, *count, kCodes)), routes,
                   one_piece(is_whole ? std::string(kMulticast) : std::string())});
  });
}

Pieces ip6_route_entry(const IpTable& table, const Prefix& asked) {
  const auto found = find_ip_route(table, IpRouteKind::All, asked);
  return one_piece(found ? entry_text(*found) : "% Route not found\n");
}

}  // namespace rri::show
