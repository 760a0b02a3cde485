// app/host_links.h -- the devices of this host, read once, for tools without rrid.
#pragma once

#include <vector>

#include "model/config.h"
#include "model/link.h"

namespace rri::app {

/// Names, state, addresses and VRFs. Needs no rights. Empty when they cannot be read.
std::vector<Link> read_host_links();

/// Writes into every interface without `linux device` which device of `links` it
/// is, by the rule of SPEC.md 2.2; those that are unbound stay as they are.
void tie_to_devices(Config& config, const std::vector<Link>& links);

}  // namespace rri::app
