#include "app/plan/plan.h"

#include <fmt/format.h>

#include <ostream>
#include <utility>

#include "app/plan/events_script.h"
#include "app/plan/input_file.h"
#include "app/plan/limits.h"
#include "app/plan/session.h"
#include "base/result.h"
#include "config/config.h"

namespace rri::plan {
namespace {

void report_diagnostics(PlanReport& report, const std::vector<Diagnostic>& diagnostics,
                        const std::string& file) {
  for (const auto& diagnostic : diagnostics)
    report.diagnostics.push_back(render_diagnostic(diagnostic, file));
  report.has_errors = report.has_errors || has_errors(diagnostics);
}

}  // namespace

PlanReport make_report(const PlanInput& input) {
  PlanReport report;
  auto parsed = parse_document(input.config);
  const auto script = parse_script(input.events);
  report_diagnostics(report, parsed.diagnostics, input.config_name);
  for (const auto& error : script.errors) {
    report.diagnostics.push_back(render_error(error, input.events_name));
    report.has_errors = true;
  }

  PlanSession session(told_tables(parsed.document, parsed.config, script));
  session.start(std::move(parsed.document), std::move(parsed.config));
  for (const auto& step : script.steps) session.run(step);

  report_diagnostics(report, session.diagnostics(), input.events_name);
  report.snapshot = session.snapshot();
  report.operations = session.operations();
  report.notices = session.notices();
  return report;
}

int run_plan(const PlanOptions& options, std::ostream& out, std::ostream& err) {
  PlanInput input{options.config == "-" ? "<stdin>" : options.config, {}, options.events.value_or(""), {}};
  auto config = read_input_file(options.config);
  auto events = options.events ? read_input_file(*options.events) : Result<std::string>(std::string{});
  for (const auto* text : {&config, &events}) {
    if (*text) continue;
    err << "rri plan: could not " << text->error().text << '\n';
    return 2;
  }
  input.config = std::move(*config);
  input.events = std::move(*events);
  const auto report = make_report(input);
  for (std::size_t i = 0; i < report.diagnostics.size() && i < kMaxErrors; ++i)
    err << report.diagnostics[i] << '\n';
  if (report.diagnostics.size() > kMaxErrors) {
    err << "rri plan: " << report.diagnostics.size() - kMaxErrors << " more diagnostics are not shown\n";
  }
  out << (options.json ? render_json(report) : render_text(report));
  return report.has_errors ? 1 : 0;
}

}  // namespace rri::plan
