// shell/session.h -- one person (or script) at the IOS shell.
//
// Lives in the daemon, one for each connection of the control socket: the mode,
// the privilege level, the terminal settings and the history. What a line means
// depends on them and on the one Document that all sessions edit.
//
// Several sessions may configure at once; the last writer wins line by line.
// Whenever somebody else changed the Document, a session enters its sections
// anew before it goes on, so that it never writes to a place that is gone.
//
// Pure but for SessionHost: no files, no sockets, no clock.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "shell/exec.h"

namespace rri::shell {

/// Who sits there, for the log and `show users`.
struct SessionUser {
  std::string name;    // "root"
  std::string origin;  // "vty0 (198.51.100.7)"
  bool is_root = false;
  std::uint32_t line = 0;  // number of the vty
};

/// A row of `show users`.
struct UserRow {
  std::uint32_t line = 0;
  std::string name;
  bool is_configuring = false;
  Seconds idle{0};
  std::string location;  // "198.51.100.7", "/dev/pts/3", "local"
};

/// What happens when its time has come, unless somebody prevents it.
struct Pending {
  std::string who;  // "ann on vty0 (198.51.100.7)"
  Seconds left{0};
};

/// What sessions ask of the daemon.
struct SessionHost {
  Environment environment;
  Document* document = nullptr;
  std::function<std::string()> hostname;
  /// Counts every change of the document, whoever made it.
  std::function<std::uint64_t()> generation;
  /// A line was applied to the document; it takes effect soon, `flush` at once.
  std::function<void(const SessionUser& user, std::string_view line)> on_change;
  std::function<void()> flush;
  std::function<void(const SessionUser& user)> on_configured;  // configuration mode was left
  std::function<Result<>()> save;
  std::function<Result<>()> reload;
  /// Whether the startup configuration is what runs.
  std::function<bool()> is_saved;
  /// Gives what there is to tell of the file, a line each.
  std::function<Result<std::string>(const SessionUser& user, const std::string& file)> replace;
  std::function<std::optional<Pending>()> pending_revert;
  /// The configuration of now comes back after so many minutes; while that is pending, that of then.
  std::function<void(const SessionUser& user, unsigned minutes)> revert_in;
  std::function<void()> confirm;
  std::function<void()> revert_now;
  std::function<std::optional<Pending>()> pending_reload;
  std::function<void(const SessionUser& user, unsigned minutes)> reload_in;
  /// False: none is pending.
  std::function<bool()> cancel_reload;
  /// Adds the lines of a file to what runs; gives what was wrong with some of them.
  std::function<Result<std::string>(const SessionUser& user, const std::string& file)> merge;
  /// Puts the startup configuration aside.
  std::function<Result<>()> erase;
  std::function<void()> clear_log;
  /// Ends the session with this number; false: there is none.
  std::function<bool(std::uint32_t line)> clear_line;
  std::function<std::vector<UserRow>()> users;  // by line
  std::function<std::string(std::string_view clear)> hash_secret;
  std::function<bool(std::string_view stored, std::string_view clear)> is_secret;
};

/// What the reader's side shows before the cursor, and how it treats the line.
struct SessionPrompt {
  enum class Kind : std::uint8_t { Exec, Config, Text, Secret, Question, Confirm, Closed };
  Kind kind = Kind::Exec;
  std::string text;
  std::uint32_t length = 24;
  std::uint32_t width = 80;
};

/// The line that stands for ^C while text is read, or something is asked.
inline constexpr std::string_view kInterrupt = "\x03";

class Session {
 public:
  /// `host` must outlive the session.
  Session(const SessionHost& host, SessionUser user);

  /// Carries out one line. Columns of a misfit count from the start of the line.
  ExecAnswer take_line(std::string_view line, show::Format format = show::Format::Text);
  [[nodiscard]] SessionPrompt prompt() const;

  /// What `?` behind `text` prints.
  [[nodiscard]] std::string help(std::string_view text) const;
  /// `text` with its last word completed; as it is where that cannot be told.
  [[nodiscard]] std::string complete(std::string_view text) const;

  void set_terminal(std::uint32_t length, std::uint32_t width);
  void set_origin(std::string origin) { user_.origin = std::move(origin); }
  /// For commands that come without a person: privileged from the start where no
  /// secret is set, and nothing is asked back.
  void run_unattended();

