// base/position.h -- where in a text something was said.
#pragma once

#include <cstdint>

namespace rri {

/// Where in the text something was said; 1-based, 0 when it was not in a file.
struct TextPosition {
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

}  // namespace rri
