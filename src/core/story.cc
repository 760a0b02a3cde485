// What happened to a route, and why, in words.

#include <fmt/format.h>

#include "core/state.h"

namespace rri::core {
namespace {

/// "crypto map mymap 10", "ipsec profile P".
std::string entry_text(const Entry& entry) { return entry.is_tunnel ? entry.name() : "crypto map " + entry.name(); }

std::string next_hop_text(const KernelRoute& route) {
  if (route.type == KernelRouteType::Blackhole) return "to Null0";
  std::string text;
  for (const auto& hop : route.next_hops) {
    if (!text.empty()) text += " and ";
    if (hop.gateway) text += fmt::format("via {} ", hop.gateway->to_string());
    text += fmt::format("dev {}", hop.device);
  }
  return text;
}

/// "SA 7 of peer 203.0.113.7 (alice), crypto map mymap 1".
std::string owner_text(const Claim& claim, const World& world) {
  if (claim.line != nullptr) return "an `ip route` line";
  const auto entry = entry_text(*claim.entry);
  if (claim.kind == RouteKind::Peer) return fmt::format("pin of the peer of {}", entry);
  if (claim.driver == Driver::Acl) return fmt::format("access-list {} of {}", claim.entry->acls.front()->name, entry);
  const auto who = claim.identity.empty() ? std::string{} : fmt::format(" ({})", claim.identity);
  const auto* record = world.sas.find(claim.sas.front());
  return fmt::format("SA {} of peer {}{}, {}", record ? record->sa.id.value : 0, claim.peer->to_string(), who, entry);
}

/// Of a route that nothing asks for. A standby group keeps its entries from asking.
std::string withdrawal_reason(const World& world) {
  std::string text = "no SA, access list or `ip route` line asks for it any more";
  for (const auto& [name, active] : world.groups) {
    if (!active) text += fmt::format("; redundancy group {} is standby here", name);
  }
  return text;
}

std::string withdrawal_reason(const KeyPlan* plan, const KernelRoute& route, const World& world) {
  if (plan == nullptr) return withdrawal_reason(world);
  for (const auto* claim : plan->claims) {
    if (claim->refusal) return fmt::format("guard rule {}: {}", claim->refusal->rule, claim->refusal->text);
    if (claim->exit.state == Exit::State::Pending) return claim->exit.reason;
  }
  if (plan->desired && plan->desired->key == route.key) return "it is taken out to be made anew";
  return "its place is taken by another distance";
}

std::string outcome_text(const OpReport& report, const KeyPlan* plan, const World& world) {
  if (report.outcome != OpOutcome::Done) return report.text;
  if (report.operation.kind == RouteOp::Kind::Delete) return withdrawal_reason(plan, report.operation.route, world);
  return plan != nullptr && plan->winner != nullptr ? owner_text(*plan->winner, world) : "no longer wanted";
}

std::string verb(const OpReport& report) {
  const auto kind = report.operation.kind;
  if (report.outcome != OpOutcome::Done) {
    return kind == RouteOp::Kind::Add ? "could not be added" : kind == RouteOp::Kind::Change ? "could not be changed" : "could not be removed";
  }
  return kind == RouteOp::Kind::Add ? "added" : kind == RouteOp::Kind::Change ? "changed" : "removed";
}

}  // namespace

LogLine tell(const OpReport& report, const Planner& planner, const World& world) {
  const auto& route = report.operation.route;
  const auto level = report.outcome == OpOutcome::Done ? LogLine::Level::Info : LogLine::Level::Warning;
  return {level, fmt::format("route {} {} {}, table {}: {}", route.key.prefix.to_string(), next_hop_text(route),
                             verb(report), route.key.vrf, outcome_text(report, planner.find(report.key), world))};
}

LogLine tell_like_ios(const OpReport& report) {
  const auto& route = report.operation.route;
  const auto& next_hop = report.operation.next_hop;
  const auto via = next_hop                  ? next_hop->to_string()
                   : route.next_hops.empty() ? std::string("Null0")
                                             : route.next_hops.front().device;
  const auto table = route.key.vrf == kDefaultVrf ? std::string("IP DEFAULT TABLE") : fmt::format("IP TABLE {}", route.key.vrf);
  const auto action = report.operation.kind == RouteOp::Kind::Delete ? "Removed" : "Added";
  const auto prefix = route.key.prefix.family() == Family::V4
                          ? fmt::format("{} {}", route.key.prefix.address().to_string(), route.key.prefix.mask().to_string())
                          : route.key.prefix.to_string();
  return {LogLine::Level::Debug,
          fmt::format("IPSEC(rte_mgr): VPN Route {} {} via {} in {} with tag {} distance {}", action, prefix, via, table,
                      report.operation.tag, route.key.metric >> 24)};
}

}  // namespace rri::core
