#include "io/netlink/path_finder.h"

#include <fmt/format.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cerrno>

#include "io/netlink/limits.h"
#include "io/netlink/translate.h"
#include "model/route.h"

namespace rri::netlink {
namespace {

using core::Path;
using core::PathQuery;

Path unreachable(std::string reason) { return {{}, {}, std::move(reason)}; }

bool same_key(const RouteMessage& a, const RouteMessage& b) {
  return a.destination == b.destination && a.metric == b.metric && a.tos == b.tos && a.table == b.table;
}

/// Brings remembered routes up to date; false when the message does not tell how.
bool follow(std::vector<RouteMessage>& known, const RouteMessage& route, const PathFinder::RouteChange& change) {
  if (change.present) {
    if (change.replaces) std::erase_if(known, [&](const RouteMessage& one) { return same_key(one, route); });
    if (known.size() < kMaxCandidates && std::find(known.begin(), known.end(), route) == known.end()) {
      known.push_back(route);
    }
    return true;
  }
  // IPv6 tells of one next hop at a time that left a multipath route: not found here.
  const auto at = std::find_if(known.begin(), known.end(), [&](const RouteMessage& one) {
    return same_key(one, route) && one.protocol == route.protocol && one.hops == route.hops;
  });
  if (at == known.end()) return false;
  known.erase(at);
  return true;
}

/// One way out as a Path; `reason` says why it cannot be taken.
Path path_by(const PathQuery& query, const HopMessage& hop, const LinkTable& links) {
  const auto* link = links.find(hop.device);
  if (link == nullptr) return unreachable(fmt::format("the device of the route to {} is gone", query.address.to_string()));
  if (!query.device.empty() && link->name != query.device) {
    return unreachable(fmt::format("the route to {} leaves by {}", query.address.to_string(), link->name));
  }
  if (!link->up || (hop.flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN)) != 0) {
    return unreachable(fmt::format("{} is down", link->name));
  }
  if (link->vrf != query.vrf) {
    return unreachable(fmt::format("{} is reached by {}, which is not in VRF {}", query.address.to_string(), link->name,
                                   query.vrf));
  }
  const bool on_link = !hop.gateway || *hop.gateway == query.address || hop.gateway->is_unspecified();
  return {link->name, on_link ? std::nullopt : hop.gateway, {}};
}

}  // namespace

// ---- what is watched --------------------------------------------------------

void PathFinder::enqueue(Map::value_type& item) {
  if (item.second.queued) return;
  item.second.queued = true;
  queue_.push_back(item.first);
}

void PathFinder::watch(const PathQuery& query) {
  const auto [at, is_new] = watched_.try_emplace(query);
  if (is_new) by_address_[query.address].push_back(query);
  at->second.answer.reset();
  enqueue(*at);
}

void PathFinder::unwatch(const PathQuery& query) {
  if (watched_.erase(query) == 0) return;
  const auto at = by_address_.find(query.address);
  std::erase(at->second, query);
  if (at->second.empty()) by_address_.erase(at);
}

template <class Visit>
void PathFinder::for_covered(const Prefix& prefix, Visit visit) {
  const auto last = prefix.last();
  for (auto at = by_address_.lower_bound(prefix.address()); at != by_address_.end() && at->first <= last; ++at) {
    for (const auto& query : at->second) visit(*watched_.find(query));
  }
}

void PathFinder::forget(Watched& watched) {
  watched.remembers = false;
  watched.candidates.clear();
}

void PathFinder::refresh_all(bool forget_too) {
  for (auto& item : watched_) {
    if (forget_too) forget(item.second);
    enqueue(item);
  }
}

void PathFinder::on_static_change(const Prefix& prefix) {
  for_covered(prefix, [this](Map::value_type& item) {
    forget(item.second);
    enqueue(item);
  });
}

void PathFinder::set_underlay_statics(std::vector<KernelRoute> routes) {
  if (routes == underlay_statics_) return;
  std::swap(underlay_statics_, routes);
  for (const auto* list : {&underlay_statics_, &routes}) {
    for (const auto& route : *list) {
      for_covered(route.key.prefix, [this](Map::value_type& item) { enqueue(item); });
    }
  }
}

void PathFinder::set_static_keys(std::vector<KernelKey> keys) {
  std::set<KernelKey> fresh(std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end()));
  if (fresh == static_keys_) return;
  static_keys_ = std::move(fresh);
  refresh_all(false);
}

