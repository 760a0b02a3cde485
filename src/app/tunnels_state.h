// app/tunnels_state.h -- the inside of Tunnels (app/tunnels.h).
//
// tunnels.cc hears, plans and sends step by step; tunnels_look.cc looks what charon
// has; tunnels_calls.cc follows the calls of peers.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "app/call_watch.h"
#include "app/comebacks.h"
#include "app/ike_failures.h"
#include "app/loaded_record.h"
#include "app/tunnel_upkeep.h"
#include "app/tunnels.h"
#include "core/peer_choice.h"
#include "core/tunnel_delta.h"
#include "core/tunnel_plan.h"

namespace rri::app {

/// How often it is looked whether our connections are still there.
inline constexpr std::chrono::seconds kLook{10};
/// How often calls of peers are watched at most, while there are any that may be in vain.
inline constexpr std::chrono::seconds kPoll{2};

inline TimePoint steady_now() {
  return TimePoint(std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch()));
}

inline bool is_ours(std::string_view name) { return name.starts_with(kCharonPrefix); }

struct Tunnels::State : std::enable_shared_from_this<Tunnels::State> {
  explicit State(Hooks hooks_) : hooks(std::move(hooks_)) {
    if (hooks.read_record) recorded = parse_record(hooks.read_record());
  }

  // ---- what we hear ------------------------------------------------------

  void on_event(const core::Event& event);
  bool note_host(const core::Event& event);
  void note_sas(const core::Event& event);
  void hold(const Sa& sa);
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
  void keep_up();
  void end_orphans();
  void end_older(const core::TunnelStep& step);
  void put_traps_back(const Result<vici::Reply>& reply);
  void end_doubles(const Result<vici::Reply>& reply);
  void call_after(Millis pause);
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
  void note_outlived(const core::TunnelStep& step);

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
  std::map<SaId, ChildName> sas;  // that are up
  std::map<SaId, Sa> older;       // of them, those that an older rrid named
  bool is_swept = false;          // none of them is an orphan
  bool has_links = false;
  bool withdrawn = false;
  bool managed = false;
  bool ever_managed = false;  // there may be something of ours

  bool connected = false;
  bool known = false;       // what charon has is known
  bool looking = false;
  bool polling = false;
  std::set<Millis> pauses;  // before calls: those that run
  bool lost_one = false;    // a tunnel went down since the last look for calls
  Comebacks comebacks;
  std::string since;        // when charon was started
  LoadedRecord recorded;    // as the file has it
  std::uint64_t era = 0;    // counts connections to charon
  std::uint64_t looks = 0;  // counts pauses before a look
  core::LoadedTunnels loaded;
  core::OutlivedTunnels outlived;
  std::set<std::string> just_ended;  // since the last plan: charon may not have told yet
  std::set<std::string> orphaned;  // connections of which a tunnel without a line was ended
  TunnelPlan plan;
  std::deque<core::TunnelStep> steps;
  bool running = false;     // a step is unanswered
  bool stale = false;       // the plan may have changed meanwhile
  Millis poll_pause = kPoll;
  std::map<EntryName, std::set<std::string>> calls;  // to make: the children that traffic waits for
  std::set<std::string> given_up;  // connections whose calls end when the next peer has the traps
  std::map<ChildName, int> missing;  // traps, and at how many looks in a row they were
  std::map<std::string, TimePoint> doubles_ended;  // when, by connection
  std::set<std::string> refused;   // connections and keys that the next look loads again
  std::map<std::string, std::string> refusals;  // told ones, by connection or key
  std::vector<TunnelRemark> told;
};

}  // namespace rri::app
