// app/comebacks.h -- when a tunnel that went down is called again.
//
// After a second; where it had just come up, a peer that closes each at once would be called
// for ever: 2 s, 4 s, ... up to a minute, until one has lived for some time. A value type.
#pragma once

#include <map>
#include <string>

#include "app/tunnel_upkeep.h"
#include "base/clock.h"

namespace rri::app {

inline constexpr Millis kFirstPause = std::chrono::seconds(1);
inline constexpr Millis kLongestPause = std::chrono::minutes(1);
/// What went down sooner was closed because it came up.
inline constexpr Millis kShortLife = std::chrono::seconds(10);

class Comebacks {
 public:
  void on_up(const ChildName& name, TimePoint now);
  /// The pause before it is called.
  Millis on_down(const ChildName& name, TimePoint now);
  /// Other settings: the peer may have another mind.
  void forget(const std::string& connection);
  [[nodiscard]] bool rests(const ChildName& name, TimePoint now) const;

 private:
  struct Life {
    TimePoint up;
    TimePoint rests_until;
    Millis pause = kFirstPause;
  };
  std::map<ChildName, Life> lives_;  // of those that are up, or went down soon
};

}  // namespace rri::app
