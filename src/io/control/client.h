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

 private:
  explicit Connection(int fd) : fd_(fd) {}
  Result<> send(std::string_view bytes);
  Result<> receive();

  int fd_ = -1;
  FrameReader reader_{FrameReader::Side::Client};
};

}  // namespace rri::control
