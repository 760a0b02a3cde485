// io/vici/limits.h -- every bound of the VICI client, with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace rri::vici {

/// A frame's payload: VICI_MESSAGE_SIZE_MAX of vici_socket.h. charon sends
/// nothing larger, so a larger length is not VICI, and must not make us allocate.
inline constexpr std::size_t kMaxFrameBytes = 512 * 1024;

/// Section depth. charon's own messages nest five deep; the bound keeps readers
/// that recurse off the end of the stack.
inline constexpr std::size_t kMaxDepth = 16;

/// Requests that wait on the command connection: the connections of a large
/// configuration are loaded in one go, more would be a caller in a loop.
inline constexpr std::size_t kMaxQueuedRequests = 16384;

/// What one command may stream before it is refused: `list-conns` of a large
/// hub has some MiB.
inline constexpr std::size_t kMaxStreamedBytes = 64 * 1024 * 1024;

/// IKE SAs and CHILD_SAs of one list for people: a hub with more is beyond what a
/// person reads, and the list (about 1 KB each) shall not take the daemon's memory.
inline constexpr std::size_t kMaxListedSas = 200'000;

/// SAs that wait to be read again; with more, everything is read again instead.
inline constexpr std::size_t kMaxQueuedRereads = 4096;

/// How long after an event its SA is read again: the events of one exchange
/// come within a few milliseconds and shall cost one reading.
inline constexpr Millis kSettleTime = std::chrono::milliseconds(50);

/// charon walks all of its IKE_SAs even for a list of one, so reading again may
/// take one part in (1 + this) of its time.
inline constexpr std::int64_t kRereadPause = 4;

/// Pause between two full lists: each costs charon kernel queries per CHILD_SA.
inline constexpr Millis kFullListPause = std::chrono::seconds(30);

/// Selectors of one side of one CHILD_SA: IKEv2 carries at most 255.
inline constexpr std::size_t kMaxSelectors = 255;

/// CHILD_SAs of one IKE_SA from which its list-sa message may exceed
/// kMaxFrameBytes (482 bytes each, more with many selectors).
inline constexpr std::size_t kOversizedChildren = 500;

/// Bytes read at once: bounds the work of one turn of the event loop.
inline constexpr std::size_t kReadBytes = 64 * 1024;

}  // namespace rri::vici
