#include "net/wildcard.h"

#include <array>

#include "base/assert.h"

namespace rri {
namespace {

/// Whether `prefix` and `wildcard` agree on the first `length` bits that the
/// wildcard fixes.
bool agree(const Wildcard& wildcard, const Prefix& prefix, int length) {
  for (int i = 0; i < length; ++i) {
    if (!wildcard.bits.bit(i) && wildcard.address.bit(i) != prefix.address().bit(i)) return false;
  }
  return true;
}

}  // namespace

std::optional<Prefix> Wildcard::to_prefix() const { return Prefix::from_mask(address, bits.inverted()); }

bool Wildcard::contains(const Prefix& prefix) const {
  if (prefix.family() != address.family()) return false;
  for (int i = prefix.length(); i < address.bits(); ++i) {
    if (!bits.bit(i)) return false;
  }
  return agree(*this, prefix, prefix.length());
}

bool Wildcard::overlaps(const Prefix& prefix) const {
  return prefix.family() == address.family() && agree(*this, prefix, prefix.length());
}

Wildcard make_wildcard(const IpAddress& address, const IpAddress& bits) {
  RRI_ASSERT(address.family() == bits.family());
  std::array<std::uint8_t, 16> masked{};
  for (std::size_t i = 0; i < address.bytes().size(); ++i) {
    masked[i] = static_cast<std::uint8_t>(address.bytes()[i] & ~bits.bytes()[i]);
  }
  return {*IpAddress::from_bytes({masked.data(), address.bytes().size()}), bits};
}

Wildcard make_wildcard(const Prefix& prefix) { return {prefix.address(), prefix.mask().inverted()}; }

}  // namespace rri