  [[nodiscard]] bool monitors() const { return monitors_; }
  [[nodiscard]] bool debugs() const { return debugs_; }
  /// `debug crypto isakmp` (version 1), `debug crypto ikev2`.
  [[nodiscard]] bool debugs_ike(int version) const { return version == 1 ? debugs_isakmp_ : debugs_ikev2_; }
  [[nodiscard]] const SessionUser& user() const { return user_; }
  [[nodiscard]] bool is_configuring() const { return editor_ != nullptr; }

 private:
  static constexpr std::size_t kDefaultHistory = 20;

  /// What was asked, and what becomes of the answer.
  struct Question {
    SessionPrompt::Kind kind = SessionPrompt::Kind::Question;
    std::string text;
    std::function<ExecAnswer(std::string_view answer)> take;
  };

  ExecAnswer take_answer(std::string_view line);
  void ask(std::string text, std::function<ExecAnswer(std::string_view answer)> take);
  ExecAnswer confirm(std::string text, std::function<ExecAnswer()> act);
  void ask_secret(int tries_left);
  ExecAnswer take_exec(std::string_view line, show::Format format);
  std::optional<ExecAnswer> take_session_command(const ExecMatch& match, show::Format format);
  ExecAnswer take_show_command(ExecCommand command, show::Format format) const;
  ExecAnswer replace(const std::string& file);
  ExecAnswer ask_to_replace(const ExecMatch& match);
  ExecAnswer take_configure_command(const ExecMatch& match);
  ExecAnswer copy_running();
  ExecAnswer begin_reload(const ExecMatch& match);
  void ask_to_save();
  ExecAnswer confirm_reload();
  ExecAnswer reload();
  std::optional<ExecAnswer> take_asking_command(const ExecMatch& match, show::Format format);
  ExecAnswer begin_reload_in(const ExecMatch& match);
  ExecAnswer merge(const ExecMatch& match);
  ExecAnswer clear_line(const ExecMatch& match);
  ExecAnswer erase();
  ExecAnswer debug_all();
  ExecAnswer begin_revert(const ExecMatch& match);
  ExecAnswer take_revert_command(const ExecMatch& match);
  ExecAnswer take_terminal_command(const ExecMatch& match);
  std::optional<ExecAnswer> take_debug_command(const ExecMatch& match);
  ExecAnswer take_config(std::string_view line, show::Format format);
  ExecAnswer after_line(std::string_view line, const LineResult& result, std::size_t depth_before);
  ExecAnswer run_do(std::string_view line, std::size_t offset, show::Format format);
  ExecAnswer enable(const ExecMatch& match);
  ExecAnswer save();
  ExecAnswer begin_config(std::string text);
  ExecAnswer interrupt_text();
  void leave_config();
  void renew_editor();
  void reenter_section(const Editor::Options& options);
  [[nodiscard]] Editor::Options editor_options() const;
  [[nodiscard]] std::string history(show::Format format) const;
  [[nodiscard]] std::string terminal(show::Format format) const;
  [[nodiscard]] std::string users(show::Format format) const;
  [[nodiscard]] std::string debugging(show::Format format) const;
  void remember(std::string_view line);

  const SessionHost& host_;
  SessionUser user_;
  std::uint8_t level_ = kUserLevel;
  std::optional<Question> question_;
  bool closed_ = false;
  bool monitors_ = false;
  bool debugs_ = false;
  bool debugs_isakmp_ = false;
  bool debugs_ikev2_ = false;
  bool asks_ = true;  // somebody is there to answer
  std::size_t history_size_ = kDefaultHistory;
  std::uint32_t length_ = 24;
  std::uint32_t width_ = 80;
  std::deque<std::string> history_;
  std::unique_ptr<Editor> editor_;   // in configuration mode
  std::uint64_t seen_generation_ = 0;
  std::vector<std::string> section_;  // as after our last line
};

/// What `enable` asks for: the stored `enable secret` of level 15, else
/// "password " and what stands behind `enable password`; "" when there is none.
std::string find_enable_secret(const Document& document);

}  // namespace rri::shell
