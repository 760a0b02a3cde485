#include "app/tunnels.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <set>
#include <utility>

#include "app/call_watch.h"
#include "app/ike_failures.h"
#include "app/loaded_record.h"
#include "base/text.h"
#include "core/host_events.h"
#include "core/peer_choice.h"
#include "core/tunnel_delta.h"
#include "core/tunnel_plan.h"
#include "io/vici/connection_message.h"

namespace rri::app {

namespace {

using Level = core::LogLine::Level;
using Kind = core::TunnelStep::Kind;

/// How often it is looked whether our connections are still there.
constexpr std::chrono::seconds kLook{10};
/// How often calls of peers are watched, while there are any that may be in vain; and how
/// many times as long as charon needs for its answer is waited at least.
constexpr std::chrono::seconds kPoll{2};
constexpr int kPollShare = 20;
/// charon sends a request again after so long, unless strongswan.conf says otherwise.
constexpr std::chrono::seconds kFirstRetransmission{4};
constexpr std::chrono::seconds kShortestWait{2};

TimePoint now() {
  return TimePoint(std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch()));
}

bool is_ours(std::string_view name) { return name.starts_with(kCharonPrefix); }

void name_owner(Sa& sa) {
  sa.foreign = !is_ours(sa.connection);
  if (sa.foreign) return;
  sa.entry = entry_of_connection(sa.child);
  if (!sa.entry) sa.entry = entry_of_connection(sa.connection);
}

std::string operation_text(const core::TunnelStep& step) {
  switch (step.kind) {
    case Kind::LoadKey: return "load key " + step.name;
    case Kind::UnloadKey: return "unload key " + step.name;
    case Kind::LoadConnection: return "load connection " + step.name;
    case Kind::UnloadConnection: return "unload connection " + step.name;
    case Kind::TerminateIke: return "end the tunnels of " + step.name;
    case Kind::TerminateChild: return "end tunnel " + step.child;
    case Kind::InitiateChild: return "start tunnel " + step.child;
  }
  return {};
}

}  // namespace

void name_owners(core::Event& event) {
  if (auto* up = std::get_if<core::SaUp>(&event)) name_owner(up->sa);
  if (auto* list = std::get_if<core::SaList>(&event)) {
    for (auto& sa : list->sas) name_owner(sa);
  }
}

struct Tunnels::State : std::enable_shared_from_this<Tunnels::State> {
  explicit State(Hooks hooks_) : hooks(std::move(hooks_)) {
    if (hooks.read_record) recorded = parse_record(hooks.read_record());
  }

  // ---- what we hear ------------------------------------------------------

  void on_event(const core::Event& event);
  bool note_host(const core::Event& event);
  void note_sas(const core::Event& event);
  void on_connected();
  void on_lost();

  // ---- what charon has -----------------------------------------------------

  void look();
  void on_plugins(const Result<vici::Reply>& reply);
  void on_certificates(const Result<vici::Reply>& reply);
  void on_connections(const Result<vici::Reply>& reply);
  void on_keys(const Result<vici::Reply>& reply);
  void look_later();
  void poll_later();
  void poll();
  void judge_calls(const core::CallView& view);
  void give_up(const core::PeerLoss& loss);
  void lose_peer(const std::string& connection, core::PeerLoss::Reason reason);
  void note_silence(const vici::CharonLogLine& line);
  void end_if_silent(std::uint64_t ike, const vici::Reply& reply);
  void add_calls();
  /// Those that are to be always up and are not.
  [[nodiscard]] std::vector<std::string> children_down(const CharonConnection& connection) const;
  void look_for_calls();
  void call_again(const Result<vici::Reply>& reply);

  // ---- what it shall have --------------------------------------------------

  void plan_again();
  void follow_choice(const std::map<EntryName, std::size_t>& before);
  [[nodiscard]] bool outlives_plan(const core::TunnelStep& step) const;
  void adopt_recorded();
  void write_record();
  void tell_remarks();
  void next_step();
  Result<vici::Request> request_of(const core::TunnelStep& step) const;
  void on_done(const core::TunnelStep& step, const Result<vici::Reply>& reply);
  void note_loaded(const core::TunnelStep& step);

