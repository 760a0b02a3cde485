// model/sa_settings.h -- which `security-association` settings count.
#pragma once

#include "model/ike.h"

namespace rri {

inline constexpr std::uint32_t kDefaultIpsecSeconds = 3600;       // IOS
inline constexpr std::uint64_t kDefaultIpsecKilobytes = 4608000;  // IOS

/// Seconds, kilobytes, idle time and replay window: of the entry, else of the configuration.
inline SaSettings sa_settings(SaSettings entry, const SaSettings& global) {
  if (!entry.lifetime_seconds) entry.lifetime_seconds = global.lifetime_seconds;
  if (!entry.lifetime_kilobytes) entry.lifetime_kilobytes = global.lifetime_kilobytes;
  if (!entry.idle_seconds) entry.idle_seconds = global.idle_seconds;
  if (!entry.replay_window) entry.replay_window = global.replay_window;
  return entry;
}

}  // namespace rri
