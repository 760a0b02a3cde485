#include "io/netlink/kernel.h"

#include <fmt/format.h>

#include "io/loop/turns.h"
#include "io/netlink/session.h"

namespace rri::netlink {

class Kernel::Impl {
 public:
  Impl(asio::io_context& loop, Options options, Deliver deliver, Log log)
      : options_(options), deliver_(std::move(deliver)), log_(std::move(log)), turns_(loop) {}

  Result<> start() {
    auto session = Session::open(options_, deliver_, log_);
    if (!session) return tl::make_unexpected(session.error());
    session_ = std::move(*session);
    // A turn may end with a receiver that gives up Kernel: the session outlives it.
    auto started = turns_.start(session_->descriptor(), [session = session_] { return session->turn(); });
    if (!started) session_.reset();
    return started;
  }

  void stop() { turns_.stop(); }

  /// The session, to hand work to; null before start() and after stop().
  Session* use() {
    if (!turns_.running()) return nullptr;
    turns_.schedule();
    return session_.get();
  }
  void set_protocol(std::uint8_t protocol) { options_.protocol = protocol; }
  [[nodiscard]] int protocol() const { return options_.protocol; }
  [[nodiscard]] const Session* session() const { return session_.get(); }

 private:
  Options options_;
  Deliver deliver_;
  Log log_;
  std::shared_ptr<Session> session_;
  io::Turns turns_;
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

void Kernel::renumber(std::uint8_t protocol) {
  impl_->set_protocol(protocol);
  if (auto* session = impl_->use()) session->renumber(protocol);
}

void Kernel::set_underlay_statics(std::vector<KernelRoute> routes) {
  if (auto* session = impl_->use()) session->paths().set_underlay_statics(std::move(routes));
}

void Kernel::set_static_keys(std::vector<KernelKey> keys) {
  if (auto* session = impl_->use()) session->paths().set_static_keys(std::move(keys));
}

void Kernel::announce_gone(const std::vector<KernelRoute>& routes) {
  if (routes.empty()) return;
  if (auto* session = impl_->use()) session->announce_gone(routes);
}

void Kernel::set_frr_route(const FrrRoute& route) {
  if (auto* session = impl_->use()) session->paths().set_frr_route(route);
}

std::string Kernel::vrf_of_device(const std::string& device) const {
  return impl_->session() == nullptr ? std::string(kDefaultVrf) : impl_->session()->vrf_of_device(device);
}

core::SinkHealth Kernel::health() const {
  const auto now = status();
  return {fmt::format("kernel, protocol {}", impl_->protocol()), {}, now.own_routes, now.jobs_waiting};
}

Status Kernel::status() const { return impl_->session() == nullptr ? Status{} : impl_->session()->status(); }

}  // namespace rri::netlink
