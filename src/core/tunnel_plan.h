// core/tunnel_plan.h -- from configuration and host to what charon shall have.
//
// Pure: the same configuration and world give the same plan, and the daemon
// compares plans instead of remembering what it did. One connection per crypto
// map entry and peer (or per template, for any peer), one child per permit line
// of its access list. Names map back: entry_of_connection() (model/charon.h).
//
// What a connection says follows from Cisco's rules: all isakmp policies in order
// are proposals; without a policy, proposal or transform set IOS's own apply; the
// local address is that of the interface, of `local-address`, or the group's
// virtual one (then only while the group is active here); the longest address
// of the keyrings' keys gives the key.
//
// Only the current peer of an entry gets traps: of two traps with one selector the
// last loaded wins in charon. Without kernel ESP (kernel-libipsec) traps start no
// tunnel, so that children start at load (`traps = false`).
//
// Certificates are charon's own. IOS proves itself with a trustpoint's whatever its
// identity is; charon looks for one that has the identity in it, unless the connection
// names one. So it does, where the trustpoint or the identity leaves one to choose (decision 29).
//
// Whatever IOS has and charon has not is a TunnelRemark at its line.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/host.h"
#include "model/certificate.h"
#include "model/charon.h"
#include "model/config.h"

namespace rri::core {

/// What the plan depends on besides the configuration.
struct TunnelWorld {
  const Host* host = nullptr;                  // none: addresses are those of the configuration, every group is active
  std::set<std::string> active_groups;
  std::map<std::string, IpAddress> hosts;      // `set peer HOST`, resolved
  std::map<EntryName, std::size_t> current;    // index into the entry's peers; 0 when absent
  bool traps = true;                           // traps start tunnels here
  std::vector<Certificate> certificates;       // that charon has
};

TunnelPlan plan_tunnels(const Config& config, const TunnelWorld& world);

}  // namespace rri::core
