// io/netlink/limits.h -- every bound of the rtnetlink code, with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace rri::netlink {

/// One read. The kernel builds dump parts of at most 32 KiB; larger is truncation.
inline constexpr std::size_t kReadBytes = 64 * 1024;

/// Parts of one turn of the loop. A new SA waits for some turns until its route is in
/// the kernel, and shall do so below 10 ms: a turn has less than half of that.
inline constexpr std::chrono::microseconds kNotificationTime{1500};
inline constexpr std::chrono::microseconds kPathTime{1000};
inline constexpr std::chrono::microseconds kJobTime{2000};
/// What nobody waits for, as the search for routes next to ours.
inline constexpr std::chrono::microseconds kBackgroundTime{800};

/// Route messages in one send. The larger, the fewer system calls; a send cannot be
/// interrupted, so it shrinks while the kernel is slow (distinct gateways).
inline constexpr std::size_t kMaxMessagesPerSend = 256;
inline constexpr std::size_t kMinMessagesPerSend = 8;
inline constexpr std::chrono::microseconds kSlowSend{3000};
inline constexpr std::chrono::microseconds kFastSend{800};

/// A route message of ours: header, key, and one next hop with addresses.
inline constexpr std::size_t kMaxRouteMessageBytes = 256;
/// Next hops in one multipath route of ours: `ip route` lines of one prefix.
inline constexpr std::size_t kMaxNextHops = 64;

/// Times that a dump is begun again at once when the table changed under it;
/// after that it waits for kDumpRetry.
inline constexpr int kMaxDumpRestarts = 5;
inline constexpr std::chrono::milliseconds kDumpRetry{500};

/// Pause before another full resync: overruns come in rows when routes churn.
inline constexpr std::chrono::milliseconds kFirstResyncPause{50};
inline constexpr std::chrono::milliseconds kLongestResyncPause{10'000};
/// Quiet time after which the pause is short again.
inline constexpr std::chrono::milliseconds kResyncForgotten{30'000};

/// Remembered routes that cover one watched peer: 33 or 129 lengths, some metrics.
inline constexpr std::size_t kMaxCandidates = 512;

/// Up to here each new route of a batch is looked up to see whether a foreign one
/// hides it; above, one dump tells for all.
inline constexpr std::size_t kMaxShadowLookups = 256;
/// Quiet time after bulk before that dump, which reads whole tables.
inline constexpr std::chrono::milliseconds kForeignSearchPause{500};

/// Transformations of one policy; XFRM_MAX_DEPTH of the kernel.
inline constexpr std::size_t kMaxPolicyTemplates = 6;

/// Policies of ours in one send: their answers fit the socket's buffer many times over.
inline constexpr std::size_t kMaxPoliciesPerSend = 64;
/// From one look at the policies to the next when somebody keeps on removing ours.
inline constexpr std::chrono::milliseconds kPolicyRepairPause{50};
/// Before policies that the kernel refused are tried again: doubled each time.
inline constexpr std::chrono::milliseconds kFirstPolicyRetry{1000};
inline constexpr std::chrono::milliseconds kLongestPolicyRetry{60'000};
/// A look without a reason, for what no message told.
inline constexpr std::chrono::minutes kPolicyAudit{5};

}  // namespace rri::netlink
