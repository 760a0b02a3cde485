// `show ip route`: by major networks, as IOS groups them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "show/tables.h"

namespace rri::show {

namespace {

constexpr std::string_view kCodes =
    "Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP\n"
    "       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area\n"
    "       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2\n"
    "       E1 - OSPF external type 1, E2 - OSPF external type 2, m - OMP\n"
    "       n - NAT, Ni - NAT inside, No - NAT outside, Nd - NAT DIA\n"
    "       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2\n"
    "       ia - IS-IS inter area, * - candidate default, U - per-user static route\n"
    "       H - NHRP, G - NHRP registered, g - NHRP registration summary\n"
    "       o - ODR, P - periodic downloaded static route, l - LISP\n"
    "       a - application route\n"
    "       + - replicated route, % - next hop override, p - overrides from PfR\n"
    "\n";

/// The network by class that a prefix lies in; the prefix itself when it is wider.
Prefix major_network(const Prefix& prefix) {
  const auto first = prefix.address().bytes()[0];
  const int length = first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 4;
  return prefix.length() < length ? prefix : Prefix(prefix.address(), length);
}

std::string name_of_device(const core::Summary& snapshot, const std::string& device) {
  for (const auto& view : snapshot.interfaces) {
    if (view.device == device) return view.name;
  }
  return device;
}

void add_connected(const core::Snapshot& snapshot, const std::string& vrf, std::map<Prefix, IpRoute>& routes) {
  for (const auto& link : snapshot.links) {
    if (link.vrf != vrf || !link.up) continue;
    for (const auto& address : link.addresses) {
      if (!address.address.is_v4() || address.address.bytes()[0] == 127) continue;
      const IpRoute::Way way{std::nullopt, name_of_device(snapshot, link.name), 0};
      routes[address.network()] = {address.network(), 'C', 0, {way}};
      const Prefix host(address.address, 32);
      routes[host] = {host, address.prefix_length == 32 ? 'C' : 'L', 0, {way}};
    }
  }
}

IpRoute::Way way_of(const core::Snapshot& snapshot, const StaticLines& lines, const RouteRow& row) {
  IpRoute::Way way{row.next_hop, {}, row.tag};
  if (row.kind == RouteKind::Static) {
    way.interface = lines.interface_of(row);
  } else if (!row.next_hop) {
    way.interface = row.interface.empty() ? name_of_device(snapshot, row.device) : row.interface;
  }
  return way;
}

std::string way_text(const IpRoute& route, const IpRoute::Way& way) {
  if (!way.next_hop) return fmt::format("is directly connected, {}", way.interface);
  const auto interface = way.interface.empty() ? std::string() : fmt::format(", {}", way.interface);
  return fmt::format("[{}/0] via {}{}", route.distance, way.next_hop->to_string(), interface);
}

std::string render_line(const IpRoute& route, bool is_subnet) {
  const std::string code = route.prefix.length() == 0 ? "S*" : std::string(1, route.code);
  const std::size_t indent = is_subnet ? 9 : 6;
  const auto prefix = route.prefix.to_string();
  auto text = fmt::format("{:<{}}{} {}\n", code, indent, prefix, way_text(route, route.ways.front()));
  for (std::size_t i = 1; i < route.ways.size(); ++i) {
    text += fmt::format("{:{}}{}\n", "", indent + prefix.size() + 1, way_text(route, route.ways[i]));
  }
  return text;
}

using Members = std::vector<const IpRoute*>;

std::size_t count_masks(const Members& members) {
  std::set<int> masks;
  for (const auto* route : members) masks.insert(route->prefix.length());
  return masks.size();
}

std::string major_header(const Prefix& major, const Members& members) {
  const auto masks = count_masks(members);
  if (masks == 1) {
    return fmt::format("      {}/{} is subnetted, {} subnets\n", major.address().to_string(), members.front()->prefix.length(), members.size());
  }
  return fmt::format("      {} is variably subnetted, {} subnets, {} masks\n", major.to_string(), members.size(), masks);
}

std::string last_resort(const std::vector<IpRoute>& routes) {
  const auto* found = find_ip_route(routes, Prefix(IpAddress::v4(0), 0));
  if (found == nullptr) return "Gateway of last resort is not set\n\n";
  const auto& hop = found->ways.front().next_hop;
  return fmt::format("Gateway of last resort is {} to network 0.0.0.0\n\n", hop ? hop->to_string() : "0.0.0.0");
}

std::string table_name(const std::string& vrf) {
  return vrf == kDefaultVrf ? std::string() : fmt::format("\nRouting Table: {}\n", vrf);
}

/// IOS lists the subnets when it is asked for a network by class that has some.
std::optional<std::string> major_entry(const std::vector<IpRoute>& routes, const Prefix& asked) {
  const auto major = major_network(asked);
  if (major.address() != asked.address() || major.length() < 8) return std::nullopt;
  Members members;
  std::size_t connected = 0;
  for (const auto& route : routes) {
    if (route.prefix.length() < major.length() || !major.contains(route.prefix.address())) continue;
    members.push_back(&route);
    connected += route.code == 'C' ? 1 : 0;
  }
  if (members.empty() || (members.size() == 1 && members.front()->prefix == major)) return std::nullopt;
  auto text = fmt::format("Routing entry for {}, {} known subnets\n", major.to_string(), members.size());
  if (connected > 0) text += fmt::format("  Attached ({} connections)\n", connected);
  const auto masks = count_masks(members);
  if (masks > 1) text += fmt::format("  Variably subnetted with {} masks\n", masks);
  for (const auto* route : members) text += render_line(*route, true);
  return text;
}

std::string entry_text(const IpRoute& route) {
  const bool is_static = route.code == 'S';
  const bool is_connected = !route.ways.front().next_hop;
  const auto major = major_network(Prefix::host(route.prefix.address()));
  auto text = fmt::format("Routing entry for {}{}\n", route.prefix.to_string(), route.prefix.length() < major.length() ? ", supernet" : "");
  text += fmt::format("  Known via \"{}\", distance {}, metric 0{}{}\n", is_static ? "static" : "connected", route.distance,
                      route.prefix.length() == 0 ? ", candidate default path" : "",
                      !is_connected ? "" : is_static ? " (connected)" : " (connected, via interface)");
  const auto tag = route.ways.front().tag;
  if (tag != 0) text += fmt::format("  Tag {}\n", tag);
  text += "  Routing Descriptor Blocks:\n";
  for (std::size_t i = 0; i < route.ways.size(); ++i) {
    const auto& way = route.ways[i];
    const auto where = !way.next_hop            ? fmt::format("directly connected, via {}", way.interface)
                       : way.interface.empty() ? way.next_hop->to_string()
                                                : fmt::format("{}, via {}", way.next_hop->to_string(), way.interface);
    text += fmt::format("  {} {}\n      Route metric is 0, traffic share count is 1\n", i == 0 ? "*" : " ", where);
    if (way.tag != 0) text += fmt::format("      Route tag {}\n", way.tag);
  }
  return text;
}

}  // namespace

StaticLines::StaticLines(const core::Summary& snapshot) : snapshot_(&snapshot) {
  for (const auto& line : snapshot.config->static_routes) lines_[line.prefix].push_back(&line);
}

std::string StaticLines::interface_of(const RouteRow& row) const {
  const auto found = lines_.find(row.prefix);
  if (found == lines_.end()) return row.next_hop ? std::string() : name_of_device(*snapshot_, row.device);
  for (const auto* line : found->second) {
    if (line->vrf != row.vrf || line->next_hop != row.next_hop || line->distance != row.distance) continue;
    if (line->null0 && row.device.empty()) return "Null0";
    if (line->interface.empty()) continue;
    const auto* view = find_view(*snapshot_, line->interface);
    if (row.device.empty() || (view != nullptr && view->device == row.device)) return line->interface;
  }
  return row.next_hop ? std::string() : name_of_device(*snapshot_, row.device);
}

std::vector<IpRoute> ip_routes_in_use(const core::Snapshot& snapshot, const std::string& vrf, IpRouteKind kind) {
  std::map<Prefix, IpRoute> routes;
  if (kind != IpRouteKind::Static) add_connected(snapshot, vrf, routes);
  const StaticLines lines(snapshot);
  for (const auto& row : snapshot.routes) {
    const bool in_use = row.state == RouteState::Active || row.state == RouteState::Held;
    if (kind == IpRouteKind::Connected || row.vrf != vrf || !in_use || row.prefix.family() != Family::V4) continue;
    auto& route = routes[row.prefix];
    if (route.code != 'S') continue;
    route.prefix = row.prefix;
    route.distance = row.distance;
    route.ways.push_back(way_of(snapshot, lines, row));
  }
  std::vector<IpRoute> list;
  list.reserve(routes.size());
  for (auto& [prefix, route] : routes) list.push_back(std::move(route));
  return list;
}

std::string ip_routes(const core::Snapshot& snapshot, const std::string& vrf, IpRouteKind kind) {
  const auto routes = ip_routes_in_use(snapshot, vrf, kind);
  std::map<Prefix, Members> majors;
  for (const auto& route : routes) majors[major_network(route.prefix)].push_back(&route);
  auto text = fmt::format("{}{}{}", table_name(vrf), kCodes, last_resort(routes));
  for (const auto& [major, members] : majors) {
    const bool subnetted = members.size() > 1 || members.front()->prefix != major;
    if (subnetted) text += major_header(major, members);
    for (const auto* route : members) text += render_line(*route, subnetted);
  }
  return text;
}

const IpRoute* find_ip_route(const std::vector<IpRoute>& routes, const Prefix& asked) {
  const bool is_host = asked.length() == asked.address().bits();
  const IpRoute* best = nullptr;
  for (const auto& route : routes) {
    if (route.prefix == asked) return &route;
    const bool covers = is_host && route.prefix.length() > 0 && route.prefix.contains(asked.address());
    if (covers && (best == nullptr || route.prefix.length() > best->prefix.length())) best = &route;
  }
  return best;
}

std::string ip_route_entry(const core::Snapshot& snapshot, const std::string& vrf, const Prefix& asked) {
  const auto routes = ip_routes_in_use(snapshot, vrf, IpRouteKind::All);
  const bool is_host = asked.length() == asked.address().bits();
  const bool is_default = is_host && asked.address() == IpAddress::v4(0);
  if (is_host && !is_default) {
    if (const auto major = major_entry(routes, asked)) return table_name(vrf) + *major;
  }
  const auto* route = find_ip_route(routes, is_default ? Prefix(asked.address(), 0) : asked);
  if (route != nullptr) return table_name(vrf) + entry_text(*route);
  const auto major = major_network(asked);
  const bool knows_major = std::any_of(routes.begin(), routes.end(), [&](const IpRoute& item) {
    return item.prefix.length() >= major.length() && major.contains(item.prefix.address());
  });
  return knows_major ? "% Subnet not in table\n" : "% Network not in table\n";
}

}  // namespace rri::show
