// tests/cases/row_text.h -- rows, operations and notices as the case files write
// them, and the comparison of what is expected with what came out.
#pragma once

#include <string>
#include <vector>

#include "app/plan/simulated_kernel.h"
#include "model/notice.h"
#include "model/route.h"

namespace rri::cases {

/// "default 10.0.0.0/16 [1/0] via 10.1.1.1 dev eth0 active proxy sa mymap 1".
std::string row_text(const RouteRow& row);
/// "add default 10.0.0.0/16".
std::string operation_text(const plan::Operation& operation);

/// One thing that came out: its text, and the words behind it (a reason, a
/// notice's text) in which an expectation's part after ` -- ` must occur.
struct Outcome {
  std::string text;
  std::string words;
};

/// Compares line by line; `*` stands for any word. Gives "" when all is as
/// expected, else both sides.
std::string compare(const std::vector<std::string>& expected, const std::vector<Outcome>& actual);

}  // namespace rri::cases
