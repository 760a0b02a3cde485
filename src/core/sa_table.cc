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
  if (is_new) record.lineage = next_number_++;
  record.gone_until.reset();
  record.sa = sa;
  derive_prefixes(record);
  return true;
}

bool SaTable::set_gone(SaId id, TimePoint until) {
  const auto found = records_.find(id);
  if (found == records_.end() || !found->second.live()) return false;
  found->second.gone_until = until;
  return true;
}

bool SaTable::rekey(SaId old_id, SaId new_id) {
  const auto old = records_.find(old_id);
  if (old == records_.end() || old_id == new_id) return false;
  SaRecord moved = std::move(old->second);
  records_.erase(old);
  moved.sa.id = new_id;
  moved.gone_until.reset();
  const auto existing = records_.find(new_id);
  if (existing != records_.end()) {
    // The new SA was seen before the event that ties the two together: its data
    // is fresher, the place is the old one's.
    existing->second.lineage = moved.lineage;
    existing->second.place = moved.place;
    existing->second.gone_until.reset();
    return true;
  }
  records_.emplace(new_id, std::move(moved));
  return true;
}

std::vector<SaId> SaTable::expire(TimePoint now) {
  std::vector<SaId> gone;
  for (auto at = records_.begin(); at != records_.end();) {
    const bool over = at->second.gone_until && *at->second.gone_until <= now;
    if (over) gone.push_back(at->first);
    at = over ? records_.erase(at) : std::next(at);
  }
  return gone;
}

std::optional<TimePoint> SaTable::next_expiry() const {
  std::optional<TimePoint> next;
  for (const auto& [id, record] : records_) {
    if (record.gone_until && (!next || *record.gone_until < *next)) next = record.gone_until;
  }
  return next;
}

void SaTable::set_place(SaId id, std::optional<std::uint64_t> known) {
  const auto found = records_.find(id);
  if (found == records_.end()) return;
  found->second.place = known ? *known : next_number_++;
}

}  // namespace rri::core
