// io/frr/vty.h -- one connection to the vty socket of an FRR daemon.
//
// Commands go in exchanges: a list of them, sent ahead of their answers within a
// window, answered in order. One exchange at a time. Nothing blocks; each turn of
// the loop handles one read.
//
// Failure: connect() and every loss are told by on_lost, once; what was under way
// is forgotten, and the owner connects again. Callbacks come from the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace asio {
class io_context;
}

namespace rri::frr {

struct Answer {
  std::uint8_t status = 0;
  std::string text;  // its lines, at most kMaxAnswerText
};

struct Exchange {
  std::vector<std::string> commands;
  std::function<void(std::string_view)> on_line;         // when set, lines go here and not into `text`
  std::function<void(const std::vector<Answer>&)> on_done;
};

/// Where FRR takes static routes: staticd's socket, or mgmtd's, where newer releases keep them.
std::string static_socket(const std::string& directory);
/// mgmtd answers some commands later, and throws away what came with one of those in the same
/// read (lib/vty.c): it gets one command at a time. A batch needs its datastores locked.
bool is_mgmtd(std::string_view socket_path);

/// What lists zebra's clients, and whether staticd is one. An answer that is no such list
/// (another release) counts as yes.
inline constexpr std::string_view kClientSummary = "show zebra client summary";
bool has_static_client(std::string_view answer);

class Vty {
 public:
  using OnConnected = std::function<void(std::int32_t daemon_pid)>;
  using OnLost = std::function<void(const Error&)>;

  Vty(asio::io_context& loop, OnConnected on_connected, OnLost on_lost);
  ~Vty();
  Vty(const Vty&) = delete;
  Vty& operator=(const Vty&) = delete;

  /// Answered by one of the callbacks.
  void connect(const std::string& path);
  /// While another exchange is under way, that is a bug.
  void run(Exchange exchange);
  void close();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

/// Calls one task later, from the loop; a second after() forgets the first.
class Alarm {
 public:
  explicit Alarm(asio::io_context& loop);
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  void after(std::chrono::milliseconds delay, std::function<void()> task);
  void cancel();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rri::frr
