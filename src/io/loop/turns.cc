#include "io/loop/turns.h"

#include <unistd.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <cerrno>
#include <system_error>

namespace rri::io {

/// Handlers keep it alive; after stop() they do nothing.
class Turns::Impl : public std::enable_shared_from_this<Turns::Impl> {
 public:
  explicit Impl(asio::io_context& loop) : loop_(loop), descriptor_(loop), timer_(loop) {}

  Result<> start(int descriptor, std::function<Turn()> take_turn) {
    // Asio closes what it watches, so it gets a descriptor of its own.
    const int copy = ::dup(descriptor);
    asio::error_code error;
    if (copy < 0) error = asio::error_code(errno, std::generic_category());
    if (copy >= 0) descriptor_.assign(copy, error);
    if (error) return fail("watch a netlink socket: {}", error.message());
    take_turn_ = std::move(take_turn);
    running_ = true;
    watch();
    schedule();
    return {};
  }

  void stop() {
    running_ = false;
    asio::error_code ignored;
    descriptor_.close(ignored);
    timer_.cancel();
  }

  [[nodiscard]] bool running() const { return running_; }

  void schedule() {
    if (scheduled_ || !running_) return;
    scheduled_ = true;
    asio::post(loop_, [self = shared_from_this()] { self->turn(); });
  }

 private:
  void watch() {
    descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                           [self = shared_from_this()](asio::error_code error) {
                             if (error || !self->running_) return;
                             self->schedule();
                             self->watching_ = false;
                           });
    watching_ = true;
  }

  void turn() {
    scheduled_ = false;
    if (!running_) return;
    const auto turn = take_turn_();
    if (!running_) return;  // stopped by what the turn did
    if (turn.more) return schedule();
    if (!watching_) watch();
    if (turn.wake_at) wake_at(*turn.wake_at);
  }

  void wake_at(Clock::time_point when) {
    timer_.expires_at(when);
    timer_.async_wait([self = shared_from_this()](asio::error_code error) {
      if (!error) self->schedule();
    });
  }

  asio::io_context& loop_;
  asio::posix::stream_descriptor descriptor_;
  asio::steady_timer timer_;
  std::function<Turn()> take_turn_;
  bool running_ = false;
  bool scheduled_ = false;
  bool watching_ = false;
};

Turns::Turns(asio::io_context& loop) : impl_(std::make_shared<Impl>(loop)) {}
Turns::~Turns() { stop(); }

Result<> Turns::start(int descriptor, std::function<Turn()> take_turn) {
  return impl_->start(descriptor, std::move(take_turn));
}

void Turns::stop() { impl_->stop(); }
bool Turns::running() const { return impl_->running(); }
void Turns::schedule() { impl_->schedule(); }

}  // namespace rri::io
