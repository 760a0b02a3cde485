#include "app/flush.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <set>
#include <utility>

#include "app/host_links.h"
#include "app/privileges.h"
#include "app/startup.h"
#include "config/config.h"
#include "core/host.h"
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

/// Which of our routes go.
class Choice {
 public:
  Choice() = default;
  Choice(const Config& config, const std::vector<std::string>& interfaces, const core::Host& host) : all_(false) {
    for (const auto& name : interfaces) {
      const auto found = config.interfaces.find(canonical_interface(name));
      if (found == config.interfaces.end()) continue;
      if (const auto binding = host.bind(found->second); binding.is_bound()) devices_.insert(binding.device);
      const auto form = found->second.route_form.value_or(config.settings.route_form);
      if (form.form == RouteForm::Device) devices_.insert(form.device);
    }
    for (const auto& route : config.static_routes) statics_.insert({route.vrf, route.prefix, metric_of_distance(route.distance)});
  }

  [[nodiscard]] bool takes(const KernelRoute& route) const {
    if (all_) return true;
    if (statics_.contains(route.key)) return false;
    return std::any_of(route.next_hops.begin(), route.next_hops.end(),
                       [this](const KernelNextHop& hop) { return devices_.contains(hop.device); });
  }

 private:
  bool all_ = true;
  std::set<std::string> devices_;
  std::set<KernelKey> statics_;
};

class Flush {
 public:
  Flush(std::uint8_t protocol, Choice choice)
      : choice_(std::move(choice)),
        kernel_(loop_.context(), netlink::Options{protocol}, [this](const core::Event& event) { on_event(event); },
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
    std::vector<KernelRoute> chosen;
    std::copy_if(dump.routes.begin(), dump.routes.end(), std::back_inserter(chosen),
                 [this](const KernelRoute& route) { return choice_.takes(route); });
    left_ = chosen.size();
    if (std::exchange(is_asked_, true) || left_ == 0) {
      is_done_ = true;
      return loop_.stop();
    }
    found_ = left_;
    kernel_.carry_out(deletion_of(std::move(chosen)));
  }

  Choice choice_;
  io::EventLoop loop_;
  netlink::Kernel kernel_;
  std::size_t found_ = 0;
  std::size_t left_ = 0;
  bool is_asked_ = false;
  bool is_done_ = false;
};

int complain(const std::string& reason) {
  std::fprintf(stderr, "rri: could not flush: %s\n", reason.c_str());
  return 1;
}

int flush_interfaces(const FlushOptions& options) {
  const auto text = read_config_file(options.config);
  if (!text) return complain(text.error().text);
  const auto config = parse_document(*text).config;
  core::Host host;
  host.replace_all(read_host_links());
  const auto* sink = std::get_if<KernelSink>(&config.settings.route);
  return Flush(sink != nullptr ? sink->protocol : options.protocol, Choice(config, options.interfaces, host)).run();
}

}  // namespace

int run_flush(const FlushOptions& options) {
  const bool is_running = control::Connection::open(options.socket).has_value();
  // It withdraws what has to go by itself.
  if (is_running && !options.interfaces.empty()) return 0;
  if (is_running) return complain("rrid is running and would put the routes back (stop it first: `systemctl stop rrid`)");
  if (auto rights = require_net_admin(); !rights) return complain("CAP_NET_ADMIN is missing (run as root)");
  if (!options.interfaces.empty()) return flush_interfaces(options);
  return Flush(options.protocol, Choice()).run();
}

}  // namespace rri::app
