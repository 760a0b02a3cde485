// core/host_events.h -- a Host that follows the events of devices.
#pragma once

#include <optional>

#include "core/events.h"
#include "core/host.h"

namespace rri::core {

/// Brings `host` up to date: gives whether that changed it; nothing for an event of something else.
std::optional<bool> follow_devices(Host& host, const Event& event);

}  // namespace rri::core
