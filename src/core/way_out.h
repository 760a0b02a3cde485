// core/way_out.h -- an entry's routes that leave by another device than its interface's:
// there, too, its access list is closed (decision 15).
#pragma once

#include <cstdint>
#include <string>

namespace rri::core {

struct WayOut {
  std::string interface;  // these four name the entry
  std::string map;
  std::uint32_t sequence = 0;
  std::uint32_t template_sequence = 0;
  std::string device;

  friend auto operator<=>(const WayOut&, const WayOut&) = default;
};

}  // namespace rri::core
