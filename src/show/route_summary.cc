// `show ip route summary`, `show ipv6 route summary`.
#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "show/ip_route_reader.h"
#include "show/json.h"
#include "show/tables.h"

namespace rri::show {

namespace {

/// Routes of one source: whole networks by class, and subnets of them.
struct Sum {
  std::size_t networks = 0;
  std::size_t subnets = 0;

  [[nodiscard]] std::size_t all() const { return networks + subnets; }
};

struct Sums {
  Sum connected;
  Sum local;
  Sum fixed;                       // `static`: RRI's among them
  std::set<Prefix> majors;         // networks by class that have subnets
  std::map<int, std::size_t> lengths;

  void count(const IpRoute& route) {
    auto& sum = route.code == 'S' ? fixed : route.code == 'C' ? connected : local;
    const auto major = route.prefix.family() == Family::V4 ? major_network(route.prefix) : route.prefix;
    ++(major == route.prefix ? sum.networks : sum.subnets);
    if (major != route.prefix) majors.insert(major);
    ++lengths[route.prefix.length()];
  }
};

std::string json(const Sums& sums, const std::string& vrf) {
  return fmt::format("{{\"vrf\":{},\"connected\":{},\"local\":{},\"static\":{},\"total\":{}}}\n", quoted_json(vrf), sums.connected.all(), sums.local.all(),
                     sums.fixed.all(), sums.connected.all() + sums.local.all() + sums.fixed.all());
}

/// Memory is not counted by route here. IOS's `connected` has the local ones in it.
std::string ipv4_text(const Sums& sums, const std::string& vrf) {
  constexpr auto kRow = "{:<15} {:<11} {:<11} {:<11} {:<11} {}\n";
  const Sum near{sums.connected.networks + sums.local.networks, sums.connected.subnets + sums.local.subnets};
  auto text = fmt::format("IP routing table name is {} ({})\nIP routing table maximum-paths is 32\n", vrf, vrf == kDefaultVrf ? "0x0" : "0x1");
  text += fmt::format(kRow, "Route Source", "Networks", "Subnets", "Replicates", "Overhead", "Memory (bytes)");
  text += fmt::format(kRow, "connected", near.networks, near.subnets, 0, 0, 0);
  text += fmt::format(kRow, "static", sums.fixed.networks, sums.fixed.subnets, 0, 0, 0);
  text += fmt::format(kRow, "internal", sums.majors.size(), "", "", "", 0);
  return text + fmt::format(kRow, "Total", near.networks + sums.fixed.networks + sums.majors.size(), near.subnets + sums.fixed.subnets, 0, 0, 0);
}

std::string ipv6_text(const Sums& sums, const std::string& vrf) {
  constexpr auto kRow = "{:<15} {:<11} {:<11} {}\n";
  const auto total = sums.connected.all() + sums.local.all() + sums.fixed.all();
  auto text = fmt::format("IPv6 routing table name is {}({}) global scope - {} entries\nIPv6 routing table default maximum-paths is 16\n", vrf,
                          vrf == kDefaultVrf ? 0 : 1, total);
  text += fmt::format(kRow, "Route Source", "Networks", "Overhead", "Memory (bytes)");
  text += fmt::format(kRow, "connected", sums.connected.all(), 0, 0);
  text += fmt::format(kRow, "local", sums.local.all(), 0, 0);
  text += fmt::format(kRow, "static", sums.fixed.all(), 0, 0);
  text += fmt::format(kRow, "Total", total, 0, 0);
  std::string lengths;
  for (const auto& [length, count] : sums.lengths) lengths += fmt::format("{}/{}: {}", lengths.empty() ? "" : ", ", length, count);
  return text + fmt::format("\n  Number of prefixes:\n    {}\n\n", lengths);
}

}  // namespace

Pieces ip_route_summary(const IpTable& table, bool is_json) {
  const auto reader = std::make_shared<IpRouteReader>(table, IpRouteKind::All);
  const auto sums = std::make_shared<Sums>();
  const auto step = [reader, sums] {
    std::vector<IpRoute> some;
    const bool more = reader->read(some);
    for (const auto& route : some) sums->count(route);
    return more;
  };
  if (table.family == Family::V6 && !is_json) sums->count(IpRoute{*Prefix::parse("ff00::/8"), 'L', 0, {}});  // `show ipv6 route` has it, too
  return prepared(step, [sums, is_json, vrf = table.vrf, family = table.family] {
    return one_piece(is_json ? json(*sums, vrf) : family == Family::V4 ? ipv4_text(*sums, vrf) : ipv6_text(*sums, vrf));
  });
}

}  // namespace rri::show
