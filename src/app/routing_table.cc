#include "app/routing_table.h"

#include <utility>

#include "io/frr/ledger.h"
#include "io/netlink/messages.h"

namespace rri::app {

namespace {

netlink::Options kernel_options(const Settings& settings) {
  netlink::Options options;
  if (const auto* sink = std::get_if<KernelSink>(&settings.route)) options.protocol = sink->protocol;
  return options;
}

}  // namespace

std::string ledger_path(const std::string& state_dir) { return state_dir + "/frr-routes"; }

core::RouteBatch deletion_of(const std::vector<KernelRoute>& routes) {
  core::RouteBatch batch;
  batch.operations.reserve(routes.size());
  for (const auto& route : routes) batch.operations.push_back({core::RouteOp::Kind::Delete, RouteKind::Proxy, route, {}, 0});
  return batch;
}

RoutingTable::RoutingTable(asio::io_context& loop, const Settings& settings, const std::string& state_dir, Callbacks callbacks)
    : callbacks_(std::move(callbacks)),
      kernel_(loop, kernel_options(settings), [this](const core::Event& event) { on_kernel_event(event); }, callbacks_.log) {
  frr::SinkOptions options;
  options.ledger = ledger_path(state_dir);
  if (const auto* sink = std::get_if<FrrSink>(&settings.route)) {
    options.directory = sink->directory;
  } else {
    const auto known = frr::Ledger(options.ledger).read();
    is_draining_ = known && !known->identities.empty();
    if (!is_draining_) return;
    options.directory = known->directory;
  }
  frr_ = std::make_unique<frr::Sink>(loop, options, frr_callbacks());
}

frr::SinkCallbacks RoutingTable::frr_callbacks() {
  frr::SinkCallbacks made;
  made.deliver = [this](const core::Event& event) { on_frr_event(event); };
  made.log = callbacks_.log;
  made.vrf_of_device = [this](const std::string& device) { return kernel_.vrf_of_device(device); };
  made.on_route = [this](const frr::PathOwner& owner) {
    kernel_.set_frr_route({owner.vrf, owner.prefix, owner.purpose, owner.is_there});
  };
  return made;
}

Result<> RoutingTable::start() {
  auto started = kernel_.start();
  if (started && frr_ != nullptr) frr_->start();
  return started;
}

core::RouteSink& RoutingTable::sink() {
  if (uses_frr()) return *frr_;
  return kernel_;
}

void RoutingTable::on_kernel_event(const core::Event& event) {
  if (!uses_frr()) return callbacks_.deliver(event);
  if (std::holds_alternative<core::BatchDone>(event)) return;
  if (const auto* dump = std::get_if<core::RouteDump>(&event)) {
    if (dump->device.empty()) leftovers_ = dump->routes;
    return;
  }
  if (const auto* notice = std::get_if<core::RouteNotice>(&event)) {
    if (notice->protocol == netlink::kFrrStatic) return frr_->on_kernel_notice(*notice);
    if (notice->ours) return;
  }
  callbacks_.deliver(event);
}

void RoutingTable::on_frr_event(const core::Event& event) {
  if (!is_draining_) return callbacks_.deliver(event);
  const auto* dump = std::get_if<core::RouteDump>(&event);
  if (dump != nullptr) leftovers_ = dump->routes;
}

void RoutingTable::remove_leftovers() {
  if (leftovers_.empty() || !callbacks_.is_settled()) return;
  auto& from = is_draining_ ? static_cast<core::RouteSink&>(*frr_) : kernel_;
  callbacks_.log({core::LogLine::Level::Info, fmt::format("{} routes that an earlier `route` setting left are taken out", leftovers_.size())});
  from.carry_out(deletion_of(std::exchange(leftovers_, {})));
}

}  // namespace rri::app
