// Rows: the live table some rows at a time, and the same of a Snapshot.
#include <algorithm>
#include <utility>

#include "core/limits.h"
#include "core/rows.h"

namespace rri::core {
namespace {

/// A walk over the keys of some VRFs that can stop anywhere: it goes on behind the
/// last prefix it gave, whatever became of that one.
class LiveWalk {
 public:
  LiveWalk(const Controller::State& state, std::vector<std::string> vrfs, std::optional<Prefix> within)
      : state_(&state), vrfs_(std::move(vrfs)), within_(within) {}

  /// Calls `visit(key, plan)` until it gives false. Gives whether there is more.
  template <class Visit>
  bool go_on(Visit visit) {
    for (; next_vrf_ < vrfs_.size(); ++next_vrf_, last_.reset()) {
      if (walk_vrf(visit)) return true;
    }
    return false;
  }

 private:
  template <class Visit>
  bool walk_vrf(Visit& visit) {
    const auto id = find_vrf(vrfs_[next_vrf_]);
    const auto* prefixes = id ? state_->planner.prefixes(*id) : nullptr;
    if (prefixes == nullptr) return false;
    auto at = last_ ? prefixes->upper_bound(*last_) : within_ ? prefixes->lower_bound(*within_) : prefixes->begin();
    for (; at != prefixes->end(); ++at) {
      if (within_ && !within_->contains(*at)) return false;
      last_ = *at;
      const RouteKey key{*id, *at};
      if (!visit(key, *state_->planner.find(key))) return true;
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
  std::optional<Prefix> within_;
  std::size_t next_vrf_ = 0;
  std::optional<Prefix> last_;
};

class LiveReader {
 public:
  LiveReader(const Controller::State& state, std::vector<std::string> vrfs, std::optional<Prefix> within)
      : state_(&state), walk_(state, std::move(vrfs), within) {}

  bool operator()(std::vector<RouteRow>& out) {
    const RowMaker maker(*state_);
    const auto enough = out.size() + kRowsAtATime;
    return walk_.go_on([&](const RouteKey& key, const KeyPlan& plan) {
      maker.add_rows(key, plan, out);
      return out.size() < enough;
    });
  }

 private:
  const Controller::State* state_;
  LiveWalk walk_;
};

/// The SAs behind the last one that it gave.
class SaWalk {
 public:
  explicit SaWalk(const Controller::State& state) : state_(&state) {}

  /// Calls `visit` for at most `most` records. Gives whether there is more.
  template <class Visit>
  bool go_on(std::size_t most, Visit visit) {
    const auto& records = state_->world.sas.records();
    auto at = last_ ? records.upper_bound(*last_) : records.begin();
    for (; at != records.end() && most > 0; ++at, --most) {
      last_ = at->first;
      visit(at->second);
    }
    return at != records.end();
  }

 private:
  const Controller::State* state_;
  std::optional<SaId> last_;
};

class LiveCounter {
 public:
  LiveCounter(const Controller::State& state, std::vector<std::string> vrfs)
      : state_(&state), keys_(state, std::move(vrfs), std::nullopt), sas_(state) {}

  bool operator()(Tally& tally) {
    const RowMaker maker(*state_);
    if (!keys_are_done_) {
      std::size_t left = kCountedAtATime;
      keys_are_done_ = !keys_.go_on([&](const RouteKey& key, const KeyPlan& plan) {
        maker.count(key, plan, tally);
        return --left > 0;
      });
      return true;
    }
    return sas_.go_on(kCountedAtATime, [&](const SaRecord& record) { maker.count(record, tally); });
  }

 private:
  const Controller::State* state_;
  LiveWalk keys_;
  SaWalk sas_;
  bool keys_are_done_ = false;
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
  auto vrfs = RowMaker(*state_).vrf_names(query.vrf);
  if (!query.covering) return LiveReader(*state_, std::move(vrfs), query.within);
  return [state = state_.get(), vrfs = std::move(vrfs), address = *query.covering](std::vector<RouteRow>& out) {
    auto rows = covering_rows(*state, vrfs, address);
    std::move(rows.begin(), rows.end(), std::back_inserter(out));
    return false;
  };
}

Count Controller::count() const { return LiveCounter(*state_, RowMaker(*state_).vrf_names(std::nullopt)); }

SaViews Controller::sas() const {
  return [state = state_.get(), walk = SaWalk(*state_)](std::vector<SaView>& out) mutable {
    const RowMaker maker(*state);
    return walk.go_on(kRowsAtATime, [&](const SaRecord& record) { out.push_back({maker.place_of(record.sa.id), record.sa, record.live()}); });
  };
}

std::optional<SaPlace> Controller::find_sa(SaId id) const {
  if (state_->world.sas.find(id) == nullptr) return std::nullopt;
  return RowMaker(*state_).place_of(id);
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
      const bool is_wanted = (!query.vrf || rows[next].vrf == *query.vrf) && (!query.covering || rows[next].prefix.contains(*query.covering)) &&
                             (!query.within || query.within->contains(rows[next].prefix));
      if (is_wanted) out.push_back(rows[next]);
    }
    return false;
  };
}

}  // namespace rri::core