  /// Sends a command; its answer is for this connection to charon alone.
  void ask(vici::Request request, void (State::*on_reply)(const Result<vici::Reply>&)) {
    hooks.request(std::move(request), [self = weak_from_this(), era = era, on_reply](const Result<vici::Reply>& reply) {
      const auto state = self.lock();
      if (state && state->era == era) ((*state).*on_reply)(reply);
    });
  }

  Hooks hooks;

  std::shared_ptr<const Config> config;
  core::Host host;
  core::TunnelWorld world;
  core::PeerChoice choice;
  CallWatch watch;
  IkeFailures failures;
  std::map<SaId, std::pair<std::string, std::string>> sas;  // connection and child of the SAs that are up
  bool has_links = false;
  bool withdrawn = false;
  bool managed = false;
  bool ever_managed = false;  // there may be something of ours

  bool connected = false;
  bool known = false;       // what charon has is known
  bool looking = false;
  bool polling = false;
  std::string since;        // when charon was started
  LoadedRecord recorded;    // as the file has it
  std::uint64_t era = 0;    // counts connections to charon
  std::uint64_t looks = 0;  // counts pauses before a look
  core::LoadedTunnels loaded;
  TunnelPlan plan;
  std::deque<core::TunnelStep> steps;
  bool running = false;     // a step is unanswered
  bool stale = false;       // the plan may have changed meanwhile
  Millis poll_pause = kPoll;
  std::map<EntryName, std::set<std::string>> calls;  // to make: the children that traffic waits for
  std::set<std::string> given_up;  // connections whose calls end when the next peer has the traps
  std::set<std::string> refused;   // connections and keys that the next look loads again
  std::map<std::string, std::string> refusals;  // told ones, by connection or key
  std::vector<TunnelRemark> told;
};

// ---- what we hear ------------------------------------------------------------

void Tunnels::State::on_event(const core::Event& event) {
  if (const auto* committed = std::get_if<core::ConfigCommitted>(&event)) {
    config = committed->config;
    const auto* source = std::get_if<StrongSwanSource>(&config->settings.ike);
    managed = source != nullptr && !source->observe;
    ever_managed = ever_managed || managed;
    choice.set_config(*config);
    if (connected && !known) look();
    return plan_again();
  }
  if (std::holds_alternative<core::SourceLost>(event)) return on_lost();
  const auto before = choice.current();
  note_sas(event);
  const bool host_changed = note_host(event);
  if (std::holds_alternative<core::SaList>(event) && !connected && !withdrawn) return on_connected();
  if (host_changed) plan_again();
  follow_choice(before);
  poll_later();
}

bool Tunnels::State::note_host(const core::Event& event) {
  const bool is_first_list = std::holds_alternative<core::LinkList>(event) && !std::exchange(has_links, true);
  if (const auto changed = core::follow_devices(host, event)) return *changed || is_first_list;
  if (const auto* group = std::get_if<core::GroupChanged>(&event)) {
    return group->active ? world.active_groups.insert(group->group).second : world.active_groups.erase(group->group) > 0;
  }
  if (const auto* resolved = std::get_if<core::HostResolved>(&event)) {
    if (!resolved->address) return false;
    world.hosts.insert_or_assign(resolved->host, *resolved->address);
    return true;
  }
  return false;
}

void Tunnels::State::note_sas(const core::Event& event) {
  if (const auto* up = std::get_if<core::SaUp>(&event)) {
    choice.on_sa_up(up->sa.id, up->sa.connection);
    failures.forget(up->sa.connection);
    sas.insert_or_assign(up->sa.id, std::pair(up->sa.connection, up->sa.child));
  }
  if (const auto* down = std::get_if<core::SaDown>(&event)) {
    choice.on_sa_down(down->id);
    sas.erase(down->id);
  }
  if (const auto* rekeyed = std::get_if<core::SaRekeyed>(&event)) {
    choice.on_rekey(rekeyed->old_id, rekeyed->new_id);
    auto node = sas.extract(rekeyed->old_id);
    if (!node.empty()) sas.insert_or_assign(rekeyed->new_id, std::move(node.mapped()));
  }
  if (const auto* list = std::get_if<core::SaList>(&event)) {
    choice.on_sa_list(list->sas);
    sas.clear();
    for (const auto& sa : list->sas) sas.emplace(sa.id, std::pair(sa.connection, sa.child));
  }
}

void Tunnels::State::on_connected() {
  connected = true;
  ++era;
  loaded = {};
  refused.clear();
  refusals.clear();
  look();
  poll_later();
}

