#include "io/control/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "io/control/limits.h"
#include "io/control/path.h"

namespace rri::control {

namespace {

tl::unexpected<Error> explain_connect(const std::string& path, int error) {
  switch (error) {
    case ENOENT:
    case ECONNREFUSED:
      return fail("connect to {}: rrid is not running here (start it with `systemctl start rrid`, "
                  "or name its socket with --socket)", path);
    case EACCES:
    case EPERM:
      return fail("connect to {}: permission denied (become root, or join the socket's group: "
                  "`adduser USER rrid`, then log in again)", path);
    default: return fail("connect to {}: {}", path, std::strerror(error));
  }
}

}  // namespace

Result<Connection> Connection::open(const std::string& path) {
  const auto address = make_address(path);
  if (!address) return tl::make_unexpected(address.error());
  Connection connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connection.fd_ < 0) return fail("connect to {}: {}", path, std::strerror(errno));
  if (::connect(connection.fd_, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) < 0) {
    return explain_connect(path, errno);
  }
  return connection;
}

Connection::Connection(Connection&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), reader_(std::move(other.reader_)), prompt_(std::move(other.prompt_)),
      messages_(std::move(other.messages_)) {}

Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(reader_, other.reader_);
  std::swap(prompt_, other.prompt_);
  std::swap(messages_, other.messages_);
  return *this;
}

Connection::~Connection() {
  if (fd_ >= 0) ::close(fd_);
}

Result<> Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return fail("ask rrid: {}", std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return {};
}

Result<> Connection::receive(int flags) {
  std::array<char, 16384> buffer;
  const auto got = ::recv(fd_, buffer.data(), buffer.size(), flags);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return {};
  if (got < 0) return fail("read rrid's answer: {}", std::strerror(errno));
  if (got == 0) return fail("read rrid's answer: rrid closed the connection (it was idle for its exec-timeout, rrid stopped, or there are too many clients)");
  reader_.feed({buffer.data(), static_cast<std::size_t>(got)});
  return {};
}

Result<bool> Connection::note(const Frame& frame) {
  if (frame.type == FrameType::Message) {
    if (messages_.size() < kMaxMessageBytes) messages_ += frame.payload;
    return true;
  }
  if (frame.type != FrameType::PromptChange) return false;
  auto prompt = parse_prompt(frame.payload);
  if (!prompt) return tl::make_unexpected(prompt.error());
  prompt_ = std::move(*prompt);
  return true;
}

Result<std::string> Connection::take_messages() {
  if (auto received = receive(MSG_DONTWAIT); !received) return tl::make_unexpected(received.error());
  while (true) {
    const auto frame = reader_.next();
    if (!frame) return tl::make_unexpected(frame.error());
    if (!*frame) return std::exchange(messages_, {});
    if (const auto noted = note(**frame); !noted) return tl::make_unexpected(noted.error());
  }
}

Result<Status> Connection::run(FrameType type, std::string_view command,
                               const std::function<bool(std::string_view)>& on_output) {
  if (command.size() > kMaxCommandBytes) {
    return fail("ask rrid: the command is {} bytes long, at most {} are allowed", command.size(), kMaxCommandBytes);
  }
  if (auto sent = send(encode_frame(type, command)); !sent) return tl::make_unexpected(sent.error());
  while (true) {
    const auto frame = reader_.next();
    if (!frame) return tl::make_unexpected(frame.error());
    if (!*frame) {
      if (auto received = receive(0); !received) return tl::make_unexpected(received.error());
      continue;
    }
    const auto noted = note(**frame);
    if (!noted) return tl::make_unexpected(noted.error());
    if (*noted) continue;
    if ((*frame)->type == FrameType::End) {
      return parse_status((*frame)->payload);
    } else if (!on_output((*frame)->payload)) {
      return Status{};
    }
  }
}

}  // namespace rri::control
