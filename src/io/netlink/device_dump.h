// io/netlink/device_dump.h -- devices with their counters, and IPv4 neighbours, read once for people.
#pragma once

#include "base/result.h"
#include "model/device.h"

namespace rri::netlink {

/// Needs no rights. Some hundred devices take a few milliseconds.
Result<HostDevices> read_host_devices();

}  // namespace rri::netlink
