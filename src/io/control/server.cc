#include "io/control/server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <set>
#include <utility>

#include "io/control/limits.h"
#include "io/control/path.h"

namespace rri::control {

namespace {

using Socket = asio::local::stream_protocol::socket;
using Clock = std::chrono::steady_clock;

/// How often idle and stalled connections are looked for.
constexpr std::chrono::seconds kSweepInterval{2};

PeerCredentials credentials_of(Socket& socket) {
  ucred raw{};
  socklen_t size = sizeof raw;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &raw, &size) < 0) return {-1, ~uid_t{0}, ~gid_t{0}};
  return {raw.pid, raw.uid, raw.gid};
}

/// One connection. It lives as long as an operation of it is under way.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, ConnectionId id, const Server::Handler& handler, std::function<void(Session*)> on_close)
      : socket_(std::move(socket)), id_(id), handler_(handler), on_close_(std::move(on_close)),
        peer_(credentials_of(socket_)) {}

  void start() { go_on(); }

  void close() {
    if (!std::exchange(on_close_, nullptr)) return;
    asio::error_code ignored;
    socket_.close(ignored);
    answer_.reset();
  }

  [[nodiscard]] ConnectionId id() const { return id_; }

  void send_message(std::string_view text) {
    if (!on_close_ || messages_.size() + text.size() > kMaxMessageBytes) return;
    messages_ += encode_frame(FrameType::Message, text);
    if (!is_writing_) write_messages();
  }

  void finish() {
    const auto on_close = on_close_;
    close();
    if (on_close) on_close(this);
  }

  [[nodiscard]] bool is_idle() const { return !answer_; }

  /// Whether nothing moved on it for too long. `limit` is for who types nothing, and who stands at
  /// a page; none: any time.
  bool is_overdue(Clock::time_point now, std::optional<std::chrono::seconds> limit) const {
    const auto still = now - last_progress_;
    if (is_idle()) return limit && still > *limit;
    return still > (is_waiting_ || !limit ? kStallTimeout : std::min<std::chrono::seconds>(*limit, kStallTimeout));
  }
  [[nodiscard]] bool is_waiting() const { return is_waiting_; }

 private:
  /// The next thing to do: send what is there, take a waiting command, or read.
  void go_on() {
    if (!on_close_) return;
    if (answer_) return send_pieces();
    auto frame = reader_.next();
    if (!frame) return finish();
    if (!*frame) return read();
    answer_ = handler_(Command{(*frame)->type, std::move((*frame)->payload), peer_, id_});
    if (answer_->later) return wait_for_answer();
    send_pieces();
  }

  /// Nothing is read or sent meanwhile but messages; a reader who left is found out
  /// when the answer is sent.
  void wait_for_answer() {
    is_waiting_ = true;
    const auto ask = std::exchange(answer_->later, nullptr);
    ask([self = weak_from_this()](Answer made) {
      if (const auto session = self.lock()) session->take_answer(std::move(made));
    });
  }

  void take_answer(Answer made) {
    if (!std::exchange(is_waiting_, false) || !answer_) return;  // told twice, or closed meanwhile
    if (!made.prompt) made.prompt = std::move(answer_->prompt);
    answer_ = std::move(made);
    last_progress_ = Clock::now();
    send_pieces();
  }

  void read() {
    socket_.async_read_some(asio::buffer(input_), [self = shared_from_this()](asio::error_code error, std::size_t size) {
      if (error) return self->finish();
      self->last_progress_ = Clock::now();
      self->reader_.feed({self->input_.data(), size});
      self->go_on();
    });
  }

  /// While nothing else is being sent: reading goes on at the same time.
  void write_messages() {
    is_writing_ = true;
    message_output_ = std::exchange(messages_, {});
    asio::async_write(socket_, asio::buffer(message_output_),
                      [self = shared_from_this()](asio::error_code error, std::size_t) {
                        self->is_writing_ = false;
                        if (error) return self->finish();
                        if (self->waits_to_send_) return self->send_pieces();
                        if (!self->messages_.empty()) self->write_messages();
                      });
  }

  void send_pieces() {
    waits_to_send_ = is_writing_;
    if (is_writing_ || !on_close_) return;
    is_writing_ = true;
    output_ = std::exchange(messages_, {});
    bool more = static_cast<bool>(answer_->pieces);
    const auto turn_ends = Clock::now() + kLongestTurn;
    for (bool goes_on = more; goes_on; goes_on = more && output_.size() < kHighWaterBytes && Clock::now() < turn_ends) {
      piece_.clear();
      more = answer_->pieces(piece_);
      append_output(piece_);
    }
    if (!more) {
      if (answer_->prompt) output_ += encode_frame(FrameType::PromptChange, render_prompt(*answer_->prompt));
      output_ += encode_frame(FrameType::End, render_status(answer_->status));
      answer_->pieces = nullptr;
    }
    asio::async_write(socket_, asio::buffer(output_), [self = shared_from_this(), more](asio::error_code error, std::size_t) {
      self->is_writing_ = false;
      if (error) return self->finish();
      self->last_progress_ = Clock::now();
      if (!more) self->answer_.reset();
      if (!more && !self->messages_.empty()) self->write_messages();
      self->go_on();
    });
  }

  void append_output(std::string_view piece) {
    for (; !piece.empty(); piece.remove_prefix(std::min(piece.size(), kMaxOutputBytes))) {
      output_ += encode_frame(FrameType::Output, piece.substr(0, kMaxOutputBytes));
    }
  }

  Socket socket_;
  ConnectionId id_;
  const Server::Handler& handler_;
  std::function<void(Session*)> on_close_;  // empty: closed
  PeerCredentials peer_;
  FrameReader reader_{FrameReader::Side::Daemon};
  std::array<char, 4096> input_{};
  std::optional<Answer> answer_;  // the one being sent
  std::string piece_;
  std::string output_;
  std::string messages_;        // whole frames that wait
  std::string message_output_;  // those being sent
  bool is_writing_ = false;
  bool waits_to_send_ = false;  // an answer waits for messages to go out
  bool is_waiting_ = false;     // for an answer that comes later
  Clock::time_point last_progress_ = Clock::now();
};

