// io/netlink/socket.h -- one netlink socket that tells its failures apart.
//
// The kernel carries out a request while it is being sent, so acknowledgements and
// single answers wait in the socket when send() returns; reading never blocks.
// What a reader must not mix up: nothing there, messages lost (ENOBUFS), a
// message cut off (MSG_TRUNC), and a real error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

struct mnl_socket;

namespace rri::netlink {

/// "network is unreachable": the C library's words, as the middle of a sentence.
std::string error_text(int error);

class Socket {
 public:
  /// rtnetlink, with strict checking, extended and capped acknowledgements.
  static Result<Socket> open();
  /// XFRM. The kernel tells keys with each SA: bytes read are wiped before the next
  /// read and with the socket, at once with forget().
  static Result<Socket> open_xfrm();

  [[nodiscard]] int descriptor() const;
  [[nodiscard]] std::uint32_t port() const;

  Result<> join(int group);
  /// Beyond rmem_max where we have the right, up to it where not.
  void set_receive_buffer(int bytes);
  /// Has the kernel drop notifications that requests from `port` caused, before
  /// they cost anything. Losing this is no harm, so it gives no error.
  void ignore_changes_by(std::uint32_t port);

  Result<> send(std::span<const std::uint8_t> requests);

  struct Read {
    enum class Kind : std::uint8_t { Datagram, Empty, Overrun, Truncated, Failed };
    Kind kind{};
    std::span<const std::uint8_t> datagram;  // valid until the next read
    int error = 0;                           // Failed
  };
  Read read();
  /// Wipes what was read last, where it may hold keys.
  void forget();

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  struct Family {
    int protocol;
    const char* name;  // for messages
    bool secret;       // wiped after reading
  };
  /// Clears the kReadBytes before it gives them back.
  struct Wipe {
    void operator()(std::uint8_t* bytes) const;
  };
  explicit Socket(const Family& family) : family_(family) {}
  static Result<Socket> open(const Family& family);

  Family family_;
  std::unique_ptr<mnl_socket, Close> socket_;
  std::unique_ptr<std::uint8_t[], Wipe> buffer_;
  std::size_t filled_ = 0;  // bytes that may hold secrets
};

}  // namespace rri::netlink
