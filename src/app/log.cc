#include "app/log.h"

#include <fmt/chrono.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cstdlib>

#include "base/text.h"

namespace rri::app {

namespace {

/// Kept for `show logging`: a busy hour of a large hub, some 200 kB.
constexpr std::size_t kMaxRingLines = 2000;
/// Lines of one object within kBudgetTime; a story is told in fewer.
constexpr std::uint32_t kLinesPerBudget = 10;
constexpr std::chrono::seconds kBudgetTime{10};
/// Objects remembered for the rate limit; beyond, all start afresh.
constexpr std::size_t kMaxBudgets = 4096;
constexpr std::size_t kMaxLogLineBytes = 2048;

struct LevelName {
  std::string_view name;
  LogLevel level;
};

constexpr LevelName kLevelNames[] = {{"error", LogLevel::Error}, {"warning", LogLevel::Warning},
                                     {"notice", LogLevel::Notice}, {"info", LogLevel::Info},
                                     {"debug", LogLevel::Debug}};

}  // namespace

struct Log::Sink {
  bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
  spdlog::logger logger{"rrid", std::make_shared<spdlog::sinks::stderr_sink_st>()};
};

Result<LogLevel> parse_log_level(std::string_view text) {
  for (const auto& [name, level] : kLevelNames) {
    if (text == name) return level;
  }
  return fail("use the log level '{}': it is one of error, warning, notice, info, debug", text);
}

std::string render_log_time(std::chrono::system_clock::time_point time) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
  const auto seconds = std::chrono::system_clock::to_time_t(time);
  return fmt::format("*{:%b %e %H:%M:%S}.{:03}", fmt::localtime(seconds), millis);
}

Log::Log(LogLevel level) : level_(level), sink_(std::make_unique<Sink>()) {
  sink_->logger.set_pattern("%v");
  sink_->logger.set_level(spdlog::level::trace);
  sink_->logger.flush_on(spdlog::level::trace);
}

Log::~Log() = default;

std::optional<std::uint32_t> Log::admit(std::string_view key) {
  const auto now = std::chrono::steady_clock::now();
  auto found = budgets_.find(key);
  if (found == budgets_.end()) {
    if (budgets_.size() >= kMaxBudgets) budgets_.clear();
    found = budgets_.emplace(std::string(key), Budget{now, 0, 0}).first;
  }
  auto& budget = found->second;
  if (now - budget.since > kBudgetTime) {
    const auto suppressed = budget.suppressed;
    budget = {now, 1, 0};
    return suppressed;
  }
  if (++budget.lines > kLinesPerBudget) {
    ++budget.suppressed;
    return std::nullopt;
  }
  return 0;
}

void Log::write(LogLevel level, std::string_view mnemonic, std::string_view text, std::string_view key) {
  if (level > level_) return;
  const auto suppressed = admit(key.empty() ? text : key);
  if (!suppressed) return;
  put("RRI", level, mnemonic, text, *suppressed);
}

void Log::write_as(std::string_view facility, LogLevel level, std::string_view mnemonic, std::string_view text) {
  if (level <= level_) put(facility, level, mnemonic, text, 0);
}

void Log::put(std::string_view facility, LogLevel level, std::string_view mnemonic, std::string_view text,
              std::uint32_t suppressed) {
  const auto number = static_cast<int>(level);
  auto message = fmt::format("%{}-{}-{}: {}", facility, number, mnemonic, printable(text.substr(0, kMaxLogLineBytes)));
  if (suppressed > 0) message += fmt::format(" ({} such lines were left out)", suppressed);
  auto stamped = fmt::format("{}: {}", render_log_time(std::chrono::system_clock::now()), message);
  sink_->logger.info(sink_->journal ? fmt::format("<{}>{}", number, message) : stamped);
  if (listener_ && level < LogLevel::Debug) listener_(stamped);
  ring_.push_back(std::move(stamped));
  if (ring_.size() > kMaxRingLines) ring_.pop_front();
}

}  // namespace rri::app