void PathFinder::on_route(const RouteMessage& route, const RouteChange& change) {
  for_covered(route.destination, [&](Map::value_type& item) {
    auto& watched = item.second;
    const bool concerns = watched.remembers && parts_.links.table_of(item.first.vrf) == route.table;
    if (concerns && !follow(watched.candidates, route, change)) forget(watched);
    enqueue(item);
  });
}

// ---- answering --------------------------------------------------------------

/// The same for a static route of FRR, which may be one of ours.
bool PathFinder::counts_of_frr(const PathQuery& query, const RouteMessage& route) const {
  const auto vrf = parts_.links.vrf_of(route.table);
  const auto ours = frr_routes_.find({vrf, route.destination});
  if (ours == frr_routes_.end()) return true;
  if (query.besides == route.destination) return false;
  if (ours->second) return *ours->second == RouteKind::Static;
  const auto first = static_keys_.lower_bound({vrf, route.destination, 0});
  return first != static_keys_.end() && first->vrf == vrf && first->prefix == route.destination;
}

void PathFinder::set_frr_route(const Kernel::FrrRoute& route) {
  std::pair key{route.vrf, route.prefix};
  const auto known = frr_routes_.find(key);
  const bool same = route.is_there ? known != frr_routes_.end() && (!route.purpose || known->second == route.purpose)
                                   : known == frr_routes_.end();
  if (same) return;
  if (route.is_there) frr_routes_[std::move(key)] = route.purpose;
  if (!route.is_there) frr_routes_.erase(known);
  on_static_change(route.prefix);
}

/// Foreign routes count, and of ours those that are known to be an `ip route` line,
/// unless it is the very line that asks.
bool PathFinder::counts(const PathQuery& query, const RouteMessage& route) const {
  if (route.protocol == kFrrStatic && !frr_routes_.empty()) return counts_of_frr(query, route);
  if (route.protocol != parts_.protocol) return true;
  if (query.besides == route.destination) return false;
  if (const auto purpose = parts_.own.purpose({route.destination, route.table, route.metric})) {
    return *purpose == RouteKind::Static;
  }
  return static_keys_.contains({parts_.links.vrf_of(route.table), route.destination, route.metric});
}

Path PathFinder::no_route(const PathQuery& query) const {
  return unreachable(fmt::format("no route to {} in VRF {}", query.address.to_string(), query.vrf));
}

/// What needs no look at routes: the VRF or the device is missing or down.
std::optional<Path> PathFinder::refused(const PathQuery& query) const {
  if (!parts_.links.table_of(query.vrf)) return unreachable(fmt::format("there is no VRF device {}", query.vrf));
  if (query.device.empty()) return std::nullopt;
  const auto* link = parts_.links.find(query.device);
  if (link == nullptr) return unreachable(fmt::format("there is no device {}", query.device));
  if (!link->up) return unreachable(fmt::format("{} is down", query.device));
  if (link->vrf != query.vrf) return unreachable(fmt::format("{} is not in VRF {}", query.device, query.vrf));
  return std::nullopt;
}

Path PathFinder::path_of(const PathQuery& query, const RouteMessage& route) const {
  const auto address = query.address.to_string();
  switch (route.type) {
    case RTN_UNICAST:
      break;
    case RTN_LOCAL:
    case RTN_ANYCAST:
      return unreachable(fmt::format("{} is an address of this host", address));
    case RTN_BROADCAST:
    case RTN_MULTICAST:
      return unreachable(fmt::format("{} is a broadcast or multicast address", address));
    default:
      return unreachable(fmt::format("{} is made unreachable by a route in VRF {}", address, query.vrf));
  }
  std::optional<Path> first;
  for (const auto& hop : route.hops) {
    auto path = path_by(query, hop, parts_.links);
    if (path.is_reachable()) return path;
    if (!first) first = std::move(path);
  }
  return first.value_or(no_route(query));
}

Path PathFinder::best_of(const PathQuery& query, const Watched& watched) const {
  std::vector<RouteMessage> ways;
  for (const auto& route : watched.candidates) {
    if (counts(query, route) && route.type != RTN_THROW) ways.push_back(route);
  }
  for (const auto& route : underlay_statics_) {
    const bool covers = route.key.vrf == query.vrf && route.key.prefix.contains(query.address);
    if (!covers || query.besides == route.key.prefix) continue;
    if (auto message = to_message(route, parts_.links, parts_.protocol)) ways.push_back(std::move(*message));
  }
  std::stable_sort(ways.begin(), ways.end(), [](const RouteMessage& a, const RouteMessage& b) {
    if (a.destination.length() != b.destination.length()) return a.destination.length() > b.destination.length();
    return a.metric < b.metric;
  });
  std::optional<Path> first;
  for (const auto& route : ways) {
    auto path = path_of(query, route);
    const bool decides = path.is_reachable() || (route.type != RTN_UNICAST && query.device.empty());
    if (decides) return path;
    if (!first) first = std::move(path);
  }
  if (!query.device.empty()) return {query.device, {}, {}};  // on-link
  return first.value_or(no_route(query));
}

