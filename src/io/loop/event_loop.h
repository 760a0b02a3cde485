// io/loop/event_loop.h -- Asio's event loop behind a header that costs nothing.
//
// A file that includes Asio takes ten seconds to compile. Who only wants to run
// a loop for one of the io classes uses this.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace asio {
class io_context;
}

namespace rri::io {

/// Threading: one thread runs it; post() and stop() may come from any other.
class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// What the io classes want for themselves.
  asio::io_context& context();

  /// Runs until stop(), or until nothing is left to wait for.
  void run();
  /// Runs one handler; gives up after `patience`. How many ran: 0 or 1.
  std::size_t run_one_for(std::chrono::milliseconds patience);
  void stop();
  void post(std::function<void()> task);
  /// Calls `task` once after `delay`, if the loop still runs. One at a time: a
  /// second call forgets the first.
  void after(std::chrono::milliseconds delay, std::function<void()> task);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rri::io
