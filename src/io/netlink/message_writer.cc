#include "io/netlink/message_writer.h"

#include <libmnl/libmnl.h>

#include <cstring>

#include "base/assert.h"

namespace rri::netlink {

std::size_t MessageWriter::begin(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence,
                                 std::span<const std::uint8_t> header) {
  const auto start = bytes_.size();
  last_ = start;
  bytes_.resize(start + MNL_ALIGN(sizeof(nlmsghdr)) + MNL_ALIGN(header.size()));
  nlmsghdr message{};
  message.nlmsg_type = type;
  message.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  message.nlmsg_seq = sequence;
  std::memcpy(bytes_.data() + start, &message, sizeof message);
  if (!header.empty())
    std::memcpy(bytes_.data() + start + MNL_ALIGN(sizeof(nlmsghdr)), header.data(), header.size());
  return start;
}

void MessageWriter::end(std::size_t start) {
  const auto length = static_cast<std::uint32_t>(bytes_.size() - start);
  std::memcpy(bytes_.data() + start, &length, sizeof length);
}

void MessageWriter::acknowledge_last() {
  RRI_ASSERT(!bytes_.empty());
  nlmsghdr header;
  std::memcpy(&header, bytes_.data() + last_, sizeof header);
  header.nlmsg_flags |= NLM_F_ACK;
  std::memcpy(bytes_.data() + last_, &header, sizeof header);
}

void MessageWriter::attribute(std::uint16_t type, std::span<const std::uint8_t> value) {
  const auto at = bytes_.size();
  const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + value.size()), type};
  bytes_.resize(at + MNL_ALIGN(header.nla_len));
  std::memcpy(bytes_.data() + at, &header, sizeof header);
  if (!value.empty()) std::memcpy(bytes_.data() + at + sizeof header, value.data(), value.size());
}

void MessageWriter::attribute(std::uint16_t type, std::uint32_t value) { attribute(type, bytes_of(value)); }

void MessageWriter::attribute(std::uint16_t type, const IpAddress& address) {
  attribute(type, address.bytes());
}

}  // namespace rri::netlink