void Tunnels::State::on_lost() {
  connected = known = looking = polling = running = false;
  ++era;
  steps.clear();
  calls.clear();
  given_up.clear();
  loaded = {};
  choice.on_sa_list({});
  sas.clear();
}

// ---- what charon has -----------------------------------------------------------

void Tunnels::State::look() {
  if (!connected || !ever_managed || std::exchange(looking, true)) return;
  ask({"stats", {}, {}}, &State::on_plugins);
}

void Tunnels::State::on_plugins(const Result<vici::Reply>& reply) {
  const auto plugins = vici::list_in_reply(reply, "plugins");
  // Its ESP is in user space: no kernel policy wakes it up.
  if (plugins) world.traps = std::find(plugins->begin(), plugins->end(), "kernel-libipsec") == plugins->end();
  if (plugins) since = vici::charon_since(*reply);
  ask(vici::list_certificates(), &State::on_certificates);
}

void Tunnels::State::on_certificates(const Result<vici::Reply>& reply) {
  if (auto own = vici::own_certificates(reply)) world.certificates = std::move(*own);
  ask({"get-conns", {}, {}}, &State::on_connections);
}

void Tunnels::State::on_connections(const Result<vici::Reply>& reply) {
  const auto names = vici::list_in_reply(reply, "conns");
  if (names) {
    std::map<std::string, std::optional<CharonSection>> there;
    for (const auto& name : *names) {
      if (is_ours(name)) there[name] = refused.contains(name) ? std::nullopt : loaded.connections[name];
    }
    loaded.connections = std::move(there);
  }
  ask({"get-shared", {}, {}}, &State::on_keys);
}

void Tunnels::State::on_keys(const Result<vici::Reply>& reply) {
  const auto ids = vici::list_in_reply(reply, "keys");
  looking = false;
  look_later();
  if (!ids) return;
  std::map<std::string, std::optional<CharonKey>> there;
  for (const auto& id : *ids) {
    if (is_ours(id)) there[id] = refused.contains(id) ? std::nullopt : loaded.keys[id];
  }
  refused.clear();
  loaded.keys = std::move(there);
  known = true;
  plan_again();
  if (!running) look_for_calls();
}

void Tunnels::State::look_later() {
  hooks.after(kLook, [self = weak_from_this(), look_number = ++looks] {
    const auto state = self.lock();
    // Only the last one that was asked for counts.
    if (!state || state->looks != look_number) return;
    if (state->running) return state->look_later();
    state->look();
  });
}

void Tunnels::State::poll_later() {
  if (polling || !connected || !managed || !choice.needs_poll()) return;
  polling = true;
  hooks.after(poll_pause, [self = weak_from_this(), era = era] {
    const auto state = self.lock();
    if (state && state->era == era) state->poll();
  });
}

void Tunnels::State::poll() {
  const auto watched = choice.watched();
  const auto asked = now();
  hooks.request(make_call_list(watched), [self = weak_from_this(), era = era, watched, asked](const Result<vici::Reply>& reply) {
    const auto state = self.lock();
    if (!state || state->era != era) return;
    state->polling = false;
    // charon shall spend a small part of its time on us, however many SAs it has.
    state->poll_pause = std::max<Millis>(kPoll, kPollShare * (now() - asked));
    // While our own steps are under way charon is not yet as the plan says.
    if (reply && state->steps.empty() && !state->running) state->judge_calls(state->watch.look(*reply, state->plan, watched));
    state->poll_later();
  });
}

void Tunnels::State::judge_calls(const core::CallView& view) {
  const auto before = choice.current();
  const auto result = choice.on_poll(view, now());
  for (const auto& loss : result.losses) give_up(loss);
  for (const auto& entry : result.calls) {
    const auto waiting = watch.waiting().find(entry);
    calls[entry] = waiting == watch.waiting().end() ? std::set<std::string>() : waiting->second;
  }
  follow_choice(before);
  if (!calls.empty()) plan_again();
}

