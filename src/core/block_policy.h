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
// What never carries protected traffic and would cut the host off passes: packets
// to link-local multicast, neighbour discovery on the device's own networks, and IKE,
// ESP and AH of the host itself.
//
// The configuration and the devices decide, and nothing else: not SAs, routes,
// redundancy or `ip routing`.
#pragma once

#include <string>
#include <vector>

#include "core/host.h"
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

BlockPlan plan_blocks(const Config& config, const Host& host);

}  // namespace rri::core
