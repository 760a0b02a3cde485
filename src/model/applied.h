// model/applied.h -- the crypto maps that are on an interface.
#pragma once

#include <set>
#include <string_view>

#include "model/config.h"

namespace rri {

/// Names in `config`, which has to outlive them.
inline std::set<std::string_view> applied_maps(const Config& config) {
  std::set<std::string_view> names;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& attached : interface.maps) names.insert(attached.map);
  }
  return names;
}

}  // namespace rri
