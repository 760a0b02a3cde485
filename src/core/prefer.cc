#include <fmt/format.h>

#include <algorithm>

#include "core/claim.h"

namespace rri::core {
namespace {

bool is_configured(const Claim& claim) { return claim.kind == RouteKind::Static; }

/// true before false.
std::strong_ordering first(bool a, bool b) { return b <=> a; }

std::strong_ordering by_entry(const Claim& a, const Claim& b) {
  if (a.entry == nullptr || b.entry == nullptr) return first(a.entry == nullptr, b.entry == nullptr);
  return a.entry->rank() <=> b.entry->rank();
}

/// Of two `ip route` lines the one that drops nothing: Null0, or a `permanent` one without its way, comes second.
bool has_way(const Claim& claim) { return claim.exit.type == KernelRouteType::Unicast; }

SaId lowest_sa(const Claim& claim) { return claim.sas.empty() ? SaId{} : claim.sas.front(); }

}  // namespace

std::strong_ordering prefer(const Claim& a, const Claim& b) {
  if (const auto order = a.distance <=> b.distance; order != 0) return order;
  if (const auto order = first(is_configured(a), is_configured(b)); order != 0) return order;
  if (const auto order = first(a.driver == Driver::Sa, b.driver == Driver::Sa); order != 0) return order;
  if (const auto order = first(a.live, b.live); order != 0) return order;
  if (const auto order = by_entry(a, b); order != 0) return order;
  if (const auto order = a.place <=> b.place; order != 0) return order;
  if (const auto order = b.lineage <=> a.lineage; order != 0) return order;
  if (const auto order = lowest_sa(a) <=> lowest_sa(b); order != 0) return order;
  if (const auto order = a.peer <=> b.peer; order != 0) return order;
  if (const auto order = first(has_way(a), has_way(b)); order != 0) return order;
  return a.exit.next_hop <=> b.exit.next_hop;
}

void sort_by_preference(std::vector<Claim*>& claims) {
  std::sort(claims.begin(), claims.end(), [](const Claim* a, const Claim* b) { return prefer(*a, *b) < 0; });
  const bool has_pin = std::any_of(claims.begin(), claims.end(),
                                   [](const Claim* claim) { return claim->kind == RouteKind::Peer; });
  if (!has_pin) return;
  std::stable_partition(claims.begin(), claims.end(),
                        [](const Claim* claim) { return claim->kind != RouteKind::Proxy; });
}

std::string line_text(const StaticRoute& line) {
  auto text = fmt::format("`{} route", line.prefix.family() == Family::V4 ? "ip" : "ipv6");
  if (line.vrf != kDefaultVrf) text += fmt::format(" vrf {}", line.vrf);
  text += fmt::format(" {}", line.prefix.to_string());
  if (line.null0) text += " Null0";
  if (!line.interface.empty()) text += fmt::format(" {}", line.interface);
  if (line.next_hop) text += fmt::format(" {}", line.next_hop->to_string());
  if (!line.next_hop_vrf.empty()) text += line.next_hop_vrf == kDefaultVrf ? " global" : fmt::format(" nexthop-vrf {}", line.next_hop_vrf);
  return text + '`';
}

}  // namespace rri::core
