// Who holds keepalived's FIFO open, and whether that process still lives.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "io/keepalived/notify.h"

namespace rri::keepalived {

namespace fs = std::filesystem;

namespace {

/// Field 22 of /proc/PID/stat, counted behind the name in parentheses, which may
/// hold blanks and parentheses itself.
std::optional<std::uint64_t> start_time_of(std::int32_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text);
  const auto close = text.rfind(')');
  if (close == std::string::npos) return std::nullopt;
  const auto words = split_words(std::string_view(text).substr(close + 1));
  constexpr std::size_t kStartTime = 22 - 3;  // the first word behind the name is field 3
  if (words.size() <= kStartTime) return std::nullopt;
  return parse_number<std::uint64_t>(words[kStartTime]);
}

bool is_keepalived(std::int32_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(file, name);
  return name == "keepalived";
}

/// Whether the process has the file open; nothing when we may not look.
std::optional<bool> has_open(std::int32_t pid, const struct stat& file) {
  std::error_code error;
  fs::directory_iterator entries(fmt::format("/proc/{}/fd", pid), error);
  if (error) return std::nullopt;
  bool may_look = true;
  for (; entries != fs::directory_iterator(); entries.increment(error)) {
    if (error) return std::nullopt;
    struct stat status {};
    // Its own user may list them, and still not look behind them when it has fewer capabilities.
    if (::stat(entries->path().c_str(), &status) != 0) {
      may_look = may_look && errno == ENOENT;
      continue;
    }
    if (status.st_ino == file.st_ino && status.st_dev == file.st_dev) return true;
  }
  return may_look ? std::optional(false) : std::nullopt;
}

std::vector<std::int32_t> all_processes() {
  std::vector<std::int32_t> pids;
  std::error_code error;
  fs::directory_iterator entries("/proc", error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (auto pid = parse_number<std::int32_t>(entries->path().filename().native())) pids.push_back(*pid);
  }
  return pids;
}

}  // namespace

std::vector<ProcessMark> find_keepalived(const std::string& fifo) {
  struct stat file {};
  if (::stat(fifo.c_str(), &file) != 0) return {};
  std::vector<ProcessMark> holders;
  std::vector<ProcessMark> unknown;
  for (const auto pid : all_processes()) {
    if (!is_keepalived(pid)) continue;
    const auto start = start_time_of(pid);
    if (!start) continue;
    const auto holds = has_open(pid, file);
    if (holds == true) holders.push_back({pid, *start});
    if (!holds) unknown.push_back({pid, *start});
  }
  auto& found = holders.empty() ? unknown : holders;
  std::sort(found.begin(), found.end());
  return found;
}

bool is_alive(const ProcessMark& mark) { return start_time_of(mark.pid) == mark.start_time; }

}  // namespace rri::keepalived
