#include "io/frr/static_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "io/frr/limits.h"

namespace rri::frr {
namespace {

using core::OpOutcome;
using core::RouteOp;

/// RTPROT_ZSTATIC: how the kernel knows FRR's static routes.
constexpr std::uint8_t kFrrStatic = 196;

std::uint8_t distance_of(const KernelRoute& route) { return static_cast<std::uint8_t>(route.key.metric >> 24); }

KernelKey key_of(const StaticPath& path) {
  return {path.key.vrf, path.key.prefix, metric_of_distance(path.distance)};
}

core::RouteNotice notice_of(const StaticPath& path, bool present) {
  core::RouteNotice notice;
  notice.route.key = key_of(path);
  notice.present = present;
  notice.protocol = kFrrStatic;
  return notice;
}

void add_to_route(KernelRoute& route, const StaticPath& path) {
  route.key = key_of(path);
  route.realm = path.tag;
  if (path.hop.blackhole) route.type = KernelRouteType::Blackhole;
  if (!path.hop.blackhole) route.next_hops.push_back({path.hop.gateway, path.hop.device, path.onlink});
}

}  // namespace

void StaticTable::begin_reading() {
  reading_.clear();
  read_count_ = 0;
}

void StaticTable::put(StaticPath path) {
  if (++read_count_ > kMaxPaths) return;
  const bool ours = is_ours(path);
  reading_[path.key].push_back({std::move(path), ours});
}

bool StaticTable::is_ours(const StaticPath& path) const {
  return !path.has_more && !identities_.empty() && identities_.contains(render_identity(path.key, path.hop));
}

std::vector<core::RouteNotice> StaticTable::end_reading() {
  std::vector<core::RouteNotice> notices;
  const auto compare = [&notices](const auto& those, const auto& with, bool present) {
    for (const auto& [key, entries] : those) {
      const auto found = with.find(key);
      for (const auto& entry : entries) {
        if (entry.ours) continue;
        const auto same = [&](const Entry& other) { return !other.ours && other.path.distance == entry.path.distance; };
        const bool in_both = found != with.end() && std::any_of(found->second.begin(), found->second.end(), same);
        if (!in_both) notices.push_back(notice_of(entry.path, present));
      }
    }
  };
  compare(paths_, reading_, false);
  compare(reading_, paths_, true);
  paths_ = std::move(reading_);
  reading_ = {};
  count();
  return notices;
}

bool StaticTable::has_ours(const PathKey& key) const {
  const auto found = paths_.find(key);
  return found != paths_.end() && std::any_of(found->second.begin(), found->second.end(), [](const Entry& entry) { return entry.ours; });
}

void StaticTable::forget_absent() {
  identities_.clear();
  for (const auto& [key, entries] : paths_) {
    for (const auto& entry : entries) {
      if (entry.ours) identities_.insert(render_identity(key, entry.path.hop));
    }
  }
}

void StaticTable::count() {
  size_ = 0;
  for (const auto& [key, entries] : paths_) {
    size_ += static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), [](const Entry& entry) { return entry.ours; }));
  }
}

std::vector<KernelRoute> StaticTable::routes(const std::string& device) const {
  std::vector<KernelRoute> routes;
  for (const auto& [key, entries] : paths_) {
    std::map<std::uint8_t, KernelRoute> by_distance;
    for (const auto& entry : entries) {
      if (entry.ours) add_to_route(by_distance[entry.path.distance], entry.path);
    }
    for (auto& [distance, route] : by_distance) {
      std::sort(route.next_hops.begin(), route.next_hops.end());
      const bool leaves = device.empty() || std::any_of(route.next_hops.begin(), route.next_hops.end(),
                                                        [&](const auto& hop) { return hop.device == device; });
      if (leaves) routes.push_back(std::move(route));
    }
  }
  std::sort(routes.begin(), routes.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return routes;
}

std::vector<StaticPath> StaticTable::wanted(const KernelRoute& route) const {
  std::vector<StaticPath> paths;
  StaticPath path;
  path.key = {route.key.vrf, route.key.prefix};
  path.distance = distance_of(route);
  path.tag = route.realm;
  if (route.type == KernelRouteType::Blackhole) {
    path.hop.blackhole = true;
    return {path};
  }
  for (const auto& hop : route.next_hops) {
    path.hop = {hop.gateway, hop.device, vrf_of_device_(hop.device), false};
    path.onlink = hop.onlink;
    paths.push_back(path);
  }
  return paths;
}

const StaticTable::Entry* StaticTable::find_obstacle(const PathKey& key, const std::vector<StaticPath>& wanted) const {
  const auto found = paths_.find(key);
  if (found == paths_.end()) return nullptr;
  for (const auto& entry : found->second) {
    if (entry.ours) continue;
    const bool collides = std::any_of(wanted.begin(), wanted.end(), [&](const StaticPath& path) {
      return path.distance == entry.path.distance || path.hop == entry.path.hop;
    });
    if (collides) return &entry;
  }
  return nullptr;
}

StaticTable::Plan StaticTable::plan(const RouteOp& operation) {
  Plan plan;
  const PathKey key{operation.route.key.vrf, operation.route.key.prefix};
  const auto paths = operation.kind == RouteOp::Kind::Delete ? std::vector<StaticPath>{} : wanted(operation.route);
  if (const auto* obstacle = find_obstacle(key, paths)) {
    plan.outcome = OpOutcome::Occupied;
    plan.text = fmt::format("FRR has `{}`, which is not ours", render_path(obstacle->path));
    return plan;
  }
  const auto found = paths_.find(key);
  const auto there = found == paths_.end() ? Entries{} : found->second;
  for (const auto& entry : there) {
    const bool stays = std::any_of(paths.begin(), paths.end(), [&](const auto& path) { return path.hop == entry.path.hop; });
    if (entry.ours && !stays && entry.path.distance == distance_of(operation.route)) {
      plan.lines.push_back(render_removal(key, entry.path.hop));
      plan.lost.push_back(render_identity(key, entry.path.hop));
    }
  }
  for (const auto& path : paths) {
    const bool right = std::any_of(there.begin(), there.end(), [&](const Entry& entry) { return entry.ours && entry.path == path; });
    if (right) continue;
    plan.lines.push_back(render_path(path));
    auto identity = render_identity(path.key, path.hop);
    if (!identities_.contains(identity)) plan.gained.push_back(std::move(identity));
  }
  return plan;
}

void StaticTable::apply(const RouteOp& operation) {
  const PathKey key{operation.route.key.vrf, operation.route.key.prefix};
  const auto paths = operation.kind == RouteOp::Kind::Delete ? std::vector<StaticPath>{} : wanted(operation.route);
  auto& entries = paths_[key];
  const auto before = entries.size();
  std::erase_if(entries, [&](const Entry& entry) {
    if (!entry.ours) return false;
    const bool moves = std::any_of(paths.begin(), paths.end(), [&](const auto& path) { return path.hop == entry.path.hop; });
    const bool goes = moves || entry.path.distance == distance_of(operation.route);
    if (goes && !moves) identities_.erase(render_identity(key, entry.path.hop));
    return goes;
  });
  size_ -= before - entries.size();
  for (const auto& path : paths) {
    identities_.insert(render_identity(key, path.hop));
    entries.push_back({path, true});
  }
  size_ += paths.size();
  if (entries.empty()) paths_.erase(key);
}

}  // namespace rri::frr
