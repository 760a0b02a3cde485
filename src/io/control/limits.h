// io/control/limits.h -- bounds of the control socket, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rri::control {

/// A command line is typed by people; a pasted one is still far below this.
inline constexpr std::size_t kMaxCommandBytes = 4096;

/// One 'o' frame. Small enough that a piece costs the loop well under 1 ms.
inline constexpr std::size_t kMaxOutputBytes = 256 * 1024;

/// Pieces are made until this much waits for the socket; a slow reader holds up
/// only itself, and a fast one gets no more than this in one turn of the loop (0.5 ms).
inline constexpr std::size_t kHighWaterBytes = 16 * 1024;

/// ... nor are they made for longer than this in one turn, however little comes out.
inline constexpr std::chrono::microseconds kLongestTurn{500};

/// Connections at one time: shells of all operators, rri-web and scripts.
inline constexpr std::size_t kMaxClients = 512;

/// Messages that wait for a reader who is slow or in the middle of an answer;
/// what is more is left out.
inline constexpr std::size_t kMaxMessageBytes = 64 * 1024;

/// Connections that wait to be accepted.
inline constexpr int kBacklog = 16;

/// A connection without a command for so long is closed, unless somebody configured
/// another time (IOS's exec-timeout).
inline constexpr std::chrono::minutes kIdleTimeout{10};

/// A reader that takes nothing of its answer for so long is gone for good; one who
/// reads page by page may take his time.
inline constexpr std::chrono::minutes kStallTimeout{10};

}  // namespace rri::control
