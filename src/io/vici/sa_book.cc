#include "io/vici/sa_book.h"

#include <absl/container/flat_hash_set.h>
#include <absl/hash/hash.h>

#include <algorithm>

#include "io/vici/limits.h"

namespace rri::vici {
namespace {

using Level = core::LogLine::Level;

/// TrafficSelector has no hash of its own; this is the only place that wants one.
struct SelectorHash {
  const TrafficSelector& selector;

  template <class H>
  friend H AbslHashValue(H state, const SelectorHash& hash) {
    return H::combine(std::move(state), hash.selector.range.first, hash.selector.range.last, hash.selector.service);
  }
};

struct Fingerprint {
  const Sa& of;

  template <class H>
  friend H AbslHashValue(H state, const Fingerprint& print) {
    const Sa& sa = print.of;
    state = H::combine(std::move(state), sa.peer, sa.local_endpoint.has_value(),
                       sa.local_endpoint.value_or(IpAddress()), sa.remote.size(), sa.local.size());
    for (const auto& selector : sa.remote) state = H::combine(std::move(state), SelectorHash{selector});
    for (const auto& selector : sa.local) state = H::combine(std::move(state), SelectorHash{selector});
    return H::combine(std::move(state), sa.identity, sa.if_id, sa.mark, sa.connection);
  }
};

std::uint64_t fingerprint_of(const Sa& sa) { return absl::Hash<Fingerprint>{}(Fingerprint{sa}); }

void tell_problems(const ChildReport& child, Output& out) {
  for (const auto& problem : child.problems) out.say(Level::Warning, problem);
}

}  // namespace

void SaBook::remember(std::uint64_t child, Known known) {
  const auto [place, is_new] = known_.try_emplace(child, known);
  if (!is_new) {
    if (place->second.ike == known.ike) {
      place->second = known;
      return;
    }
    unlink(place->second.ike, child);
    place->second = known;
  }
  by_ike_[known.ike].push_back(child);
}

void SaBook::forget(std::uint64_t child) {
  const auto place = known_.find(child);
  if (place == known_.end()) return;
  unlink(place->second.ike, child);
  known_.erase(place);
}

void SaBook::unlink(std::uint64_t ike, std::uint64_t child) {
  const auto place = by_ike_.find(ike);
  if (place == by_ike_.end()) return;
  auto& children = place->second;
  children.erase(std::remove(children.begin(), children.end(), child), children.end());
  if (children.empty()) by_ike_.erase(place);
}

void SaBook::put(std::uint64_t ike, ChildReport child, Output& out) {
  if (!child.carries_traffic) {
    tell_problems(child, out);
    return;
  }
  const auto id = child.sa.id.value;
  const Known now{ike, fingerprint_of(child.sa)};
  const auto before = known_.find(id);
  const bool is_told = before != known_.end() && before->second.fingerprint == now.fingerprint;
  remember(id, now);
  if (listing_) add_to_list(child.sa, now);
  if (is_told) return;
  tell_problems(child, out);
  out.events.emplace_back(core::SaUp{std::move(child.sa)});
}

void SaBook::drop(std::uint64_t child, Output& out) {
  if (listing_) list_places_.erase(child);
  if (!known_.contains(child)) return;
  forget(child);
  out.events.emplace_back(core::SaDown{SaId(child)});
}

void SaBook::rekey(std::uint64_t ike, std::uint64_t old_child, ChildReport replacement, Output& out) {
  // A replacement that does not live yet takes no place; the re-read settles it.
  if (!replacement.carries_traffic) return;
  const auto new_child = replacement.sa.id.value;
  if (new_child != old_child && known_.contains(old_child)) {
    forget(old_child);
    forget(new_child);  // so that put() tells its data, which are the old one's for the reader now
    out.events.emplace_back(core::SaRekeyed{SaId(old_child), SaId(new_child)});
  }
  if (listing_ && new_child != old_child) list_places_.erase(old_child);
  put(ike, std::move(replacement), out);
}

void SaBook::move_children(std::uint64_t old_ike, std::uint64_t new_ike) {
  if (old_ike == new_ike) return;
  for (const auto child : children_of(old_ike)) {
    remember(child, Known{new_ike, known_[child].fingerprint});
  }
}

std::vector<std::uint64_t> SaBook::merge(std::uint64_t ike, std::vector<ChildReport> children, Output& out) {
  absl::flat_hash_set<std::uint64_t> live;
  absl::flat_hash_set<std::uint64_t> dead;
  for (const auto& child : children) (child.carries_traffic ? live : dead).insert(child.sa.id.value);

  // Children of this IKE_SA that are not live any more, by what they carried.
  absl::flat_hash_map<std::uint64_t, std::uint64_t> replaceable;
  for (const auto id : children_of(ike)) {
    if (!live.contains(id)) replaceable.emplace(known_[id].fingerprint, id);
  }
  for (auto& child : children) {
    const auto same = replaceable.find(fingerprint_of(child.sa));
    if (child.carries_traffic && !known_.contains(child.sa.id.value) && same != replaceable.end()) {
      const auto old_child = same->second;
      replaceable.erase(same);
      rekey(ike, old_child, std::move(child), out);
    } else {
      put(ike, std::move(child), out);
    }
  }
  std::vector<std::uint64_t> unmentioned;
  for (const auto id : children_of(ike)) {
    if (dead.contains(id)) {
      drop(id, out);
    } else if (!live.contains(id)) {
      unmentioned.push_back(id);
    }
  }
  return unmentioned;
}

void SaBook::begin_list() {
  listing_ = true;
  list_.clear();
  list_places_.clear();
}

void SaBook::add_to_list(Sa sa, Known known) {
  const auto [place, is_new] = list_places_.try_emplace(sa.id.value, list_.size());
  if (is_new) {
    list_.push_back({known, std::move(sa)});
  } else {
    list_[place->second] = {known, std::move(sa)};
  }
}

void SaBook::add_to_list(std::uint64_t ike, std::vector<ChildReport> children, Output& out) {
  for (auto& child : children) {
    const auto id = child.sa.id.value;
    const Known now{ike, fingerprint_of(child.sa)};
    const auto before = known_.find(id);
    if (before == known_.end() || before->second.fingerprint != now.fingerprint) tell_problems(child, out);
    if (child.carries_traffic) {
      add_to_list(std::move(child.sa), now);
    } else {
      list_places_.erase(id);
    }
  }
}

void SaBook::warn_of_oversized(Output& out) const {
  for (const auto& [ike, children] : by_ike_) {
    if (children.size() < kOversizedChildren) continue;
    const auto is_listed = [&](std::uint64_t child) { return list_places_.contains(child); };
    if (std::any_of(children.begin(), children.end(), is_listed)) continue;
    out.say(Level::Warning, fmt::format("IKE_SA {} with {} CHILD_SAs is not in charon's list; a message over 512 KiB is "
                                        "not sent by charon, and its SAs count as down",
                                        ike, children.size()));
  }
}

void SaBook::finish_list(Output& out) {
  warn_of_oversized(out);
  std::vector<std::pair<std::uint64_t, std::size_t>> order(list_places_.begin(), list_places_.end());
  std::sort(order.begin(), order.end());
  core::SaList message;
  message.sas.reserve(order.size());
  known_.clear();
  by_ike_.clear();
  known_.reserve(order.size());
  for (const auto& [id, place] : order) {
    remember(id, list_[place].known);
    message.sas.push_back(std::move(list_[place].sa));
  }
  list_ = {};
  list_places_ = {};
  listing_ = false;
  out.events.emplace_back(std::move(message));
}

void SaBook::clear() {
  known_.clear();
  by_ike_.clear();
  list_ = {};
  list_places_ = {};
  listing_ = false;
}

std::vector<std::uint64_t> SaBook::children_of(std::uint64_t ike) const {
  const auto place = by_ike_.find(ike);
  if (place == by_ike_.end()) return {};
  std::vector<std::uint64_t> children(place->second.begin(), place->second.end());
  std::sort(children.begin(), children.end());
  return children;
}

}  // namespace rri::vici
