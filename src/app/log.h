// app/log.h -- the daemon's log: to stderr or the journal, and a ring for `show logging`.
//
// Lines look like IOS's: "*Nov 23 20:41:02.123: %RRI-6-INFO: text". Under the
// journal (JOURNAL_STREAM) the time is left out and systemd's "<N>" put in front.
// One object cannot flood it: lines with one key beyond a few in a short time are
// counted, and the count is told with the next one that passes.
// A value of one owner; must be used from one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rri::app {

/// IOS's severities as far as we use them.
enum class LogLevel : std::uint8_t { Error = 3, Warning = 4, Notice = 5, Info = 6, Debug = 7 };

/// "error", "warning", "notice", "info" or "debug".
Result<LogLevel> parse_log_level(std::string_view text);

class Log {
 public:
  explicit Log(LogLevel level);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  /// `mnemonic`: "INFO", "TAG_CONFLICT". `key` names the object for the rate
  /// limit; "" takes the text itself.
  void write(LogLevel level, std::string_view mnemonic, std::string_view text, std::string_view key = {});

  /// The same under another facility than RRI: "SYS", "PARSER".
  void write_as(std::string_view facility, LogLevel level, std::string_view mnemonic, std::string_view text);
  /// Gets every line that is written, debugging aside, as `terminal monitor` shows it.
  void set_listener(std::function<void(std::string_view line)> listener) { listener_ = std::move(listener); }

  /// What `show logging` shows, oldest first.
  [[nodiscard]] std::vector<std::string> lines() const { return {ring_.begin(), ring_.end()}; }
  void clear() { ring_.clear(); }

 private:
  struct Budget {
    std::chrono::steady_clock::time_point since;
    std::uint32_t lines = 0;
    std::uint32_t suppressed = 0;
  };
  struct Sink;

  void put(std::string_view facility, LogLevel level, std::string_view mnemonic, std::string_view text,
           std::uint32_t suppressed);
  /// How many lines of `key` were left out before this one; nothing: leave it out.
  std::optional<std::uint32_t> admit(std::string_view key);

  LogLevel level_;
  std::function<void(std::string_view)> listener_;
  std::unique_ptr<Sink> sink_;
  std::deque<std::string> ring_;
  std::map<std::string, Budget, std::less<>> budgets_;
};

/// "*Nov 23 20:41:02.123", local time, as IOS stamps its messages.
std::string render_log_time(std::chrono::system_clock::time_point time);

}  // namespace rri::app
