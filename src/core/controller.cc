#include "core/controller.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/limits.h"
#include "core/state.h"

namespace rri::core {
namespace {

bool is_about_sas(const Event& event) {
  return std::holds_alternative<SaUp>(event) || std::holds_alternative<SaDown>(event) ||
         std::holds_alternative<SaRekeyed>(event) || std::holds_alternative<SaList>(event);
}

/// One event's way through the state; the effects pile up in `effects`.
class Step {
 public:
  Step(Controller::State& state, TimePoint now) : s_(state), now_(now) {}

  Effects run(const Event& event);

 private:
  // One for each event.
  void on(const ConfigCommitted& event);
  void on(const SaUp& event);
  void on(const SaDown& event);
  void on(const SaRekeyed& event);
  void on(const SaList& event);
  void on(const SourceLost& event);
  void on(const GroupChanged& event);
  void on(const LinkChanged& event);
  void on(const LinkGone& event);
  void on(const LinkList& event);
  void on(const PathChanged& event);
  void on(const RouteDump& event);
  void on(const RouteNotice& event);
  void on(const BatchDone& event);
  void on(const SinkChanged& event);
  void on(const Tick&) {}
  void on(const HostResolved& event);
  void on(const ClearRoutes& event);

  void displace_reused_ids(const std::vector<Sa>& sas);
  void lose(SaId id);
  void forget_unheld(PlanChanges& changes);
  [[nodiscard]] bool is_routed_to(const Prefix& prefix, const IpAddress& peer) const;
  void announce_gone();
  void put_foreign(const RouteKey& key, const RouteNotice& event);
  void warn_if_shadowed(const RouteKey& key);
  void dump_lost_devices(const Link* before, const Link* after);
  void fire_timers();
  void replan();
  void flush();
  void schedule();
  void wake_at(const std::optional<TimePoint>& moment);
  void report(const std::vector<OpReport>& reports);
  void log(LogLine::Level level, std::string text) { effects_.log.push_back({level, std::move(text)}); }

