#include "io/netlink/hearing.h"

namespace rri::netlink {
namespace {

void take_datagram(std::span<const std::uint8_t> datagram, const std::function<void(const Message&)>& on_message, Heard& heard) {
  MessageReader reader(datagram);
  while (const auto message = reader.next()) {
    ++heard.messages;
    on_message(*message);
  }
  if (reader.malformed()) ++heard.malformed;
}

void note_loss(std::string what, Heard& heard) {
  ++heard.losses;
  heard.loss = std::move(what);
}

}  // namespace

Heard hear(Socket& socket, Deadline deadline, const std::function<void(const Message&)>& on_message) {
  using Kind = Socket::Read::Kind;
  Heard heard;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto read = socket.read();
    switch (read.kind) {
      case Kind::Datagram: take_datagram(read.datagram, on_message, heard); break;
      case Kind::Empty: return heard;
      case Kind::Overrun: note_loss("the kernel dropped notifications", heard); break;
      case Kind::Truncated: note_loss("a notification was too long to read", heard); break;
      case Kind::Failed:
        heard.failed = true;
        note_loss(error_text(read.error), heard);
        return heard;
    }
  }
  socket.forget();
  heard.more = true;
  return heard;
}

}  // namespace rri::netlink
