// app/sessions.h -- the shell sessions of the daemon, one for each connection.
//
// Between the control socket, which knows frames, and shell/session.h, which
// knows IOS: who is there, and who hears what happens (`terminal monitor`,
// `debug crypto ipsec`). A value of one owner, used from the loop only.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/control/server.h"
#include "shell/session.h"

namespace rri::app {

/// `exec-timeout` of some lines; none: such a session is never closed.
struct ExecTimeout {
  std::uint32_t first_line = 0;
  std::uint32_t last_line = 0;
  std::optional<Seconds> limit;
};
/// Those of the `line vty` sections.
std::vector<ExecTimeout> find_exec_timeouts(const Document& document);

class Sessions {
 public:
  using Send = std::function<void(control::ConnectionId, std::string_view text)>;

  using Close = std::function<void(control::ConnectionId)>;

  /// `host.users` and `host.clear_line` are filled in here.
  Sessions(shell::SessionHost host, Send send, Close close);

  control::Answer answer(const control::Command& command);
  void forget(control::ConnectionId connection);

  void set_timeouts(std::vector<ExecTimeout> timeouts) { timeouts_ = std::move(timeouts); }
  /// How long this one may be idle: IOS's ten minutes where nothing is configured.
  [[nodiscard]] std::optional<Seconds> idle_limit(control::ConnectionId connection) const;
  /// "tty 2 (198.51.100.7)), user root": for the log line of one that was idle too long.
  [[nodiscard]] std::string who(control::ConnectionId connection) const;

  /// A line of the log, for those who monitor.
  void tell(std::string_view line) const;
  /// For everybody who may be cut off, also without `terminal monitor`: those who monitor
  /// hear it from the log.
  void warn(std::string_view line) const;
  /// A line of `debug crypto ipsec`, for those who monitor while somebody debugs.
  void tell_debug(std::string_view line) const;
  /// A line of `debug crypto isakmp` (version 1) or `debug crypto ikev2`, likewise.
  void tell_ike_debug(int version, std::string_view line) const;

 private:
  struct Entry {
    std::unique_ptr<shell::Session> session;
    std::uint32_t line = 0;  // vty number
    std::string location = "local";
    std::chrono::steady_clock::time_point last_used;
  };

  shell::Session& session_of(const control::Command& command);
  control::Answer run_line(const control::Command& command, shell::Session& session);
  void tell_if(std::string_view line, bool (*wants)(const shell::Session&)) const;
  [[nodiscard]] std::vector<shell::UserRow> users() const;
  bool clear_line(std::uint32_t line);
  [[nodiscard]] std::uint32_t free_line() const;

  shell::SessionHost host_;
  Send send_;
  Close close_;
  std::map<control::ConnectionId, Entry> sessions_;
  std::vector<ExecTimeout> timeouts_;
};

/// Whether `archive`, `log config`, `notify syslog` asks for a line of the log for each line that is typed.
bool notifies_of_commands(const Document& document);

}  // namespace rri::app
