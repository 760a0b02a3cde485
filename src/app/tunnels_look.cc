// What charon has of ours, and what is missing or too much there.
#include <fmt/format.h>

#include <algorithm>

#include "app/tunnels_state.h"
#include "base/text.h"
#include "io/vici/connection_message.h"
#include "io/vici/ike_sas.h"

namespace rri::app {

namespace {

using Level = core::LogLine::Level;
using Kind = core::TunnelStep::Kind;

/// Between two ends of equal tunnels of one connection.
constexpr std::chrono::minutes kDoublesPause{10};

}  // namespace

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
  if (auto certificates = vici::certificates_in(reply)) world.certificates = std::move(*certificates);
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
  if (!running && steps.empty()) keep_up();
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

/// What other hands took out, and what both ends made at once.
void Tunnels::State::keep_up() {
  end_orphans();
  const auto has_traps = [](const CharonConnection& one) { return !children_with(one, "trap").empty(); };
  if (std::any_of(plan.connections.begin(), plan.connections.end(), has_traps)) ask(list_traps(), &State::put_traps_back);
  std::set<std::string> single;  // connections with one peer
  for (const auto& connection : plan.connections) {
    if (connection.settings.list("remote_addrs") != std::vector<std::string>{"%any"}) single.insert(connection.name);
  }
  std::map<std::pair<std::string, std::string>, int> counts;
  const auto is_second = [&](const auto& sa) { return single.contains(sa.second.first) && ++counts[sa.second] == 2; };
  if (std::any_of(sas.begin(), sas.end(), is_second)) ask(make_call_list({}), &State::end_doubles);
}

/// Where no rrid ran when the line went, nothing has compared it.
void Tunnels::State::end_orphans() {
  if (!managed || withdrawn || std::exchange(is_swept, true)) return;
  for (const auto& name : find_orphans(plan, sas, older)) {
    hooks.log({Level::Info, fmt::format("no line of the configuration is for tunnel {} any more: it is ended", printable(name.second))});
    // Its IKE SA may be older than what is loaded: then the peer can call it back.
    const bool came_back = !orphaned.insert(name.first).second;
    steps.push_back(came_back ? core::TunnelStep{Kind::TerminateIke, name.first, {}, 0} : core::TunnelStep{Kind::TerminateChild, name.first, name.second, 0});
    if (came_back) orphaned.erase(name.first);
  }
  next_step();
}

void Tunnels::State::put_traps_back(const Result<vici::Reply>& reply) {
  if (!reply || running || !steps.empty() || !managed || withdrawn) return;
  constexpr int kOften = 2, kSeldom = 6;  // where charon would not have it, or somebody takes it out for ever
  const auto before = std::exchange(missing, {});
  for (const auto& name : missing_traps(plan, read_traps(*reply))) {
    const auto found = before.find(name);
    const int times = missing[name] = found == before.end() ? 1 : found->second + 1;
    if (times > kOften && times % kSeldom != 0) continue;
    const auto place = std::find_if(plan.connections.begin(), plan.connections.end(), [&](const auto& one) { return one.name == name.first; });
    // Where the child is gone too, loading brings both; else nothing is changed by it.
    steps.push_back({Kind::LoadConnection, name.first, {}, static_cast<std::size_t>(place - plan.connections.begin())});
    steps.push_back({Kind::InstallTrap, name.first, name.second, 0});
  }
  next_step();
}

/// A charon of the peer's that calls again at once would have us do this for ever.
void Tunnels::State::end_doubles(const Result<vici::Reply>& reply) {
  if (!reply) return;
  const auto ikes = vici::read_ike_sas(*reply);
  if (!ikes) return;
  for (const auto id : find_doubles(*ikes, kLook)) {
    const auto ike = std::find_if(ikes->begin(), ikes->end(), [&](const IkeSa& one) { return one.id == id; });
    const auto [ended, is_first] = doubles_ended.try_emplace(ike->connection, steady_now());
    if (!is_first && steady_now() - ended->second < kDoublesPause) continue;
    ended->second = steady_now();
    hooks.log({Level::Info, fmt::format("both ends called for {}: one of two equal tunnels is ended", printable(ike->connection))});
    hooks.request(vici::terminate_ike_sa(id), [](const Result<vici::Reply>&) {});
  }
}

/// What an rrid before this one loaded, and the plan has unchanged, needs no step.
void Tunnels::State::adopt_recorded() {
  if (!is_same_start(recorded.charon_since, since)) return;
  for (const auto& connection : plan.connections) {
    const auto there = loaded.connections.find(connection.name);
    const auto found = recorded.connections.find(connection.name);
    if (there == loaded.connections.end() || there->second || found == recorded.connections.end()) continue;
    const auto wanted = fingerprint(connection);
    if (found->second == wanted) there->second = connection.settings;
    // Nothing that the SAs carry is known to be right any more.
    if (found->second.substance != 0 && found->second.substance != wanted.substance) there->second = CharonSection();
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

}  // namespace rri::app
