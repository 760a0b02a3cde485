// core/tunnel_delta.h -- what charon has of ours against what it shall have.
//
// A pure comparison. What did not change is not in it, so that a change of RRI
// settings, which no connection says, gives an empty delta and touches no SA.
//
// Traps of `load-conn` (strongSwan 5.9.8, vici_config.c): a connection whose IKE
// part is equal keeps it and has only its changed children replaced; else it is
// replaced as a whole. SAs of what was replaced go on with their old settings, and
// so they do on IOS: a key, a policy, a transform set or a profile that changes or
// goes ends none. They end with the entry, the peer or the line that they are of, and
// where their addresses or their device changed.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/charon.h"

namespace rri::core {

/// What is in charon under names of ours. A connection that was found there and
/// not loaded by us has no known settings.
struct LoadedTunnels {
  std::map<std::string, std::optional<CharonSection>> connections;
  std::map<std::string, std::optional<CharonKey>> keys;
};

struct TunnelStep {
  enum class Kind : std::uint8_t { LoadKey, UnloadKey, LoadConnection, UnloadConnection, TerminateIke, TerminateChild, InitiateChild, InstallTrap };
  Kind kind{};
  std::string name;   // of the connection, or the key's id
  std::string child;  // TerminateChild, InitiateChild, InstallTrap
  std::size_t index = 0;  // LoadKey, LoadConnection: into the plan

  friend bool operator==(const TunnelStep&, const TunnelStep&) = default;
};

/// Whether traps of the connection, or tunnels that start at load, are its own: of an entry's
/// peers only the current one's are.
bool is_current(const CharonConnection& connection);

/// What the SAs of a connection are between; the selectors of its children name them.
CharonSection substance_of(const CharonSection& connection);

/// The steps in the order to take them: keys first, then what goes, then what
/// changes (connections that lose their traps before those that get them), keys
/// that go last.
std::vector<TunnelStep> diff_tunnels(const TunnelPlan& wanted, const LoadedTunnels& loaded);

/// Connections whose IKE SAs outlived what they were made by, with the lines that these know:
/// children of before, and none that was loaded later.
using OutlivedTunnels = std::map<std::string, std::set<std::string>>;

/// Names of a connection's children.
std::set<std::string> child_names(const CharonSection& connection);

/// Whether an IKE SA made by `before` goes on by it when `after` is loaded: charon replaces a
/// connection as a whole where more than its children differs.
bool differ_in_ike(const CharonSection& before, const CharonSection& after);

/// Ends the IKE SAs that know lines which are gone, or of a caller do not know those that came:
/// the peer could call back the ones, and not the others.
std::vector<TunnelStep> end_outlived(const TunnelPlan& wanted, const OutlivedTunnels& outlived);

}  // namespace rri::core
