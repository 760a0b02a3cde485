// `show ip route`: by major networks, as IOS groups them.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "show/ip_route_reader.h"
#include "show/json.h"
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

std::string way_text(const IpRoute& route, const IpRoute::Way& way) {
  if (!way.next_hop) return fmt::format("is directly connected, {}", way.interface);
  const auto interface = way.interface.empty() ? std::string() : fmt::format(", {}", way.interface);
  return fmt::format("[{}/0] via {}{}", route.distance, way.next_hop->to_string(), interface);
}

/// Where a line stands: alone, below its network, or below one that told the mask of all its subnets.
enum class Place { Alone, Subnet, MaskTold };

std::string render_line(const IpRoute& route, Place place) {
  const std::string code = route.prefix.length() == 0 ? "S*" : std::string(1, route.code);
  const std::size_t indent = place == Place::Alone ? 6 : 9;
  const auto prefix = place == Place::MaskTold ? route.prefix.address().to_string() : route.prefix.to_string();
  auto text = fmt::format("{:<{}}{} {}\n", code, indent, prefix, way_text(route, route.ways.front()));
  for (std::size_t i = 1; i < route.ways.size(); ++i) {
    text += fmt::format("{:{}}{}\n", "", indent + prefix.size() + 1, way_text(route, route.ways[i]));
  }
  return text;
}

/// What the line above the subnets of a network says.
struct Major {
  std::size_t routes = 0;
  std::size_t connected = 0;
  bool is_itself = false;        // one of them is the whole network
  std::set<int> masks;

  [[nodiscard]] bool is_subnetted() const { return routes > 1 || !is_itself; }
  [[nodiscard]] Place place() const { return !is_subnetted() ? Place::Alone : masks.size() == 1 ? Place::MaskTold : Place::Subnet; }
};

/// Two readings of one table: what is to be counted is told before the lines. What
/// comes or goes between them is in the one and not in the other.
struct Listing {
  Listing(const IpTable& table, IpRouteKind kind, const std::optional<Prefix>& within)
      : first(table, kind, within), second(table, kind, within) {}

  IpRouteReader first;
  IpRouteReader second;
  std::map<Prefix, Major> majors;
  std::optional<IpRoute> by_default;
  std::optional<Prefix> above;   // the network whose line was told last

  void count(const IpRoute& route) {
    auto& major = majors[major_network(route.prefix)];
    ++major.routes;
    major.connected += route.code == 'C' ? 1 : 0;
    major.is_itself = major.is_itself || route.prefix == major_network(route.prefix);
    major.masks.insert(route.prefix.length());
    if (route.prefix.length() == 0) by_default = route;
  }
};

std::string major_header(const Prefix& network, const Major& major) {
  if (major.masks.size() == 1) {
    return fmt::format("      {}/{} is subnetted, {} subnets\n", network.address().to_string(), *major.masks.begin(), major.routes);
  }
  return fmt::format("      {} is variably subnetted, {} subnets, {} masks\n", network.to_string(), major.routes, major.masks.size());
}

std::string last_resort(const std::optional<IpRoute>& by_default) {
  if (!by_default) return "Gateway of last resort is not set\n\n";
  const auto& hop = by_default->ways.front().next_hop;
  return fmt::format("Gateway of last resort is {} to network 0.0.0.0\n\n", hop ? hop->to_string() : "0.0.0.0");
}

std::string listed_line(Listing& listing, const IpRoute& route) {
  const auto network = major_network(route.prefix);
  const auto& major = listing.majors[network];
  const bool is_first = listing.above != network;
  listing.above = network;
  auto text = is_first && major.is_subnetted() ? major_header(network, major) : std::string();
  return text + render_line(route, major.place());
}

/// All of `reader`, a few at a time.
Pieces each_route(std::shared_ptr<Listing> listing, std::function<std::string(const IpRoute&)> text) {
  return [listing = std::move(listing), text = std::move(text)](std::string& out) {
    std::vector<IpRoute> some;
    const bool more = listing->second.read(some);
    for (const auto& route : some) out += text(route);
    return more;
  };
}

/// Counts, then gives what `make` makes of it.
Pieces counted(std::shared_ptr<Listing> listing, std::function<Pieces()> make) {
  const auto step = [listing = std::move(listing)] {
    std::vector<IpRoute> some;
    const bool more = listing->first.read(some);
    for (const auto& route : some) listing->count(route);
    return more;
  };
  return prepared(step, std::move(make));
}

std::shared_ptr<Listing> make_listing(const IpTable& table, IpRouteKind kind, std::optional<Prefix> within = std::nullopt) {
  return std::make_shared<Listing>(table, kind, within);
}

