// show/summary.h -- `show rri`: one screen that says whether all is well.
//
// Summary and Tally tell what the decision code knows; Health adds what only the
// daemon's edges know (connections, versions, the log).
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "core/snapshot.h"
#include "show/routes.h"

namespace rri::show {

/// What the decision code cannot know.
struct Health {
  std::string version;
  Seconds uptime{0};
  std::string source;        // "strongSwan 5.9.8 at /run/charon.vici (observe)"
  std::string source_error;  // why it is not connected, "" when it is
  std::string sink;          // "kernel, protocol 213"
  std::string sink_error;    // why it is out of reach, "" when it is not
  std::string machine;       // "x86_64"
  std::string kernel;        // "6.1.0-18-amd64"
  std::uint64_t memory_kib = 0;
  std::string board;         // what tells this host from another, 8 hexadecimal digits
  std::vector<std::string> last_changes;  // log lines about routes, oldest first
  std::string fail_closed;   // "12 policies (0 adopted, 0 put back)"
  std::vector<Notice> leaks;  // what fail-closed cannot close
};

/// Sources, sinks, routes by state, last changes, conflicts and refused proxies.
std::string rri_summary(const core::Summary& summary, const core::Tally& tally, const Health& health, Format format);

/// All of `rows`, which are few: those that cover one address.
std::vector<RouteRow> longest_prefix_first(core::Rows rows);

/// `show rri explain ADDRESS`: every row that covers the address, longest prefix
/// first, with its owners and its state. `rows` were asked for as covering it.
/// `standby`: crypto maps that make no routes here now (waiting_maps).
/// `config`: what else protects the address, and why it has no route.
std::string explain_address(core::Rows rows, const IpAddress& address, const std::vector<std::string>& standby, const Config& config);

/// One line of an access list of an applied crypto map that permits packets to an address.
struct Protection {
  std::string map;
  std::uint32_t sequence = 0;
  std::string interface;
  std::string list;
  std::string line;
  std::string without_route;  // why none of the rows is this entry's; "" when one is
};
std::vector<Protection> find_protections(const Config& config, const IpAddress& address, const std::vector<RouteRow>& rows);

/// "2d 03:04:05", "03:04:05".
std::string render_uptime(Seconds uptime);

}  // namespace rri::show
