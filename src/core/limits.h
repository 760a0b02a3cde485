// core/limits.h -- every bound of the decision code, with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace rri::core {

/// CIDR blocks that one address range may become (SPEC.md 3.1).
inline constexpr std::size_t kMaxBlocksPerRange = 64;

/// `set reverse-route maximum` when it is not written (SPEC.md section 6).
inline constexpr std::uint32_t kDefaultMaximumPrefixes = 1000;

/// Operations in one batch: large enough for the bulk rate of the kernel, small
/// enough that a failure is known and an urgent change waits for only a few ms.
inline constexpr std::size_t kMaxBatchOperations = 2048;

/// Batches that may be unanswered: more would only queue in the kernel's socket, and FRR
/// takes all of them in one transaction, whose cost grows with its whole configuration.
inline constexpr std::size_t kMaxBatchesInFlight = 8;

/// Above this, a batch is logged in one line and not route by route.
inline constexpr std::size_t kMaxRoutesLoggedEach = 64;

/// Foreign routes remembered to tell `shadowed`: a full BGP table may churn past.
inline constexpr std::size_t kMaxForeignRoutes = 65536;

/// Rows that a reader gets at once: some 0.5 ms of work with its text, and more than a screen.
inline constexpr std::size_t kRowsAtATime = 64;

/// Rows and SAs that are counted at once: no text is made of them, some 0.3 ms.
inline constexpr std::size_t kCountedAtATime = 512;

/// Refused rows that a Tally lists; the others are only counted.
inline constexpr std::size_t kMaxRefusedRows = 1000;

/// Routes lost without a message that are remembered to tell FRR; all of one link's.
inline constexpr std::size_t kMaxSilentlyGone = 1 << 20;

/// First and longest pause before a refused route is tried again.
inline constexpr Millis kFirstRetry = std::chrono::seconds(1);
inline constexpr Millis kLongestRetry = std::chrono::seconds(60);

/// How often a taken key is tried, besides at once when it becomes free.
inline constexpr Millis kOccupiedRetry = std::chrono::seconds(30);

/// An audit of the table (a filtered dump) finds what no message told.
inline constexpr Millis kAuditInterval = std::chrono::minutes(5);

/// Block policies in all: 64 MB of the kernel's memory, 60 us each to put in and 7 us to read, while the lookup of a
/// packet stays what it was (measured, Linux 6.18). More is told, and traffic of the last entries can leave in clear.
inline constexpr std::size_t kMaxBlockPolicies = 65536;

/// Policies among them that let denied packets pass, and how often the plan may compare
/// two sets of packets: a plan with many overlapping `deny` lines must not hold the loop.
inline constexpr std::size_t kMaxBlockExemptions = 1024;
inline constexpr std::size_t kMaxBlockComparisons = 4'000'000;

/// Prefixes that one wildcard with holes may become in block policies: eight holes.
inline constexpr std::size_t kMaxBlocksPerWildcard = 256;

/// Connections that one configuration may load into charon, and the bytes of a name:
/// VICI has one byte for its length, and "-line..." of a child comes behind it.
inline constexpr std::size_t kMaxConnections = 10000;
inline constexpr std::size_t kMaxConnectionName = 200;

/// Own addresses that a key for a network excludes: each costs 32 or 128 owners.
inline constexpr std::size_t kMaxExcludedAddresses = 16;

}  // namespace rri::core
