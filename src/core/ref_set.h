// core/ref_set.h -- things wanted by several, and what changed about them.
//
// A path query, a host name or a notice may be wanted by many claims. The set
// counts the wishes and says, once a step, which things became wanted and which
// are not wanted any more. Dropping and adding the same thing within a step is
// no change, so a full rebuild may simply drop everything and add it again.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace rri::core {

template <class T>
class RefSet {
 public:
  void add(const T& thing) {
    ++counts_[thing];
    touched_.insert(thing);
  }
  void drop(const T& thing) {
    const auto found = counts_.find(thing);
    if (found == counts_.end()) return;
    if (--found->second == 0) counts_.erase(found);
    touched_.insert(thing);
  }
  void drop_all() {
    for (const auto& [thing, count] : counts_) touched_.insert(thing);
    counts_.clear();
  }

  [[nodiscard]] bool contains(const T& thing) const { return counts_.contains(thing); }
  [[nodiscard]] const std::map<T, int>& counts() const { return counts_; }

  struct Diff {
    std::vector<T> appeared;  // ascending
    std::vector<T> vanished;

    /// What appears and vanishes again is in neither list, and the reverse.
    void merge(Diff later) {
      cancel(appeared, later.vanished);
      cancel(vanished, later.appeared);
      appeared.insert(appeared.end(), later.appeared.begin(), later.appeared.end());
      vanished.insert(vanished.end(), later.vanished.begin(), later.vanished.end());
    }

   private:
    /// Takes out of both lists what is in both.
    static void cancel(std::vector<T>& mine, std::vector<T>& theirs) {
      std::erase_if(mine, [&](const T& thing) {
        const auto same = std::find(theirs.begin(), theirs.end(), thing);
        if (same == theirs.end()) return false;
        theirs.erase(same);
        return true;
      });
    }
  };
  /// What changed since the last call.
  Diff take_diff() {
    Diff diff;
    for (const auto& thing : touched_) {
      const bool wanted = counts_.contains(thing);
      if (wanted && reported_.insert(thing).second) diff.appeared.push_back(thing);
      if (!wanted && reported_.erase(thing) > 0) diff.vanished.push_back(thing);
    }
    touched_.clear();
    return diff;
  }

 private:
  std::map<T, int> counts_;
  std::set<T> reported_;  // what the caller knows to be wanted
  std::set<T> touched_;
};

}  // namespace rri::core
