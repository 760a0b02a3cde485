#include "core/packet_sets.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "core/limits.h"

namespace rri::core {
namespace {

constexpr std::uint16_t kAllBits = 0xffff;

const Prefix* narrower(const Prefix& a, const Prefix& b) {
  if (a.family() != b.family()) return nullptr;
  if (a.contains(b)) return &b;
  return b.contains(a) ? &a : nullptr;
}

std::optional<PortBlock> intersect(const PortBlock& a, const PortBlock& b) {
  if (((a.value ^ b.value) & a.mask & b.mask) != 0) return std::nullopt;
  return PortBlock{static_cast<std::uint16_t>(a.value | b.value), static_cast<std::uint16_t>(a.mask | b.mask)};
}

/// The one value of both, where 0 stands for any.
template <class T>
std::optional<T> intersect_value(T a, T b) {
  if (a != 0 && b != 0 && a != b) return std::nullopt;
  return a == 0 ? b : a;
}

struct ProtocolName {
  std::string_view name;
  std::uint8_t number;
};

// IANA's numbers of the names that access lists take; `ip` and `ipv6` are every protocol.
constexpr std::array kProtocols = {
    ProtocolName{"ahp", 51},  ProtocolName{"ah", 51},     ProtocolName{"eigrp", 88}, ProtocolName{"esp", 50},
    ProtocolName{"gre", 47},  ProtocolName{"igmp", 2},    ProtocolName{"igrp", 9},   ProtocolName{"ipinip", 4},
    ProtocolName{"nos", 94},   ProtocolName{"ospf", 89},   ProtocolName{"pcp", 108},  ProtocolName{"pim", 103},
    ProtocolName{"sctp", 132}, ProtocolName{"tcp", 6},    ProtocolName{"udp", 17},   ProtocolName{"ip", 0},
    ProtocolName{"ipv6", 0},  ProtocolName{"hbh", 0},
};

constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kIcmp6 = 58;

}  // namespace

std::optional<std::uint8_t> protocol_number(std::string_view name, Family family) {
  if (name == "icmp") return family == Family::V4 ? kIcmp : kIcmp6;
  for (const auto& protocol : kProtocols) {
    if (protocol.name == name) return protocol.number;
  }
  return parse_number<std::uint8_t>(name);
}

namespace {

/// What a line asks for beside addresses and protocol.
struct Narrowing {
  std::vector<PortBlock> source_ports;  // empty: all
  std::vector<PortBlock> destination_ports;
  bool exact = true;  // false: more than that
};

/// Words that only ask for a log entry narrow nothing.
bool narrows(std::string_view options) { return !options.empty() && options.substr(0, 3) != "log"; }

template <class Ranges>
std::vector<PortBlock> blocks_of(const Ranges& ranges) {
  std::vector<PortBlock> blocks;
  for (const auto& range : ranges) {
    const auto more = port_blocks(range.first, range.last);
    blocks.insert(blocks.end(), more.begin(), more.end());
  }
  return blocks;
}

Narrowing narrowing_of(const AclLine& line) {
  return {blocks_of(line.source_ports), blocks_of(line.destination_ports), !narrows(line.options)};
}

std::vector<Prefix> prefixes_of_all(const std::vector<Wildcard>& wildcards, bool& complete) {
  std::vector<Prefix> all;
  for (const auto& wildcard : wildcards) {
    const auto some = prefixes_of(wildcard);
    if (!some) complete = false;
    if (some) all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

IpAddress with_bit(const IpAddress& address, int index) {
  std::array<std::uint8_t, 16> bytes{};
  const auto old = address.bytes();
  std::copy(old.begin(), old.end(), bytes.begin());
  bytes[static_cast<std::size_t>(index / 8)] |= static_cast<std::uint8_t>(0x80 >> (index % 8));
  return *IpAddress::from_bytes({bytes.data(), old.size()});
}

}  // namespace

std::optional<PacketSet> intersect(const PacketSet& a, const PacketSet& b) {
  const auto* source = narrower(a.source, b.source);
  const auto* destination = narrower(a.destination, b.destination);
  const auto protocol = intersect_value(a.protocol, b.protocol);
  const auto device = intersect_value(a.device, b.device);
  const auto source_port = intersect(a.source_port, b.source_port);
  const auto destination_port = intersect(a.destination_port, b.destination_port);
  if (source == nullptr || destination == nullptr || !protocol || !device || !source_port || !destination_port) {
    return std::nullopt;
  }
  return PacketSet{*source, *destination, *protocol, *source_port, *destination_port, *device};
}

bool covers(const PacketSet& outer, const PacketSet& inner) { return intersect(outer, inner) == inner; }

std::vector<PortBlock> port_blocks(std::uint16_t first, std::uint16_t last) {
  std::vector<PortBlock> blocks;
  std::uint32_t at = first;
  while (at <= last) {
    std::uint32_t size = 1;
    while ((at & size) == 0 && at + 2 * size - 1 <= last && size <= kAllBits) size *= 2;
    blocks.push_back({static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(~(size - 1))});
    at += size;
  }
  return blocks;
}

std::optional<std::vector<Prefix>> prefixes_of(const Wildcard& wildcard) {
  int length = wildcard.bits.bits();
  while (length > 0 && wildcard.bits.bit(length - 1)) --length;
  std::vector<Prefix> prefixes{Prefix(wildcard.address, length)};
  for (int index = 0; index < length; ++index) {
    if (!wildcard.bits.bit(index)) continue;
    if (prefixes.size() * 2 > kMaxBlocksPerWildcard) return std::nullopt;
    const auto count = prefixes.size();
    for (std::size_t i = 0; i < count; ++i) prefixes.emplace_back(with_bit(prefixes[i].address(), index), length);
  }
  return prefixes;
}

LinePackets packets_of(const AclLine& line, Family family, std::uint32_t device) {
  LinePackets packets;
  const auto protocol = protocol_number(line.protocol, family);
  const auto narrowing = narrowing_of(line);
  packets.exact = protocol.has_value() && narrowing.exact;
  const auto sources = prefixes_of_all(line.sources, packets.complete);
  const auto destinations = prefixes_of_all(line.destinations, packets.complete);
  std::vector<std::pair<PortBlock, PortBlock>> ports;
  const std::vector<PortBlock> all{PortBlock{}};
  for (const auto& source : narrowing.source_ports.empty() ? all : narrowing.source_ports) {
    for (const auto& destination : narrowing.destination_ports.empty() ? all : narrowing.destination_ports) {
      ports.emplace_back(source, destination);
    }
  }
  const bool has_ports = !narrowing.source_ports.empty() || !narrowing.destination_ports.empty();
  if (has_ports && line.permit) {
    ports.push_back({PortBlock{0, kAllBits}, PortBlock{0, kAllBits}});
  }
  for (const auto& source : sources) {
    for (const auto& destination : destinations) {
      for (const auto& [from, to] : ports) {
        packets.sets.push_back({source, destination, protocol.value_or(0), from, to, device});
      }
    }
  }
  return packets;
}

}  // namespace rri::core
