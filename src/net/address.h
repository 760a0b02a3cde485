// net/address.h -- an IPv4 or IPv6 address as a value.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace rri {

enum class Family : std::uint8_t { V4, V6 };

/// Length in bits of an address of this family: 32 or 128.
constexpr int address_bits(Family family) { return family == Family::V4 ? 32 : 128; }

/// One address. Ordered IPv4 before IPv6, then as numbers. Has no scope id:
/// a link-local next hop is meaningful only together with its device.
class IpAddress {
 public:
  constexpr IpAddress() = default;  // 0.0.0.0

  /// Dotted quad (four decimal numbers, no leading zeros beyond one digit
  /// checked as inet_pton does) or RFC 4291 text.
  static Result<IpAddress> parse(std::string_view text);
  /// As parse(), for callers that only want to know whether it is one.
  static std::optional<IpAddress> try_parse(std::string_view text);
  /// `number` in host byte order.
  static constexpr IpAddress v4(std::uint32_t number) {
    IpAddress address;
    for (int i = 0; i < 4; ++i) {
      address.bytes_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    }
    return address;
  }
  static constexpr IpAddress v6(const std::array<std::uint8_t, 16>& bytes) {
    IpAddress address;
    address.family_ = Family::V6;
    address.bytes_ = bytes;
    return address;
  }
  /// From 4 or 16 bytes in network order; anything else gives nothing.
  static std::optional<IpAddress> from_bytes(std::span<const std::uint8_t> bytes);
  /// The lowest and highest address of a family: all bits clear, all bits set.
  static IpAddress lowest(Family family);
  static IpAddress highest(Family family);

  [[nodiscard]] constexpr Family family() const { return family_; }
  [[nodiscard]] constexpr bool is_v4() const { return family_ == Family::V4; }
  [[nodiscard]] constexpr int bits() const { return address_bits(family_); }
  /// 4 or 16 bytes in network order.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const {
    return {bytes_.data(), is_v4() ? 4U : 16U};
  }
  /// IPv4 only: the number in host byte order.
  [[nodiscard]] std::uint32_t v4_number() const;

  [[nodiscard]] bool is_unspecified() const;  // 0.0.0.0, ::
  [[nodiscard]] bool is_loopback() const;     // 127/8, ::1
  [[nodiscard]] bool is_link_local() const;   // 169.254/16, fe80::/10
  [[nodiscard]] bool is_multicast() const;    // 224/4, ff00::/8

  /// The bit at `index`, counted from the most significant one.
  [[nodiscard]] bool bit(int index) const;
  /// This address with all bits from `length` on cleared, or set.
  [[nodiscard]] IpAddress with_cleared_from(int length) const;
  [[nodiscard]] IpAddress with_set_from(int length) const;
  /// The address after this one; nothing after the highest.
  [[nodiscard]] std::optional<IpAddress> next() const;
  /// Every bit inverted: netmask to wildcard and back.
  [[nodiscard]] IpAddress inverted() const;

  /// Dotted quad, or RFC 5952 text.
  [[nodiscard]] std::string to_string() const;

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;

  template <class H>
  friend H AbslHashValue(H state, const IpAddress& address) {
    return H::combine(std::move(state), address.family_, address.bytes_);
  }

 private:
  Family family_ = Family::V4;
  std::array<std::uint8_t, 16> bytes_{};  // IPv4: the first four, the rest zero
};

}  // namespace rri