  Controller::State& s_;
  TimePoint now_;
  Effects effects_;
  std::optional<TimePoint> next_retry_;
  std::vector<SaId> lost_;  // SAs that went down in this step
};

Effects Step::run(const Event& event) {
  s_.now = now_;
  ++s_.counters.events;
  ++s_.generation;
  if (!s_.may_hear() && is_about_sas(event)) {
    s_.early.push_back(event);
  } else {
    std::visit([this](const auto& e) { on(e); }, event);
  }
  fire_timers();
  if (s_.may_hear()) {
    for (const auto& early : std::exchange(s_.early, {})) std::visit([this](const auto& e) { on(e); }, early);
  }
  replan();
  flush();
  schedule();
  return std::move(effects_);
}

void Step::on(const ConfigCommitted& event) {
  s_.world.config = event.config;
  s_.has_config = true;
  s_.planner.touch_all();
}

// ---- SAs -----------------------------------------------------------------

void Step::on(const SaUp& event) {
  const auto* known = s_.world.sas.find(event.sa.id);
  if (known != nullptr && !known->live()) ++s_.counters.suppressed;
  if (s_.world.sas.put(event.sa)) s_.planner.touch_sa(event.sa.id);
}

void Step::on(const SaDown& event) {
  const bool has_routes = s_.planner.may_hold(event.id);
  lose(event.id);
  if (lost_.empty() || !has_routes) return;
  const auto& sa = s_.world.sas.find(event.id)->sa;
  log(LogLine::Level::Info, fmt::format("SA {} of peer {}{} is gone; its routes stay for {} s", sa.id.value, sa.peer.to_string(),
                                        sa.identity.empty() ? "" : fmt::format(" ({})", sa.identity),
                                        s_.world.config->settings.hold_down.count()));
}

void Step::lose(SaId id) {
  const auto hold = std::chrono::duration_cast<Millis>(s_.world.config->settings.hold_down);
  if (!s_.world.sas.set_gone(id, now_ + hold)) return;
  s_.planner.touch_sa(id);
  lost_.push_back(id);
}

void Step::on(const SaRekeyed& event) {
  if (!s_.world.sas.rekey(event.old_id, event.new_id)) return;
  s_.planner.touch_sa(event.old_id);
  s_.planner.touch_sa(event.new_id);
  ++s_.counters.suppressed;
}

/// After a reconnect the IKE daemon may be another process, whose ids start again
/// at 1: an id that comes back with another peer is another SA.
void Step::displace_reused_ids(const std::vector<Sa>& sas) {
  const auto hold = std::chrono::duration_cast<Millis>(s_.world.config->settings.hold_down);
  for (const auto& sa : sas) {
    const auto* known = s_.world.sas.find(sa.id);
    if (known == nullptr || (known->sa.peer == sa.peer && known->sa.identity == sa.identity)) continue;
    s_.planner.touch_sa(sa.id);
    if (const auto ghost = s_.world.sas.displace(sa.id, now_ + hold)) s_.planner.touch_sa(*ghost);
  }
}

void Step::on(const SaList& list) {
  const bool first = !s_.has_sas;
  if (s_.source == SourceState::Lost) displace_reused_ids(list.sas);
  s_.has_sas = true;
  s_.source = SourceState::Connected;
  s_.grace_until.reset();
  auto sas = list.sas;
  std::stable_sort(sas.begin(), sas.end(), [](const Sa& a, const Sa& b) { return a.id < b.id; });
  std::set<SaId> listed;
  for (const auto& sa : sas) listed.insert(sa.id);
  std::vector<SaId> missing;
  for (const auto& [id, record] : s_.world.sas.records()) {
    if (record.live() && !listed.contains(id)) missing.push_back(id);
  }
  for (const auto id : missing) lose(id);
  for (const auto& sa : sas) on(SaUp{sa});
  if (!first) return;
  // After a restart the installed route names the incumbent.
  s_.planner.set_incumbency([this](const SaRecord& record) {
    return std::any_of(record.prefixes.begin(), record.prefixes.end(),
                       [&](const Prefix& prefix) { return is_routed_to(prefix, record.sa.peer); });
  });
  s_.planner.touch_all();
}

/// Whether some VRF has a route of ours for `prefix` that names `peer`.
bool Step::is_routed_to(const Prefix& prefix, const IpAddress& peer) const {
  for (VrfId vrf = 0; vrf < s_.planner.vrf_count(); ++vrf) {
    const auto* entry = s_.table.find({vrf, prefix});
    if (entry == nullptr || entry->actual.empty()) continue;
    const auto& hops = entry->actual.front().route.next_hops;
    if (!hops.empty() && hops.front().gateway == peer) return true;
  }
  return false;
}

void Step::on(const SourceLost&) {
  if (s_.source != SourceState::Connected) return;
  s_.source = SourceState::Lost;
  const auto grace = s_.world.config->settings.grace;
  s_.grace_until = now_ + std::chrono::duration_cast<Millis>(grace);
  log(LogLine::Level::Warning, fmt::format("the IKE daemon is out of sight; routes stay for {} s", grace.count()));
}

void Step::on(const GroupChanged& event) {
  auto& active = s_.world.groups[event.group];
  if (active == event.active) return;
  active = event.active;
  s_.planner.touch_all();
  log(LogLine::Level::Info, fmt::format("redundancy group {} is {} here", event.group, active ? "active" : "standby"));
}

// ---- the host ------------------------------------------------------------

void Step::on(const LinkChanged& event) {
  const auto* known = s_.world.host.find_index(event.link.index);
  const std::optional<Link> before = known ? std::optional(*known) : std::nullopt;
  if (!s_.world.host.put(event.link)) return;
  s_.planner.touch_all();
  dump_lost_devices(before ? &*before : nullptr, &event.link);
}

void Step::on(const LinkGone& event) {
  const auto* known = s_.world.host.find_index(event.index);
  if (known == nullptr) return;
  const Link before = *known;
  s_.world.host.remove(event.index);
  s_.planner.touch_all();
  dump_lost_devices(&before, nullptr);
}

void Step::on(const LinkList& event) {
  s_.has_links = true;
  if (!s_.world.host.replace_all(event.links)) return;
  s_.planner.touch_all();
  if (s_.has_dump) effects_.dump_routes = true;
}

/// IPv4 routes vanish without any message when their device goes down or loses
/// its last address (FACTS II.3.3), so each such event leads to a dump of that device.
void Step::dump_lost_devices(const Link* before, const Link* after) {
  if (before == nullptr || !s_.has_dump) return;
  const bool may_have_lost = after == nullptr || before->up != after->up || before->addresses != after->addresses ||
                             before->name != after->name;
  if (may_have_lost) effects_.dump_devices.push_back(before->name);
}

void Step::on(const PathChanged& event) {
  auto [at, is_new] = s_.world.paths.try_emplace(event.query, event.path);
  if (!is_new && at->second == event.path) return;
  at->second = event.path;
  s_.planner.touch_path(event.query);
}

// ---- routes --------------------------------------------------------------

/// A sink delivers dumps and answers in order: an operation that is unanswered now
/// was not begun when the dump was taken, so the dump is the truth for its key too.
void Step::on(const RouteDump& event) {
  std::set<std::pair<RouteKey, std::uint32_t>> present;
  for (const auto& route : event.routes) {
    present.emplace(RouteKey{s_.planner.vrf_id(route.key.vrf), route.key.prefix}, route.key.metric);
  }
  std::vector<std::pair<RouteKey, std::uint32_t>> lost;
  for (const auto& [key, entry] : s_.table.entries()) {
    for (const auto& there : entry.actual) {
      const auto& hops = there.route.next_hops;
      const bool asked = event.device.empty() ||
                         std::any_of(hops.begin(), hops.end(), [&](const auto& hop) { return hop.device == event.device; });
      if (asked && !present.contains({key, there.route.key.metric})) lost.emplace_back(key, there.route.key.metric);
    }
  }
  for (const auto& [key, metric] : lost) {
    const auto* there = s_.table.find(key)->find_actual(metric);
    if (s_.silently_gone.size() < kMaxSilentlyGone) s_.silently_gone.emplace(std::pair(key, metric), there->route);
    s_.table.remove_actual(key, metric);
  }
  for (const auto& route : event.routes) {
    const RouteKey key{s_.planner.vrf_id(route.key.vrf), route.key.prefix};
    s_.table.put_actual(key, route, true);
  }
  if (s_.has_dump) s_.counters.repairs += lost.size();
  if (!s_.has_dump) s_.counters.adopted = event.routes.size();
  if (event.device.empty()) s_.has_dump = true;
}

/// What was lost without a message and is not wanted, or cannot be put back: those who
/// learn routes from the table are told.
void Step::announce_gone() {
  for (auto at = s_.silently_gone.begin(); at != s_.silently_gone.end();) {
    const auto& [key, metric] = at->first;
    const auto* entry = s_.table.find(key);
    const bool is_back = entry != nullptr && entry->find_actual(metric) != nullptr;
    const bool may_come = entry != nullptr && (entry->in_flight || (entry->queued && !entry->trouble));
    if (!is_back && may_come) {
      ++at;
      continue;
    }
    if (!is_back) effects_.gone.push_back(std::move(at->second));
    at = s_.silently_gone.erase(at);
  }
}

void Step::on(const SinkChanged& event) {
  const bool was_away = !s_.sink_trouble.empty();
  for (const auto& notice : event.notices) {
    const bool known = std::find(s_.sink_notices.begin(), s_.sink_notices.end(), notice) != s_.sink_notices.end();
    if (!known) effects_.notices.push_back(notice);
  }
  s_.sink_notices = event.notices;
  if (s_.sink_trouble == event.trouble) return;
  s_.sink_trouble = event.trouble;
  if (!event.trouble.empty()) return log(LogLine::Level::Warning, fmt::format("routes wait: {}", event.trouble));
  s_.table.requeue_due(TimePoint::max());  // what stood in the way may be gone, or it is another table
  if (was_away) log(LogLine::Level::Info, "the routing table is in reach again");
}

void Step::on(const RouteNotice& event) {
  const RouteKey key{s_.planner.vrf_id(event.route.key.vrf), event.route.key.prefix};
  if (!event.ours) {
    put_foreign(key, event);
    return;
  }
  const auto* entry = s_.table.find(key);
  if (entry != nullptr && entry->in_flight) {
    effects_.dump_routes = true;  // which of the two came first, only a dump can tell
    return;
  }
  if (event.present) {
    s_.table.put_actual(key, event.route, false);
  } else if (entry != nullptr && entry->find_actual(event.route.key.metric) != nullptr) {
    s_.table.remove_actual(key, event.route.key.metric);
    ++s_.counters.repairs;
    log(LogLine::Level::Warning, fmt::format("{} was removed from table {} by somebody else",
                                             event.route.key.prefix.to_string(), event.route.key.vrf));
  }
}

void Step::put_foreign(const RouteKey& key, const RouteNotice& event) {
  const auto metric = event.route.key.metric;
  const auto* entry = s_.table.find(key);
  const auto known = s_.foreign.find(key);
  if (event.present) {
    if (entry == nullptr && known == s_.foreign.end() && s_.foreign.size() >= kMaxForeignRoutes) return;
    s_.foreign[key][metric] = event.protocol;
    warn_if_shadowed(key);
    // Somebody wrote over our route: only a dump can tell what is left of it.
    if (entry != nullptr && entry->find_actual(metric) != nullptr) effects_.dump_routes = true;
    return;
  }
  if (known != s_.foreign.end()) {
    known->second.erase(metric);
    if (known->second.empty()) s_.foreign.erase(known);
  }
  const bool freed = entry != nullptr && entry->trouble && entry->trouble->outcome == OpOutcome::Occupied;
  if (!freed) return;
  s_.table.clear_trouble(key);
  s_.table.requeue(key);
}

void Step::warn_if_shadowed(const RouteKey& key) {
  const auto* entry = s_.table.find(key);
  if (entry == nullptr || !entry->is_installed() || !s_.foreign.contains(key)) return;
  const auto text = shadow_text(s_.foreign.at(key), entry->desired->key.metric);
  if (text.empty()) return;
  const auto& vrf = s_.planner.vrf_name(key.vrf);
  effects_.notices.push_back({NoticeCode::RouteShadowed, fmt::format("{} in table {}: {}", key.prefix.to_string(), vrf, text)});
}

void Step::on(const BatchDone& event) { report(s_.reconciler.on_done(event, now_)); }

void Step::report(const std::vector<OpReport>& reports) {
  const bool one_by_one = reports.size() <= kMaxRoutesLoggedEach;
  for (const auto& done : reports) {
    auto& counters = s_.counters;
    const bool is_delete = done.operation.kind == RouteOp::Kind::Delete;
    const bool is_add = done.operation.kind == RouteOp::Kind::Add;
    if (done.outcome == OpOutcome::NotDone) continue;
    auto& counter = done.outcome == OpOutcome::Occupied ? counters.occupied
                    : done.outcome != OpOutcome::Done   ? counters.failures
                    : is_delete                         ? counters.deletes
                    : is_add                            ? counters.adds
                                                        : counters.changes;
    ++counter;
    const bool failed = done.outcome == OpOutcome::Failed || done.outcome == OpOutcome::Occupied;
    if (failed) {
      const auto code = done.outcome == OpOutcome::Failed ? NoticeCode::RouteFailed : NoticeCode::RouteOccupied;
      effects_.notices.push_back({code, tell(done, s_.planner, s_.world).text});
    }
    if (is_add && !failed) warn_if_shadowed(done.key);
    if (!one_by_one) continue;
    if (!failed) effects_.log.push_back(tell(done, s_.planner, s_.world));
    effects_.log.push_back(tell_like_ios(done));
  }
  if (!one_by_one) log(LogLine::Level::Info, fmt::format("{} route operations carried out", reports.size()));
}

void Step::on(const HostResolved& event) {
  s_.asked_hosts.erase(event.host);
  auto& hosts = s_.world.hosts;
  const auto known = hosts.find(event.host);
  const std::optional<IpAddress> before = known == hosts.end() ? std::nullopt : std::optional(known->second);
  if (before == event.address) return;
  if (event.address) hosts[event.host] = *event.address;
  if (!event.address) hosts.erase(event.host);
  s_.planner.touch_all();
}

void Step::on(const ClearRoutes& event) {
  std::vector<RouteKey> keys;
  for (const auto& [key, entry] : s_.table.entries()) {
    const bool chosen = entry.purpose != RouteKind::Static && (!event.prefix || key.prefix == *event.prefix);
    if (chosen) keys.push_back(key);
  }
  for (const auto& key : keys) s_.table.ask_reinstall(key);
}

// ---- after every event ---------------------------------------------------

void Step::fire_timers() {
  for (const auto id : s_.world.sas.expire(now_)) s_.planner.touch_sa(id);
  if (s_.grace_until && *s_.grace_until <= now_) {
    s_.grace_until.reset();
    s_.source = SourceState::GraceExpired;
    s_.world.sas.clear();
    s_.planner.touch_all();
    effects_.notices.push_back({NoticeCode::SourceLost, "the IKE daemon stayed away for longer than `grace`: "
                                                        "the routes of its SAs are withdrawn"});
  }
  if (!s_.has_dump) return;
  if (s_.next_audit && *s_.next_audit <= now_) effects_.dump_routes = true;
  if (!s_.next_audit || *s_.next_audit <= now_) s_.next_audit = now_ + kAuditInterval;
}

void Step::replan() {
  if (!s_.has_config || !s_.has_links) return;
  auto changes = s_.planner.settle();
  s_.planner.set_incumbency({});
  forget_unheld(changes);
  for (const auto& key : changes.keys) s_.table.set_desired(key, s_.planner.find(key));
  effects_.watch = changes.paths.appeared;
  effects_.unwatch = changes.paths.vanished;
  effects_.resolve = changes.hosts.appeared;
  s_.asked_hosts.insert(changes.hosts.appeared.begin(), changes.hosts.appeared.end());
  for (const auto& host : changes.hosts.vanished) s_.asked_hosts.erase(host);
  effects_.notices.insert(effects_.notices.end(), changes.notices.appeared.begin(), changes.notices.appeared.end());
  effects_.ways_opened = std::move(changes.ways.appeared);
  effects_.ways_closed = std::move(changes.ways.vanished);
  auto hidden = s_.planner.hidden_statics();
  if (hidden == s_.hidden_statics) return;
  s_.hidden_statics = hidden;
  effects_.underlay_statics = std::move(hidden);
}

/// Hold-down is how long a route outlives its SA. Where there is no route, for want
/// of redundancy, link or configuration, there is nothing to outlive.
void Step::forget_unheld(PlanChanges& changes) {
  const auto suspects = changes.exits_lost ? s_.world.sas.gone_ids() : lost_;
  bool any = false;
  for (const auto id : suspects) {
    if (s_.planner.may_hold(id)) continue;
    s_.world.sas.erase_gone(id);
    s_.planner.touch_sa(id);
    any = true;
  }
  if (any) changes.merge(s_.planner.settle());
}

void Step::flush() {
  next_retry_ = s_.table.requeue_due(now_);
  if (s_.may_write()) effects_.batches = s_.reconciler.take_batches(s_.may_delete_adopted());
  announce_gone();
}

void Step::schedule() {
  wake_at(s_.world.sas.next_expiry());
  wake_at(s_.grace_until);
  wake_at(s_.next_audit);
  wake_at(next_retry_);
}

void Step::wake_at(const std::optional<TimePoint>& moment) {
  if (moment && (!effects_.wake_at || *moment < *effects_.wake_at)) effects_.wake_at = moment;
}

}  // namespace

Controller::Controller() : state_(std::make_unique<State>()) {}
Controller::~Controller() = default;
Controller::Controller(Controller&&) noexcept = default;
Controller& Controller::operator=(Controller&&) noexcept = default;

bool Controller::is_settled() const {
  return state_->in_sync() && state_->sink_trouble.empty() && !state_->table.has_queued() && state_->reconciler.idle();
}

Effects Controller::handle(const Event& event, TimePoint now) {
  return Step(*state_, now).run(event);
}

}  // namespace rri::core
