#include "app/route_history.h"

#include <fmt/format.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "app/log.h"

namespace rri::app {

namespace {

/// A day of a busy gateway; some 200 bytes each.
constexpr std::size_t kMaxEntries = 5000;

}  // namespace

void RouteHistory::put(show::HistoryEntry entry) {
  entry.time = render_log_time(std::chrono::system_clock::now());
  entries_.push_back(std::move(entry));
  if (entries_.size() > kMaxEntries) entries_.pop_front();
}

void RouteHistory::add(std::string_view text) { put({{}, std::string(text), show::prefix_of_line(text), false}); }

void RouteHistory::add_notice(const Notice& notice) {
  put({{}, fmt::format("{}: {}", notice_name(notice.code), notice.text), show::prefix_of_line(notice.text), true});
}

std::vector<std::string> RouteHistory::last(std::size_t count) const {
  std::vector<std::string> lines;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && lines.size() < count; ++entry) {
    if (!entry->is_notice) lines.push_back(fmt::format("{}: {}", entry->time, entry->text));
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

void describe_host(show::Health& health) {
  utsname names{};
  if (::uname(&names) == 0) {
    health.machine = names.machine;
    health.kernel = names.release;
  }
  struct sysinfo memory {};
  if (::sysinfo(&memory) == 0) health.memory_kib = static_cast<std::uint64_t>(memory.totalram) * memory.mem_unit / 1024;
  health.board = fmt::format("{:08X}", static_cast<std::uint32_t>(::gethostid()));
}

}  // namespace rri::app
