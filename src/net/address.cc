#include "net/address.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/text.h"

namespace rri {
namespace {

std::optional<std::array<std::uint8_t, 4>> parse_dotted_quad(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto value = parse_number<std::uint8_t>(parts[i]);
    if (!value || parts[i].size() > 3 || parts[i][0] == '-') return std::nullopt;
    bytes[i] = *value;
  }
  return bytes;
}

/// The 16-bit groups of one side of "::"; a dotted quad may stand last.
std::optional<std::vector<std::uint8_t>> parse_groups(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  if (text.empty()) return bytes;
  const auto groups = split(text, ':');
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto group = groups[i];
    if (i + 1 == groups.size() && group.find('.') != std::string_view::npos) {
      const auto quad = parse_dotted_quad(group);
      if (!quad) return std::nullopt;
      bytes.insert(bytes.end(), quad->begin(), quad->end());
      continue;
    }
    std::uint16_t value = 0;
    const auto* end = group.data() + group.size();
    const auto [stop, error] = std::from_chars(group.data(), end, value, 16);
    if (error != std::errc{} || stop != end || group.empty() || group.size() > 4) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes.push_back(static_cast<std::uint8_t>(value));
  }
  return bytes;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  const auto gap = text.find("::");
  const auto head = parse_groups(text.substr(0, gap));
  if (!head) return std::nullopt;
  std::array<std::uint8_t, 16> bytes{};
  if (gap == std::string_view::npos) {
    if (head->size() != 16) return std::nullopt;
    std::copy(head->begin(), head->end(), bytes.begin());
    return IpAddress::v6(bytes);
  }
  const auto tail = parse_groups(text.substr(gap + 2));
  if (!tail || head->size() + tail->size() > 14) return std::nullopt;
  std::copy(head->begin(), head->end(), bytes.begin());
  std::copy(tail->rbegin(), tail->rend(), bytes.rbegin());
  return IpAddress::v6(bytes);
}

/// RFC 5952: the longest run of two or more zero groups, the first of equals.
std::pair<int, int> longest_zero_run(const std::array<std::uint16_t, 8>& groups) {
  int best = -1, best_length = 1;
  for (int i = 0; i < 8;) {
    int end = i;
    while (end < 8 && groups[static_cast<std::size_t>(end)] == 0) ++end;
    if (end - i > best_length) best = i, best_length = end - i;
    i = std::max(end, i + 1);
  }
  return {best, best_length};
}

}  // namespace

Result<IpAddress> IpAddress::parse(std::string_view text) {
  if (const auto address = try_parse(text)) return *address;
  return fail("read \"{}\" as an address: not A.B.C.D or X:X::X", printable(text.substr(0, 60)));
}

std::optional<IpAddress> IpAddress::try_parse(std::string_view text) {
  if (text.find(':') != std::string_view::npos) return parse_v6(text);
  if (const auto quad = parse_dotted_quad(text)) return from_bytes(*quad);
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::from_bytes(std::span<const std::uint8_t> bytes) {
  if (bytes.size() != 4 && bytes.size() != 16) return std::nullopt;
  IpAddress address;
  address.family_ = bytes.size() == 4 ? Family::V4 : Family::V6;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

IpAddress IpAddress::lowest(Family family) {
  IpAddress address;
  address.family_ = family;
  return address;
}

IpAddress IpAddress::highest(Family family) { return lowest(family).with_set_from(0); }

std::uint32_t IpAddress::v4_number() const {
  RRI_ASSERT(is_v4());
  std::uint32_t number = 0;
  for (const auto byte : bytes()) number = (number << 8) | byte;
  return number;
}

bool IpAddress::is_unspecified() const { return *this == lowest(family_); }

bool IpAddress::is_loopback() const {
  if (is_v4()) return bytes_[0] == 127;
  return std::all_of(bytes_.begin(), bytes_.end() - 1, [](auto b) { return b == 0; }) && bytes_[15] == 1;
}

bool IpAddress::is_link_local() const {
  if (is_v4()) return bytes_[0] == 169 && bytes_[1] == 254;
  return bytes_[0] == 0xFE && (bytes_[1] & 0xC0) == 0x80;
}

bool IpAddress::is_multicast() const {
  return is_v4() ? (bytes_[0] & 0xF0) == 0xE0 : bytes_[0] == 0xFF;
}

bool IpAddress::bit(int index) const {
  const auto byte = bytes_[static_cast<std::size_t>(index / 8)];
  return ((byte >> (7 - index % 8)) & 1) != 0;
}

IpAddress IpAddress::with_cleared_from(int length) const {
  IpAddress result = *this;
  for (int i = 0; i < bits() / 8; ++i) {
    const int keep = std::clamp(length - 8 * i, 0, 8);
    result.bytes_[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xFF00 >> keep);
  }
  return result;
}

IpAddress IpAddress::with_set_from(int length) const {
  IpAddress result = *this;
  for (int i = 0; i < bits() / 8; ++i) {
    const int keep = std::clamp(length - 8 * i, 0, 8);
    result.bytes_[static_cast<std::size_t>(i)] |= static_cast<std::uint8_t>(0xFF >> keep);
  }
  return result;
}

std::optional<IpAddress> IpAddress::next() const {
  IpAddress result = *this;
  for (int i = bits() / 8 - 1; i >= 0; --i) {
    if (++result.bytes_[static_cast<std::size_t>(i)] != 0) return result;
  }
  return std::nullopt;
}

IpAddress IpAddress::inverted() const {
  IpAddress result = *this;
  for (int i = 0; i < bits() / 8; ++i) {
    auto& byte = result.bytes_[static_cast<std::size_t>(i)];
    byte = static_cast<std::uint8_t>(~byte);
  }
  return result;
}

std::string IpAddress::to_string() const {
  if (is_v4()) return fmt::format("{}.{}.{}.{}", bytes_[0], bytes_[1], bytes_[2], bytes_[3]);
  std::array<std::uint16_t, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups[i] = static_cast<std::uint16_t>(bytes_[2 * i] << 8 | bytes_[2 * i + 1]);
  }
  const auto [start, length] = longest_zero_run(groups);
  std::string text;
  for (int i = 0; i < 8; ++i) {
    if (i == start) {
      text += "::";
      i += length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", groups[static_cast<std::size_t>(i)]);
  }
  return text;
}

}  // namespace rri
