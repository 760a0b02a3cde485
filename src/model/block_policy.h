// model/block_policy.h -- what must never leave in clear, as the kernel is told it.
//
// A block policy is asked last of all (fail-closed, SPEC.md section 4): whatever an
// IKE daemon has installed for the same packet comes first. Where an access list
// denies before it permits, an allow policy stands before the block; it does
// nothing but let the packet pass by ours.
#pragma once

#include <compare>
#include <cstdint>

#include "net/prefix.h"

namespace rri {

/// Ports whose bits under `mask` are those of `value`; a mask of zero means all.
struct PortBlock {
  std::uint16_t value = 0;
  std::uint16_t mask = 0;

  friend auto operator<=>(const PortBlock&, const PortBlock&) = default;
};

/// Packets on their way out: addresses, protocol (0: any), ports (of ICMP: type and
/// code), and the index of the device that they leave by (0: any).
struct PacketSet {
  Prefix source;
  Prefix destination;  // of the same family
  std::uint8_t protocol = 0;
  PortBlock source_port;
  PortBlock destination_port;
  std::uint32_t device = 0;

  friend auto operator<=>(const PacketSet&, const PacketSet&) = default;
};

struct BlockPolicy {
  enum class Action : std::uint8_t { Allow, Block };
  PacketSet packets;
  std::uint32_t priority = 0;  // as the kernel's: lower is asked first
  Action action{};

  friend auto operator<=>(const BlockPolicy&, const BlockPolicy&) = default;
};

}  // namespace rri
