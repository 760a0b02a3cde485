// io/frr/limits.h -- every bound of talking to FRR, with its reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace rri::frr {

/// Bytes of one read; a turn of the loop handles one.
inline constexpr std::size_t kReadBytes = 32UL * 1024;

/// One line of an answer; FRR's longest static route has some 200 characters.
inline constexpr std::size_t kMaxLineBytes = 4096;

/// Words of FRR that are kept of one answer.
inline constexpr std::size_t kMaxAnswerText = 1024;

/// Static routes that are read back, ours and others: a table of 1M has some 300 MB.
inline constexpr std::size_t kMaxPaths = 1 << 20;

/// Commands sent ahead of their answers; FRR handles them in order, and its socket
/// buffer takes some thousand lines.
inline constexpr std::size_t kWindow = 256;

/// Operations in one transaction. A commit costs in proportion to the whole
/// configuration (0.1 ms a line), so few large ones are better than many small.
inline constexpr std::size_t kMaxTransaction = 16384;

/// Batches and dumps that wait; the controller keeps four batches under way.
inline constexpr std::size_t kMaxJobs = 64;

/// An answer of staticd; a commit of 10,000 lines takes 1-2 s on a loaded machine.
inline constexpr std::chrono::seconds kAnswerTimeout{60};

/// First and longest pause before FRR is tried again.
inline constexpr std::chrono::milliseconds kFirstRetry{100};
inline constexpr std::chrono::milliseconds kLongestRetry{2000};

/// How often zebra is asked whether staticd has met it.
inline constexpr std::chrono::milliseconds kStaticdRetry{250};

/// Before something is written, what is known of FRR's configuration is at most this
/// old, or this many times as old as reading it takes: with 10,000 routes that is 0.3 s.
inline constexpr std::chrono::milliseconds kFreshness{1000};
inline constexpr int kFreshnessFactor = 20;

/// How soon after a hint that somebody changed a route of ours FRR is read again.
inline constexpr std::chrono::milliseconds kHintDelay{200};

/// A ledger of more lines than this, besides what is in it, is written anew.
inline constexpr std::size_t kLedgerSlack = 1024;
/// Bytes of a ledger; more is not ours.
inline constexpr std::size_t kMaxLedgerBytes = 256UL << 20;

}  // namespace rri::frr
