// core/peer_choice.h -- which peer of an entry is the current one.
//
// IOS tries an entry's peers in the order written, from the `default` one on. The
// current one is given up when it is dead, and the next is current, the first again
// after the last. `set peer X default` comes back whenever the entry has no tunnel
// left. A peer that brings a tunnel up by itself becomes current.
//
// Dead is a peer
//   that dead peer detection gave up;
//   that does not answer a call, or a request of IKEv2, for `patience`: charon
//     itself would go on for 165 s;
//   that was wanted, by traffic or as a tunnel that is always up, and has neither a
//     tunnel nor a call in two looks: it refused.
// After a round in which no peer was good the entry rests, longer each time, up to a minute.
//
// Pure; the caller looks at charon while needs_poll() says so.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/charon.h"
#include "model/config.h"
#include "model/sa.h"

namespace rri::core {

/// What charon and kernel show of calls, by connection.
struct CallView {
  std::set<std::string> connecting;   // an IKE_SA that is not up yet
  std::set<std::string> established;
  std::set<std::string> wanted;       // somebody wants a tunnel of it
};

/// One peer was given up.
struct PeerLoss {
  enum class Reason : std::uint8_t { Silent, Refused, Dead };
  EntryName entry;
  std::size_t peer = 0;
  Reason reason{};

  friend bool operator==(const PeerLoss&, const PeerLoss&) = default;
};

/// How long a peer may stay silent when it is called: with keepalives five of their
/// retries, as IOS counts, else what five quick retransmissions take.
Millis patience_of(const std::optional<Keepalive>& keepalive);

struct PollResult {
  std::vector<PeerLoss> losses;
  std::vector<EntryName> calls;  // whose current peer is another one, or rested: call it where a tunnel is wanted
};

/// What the names of a peer's further connections have behind its first one's: the one that answers
/// aggressive mode, and those that answer the peer under another identity ("_as_2").
inline constexpr std::string_view kAggressiveTail = "_aggressive";
inline constexpr std::string_view kOtherIdentityTail = "_as_";
/// The peer's first connection, by the name of any of them.
std::string_view first_connection(std::string_view name);

class PeerChoice {
 public:
  /// Takes the entries with several peers; what is known of those that stay, stays.
  void set_config(const Config& config);
  /// Peers that the plan has no connection to (no key, no address yet) are passed over.
  /// True when that makes another peer current: plan again.
  bool on_plan(const TunnelPlan& plan);

  /// The connection of each peer, as the plan names them.
  static std::string connection_name(const EntryName& entry, const PeerAddress& peer);

  void on_sa_up(const SaId& id, const std::string& connection);
  void on_sa_down(const SaId& id);
  void on_rekey(const SaId& old_id, const SaId& new_id);
  /// The full list: SA id and connection.
  void on_sa_list(const std::vector<Sa>& sas);
  /// Dead peer detection gave the peer of this connection up, or it left a request unanswered.
  std::optional<PeerLoss> on_peer_lost(const std::string& connection, PeerLoss::Reason reason);
  PollResult on_poll(const CallView& view, TimePoint now);

  [[nodiscard]] const std::map<EntryName, std::size_t>& current() const { return current_; }
  /// The connections of the current peers that a look has to judge.
  [[nodiscard]] std::vector<std::string> watched() const;
  [[nodiscard]] bool needs_poll() const;
  /// How long this entry's peers may stay silent.
  [[nodiscard]] Millis patience(const EntryName& entry) const;

 private:
  struct Choice {
    std::vector<std::string> connections;  // by peer
    std::vector<bool> usable;              // by peer: the plan has its connection
    std::optional<std::size_t> standard;   // `default`
    Millis patience{};
    std::optional<TimePoint> calling_since;
    std::optional<TimePoint> wanted_since;
    std::size_t failures = 0;              // since the last tunnel
    std::optional<TimePoint> rests_until;
    std::set<SaId> up;
  };

  static Choice make_choice(const Config& config, const EntryName& id, const CryptoMap& map, const CryptoEntry& entry);
  std::optional<std::size_t> take_tunnels(const EntryName& id, const Choice& before, Choice& after);
  Choice* find(const std::string& connection, std::size_t& peer, EntryName& entry);
  std::optional<PeerLoss::Reason> judge(Choice& choice, const std::string& connection, const CallView& view, TimePoint now);
  /// Back to the default peer, where it can be called.
  void go_home(const EntryName& entry, const Choice& choice);
  void move_on(const EntryName& entry, Choice& choice);
  void remove_sa(const SaId& id);

  std::map<EntryName, Choice> entries_;
  std::map<EntryName, std::size_t> current_;
  std::map<SaId, std::pair<EntryName, std::size_t>> owners_;  // entry and peer
};

}  // namespace rri::core
