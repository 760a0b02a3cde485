// io/netlink/own_routes.h -- the keys of our routes that are in the kernel, and
// what each is for.
//
// Learned from acknowledgements, dumps and notifications. It answers whether a key
// may be replaced (it is ours, and no other route shares it), and whether a route
// with our protocol number is an `ip route` line, which counts as underlay, or an
// RRI route, which does not.
//
// Sharded, because one hash table of a million keys stalls when it grows.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "model/route.h"

namespace rri::netlink {

struct OwnKey {
  Prefix prefix;
  std::uint32_t table = 0;
  std::uint32_t metric = 0;

  friend auto operator<=>(const OwnKey&, const OwnKey&) = default;

  template <class H>
  friend H AbslHashValue(H state, const OwnKey& key) {
    return H::combine(std::move(state), key.prefix, key.table, key.metric);
  }
};

class OwnRoutes {
 public:
  /// A route of ours is there. Without `purpose` what was known of it stays, and
  /// what is new counts as adopted: nobody has said yet what it is for.
  void put(const OwnKey& key, std::optional<RouteKind> purpose);
  void erase(const OwnKey& key);
  /// A full dump: between the two, each route of it is put(); what was not put is
  /// then forgotten. Beginning again before the end is allowed.
  void begin_sweep() { epoch_ = static_cast<std::uint8_t>((epoch_ + 1) % kEpochs); }
  void end_sweep();

  [[nodiscard]] bool contains(const OwnKey& key) const;
  /// Nothing for keys that are not there and for adopted routes.
  [[nodiscard]] std::optional<RouteKind> purpose(const OwnKey& key) const;
  /// Whether any route of ours has this prefix, whatever its metric.
  [[nodiscard]] bool has_prefix(std::uint32_t table, const Prefix& prefix) const;
  /// Whether another route of ours has its prefix.
  [[nodiscard]] bool has_other_metric(const OwnKey& key) const;
  [[nodiscard]] std::size_t size() const { return size_; }

  /// A foreign route shares a key of ours (`ip route append`): REPLACE might hit it.
  void mark_shared(const OwnKey& key) { shared_.insert(key); }
  void unmark_shared(const OwnKey& key) { shared_.erase(key); }
  [[nodiscard]] bool is_shared(const OwnKey& key) const { return !shared_.empty() && shared_.contains(key); }

 private:
  static constexpr std::uint8_t kAdopted = 3;
  static constexpr std::uint8_t kEpochs = 64;
  static constexpr std::size_t kShards = 64;
  /// Purpose (or kAdopted) in the low two bits, the sweep that saw it above.
  using Shard = absl::flat_hash_map<OwnKey, std::uint8_t>;

  [[nodiscard]] static std::size_t shard_of(const OwnKey& key);
  [[nodiscard]] const std::uint8_t* find(const OwnKey& key) const;
  void uncount(std::uint32_t metric);

  std::array<Shard, kShards> shards_;
  std::map<std::uint32_t, std::size_t> metrics_;  // how many keys have each; few
  std::set<OwnKey> shared_;
  std::size_t size_ = 0;
  std::uint8_t epoch_ = 0;
};

}  // namespace rri::netlink
