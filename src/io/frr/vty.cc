#include "io/frr/vty.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include "base/assert.h"
#include "io/frr/codec.h"
#include "io/frr/limits.h"

namespace rri::frr {
namespace {

using Socket = asio::local::stream_protocol::socket;

Error connect_error(const std::string& path, const asio::error_code& error) {
  const auto text = fmt::format("connect to FRR at {}: {}", path, error.message());
  if (error.value() == EACCES) return {text + ": rrid's user must be in FRR's vty group (`usermod -aG frrvty rrid`)"};
  if (error.value() == ENOENT) return {text + ": this daemon of FRR is not running, or its directory is another (`route frr directory PATH`)"};
  return {text};
}

std::int32_t peer_of(Socket& socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  return ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 ? credentials.pid : 0;
}

}  // namespace

std::string static_socket(const std::string& directory) {
  const auto newer = directory + "/mgmtd.vty";
  return ::access(newer.c_str(), F_OK) == 0 ? newer : directory + "/staticd.vty";
}

bool is_mgmtd(std::string_view socket_path) { return socket_path.ends_with("/mgmtd.vty"); }

bool has_static_client(std::string_view answer) {
  return answer.find("-----") == std::string_view::npos || answer.find("\nstatic ") != std::string_view::npos;
}

/// Handlers keep it alive; each connection has a number, so that a completion that
/// belongs to an earlier one is recognised.
class Vty::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& loop, OnConnected on_connected, OnLost on_lost)
      : socket_(loop), timer_(loop), on_connected_(std::move(on_connected)), on_lost_(std::move(on_lost)) {}

  void connect(const std::string& path) {
    close();
    path_ = path;
    const auto number = number_;
    if (path.size() >= sizeof(sockaddr_un::sun_path)) return lose({fmt::format("connect to FRR at {}: the path is too long", path)});
    socket_.async_connect(asio::local::stream_protocol::endpoint(path), [self = shared_from_this(), number](asio::error_code error) {
      if (self->number_ != number) return;
      if (error) return self->lose(connect_error(self->path_, error));
      self->read();
      self->on_connected_(peer_of(self->socket_));
    });
  }

  void run(Exchange exchange) {
    RRI_ASSERT(!busy_);
    exchange_ = std::move(exchange);
    answers_.clear();
    sent_ = 0;
    text_.clear();
    busy_ = true;
    send_more();
    watch_the_clock();
  }

  void close() {
    ++number_;
    asio::error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
    busy_ = writing_ = false;
    reader_ = {};
    exchange_ = {};
  }

 private:
  void lose(Error reason) {
    close();
    on_lost_(reason);
  }

  void send_more() {
    if (writing_ || !busy_) return;
    bytes_.clear();
    const std::size_t window = is_mgmtd(path_) ? 1 : kWindow;
    while (sent_ < exchange_.commands.size() && sent_ - answers_.size() < window) bytes_ += encode_command(exchange_.commands[sent_++]);
    if (bytes_.empty()) return;
    writing_ = true;
    asio::async_write(socket_, asio::buffer(bytes_), [self = shared_from_this(), number = number_](asio::error_code error, std::size_t) {
      if (self->number_ != number) return;
      self->writing_ = false;
      if (error) return self->lose({fmt::format("write to FRR at {}: {}", self->path_, error.message())});
      self->send_more();
    });
  }

  void read() {
    socket_.async_read_some(asio::buffer(received_), [self = shared_from_this(), number = number_](asio::error_code error, std::size_t count) {
      if (self->number_ != number) return;
      if (error) return self->lose({fmt::format("read from FRR at {}: {}", self->path_, error == asio::error::eof ? "it ended" : error.message())});
      self->reader_.feed({self->received_.data(), count});
      self->take_items();
      if (self->number_ == number) self->read();
    });
  }

  void take_items() {
    const auto number = number_;
    watch_the_clock();
    while (number_ == number) {
      auto item = reader_.next();
      if (!item) return lose(item.error());
      if (!*item) break;
      if (!busy_) return lose({fmt::format("read from FRR at {}: an answer to nothing", path_)});
      if (const auto* line = std::get_if<AnswerReader::Line>(&**item)) take_line(line->text);
      if (const auto* end = std::get_if<AnswerReader::End>(&**item)) take_end(end->status);
    }
    if (number_ == number) send_more();
  }

  void take_line(std::string_view line) {
    if (exchange_.on_line) return exchange_.on_line(line);
    if (text_.size() + line.size() >= kMaxAnswerText) return;
    if (!text_.empty()) text_ += '\n';
    text_ += line;
  }

  void take_end(std::uint8_t status) {
    answers_.push_back({status, std::exchange(text_, {})});
    if (answers_.size() < exchange_.commands.size()) return;
    busy_ = false;
    timer_.cancel();
    const auto done = std::move(exchange_.on_done);
    const auto answers = std::move(answers_);
    done(answers);
  }

  void watch_the_clock() {
    if (!busy_) return;
    timer_.expires_after(kAnswerTimeout);
    timer_.async_wait([self = shared_from_this(), number = number_](asio::error_code error) {
      if (error || self->number_ != number || !self->busy_) return;
      self->lose({fmt::format("read from FRR at {}: no answer for {} s", self->path_, kAnswerTimeout.count())});
    });
  }

  Socket socket_;
  asio::steady_timer timer_;
  OnConnected on_connected_;
  OnLost on_lost_;
  std::string path_;
  std::uint64_t number_ = 0;
  bool busy_ = false;
  bool writing_ = false;
  Exchange exchange_;
  std::vector<Answer> answers_;
  std::size_t sent_ = 0;
  std::string text_;
  std::string bytes_;
  AnswerReader reader_;
  std::array<char, kReadBytes> received_{};
};

Vty::Vty(asio::io_context& loop, OnConnected on_connected, OnLost on_lost)
    : impl_(std::make_shared<Impl>(loop, std::move(on_connected), std::move(on_lost))) {}
Vty::~Vty() { impl_->close(); }
void Vty::connect(const std::string& path) { impl_->connect(path); }
void Vty::run(Exchange exchange) { impl_->run(std::move(exchange)); }
void Vty::close() { impl_->close(); }

struct Alarm::State {
  explicit State(asio::io_context& loop) : timer(loop) {}
  asio::steady_timer timer;
};

Alarm::Alarm(asio::io_context& loop) : state_(std::make_unique<State>(loop)) {}
Alarm::~Alarm() = default;
void Alarm::cancel() { state_->timer.cancel(); }
void Alarm::after(std::chrono::milliseconds delay, std::function<void()> task) {
  state_->timer.expires_after(delay);
  state_->timer.async_wait([task = std::move(task)](asio::error_code error) {
    if (!error) task();
  });
}

}  // namespace rri::frr
