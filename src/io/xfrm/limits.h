// io/xfrm/limits.h -- every bound of the XFRM source of SAs, with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rri::xfrm {

/// Outbound tunnel policies, and SAs, that are remembered: some hundred bytes each.
/// The kernel has no bound of its own.
inline constexpr std::size_t kMaxPolicies = 200'000;
inline constexpr std::size_t kMaxSas = 400'000;
/// Selectors of one side of one tunnel; the guard's `maximum` is 1000 by default.
inline constexpr std::size_t kMaxSelectors = 4096;

/// Parts of one turn of the loop; together below the 10 ms of DESIGN.md section 6.
inline constexpr std::chrono::microseconds kReadTime{3000};
inline constexpr std::chrono::microseconds kDumpTime{4000};

inline constexpr std::chrono::microseconds kReportTime{3000};
/// Attempts to read all SAs for somebody who asks.
inline constexpr std::uint64_t kMaxReportRestarts = 5;

/// Peers that one look asks the kernel about: a walk over its SAs each.
inline constexpr std::size_t kMaxAskedPeers = 64;

/// Time after which news are told although more wait behind them.
inline constexpr std::chrono::milliseconds kLongestSilence{500};

/// Pause before another dump. A daemon that starts flushes twice; overruns come in
/// rows while SAs churn.
inline constexpr std::chrono::milliseconds kFirstPause{20};
inline constexpr std::chrono::milliseconds kLongestPause{5'000};
/// Quiet time after which the pause is short again.
inline constexpr std::chrono::milliseconds kPauseForgotten{10'000};

/// A dump finds what no message told: notifications that the kernel could not allocate.
inline constexpr std::chrono::minutes kAuditInterval{10};

}  // namespace rri::xfrm
