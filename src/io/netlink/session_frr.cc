// FRR next to us: what its zebra misunderstands of kernel routes, and what makes up for it.
#include <unistd.h>

#include <algorithm>

#include "io/netlink/session.h"

namespace rri::netlink {

bool Session::is_frr_present() const {
  return frr_seen_ || ::access((options_.frr_directory + "/zserv.api").c_str(), F_OK) == 0;
}

void Session::announce_gone(const std::vector<KernelRoute>& routes) {
  for (const auto& route : routes) {
    if (route.key.prefix.family() == Family::V4) gone_.push_back(route);  // IPv6 routes never go silently
  }
}

/// zebra tells the kernel routes of one prefix apart by the low 24 bits of their metrics
/// (zebra/zebra_rib.c, rib_delete()), which in ours are 0 whatever the distance: where another
/// distance takes a prefix over, removing the old route takes the new one out of its table.
void Session::note_other_distances(const core::BatchDone& done) {
  const auto& operations = writer_.batch().operations;
  auto failure = done.failures.begin();  // in the order of the operations
  for (std::size_t index = 0; index < operations.size(); ++index) {
    const bool failed = failure != done.failures.end() && failure->index == index;
    if (failed) {
      ++failure;
    } else {
      note_other_distance(operations[index]);
    }
  }
}

void Session::note_other_distance(const core::RouteOp& operation) {
  const auto& key = operation.route.key;
  told_again_.erase(key);
  if (operation.kind != core::RouteOp::Kind::Delete) {
    if (own_.has_other_metric({key.prefix, links_.table_of(key.vrf).value_or(0), key.metric})) beside_.insert_or_assign(key, operation.route);
    return;
  }
  if (beside_.empty()) return;
  beside_.erase(key);
  const auto other = beside_.lower_bound({key.vrf, key.prefix, 0});
  if (other == beside_.end() || other->first.vrf != key.vrf || other->first.prefix != key.prefix) return;
  if (is_frr_present()) told_again_.emplace(other->first, std::move(other->second));
  beside_.erase(other);
}

/// IPv4 routes go without a message when their device loses its last address, and
/// zebra then keeps them, selected and advertised, for ever. A route of the same
/// prefix, metric and protocol takes the dead one's place there, and its removal is
/// heard (FACTS II.4.6). When a link goes down zebra sees to it by itself.
void Session::poke_frr(Clock::time_point deadline) {
  if (!gone_.empty() && !is_frr_present()) gone_.clear();
  while (!gone_.empty() && Clock::now() < deadline) {
    const auto route = std::move(gone_.front());
    gone_.pop_front();
    const auto table = links_.table_of(route.key.vrf);
    const bool is_down = std::any_of(route.next_hops.begin(), route.next_hops.end(), [&](const KernelNextHop& hop) {
      const auto* link = links_.find(hop.device);
      return link != nullptr && !link->up;
    });
    if (!table || is_down || own_.contains({route.key.prefix, *table, route.key.metric})) continue;
    writer_.poke(route.key.prefix, *table, route.key.metric);
  }
  while (!told_again_.empty() && Clock::now() < deadline) {
    writer_.tell_again(told_again_.extract(told_again_.begin()).mapped());
  }
}

}  // namespace rri::netlink
