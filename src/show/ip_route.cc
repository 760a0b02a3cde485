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

struct TableLine {
  Prefix prefix;
  char code = 'S';
  std::vector<std::string> ways;  // "[1/0] via 10.0.0.2", "is directly connected, Gi..."
};

/// The network by class that a prefix lies in; the prefix itself when it is wider.
Prefix major_network(const Prefix& prefix) {
  const auto first = prefix.address().bytes()[0];
  const int length = first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 4;
  return prefix.length() < length ? prefix : Prefix(prefix.address(), length);
}

std::string name_of_device(const core::Snapshot& snapshot, const std::string& device) {
  for (const auto& view : snapshot.interfaces) {
    if (view.device == device) return view.name;
  }
  return device;
}

void add_connected(const core::Snapshot& snapshot, const std::string& vrf, std::map<Prefix, TableLine>& lines) {
  for (const auto& link : snapshot.links) {
    if (link.vrf != vrf || !link.up) continue;
    for (const auto& address : link.addresses) {
      if (!address.address.is_v4() || address.address.bytes()[0] == 127) continue;
      const auto way = fmt::format("is directly connected, {}", name_of_device(snapshot, link.name));
      lines[address.network()] = {address.network(), 'C', {way}};
      const Prefix host(address.address, 32);
      lines[host] = {host, address.prefix_length == 32 ? 'C' : 'L', {way}};
    }
  }
}

std::string way_of(const RouteRow& row) {
  const auto& interface = row.interface.empty() ? row.device : row.interface;
  if (row.next_hop) return fmt::format("[{}/0] via {}", row.distance, row.next_hop->to_string());
  return fmt::format("is directly connected, {}", interface.empty() ? "Null0" : interface);
}

std::map<Prefix, TableLine> collect(const core::Snapshot& snapshot, const std::string& vrf, bool only_static) {
  std::map<Prefix, TableLine> lines;
  if (!only_static) add_connected(snapshot, vrf, lines);
  for (const auto& row : snapshot.routes) {
    const bool in_use = row.state == RouteState::Active || row.state == RouteState::Held;
    if (row.vrf != vrf || !in_use || row.prefix.family() != Family::V4) continue;
    auto& line = lines[row.prefix];
    if (line.code == 'C' || line.code == 'L') continue;
    line.prefix = row.prefix;
    line.ways.push_back(way_of(row));
  }
  return lines;
}

std::string render_line(const TableLine& line, bool is_subnet) {
  const std::string code = line.prefix.length() == 0 ? "S*" : std::string(1, line.code);
  const int indent = is_subnet ? 9 : 6;
  const auto prefix = line.prefix.to_string();
  auto text = fmt::format("{:<{}}{} {}\n", code, indent, prefix, line.ways.front());
  for (std::size_t i = 1; i < line.ways.size(); ++i) {
    text += fmt::format("{:{}}{}\n", "", static_cast<std::size_t>(indent) + prefix.size() + 1, line.ways[i]);
  }
  return text;
}

std::string major_header(const Prefix& major, const std::vector<const TableLine*>& lines) {
  std::set<int> masks;
  for (const auto* line : lines) masks.insert(line->prefix.length());
  if (masks.size() == 1) {
    return fmt::format("      {}/{} is subnetted, {} subnets\n", major.address().to_string(), *masks.begin(), lines.size());
  }
  return fmt::format("      {} is variably subnetted, {} subnets, {} masks\n", major.to_string(), lines.size(), masks.size());
}

std::string last_resort(const std::map<Prefix, TableLine>& lines) {
  const auto found = lines.find(Prefix(IpAddress::v4(0), 0));
  if (found == lines.end()) return "Gateway of last resort is not set\n\n";
  const auto& way = found->second.ways.front();
  const auto via = way.find("via ");
  if (via == std::string::npos) return "Gateway of last resort is 0.0.0.0 to network 0.0.0.0\n\n";
  return fmt::format("Gateway of last resort is {} to network 0.0.0.0\n\n", way.substr(via + 4));
}

}  // namespace

std::string ip_routes(const core::Snapshot& snapshot, const std::string& vrf, bool only_static) {
  const auto lines = collect(snapshot, vrf, only_static);
  std::map<Prefix, std::vector<const TableLine*>> majors;
  for (const auto& [prefix, line] : lines) majors[major_network(prefix)].push_back(&line);
  std::string text = vrf == kDefaultVrf ? std::string() : fmt::format("\nRouting Table: {}\n", vrf);
  text += kCodes;
  text += last_resort(lines);
  for (const auto& [major, members] : majors) {
    const bool subnetted = members.size() > 1 || members.front()->prefix != major;
    if (subnetted) text += major_header(major, members);
    for (const auto* line : members) text += render_line(*line, subnetted);
  }
  return text;
}

std::string ip_route_entry(const core::Snapshot& snapshot, const std::string& vrf, const Prefix& asked) {
  const auto lines = collect(snapshot, vrf, false);
  const TableLine* best = nullptr;
  for (const auto& [prefix, line] : lines) {
    const bool covers = prefix.length() <= asked.length() && prefix.contains(asked.address());
    if (covers && prefix.length() > 0 && (best == nullptr || prefix.length() > best->prefix.length())) best = &line;
  }
  if (best == nullptr) return "% Network not in table\n";
  const bool is_static = best->code == 'S';
  auto text = fmt::format("{}Routing entry for {}\n", vrf == kDefaultVrf ? "" : fmt::format("\nRouting Table: {}\n", vrf),
                          best->prefix.to_string());
  const auto& first = best->ways.front();
  const auto distance = is_static && first.front() == '[' ? first.substr(1, first.find('/') - 1) : is_static ? "1" : "0";
  text += fmt::format("  Known via \"{}\", distance {}, metric 0{}\n  Routing Descriptor Blocks:\n",
                      is_static ? "static" : "connected", distance, first.front() == '[' ? "" : " (connected)");
  for (const auto& way : best->ways) {
    const auto via = way.find("via ");
    const auto where = via == std::string::npos ? fmt::format("directly connected, via {}", way.substr(way.find(", ") + 2))
                                                : way.substr(via + 4);
    text += fmt::format("  * {}\n      Route metric is 0, traffic share count is 1\n", where);
  }
  return text;
}

}  // namespace rri::show
