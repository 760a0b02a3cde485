// core/packet_sets.h -- sets of packets that one policy can name, and what they share.
//
// Two sets share a set or nothing: prefixes nest or are disjoint, port blocks fix
// bits, protocol and device are one value or any.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/block_policy.h"
#include "model/config.h"

namespace rri::core {

/// What is in both; nothing when that is no packet.
std::optional<PacketSet> intersect(const PacketSet& a, const PacketSet& b);
/// Whether all of `inner` is in `outer`.
bool covers(const PacketSet& outer, const PacketSet& inner);

/// The fewest blocks that are exactly the ports first..last.
std::vector<PortBlock> port_blocks(std::uint16_t first, std::uint16_t last);

/// The number of an access list's protocol, 0 for all of them; nothing for a name that is
/// no protocol, such as a service object group.
std::optional<std::uint8_t> protocol_number(std::string_view name, Family family);

/// The prefixes that are exactly what a wildcard matches; nothing when its holes
/// make more than kMaxBlocksPerWildcard of them.
std::optional<std::vector<Prefix>> prefixes_of(const Wildcard& wildcard);

/// The packets of an access list line, leaving by `device`.
struct LinePackets {
  std::vector<PacketSet> sets;
  bool complete = true;  // false: a wildcard has too many holes; its packets are missing
  bool exact = true;     // false: the line asks for more than a policy can (established, dscp, ...)
};
/// A permit line with ports has a set more: the fragments between its ends, in which
/// the kernel sees no ports. (IOS lets later fragments match a permit, no deny, too.)
LinePackets packets_of(const AclLine& line, Family family, std::uint32_t device);

}  // namespace rri::core