void Tunnels::State::give_up(const core::PeerLoss& loss) {
  const auto& peers = config->crypto_maps.at(loss.entry.map).entries.at(loss.entry.sequence).peers;
  const auto& peer = peers.at(loss.peer);
  const auto name = peer.address ? peer.address->to_string() : printable(peer.host);
  using Reason = core::PeerLoss::Reason;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(choice.patience(loss.entry)).count();
  const auto what = loss.reason == Reason::Silent    ? fmt::format("has not answered for {} s", seconds)
                    : loss.reason == Reason::Refused ? std::string("refuses the tunnel, or cannot be reached")
                                                     : std::string("is dead");
  hooks.log({Level::Info, fmt::format("crypto map {} {}: peer {} {}", printable(loss.entry.map), loss.entry.sequence, name, what)});
  if (loss.reason == Reason::Silent) given_up.insert(core::PeerChoice::connection_name(loss.entry, peer));
}

void Tunnels::State::lose_peer(const std::string& connection, core::PeerLoss::Reason reason) {
  const auto before = choice.current();
  if (const auto loss = choice.on_peer_lost(connection, reason)) give_up(*loss);
  follow_choice(before);
}

/// A request is sent again: is it answered within the patience that the configuration asks for?
void Tunnels::State::note_silence(const vici::CharonLogLine& line) {
  const auto* connection = plan.find(line.connection);
  if (connection == nullptr || connection->patience == Millis{} || !line.text.starts_with("retransmit 1 of request")) return;
  hooks.after(std::max<Millis>(connection->patience - kFirstRetransmission, kShortestWait), [self = weak_from_this(), era = era, ike = line.ike] {
    const auto state = self.lock();
    if (!state || state->era != era) return;
    state->hooks.request(vici::list_ike_sa(ike), [self, era, ike](const Result<vici::Reply>& reply) {
      const auto then = self.lock();
      if (then && then->era == era && reply) then->end_if_silent(ike, *reply);
    });
  });
}

void Tunnels::State::end_if_silent(std::uint64_t ike, const vici::Reply& reply) {
  for (const auto& one : vici::ike_states(reply)) {
    const auto* connection = plan.find(one.connection);
    // A peer that is called and silent is judge_calls()'s.
    if (connection == nullptr || !one.waits || (one.state != "ESTABLISHED" && one.state != "REKEYING")) continue;
    hooks.log({Level::Info, fmt::format("{}: peer {} has not answered for {} s, its tunnels are ended", object_of(*connection), one.peer,
                                        std::chrono::duration_cast<std::chrono::seconds>(connection->patience).count())});
    hooks.request(vici::terminate_ike_sa(ike), [](const Result<vici::Reply>&) {});
    lose_peer(one.connection, core::PeerLoss::Reason::Silent);
  }
}

/// The new current peer of an entry is called at once, where a tunnel is wanted.
void Tunnels::State::add_calls() {
  for (const auto& [entry, waiting] : std::exchange(calls, {})) {
    for (const auto& connection : plan.connections) {
      if (connection.entry != entry) continue;
      for (const auto& child : children_with(connection, "trap")) {
        if (waiting.contains(child)) steps.push_back({Kind::InitiateChild, connection.name, child, 0});
      }
      const auto is_load = [&](const core::TunnelStep& step) { return step.kind == Kind::LoadConnection && step.name == connection.name; };
      if (std::any_of(steps.begin(), steps.end(), is_load)) continue;  // which starts them
      for (const auto& child : children_down(connection)) steps.push_back({Kind::InitiateChild, connection.name, child, 0});
    }
  }
}

// ---- tunnels that are always up -----------------------------------------------------

std::vector<std::string> Tunnels::State::children_down(const CharonConnection& connection) const {
  auto children = children_with(connection, "start");
  std::erase_if(children, [&](const std::string& child) {
    return std::any_of(sas.begin(), sas.end(), [&](const auto& sa) { return sa.second == std::pair(connection.name, child); });
  });
  return children;
}

/// charon does not call again where a peer refused: tunnels that start at load would stay down.
void Tunnels::State::look_for_calls() {
  if (std::all_of(plan.connections.begin(), plan.connections.end(), [&](const auto& one) { return children_down(one).empty(); })) return;
  ask(make_call_list({}), &State::call_again);
}

void Tunnels::State::call_again(const Result<vici::Reply>& reply) {
  if (!reply || running || !steps.empty()) return;
  std::set<std::string> called;
  for (const auto& ike : vici::ike_states(*reply)) called.insert(ike.connection);
  const auto watched = choice.watched();
  for (const auto& connection : plan.connections) {
    const bool is_chosen = std::find(watched.begin(), watched.end(), connection.name) != watched.end();
    if (is_chosen || called.contains(connection.name)) continue;
    for (const auto& child : children_down(connection)) steps.push_back({Kind::InitiateChild, connection.name, child, 0});
  }
  next_step();
}

