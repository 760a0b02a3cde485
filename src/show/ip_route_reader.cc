#include "show/ip_route_reader.h"

#include <string>
#include <utility>

namespace rri::show {

namespace {

std::string name_of_device(const core::Summary& snapshot, const std::string& device) {
  for (const auto& view : snapshot.interfaces) {
    if (view.device == device) return view.name;
  }
  return device;
}

/// Loopback, and the link-local addresses of IPv6: no router has them in its table.
bool is_only_local(const IpAddress& address) {
  const auto& bytes = address.bytes();
  if (address.is_v4()) return bytes[0] == 127;
  return address == IpAddress::try_parse("::1") || (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80);
}

/// What the host is connected to in one VRF, by prefix.
std::map<Prefix, IpRoute> connected_routes(const core::Summary& snapshot, const std::string& vrf, Family family) {
  std::map<Prefix, IpRoute> routes;
  for (const auto& link : snapshot.links) {
    if (link.vrf != vrf || !link.up) continue;
    for (const auto& address : link.addresses) {
      if (address.address.family() != family || is_only_local(address.address)) continue;
      const IpRoute::Way way{std::nullopt, name_of_device(snapshot, link.name), 0};
      routes[address.network()] = {address.network(), 'C', 0, {way}};
      const auto host = Prefix::host(address.address);
      routes[host] = {host, address.prefix_length == host.length() ? 'C' : 'L', 0, {way}};
    }
  }
  return routes;
}

IpRoute::Way way_of(const core::Summary& snapshot, const RouteRow& row) {
  IpRoute::Way way{row.next_hop, {}, row.tag};
  if (row.kind == RouteKind::Static || !row.next_hop) way.interface = row.interface;
  if (!row.next_hop && way.interface.empty()) way.interface = name_of_device(snapshot, row.device);
  return way;
}

}  // namespace

Prefix major_network(const Prefix& prefix) {
  const auto first = prefix.address().bytes()[0];
  const int length = first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 4;
  return prefix.length() < length ? prefix : Prefix(prefix.address(), length);
}

IpRouteReader::IpRouteReader(const IpTable& table, IpRouteKind kind, std::optional<Prefix> within)
    : summary_(table.summary), family_(table.family), is_wanted_(kind != IpRouteKind::Connected), within_(within) {
  if (kind != IpRouteKind::Static) connected_ = connected_routes(*summary_, table.vrf, family_);
  next_ = connected_.begin();
  if (is_wanted_) rows_ = table.rows({table.vrf, std::nullopt, within});
}

bool IpRouteReader::read(std::vector<IpRoute>& out) {
  std::vector<RouteRow> some;
  const bool more = is_wanted_ && rows_(some);
  for (std::size_t i = 0; i < some.size();) i = take_prefix(some, i, out);
  if (!more) take_connected_before(nullptr, out);
  return more;
}

/// The rows of one prefix come together. Gives where the next one begins.
std::size_t IpRouteReader::take_prefix(const std::vector<RouteRow>& rows, std::size_t first, std::vector<IpRoute>& out) {
  const auto& prefix = rows[first].prefix;
  IpRoute route;
  route.prefix = prefix;
  auto i = first;
  for (; i < rows.size() && rows[i].prefix == prefix; ++i) {
    const bool in_use = rows[i].state == RouteState::Active || rows[i].state == RouteState::Held;
    if (!in_use || prefix.family() != family_) continue;
    route.distance = rows[i].distance;
    route.ways.push_back(way_of(*summary_, rows[i]));
  }
  if (route.ways.empty()) return i;
  take_connected_before(&prefix, out);
  if (!connected_.contains(prefix)) out.push_back(std::move(route));
  return i;
}

void IpRouteReader::take_connected_before(const Prefix* limit, std::vector<IpRoute>& out) {
  for (; next_ != connected_.end() && (limit == nullptr || next_->first <= *limit); ++next_) {
    if (!within_ || within_->contains(next_->first)) out.push_back(next_->second);
  }
}

}  // namespace rri::show