/// Whether a living daemon listens at `address`.
bool is_answered(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return true;  // better not to touch what cannot be judged
  const bool refused = ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 &&
                       (errno == ECONNREFUSED || errno == ENOENT);
  ::close(probe);
  return !refused;
}

/// Makes room for our socket file.
Result<> take_over(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) < 0) return {};
  if (!S_ISSOCK(status.st_mode)) return fail("listen on {}: there is a file of that name that is no socket", path);
  if (is_answered(address)) return fail("listen on {}: another rrid answers there (stop it first)", path);
  if (::unlink(path.c_str()) < 0) return fail("listen on {}: the old socket cannot be removed: {}", path, std::strerror(errno));
  return {};
}

tl::unexpected<Error> explain_bind(const std::string& path, int error) {
  const auto directory = path.substr(0, path.find_last_of('/') == std::string::npos ? 0 : path.find_last_of('/'));
  if (error == ENOENT) return fail("listen on {}: the directory is missing (make it: `install -d {}`)", path, directory);
  if (error == EACCES || error == EPERM) {
    return fail("listen on {}: permission denied (let user {} write there: `chown {} {}`)", path, ::geteuid(), ::geteuid(), directory);
  }
  return fail("listen on {}: {}", path, std::strerror(error));
}

/// A listening socket at `path`, mode 0660.
Result<int> listen_at(const std::string& path) {
  const auto address = make_address(path);
  if (!address) return tl::make_unexpected(address.error());
  if (auto free = take_over(path, *address); !free) return tl::make_unexpected(free.error());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return fail("listen on {}: {}", path, std::strerror(errno));
  const auto old_mask = ::umask(0117);
  const int bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&*address), sizeof *address);
  const int error = errno;
  ::umask(old_mask);
  if (bound < 0 || ::listen(fd, kBacklog) < 0) {
    const auto reason = bound < 0 ? error : errno;
    ::close(fd);
    return explain_bind(path, reason);
  }
  return fd;
}

}  // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
  State(asio::io_context& context, std::string path_, Handler handler_, OnClose on_close_, IdleRule idle_)
      : acceptor(context), sweep(context), path(std::move(path_)), handler(std::move(handler_)),
        on_close(std::move(on_close_)), idle(std::move(idle_)) {
    if (!idle.limit) idle.limit = [](ConnectionId) { return kIdleTimeout; };
    if (!idle.on_expiry) idle.on_expiry = [](ConnectionId) {};
  }

  void accept() {
    acceptor.async_accept([self = shared_from_this()](asio::error_code error, Socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) self->welcome(std::move(socket));
      if (!error) return self->accept();
      // Out of descriptors: the next sweep tries again.
      self->is_accepting = false;
    });
    is_accepting = true;
  }

  void welcome(Socket socket) {
    if (sessions.size() >= kMaxClients) return;  // closes it
    auto session = std::make_shared<Session>(std::move(socket), ++last_id, handler, [this](Session* closed) { forget(closed); });
    sessions.insert(session);
    session->start();
  }

  void forget(Session* closed) {
    for (auto it = sessions.begin(); it != sessions.end(); ++it) {
      if (it->get() != closed) continue;
      on_close(closed->id());
      sessions.erase(it);
      return;
    }
  }

  void sweep_later() {
    sweep.expires_after(kSweepInterval);
    sweep.async_wait([self = shared_from_this()](asio::error_code error) {
      if (error) return;
      const auto now = Clock::now();
      std::erase_if(self->sessions, [&](const auto& session) {
        if (!session->is_overdue(now, self->idle.limit(session->id()))) return false;
        if (!session->is_waiting()) self->idle.on_expiry(session->id());
        session->close();
        self->on_close(session->id());
        return true;
      });
      if (!self->is_accepting) self->accept();
      self->sweep_later();
    });
  }

  void stop() {
    asio::error_code ignored;
    acceptor.close(ignored);
    sweep.cancel();
    for (const auto& session : sessions) session->close();
    sessions.clear();
    struct stat now {};
    if (::lstat(path.c_str(), &now) == 0 && now.st_ino == inode) ::unlink(path.c_str());
  }

  asio::local::stream_protocol::acceptor acceptor;
  asio::steady_timer sweep;
  std::string path;
  Handler handler;
  OnClose on_close;
  IdleRule idle;
  ConnectionId last_id = 0;
  std::set<std::shared_ptr<Session>> sessions;
  ino_t inode = 0;
  bool is_accepting = false;
};

Server::Server(std::shared_ptr<State> state) : state_(std::move(state)) {}
Server::Server(Server&&) noexcept = default;

Server& Server::operator=(Server&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Server::~Server() {
  if (state_) state_->stop();
}

Result<Server> Server::open(asio::io_context& context, const std::string& path, Handler handler, OnClose on_close, IdleRule idle) {
  const auto fd = listen_at(path);
  if (!fd) return tl::make_unexpected(fd.error());
  auto state = std::make_shared<State>(context, path, std::move(handler), std::move(on_close), std::move(idle));
  asio::error_code error;
  state->acceptor.assign(asio::local::stream_protocol(), *fd, error);
  if (error) return fail("listen on {}: {}", path, error.message());
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) state->inode = status.st_ino;
  state->accept();
  state->sweep_later();
  return Server(std::move(state));
}

std::size_t Server::clients() const { return state_->sessions.size(); }

void Server::send_message(ConnectionId connection, std::string_view text) {
  for (const auto& session : state_->sessions) {
    if (session->id() == connection) return session->send_message(text);
  }
}

void Server::disconnect(ConnectionId connection) {
  for (const auto& session : std::set(state_->sessions)) {
    if (session->id() == connection) session->finish();
  }
}

}  // namespace rri::control
