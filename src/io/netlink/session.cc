#include "io/netlink/session.h"

#include <fmt/format.h>
#include <linux/rtnetlink.h>

#include <algorithm>

#include "io/netlink/hearing.h"
#include "io/netlink/limits.h"
#include "io/netlink/translate.h"

namespace rri::netlink {
namespace {

constexpr int kGroups[] = {RTNLGRP_LINK,       RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
                           RTNLGRP_IPV6_ROUTE, RTNLGRP_NEXTHOP,     RTNLGRP_IPV4_RULE,   RTNLGRP_IPV6_RULE};

/// Types that forward or refuse; not local, broadcast, multicast and the like.
bool is_forwarding(std::uint8_t type) {
  return type == RTN_UNICAST || type == RTN_BLACKHOLE || type == RTN_UNREACHABLE || type == RTN_PROHIBIT ||
         type == RTN_THROW;
}

}  // namespace

Result<std::unique_ptr<Session>> Session::open(const Options& options, Kernel::Deliver deliver, Kernel::Log log) {
  auto notifications = Socket::open();
  auto writer = Socket::open();
  auto dumps = Socket::open();
  auto questions = Socket::open();
  auto background = Socket::open();
  for (const auto* socket : {&notifications, &writer, &dumps, &questions, &background}) {
    if (!*socket) return tl::make_unexpected(socket->error());
  }
  notifications->set_receive_buffer(options.notification_buffer_bytes);
  notifications->ignore_changes_by(writer->port());
  for (const int group : kGroups) {
    const auto joined = notifications->join(group);
    if (joined) continue;
    // Next-hop objects came with Linux 5.3; without them there is nothing to hear.
    if (group != RTNLGRP_NEXTHOP) return tl::make_unexpected(joined.error());
  }
  Sockets sockets{std::move(*notifications), std::move(*writer), std::move(*dumps), std::move(*questions),
                  std::move(*background)};
  std::unique_ptr<Session> session(new Session(std::move(sockets), options, std::move(deliver), std::move(log)));
  if (const auto allowed = session->writer_.check_rights(); !allowed) return tl::make_unexpected(allowed.error());
  session->begin_resync();
  return session;
}

Session::Session(Sockets sockets, const Options& options, Kernel::Deliver deliver, Kernel::Log log)
    : options_(options),
      deliver_(std::move(deliver)),
      log_(std::move(log)),
      notifications_(std::move(sockets.notifications)),
      dumps_(std::move(sockets.dumps)),
      background_(std::move(sockets.background)),
      asker_(std::move(sockets.questions)),
      writer_(std::move(sockets.writer), {links_, own_, asker_, dumps_, options_.protocol,
                                          [this](const Prefix& prefix) { paths_.on_static_change(prefix); },
                                          [this](const KernelRoute& route) { announce_gone({route}); }}),
      paths_({links_, own_, asker_, options_.protocol,
              [this](core::PathChanged changed) { deliver_(std::move(changed)); }}) {}

void Session::warn(std::string text) const { log_({core::LogLine::Level::Warning, std::move(text)}); }

Status Session::status() const {
  auto status = status_;
  status.in_sync = !resync_wanted_ && resync_jobs_ == 0;
  status.lost_acknowledgements = writer_.lost_acknowledgements();
  status.operations = writer_.operations();
  status.path_requests = asker_.requests();
  status.watched_paths = paths_.size();
  status.own_routes = own_.size();
  status.jobs_waiting = jobs_.size();
  return status;
}

Session::Turn Session::turn() {
  const auto now = Clock::now();
  Turn turn;
  turn.more = read_notifications(now + kNotificationTime);
  resync_when_due();
  if (changes_under_way_) settle_kernel();
  turn.more = paths_.step(Clock::now() + kPathTime) || turn.more;
  while (const auto table = paths_.next_table()) jobs_.emplace_back(table_job(*table));
  const auto deadline = Clock::now() + kJobTime;
  work_on_jobs(deadline);
  if (jobs_.empty()) poke_frr(deadline);
  turn.more = turn.more || !gone_.empty() || !told_again_.empty();
  if (resync_wanted_) turn.wake_at = resync_at_;
  if (jobs_.empty()) turn.more = work_in_background(std::min(deadline, Clock::now() + kBackgroundTime)) || turn.more;
  if (jobs_.empty() && foreign_at_) turn.wake_at = std::min(*foreign_at_, turn.wake_at.value_or(*foreign_at_));
  turn.more = turn.more || paths_.has_work();
  if (jobs_.empty()) return turn;
  const auto* dump = std::get_if<DumpJob>(&jobs_.front());
  if (dump == nullptr || dump->not_before <= Clock::now()) {
    turn.more = true;
  } else {
    turn.wake_at = std::min(dump->not_before, turn.wake_at.value_or(dump->not_before));
  }
  return turn;
}

void Session::settle_kernel() {
  changes_under_way_ = false;
  asker_.wait_for_changes_under_way();
}

// ---- notifications ------------------------------------------------------------

bool Session::read_notifications(Clock::time_point deadline) {
  const auto heard = hear(notifications_, deadline, [this](const Message& message) { on_message(message); });
  status_.malformed += heard.malformed;
  if (heard.losses > 0) on_overrun(heard.loss.c_str());
  return heard.more;
}

void Session::on_message(const Message& message) {
  ++status_.notifications;
  switch (message.type) {
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
      return on_route(message);
    case RTM_NEWLINK:
    case RTM_DELLINK:
      if (const auto link = parse_link(message)) {
        on_link_changes(message.type == RTM_NEWLINK ? links_.put(*link) : links_.remove_link(link->index));
      }
      return;
    case RTM_NEWADDR:
    case RTM_DELADDR:
      if (const auto address = parse_address(message)) {
        on_link_changes(message.type == RTM_NEWADDR ? links_.put(*address) : links_.remove_address(*address));
      }
      return;
    case RTM_DELNEXTHOP:  // routes that used it are gone without a message
      jobs_.emplace_back(routes_job({}));
      [[fallthrough]];
    case RTM_NEWNEXTHOP:
    case RTM_NEWRULE:
    case RTM_DELRULE:
      return paths_.refresh_all(true);
    default:
      return;
  }
}

void Session::on_link_changes(LinkTable::Changes changes) {
  if (!changes.any()) return;
  changes_under_way_ = true;
  paths_.refresh_all(true);
  for (auto& link : changes.changed) deliver_(core::LinkChanged{std::move(link)});
  if (changes.gone) deliver_(core::LinkGone{*changes.gone});
  if (changes.vrfs) jobs_.emplace_back(routes_job({}));
}

void Session::on_route(const Message& message) {
  if (message.port == writer_.port()) return;  // where the socket's filter is missing
  const auto summary = parse_route_summary(message);
  if (!summary || !is_forwarding(summary->type) || (summary->flags & RTM_F_CLONED) != 0) return;
  const auto route = parse_route(message);
  if (!route) {
    ++status_.malformed;
    return;
  }
  if (route->tos != 0 || route->source_length != 0) return;
  const bool present = message.type == RTM_NEWROUTE;
  if (route->protocol == options_.protocol) return on_own_route(*route, present);
  on_foreign_route(*route, {present, (message.flags & NLM_F_REPLACE) != 0});
}

void Session::on_own_route(const RouteMessage& route, bool present) {
  const OwnKey key{route.destination, route.table, route.metric};
  const bool was_static = own_.purpose(key) == RouteKind::Static;
  if (present) {
    own_.put(key, std::nullopt);
  } else {
    own_.erase(key);
  }
  if (was_static) paths_.on_static_change(route.destination);
  deliver_(core::RouteNotice{from_message(route, links_), present, true, route.protocol});
}

void Session::on_foreign_route(const RouteMessage& route, const PathFinder::RouteChange& change) {
  frr_seen_ = frr_seen_ || is_of_frr(route.protocol);
  paths_.on_route(route, change);
  if (!links_.is_routed(route.table)) return;
  const OwnKey key{route.destination, route.table, route.metric};
  // REPLACE by somebody else took our route away without a word of its own.
  if (change.present && change.replaces && own_.contains(key)) jobs_.emplace_back(routes_job({}));
  note_foreign(route, change.present);
}

void Session::note_foreign(const RouteMessage& route, bool present) {
  const OwnKey key{route.destination, route.table, route.metric};
  if (!present) {
    own_.unmark_shared(key);
  } else if (own_.contains(key)) {
    own_.mark_shared(key);
  }
  deliver_(core::RouteNotice{from_message(route, links_), present, false, route.protocol});
}

std::string Session::vrf_of_device(const std::string& device) const {
  const auto* link = links_.find(device);
  return link == nullptr ? std::string(kDefaultVrf) : link->vrf;
}

void Session::on_overrun(const char* why) {
  ++status_.overruns;
  if (resync_wanted_) return;
  const auto now = Clock::now();
  if (now - last_resync_ > kResyncForgotten) resync_pause_ = std::chrono::milliseconds{0};
  resync_wanted_ = true;
  resync_at_ = std::max(now, last_resync_ + resync_pause_);
  resync_pause_ = std::clamp(resync_pause_ * 2, kFirstResyncPause, kLongestResyncPause);
  warn(fmt::format("rtnetlink: {}; links, routes and paths are read again", why));
}

void Session::resync_when_due() {
  if (!resync_wanted_ || resync_jobs_ > 0 || Clock::now() < resync_at_) return;
  resync_wanted_ = false;
  begin_resync();
}

}  // namespace rri::netlink
