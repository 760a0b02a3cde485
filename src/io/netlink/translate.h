// io/netlink/translate.h -- between the model's routes (names) and rtnetlink's
// (numbers). Names are looked up at the moment of writing, because an index may
// belong to another device a moment later.
#pragma once

#include "base/result.h"
#include "io/netlink/link_table.h"
#include "io/netlink/messages.h"
#include "model/route.h"

namespace rri::netlink {

/// A route to add or change; a missing VRF or device is an error with its name.
Result<RouteMessage> to_message(const KernelRoute& route, const LinkTable& links, std::uint8_t protocol);

/// A route to delete. Devices that are not there any more are left out: the
/// protocol number alone keeps us from hitting another's route. Nothing when the
/// VRF device is gone; its routes are then known by "table N".
std::optional<RouteMessage> to_delete_message(const KernelRoute& route, const LinkTable& links, std::uint8_t protocol);

/// Every type of route without a way out (unreachable, prohibit) becomes Blackhole.
KernelRoute from_message(const RouteMessage& message, const LinkTable& links);

}  // namespace rri::netlink
