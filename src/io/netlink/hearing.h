// io/netlink/hearing.h -- reads a notification socket for a while.
//
// What a follower of the kernel has to know after it: whether more waits, and
// whether anything was missed, in which case it reads everything again.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "io/netlink/codec.h"
#include "io/netlink/dump.h"
#include "io/netlink/socket.h"

namespace rri::netlink {

struct Heard {
  bool more = false;            // the deadline came before the end
  bool failed = false;          // the socket cannot be read
  std::uint64_t messages = 0;
  std::uint64_t malformed = 0;  // datagrams whose rest was no message
  std::uint64_t losses = 0;     // times that something was missed, `failed` among them
  std::string loss;             // what the last of them was
};

/// Until `deadline` or until nothing waits. What was read of secrets is wiped.
Heard hear(Socket& socket, Deadline deadline, const std::function<void(const Message&)>& on_message);

}  // namespace rri::netlink
