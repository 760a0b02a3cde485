// io/netlink/dump.h -- one or several dumps as a job that is carried out in slices.
//
// What can go wrong, and what is done:
//   the table changed under the dump (NLM_F_DUMP_INTR), messages lost or cut off:
//     read to its end, then begin the whole job again;
//   ENOENT inside NLMSG_DONE: the table does not exist, an empty answer;
//   any other error: the job fails with the kernel's words.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "io/netlink/codec.h"
#include "io/netlink/socket.h"

namespace rri::netlink {

using Deadline = std::chrono::steady_clock::time_point;

class Dump {
 public:
  struct Steps {
    /// One for each request; carried out in this order.
    std::vector<std::function<void(RequestBuffer&, std::uint32_t sequence)>> requests;
    std::function<void()> begin;                    // also when begun again: forget everything
    std::function<void(const Message&)> on_message;
  };
  enum class Progress : std::uint8_t { Running, Finished, Interrupted, Failed };

  explicit Dump(Steps steps) : steps_(std::move(steps)) {}

  /// Goes on until `deadline`. Interrupted: begin again later, with this object.
  Progress step(Socket& socket, std::uint32_t& sequence, Deadline deadline);
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] std::uint64_t interruptions() const { return interruptions_; }

 private:
  enum class Part : std::uint8_t { More, End, Error };
  bool send(Socket& socket, std::uint32_t& sequence);
  Part read_datagram(std::span<const std::uint8_t> datagram);
  Part read_message(const Message& message);
  Part end_with(int error);

  Steps steps_;
  std::size_t current_ = 0;
  std::uint32_t sequence_ = 0;
  bool sent_ = false;
  bool spoiled_ = false;
  std::uint64_t interruptions_ = 0;
  std::string error_;
};

}  // namespace rri::netlink
