// app/tunnel_upkeep.h -- what is looked for now and then in a charon that should be as planned.
//
// Traps and shunts that other hands took out (`swanctl --uninstall`): charon raises no event.
// IKE SAs that both ends made at once: IKEv2 keeps both for ever. Both ends see the same two,
// so both choose the same one to end, by a rule that asks nobody.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "io/vici/command_channel.h"
#include "model/charon.h"
#include "model/ike_sa.h"

namespace rri::app {

/// Connection and child.
using ChildName = std::pair<std::string, std::string>;

/// `list-policies` of traps and shunts; then those of a reply.
vici::Request list_traps();
std::set<ChildName> read_traps(const vici::Reply& reply);
/// Those that the plan has and charon has not.
std::set<ChildName> missing_traps(const TunnelPlan& plan, const std::set<ChildName>& there);
/// `install` of one.
vici::Request install_trap(const ChildName& name);

/// The IKE SAs to end: of two of one connection that carry the same children, that which the end
/// with the higher address called; where one end called both, that end's older one. Only IKEv2, and
/// only such as are older than `settled`: a reauthentication has two for a moment.
std::vector<std::uint64_t> find_doubles(const std::vector<IkeSa>& ikes, Seconds settled);

}  // namespace rri::app
