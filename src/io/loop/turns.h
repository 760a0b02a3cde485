// io/loop/turns.h -- drives something that works in turns of bounded time.
//
// A turn is taken when a descriptor is readable, when somebody asked for one, at
// once after a turn that left work, and when a pause is over. Turns run from the
// loop, never from inside a call to Turns.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.h"

namespace asio {
class io_context;
}

namespace rri::io {

class Turns {
 public:
  using Clock = std::chrono::steady_clock;
  struct Turn {
    bool more = false;                         // there is work: another turn at once
    std::optional<Clock::time_point> wake_at;  // another turn then, at the latest
  };

  explicit Turns(asio::io_context& loop);
  /// As stop().
  ~Turns();
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  /// `descriptor` stays the caller's. Takes a first turn soon.
  Result<> start(int descriptor, std::function<Turn()> take_turn);
  /// No turn is taken any more. May be called from inside a turn.
  void stop();
  [[nodiscard]] bool running() const;
  /// Another turn soon.
  void schedule();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rri::io
