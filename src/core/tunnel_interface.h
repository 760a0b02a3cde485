// core/tunnel_interface.h -- the connection of a tunnel interface with `tunnel protection ipsec profile`.
//
// Internal to core/tunnel_*.cc.
#pragma once

#include <string>

#include "core/tunnel_connections.h"
#include "core/tunnel_place.h"
#include "core/tunnel_sides.h"

namespace rri::core {

/// The parts of the planner at work.
struct TunnelWork {
  const Config& config;
  const TunnelWorld& world;
  PlaceFinder& places;
  SideFinder& sides;
  ConnectionWriter& writer;
  Remarks& remarks;
};

/// Adds the connection, or says why there is none. Gives its name where one is asked for; "" else.
std::string plan_tunnel_interface(const Interface& interface, const TunnelWork& work);

/// The only child of such a connection.
std::string tunnel_child_name(const std::string& connection);

}  // namespace rri::core
