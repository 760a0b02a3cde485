#include "io/netlink/own_routes.h"

#include <algorithm>

namespace rri::netlink {

std::size_t OwnRoutes::shard_of(const OwnKey& key) {
  // Not the hash that the shard itself uses: its low bits would then be all alike.
  std::size_t mixed = key.table;
  for (const auto byte : key.prefix.address().bytes()) mixed = mixed * 31 + byte;
  return (mixed ^ (mixed >> 7)) % kShards;
}

const std::uint8_t* OwnRoutes::find(const OwnKey& key) const {
  const auto& shard = shards_[shard_of(key)];
  const auto at = shard.find(key);
  return at == shard.end() ? nullptr : &at->second;
}

void OwnRoutes::put(const OwnKey& key, std::optional<RouteKind> purpose) {
  const auto [at, is_new] = shards_[shard_of(key)].try_emplace(key, kAdopted);
  if (is_new) {
    ++metrics_[key.metric];
    ++size_;
  }
  const auto use = purpose ? static_cast<std::uint8_t>(*purpose) : at->second & 3;
  at->second = static_cast<std::uint8_t>(use | (epoch_ << 2));
}

void OwnRoutes::uncount(std::uint32_t metric) {
  --size_;
  const auto at = metrics_.find(metric);
  if (--at->second == 0) metrics_.erase(at);
}

void OwnRoutes::erase(const OwnKey& key) {
  if (shards_[shard_of(key)].erase(key) > 0) uncount(key.metric);
  unmark_shared(key);
}

void OwnRoutes::end_sweep() {
  for (auto& shard : shards_) {
    for (auto at = shard.begin(); at != shard.end();) {
      const auto here = at++;
      if (here->second >> 2 == epoch_) continue;
      uncount(here->first.metric);
      shared_.erase(here->first);
      shard.erase(here);
    }
  }
}

bool OwnRoutes::contains(const OwnKey& key) const { return find(key) != nullptr; }

std::optional<RouteKind> OwnRoutes::purpose(const OwnKey& key) const {
  const auto* value = find(key);
  if (value == nullptr || (*value & 3) == kAdopted) return std::nullopt;
  return static_cast<RouteKind>(*value & 3);
}

bool OwnRoutes::has_prefix(std::uint32_t table, const Prefix& prefix) const {
  return std::any_of(metrics_.begin(), metrics_.end(),
                     [&](const auto& metric) { return contains({prefix, table, metric.first}); });
}

bool OwnRoutes::has_other_metric(const OwnKey& key) const {
  return std::any_of(metrics_.begin(), metrics_.end(), [&](const auto& metric) {
    return metric.first != key.metric && contains({key.prefix, key.table, metric.first});
  });
}

}  // namespace rri::netlink
