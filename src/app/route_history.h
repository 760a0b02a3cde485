// app/route_history.h -- the last things that happened to routes, for `show rri history`.
//
// Kept in memory: what is older than the bound, or than the daemon, is in the log.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "show/history.h"
#include "show/summary.h"

namespace rri::app {

class RouteHistory {
 public:
  /// A line of the log, stamped with the time of now.
  void add(std::string_view text);
  void add_notice(const Notice& notice);
  [[nodiscard]] std::vector<show::HistoryEntry> entries() const { return {entries_.begin(), entries_.end()}; }
  /// "TIME: TEXT" of the newest `count`, oldest first; notices are no changes.
  [[nodiscard]] std::vector<std::string> last(std::size_t count) const;

 private:
  void put(show::HistoryEntry entry);

  std::deque<show::HistoryEntry> entries_;
};

/// What `show version` tells of the machine.
void describe_host(show::Health& health);

}  // namespace rri::app
