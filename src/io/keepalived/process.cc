// Who holds keepalived's FIFO open, and whether that process still lives.
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/text.h"
#include "io/keepalived/notify.h"

namespace rri::keepalived {

namespace fs = std::filesystem;

namespace {

struct Birth {
  std::int32_t parent = 0;
  std::uint64_t start_time = 0;
};

/// Fields 4 and 22 of /proc/PID/stat, counted behind the name in parentheses,
/// which may hold blanks and parentheses itself. Nothing for a process that ended
/// and whose parent has not looked yet.
std::optional<Birth> birth_of(std::int32_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(file, text);
  const auto close = text.rfind(')');
  if (close == std::string::npos) return std::nullopt;
  const auto words = split_words(std::string_view(text).substr(close + 1));
  constexpr std::size_t kFirst = 3;  // the first word behind the name is field 3
  constexpr std::size_t kParent = 4 - kFirst;
  constexpr std::size_t kStartTime = 22 - kFirst;
  if (words.size() <= kStartTime || words[0] == "Z" || words[0] == "X") return std::nullopt;
  const auto parent = parse_number<std::int32_t>(words[kParent]);
  const auto start_time = parse_number<std::uint64_t>(words[kStartTime]);
  if (!parent || !start_time) return std::nullopt;
  return Birth{*parent, *start_time};
}

bool is_keepalived(std::int32_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(file, name);
  return name == "keepalived";
}

/// A process of another network namespace keeps no address of ours, nor does one
/// that is ending and has none. The files in /proc/PID/net are those of its
/// namespace and may be looked at by everybody, unlike /proc/PID/ns.
bool is_in_our_network(std::int32_t pid) {
  struct stat ours {};
  struct stat theirs {};
  if (::stat("/proc/self/net/dev", &ours) != 0) return true;
  if (::stat(fmt::format("/proc/{}/net/dev", pid).c_str(), &theirs) != 0) return errno != ENOENT && errno != ESRCH;
  return ours.st_ino == theirs.st_ino;
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

using Family = std::map<std::int32_t, Birth>;

/// The processes of that name, keepalived's scripts without.
Family all_keepalived() {
  Family found;
  for (const auto pid : all_processes()) {
    if (!is_keepalived(pid)) continue;
    if (const auto birth = birth_of(pid)) found[pid] = *birth;
  }
  // keepalived forks a process for VRRP, and that one forks for every script: until
  // the script runs, its process has the name and the FIFO, and soon it is gone.
  Family lasting;
  for (const auto& [pid, birth] : found) {
    const auto parent = found.find(birth.parent);
    if (parent == found.end() || !found.contains(parent->second.parent)) lasting[pid] = birth;
  }
  return lasting;
}

}  // namespace

std::vector<ProcessMark> find_keepalived(const std::string& fifo) {
  struct stat file {};
  if (::stat(fifo.c_str(), &file) != 0) return {};
  std::vector<ProcessMark> holders;
  std::vector<ProcessMark> unknown;
  for (const auto& [pid, birth] : all_keepalived()) {
    const auto holds = has_open(pid, file);
    if (holds == true) holders.push_back({pid, birth.start_time});
    if (!holds && is_in_our_network(pid)) unknown.push_back({pid, birth.start_time});
  }
  return holders.empty() ? unknown : holders;
}

bool is_alive(const ProcessMark& mark) {
  const auto birth = birth_of(mark.pid);
  return birth && birth->start_time == mark.start_time;
}

}  // namespace rri::keepalived