std::string table_name(const std::string& vrf) {
  return vrf == kDefaultVrf ? std::string() : fmt::format("\nRouting Table: {}\n", vrf);
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

/// IOS lists the subnets when it is asked for a network by class that has some.
Pieces major_entry(std::shared_ptr<Listing> listing, const Prefix& network, const std::string& title) {
  const auto& major = listing->majors[network];
  auto text = fmt::format("{}Routing entry for {}, {} known subnets\n", title, network.to_string(), major.routes);
  if (major.connected > 0) text += fmt::format("  Attached ({} connections)\n", major.connected);
  if (major.masks.size() > 1) text += fmt::format("  Variably subnetted with {} masks\n", major.masks.size());
  return joined({one_piece(std::move(text)), each_route(std::move(listing), [place = major.place()](const IpRoute& route) { return render_line(route, place); })});
}

std::string object_json(const IpRoute& route) {
  std::string ways;
  for (const auto& way : route.ways) {
    ways += fmt::format("{}{{\"next_hop\":{},\"interface\":{},\"tag\":{}}}", ways.empty() ? "" : ",",
                        way.next_hop ? quoted_json(way.next_hop->to_string()) : "null",
                        way.interface.empty() ? "null" : quoted_json(way.interface), way.tag);
  }
  const auto* source = route.code == 'S' ? "static" : route.code == 'C' ? "connected" : "local";
  return fmt::format("{{\"prefix\":\"{}\",\"source\":\"{}\",\"distance\":{},\"paths\":[{}]}}", route.prefix.to_string(), source,
                     route.distance, ways);
}

std::string head_json(const std::string& vrf) { return fmt::format("{{\"vrf\":{},\"routes\":[", quoted_json(vrf)); }

}  // namespace

std::optional<IpRoute> find_ip_route(const IpTable& table, IpRouteKind kind, const Prefix& asked) {
  const bool is_host = asked.length() == asked.address().bits();
  IpTable covering = table;
  covering.rows = [&](core::RowQuery query) { return table.rows({query.vrf, asked.address()}); };
  IpRouteReader reader(covering, kind);
  std::vector<IpRoute> found;
  while (reader.read(found)) {
  }
  std::optional<IpRoute> best;
  for (auto& route : found) {
    if (route.prefix == asked) return std::move(route);
    const bool covers = is_host && route.prefix.length() > 0 && route.prefix.contains(asked.address());
    if (covers && (!best || route.prefix.length() > best->prefix.length())) best = std::move(route);
  }
  return best;
}

Pieces ip_routes(const IpTable& table, IpRouteKind kind) {
  const auto listing = make_listing(table, kind);
  return counted(listing, [listing, vrf = table.vrf] {
    return joined({one_piece(fmt::format("{}{}{}", table_name(vrf), kCodes, last_resort(listing->by_default))),
                   each_route(listing, [listing](const IpRoute& route) { return listed_line(*listing, route); })});
  });
}

Pieces ip_routes_json(const IpTable& table, IpRouteKind kind) {
  const auto separator = std::make_shared<std::string_view>("\n");
  const auto object = [separator](const IpRoute& route) { return fmt::format("{}{}", std::exchange(*separator, ",\n"), object_json(route)); };
  return joined({one_piece(head_json(table.vrf)), each_route(make_listing(table, kind), object), one_piece("]}\n")});
}

Pieces ip_route_entry(const IpTable& table, const Prefix& asked) {
  const bool is_host = asked.length() == asked.address().bits();
  const bool is_default = is_host && asked.address() == IpAddress::v4(0);
  const auto network = major_network(Prefix::host(asked.address()));
  const auto found = find_ip_route(table, IpRouteKind::All, is_default ? Prefix(asked.address(), 0) : asked);
  constexpr int kShortestClass = 8;
  const bool may_list = is_host && !is_default && network.address() == asked.address() && network.length() >= kShortestClass;
  if (found && !may_list) return one_piece(table_name(table.vrf) + entry_text(*found));
  const auto listing = make_listing(table, IpRouteKind::All, network);
  return counted(listing, [listing, found, may_list, network, title = table_name(table.vrf)] {
    const auto& major = listing->majors[network];
    if (may_list && major.routes > 0 && major.is_subnetted()) return major_entry(listing, network, title);
    if (found) return one_piece(title + entry_text(*found));
    return one_piece(major.routes > 0 ? "% Subnet not in table\n" : "% Network not in table\n");
  });
}

Pieces ip_route_entry_json(const IpTable& table, IpRouteKind kind, const Prefix& asked) {
  const auto found = find_ip_route(table, kind, asked);
  return one_piece(fmt::format("{}{}]}}\n", head_json(table.vrf), found ? fmt::format("\n{}", object_json(*found)) : std::string()));
}

}  // namespace rri::show
