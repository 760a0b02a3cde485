// tests/cases/paths.h -- other orders of the same steps (see case_run.h).
#pragma once

#include <string_view>
#include <vector>

#include "app/plan/events_script.h"

namespace rri::cases {

/// Groups of SA events in reverse order within each run of SA events. Events
/// that concern one SA, or SAs that are tied by a rekey, stay in order. `config`
/// is read for `maximum` only.
std::vector<plan::Step> reversed(const std::vector<plan::Step>& steps, std::string_view config);

/// The lines of a text as if typed.
std::vector<plan::Step> typed(std::string_view text);

}  // namespace rri::cases
