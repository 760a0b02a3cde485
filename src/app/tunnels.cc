#include "app/tunnels.h"

#include <fmt/chrono.h>

#include <algorithm>

#include "app/tunnels_state.h"
#include "base/text.h"
#include "core/host_events.h"
#include "io/vici/connection_message.h"

namespace rri::app {

namespace {

using Level = core::LogLine::Level;
using Kind = core::TunnelStep::Kind;

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
    case Kind::InstallTrap: return "put back the trap of " + step.child;
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
    hold(up->sa);
    comebacks.on_up({up->sa.connection, up->sa.child}, steady_now());
  }
  if (const auto* down = std::get_if<core::SaDown>(&event)) {
    choice.on_sa_down(down->id);
    older.erase(down->id);
    if (const auto gone = sas.extract(down->id)) call_after(comebacks.on_down(gone.mapped(), steady_now()));
  }
  if (const auto* rekeyed = std::get_if<core::SaRekeyed>(&event)) {
    choice.on_rekey(rekeyed->old_id, rekeyed->new_id);
    auto node = sas.extract(rekeyed->old_id);
    if (!node.empty()) sas.insert_or_assign(rekeyed->new_id, std::move(node.mapped()));
    auto named = older.extract(rekeyed->old_id);
    if (!named.empty()) older.insert_or_assign(rekeyed->new_id, std::move(named.mapped()));
  }
  if (const auto* list = std::get_if<core::SaList>(&event)) {
    choice.on_sa_list(list->sas);
    sas.clear();
    older.clear();
    for (const auto& sa : list->sas) hold(sa);
  }
}

void Tunnels::State::hold(const Sa& sa) {
  sas.insert_or_assign(sa.id, ChildName(sa.connection, sa.child));
  if (is_ours(sa.connection) && is_of_older_rrid(sa.child)) older.insert_or_assign(sa.id, sa);
  is_swept = false;
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
  outlived.clear();
  orphaned.clear();
  choice.on_sa_list({});
  sas.clear();
  older.clear();
}

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
  for (const auto& step : wanted) {
    if (step.kind == Kind::TerminateChild) end_older(step);
    steps.push_back(step);
  }
  is_swept = false;
  just_ended.clear();
  // Before anything is loaded that starts by itself.
  const auto ended = core::end_outlived(plan, outlived);
  steps.insert(steps.begin(), ended.begin(), ended.end());
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

/// The SAs with the selectors of a child that end with it, and have other names.
void Tunnels::State::end_older(const core::TunnelStep& step) {
  for (const auto& [id, sa] : older) {
    if (sa.connection == step.name && child_by_selectors(plan, sa) == step.child) steps.push_back({Kind::TerminateChild, sa.connection, sa.child, 0});
  }
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
    case Kind::InstallTrap: return install_trap({step.name, step.child});
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
    if (step.kind == Kind::LoadConnection || step.kind == Kind::UnloadConnection || step.kind == Kind::InstallTrap) {
      hooks.log({Level::Info, fmt::format("strongSwan: {}", operation_text(step))});
    }
    if (step.kind == Kind::LoadKey) failures = {};  // whosever it is
    if (step.kind == Kind::LoadConnection) {
      failures.forget(step.name);
      comebacks.forget(step.name);
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

/// IKE SAs go on with the connection that they were made by, when it is replaced or unloaded.
void Tunnels::State::note_outlived(const core::TunnelStep& step) {
  if (step.kind == Kind::TerminateIke) {
    outlived.erase(step.name);
    just_ended.insert(step.name);
  }
  if (just_ended.contains(step.name)) return;
  if (step.kind != Kind::LoadConnection && step.kind != Kind::UnloadConnection) return;
  const auto before = loaded.connections.find(step.name);
  const bool has_sas = std::any_of(sas.begin(), sas.end(), [&](const auto& sa) { return sa.second.first == step.name; });
  if (!has_sas || before == loaded.connections.end() || !before->second) return;
  const bool replaces = step.kind == Kind::UnloadConnection || core::differ_in_ike(*before->second, plan.connections[step.index].settings);
  if (replaces) outlived.emplace(step.name, core::child_names(*before->second));
}

/// Also after a refusal: what was refused is tried again with the next look, not at once.
void Tunnels::State::note_loaded(const core::TunnelStep& step) {
  note_outlived(step);
  switch (step.kind) {
    case Kind::LoadKey: loaded.keys[step.name] = plan.keys[step.index]; return;
    case Kind::UnloadKey: loaded.keys.erase(step.name); return;
    case Kind::LoadConnection: loaded.connections[step.name] = plan.connections[step.index].settings; return;
    case Kind::UnloadConnection: loaded.connections.erase(step.name); return;
    case Kind::TerminateIke:
    case Kind::TerminateChild:
    case Kind::InitiateChild:
    case Kind::InstallTrap: return;
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
  // As IOS does: the name of a peer that does not answer is asked for again.
  if (!state_->world.hosts.empty() && state_->hooks.ask_for_names && find_failure(line.text)) state_->hooks.ask_for_names();
  const auto told = state_->failures.on_line(line, state_->plan, steady_now());
  if (told && state_->hooks.failure) state_->hooks.failure(*told);
}

std::string Tunnels::last_failure(const EntryName& entry) const {
  const auto* failure = state_->failures.find(entry);
  if (failure == nullptr) return {};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(steady_now() - failure->at);
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