// ---- what it shall have ----------------------------------------------------------

void Tunnels::State::plan_again() {
  if (!config || !has_links || !ever_managed) return;
  if (running) {
    stale = true;
    return;
  }
  stale = false;
  world.host = &host;
  world.current = choice.current();
  plan = withdrawn || !managed ? TunnelPlan() : core::plan_tunnels(*config, world);
  if (choice.on_plan(plan)) {
    world.current = choice.current();
    plan = core::plan_tunnels(*config, world);
  }
  tell_remarks();
  failures.keep_only(plan);
  if (!known) return;
  adopt_recorded();
  const auto wanted = core::diff_tunnels(plan, loaded);
  std::erase_if(steps, [&](const core::TunnelStep& step) { return !outlives_plan(step); });
  steps.insert(steps.end(), wanted.begin(), wanted.end());
  for (const auto& name : given_up) steps.push_back({Kind::TerminateIke, name, {}, 0});
  given_up.clear();
  add_calls();
  next_step();
}

/// Steps that no comparison knows of: SAs of what is unloaded, or not current any more, have to
/// end all the same, and calls of what is current have to be made.
bool Tunnels::State::outlives_plan(const core::TunnelStep& step) const {
  const auto* connection = plan.find(step.name);
  const bool is_current = connection != nullptr && core::is_current(*connection);
  if (step.kind == Kind::TerminateIke || step.kind == Kind::TerminateChild) return !is_current;
  return step.kind == Kind::InitiateChild && is_current;
}

/// What an rrid before this one loaded, and the plan has unchanged, needs no step.
void Tunnels::State::adopt_recorded() {
  if (!is_same_start(recorded.charon_since, since)) return;
  for (const auto& connection : plan.connections) {
    const auto there = loaded.connections.find(connection.name);
    const auto found = recorded.connections.find(connection.name);
    if (there == loaded.connections.end() || there->second || found == recorded.connections.end()) continue;
    if (found->second == fingerprint(connection)) there->second = connection.settings;
  }
}

void Tunnels::State::write_record() {
  LoadedRecord record{since, {}};
  for (const auto& connection : plan.connections) {
    const auto there = loaded.connections.find(connection.name);
    const bool is_right = there != loaded.connections.end() && there->second == connection.settings && !refused.contains(connection.name);
    if (is_right) record.connections.emplace(connection.name, fingerprint(connection));
  }
  const bool is_known = record.connections == recorded.connections && is_same_start(record.charon_since, recorded.charon_since);
  if (is_known || !hooks.write_record) return;
  recorded = std::move(record);
  hooks.write_record(render_record(recorded));
}

/// Another peer is current: its connection gets the traps, and calls to the old one end.
void Tunnels::State::follow_choice(const std::map<EntryName, std::size_t>& before) {
  if (choice.current() == before) return;
  for (const auto& [entry, peer] : before) {
    const auto now_current = choice.current().find(entry);
    if (now_current == choice.current().end() || now_current->second == peer) continue;
    const auto& peers = config->crypto_maps.at(entry.map).entries.at(entry.sequence).peers;
    if (peer < peers.size()) given_up.insert(core::PeerChoice::connection_name(entry, peers[peer]));
    hooks.log({Level::Info, fmt::format("crypto map {} {}: peer {} of {} is current", printable(entry.map), entry.sequence,
                                        now_current->second + 1, peers.size())});
  }
  plan_again();
}

void Tunnels::State::tell_remarks() {
  for (const auto& remark : plan.remarks) {
    if (std::find(told.begin(), told.end(), remark) == told.end()) hooks.remark(remark);
  }
  told = plan.remarks;
}

Result<vici::Request> Tunnels::State::request_of(const core::TunnelStep& step) const {
  switch (step.kind) {
    case Kind::LoadKey: return vici::load_key(plan.keys[step.index]);
    case Kind::UnloadKey: return vici::unload_key(step.name);
    case Kind::LoadConnection: return vici::load_connection(plan.connections[step.index]);
    case Kind::UnloadConnection: return vici::unload_connection(step.name);
    case Kind::TerminateIke: return vici::terminate_ike(step.name);
    case Kind::TerminateChild: return vici::terminate_child(step.name, step.child);
    case Kind::InitiateChild: return vici::initiate_child(step.name, step.child);
  }
  return fail("{}", operation_text(step));
}

