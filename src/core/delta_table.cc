#include "core/delta_table.h"

#include <algorithm>

namespace rri::core {

const ActualRoute* DeltaEntry::find_actual(std::uint32_t metric) const {
  const auto found = std::find_if(actual.begin(), actual.end(),
                                  [&](const ActualRoute& there) { return there.route.key.metric == metric; });
  return found == actual.end() ? nullptr : &*found;
}

bool DeltaEntry::is_installed() const {
  if (!desired) return false;
  const auto* there = find_actual(desired->key.metric);
  return there != nullptr && there->route == *desired;
}

const DeltaEntry* DeltaTable::find(const RouteKey& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

void DeltaTable::set_desired(const RouteKey& key, const KeyPlan* plan) {
  const auto route = plan != nullptr ? plan->desired : std::nullopt;
  if (!route && !entries_.contains(key)) return;
  auto& entry = entries_[key];
  if (entry.desired != route) clear_trouble(key);
  entry.desired = route;
  entry.undecided = plan != nullptr && plan->undecided;
  if (route) {
    entry.purpose = plan->winner->kind;
    entry.next_hop = plan->winner->exit.next_hop;
    entry.tag = plan->winner->tag;
  }
  requeue(key);
}

void DeltaTable::put_actual(const RouteKey& key, const KernelRoute& route, bool adopted) {
  auto& entry = entries_[key];
  const auto same = std::find_if(entry.actual.begin(), entry.actual.end(), [&](const ActualRoute& there) {
    return there.route.key.metric == route.key.metric;
  });
  if (same == entry.actual.end()) {
    entry.actual.push_back({route, adopted});
    ++installed_;
  } else {
    same->route = route;
    same->adopted = same->adopted && adopted;
  }
  requeue(key);
}

void DeltaTable::remove_actual(const RouteKey& key, std::uint32_t metric) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  installed_ -= std::erase_if(found->second.actual, [&](const ActualRoute& there) { return there.route.key.metric == metric; });
  requeue(key);
}

void DeltaTable::ask_reinstall(const RouteKey& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.actual.empty()) return;
  found->second.reinstall = true;
  requeue(key);
}

void DeltaTable::requeue(const RouteKey& key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  auto& entry = found->second;
  if (entry.queued) queue_.erase({*entry.queued, key});
  entry.queued.reset();
  const auto operation = entry.in_flight || entry.trouble ? std::nullopt : next_operation(entry, true);
  if (operation) {
    entry.queued = operation_order(operation->kind, operation->purpose);
    queue_.emplace(*entry.queued, key);
  }
  forget_if_empty(key);
}

std::optional<RouteOp> DeltaTable::next_operation(const DeltaEntry& entry, bool may_delete_adopted) {
  const auto make = [&](RouteOp::Kind kind, const KernelRoute& route) {
    return RouteOp{kind, entry.purpose, route, entry.next_hop, entry.tag};
  };
  const auto deletion = [&](const ActualRoute& there) -> std::optional<RouteOp> {
    if (there.adopted && !may_delete_adopted) return std::nullopt;
    return make(RouteOp::Kind::Delete, there.route);
  };
  if (entry.reinstall && !entry.actual.empty()) return deletion(entry.actual.front());
  if (entry.undecided) return std::nullopt;
  if (!entry.desired) {
    if (entry.actual.empty()) return std::nullopt;
    return deletion(entry.actual.front());
  }
  const auto* there = entry.find_actual(entry.desired->key.metric);
  if (there == nullptr) return make(RouteOp::Kind::Add, *entry.desired);
  if (there->route != *entry.desired) return make(RouteOp::Kind::Change, *entry.desired);
  // Right; what is left of an older distance goes only now.
  const auto stale = std::find_if(entry.actual.begin(), entry.actual.end(),
                                  [&](const ActualRoute& other) { return &other != there; });
  return stale == entry.actual.end() ? std::nullopt : deletion(*stale);
}

std::vector<std::pair<RouteKey, RouteOp>> DeltaTable::take_operations(std::size_t limit, bool may_delete_adopted) {
  std::vector<std::pair<RouteKey, RouteOp>> taken;
  for (auto at = queue_.begin(); at != queue_.end() && taken.size() < limit;) {
    auto& entry = entries_.at(at->second);
    auto operation = next_operation(entry, may_delete_adopted);
    if (!operation) {
      ++at;  // an adopted route that may not be judged yet: it stays queued
      continue;
    }
    taken.emplace_back(at->second, std::move(*operation));
    entry.in_flight = true;
    entry.queued.reset();
    at = queue_.erase(at);
  }
  return taken;
}

void DeltaTable::set_trouble(const RouteKey& key, Trouble trouble) {
  entries_[key].trouble = std::move(trouble);
  troubled_.insert(key);
  requeue(key);
}

void DeltaTable::clear_trouble(const RouteKey& key) {
  entries_[key].trouble.reset();
  troubled_.erase(key);
}

std::optional<TimePoint> DeltaTable::requeue_due(TimePoint now) {
  std::optional<TimePoint> next;
  for (auto at = troubled_.begin(); at != troubled_.end();) {
    auto& entry = entries_.at(*at);
    const auto retry = entry.trouble->retry_at;
    if (retry <= now && entry.queued == std::nullopt && !entry.in_flight) {
      // The trouble itself stays known, so that the pause grows and readers see it.
      const auto operation = next_operation(entry, true);
      if (operation) {
        entry.queued = operation_order(operation->kind, operation->purpose);
        queue_.emplace(*entry.queued, *at);
      }
    }
    if (retry > now && (!next || retry < *next)) next = retry;
    ++at;
  }
  return next;
}

void DeltaTable::forget_if_empty(const RouteKey& key) {
  const auto found = entries_.find(key);
  const auto& entry = found->second;
  const bool used = entry.desired || !entry.actual.empty() || entry.in_flight || entry.undecided;
  if (used) return;
  troubled_.erase(key);
  entries_.erase(found);
}

}  // namespace rri::core
