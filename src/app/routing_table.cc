#include "app/routing_table.h"

#include <utility>

#include "base/text.h"
#include "io/frr/ledger.h"
#include "io/netlink/messages.h"

namespace rri::app {

namespace {

/// Those of an earlier run have its number until renumber().
std::uint8_t first_protocol(const Settings& settings, const StateFile& file) {
  const auto known = parse_number<std::uint8_t>(trim(file.read().value_or("")));
  const auto* sink = std::get_if<KernelSink>(&settings.route);
  return known.value_or(sink == nullptr ? KernelSink{}.protocol : sink->protocol);
}

netlink::Options options_of(std::uint8_t protocol) {
  netlink::Options options;
  options.protocol = protocol;
  return options;
}

/// One that the controller knows nothing of.
bool is_own_batch(const core::Event& event) {
  const auto* done = std::get_if<core::BatchDone>(&event);
  return done != nullptr && done->batch == core::RouteBatch{}.id;
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
    : loop_(loop), callbacks_(std::move(callbacks)), protocol_file_(state_dir, "route-protocol"), wanted_(settings.route),
      protocol_(first_protocol(settings, protocol_file_)), kernel_(loop, options_of(protocol_), [this](const core::Event& event) { on_kernel_event(event); }, callbacks_.log) {
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
  if (!started) return started;
  keep_protocol();
  follow_wish();
  if (frr_ != nullptr) frr_->start();
  return started;
}

void RoutingTable::use(const Settings& settings) {
  if (wanted_ == settings.route) return;
  wanted_ = settings.route;
  follow_wish();
}

/// The next step from what is in use to what is wanted.
void RoutingTable::follow_wish() {
  if (const auto* kernel = std::get_if<KernelSink>(&wanted_)) {
    if (kernel->protocol != protocol_) renumber(kernel->protocol);
    return uses_frr() ? drain_frr() : void();
  }
  const auto& directory = std::get<FrrSink>(wanted_).directory;
  const bool is_other = frr_ != nullptr && directory != frr_options_.directory;
  if (!is_other) return uses_frr() ? void() : fill_frr(directory);
  const auto former = frr_->health();
  if (uses_frr() && former.trouble.empty() && former.own_routes > 0) return drain_frr();
  if (is_draining_ && !is_drained_ && former.trouble.empty()) return;
  frr_.reset();
  fill_frr(directory);
}

/// Until then nothing is asked of the kernel, and what was is answered NotDone.
void RoutingTable::renumber(std::uint8_t protocol) {
  if (!uses_frr()) {
    is_renumbering_ = true;
    go_out_of_reach(fmt::format("the routes get protocol number {}", protocol));
  }
  protocol_ = protocol;
  kernel_.renumber(protocol);
  keep_protocol();
}

void RoutingTable::keep_protocol() const {
  const auto kept = protocol_file_.write(std::to_string(protocol_));
  if (!kept) callbacks_.log({core::LogLine::Level::Warning, fmt::format("could not {}; a change of `route kernel protocol` while rrid does not run leaves the old routes", kept.error().text)});
}

void RoutingTable::drain_frr() {
  leftovers_.clear();
  is_draining_ = is_returning_ = true;
  is_drained_ = false;
  begin_anew("the routes in the kernel are being read");
  frr_->dump_routes();
  kernel_.dump_routes();  // behind the batches that are under way
}

void RoutingTable::fill_frr(const std::string& directory) {
  leftovers_.clear();
  is_draining_ = is_returning_ = false;
  frr_options_.directory = directory;
  frr_ = std::make_unique<frr::Sink>(loop_, frr_options_, frr_callbacks());
  begin_anew("FRR was not reached yet");
  frr_->start();
  kernel_.dump_routes();  // what is left over
}

/// The controller knows nothing of the table any more; what is in it comes as a dump.
void RoutingTable::begin_anew(std::string trouble) {
  go_out_of_reach(std::move(trouble));
  callbacks_.deliver(core::RouteDump{});
}

void RoutingTable::go_out_of_reach(const std::string& trouble) {
  callbacks_.deliver(core::SinkChanged{trouble, {}});
  for (const auto& [batch, operations] : std::exchange(unanswered_, {})) {
    core::BatchDone done{batch, {}};
    for (std::size_t i = 0; i < operations; ++i) done.failures.push_back({i, core::OpOutcome::NotDone, trouble});
    callbacks_.deliver(std::move(done));
  }
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
  if (is_renumbering_ && is_own_batch(event)) {
    is_renumbering_ = false;
    is_returning_ = true;
    return kernel_.dump_routes();
  }
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
  is_drained_ = is_own_batch(event) || (dump != nullptr && leftovers_.empty());
}

void RoutingTable::remove_leftovers() {
  if (is_draining_ && is_drained_) follow_wish();
  if (leftovers_.empty() || !callbacks_.is_settled()) return;
  auto& from = is_draining_ ? static_cast<core::RouteSink&>(*frr_) : kernel_;
  callbacks_.log({core::LogLine::Level::Info, fmt::format("{} routes that an earlier `route` setting left are taken out", leftovers_.size())});
  from.carry_out(deletion_of(std::exchange(leftovers_, {})));
}

}  // namespace rri::app
