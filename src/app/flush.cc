#include "app/flush.h"

#include <chrono>
#include <cstdio>
#include <utility>

#include "app/flush_charon.h"
#include "app/privileges.h"
#include "io/control/client.h"
#include "io/loop/event_loop.h"
#include "io/netlink/kernel.h"

namespace rri::app {

namespace {

/// A million routes go in seconds; a kernel that takes longer does not answer.
constexpr std::chrono::minutes kLongestFlush{5};

core::RouteBatch deletion_of(std::vector<KernelRoute> routes) {
  core::RouteBatch batch;
  batch.id = 1;
  batch.operations.reserve(routes.size());
  for (auto& route : routes) batch.operations.push_back({core::RouteOp::Kind::Delete, RouteKind::Proxy, std::move(route)});
  return batch;
}

class Flush {
 public:
  explicit Flush(std::uint8_t protocol)
      : kernel_(loop_.context(), netlink::Options{protocol}, [this](const core::Event& event) { on_event(event); },
                [](const core::LogLine& line) { std::fprintf(stderr, "rri: %s\n", line.text.c_str()); }) {}

  int run() {
    if (auto started = kernel_.start(); !started) {
      std::fprintf(stderr, "rri: could not %s\n", started.error().text.c_str());
      return 1;
    }
    loop_.after(kLongestFlush, [this] { loop_.stop(); });
    loop_.run();
    std::printf("%zu routes deleted, %zu left\n", found_ - left_, left_);
    return is_done_ && left_ == 0 ? 0 : 1;
  }

 private:
  void on_event(const core::Event& event) {
    if (const auto* dump = std::get_if<core::RouteDump>(&event)) return on_dump(*dump);
    if (const auto* done = std::get_if<core::BatchDone>(&event)) {
      for (const auto& failure : done->failures) std::fprintf(stderr, "rri: could not delete a route: %s\n", failure.text.c_str());
      kernel_.dump_routes();
    }
  }

  void on_dump(const core::RouteDump& dump) {
    left_ = dump.routes.size();
    if (std::exchange(is_asked_, true) || left_ == 0) {
      is_done_ = true;
      return loop_.stop();
    }
    found_ = left_;
    kernel_.carry_out(deletion_of(dump.routes));
  }

  io::EventLoop loop_;
  netlink::Kernel kernel_;
  std::size_t found_ = 0;
  std::size_t left_ = 0;
  bool is_asked_ = false;
  bool is_done_ = false;
};

}  // namespace

int run_flush(const FlushOptions& options) {
  if (control::Connection::open(options.socket)) {
    std::fprintf(stderr, "rri: could not flush: rrid is running and would put the routes back (stop it first: `systemctl stop rrid`)\n");
    return 1;
  }
  if (auto rights = require_net_admin(); !rights) {
    std::fprintf(stderr, "rri: could not flush: CAP_NET_ADMIN is missing (run as root)\n");
    return 1;
  }
  const int routes = Flush(options.protocol).run();
  const int tunnels = flush_charon(options.vici);
  return routes != 0 ? routes : tunnels;
}

}  // namespace rri::app
