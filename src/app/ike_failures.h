// app/ike_failures.h -- why tunnels do not come up, in words, from charon's log.
//
// Each connection of ours has its last failure, for `show crypto session` and `show
// crypto map`, until a tunnel of it is up. It is told when it is new, and again
// after kTellAgain with how often it happened: a peer is called every few seconds.
// Callers that no connection takes, anybody on the Internet, share one line a minute.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "io/vici/charon_log.h"
#include "model/charon.h"

namespace rri::app {

/// "crypto map mymap 10", "interface Tunnel1".
std::string object_of(const CharonConnection& connection);

/// What a line of charon's log says of a failure, for people; nothing for all other lines.
std::optional<std::string> find_failure(const std::string& text);

class IkeFailures {
 public:
  struct Failure {
    std::string peer;
    std::string text;
    TimePoint at;
  };

  /// Gives a line to tell, or nothing. `plan`: what charon has from us.
  std::optional<std::string> on_line(const vici::CharonLogLine& line, const TunnelPlan& plan, TimePoint now);
  /// A tunnel of the connection is up, or it was loaded anew: what was before is over.
  void forget(const std::string& connection);
  /// Forgets connections that are not in the plan any more.
  void keep_only(const TunnelPlan& plan);

  /// The newest one of an entry's connections.
  [[nodiscard]] const Failure* find(const EntryName& entry) const;

 private:
  struct Told {
    TimePoint at;
    std::uint32_t since = 0;  // times that were not told
  };

  std::string peer_of(const vici::CharonLogLine& line, const CharonConnection* connection) const;
  /// The words to add, where it is told now.
  std::optional<std::string> admit(const std::string& object, const std::string& text, TimePoint now, Millis pause);

  std::map<std::string, Failure> failures_;           // by connection
  std::map<std::pair<std::string, std::string>, Told> told_;  // by connection and text
  std::map<std::uint64_t, std::string> callers_;      // addresses, by IKE SA
};

}  // namespace rri::app
