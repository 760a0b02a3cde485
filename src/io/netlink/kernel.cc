#include "io/netlink/kernel.h"

#include <unistd.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include "io/netlink/session.h"

namespace rri::netlink {

/// Drives a Session from the loop: a turn when notifications wait, when somebody
/// asked for something, while work is left, and when a pause is over. Handlers keep
/// it alive; stop() makes them do nothing.
class Kernel::Impl : public std::enable_shared_from_this<Kernel::Impl> {
 public:
  Impl(asio::io_context& loop, Options options, Deliver deliver, Log log)
      : loop_(loop), options_(options), deliver_(std::move(deliver)), log_(std::move(log)), descriptor_(loop), timer_(loop) {}

  Result<> start() {
    auto session = Session::open(options_, deliver_, log_);
    if (!session) return tl::make_unexpected(session.error());
    session_ = std::move(*session);
    // Asio closes what it watches, so it gets a descriptor of its own.
    const int copy = ::dup(session_->descriptor());
    asio::error_code error;
    if (copy >= 0) descriptor_.assign(copy, error);
    if (copy < 0 || error) {
      session_.reset();
      return fail("watch the rtnetlink socket: {}", error ? error.message() : error_text(errno));
    }
    running_ = true;
    wait_for_notifications();
    schedule();
    return {};
  }

  void stop() {
    running_ = false;
    asio::error_code ignored;
    descriptor_.close(ignored);
    timer_.cancel();
  }

  /// The session, to hand work to; null before start() and after stop().
  Session* use() {
    if (!running_) return nullptr;
    schedule();
    return session_.get();
  }
  [[nodiscard]] const Session* session() const { return session_.get(); }

 private:
  void wait_for_notifications() {
    descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, [self = shared_from_this()](asio::error_code error) {
      if (error || !self->running_) return;
      self->schedule();
      self->watching_ = false;
    });
    watching_ = true;
  }

  void schedule() {
    if (scheduled_ || !running_) return;
    scheduled_ = true;
    asio::post(loop_, [self = shared_from_this()] { self->turn(); });
  }

  void turn() {
    scheduled_ = false;
    if (!running_) return;
    const auto turn = session_->turn();
    if (!running_) return;  // stopped by a receiver
    if (turn.more) return schedule();
    if (!watching_) wait_for_notifications();
    if (turn.wake_at) wake_at(*turn.wake_at);
  }

  void wake_at(Session::Clock::time_point when) {
    timer_.expires_at(when);
    timer_.async_wait([self = shared_from_this()](asio::error_code error) {
      if (!error) self->schedule();
    });
  }

  asio::io_context& loop_;
  Options options_;
  Deliver deliver_;
  Log log_;
  asio::posix::stream_descriptor descriptor_;
  asio::steady_timer timer_;
  std::unique_ptr<Session> session_;
  bool running_ = false;
  bool scheduled_ = false;
  bool watching_ = false;
};

Kernel::Kernel(asio::io_context& loop, Options options, Deliver deliver, Log log)
    : impl_(std::make_shared<Impl>(loop, options, std::move(deliver), std::move(log))) {}

Kernel::~Kernel() { impl_->stop(); }

Result<> Kernel::start() { return impl_->start(); }

void Kernel::stop() { impl_->stop(); }

void Kernel::watch(const core::PathQuery& query) {
  if (auto* session = impl_->use()) session->paths().watch(query);
}

void Kernel::unwatch(const core::PathQuery& query) {
  if (auto* session = impl_->use()) session->paths().unwatch(query);
}

void Kernel::carry_out(core::RouteBatch batch) {
  if (auto* session = impl_->use()) session->carry_out(std::move(batch));
}

void Kernel::dump_routes() { dump_device({}); }

void Kernel::dump_device(const std::string& device) {
  if (auto* session = impl_->use()) session->dump_routes(device);
}

void Kernel::set_underlay_statics(std::vector<KernelRoute> routes) {
  if (auto* session = impl_->use()) session->paths().set_underlay_statics(std::move(routes));
}

void Kernel::set_static_keys(std::vector<KernelKey> keys) {
  if (auto* session = impl_->use()) session->paths().set_static_keys(std::move(keys));
}

Status Kernel::status() const { return impl_->session() == nullptr ? Status{} : impl_->session()->status(); }

}  // namespace rri::netlink
