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
    : loop_(loop), callbacks_(std::move(callbacks)), protocol_(kernel_options(settings).protocol),
      kernel_(loop, kernel_options(settings), [this](const core::Event& event) { on_kernel_event(event); }, callbacks_.log) {
  frr_options_.ledger = ledger_path(state_dir);
  if (const auto* sink = std::get_if<FrrSink>(&settings.route)) {
    frr_options_.directory = sink->directory;
  } else {
    const auto known = frr::Ledger(frr_options_.ledger).read();
    is_draining_ = known && !known->identities.empty();
    if (!is_draining_) return;
    frr_options_.directory = known->directory;
  }
  frr_ = std::make_unique<frr::Sink>(loop, frr_options_, frr_callbacks());
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

bool RoutingTable::use(const Settings& settings) {
  const auto* to_kernel = std::get_if<KernelSink>(&settings.route);
  const auto* to_frr = std::get_if<FrrSink>(&settings.route);
  if (to_kernel != nullptr && to_kernel->protocol != protocol_) return false;
  if (to_frr != nullptr && frr_ != nullptr && to_frr->directory != frr_options_.directory) return false;
  if (uses_frr() == (to_frr != nullptr)) return true;
  leftovers_.clear();
  is_draining_ = to_kernel != nullptr;
  is_returning_ = is_draining_;
  if (is_draining_) {
    begin_anew("the routes in the kernel are being read");
    frr_->dump_routes();
  } else {
    frr_options_.directory = to_frr->directory;
    frr_ = std::make_unique<frr::Sink>(loop_, frr_options_, frr_callbacks());
    begin_anew("FRR was not reached yet");
    frr_->start();
  }
  kernel_.dump_routes();  // behind the batches that are under way: what is left over, or what is ours
  return true;
}

/// The controller knows nothing of the table any more; what is in it comes as a dump.
void RoutingTable::begin_anew(std::string trouble) {
  callbacks_.deliver(core::SinkChanged{trouble, {}});
  for (const auto& [batch, operations] : std::exchange(unanswered_, {})) {
    core::BatchDone done{batch, {}};
    for (std::size_t i = 0; i < operations; ++i) done.failures.push_back({i, core::OpOutcome::NotDone, trouble});
    callbacks_.deliver(std::move(done));
  }
  callbacks_.deliver(core::RouteDump{});
}

void RoutingTable::carry_out(core::RouteBatch batch) {
  unanswered_[batch.id] = batch.operations.size();
  sink().carry_out(std::move(batch));
}

core::RouteSink& RoutingTable::sink() {
  if (uses_frr()) return *frr_;
  return kernel_;
}

void RoutingTable::deliver(const core::Event& event) {
  // Of the table before this one, or of our own cleaning up: nobody waits for it.
  const auto* done = std::get_if<core::BatchDone>(&event);
  if (done != nullptr && unanswered_.erase(done->batch) == 0) return;
  callbacks_.deliver(event);
}

void RoutingTable::on_kernel_event(const core::Event& event) {
  const auto* dump = std::get_if<core::RouteDump>(&event);
  if (!uses_frr() && is_returning_ && dump != nullptr && dump->device.empty()) return on_kernel_is_the_table_again(*dump);
  if (!uses_frr()) return deliver(event);
  if (std::holds_alternative<core::BatchDone>(event)) return;
  if (dump != nullptr) {
    if (dump->device.empty()) leftovers_ = dump->routes;
    return;
  }
  if (const auto* notice = std::get_if<core::RouteNotice>(&event)) {
    if (notice->protocol == netlink::kFrrStatic) return frr_->on_kernel_notice(*notice);
    if (notice->ours) return;
  }
  callbacks_.deliver(event);
}

void RoutingTable::on_kernel_is_the_table_again(const core::RouteDump& dump) {
  is_returning_ = false;
  callbacks_.deliver(dump);
  callbacks_.deliver(core::SinkChanged{});
}

void RoutingTable::on_frr_event(const core::Event& event) {
  if (!is_draining_) return deliver(event);
  const auto* dump = std::get_if<core::RouteDump>(&event);
  if (dump != nullptr && dump->device.empty()) leftovers_ = dump->routes;
}

void RoutingTable::remove_leftovers() {
  if (leftovers_.empty() || !callbacks_.is_settled()) return;
  auto& from = is_draining_ ? static_cast<core::RouteSink&>(*frr_) : kernel_;
  callbacks_.log({core::LogLine::Level::Info, fmt::format("{} routes that an earlier `route` setting left are taken out", leftovers_.size())});
  from.carry_out(deletion_of(std::exchange(leftovers_, {})));
}

}  // namespace rri::app
