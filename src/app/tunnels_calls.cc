// Calls of peers: who does not answer, whose turn is next, and what has to be called again.
#include <fmt/format.h>

#include <algorithm>

#include "app/tunnels_state.h"
#include "base/text.h"
#include "io/vici/connection_message.h"

namespace rri::app {

namespace {

using Level = core::LogLine::Level;
using Kind = core::TunnelStep::Kind;

/// How many times as long as charon needs for its answer is waited at least between two looks.
constexpr int kPollShare = 20;
/// charon sends a request again after so long, unless strongswan.conf says otherwise.
constexpr std::chrono::seconds kFirstRetransmission{4};
constexpr std::chrono::seconds kShortestWait{2};

}  // namespace

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
  const auto asked = steady_now();
  hooks.request(make_call_list(watched), [self = weak_from_this(), era = era, watched, asked](const Result<vici::Reply>& reply) {
    const auto state = self.lock();
    if (!state || state->era != era) return;
    state->polling = false;
    // charon shall spend a small part of its time on us, however many SAs it has.
    state->poll_pause = std::max<Millis>(kPoll, kPollShare * (steady_now() - asked));
    // While our own steps are under way charon is not yet as the plan says.
    if (reply && state->steps.empty() && !state->running) state->judge_calls(state->watch.look(*reply, state->plan, watched));
    state->poll_later();
  });
}

void Tunnels::State::judge_calls(const core::CallView& view) {
  const auto before = choice.current();
  const auto result = choice.on_poll(view, steady_now());
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

std::vector<std::string> Tunnels::State::children_down(const CharonConnection& connection) const {
  auto children = children_with(connection, "start");
  std::erase_if(children, [&](const std::string& child) {
    const auto is_it = [&](const auto& sa) { return sa.second.first == connection.name && sa.second.second == child; };
    const auto stands_for_it = [&](const auto& sa) { return sa.second.connection == connection.name && child_by_selectors(plan, sa.second) == child; };
    return std::any_of(sas.begin(), sas.end(), is_it) || std::any_of(older.begin(), older.end(), stands_for_it);
  });
  return children;
}

/// A tunnel that is always up went down: the next look would come late.
void Tunnels::State::call_after(Millis pause) {
  if (!pauses.insert(pause).second) return;
  hooks.after(pause, [self = weak_from_this(), pause] {
    const auto state = self.lock();
    if (!state) return;
    state->pauses.erase(pause);
    state->lost_one = true;
    if (state->connected && !state->running && state->steps.empty()) state->look_for_calls();
  });
}

/// charon does not call again where a peer refused: tunnels that start at load would stay down.
void Tunnels::State::look_for_calls() {
  if (std::all_of(plan.connections.begin(), plan.connections.end(), [&](const auto& one) { return children_down(one).empty(); })) return;
  ask(make_call_list({}), &State::call_again);
}

void Tunnels::State::call_again(const Result<vici::Reply>& reply) {
  if (!reply || running || !steps.empty()) return;
  std::set<std::string> called, quiet;
  for (const auto& ike : vici::ike_states(*reply)) {
    // An IKE SA that is up and quiet may have lost a child that the peer refused, or closed.
    (ike.state != "ESTABLISHED" || ike.waits ? called : quiet).insert(ike.connection);
  }
  const auto watched = choice.watched();
  const bool is_after_loss = std::exchange(lost_one, false);
  for (const auto& connection : plan.connections) {
    // Peers that do not come up at all are judge_calls()'s; one that did, or whose child went alone, is called again.
    const bool is_judged = std::find(watched.begin(), watched.end(), connection.name) != watched.end() && !quiet.contains(connection.name) && !is_after_loss;
    if (is_judged || called.contains(connection.name)) continue;
    for (const auto& child : children_down(connection)) {
      if (!comebacks.rests({connection.name, child}, steady_now())) steps.push_back({Kind::InitiateChild, connection.name, child, 0});
    }
  }
  next_step();
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

}  // namespace rri::app
