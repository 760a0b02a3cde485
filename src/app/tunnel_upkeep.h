// app/tunnel_upkeep.h -- what is looked for now and then in a charon that should be as planned.
//
// Traps and shunts that other hands took out (`swanctl --uninstall`): charon raises no event.
// IKE SAs that both ends made at once: IKEv2 keeps both for ever. Both ends see the same two,
// so both choose the same one to end, by a rule that asks nobody.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/vici/command_channel.h"
#include "model/charon.h"
#include "model/ike_sa.h"
#include "model/sa.h"

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

/// rrid 0.1 and before named children by their lines; their SAs go on under these names.
bool is_of_older_rrid(std::string_view child);
/// The child of the plan that has the selectors of such an SA, under the same connection; "" for none.
std::string child_by_selectors(const TunnelPlan& plan, const Sa& older);
/// SAs that no child of the plan stands for: their line went while no rrid ran, or has another name by now.
/// `sas`: all that are up; `older`: those of them that an older rrid named.
std::set<ChildName> find_orphans(const TunnelPlan& plan, const std::map<SaId, ChildName>& sas, const std::map<SaId, Sa>& older);

/// The IKE SAs to end: of two of one connection that carry the same children, that which the end
/// with the higher address called; where one end called both, that end's older one. Only IKEv2, and
/// only such as are older than `settled`: a reauthentication has two for a moment.
std::vector<std::uint64_t> find_doubles(const std::vector<IkeSa>& ikes, Seconds settled);

}  // namespace rri::app
