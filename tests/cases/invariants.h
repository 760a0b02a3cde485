// tests/cases/invariants.h -- what must hold after every step, whatever was
// configured and whatever happened (DESIGN.md section 4).
#pragma once

#include <string>
#include <vector>

#include "app/plan/session.h"

namespace rri::cases {

/// The invariants that do not hold now, in words; empty when all is well:
///   no operation that changes nothing reached the table;
///   the table holds exactly the routes whose rows say that they are installed;
///   parse(render(c)) == c, and rendering is a fixed point;
///   rows are in the order of SPEC.md section 8.
std::vector<std::string> find_violations(plan::PlanSession& session);

}  // namespace rri::cases
