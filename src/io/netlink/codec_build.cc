#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "base/assert.h"
#include "io/netlink/codec.h"
#include "io/netlink/limits.h"

namespace rri::netlink {
namespace {

std::uint8_t address_family(Family family) { return family == Family::V4 ? AF_INET : AF_INET6; }

std::uint16_t flags_of(RequestBuffer::RouteChange change) {
  switch (change) {
    case RequestBuffer::RouteChange::Add:
      return NLM_F_CREATE | NLM_F_EXCL;
    case RequestBuffer::RouteChange::Change:
      return NLM_F_REPLACE;  // without CREATE: what is not there is not replaced
    case RequestBuffer::RouteChange::Delete:
      return 0;
  }
  return 0;
}

/// As ip-route(8) chooses it: the kernel takes a gateway only with a wider scope.
std::uint8_t scope_of(RequestBuffer::RouteChange change, const RouteMessage& route) {
  if (change == RequestBuffer::RouteChange::Delete) return RT_SCOPE_NOWHERE;  // any
  const bool by_device = route.type == RTN_UNICAST && route.destination.family() == Family::V4 &&
                         !route.hops.empty() && !route.hops.front().gateway;
  return by_device && route.hops.size() == 1 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

}  // namespace

void RequestBuffer::gateway(Family route_family, const IpAddress& gateway) {
  if (gateway.family() == route_family) return attribute(RTA_GATEWAY, gateway);
  std::array<std::uint8_t, 18> via{};
  const std::uint16_t family = address_family(gateway.family());
  std::memcpy(via.data(), &family, sizeof family);
  const auto bytes = gateway.bytes();
  std::memcpy(via.data() + sizeof family, bytes.data(), bytes.size());
  attribute(RTA_VIA, std::span(via).first(sizeof family + bytes.size()));
}

void RequestBuffer::hops(Family family, const RouteMessage& route) {
  if (route.hops.size() == 1) {
    const auto& hop = route.hops.front();
    if (hop.gateway) gateway(family, *hop.gateway);
    if (hop.device != 0) attribute(RTA_OIF, hop.device);
    return;
  }
  const auto start = bytes_.size();
  attribute(RTA_MULTIPATH, std::span<const std::uint8_t>{});
  for (const auto& hop : route.hops) {
    const auto at = bytes_.size();
    bytes_.resize(at + sizeof(rtnexthop));
    if (hop.gateway) gateway(family, *hop.gateway);
    rtnexthop header{};
    header.rtnh_len = static_cast<std::uint16_t>(bytes_.size() - at);
    header.rtnh_flags = hop.flags & RTNH_F_ONLINK;
    header.rtnh_ifindex = static_cast<int>(hop.device);
    std::memcpy(bytes_.data() + at, &header, sizeof header);
  }
  const auto length = static_cast<std::uint16_t>(bytes_.size() - start);
  std::memcpy(bytes_.data() + start, &length, sizeof length);
}

/// net.ipv4.tcp_reordering's default.
void RequestBuffer::reordering() {
  constexpr std::uint32_t kDefault = 3;
  const auto start = bytes_.size();
  attribute(RTA_METRICS, std::span<const std::uint8_t>{});
  attribute(RTAX_REORDERING, kDefault);
  const auto length = static_cast<std::uint16_t>(bytes_.size() - start);
  std::memcpy(bytes_.data() + start, &length, sizeof length);
}

void RequestBuffer::route(const RouteRequest& request, const RouteMessage& route) {
  RRI_ASSERT(route.hops.size() <= kMaxNextHops);
  const bool is_delete = request.change == RouteChange::Delete;
  const auto family = route.destination.family();
  rtmsg header{};
  header.rtm_family = address_family(family);
  header.rtm_dst_len = static_cast<std::uint8_t>(route.destination.length());
  header.rtm_table = static_cast<std::uint8_t>(route.table < 256 ? route.table : +RT_TABLE_UNSPEC);
  header.rtm_protocol = route.protocol;
  header.rtm_scope = scope_of(request.change, route);
  header.rtm_type = route.type;
  if (route.hops.size() == 1 && !is_delete) header.rtm_flags = route.hops.front().flags & RTNH_F_ONLINK;
  const auto start =
      begin(is_delete ? RTM_DELROUTE : RTM_NEWROUTE, flags_of(request.change), request.sequence, header);
  attribute(RTA_DST, route.destination.address());
  if (route.table >= 256) attribute(RTA_TABLE, route.table);
  attribute(RTA_PRIORITY, route.metric);
  if (!is_delete && route.source) attribute(RTA_PREFSRC, *route.source);
  if (!is_delete && route.realm != 0) attribute(RTA_FLOW, route.realm);
  if (!is_delete && route.states_reordering) reordering();
  // IPv4 finds the route by prefix, metric and protocol, whatever became of its device.
  if (!route.hops.empty() && !(is_delete && family == Family::V4)) hops(family, route);
  end(start);
}

void RequestBuffer::dump_links(std::uint32_t sequence) {
  end(begin(RTM_GETLINK, NLM_F_DUMP, sequence, ifinfomsg{}));
}

void RequestBuffer::dump_addresses(std::uint32_t sequence) {
  end(begin(RTM_GETADDR, NLM_F_DUMP, sequence, ifaddrmsg{}));
}

void RequestBuffer::dump_neighbours(std::uint32_t sequence) {
  ndmsg header{};
  header.ndm_family = AF_INET;
  end(begin(RTM_GETNEIGH, NLM_F_DUMP, sequence, header));
}

void RequestBuffer::dump_routes(std::uint32_t sequence, const RouteFilter& filter) {
  rtmsg header{};
  header.rtm_family = address_family(filter.family);
  header.rtm_protocol = filter.protocol;
  const auto start = begin(RTM_GETROUTE, NLM_F_DUMP, sequence, header);
  if (filter.table != 0) attribute(RTA_TABLE, filter.table);
  if (filter.device != 0) attribute(RTA_OIF, filter.device);
  end(start);
}

void RequestBuffer::path(std::uint32_t sequence, const PathRequest& request) {
  rtmsg header{};
  header.rtm_family = address_family(request.address.family());
  header.rtm_dst_len = static_cast<std::uint8_t>(request.address.bits());
  // IPv6 always tells the table, and refuses to be asked for it.
  if (request.address.is_v4()) header.rtm_flags = RTM_F_LOOKUP_TABLE;
  if (request.fib_match) header.rtm_flags |= RTM_F_FIB_MATCH;
  const auto start = begin(RTM_GETROUTE, 0, sequence, header);
  attribute(RTA_DST, request.address);
  if (request.device != 0) attribute(RTA_OIF, request.device);
  end(start);
}

void RequestBuffer::link(std::uint32_t sequence, std::uint32_t index) {
  ifinfomsg header{};
  header.ifi_index = static_cast<int>(index);
  end(begin(RTM_GETLINK, 0, sequence, header));
}

}  // namespace rri::netlink
