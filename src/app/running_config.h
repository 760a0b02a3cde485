// app/running_config.h -- the configuration in force, as many people edit it.
//
// Accepted lines take effect when no more come for a tenth of a second, half a second
// after the first at the latest: what a paste takes out and puts back is no change, and no
// tunnel and no route sees it. Lowering and planning cost time in proportion to the whole
// configuration, and a paste may have 20,000 lines; so once a commit has cost something,
// the next one waits until the loop had several times as long for other work. flush()
// ends the wait.
//
// Also here: saving, secrets, replacing the whole, and the undo of `configure
// terminal revert timer`. A resource type; everything runs on the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "config/config.h"

namespace asio {
class io_context;
}

namespace rri::app {

class RunningConfig {
 public:
  using Commit = std::function<void(Lowered lowered)>;

  /// `document` must outlive this. `file` is the startup configuration.
  /// `minute`: what a minute of `revert_in` is; tests have shorter ones.
  RunningConfig(asio::io_context& loop, Document& document, std::string file, Commit commit,
                std::chrono::milliseconds minute = std::chrono::minutes(1));
  ~RunningConfig();

  [[nodiscard]] std::uint64_t generation() const { return generation_; }
  /// The document was changed; it is committed soon.
  void on_change();
  /// What was changed is committed now.
  void flush();

  /// Puts another document in place of this one, and commits it.
  void replace(Document document);
  /// After so many minutes the document of now comes back; none: it does not.
  void revert_in(std::optional<unsigned> minutes);
  /// Brings it back at once; false: none is kept.
  bool revert_now();
  /// Writes the startup configuration: a new file, then renamed; the old one stays
  /// as FILE.previous.
  Result<> save() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Timers;
  void commit_at(Clock::time_point when);
  void rest_after(Clock::time_point start);

  Document* document_;
  std::string file_;
  Commit commit_;
  std::chrono::milliseconds minute_;
  std::uint64_t generation_ = 0;
  bool dirty_ = false;
  std::optional<Document> before_;  // to revert to
  std::unique_ptr<Timers> timers_;
};

/// The stored form of a secret: its type and crypt(3)'s hash, "9 $6$...".
std::string hash_secret(std::string_view clear);
bool is_secret(std::string_view stored, std::string_view clear);

}  // namespace rri::app
