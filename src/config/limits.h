// config/limits.h -- bounds on configuration text, each with its reason.
//
// Text comes from files, pastes and the control socket. Nothing below can be
// hit by a real router's configuration; hitting one is always a diagnostic.
#pragma once

#include <cstddef>

namespace rri {

/// IOS itself takes 254 characters a line; banners and certificates stay far
/// below this too. A longer line is not tokenised at all.
inline constexpr std::size_t kMaxLineLengthBytes = 4096;

/// A full BGP router has some 20,000 lines; this leaves room for half a million
/// lines of access lists.
inline constexpr std::size_t kMaxTextBytes = 64U * 1024 * 1024;

/// Words of one line. The longest real line is an access list entry with ten
/// ports on either side.
inline constexpr std::size_t kMaxLineWords = 128;

/// Deepest indentation that is told apart in carried sections (router bgp nests
/// three levels deep); deeper lines are kept at this depth.
inline constexpr std::size_t kMaxCarriedDepth = 32;

/// Diagnostics kept of one text: a binary file would otherwise give one a line.
inline constexpr std::size_t kMaxDiagnostics = 1000;

/// Source times destination pairs that object groups may expand one access list
/// line to. Every pair is a possible route and a pair of kernel policies.
inline constexpr std::size_t kMaxExpandedNetworks = 4096;

/// How deep `group-object` may nest; a cycle is found before this.
inline constexpr int kMaxGroupNesting = 16;

}  // namespace rri
