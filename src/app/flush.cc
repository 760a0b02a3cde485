#include "app/flush.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <set>
#include <utility>

#include "app/flush_charon.h"
#include "app/flush_policies.h"
#include "app/host_links.h"
#include "app/privileges.h"
#include "app/routing_table.h"
#include "app/startup.h"
#include "config/config.h"
#include "core/host.h"
#include "io/control/client.h"
#include "io/frr/ledger.h"
#include "io/frr/sink.h"
#include "io/loop/event_loop.h"
#include "io/netlink/kernel.h"

namespace rri::app {

namespace {

/// A million routes go in seconds; a kernel that takes longer does not answer.
constexpr std::chrono::minutes kLongestFlush{5};

void print_line(const core::LogLine& line) { std::fprintf(stderr, "rri: %s\n", line.text.c_str()); }

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
  explicit Flush(Choice choice = Choice()) : choice_(std::move(choice)) {}

  /// 0 when no route of ours is left in the kernel.
  int run_kernel(std::uint8_t protocol) {
    netlink::Options options;
    options.protocol = protocol;
    netlink::Kernel kernel(loop_.context(), options, [this](const core::Event& event) { on_event(event); }, print_line);
    sink_ = &kernel;
    if (auto started = kernel.start(); !started) {
      std::fprintf(stderr, "rri: could not %s\n", started.error().text.c_str());
      return 1;
    }
    return run("routes");
  }

  /// The same for FRR, where the ledger remembers any.
  int run_frr(const std::string& state_dir) {
    frr::SinkOptions options;
    options.ledger = ledger_path(state_dir);
    const auto known = frr::Ledger(options.ledger).read();
    if (!known || known->identities.empty()) return 0;
    if (!known->directory.empty()) options.directory = known->directory;
    frr::SinkCallbacks callbacks;
    callbacks.deliver = [this](const core::Event& event) { on_event(event); };
    callbacks.log = print_line;
    callbacks.vrf_of_device = [](const std::string&) { return std::string(kDefaultVrf); };  // nothing is added
    callbacks.on_route = [](const frr::PathOwner&) {};
    frr::Sink sink(loop_.context(), options, callbacks);
    sink_ = &sink;
    sink.start();
    return run("static routes of FRR");
  }

 private:
  int run(const char* what) {
    found_ = left_ = 0;
    is_asked_ = is_done_ = false;
    loop_.after(kLongestFlush, [this] { loop_.stop(); });
    loop_.run();
    std::printf("%zu %s deleted, %zu left\n", found_ - left_, what, left_);
    return is_done_ && left_ == 0 ? 0 : 1;
  }

  void on_event(const core::Event& event) {
    if (const auto* dump = std::get_if<core::RouteDump>(&event)) return on_dump(*dump);
    if (const auto* done = std::get_if<core::BatchDone>(&event)) {
      for (const auto& failure : done->failures) std::fprintf(stderr, "rri: could not delete a route: %s\n", failure.text.c_str());
      sink_->dump_routes();
    }
    const auto* changed = std::get_if<core::SinkChanged>(&event);
    if (changed == nullptr || changed->trouble.empty()) return;
    std::fprintf(stderr, "rri: %s; static routes of ours may be left there, or in its saved configuration\n", changed->trouble.c_str());
    loop_.stop();
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
    sink_->carry_out(deletion_of(std::move(chosen)));
  }

  Choice choice_;
  io::EventLoop loop_;
  core::RouteSink* sink_ = nullptr;
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
  const Choice choice(config, options.interfaces, host);
  const int kernel = Flush(choice).run_kernel(sink != nullptr ? sink->protocol : options.protocol);
  const int frr = Flush(choice).run_frr(options.state_dir);
  return kernel != 0 || frr != 0 ? 1 : 0;
}

}  // namespace

int run_flush(const FlushOptions& options) {
  const bool is_running = control::Connection::open(options.socket).has_value();
  // It withdraws what has to go by itself.
  if (is_running && !options.interfaces.empty()) return 0;
  if (is_running) return complain("rrid is running and would put the routes back (stop it first: `systemctl stop rrid`)");
  if (auto rights = require_net_admin(); !rights) return complain("CAP_NET_ADMIN is missing (run as root)");
  if (!options.interfaces.empty()) return flush_interfaces(options);
  const int kernel = Flush().run_kernel(options.protocol);
  const int frr = Flush().run_frr(options.state_dir);
  const int charon = flush_charon(options.vici);
  const bool policies = flush_policies();
  return kernel != 0 || frr != 0 || charon != 0 || !policies ? 1 : 0;
}

}  // namespace rri::app
