// core/next_hop.h -- from next hop and route form to what the kernel is told
// (SPEC.md 3.2 and section 4).
//
// The kernel does not recurse, so each exit is found with the underlay's answer
// to a PathQuery. An answer that is not there yet gives Exit::State::Unknown.
// A group of claims with one entry and one peer shares one exit; adapt_exit()
// fits it to the family and the tunnel interface of a single claim.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/claim.h"
#include "core/entry.h"
#include "core/host.h"

namespace rri::core {

using Paths = std::function<const Path*(const PathQuery&)>;

/// What has to be asked for the proxies, and for the pin, of an entry's peer.
PathQuery proxy_query(const Entry& entry, const IpAddress& peer);
PathQuery pin_query(const Entry& entry, const IpAddress& peer);

/// The pin R/32. `entry.pin` None (a pin that the guard asks for) counts as
/// OutOfInterface.
Exit pin_exit(const Entry& entry, const IpAddress& peer, const Paths& paths);

/// The proxies of `entry` behind `peer`. `pin`: the exit of the pin in force, or
/// null where the peer is not pinned.
Exit proxy_exit(const Entry& entry, const IpAddress& peer, const Exit* pin, const Paths& paths);

/// The shared exit as one claim takes it: by device where families differ or a
/// tunnel interface owns the SA's interface id or mark, by DEV in device form.
Exit adapt_exit(const Exit& shared, const Claim& claim, const Host& host);

/// An exit by a device that is down, or gone, is pending at once: the kernel says
/// so before the underlay's answer changes, and would refuse the route.
Exit check_device(Exit exit, const Host& host);

/// What has to be asked for an `ip route` line; nothing for Null0 and where an
/// interface is named.
std::optional<PathQuery> static_query(const StaticRoute& line);

/// `device`: the Linux device of the line's interface, "" when it names none.
Exit static_exit(const StaticRoute& line, const std::string& device, const Host& host, const Paths& paths);

}  // namespace rri::core
