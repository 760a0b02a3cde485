#include "cases/case_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "app/plan/events_script.h"
#include "app/plan/session.h"
#include "cases/invariants.h"
#include "cases/paths.h"
#include "cases/row_text.h"
#include "config/config.h"

namespace rri::cases {
namespace {

using Kind = Section::Kind;

/// All events of a file, and the session's configuration.
struct Material {
  ParseResult config;
  plan::Script script;                         // of all steps together
  std::vector<std::vector<plan::Step>> parts;  // of each Step section
};

Material make_material(const CaseFile& file) {
  Material material;
  material.config = parse_document(file.sections.front().text);
  std::string all;
  for (const auto& section : file.sections) {
    if (section.kind != Kind::Step) continue;
    all += section.text;
    material.parts.push_back(plan::parse_script(section.text).steps);
  }
  material.script = plan::parse_script(all);
  return material;
}

plan::ToldTables told(const Material& material) {
  return plan::told_tables(material.config.document, material.config.config, material.script);
}

std::vector<std::string> rows_of(plan::PlanSession& session) {
  std::vector<std::string> rows;
  for (const auto& row : session.snapshot()->routes) rows.push_back(row_text(row));
  return rows;
}

class PlainRun {
 public:
  explicit PlainRun(const CaseFile& file)
      : file_(file), material_(make_material(file)), session_(told(material_)) {}

  std::vector<std::string> take() {
    for (const auto& diagnostic : material_.config.diagnostics) add_error(diagnostic);
    session_.start(material_.config.document, material_.config.config);
    check_invariants(file_.sections.front());
    std::size_t part = 0;
    for (const auto& section : file_.sections) {
      if (section.kind == Kind::Step) {
        run_steps(section, part++);
      } else if (section.kind == Kind::Restart) {
        session_.restart(plan::parse_script(section.text).steps);
        check_invariants(section);
      } else if (section.kind != Kind::Config) {
        check(section);
      }
    }
    if (!errors_.empty())
      wrong_.push_back(
          fmt::format("{}: an error that the case does not expect: {}", file_.name, errors_[0].words));
    return std::move(wrong_);
  }

 private:
  void run_steps(const Section& section, std::size_t part) {
    for (const auto& error : plan::parse_script(section.text).errors) {
      errors_.push_back({fmt::format("{}:{}", error.position.line, error.position.column), error.text});
    }
    for (const auto& step : material_.parts[part]) {
      session_.run(step);
      check_invariants(section);
    }
    const auto& diagnostics = session_.diagnostics();
    for (; diagnostics_seen_ < diagnostics.size(); ++diagnostics_seen_)
      add_error(diagnostics[diagnostics_seen_]);
  }

  void add_error(const Diagnostic& diagnostic) {
    if (diagnostic.severity != Severity::Error) return;
    errors_.push_back(
        {fmt::format("{}:{}", diagnostic.position.line, diagnostic.position.column), diagnostic.text});
  }

  void check_invariants(const Section& section) {
    for (const auto& violation : find_violations(session_)) {
      wrong_.push_back(fmt::format("{}:{}: {}", file_.name, section.line, violation));
    }
  }

  void check(const Section& section) {
    const auto difference = compare(section.expected, outcomes(section.kind));
    if (!difference.empty())
      wrong_.push_back(fmt::format("{}.case:{}:\n{}", file_.name, section.line, difference));
  }

  /// What came out since the last section of this kind.
  std::vector<Outcome> outcomes(Kind kind) {
    std::vector<Outcome> found;
    if (kind == Kind::Operations) {
      const auto& all = session_.operations();
      for (; operations_seen_ < all.size(); ++operations_seen_)
        found.push_back({operation_text(all[operations_seen_]), {}});
    } else if (kind == Kind::Notices) {
      const auto& all = session_.notices();
      for (; notices_seen_ < all.size(); ++notices_seen_) {
        found.push_back({std::string(notice_name(all[notices_seen_].code)), all[notices_seen_].text});
      }
    } else if (kind == Kind::Error) {
      return std::exchange(errors_, {});
    } else {
      for (const auto& row : session_.snapshot()->routes) found.push_back({row_text(row), row.reason});
    }
    return found;
  }

  const CaseFile& file_;
  Material material_;
  plan::PlanSession session_;
  std::vector<std::string> wrong_;
  std::vector<Outcome> errors_;
  std::size_t operations_seen_ = 0;
  std::size_t notices_seen_ = 0;
  std::size_t diagnostics_seen_ = 0;
};

std::vector<plan::Step> all_steps(const Material& material) {
  std::vector<plan::Step> steps;
  for (const auto& part : material.parts) steps.insert(steps.end(), part.begin(), part.end());
  return steps;
}

bool is_tick(const plan::Step& step) { return std::holds_alternative<plan::TickStep>(step.action); }

/// `exit` twice would leave two modes.
bool may_repeat(const plan::Step& step) {
  const auto* line = std::get_if<plan::ConfigLineStep>(&step.action);
  return !is_tick(step) && (line == nullptr || line->text.find("exit") == std::string::npos);
}

/// Gives what happened although it had happened already.
std::vector<std::string> run_duplicated(plan::PlanSession& session, const std::vector<plan::Step>& steps) {
  std::vector<std::string> wrong;
  for (const auto& step : steps) {
    session.run(step);
    if (!may_repeat(step)) continue;
    auto again = step;
    if (auto* line = std::get_if<plan::ConfigLineStep>(&again.action)) line->first_of_block = false;
    const auto before = session.operations().size();
    session.run(again);
    for (std::size_t i = before; i < session.operations().size(); ++i) {
      wrong.push_back(
          fmt::format("the same event again made an operation: {}", operation_text(session.operations()[i])));
    }
  }
  return wrong;
}

void run_squashed(plan::PlanSession& session, const std::vector<plan::Step>& steps) {
  std::vector<plan::Step> batch;
  for (const auto& step : steps) {
    if (is_tick(step)) session.run_together(std::exchange(batch, {}));
    batch.push_back(step);
    if (is_tick(step)) session.run_together(std::exchange(batch, {}));
  }
  session.run_together(batch);
}

}  // namespace

std::vector<std::string> run_plain(const CaseFile& file) { return PlainRun(file).take(); }

std::vector<std::string> run_variant(const CaseFile& file, Variant variant) {
  const auto material = make_material(file);
  auto steps = all_steps(material);
  plan::PlanSession plain(told(material));
  plain.start(material.config.document, material.config.config);
  for (const auto& step : steps) plain.run(step);

  plan::PlanSession other(told(material));
  std::vector<std::string> wrong;
  if (variant == Variant::Split) {
    other.start({}, {});
    for (const auto& line : typed(file.sections.front().text)) other.run(line);
  } else {
    other.start(material.config.document, material.config.config);
  }
  if (variant == Variant::Reversed) steps = reversed(steps, file.sections.front().text);
  if (variant == Variant::Duplicated) {
    wrong = run_duplicated(other, steps);
  } else if (variant == Variant::Squashed) {
    run_squashed(other, steps);
  } else {
    for (const auto& step : steps) other.run(step);
  }
  for (const auto& violation : find_violations(other)) wrong.push_back(violation);

  std::vector<Outcome> rows;
  for (const auto& row : rows_of(other)) rows.push_back({row, {}});
  const auto difference = compare(rows_of(plain), rows);
  if (!difference.empty())
    wrong.push_back(fmt::format("{}, {}:\n{}", file.name, to_string(variant), difference));
  return wrong;
}

}  // namespace rri::cases
