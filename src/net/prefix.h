// net/prefix.h -- a network: an address and a length, host bits always clear.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/address.h"

namespace rri {

/// Addresses from first to last, both included and of one family.
struct AddressRange {
  IpAddress first;
  IpAddress last;

  [[nodiscard]] bool contains(const AddressRange& other) const {
    return first <= other.first && other.last <= last;
  }
  [[nodiscard]] bool overlaps(const AddressRange& other) const {
    return first <= other.last && other.first <= last;
  }
  friend auto operator<=>(const AddressRange&, const AddressRange&) = default;
};

/// A network prefix. Ordered by family, address, then length (shorter first).
class Prefix {
 public:
  constexpr Prefix() = default;  // 0.0.0.0/0
  /// Clears the host bits of `address`. `length` must fit the family.
  Prefix(const IpAddress& address, int length);

  /// "A.B.C.D/N" or "X:X::X/N"; a plain address is a host. Host bits are cleared.
  static Result<Prefix> parse(std::string_view text);
  static Prefix host(const IpAddress& address) { return {address, address.bits()}; }
  /// From "A.B.C.D" and a contiguous netmask; nothing if the mask has holes.
  static std::optional<Prefix> from_mask(const IpAddress& address, const IpAddress& mask);
  /// 0.0.0.0/0 or ::/0.
  static Prefix all(Family family) { return {IpAddress::lowest(family), 0}; }

  [[nodiscard]] const IpAddress& address() const { return address_; }
  [[nodiscard]] int length() const { return length_; }
  [[nodiscard]] Family family() const { return address_.family(); }
  [[nodiscard]] bool is_host() const { return length_ == address_.bits(); }
  [[nodiscard]] IpAddress mask() const;
  [[nodiscard]] IpAddress last() const { return address_.with_set_from(length_); }
  [[nodiscard]] AddressRange range() const { return {address_, last()}; }

  [[nodiscard]] bool contains(const IpAddress& address) const;
  /// Whether `other` is this prefix or lies inside it.
  [[nodiscard]] bool contains(const Prefix& other) const;
  [[nodiscard]] bool overlaps(const Prefix& other) const { return contains(other) || other.contains(*this); }

  /// "10.0.0.0/16".
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const Prefix&, const Prefix&) = default;

  template <class H>
  friend H AbslHashValue(H state, const Prefix& prefix) {
    return H::combine(std::move(state), prefix.address_, prefix.length_);
  }

 private:
  IpAddress address_;
  std::uint8_t length_ = 0;
};

/// The length of a contiguous netmask, or nothing if it has holes.
std::optional<int> mask_length(const IpAddress& mask);

/// The fewest CIDR blocks that are exactly `range`, ascending; an error when
/// they would be more than `limit` (SPEC.md 3.1) or the range is upside down.
Result<std::vector<Prefix>> split_range(const AddressRange& range, std::size_t limit);

}  // namespace rri
