#include <fmt/format.h>
#include <linux/rtnetlink.h>

#include <algorithm>

#include "io/netlink/limits.h"
#include "io/netlink/link_dump.h"
#include "io/netlink/session.h"
#include "io/netlink/translate.h"

namespace rri::netlink {
namespace {

using Request = std::function<void(RequestBuffer&, std::uint32_t)>;

Request routes_request(const RequestBuffer::RouteFilter& filter) {
  return [filter](RequestBuffer& request, std::uint32_t sequence) { request.dump_routes(sequence, filter); };
}

bool leaves_by(const RouteMessage& route, std::uint32_t device) {
  return std::any_of(route.hops.begin(), route.hops.end(), [&](const auto& hop) { return hop.device == device; });
}

}  // namespace

void Session::carry_out(core::RouteBatch batch) { jobs_.emplace_back(BatchJob{std::move(batch)}); }

void Session::dump_routes(const std::string& device) { jobs_.emplace_back(routes_job(device)); }

void Session::begin_resync() {
  last_resync_ = Clock::now();
  resync_jobs_ = 2;
  auto links = links_job();
  auto routes = routes_job({});
  for (auto* job : {&links, &routes}) {
    job->finish = [this, finish = std::move(job->finish)] {
      --resync_jobs_;
      finish();
    };
    job->give_up = [this] {
      --resync_jobs_;
      on_overrun("the tables could not be read");
    };
  }
  jobs_.emplace_back(std::move(links));
  jobs_.emplace_back(std::move(routes));
  foreign_at_ = Clock::now();
}

// ---- what is read ---------------------------------------------------------------

Session::DumpJob Session::links_job() {
  const auto found = std::make_shared<FoundLinks>();
  const auto finish = [this, found] {
    links_.replace(found->links, found->addresses);
    paths_.refresh_all(true);
    deliver_(core::LinkList{links_.list()});
  };
  return {Dump(link_dump(found)), finish, {}, "read the links and addresses"};
}

/// In place: REPLACE takes a route whatever its protocol, and these are known to be ours.
void Session::renumber(std::uint8_t protocol) {
  jobs_.emplace_back(routes_job({}, [this](core::RouteDump former) {
    core::RouteBatch batch;
    for (auto& route : former.routes) batch.operations.push_back({core::RouteOp::Kind::Change, RouteKind::Proxy, std::move(route), {}, 0});
    jobs_.emplace_front(BatchJob{std::move(batch)});
  }));
  options_.protocol = protocol;
}

Session::DumpJob Session::routes_job(const std::string& device) {
  return routes_job(device, [this](core::RouteDump dump) { deliver_(std::move(dump)); });
}

Session::DumpJob Session::routes_job(const std::string& device, std::function<void(core::RouteDump)> take) {
  const auto protocol = options_.protocol;
  auto dump = std::make_shared<core::RouteDump>();
  dump->device = device;
  Dump::Steps steps;
  for (const auto family : {Family::V4, Family::V6}) {
    steps.requests.push_back([this, family, device, protocol](RequestBuffer& request, std::uint32_t sequence) {
      const auto* link = device.empty() ? nullptr : links_.find(device);
      request.dump_routes(sequence, {family, protocol, 0, link == nullptr ? 0 : link->index});
    });
  }
  steps.begin = [this, dump] {
    dump->routes.clear();
    if (dump->device.empty()) own_.begin_sweep();
  };
  steps.on_message = [this, dump, protocol](const Message& message) {
    const auto route = parse_route(message);
    if (!route || message.type != RTM_NEWROUTE || route->protocol != protocol) return;
    if (route->tos != 0 || route->source_length != 0 || (route->flags & RTM_F_CLONED) != 0) return;
    if (!dump->device.empty()) {
      const auto* link = links_.find(dump->device);
      if (link == nullptr || !leaves_by(*route, link->index)) return;
    }
    own_.put({route->destination, route->table, route->metric}, std::nullopt);
    dump->routes.push_back(from_message(*route, links_));
  };
  const auto finish = [this, dump, take = std::move(take)] {
    if (dump->device.empty()) own_.end_sweep();
    take(std::move(*dump));
  };
  return {Dump(std::move(steps)), finish, {}, device.empty() ? "read our routes" : "read our routes of device " + device};
}

Session::DumpJob Session::table_job(const PathFinder::TableWanted& table) {
  Dump::Steps steps;
  steps.requests = {routes_request({table.family, 0, table.table, 0})};
  steps.begin = [this, table] { paths_.on_table_begin(table); };
  steps.on_message = [this, table](const Message& message) {
    const auto route = parse_route(message);
    if (route && route->tos == 0 && route->source_length == 0) paths_.on_table_route(table, *route);
  };
  const auto finish = [this, table] { paths_.on_table_done(table); };
  return {Dump(std::move(steps)), finish, {}, fmt::format("read table {}", table.table)};
}

/// Foreign routes with a prefix of ours, of which no notification told.
Session::DumpJob Session::foreign_job() {
  Dump::Steps steps;
  steps.requests = {routes_request({Family::V4}), routes_request({Family::V6})};
  steps.begin = [] {};
  steps.on_message = [this](const Message& message) {
    const auto summary = parse_route_summary(message);
    if (summary) frr_seen_ = frr_seen_ || is_of_frr(summary->protocol);
    if (own_.size() == 0 || !summary || summary->protocol == options_.protocol) return;
    if (summary->type != RTN_UNICAST && summary->type != RTN_BLACKHOLE && summary->type != RTN_UNREACHABLE) return;
    const auto route = parse_route(message);
    if (!route || route->tos != 0 || route->source_length != 0 || (route->flags & RTM_F_CLONED) != 0) return;
    if (links_.is_routed(route->table) && own_.has_prefix(route->table, route->destination)) note_foreign(*route, true);
  };
  return {Dump(std::move(steps)), [] {}, {}, "read the routes next to ours"};
}

// ---- working them off -------------------------------------------------------------

void Session::work_on_jobs(Clock::time_point deadline) {
  while (!jobs_.empty() && Clock::now() < deadline) {
    const bool finished = std::visit([&](auto& job) { return work_on(job, deadline); }, jobs_.front());
    if (!finished) return;
  }
}

/// Gives whether the next job may begin; the finished one is taken off the queue
/// before its answer is delivered, because the receiver may queue more.
bool Session::work_on(BatchJob& job, Clock::time_point deadline) {
  if (!job.begun) {
    job.begun = true;
    writer_.begin(std::move(job.batch));
  }
  auto done = writer_.step(deadline);
  if (!done) return false;
  jobs_.pop_front();
  look_for_foreign(*done);
  note_other_distances(*done);
  deliver_(std::move(*done));
  return true;
}

bool Session::work_on(DumpJob& job, Clock::time_point deadline) {
  if (Clock::now() < job.not_before) return false;
  switch (job.dump.step(dumps_, dump_sequence_, deadline)) {
    case Dump::Progress::Running:
      return false;
    case Dump::Progress::Interrupted:
      ++status_.interrupted_dumps;
      if (++job.attempts % kMaxDumpRestarts == 0) job.not_before = Clock::now() + kDumpRetry;
      return false;
    case Dump::Progress::Failed: {
      const auto failed = std::move(job);
      jobs_.pop_front();
      warn(fmt::format("could not {}: {}", failed.what, failed.dump.error()));
      if (failed.give_up) {
        failed.give_up();
      } else {
        on_overrun("a dump failed");
      }
      return true;
    }
    case Dump::Progress::Finished: {
      const auto finished = std::move(job);
      jobs_.pop_front();
      finished.finish();
      return true;
    }
  }
  return true;
}

bool Session::work_in_background(Clock::time_point deadline) {
  const auto now = Clock::now();
  if (!foreign_ && foreign_at_ && *foreign_at_ <= now) {
    foreign_at_.reset();
    foreign_.emplace(foreign_job());
  }
  if (!foreign_ || now >= deadline) return foreign_.has_value();
  const auto progress = foreign_->dump.step(background_, dump_sequence_, deadline);
  if (progress == Dump::Progress::Running) return true;
  if (progress == Dump::Progress::Interrupted && ++foreign_->attempts < kMaxDumpRestarts) return true;
  if (progress != Dump::Progress::Finished) foreign_at_ = now + kForeignSearchPause;
  foreign_.reset();
  return false;
}

/// A foreign route that was there before ours and hides it told us nothing.
void Session::look_for_foreign(const core::BatchDone& done) {
  const auto& operations = writer_.batch().operations;
  std::vector<const KernelRoute*> added;
  for (const auto& operation : operations) {
    if (operation.kind == core::RouteOp::Kind::Add) added.push_back(&operation.route);
  }
  if (added.empty() || done.failures.size() == operations.size()) return;
  if (added.size() > kMaxShadowLookups) {
    foreign_at_ = Clock::now() + kForeignSearchPause;
    return;
  }
  for (const auto* route : added) {
    const auto& key = route->key;
    const auto answer = asker_.find_route(key.prefix.address(), links_.device_of_vrf(key.vrf));
    const auto& found = answer.route;
    if (!found || found->protocol == 0 || found->protocol == options_.protocol) continue;
    if (found->destination == key.prefix && found->type != RTN_LOCAL && found->table == links_.table_of(key.vrf)) {
      note_foreign(*found, true);
    }
  }
}

}  // namespace rri::netlink
