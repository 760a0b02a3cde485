#include "show/routes.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "show/json.h"

namespace rri::show {

namespace {

constexpr std::string_view kCryptoHeader =
    "VPN Routing Table: Shows RRI and VTI created routes\n"
    "Codes: RRI - Reverse-Route, VTI- Virtual Tunnel Interface\n"
    "        S - Static Map ACLs\n";

constexpr std::string_view kStaticHeader =
    "Codes: M - Manual static, A - AAA download, N - IP NAT, D - DHCP,\n"
    "       G - GPRS, V - Crypto VPN, C - CASA, P - Channel interface processor,\n"
    "       B - BootP, S - Service selection gateway\n"
    "       DN - Default Network, T - Tracking object\n"
    "       L - TL1, E - OER, I - iEdge\n"
    "       D1 - Dot1x Vlan Network, K - MWAM Route\n"
    "       PP - PPP default route, MR - MRIPv6, SS - SSLVPN\n"
    "       H - IPe Host, ID - IPe Domain Broadcast\n"
    "       U - User GPRS, TE - MPLS Traffic-eng, LI - LIIN\n"
    "       IR - ICMP Redirect\n"
    "Codes in []: A - active, N - non-active, B - BFD-tracked, D - Not Tracked, P - permanent\n"
    "\n";

/// "10.0.0.0/255.255.0.0" as Cisco writes it; IPv6 goes by length.
std::string with_mask(const Prefix& prefix) {
  if (prefix.family() == Family::V6) return prefix.to_string();
  return fmt::format("{}/{}", prefix.address().to_string(), prefix.mask().to_string());
}

bool is_in_use(const RouteRow& row) { return row.state == RouteState::Active || row.state == RouteState::Held; }

/// The interface as the configuration calls it, which is where the map is; a
/// tunnel device has no such name.
const std::string& interface_name(const RouteRow& row) {
  return row.interface.empty() ? row.device : row.interface;
}

std::string flags(const RouteRow& row) { return row.driver == Driver::Acl ? "RRI S" : "RRI"; }

std::string state_note(const RouteRow& row) {
  if (row.state == RouteState::Active && row.reason.empty()) return {};
  if (row.reason.empty()) return fmt::format(" ({})", to_string(row.state));
  return fmt::format(" ({}: {})", to_string(row.state), row.reason);
}

std::string crypto_line(const RouteRow& row) {
  const auto via = row.next_hop ? fmt::format(" via {}", row.next_hop->to_string()) : " is directly connected";
  return fmt::format("{} [{}/{}]{}\n{:32}on {} {}{}\n", with_mask(row.prefix), row.distance, row.tag, via, "",
                     interface_name(row), flags(row), state_note(row));
}

std::string crypto_details(const RouteRow& row) {
  // Entries of maps begin at 1; a tunnel interface has none.
  std::string text = row.sequence == 0 ? fmt::format("        ipsec profile {}", row.map)
                                       : fmt::format("        crypto map {} {}", row.map, row.sequence);
  if (!row.dynamic_map.empty()) text += fmt::format(", dynamic-map {} {}", row.dynamic_map, row.template_sequence);
  text += fmt::format(", {}", row.kind == RouteKind::Peer ? "route to the peer" : "route to the remote proxy");
  if (row.peer) text += fmt::format(", peer {}", row.peer->to_string());
  text += '\n';
  if (!row.device.empty()) {
    text += fmt::format("        device {}", row.device);
    if (row.gateway) text += fmt::format(", gateway {}", row.gateway->to_string());
    text += '\n';
  }
  for (const auto& owner : row.owners) text += fmt::format("        owner {}\n", owner);
  return text;
}

std::string table_title(const std::string& vrf) {
  return vrf == kDefaultVrf ? "GLOBAL DEFAULT" : fmt::format("VRF {}", vrf);
}

/// One walk over rows; a piece is what the reader gave at once.
struct Walk {
  core::Rows rows;
  std::function<bool(const RouteRow&)> is_wanted;
  /// `previous`: the row before it, null for the first.
  std::function<std::string(const RouteRow&, const RouteRow* previous)> render;
  std::string head;
  std::string tail;
  std::string none;  // in place of rows where there is none
};

Pieces walk(Walk plan) {
  return [plan = std::move(plan), last = std::optional<RouteRow>(), has_begun = false](std::string& out) mutable {
    if (!std::exchange(has_begun, true)) out += plan.head;
    std::vector<RouteRow> some;
    const bool more = plan.rows(some);
    for (auto& row : some) {
      if (!plan.is_wanted(row)) continue;
      out += plan.render(row, last ? &*last : nullptr);
      last = std::move(row);
    }
    if (more) return true;
    if (!last) out += plan.none;
    out += plan.tail;
    return false;
  };
}

Walk json_walk(core::Rows rows, bool detail) {
  Walk plan;
  plan.rows = std::move(rows);
  plan.head = "{\"routes\":[";
  plan.tail = "]}\n";
  plan.render = [detail](const RouteRow& row, const RouteRow* previous) {
    const std::string_view separator = previous == nullptr ? "\n" : ",\n";
    return fmt::format("{}{}", separator, detail ? detailed_route_json(row) : route_json(row));
  };
  return plan;
}

bool is_injected(const RouteRow& row) { return row.kind != RouteKind::Static; }
bool is_in_static_table(const RouteRow& row) { return row.state != RouteState::Refused && row.prefix.family() == Family::V4; }

/// `M  10.1.1.0/24 [1/0] via GigabitEthernet2 10.16.0.2 [A]`; further lines of a
/// prefix leave the prefix out.
std::string static_line(const RouteRow& row, const RouteRow* previous) {
  const auto prefix = row.prefix.to_string();
  const bool repeats = previous != nullptr && previous->vrf == row.vrf && previous->prefix == row.prefix;
  const auto interface = row.kind == RouteKind::Static ? row.interface : row.next_hop ? std::string() : interface_name(row);
  std::string via;
  if (!interface.empty()) via += fmt::format(" {}", interface);
  if (row.next_hop) via += fmt::format(" {}", row.next_hop->to_string());
  return fmt::format("{}  {:{}} [{}/0] via{} [{}]\n", row.kind == RouteKind::Static ? "M" : "V",
                     repeats ? "" : prefix, prefix.size(), row.distance, via,
                     is_in_use(row) || row.state == RouteState::Shadowed ? "A" : "N");
}

}  // namespace

std::string paragraph(const std::vector<std::string>& lines) {
  std::string text(lines.empty() ? "" : "\n");
  for (const auto& line : lines) text += line + '\n';
  return text;
}

Pieces crypto_routes(core::Rows rows, const RouteQuery& query) {
  auto plan = json_walk(std::move(rows), query.detail);
  plan.is_wanted = is_injected;
  if (query.format == Format::Json) return walk(std::move(plan));
  plan.head = kCryptoHeader;
  plan.none = fmt::format("\nRoutes created in table {}\n", table_title(query.vrf.value_or(std::string(kDefaultVrf))));
  plan.tail = paragraph(query.remarks);
  plan.render = [detail = query.detail](const RouteRow& row, const RouteRow* previous) {
    std::string text;
    if (previous == nullptr || previous->vrf != row.vrf) text = fmt::format("\nRoutes created in table {}\n", table_title(row.vrf));
    text += crypto_line(row);
    return detail ? text + crypto_details(row) : text;
  };
  return walk(std::move(plan));
}

Pieces static_routes(core::Rows rows, const RouteQuery& query) {
  auto plan = json_walk(std::move(rows), query.detail);
  plan.is_wanted = is_in_static_table;
  if (query.format == Format::Json) return walk(std::move(plan));
  plan.head = fmt::format("{}Static local RIB for {}\n\n", kStaticHeader, query.vrf.value_or(std::string(kDefaultVrf)));
  plan.tail.clear();
  plan.render = static_line;
  return walk(std::move(plan));
}

}  // namespace rri::show
