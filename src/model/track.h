// model/track.h -- the numbers of tracked objects.
#pragma once

#include <cstdint>

namespace rri {

/// IOS numbers its objects 1-1000. Above are those that `standby N track INTERFACE` makes by
/// itself; `show track` does not list them, and their interface stands for them.
inline constexpr std::uint32_t kLastTrackObject = 1000;

}  // namespace rri
