// app/plan/plan.h -- `rri plan CONFIG [EVENTS] [--json]`: texts in, report out.
//
//   run_plan() reads files and prints; make_report() is the same without the
//   world. The exit status is 0, 1 when CONFIG or EVENTS has errors (the rest is
//   planned and printed all the same), 2 when a file cannot be read.
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/plan/simulated_kernel.h"
#include "core/snapshot.h"
#include "model/notice.h"

namespace rri::plan {

struct PlanInput {
  std::string config_name;  // as diagnostics call it
  std::string config;
  std::string events_name;
  std::string events;
};

struct PlanReport {
  std::shared_ptr<const core::Snapshot> snapshot;  // its routes are the rows at the end
  std::vector<Operation> operations;               // step by step
  std::vector<Notice> notices;                     // in the order in which they came up
  std::vector<std::string> diagnostics;            // "FILE:LINE:COLUMN: error: ...", CONFIG's first
  bool has_errors = false;
};

PlanReport make_report(const PlanInput& input);

/// The JSON object of SPEC.md section 8, pretty-printed one row a line.
std::string render_json(const PlanReport& report);
/// The same for people: routes in the layout of `show crypto route`, then the
/// `ip route` lines, operations and notices.
std::string render_text(const PlanReport& report);

struct PlanOptions {
  std::string config;                 // file name, "-" for standard input
  std::optional<std::string> events;  // likewise
  bool json = false;
};

/// The whole command; gives the exit status.
int run_plan(const PlanOptions& options, std::ostream& out, std::ostream& err);

}  // namespace rri::plan
