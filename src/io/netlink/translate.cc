#include "io/netlink/translate.h"

#include <linux/rtnetlink.h>

#include "io/netlink/limits.h"

namespace rri::netlink {
namespace {

HopMessage hop_message(const KernelNextHop& hop, std::uint32_t device) {
  return {hop.gateway, device, static_cast<std::uint8_t>(hop.onlink ? RTNH_F_ONLINK : 0)};
}

RouteMessage without_hops(const KernelRoute& route, std::uint32_t table, std::uint8_t protocol) {
  RouteMessage message;
  message.destination = route.key.prefix;
  message.protocol = protocol;
  message.table = table;
  message.metric = route.key.metric;
  return message;
}

}  // namespace

Result<RouteMessage> to_message(const KernelRoute& route, const LinkTable& links, std::uint8_t protocol) {
  const auto table = links.table_of(route.key.vrf);
  if (!table) return fail("there is no VRF device {}", route.key.vrf);
  if (route.next_hops.size() > kMaxNextHops) return fail("more than {} next hops", kMaxNextHops);
  auto message = without_hops(route, *table, protocol);
  message.source = route.source;
  message.realm = route.realm;
  message.type = route.type == KernelRouteType::Blackhole ? RTN_BLACKHOLE : RTN_UNICAST;
  if (route.type == KernelRouteType::Blackhole) return message;
  if (route.next_hops.empty()) return fail("it has no next hop");
  message.hops.reserve(route.next_hops.size());
  for (const auto& hop : route.next_hops) {
    const auto* link = links.find(hop.device);
    if (link == nullptr) return fail("there is no device {}", hop.device);
    message.hops.push_back(hop_message(hop, link->index));
  }
  return message;
}

std::optional<RouteMessage> to_delete_message(const KernelRoute& route, const LinkTable& links, std::uint8_t protocol) {
  const auto table = links.table_of(route.key.vrf);
  if (!table) return std::nullopt;
  auto message = without_hops(route, *table, protocol);
  if (route.type == KernelRouteType::Blackhole || route.next_hops.size() > kMaxNextHops) return message;
  for (const auto& hop : route.next_hops) {
    const auto* link = links.find(hop.device);
    message.hops.push_back(hop_message(hop, link == nullptr ? 0 : link->index));
  }
  return message;
}

KernelRoute from_message(const RouteMessage& message, const LinkTable& links) {
  KernelRoute route;
  route.key = {links.vrf_of(message.table), message.destination, message.metric};
  route.source = message.source;
  route.realm = message.realm;
  if (message.type != RTN_UNICAST) {
    route.type = KernelRouteType::Blackhole;
    return route;
  }
  route.next_hops.reserve(message.hops.size());
  for (const auto& hop : message.hops) {
    route.next_hops.push_back({hop.gateway, links.name_of(hop.device), (hop.flags & RTNH_F_ONLINK) != 0});
  }
  return route;
}

}  // namespace rri::netlink
