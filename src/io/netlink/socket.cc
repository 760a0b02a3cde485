#include "io/netlink/socket.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

#include "io/netlink/limits.h"

namespace rri::netlink {

std::string error_text(int error) {
  auto text = std::generic_category().message(error);
  if (!text.empty()) text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

void Socket::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

void Socket::Wipe::operator()(std::uint8_t* bytes) const {
  explicit_bzero(bytes, kReadBytes);
  delete[] bytes;
}

void Socket::forget() {
  if (!family_.secret) return;
  explicit_bzero(buffer_.get(), filled_);
  filled_ = 0;
}

Result<Socket> Socket::open(const Family& family) {
  Socket socket(family);
  socket.socket_.reset(mnl_socket_open2(family.protocol, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.socket_) return fail("open {} socket: {}", family.name, error_text(errno));
  if (mnl_socket_bind(socket.socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0) {
    return fail("bind {} socket: {}", family.name, error_text(errno));
  }
  int on = 1;
  mnl_socket_setsockopt(socket.socket_.get(), NETLINK_EXT_ACK, &on, sizeof on);
  mnl_socket_setsockopt(socket.socket_.get(), NETLINK_CAP_ACK, &on, sizeof on);
  socket.buffer_.reset(new std::uint8_t[kReadBytes]);
  return socket;
}

Result<Socket> Socket::open() {
  auto socket = open(Family{NETLINK_ROUTE, "a rtnetlink", false});
  if (!socket) return socket;
  int on = 1;
  // Without strict checking the kernel ignores dump filters and gives everything.
  if (mnl_socket_setsockopt(socket->socket_.get(), NETLINK_GET_STRICT_CHK, &on, sizeof on) < 0) {
    return fail("set strict checking on a rtnetlink socket: {} (needs Linux 4.20)", error_text(errno));
  }
  return socket;
}

Result<Socket> Socket::open_xfrm() { return open(Family{NETLINK_XFRM, "an XFRM netlink", true}); }

int Socket::descriptor() const { return mnl_socket_get_fd(socket_.get()); }

std::uint32_t Socket::port() const { return mnl_socket_get_portid(socket_.get()); }

Result<> Socket::join(int group) {
  if (mnl_socket_setsockopt(socket_.get(), NETLINK_ADD_MEMBERSHIP, &group, sizeof group) < 0) {
    return fail("join group {} of {} socket: {}", group, family_.name, error_text(errno));
  }
  return {};
}

void Socket::set_receive_buffer(int bytes) {
  if (setsockopt(descriptor(), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) == 0) return;
  setsockopt(descriptor(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void Socket::ignore_changes_by(std::uint32_t port) {
  // The filter machine loads words in network order, netlink keeps the host's.
  std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(nlmsghdr, nlmsg_pid)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(port), 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0),
      BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
  }};
  sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  setsockopt(descriptor(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

Result<> Socket::send(std::span<const std::uint8_t> requests) {
  const auto sent = mnl_socket_sendto(socket_.get(), requests.data(), requests.size());
  if (sent < 0)
    return fail("send {} bytes to {} socket: {}", requests.size(), family_.name, error_text(errno));
  return {};
}

Socket::Read Socket::read() {
  forget();
  sockaddr_nl sender{};
  iovec part{buffer_.get(), kReadBytes};
  msghdr header{};
  header.msg_name = &sender;
  header.msg_namelen = sizeof sender;
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  for (;;) {
    const auto count = recvmsg(descriptor(), &header, MSG_DONTWAIT);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return {Read::Kind::Empty, {}, 0};
      if (errno == ENOBUFS) return {Read::Kind::Overrun, {}, 0};
      return {Read::Kind::Failed, {}, errno};
    }
    filled_ = std::max(filled_, static_cast<std::size_t>(count));
    if (sender.nl_pid != 0) continue;  // only the kernel is believed
    if ((header.msg_flags & MSG_TRUNC) != 0) return {Read::Kind::Truncated, {}, 0};
    return {Read::Kind::Datagram, {buffer_.get(), static_cast<std::size_t>(count)}, 0};
  }
}

}  // namespace rri::netlink
