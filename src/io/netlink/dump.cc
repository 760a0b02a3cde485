#include "io/netlink/dump.h"

#include <linux/netlink.h>

#include <cerrno>

namespace rri::netlink {

bool Dump::send(Socket& socket, std::uint32_t& sequence) {
  if (current_ == 0) {
    spoiled_ = false;
    steps_.begin();
  }
  sequence_ = sequence++;
  RequestBuffer request;
  steps_.requests[current_](request, sequence_);
  const auto sent = socket.send(request.bytes());
  if (!sent) error_ = sent.error().text;
  sent_ = sent.has_value();
  return sent_;
}

Dump::Part Dump::end_with(int error) {
  if (error == 0 || error == ENOENT) return Part::End;
  error_ = error_text(error);
  return Part::Error;
}

Dump::Part Dump::read_message(const Message& message) {
  if (message.sequence != sequence_) return Part::More;  // of a dump given up
  if ((message.flags & NLM_F_DUMP_INTR) != 0) spoiled_ = true;
  if (message.type == NLMSG_DONE) return end_with(parse_done(message));
  if (message.type == NLMSG_ERROR) {
    const auto answer = parse_acknowledgement(message);
    return end_with(answer ? answer->error : EBADMSG);
  }
  if (!spoiled_) steps_.on_message(message);
  return Part::More;
}

Dump::Part Dump::read_datagram(std::span<const std::uint8_t> datagram) {
  MessageReader reader(datagram);
  while (const auto message = reader.next()) {
    const auto part = read_message(*message);
    if (part != Part::More) return part;
  }
  if (reader.malformed()) spoiled_ = true;
  return Part::More;
}

Dump::Progress Dump::step(Socket& socket, std::uint32_t& sequence, Deadline deadline) {
  while (std::chrono::steady_clock::now() < deadline) {
    if (!sent_ && !send(socket, sequence)) return Progress::Failed;
    auto part = Part::More;
    const auto read = socket.read();
    switch (read.kind) {
      case Socket::Read::Kind::Datagram:
        part = read_datagram(read.datagram);
        break;
      case Socket::Read::Kind::Truncated:
      case Socket::Read::Kind::Overrun:
        spoiled_ = true;
        break;
      case Socket::Read::Kind::Empty:  // the end was lost
        spoiled_ = true;
        part = Part::End;
        break;
      case Socket::Read::Kind::Failed:
        part = end_with(read.error);
        break;
    }
    if (part == Part::More) continue;
    sent_ = false;
    if (part == Part::Error) return Progress::Failed;
    if (spoiled_) {
      current_ = 0;
      ++interruptions_;
      return Progress::Interrupted;
    }
    if (++current_ == steps_.requests.size()) return Progress::Finished;
  }
  return Progress::Running;
}

}  // namespace rri::netlink
