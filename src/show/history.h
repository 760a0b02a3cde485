// show/history.h -- `show rri history`: what happened to routes, when and why.
//
// The daemon keeps the last few thousand lines that tell about routes, SAs, groups
// and the IKE daemon. Asked for a prefix, only those about routes that lie in it, or
// that cover it, are shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/prefix.h"
#include "show/routes.h"

namespace rri::show {

struct HistoryEntry {
  std::string time;  // as the log stamps it
  std::string text;
  std::optional<Prefix> prefix;  // none: about no single route
  bool is_notice = false;
};

/// The prefix that a line of the log about a route begins with ("route P ...", "P was
/// removed ..."), none for other lines.
std::optional<Prefix> prefix_of_line(std::string_view text);

/// Oldest first. JSON: {"history": [{"time", "prefix", "text"}]}.
std::string route_history(const std::vector<HistoryEntry>& entries, const std::optional<Prefix>& prefix, Format format);

}  // namespace rri::show
