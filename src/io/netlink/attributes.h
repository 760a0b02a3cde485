// io/netlink/attributes.h -- reading fixed parts and attributes out of netlink bytes.
//
// For the parsers of this directory. Nothing here trusts a stated length: what
// does not fit is as if it were not there.
#pragma once

#include <libmnl/libmnl.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

namespace rri::netlink {

using Bytes = std::span<const std::uint8_t>;

/// A copy of the `T` at offset `at`; nothing where it does not fit.
template <class T>
std::optional<T> read(Bytes bytes, std::size_t at = 0) {
  if (at > bytes.size() || bytes.size() - at < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

/// What follows the fixed header, padded as netlink pads it.
inline Bytes after(Bytes payload, std::size_t header) {
  return payload.subspan(std::min<std::size_t>(MNL_ALIGN(header), payload.size()));
}

struct Attribute {
  std::uint16_t type = 0;
  Bytes value;

  [[nodiscard]] std::uint32_t u32() const { return read<std::uint32_t>(value).value_or(0); }
  [[nodiscard]] std::uint8_t u8() const { return read<std::uint8_t>(value).value_or(0); }
  [[nodiscard]] std::string text() const {
    const auto end = std::find(value.begin(), value.end(), std::uint8_t{0});
    return {value.begin(), end};
  }
};

/// Attributes one after the other; stops where a stated length does not fit.
class AttributeReader {
 public:
  explicit AttributeReader(Bytes bytes) : rest_(bytes) {}

  std::optional<Attribute> next() {
    const auto header = read<nlattr>(rest_);
    if (!header || header->nla_len < sizeof(nlattr) || header->nla_len > rest_.size()) return std::nullopt;
    const Attribute found{static_cast<std::uint16_t>(header->nla_type & NLA_TYPE_MASK),
                          rest_.subspan(sizeof(nlattr), header->nla_len - sizeof(nlattr))};
    rest_ = rest_.subspan(std::min<std::size_t>(MNL_ALIGN(header->nla_len), rest_.size()));
    return found;
  }

 private:
  Bytes rest_;
};

}  // namespace rri::netlink
