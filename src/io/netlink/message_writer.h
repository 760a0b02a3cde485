// io/netlink/message_writer.h -- requests of any netlink family, one behind the other.
//
// A message is begun with its type and fixed header, gets attributes, and is ended,
// which fills in its length. The bytes are ready to be sent in one go.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "net/address.h"

namespace rri::netlink {

class MessageWriter {
 public:
  void clear() { bytes_.clear(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }

  /// Has the last message answered in any case; answers come in order.
  void acknowledge_last();

  /// Gives where the message begins, for end(). NLM_F_REQUEST is added to `flags`.
  std::size_t begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence,
                    std::span<const std::uint8_t> header = {});
  template <class Header>
  std::size_t begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence, const Header& header) {
    return begin(type, flags, sequence,
                 std::span(reinterpret_cast<const std::uint8_t*>(&header), sizeof header));
  }
  void attribute(std::uint16_t type, std::span<const std::uint8_t> value);
  void attribute(std::uint16_t type, std::uint32_t value);
  void attribute(std::uint16_t type, const IpAddress& address);
  void end(std::size_t start);

 protected:
  std::vector<std::uint8_t> bytes_;

 private:
  std::size_t last_ = 0;  // where the last message begins
};

/// The value's bytes as they lie in memory, which is how netlink sends structures.
template <class T>
std::span<const std::uint8_t> bytes_of(const T& value) {
  return {reinterpret_cast<const std::uint8_t*>(&value), sizeof value};
}

}  // namespace rri::netlink
