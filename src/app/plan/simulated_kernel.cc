#include "app/plan/simulated_kernel.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

namespace rri::plan {
namespace {

/// Protocol numbers as a kernel would show them; nothing depends on the values.
constexpr std::uint8_t kOurProtocol = 213;
constexpr std::uint8_t kForeignProtocol = 4;  // RTPROT_STATIC

KernelRoute foreign_route(const std::string& vrf, const Prefix& prefix, const KernelNextHop& hop) {
  KernelRoute route;
  route.key = {vrf, prefix, 0};
  route.next_hops = {hop};
  return route;
}

bool has_address(const Link& link, const IpAddress& address) {
  return std::any_of(link.addresses.begin(), link.addresses.end(), [&](const auto& own) { return own.address == address; });
}

bool uses_device(const KernelRoute& route, const std::string& device) {
  return std::any_of(route.next_hops.begin(), route.next_hops.end(),
                     [&](const KernelNextHop& hop) { return hop.device == device; });
}

}  // namespace

bool vrf_before(const std::string& a, const std::string& b) {
  const bool a_named = a != kDefaultVrf;
  const bool b_named = b != kDefaultVrf;
  return std::tie(a_named, a) < std::tie(b_named, b);
}

bool tells_before(const Operation& a, const Operation& b) {
  const int a_order = core::operation_order(a.kind, a.purpose);
  const int b_order = core::operation_order(b.kind, b.purpose);
  if (a_order != b_order) return a_order < b_order;
  if (a.vrf != b.vrf) return vrf_before(a.vrf, b.vrf);
  return a.prefix < b.prefix;
}

// ---- what happens to the host ---------------------------------------------

std::vector<core::Event> SimulatedKernel::set_config(const Config& config) {
  const auto before = links_.list();
  links_.set_config(config);
  underlay_.assumption().set_config(config);
  read_static_lines(config);
  answers_stale_ = true;
  return after_links_changed(before != links_.list());
}

std::vector<core::Event> SimulatedKernel::set_link(const std::string& device, bool up) {
  links_.set_up(device, up);
  std::vector<core::Event> events{core::LinkChanged{*links_.find(device)}};
  auto more = after_links_changed(false);
  std::move(more.begin(), more.end(), std::back_inserter(events));
  return events;
}

std::vector<core::Event> SimulatedKernel::see_sa(const Sa& sa) {
  if (sa.entry && underlay_.assumption().add_peer(sa.peer, sa.entry->map)) answers_stale_ = true;
  if (sa.if_id == 0) return {};
  const auto before = links_.links().size();
  links_.need_tunnel(sa.if_id);
  return after_links_changed(links_.links().size() != before);
}

std::vector<core::Event> SimulatedKernel::after_links_changed(bool with_list) {
  std::vector<core::Event> events;
  if (with_list) events.emplace_back(core::LinkList{links_.list()});
  underlay_stale_ = answers_stale_ = true;
  auto dead = remove_dead_routes();
  std::move(dead.begin(), dead.end(), std::back_inserter(events));
  auto foreign = foreign_changes();
  std::move(foreign.begin(), foreign.end(), std::back_inserter(events));
  return events;
}

bool SimulatedKernel::is_dead(const KernelRoute& route) const {
  if (!links_.has_vrf(route.key.vrf)) return true;
  if (route.type == KernelRouteType::Blackhole) return false;
  if (route.source) {
    const auto& links = links_.links();
    const bool owned = std::any_of(links.begin(), links.end(), [&](const auto& item) { return has_address(item.second, *route.source); });
    if (!owned) return true;
  }
  return std::none_of(route.next_hops.begin(), route.next_hops.end(),
                      [&](const KernelNextHop& hop) { return links_.is_up(hop.device); });
}

std::vector<core::Event> SimulatedKernel::remove_dead_routes() {
  std::vector<core::Event> events;
  std::vector<TableKey> affected;
  for (const auto& [key, slot] : table_) {
    if (std::any_of(slot.begin(), slot.end(), [&](const Installed& one) { return is_dead(one.route); })) {
      affected.push_back(key);
    }
  }
  for (const auto& key : affected) {
    auto& slot = touch(key);
    for (const auto& one : slot) {
      if (!is_dead(one.route)) continue;
      if (key.second.family() == Family::V6)
        events.emplace_back(core::RouteNotice{one.route, false, true, kOurProtocol});
    }
    std::erase_if(slot, [&](const Installed& one) { return is_dead(one.route); });
    if (slot.empty()) table_.erase(key);
  }
  return events;
}

std::vector<core::Event> SimulatedKernel::add_route(const std::string& vrf, const Prefix& prefix,
                                                    const KernelNextHop& hop) {
  foreign_[{vrf, prefix}] = hop;
  underlay_stale_ = answers_stale_ = true;
  return foreign_changes();
}

std::vector<core::Event> SimulatedKernel::remove_route(const std::string& vrf, const Prefix& prefix) {
  foreign_.erase({vrf, prefix});
  underlay_stale_ = answers_stale_ = true;
  return foreign_changes();
}

core::Path SimulatedKernel::find_path(const std::string& vrf, const Prefix& prefix, const IpAddress& gateway) {
  rebuild_underlay();
  auto path = underlay_.resolve_gateway(vrf, prefix, gateway);
  for (const auto& [name, link] : links_.links()) {
    // A link that is down now counts: the route comes with it.
    if (!path.is_reachable() && link.vrf == vrf && underlay_.is_on_link(name, gateway)) return {name, {}, {}};
  }
  return path;
}

const KernelNextHop* SimulatedKernel::find_route(const std::string& vrf, const Prefix& prefix) const {
  const auto found = foreign_.find({vrf, prefix});
  return found == foreign_.end() ? nullptr : &found->second;
}

/// A foreign route is in the table while it leads somewhere: whoever made it
/// puts it back when its link returns.
std::vector<core::Event> SimulatedKernel::foreign_changes() {
  rebuild_underlay();
  std::map<TableKey, KernelNextHop> now;
  for (const auto& [key, hop] : foreign_) {
    if (!links_.has_vrf(key.first)) continue;
    if (!hop.device.empty()) {
      if (links_.is_up(hop.device)) now.emplace(key, hop);
      continue;
    }
    const auto path = underlay_.resolve_gateway(key.first, key.second, *hop.gateway);
    if (path.is_reachable())
      now.emplace(key, KernelNextHop{path.gateway ? path.gateway : hop.gateway, path.device, false});
  }
  std::vector<core::Event> events;
  for (const auto& [key, hop] : visible_) {
    if (now.contains(key)) continue;
    events.emplace_back(
        core::RouteNotice{foreign_route(key.first, key.second, hop), false, false, kForeignProtocol});
  }
  for (const auto& [key, hop] : now) {
    const auto known = visible_.find(key);
    if (known != visible_.end() && known->second == hop) continue;
    events.emplace_back(
        core::RouteNotice{foreign_route(key.first, key.second, hop), true, false, kForeignProtocol});
  }
  visible_ = std::move(now);
  return events;
}

void SimulatedKernel::read_static_lines(const Config& config) {
  lines_.clear();
  for (const auto& line : config.static_routes) {
    const auto device = line.interface.empty() ? std::string{} : links_.find_device(line.interface);
    if (line.null0 || (!line.next_hop && device.empty())) continue;
    const KernelKey key{line.vrf, line.prefix, metric_of_distance(line.distance)};
    lines_[key].push_back({line.next_hop, device, !device.empty()});
  }
}

/// One of our `ip route` lines with its next hops as written. In the form that
/// was installed its gateway is resolved already, and it could keep itself alive.
UnderlayRoute SimulatedKernel::as_written(const KernelRoute& route) const {
  const auto line = lines_.find(route.key);
  return {route.key.metric, route.type, line == lines_.end() ? route.next_hops : line->second};
}

void SimulatedKernel::rebuild_underlay() {
  if (!std::exchange(underlay_stale_, false)) return;
  underlay_.reset();
  for (const auto& [key, hops] : lines_) {
    for (const auto& hop : hops) {
      if (hop.gateway && hop.device.empty()) underlay_.add_line(key.vrf, key.prefix, *hop.gateway);
    }
  }
  for (const auto& [key, hop] : foreign_) underlay_.add(key.first, key.second, {0, {}, {hop}});
  for (const auto& [key, slot] : table_) {
    for (const auto& one : slot) {
      if (one.purpose != RouteKind::Static) continue;
      underlay_.add(key.first, key.second, as_written(one.route));
    }
  }
  for (const auto& route : underlay_statics_)
    underlay_.add(route.key.vrf, route.key.prefix, as_written(route));
  underlay_.finish();
}

// ---- what the controller asks for -----------------------------------------

void SimulatedKernel::unwatch(const core::PathQuery& query) {
  fresh_.erase(query);
  answers_.erase(query);
}

void SimulatedKernel::forget_watches() {
  fresh_.clear();
  answers_.clear();
  underlay_statics_.clear();
  underlay_stale_ = true;
}

std::vector<core::Event> SimulatedKernel::foreign_routes() const {
  std::vector<core::Event> events;
  for (const auto& [key, hop] : visible_) {
    events.emplace_back(
        core::RouteNotice{foreign_route(key.first, key.second, hop), true, false, kForeignProtocol});
  }
  return events;
}

void SimulatedKernel::set_underlay_statics(std::vector<KernelRoute> statics) {
  if (statics == underlay_statics_) return;
  underlay_statics_ = std::move(statics);
  underlay_stale_ = answers_stale_ = true;
}

core::RouteDump SimulatedKernel::dump(const std::string& device) const {
  core::RouteDump dump{{}, device};
  for (const auto& [key, slot] : table_) {
    for (const auto& one : slot) {
      if (device.empty() || uses_device(one.route, device)) dump.routes.push_back(one.route);
    }
  }
  return dump;
}

std::vector<core::Event> SimulatedKernel::take_path_changes() {
  rebuild_underlay();
  std::vector<core::Event> events;
  std::set<core::PathQuery> asked = std::exchange(fresh_, {});
  if (std::exchange(answers_stale_, false)) {
    events = foreign_changes();  // their gateways may resolve through our `ip route` lines
    for (const auto& [query, path] : answers_) asked.insert(query);
  }
  for (const auto& query : asked) {
    auto answer = underlay_.answer(query);
    if (answer.assumed) assumed_.insert({query.vrf, query.address.family()});
    const auto known = answers_.find(query);
    if (known != answers_.end() && known->second == answer.path) continue;
    answers_[query] = answer.path;
    events.emplace_back(core::PathChanged{query, std::move(answer.path)});
  }
  return events;
}

core::BatchDone SimulatedKernel::apply(const core::RouteBatch& batch) {
  core::BatchDone done{batch.id, {}};
  for (std::size_t i = 0; i < batch.operations.size(); ++i) {
    if (auto failure = carry_out(i, batch.operations[i])) done.failures.push_back(std::move(*failure));
  }
  return done;
}

std::optional<core::OpFailure> SimulatedKernel::carry_out(std::size_t index, const core::RouteOp& operation) {
  std::string text;
  auto outcome = core::OpOutcome::Done;
  switch (operation.kind) {
    case core::RouteOp::Kind::Add:
      outcome = add(operation, text);
      break;
    case core::RouteOp::Kind::Change:
      outcome = change(operation, text);
      break;
    case core::RouteOp::Kind::Delete:
      remove(operation);
      break;
  }
  if (outcome == core::OpOutcome::Done) return std::nullopt;
  return core::OpFailure{index, outcome, std::move(text)};
}

SimulatedKernel::Slot& SimulatedKernel::touch(const TableKey& key) {
  auto& slot = table_[key];
  journal_.try_emplace(key, slot);
  return slot;
}

/// Our `ip route` lines are underlay, RRI's routes are not.
void SimulatedKernel::mark_underlay_stale(RouteKind purpose) {
  if (purpose == RouteKind::Static) underlay_stale_ = answers_stale_ = true;
}

core::OpOutcome SimulatedKernel::add(const core::RouteOp& operation, std::string& text) {
  const auto& route = operation.route;
  const TableKey key{route.key.vrf, route.key.prefix};
  const auto found = table_.find(key);
  if (found != table_.end()) {
    const auto same = std::any_of(found->second.begin(), found->second.end(),
                                  [&](const Installed& one) { return one.route.key == route.key; });
    if (same) {
      idle_.push_back(operation);
      text = "file exists";
      return core::OpOutcome::Occupied;
    }
  }
  text = find_fault(route);
  if (!text.empty()) return core::OpOutcome::Failed;
  auto& slot = touch(key);
  slot.push_back({route, operation.purpose});
  std::sort(slot.begin(), slot.end(), [](const auto& a, const auto& b) { return a.route.key < b.route.key; });
  mark_underlay_stale(operation.purpose);
  return core::OpOutcome::Done;
}

core::OpOutcome SimulatedKernel::change(const core::RouteOp& operation, std::string& text) {
  const TableKey key{operation.route.key.vrf, operation.route.key.prefix};
  const auto found = table_.find(key);
  const bool present = found != table_.end() &&
                       std::any_of(found->second.begin(), found->second.end(), [&](const Installed& one) {
                         return one.route.key == operation.route.key;
                       });
  if (!present) {
    text = "no such route";
    return core::OpOutcome::Missing;
  }
  text = find_fault(operation.route);
  if (!text.empty()) return core::OpOutcome::Failed;
  for (auto& one : touch(key)) {
    if (one.route.key != operation.route.key) continue;
    if (one.route == operation.route) idle_.push_back(operation);
    mark_underlay_stale(one.purpose);
    one = {operation.route, operation.purpose};
  }
  mark_underlay_stale(operation.purpose);
  return core::OpOutcome::Done;
}

void SimulatedKernel::remove(const core::RouteOp& operation) {
  const TableKey key{operation.route.key.vrf, operation.route.key.prefix};
  if (!table_.contains(key)) return;
  auto& slot = touch(key);
  for (const auto& one : slot) {
    if (one.route.key == operation.route.key) mark_underlay_stale(one.purpose);
  }
  std::erase_if(slot, [&](const Installed& one) { return one.route.key == operation.route.key; });
  if (slot.empty()) table_.erase(key);
}

/// Why the kernel would refuse this route; "" when it would not.
std::string SimulatedKernel::find_fault(const KernelRoute& route) const {
  if (!links_.has_vrf(route.key.vrf)) return fmt::format("there is no VRF device {}", route.key.vrf);
  if (route.type == KernelRouteType::Blackhole) return {};
  if (route.next_hops.empty()) return "no next hop";
  for (const auto& hop : route.next_hops) {
    if (links_.find(hop.device) == nullptr) return "no such device";
    if (!links_.is_up(hop.device)) return "network is down";
    // IPv6 takes only a source of the VRF that the route leaves by.
    const bool is_own = !route.source || route.source->is_v4() ||
                        std::any_of(links_.links().begin(), links_.links().end(), [&](const auto& item) {
                          return item.second.vrf == links_.find(hop.device)->vrf && has_address(item.second, *route.source);
                        });
    if (!is_own) return "invalid argument (Invalid source address)";
    if (!hop.gateway) continue;
    if (hop.gateway->family() != route.key.prefix.family()) return "invalid argument";
    if (!is_valid_gateway(hop, route.key)) return "network is unreachable (Nexthop has invalid gateway)";
  }
  return {};
}

bool SimulatedKernel::is_valid_gateway(const KernelNextHop& hop, const KernelKey& key) const {
  if (hop.onlink || underlay_.is_on_link(hop.device, *hop.gateway)) return true;
  const auto& vrf = links_.find(hop.device)->vrf;
  if (underlay_.assumption().holds(vrf, key.prefix.family())) return true;
  // A route without a gateway (`ip route 0.0.0.0 0.0.0.0 Dialer1`) leads to it out of the device.
  const auto path = underlay_.answer({vrf, *hop.gateway, {}, {}}).path;
  if (path.is_reachable() && path.device == hop.device && !path.gateway) return true;
  // A pin out of the device puts its peer on the link.
  const auto pin = table_.find({vrf, Prefix::host(*hop.gateway)});
  const KernelNextHop direct{std::nullopt, hop.device, false};
  if (pin != table_.end() && std::any_of(pin->second.begin(), pin->second.end(), [&](const Installed& one) {
        return one.route.next_hops == std::vector{direct};
      })) {
    return true;
  }
  return std::any_of(foreign_.begin(), foreign_.end(), [&](const auto& item) {
    return item.first.first == vrf && item.second.device == hop.device && item.second.gateway == hop.gateway;
  });
}

// ---- the journal ----------------------------------------------------------

std::vector<Operation> SimulatedKernel::take_operations() {
  const auto routes_of = [](const Slot& slot) {
    std::vector<KernelRoute> routes;
    for (const auto& one : slot) routes.push_back(one.route);
    return routes;
  };
  using Kind = core::RouteOp::Kind;
  std::vector<Operation> operations;
  for (const auto& [key, before] : std::exchange(journal_, {})) {
    const auto found = table_.find(key);
    const Slot after = found == table_.end() ? Slot{} : found->second;
    if (routes_of(before) == routes_of(after)) continue;
    const auto kind = before.empty() ? Kind::Add : after.empty() ? Kind::Delete : Kind::Change;
    const auto purpose = after.empty() ? before.front().purpose : after.front().purpose;
    operations.push_back({kind, purpose, key.first, key.second});
  }
  std::sort(operations.begin(), operations.end(), tells_before);
  return operations;
}

}  // namespace rri::plan
