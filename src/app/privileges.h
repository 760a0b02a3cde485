// app/privileges.h -- which rights the daemon has, and giving up the rest.
//
// rrid needs CAP_NET_ADMIN and nothing else. As its own user it gets just that
// from systemd; started as root it keeps user 0, so that sockets of root stay
// open to it, and gives up every other capability for good.
#pragma once

#include "base/result.h"

namespace rri::app {

/// Whether CAP_NET_ADMIN is effective; the error names the cure.
Result<> require_net_admin();

/// Gives up every capability but CAP_NET_ADMIN, for this process and what it
/// starts. Must run before any thread is made: capabilities are per thread.
Result<> keep_only_net_admin();

}  // namespace rri::app
