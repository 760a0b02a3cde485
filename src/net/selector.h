// net/selector.h -- one traffic selector of an SA (RFC 7296 section 3.13).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/prefix.h"

namespace rri {

/// The addresses of one end of an SA, and the protocol and port text that
/// came with them. Routes know no ports, so that text is only kept for show.
struct TrafficSelector {
  AddressRange range;
  std::string service;  // "tcp/http", "" when there is none

  /// What charon prints and `rri plan` reads: "10.1.0.0/16",
  /// "10.1.0.5..10.1.0.9" or "10.1.0.5-10.1.0.9", either with "[proto/port]".
  static Result<TrafficSelector> parse(std::string_view text);
  static TrafficSelector of(const Prefix& prefix) { return {prefix.range(), {}}; }

  [[nodiscard]] Family family() const { return range.first.family(); }
  /// The prefix that is exactly this range, if there is one.
  [[nodiscard]] std::optional<Prefix> to_prefix() const;
  /// As parse() reads it.
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const TrafficSelector&, const TrafficSelector&) = default;
};

}  // namespace rri
