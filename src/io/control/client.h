// io/control/client.h -- the `rri` side of the control socket.
//
// Blocking, on purpose: the tool has nothing else to do. Every failure says
// what to do about it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/control/frame.h"

namespace rri::control {

class Connection {
 public:
  /// Fails with the cure when no daemon runs, or this user may not ask it.
  static Result<Connection> open(const std::string& path);

  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  /// Runs one command. `on_output` gets the pieces as they come, and says whether
  /// it wants more; without more wishes the connection is of no use any longer.
  Result<Status> run(FrameType type, std::string_view command, const std::function<bool(std::string_view)>& on_output);

  /// What the session asked for with its last answer.
  [[nodiscard]] const Prompt& prompt() const { return prompt_; }
  /// To wait on, for messages between answers.
  [[nodiscard]] int descriptor() const { return fd_; }
  /// Messages that came until now; reads what waits in the socket without blocking.
  Result<std::string> take_messages();

 private:
  explicit Connection(int fd) : fd_(fd) {}
  Result<> send(std::string_view bytes);
  Result<> receive(int flags);
  /// Prompts and messages are kept; gives whether the frame was one.
  Result<bool> note(const Frame& frame);

  int fd_ = -1;
  FrameReader reader_{FrameReader::Side::Client};
  Prompt prompt_;
  std::string messages_;
};

}  // namespace rri::control
