// app/running_config.h -- the configuration in force, as many people edit it.
//
// Accepted lines take effect when no more come for a tenth of a second, half a second
// after the first at the latest: what a paste takes out and puts back is no change, and no
// tunnel and no route sees it. Lowering and planning cost time in proportion to the whole
// configuration, and a paste may have 20,000 lines; so once a commit has cost something,
// the next one waits until the loop had several times as long for other work. flush()
// ends the wait.
//
// Also here: saving, secrets, replacing the whole, the undo of `configure terminal
// revert timer`, and the time until `reload in`. A resource type; everything runs on the loop.
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
#include "shell/session.h"

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
  /// After so many minutes the document of now comes back. While one is kept already,
  /// that one does, in so many minutes from now, and it stays `who`'s change that is undone.
  void revert_in(unsigned minutes, std::string who);
  [[nodiscard]] std::optional<shell::Pending> pending_revert() const;
  /// It does not come back.
  void confirm();
  /// Brings it back at once, where one is kept.
  void revert_now();
  /// `reload` after so many minutes; another one takes the place of the one before.
  void reload_in(unsigned minutes, std::string who, std::function<void()> reload);
  [[nodiscard]] std::optional<shell::Pending> pending_reload() const;
  /// False: none is pending.
  bool cancel_reload();
  /// Hears whose change was undone because nobody confirmed it.
  void set_on_revert(std::function<void(const std::string& who)> on_revert) { on_revert_ = std::move(on_revert); }
  /// Writes the startup configuration: a new file, then renamed; the old one stays
  /// as FILE.previous. A link stays one: all this happens where it leads.
  Result<> save() const;
  /// Puts the startup configuration aside, as FILE.previous.
  Result<> erase() const;

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
  std::string who_;                 // whose change that undoes
  std::string reloader_;            // "": no reload is pending
  std::function<void(const std::string& who)> on_revert_;
  std::unique_ptr<Timers> timers_;
};

/// The stored form of a secret: its type and crypt(3)'s hash, "9 $6$...".
std::string hash_secret(std::string_view clear);
bool is_secret(std::string_view stored, std::string_view clear);

}  // namespace rri::app
