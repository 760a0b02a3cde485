#include "config/grammar.h"

#include <algorithm>

#include "config/pattern.h"

namespace rri {
namespace {

std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (const auto part : {system_rows(), rri_rows(), ike_rows(), crypto_map_rows(), interface_rows(), routing_rows(),
                          acl_rows(), carried_rows()}) {
    rows.insert(rows.end(), part.begin(), part.end());
  }
  // IOS prints terminal lines last.
  std::stable_partition(rows.begin(), rows.end(), [](const Row& row) { return row.opens != Mode::Line && row.modes != in(Mode::Line); });
  return rows;
}

}  // namespace

Grammar::Grammar(const std::vector<Row>& rows) : by_mode_(kModeCount) {
  rows_.reserve(rows.size());
  for (const auto& row : rows) rows_.push_back(compile_row(row, static_cast<std::uint32_t>(rows_.size())));
  for (auto& compiled : rows_) {
    compiled.block = compiled.position;
    if (compiled.row.block.empty()) continue;
    const auto first = std::find_if(rows_.begin(), rows_.end(), [&](const CompiledRow& other) {
      return other.row.block == compiled.row.block;
    });
    compiled.block = first->position;
  }
  for (const auto& compiled : rows_) {
    for (std::size_t mode = 0; mode < by_mode_.size(); ++mode) {
      if ((compiled.row.modes & (1U << mode)) != 0) by_mode_[mode].push_back(&compiled);
    }
  }
}

const Grammar& config_grammar() {
  static const Grammar grammar(all_rows());
  return grammar;
}

}  // namespace rri
