// base/strong_id.h -- numbers that cannot be mixed up.
#pragma once

#include <compare>
#include <cstdint>
#include <utility>

namespace rri {

/// An integer with a meaning of its own. `Tag` is any incomplete type.
template <class Tag, class Number = std::uint32_t>
struct StrongId {
  Number value{};

  constexpr StrongId() = default;
  constexpr explicit StrongId(Number number) : value(number) {}

  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;

  template <class H>
  friend H AbslHashValue(H state, const StrongId& id) {
    return H::combine(std::move(state), id.value);
  }
};

}  // namespace rri
