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
#include <string>
#include <string_view>

#include "io/control/server.h"
#include "shell/session.h"

namespace rri::app {

class Sessions {
 public:
  using Send = std::function<void(control::ConnectionId, std::string_view text)>;

  /// `host.users` is filled in here.
  Sessions(shell::SessionHost host, Send send);

  control::Answer answer(const control::Command& command);
  void forget(control::ConnectionId connection);

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
  [[nodiscard]] std::uint32_t free_line() const;

  shell::SessionHost host_;
  Send send_;
  std::map<control::ConnectionId, Entry> sessions_;
};

/// `line` as the log may show it: what follows words like `secret` is left out.
std::string without_secrets(std::string_view line);

}  // namespace rri::app
