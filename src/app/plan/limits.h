// app/plan/limits.h -- every bound of the planner tool, with its reason.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rri::plan {

/// One EVENTS line: a peer with 100,000 prefixes fits, a file without line ends does not.
inline constexpr std::size_t kMaxLineBytes = std::size_t{8} << 20;

/// Lines of one EVENTS file.
inline constexpr std::size_t kMaxLines = 2'000'000;

/// Errors that are reported; what comes after is counted only.
inline constexpr std::size_t kMaxErrors = 200;

/// A CONFIG or EVENTS file.
inline constexpr std::size_t kMaxFileBytes = std::size_t{256} << 20;

/// Seconds of one `tick`: some thirty years.
inline constexpr std::int64_t kMaxTickSeconds = 1'000'000'000;

/// Timers that may fire in one `tick` one after the other; then time jumps to its end.
inline constexpr std::size_t kMaxTimersPerTick = 20'000;

/// How often the answers to path queries may change in one step. `ip route` lines
/// that resolve through each other can flap for ever.
inline constexpr std::size_t kMaxPathRoundsPerStep = 200;

/// Lookups that one path query may need: routes whose gateways resolve through
/// each other end here.
inline constexpr int kMaxLookupsPerQuery = 64;

}  // namespace rri::plan
