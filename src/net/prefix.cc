#include "net/prefix.h"

#include <algorithm>

#include "base/assert.h"
#include "base/text.h"

namespace rri {

Prefix::Prefix(const IpAddress& address, int length)
    : address_(address.with_cleared_from(length)), length_(static_cast<std::uint8_t>(length)) {
  RRI_ASSERT(length >= 0 && length <= address.bits());
}

Result<Prefix> Prefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::try_parse(text.substr(0, slash));
  if (!address) return fail("read \"{}\" as a prefix: no address", printable(text.substr(0, 60)));
  if (slash == std::string_view::npos) return host(*address);
  const auto length = parse_number<int>(text.substr(slash + 1));
  if (!length || *length < 0 || *length > address->bits()) {
    return fail("read \"{}\" as a prefix: length not in 0-{}", printable(text.substr(0, 60)), address->bits());
  }
  return Prefix(*address, *length);
}

std::optional<Prefix> Prefix::from_mask(const IpAddress& address, const IpAddress& mask) {
  const auto length = mask_length(mask);
  if (!length || mask.family() != address.family()) return std::nullopt;
  return Prefix(address, *length);
}

IpAddress Prefix::mask() const {
  return IpAddress::highest(family()).with_cleared_from(length_);
}

bool Prefix::contains(const IpAddress& address) const {
  return address.family() == family() && address.with_cleared_from(length_) == address_;
}

bool Prefix::contains(const Prefix& other) const {
  return length_ <= other.length_ && contains(other.address_);
}

std::string Prefix::to_string() const { return fmt::format("{}/{}", address_.to_string(), length_); }

std::optional<int> mask_length(const IpAddress& mask) {
  const auto highest = IpAddress::highest(mask.family());
  int low = 0;  // masks ascend with their length
  int high = mask.bits();
  while (low < high) {
    const int middle = (low + high) / 2;
    if (highest.with_cleared_from(middle) < mask) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return highest.with_cleared_from(low) == mask ? std::optional(low) : std::nullopt;
}

Result<std::vector<Prefix>> split_range(const AddressRange& range, std::size_t limit) {
  const auto& [first, last] = range;
  if (first.family() != last.family() || last < first) {
    return fail("split {}-{} into prefixes: not a range", first.to_string(), last.to_string());
  }
  std::vector<Prefix> blocks;
  for (std::optional<IpAddress> start = first; start && *start <= last;) {
    int length = first.bits();
    while (length > 0) {
      const Prefix wider(*start, length - 1);
      if (wider.address() != *start || wider.last() > last) break;
      --length;
    }
    if (blocks.size() == limit) {
      return fail("split {}-{} into prefixes: more than {} blocks", first.to_string(), last.to_string(), limit);
    }
    blocks.emplace_back(*start, length);
    start = blocks.back().last().next();
  }
  return blocks;
}

}  // namespace rri
