// core/peer_choice.h -- which peer of an entry is the current one.
//
// IOS tries an entry's peers in the order written. The current one is given up
// when it is dead: dead peer detection says so, or it does not answer for a while
// when it is called. Then the next one is current, the first again after the last.
// `set peer X default` comes back whenever the entry has no tunnel left. A peer that
// brings a tunnel up by itself becomes current.
//
// Pure; the caller polls charon while needs_poll() says that a call may hang.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/config.h"
#include "model/sa.h"

namespace rri::core {

class PeerChoice {
 public:
  /// Takes the entries of the applied maps; what is known of those that stay, stays.
  void set_config(const Config& config);

  /// The connection of each peer, as the plan names them.
  static std::string connection_name(const EntryName& entry, const PeerAddress& peer);

  void on_sa_up(const SaId& id, const std::string& connection);
  void on_sa_down(const SaId& id);
  void on_rekey(const SaId& old_id, const SaId& new_id);
  /// The full list: SA id and connection.
  void on_sa_list(const std::vector<Sa>& sas);
  /// Dead peer detection gave the peer of this connection up.
  void on_peer_dead(const std::string& connection);
  /// Which connections have an IKE_SA that is not up yet, and which have one that is.
  void on_poll(const std::set<std::string>& connecting, const std::set<std::string>& established, TimePoint now);

  [[nodiscard]] const std::map<EntryName, std::size_t>& current() const { return current_; }
  /// Whether an entry with several peers has no tunnel.
  [[nodiscard]] bool needs_poll() const;

 private:
  struct Choice {
    std::vector<std::string> connections;  // by peer
    std::optional<std::size_t> standard;   // `default`
    Millis patience{};
    std::optional<TimePoint> calling_since;
    std::set<SaId> up;
  };

  Choice* find(const std::string& connection, std::size_t& peer, EntryName& entry);
  void move_on(const EntryName& entry, Choice& choice);
  void remove_sa(const SaId& id);

  std::map<EntryName, Choice> entries_;
  std::map<EntryName, std::size_t> current_;
  std::map<SaId, std::pair<EntryName, std::size_t>> owners_;  // entry and peer
};

}  // namespace rri::core
