// app/tunnels.h -- keeps charon's connections as the configuration wants them.
//
//   configuration, addresses, groups, names, peers --> plan (core/tunnel_plan.h)
//   plan - what charon has --> steps (core/tunnel_delta.h) --> VICI commands, one by one
//
// Level, not edge: whatever changes, a new plan is made and compared. What charon
// has under our names is asked for after each connect and now and then, because
// `swanctl --load-all` of others unloads what is not in their files.
//
// Failure: a connection that charon refuses is told once with charon's reason and
// tried again with the next look; the others are loaded. When charon is gone
// nothing is known to be loaded, and everything is loaded when it is back.
// Threading: everything runs on the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/effects.h"
#include "core/events.h"
#include "io/vici/charon_log.h"
#include "io/vici/command_channel.h"
#include "model/charon.h"

namespace rri::app {

/// Ties the SAs of an event to our entries by their names, and marks the others.
void name_owners(core::Event& event);

class Tunnels {
 public:
  struct Hooks {
    std::function<void(vici::Request, vici::ReplyCallback)> request;
    std::function<void(core::LogLine)> log;
    std::function<void(const TunnelRemark&)> remark;  // each new one
    std::function<void(Millis, std::function<void()>)> after;
    std::function<void(const std::string&)> failure = nullptr;  // why a tunnel did not come up
    std::function<void()> ask_for_names = nullptr;              // a peer with a name may have moved
    std::function<std::string()> read_record = nullptr;  // of what was loaded; "" for none
    std::function<void(const std::string&)> write_record = nullptr;
  };

  explicit Tunnels(Hooks hooks);
  ~Tunnels();
  Tunnels(const Tunnels&) = delete;
  Tunnels& operator=(const Tunnels&) = delete;

  /// Looks at configuration, links, groups, names and SAs; ignores the rest.
  void on_event(const core::Event& event);
  /// Dead peer detection gave up the peer of this connection.
  void on_peer_dead(const std::string& connection);
  /// charon's log may tell why a tunnel does not come up.
  void on_charon_log(const vici::CharonLogLine& line);
  /// Unloads everything of ours, and keeps it so.
  void withdraw();
  /// Whether charon has what it shall have, or is not there.
  [[nodiscard]] bool is_settled() const;

  /// Index of the current peer of an entry with several peers; nothing for other entries
  /// and where connections are not managed.
  [[nodiscard]] std::optional<std::size_t> current_peer(const EntryName& entry) const;
  /// "00:00:12 ago: peer 10.1.1.1: it does not answer"; "" while all is well.
  [[nodiscard]] std::string last_failure(const EntryName& entry) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rri::app
