// app/recorder.h -- `rrid --record FILE`: what happened, as EVENTS of `rri plan`.
//
// `rri plan STARTUP-CONFIG FILE` then runs the same decisions without a network.
// SAs, redundancy groups, links and time are written as events. What the plan
// tool makes up itself (paths, dumps, acknowledgements) and foreign routes are
// written as comments, so that a reader sees them in place.
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "core/events.h"

namespace rri::app {

class Recorder {
 public:
  /// Starts a new file; an old one of that name is replaced.
  static Result<Recorder> open(const std::string& path);

  /// Writes one event. Stops at the bound of the file, with a last line that says so.
  void write(const core::Event& event, TimePoint now);

 private:
  explicit Recorder(std::ofstream file) : file_(std::move(file)) {}
  std::string render_links(const core::Event& event);
  std::string render_link(const Link& link);

  std::ofstream file_;
  std::uint64_t written_ = 0;
  std::optional<TimePoint> told_until_;  // time up to which `tick` lines were written
  std::map<std::uint32_t, Link> links_;
};

/// The lines for one event, without time; "" for one that is not worth a line.
/// Links are not here: they need to know what was so before.
std::string render_recorded(const core::Event& event);

}  // namespace rri::app
