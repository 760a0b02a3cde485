#include "io/netlink/kernel_asker.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cerrno>

namespace rri::netlink {

KernelAsker::Answer KernelAsker::read_answer(std::uint32_t sequence) {
  for (;;) {
    const auto read = socket_.read();
    if (read.kind == Socket::Read::Kind::Overrun || read.kind == Socket::Read::Kind::Truncated) continue;
    if (read.kind == Socket::Read::Kind::Failed) return {read.error, {}};
    if (read.kind == Socket::Read::Kind::Empty) return {ENOBUFS, {}};
    MessageReader reader(read.datagram);
    while (const auto message = reader.next()) {
      if (message->sequence != sequence) continue;
      if (message->type == RTM_NEWROUTE) return {0, parse_route(*message)};
      if (message->type != NLMSG_ERROR) return {0, {}};
      const auto answer = parse_acknowledgement(*message);
      return {answer ? answer->error : EBADMSG, {}};
    }
  }
}

KernelAsker::Answer KernelAsker::ask(const RequestBuffer::PathRequest& request) {
  const auto sequence = sequence_++;
  ++requests_;
  buffer_.clear();
  buffer_.path(sequence, request);
  if (!socket_.send(buffer_.bytes())) return {ENOBUFS, {}};
  return read_answer(sequence);
}

KernelAsker::Answer KernelAsker::find_route(const IpAddress& address, std::uint32_t device) {
  const auto answer = ask({address, device, true});
  const bool unusable = answer.error == EINVAL || answer.error == EOPNOTSUPP;
  const bool hidden = answer.route && answer.route->type == RTN_UNICAST &&
                      std::none_of(answer.route->hops.begin(), answer.route->hops.end(),
                                   [](const HopMessage& hop) { return hop.device != 0; });
  if (!unusable && !hidden) return answer;
  auto plain = ask({address, device, false});
  // A blackhole is EINVAL too, however it is asked.
  return plain.error == 0 && plain.route ? plain : answer;
}

void KernelAsker::wait_for_changes_under_way() {
  const auto sequence = sequence_++;
  buffer_.clear();
  buffer_.link(sequence, 1);
  if (socket_.send(buffer_.bytes())) read_answer(sequence);
}

}  // namespace rri::netlink