void Tunnels::State::next_step() {
  if (running || !connected) return;
  if (stale) return plan_again();
  if (steps.empty()) return known ? write_record() : void();
  const auto step = steps.front();
  steps.pop_front();
  auto request = request_of(step);
  if (!request) {
    hooks.log({Level::Warning, fmt::format("could not {}: {}", operation_text(step), request.error().text)});
    return next_step();
  }
  running = true;
  hooks.request(std::move(*request), [self = weak_from_this(), era = era, step](const Result<vici::Reply>& reply) {
    const auto state = self.lock();
    if (!state || state->era != era) return;
    state->running = false;
    state->on_done(step, reply);
    state->next_step();
  });
}

void Tunnels::State::on_done(const core::TunnelStep& step, const Result<vici::Reply>& reply) {
  const auto done = vici::check_reply(reply, operation_text(step));
  const bool may_be_absent = step.kind != Kind::LoadConnection && step.kind != Kind::LoadKey;
  note_loaded(step);
  if (done) {
    refusals.erase(step.name);
    if (step.kind == Kind::LoadConnection || step.kind == Kind::UnloadConnection) {
      hooks.log({Level::Info, fmt::format("strongSwan: {}", operation_text(step))});
    }
    if (step.kind == Kind::LoadKey) failures = {};  // whosever it is
    if (step.kind == Kind::LoadConnection) {
      failures.forget(step.name);
      const auto& connection = plan.connections[step.index];
      // After the other steps: an SA of what was before may be about to end.
      for (const auto& child : children_down(connection)) steps.push_back({Kind::InitiateChild, connection.name, child, 0});
    }
    return;
  }
  if (may_be_absent) return;
  refused.insert(step.name);
  if (std::exchange(refusals[step.name], done.error().text) == done.error().text) return;
  hooks.log({Level::Warning, fmt::format("could not {}", done.error().text)});
}

/// Also after a refusal: what was refused is tried again with the next look, not at once.
void Tunnels::State::note_loaded(const core::TunnelStep& step) {
  switch (step.kind) {
    case Kind::LoadKey: loaded.keys[step.name] = plan.keys[step.index]; return;
    case Kind::UnloadKey: loaded.keys.erase(step.name); return;
    case Kind::LoadConnection: loaded.connections[step.name] = plan.connections[step.index].settings; return;
    case Kind::UnloadConnection: loaded.connections.erase(step.name); return;
    case Kind::TerminateIke:
    case Kind::TerminateChild:
    case Kind::InitiateChild: return;
  }
}

// ---- the outside -------------------------------------------------------------------

Tunnels::Tunnels(Hooks hooks) : state_(std::make_shared<State>(std::move(hooks))) {}
Tunnels::~Tunnels() = default;

void Tunnels::on_event(const core::Event& event) { state_->on_event(event); }

void Tunnels::on_peer_dead(const std::string& connection) {
  state_->lose_peer(connection, core::PeerLoss::Reason::Dead);
}

void Tunnels::on_charon_log(const vici::CharonLogLine& line) {
  state_->note_silence(line);
  const auto told = state_->failures.on_line(line, state_->plan, now());
  if (told && state_->hooks.failure) state_->hooks.failure(*told);
}

std::string Tunnels::last_failure(const EntryName& entry) const {
  const auto* failure = state_->failures.find(entry);
  if (failure == nullptr) return {};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now() - failure->at);
  return fmt::format("{:%H:%M:%S} ago: {}{}", seconds, failure->peer.empty() ? "" : "peer " + failure->peer + ": ", failure->text);
}

void Tunnels::withdraw() {
  state_->withdrawn = true;
  state_->plan_again();
}

bool Tunnels::is_settled() const {
  return !state_->connected || (state_->known && !state_->running && state_->steps.empty() && !state_->stale);
}

std::optional<std::size_t> Tunnels::current_peer(const EntryName& entry) const {
  if (!state_->managed) return std::nullopt;
  const auto found = state_->choice.current().find(entry);
  return found == state_->choice.current().end() ? std::nullopt : std::optional(found->second);
}

}  // namespace rri::app