std::optional<Path> PathFinder::find_remembered(const PathQuery& query, Watched& watched) {
  if (watched.remembers && !watched.waits) return best_of(query, watched);
  watched.waits = true;
  const TableWanted table{query.address.family(), *parts_.links.table_of(query.vrf)};
  // A dump that runs already may be past the routes that changed since: another one.
  wanted_.insert(table);
  return std::nullopt;
}

std::optional<Path> PathFinder::find(const PathQuery& query, Watched& watched) {
  if (auto path = refused(query)) {
    forget(watched);
    return path;
  }
  const auto* device = query.device.empty() ? nullptr : parts_.links.find(query.device);
  const auto answer =
      parts_.asker.find_route(query.address, device != nullptr ? device->index : parts_.links.device_of_vrf(query.vrf));
  if (!answer.route) {
    forget(watched);
    if (device != nullptr) return Path{query.device, {}, {}};  // on-link
    if (answer.error == ENETUNREACH || answer.error == 0) return no_route(query);
    return unreachable(fmt::format("{} is made unreachable by a route in VRF {}", query.address.to_string(), query.vrf));
  }
  if (!counts(query, *answer.route)) return find_remembered(query, watched);
  auto path = path_of(query, *answer.route);
  // Asked for one device, the kernel may still name a route by another one.
  if (device != nullptr && !path.is_reachable() && answer.route->type == RTN_UNICAST) {
    return find_remembered(query, watched);
  }
  forget(watched);
  return path;
}

void PathFinder::resolve(Map::value_type& item) {
  auto& [query, watched] = item;
  auto path = find(query, watched);
  if (!path || watched.answer == path) return;
  watched.answer = path;
  parts_.deliver({query, std::move(*path)});
}

bool PathFinder::step(Deadline deadline) {
  while (!queue_.empty()) {
    const auto query = std::move(queue_.front());
    queue_.pop_front();
    const auto at = watched_.find(query);
    if (at != watched_.end() && at->second.queued) {
      at->second.queued = false;
      resolve(*at);
    }
    if (std::chrono::steady_clock::now() >= deadline) break;
  }
  return !queue_.empty();
}

bool PathFinder::has_work() const {
  return !queue_.empty() || std::any_of(wanted_.begin(), wanted_.end(),
                                        [this](const TableWanted& table) { return !running_.contains(table); });
}

// ---- the routes that cover an address ---------------------------------------

std::optional<PathFinder::TableWanted> PathFinder::next_table() {
  for (auto at = wanted_.begin(); at != wanted_.end(); ++at) {
    if (running_.contains(*at)) continue;
    const auto table = *at;
    wanted_.erase(at);
    running_.insert(table);
    return table;
  }
  return std::nullopt;
}

void PathFinder::on_table_begin(const TableWanted& table) {
  for (auto& [query, watched] : watched_) {
    if (!watched.waits || query.address.family() != table.family) continue;
    if (parts_.links.table_of(query.vrf) != table.table) continue;
    watched.remembers = true;  // from here on notifications keep it current
    watched.candidates.clear();
  }
}

void PathFinder::on_table_route(const TableWanted& table, const RouteMessage& route) {
  if (route.table != table.table || (route.flags & RTM_F_CLONED) != 0) return;
  for_covered(route.destination, [&](Map::value_type& item) {
    auto& watched = item.second;
    if (!watched.waits || !watched.remembers || parts_.links.table_of(item.first.vrf) != table.table) return;
    if (watched.candidates.size() < kMaxCandidates) watched.candidates.push_back(route);
  });
}

void PathFinder::on_table_done(const TableWanted& table) {
  running_.erase(table);
  for (auto& item : watched_) {
    auto& [query, watched] = item;
    if (!watched.waits || query.address.family() != table.family) continue;
    if (parts_.links.table_of(query.vrf) != table.table) continue;
    watched.waits = false;
    enqueue(item);
  }
}

}  // namespace rri::netlink
