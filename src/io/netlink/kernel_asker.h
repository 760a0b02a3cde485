// io/netlink/kernel_asker.h -- single questions to the kernel, answered at once.
#pragma once

#include <cstdint>
#include <optional>

#include "io/netlink/codec.h"
#include "io/netlink/socket.h"

namespace rri::netlink {

class KernelAsker {
 public:
  explicit KernelAsker(Socket socket) : socket_(std::move(socket)) {}

  struct Answer {
    int error = 0;  // positive errno
    std::optional<RouteMessage> route;
  };
  /// The route that leads to an address. Where the kernel cannot tell the route of
  /// its table, the result of the lookup (without metric and protocol).
  Answer find_route(const IpAddress& address, std::uint32_t device);

  /// Returns when every change that the kernel had begun is complete. Since routes
  /// are read without a lock, a dump right after "link down" may still show routes
  /// that the kernel is about to drop without a message.
  void wait_for_changes_under_way();

  [[nodiscard]] std::uint64_t requests() const { return requests_; }

 private:
  Answer ask(const RequestBuffer::PathRequest& request);
  Answer read_answer(std::uint32_t sequence);

  Socket socket_;
  RequestBuffer buffer_;
  std::uint32_t sequence_ = 1;
  std::uint64_t requests_ = 0;
};

}  // namespace rri::netlink
