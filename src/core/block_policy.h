// core/block_policy.h -- from the configuration to the policies that keep what
// matches a crypto access list from leaving in clear (fail-closed, SPEC.md section 4).
//
// What is blocked on a device is the union of what the entries of its crypto maps
// permit, each list read with first match deciding. A `deny` only means "not by
// this entry": the packet is asked of the later ones, as on IOS, and passes when
// none permits it. Policies are asked by priority, so the plan first makes one list
// in which the first match decides, then gives each policy just as much priority
// as it needs to come before those that say otherwise. Most plans have no deny and
// one priority, the lowest there is.
//
// Policies name the device of the interface that carries the map: traffic by other
// ways is none of its business. The kernel knows that device for what it forwards
// and for its own IPv4; for its own IPv6 it does not, so these packets are blocked
// by their source address, with the host's own networks left out.
//
// An entry whose interface has no device is closed on every device, its own networks left
// out, and one whose peer is reached by another device there as well. A line for any
// destination is not: it would close more than the configuration says.
//
// What never carries protected traffic and would cut the host off passes: packets
// to link-local multicast, neighbour discovery on the device's own networks, and IKE,
// ESP and AH of the host itself.
//
// The configuration, the devices and the ways to peers decide, and nothing else: not
// SAs, redundancy or `ip routing`.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/host.h"
#include "core/way_out.h"
#include "model/block_policy.h"
#include "model/config.h"
#include "model/notice.h"

namespace rri::core {

/// Who may lock himself out by which line of an access list, and the cure.
struct BlockWarning {
  TextPosition position;
  std::string text;

  friend bool operator==(const BlockWarning&, const BlockWarning&) = default;
};

struct BlockPlan {
  std::vector<BlockPolicy> policies;  // ascending; no two with the same packets
  std::vector<Notice> notices;        // ascending
  std::vector<BlockWarning> warnings;

  friend bool operator==(const BlockPlan&, const BlockPlan&) = default;
};

/// `ways`: by which devices else routes of ours lead.
BlockPlan plan_blocks(const Config& config, const Host& host, const std::set<WayOut>& ways = {});

}  // namespace rri::core
