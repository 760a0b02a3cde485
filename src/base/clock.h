// base/clock.h -- time as the decision code sees it: a number that is handed in.
//
// core/ never asks what time it is. The daemon hands in CLOCK_MONOTONIC, the
// planner tool and the tests hand in what their script says.
#pragma once

#include <chrono>
#include <cstdint>

namespace rri {

using Millis = std::chrono::duration<std::int64_t, std::milli>;
using Seconds = std::chrono::duration<std::int64_t>;

/// Tag for time points that come from outside; it has no now() on purpose.
struct MonotonicClock {
  using duration = Millis;
  using rep = Millis::rep;
  using period = Millis::period;
  using time_point = std::chrono::time_point<MonotonicClock, Millis>;
  static constexpr bool is_steady = true;
};

/// A moment on the monotonic clock, in milliseconds.
using TimePoint = MonotonicClock::time_point;

}  // namespace rri
