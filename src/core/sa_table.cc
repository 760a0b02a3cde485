#include "core/sa_table.h"

#include <algorithm>

#include "core/limits.h"

namespace rri::core {
namespace {

/// Host bits cleared, ranges split, duplicates removed (SPEC.md 3.1).
void derive_prefixes(SaRecord& record) {
  record.prefixes.clear();
  record.refused_ranges.clear();
  for (const auto& selector : record.sa.remote) {
    const auto blocks = split_range(selector.range, kMaxBlocksPerRange);
    if (!blocks) {
      record.refused_ranges.push_back(blocks.error().text);
      continue;
    }
    record.prefixes.insert(record.prefixes.end(), blocks->begin(), blocks->end());
  }
  std::sort(record.prefixes.begin(), record.prefixes.end());
  record.prefixes.erase(std::unique(record.prefixes.begin(), record.prefixes.end()), record.prefixes.end());
}

}  // namespace

const SaRecord* SaTable::find(SaId id) const {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

bool SaTable::put(const Sa& sa) {
  auto [at, is_new] = records_.try_emplace(sa.id);
  auto& record = at->second;
  if (!is_new && record.live() && record.sa == sa) return false;
  // An SA that comes back is a new one, also under its old id.
  if (is_new || !record.live()) record.lineage = next_number_++;
  set_live(record);
  record.sa = sa;
  derive_prefixes(record);
  return true;
}

bool SaTable::set_gone(SaId id, TimePoint until) {
  const auto found = records_.find(id);
  if (found == records_.end() || !found->second.live()) return false;
  found->second.gone_until = until;
  expiries_.emplace(until, id);
  return true;
}

std::optional<SaId> SaTable::displace(SaId id, TimePoint until) {
  const auto found = records_.find(id);
  if (found == records_.end()) return std::nullopt;
  const auto end = found->second.gone_until.value_or(until);
  set_live(found->second);
  const SaId ghost(next_ghost_++);
  auto& moved = records_.emplace(ghost, std::move(found->second)).first->second;
  records_.erase(id);
  moved.gone_until = end;
  expiries_.emplace(end, ghost);
  return ghost;
}

void SaTable::set_live(SaRecord& record) {
  if (record.gone_until) expiries_.erase({*record.gone_until, record.sa.id});
  record.gone_until.reset();
}

void SaTable::clear() {
  records_.clear();
  expiries_.clear();
}

bool SaTable::rekey(SaId old_id, SaId new_id) {
  const auto old = records_.find(old_id);
  if (old == records_.end() || old_id == new_id) return false;
  set_live(old->second);
  SaRecord moved = std::move(old->second);
  records_.erase(old);
  moved.sa.id = new_id;
  const auto existing = records_.find(new_id);
  if (existing != records_.end()) {
    // The new SA was seen before the event that ties the two together: its data
    // is fresher, the place is the old one's.
    existing->second.lineage = moved.lineage;
    existing->second.place = moved.place;
    set_live(existing->second);
    return true;
  }
  records_.emplace(new_id, std::move(moved));
  return true;
}

std::vector<SaId> SaTable::expire(TimePoint now) {
  std::vector<SaId> gone;
  while (!expiries_.empty() && expiries_.begin()->first <= now) {
    gone.push_back(expiries_.begin()->second);
    records_.erase(gone.back());
    expiries_.erase(expiries_.begin());
  }
  return gone;
}

std::vector<SaId> SaTable::gone_ids() const {
  std::vector<SaId> ids;
  for (const auto& [until, id] : expiries_) ids.push_back(id);
  return ids;
}

void SaTable::erase_gone(SaId id) {
  const auto found = records_.find(id);
  if (found == records_.end() || found->second.live()) return;
  expiries_.erase({*found->second.gone_until, id});
  records_.erase(found);
}

std::optional<TimePoint> SaTable::next_expiry() const {
  if (expiries_.empty()) return std::nullopt;
  return expiries_.begin()->first;
}

void SaTable::set_place(SaId id, std::optional<std::uint64_t> known) {
  const auto found = records_.find(id);
  if (found == records_.end()) return;
  found->second.place = known ? *known : next_number_++;
}

}  // namespace rri::core
