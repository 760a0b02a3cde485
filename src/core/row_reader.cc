// Rows: the live table some rows at a time, and the same of a Snapshot.
#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/rows.h"

namespace rri::core {
namespace {

/// Goes on behind the last prefix it gave, whatever became of that one.
class LiveReader {
 public:
  LiveReader(const Controller::State& state, std::vector<std::string> vrfs) : state_(&state), vrfs_(std::move(vrfs)) {}

  bool operator()(std::vector<RouteRow>& out) {
    const RowMaker maker(*state_);
    const auto enough = out.size() + kRowsAtATime;
    while (next_vrf_ < vrfs_.size()) {
      if (read_vrf(maker, enough, out)) return true;
      ++next_vrf_;
      last_.reset();
    }
    return false;
  }

 private:
  /// Whether it stopped because there were enough.
  bool read_vrf(const RowMaker& maker, std::size_t enough, std::vector<RouteRow>& out) {
    const auto id = find_vrf(vrfs_[next_vrf_]);
    const auto* prefixes = id ? state_->planner.prefixes(*id) : nullptr;
    if (prefixes == nullptr) return false;
    auto at = last_ ? prefixes->upper_bound(*last_) : prefixes->begin();
    for (; at != prefixes->end(); ++at) {
      if (out.size() >= enough) return true;
      last_ = *at;
      const RouteKey key{*id, *at};
      maker.add_rows(key, *state_->planner.find(key), out);
    }
    return false;
  }

  [[nodiscard]] std::optional<VrfId> find_vrf(const std::string& name) const {
    for (VrfId id = 0; id < state_->planner.vrf_count(); ++id) {
      if (state_->planner.vrf_name(id) == name) return id;
    }
    return std::nullopt;
  }

  const Controller::State* state_;
  std::vector<std::string> vrfs_;
  std::size_t next_vrf_ = 0;
  std::optional<Prefix> last_;
};

/// At most one key for each prefix length: one piece.
std::vector<RouteRow> covering_rows(const Controller::State& state, const std::vector<std::string>& vrfs, const IpAddress& address) {
  const RowMaker maker(state);
  std::vector<RouteRow> rows;
  for (const auto id : maker.sorted_vrfs()) {
    if (std::find(vrfs.begin(), vrfs.end(), state.planner.vrf_name(id)) == vrfs.end()) continue;
    for (int length = 0; length <= address.bits(); ++length) {
      const RouteKey key{id, Prefix(address, length)};
      if (const auto* plan = state.planner.find(key)) maker.add_rows(key, *plan, rows);
    }
  }
  return rows;
}

}  // namespace

Rows Controller::rows(RowQuery query) const {
  std::vector<std::string> vrfs;
  for (const auto id : RowMaker(*state_).sorted_vrfs()) {
    const auto& name = state_->planner.vrf_name(id);
    if (!query.vrf || name == *query.vrf) vrfs.push_back(name);
  }
  if (!query.covering) return LiveReader(*state_, std::move(vrfs));
  return [state = state_.get(), vrfs = std::move(vrfs), address = *query.covering](std::vector<RouteRow>& out) {
    auto rows = covering_rows(*state, vrfs, address);
    std::move(rows.begin(), rows.end(), std::back_inserter(out));
    return false;
  };
}

bool Controller::has_rows(const std::string& vrf) const {
  for (VrfId id = 0; id < state_->planner.vrf_count(); ++id) {
    const auto* prefixes = state_->planner.vrf_name(id) == vrf ? state_->planner.prefixes(id) : nullptr;
    if (prefixes != nullptr && !prefixes->empty()) return true;
  }
  return false;
}

Rows rows_of(std::shared_ptr<const Snapshot> snapshot, RowQuery query) {
  return [snapshot = std::move(snapshot), query = std::move(query), next = std::size_t{0}](std::vector<RouteRow>& out) mutable {
    const auto& rows = snapshot->routes;
    const auto enough = out.size() + kRowsAtATime;
    for (; next < rows.size(); ++next) {
      const bool is_new_prefix = next == 0 || rows[next].prefix != rows[next - 1].prefix || rows[next].vrf != rows[next - 1].vrf;
      if (out.size() >= enough && is_new_prefix) return true;
      const bool is_wanted = (!query.vrf || rows[next].vrf == *query.vrf) && (!query.covering || rows[next].prefix.contains(*query.covering));
      if (is_wanted) out.push_back(rows[next]);
    }
    return false;
  };
}

}  // namespace rri::core
