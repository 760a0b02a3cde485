// io/control/server.h -- the control socket of the daemon.
//
// The idea: a command comes in, the handler gives an answer as Pieces, and the
// pieces are made only as fast as the reader reads them.
// Threading: everything runs on the io_context that is handed in.
// Failure: a client that breaks the protocol, stalls or stays idle is closed and
// hurts nobody else. An answer that has to be waited for (Answer::later) holds up
// only the connection that asked. A socket file that a dead daemon left behind is taken over;
// one that somebody listens on is not.
// Limits: limits.h.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/pieces.h"
#include "base/result.h"
#include "io/control/frame.h"

namespace asio {
class io_context;
}

namespace rri::control {

/// Who asks, as the kernel tells it (SO_PEERCRED).
struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
};

/// One connection, for as long as the server lives.
using ConnectionId = std::uint64_t;

struct Command {
  FrameType type = FrameType::RunText;
  std::string line;
  PeerCredentials peer;
  ConnectionId connection = 0;
};

/// `pieces` are sent first, whatever the status.
struct Answer {
  Status status;
  Pieces pieces;
  std::optional<Prompt> prompt;  // of a session; sent last

  /// Set when the answer has to be waited for: it is called once, and calls its
  /// argument once with the answer, now or later, within a time of its own. The
  /// connection takes no further command meanwhile; all others go on. A prompt
  /// that the late answer does not have is taken from this one.
  std::function<void(std::function<void(Answer)>)> later;
};

class Server {
 public:
  using Handler = std::function<Answer(const Command&)>;
  using OnClose = std::function<void(ConnectionId)>;

  /// When a connection is closed that asks for nothing.
  struct IdleRule {
    std::function<std::optional<std::chrono::seconds>(ConnectionId)> limit;  // none: never
    OnClose on_expiry;                                                      // before on_close
  };

  /// Listens on `path`, mode 0660. Fails with the cure when the directory is
  /// missing or closed to us, or when another daemon answers there.
  static Result<Server> open(asio::io_context& context, const std::string& path, Handler handler,
                             OnClose on_close = [](ConnectionId) {}, IdleRule idle = {});

  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;
  /// Closes all connections and removes the socket file, if it is still ours.
  ~Server();

  [[nodiscard]] std::size_t clients() const;

  /// Sends a message outside of any answer; nothing happens when the connection is gone.
  void send_message(ConnectionId connection, std::string_view text);
  /// Closes a connection, as its own end would; not from the handler of a command of it.
  void disconnect(ConnectionId connection);

 private:
  struct State;
  explicit Server(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace rri::control
