// app/plan/session.h -- the controller at work on the simulated host.
//
// A session takes steps (SPEC.md section 8: the start configuration, an EVENTS
// line, a line inside `config`). Each step's events go to the controller, its
// effects to the simulated kernel, the answers back, until nothing moves any
// more. Time stands still but in `tick`, where timers fire at their own moments.
//
// Events that name nobody, or tell what is so already, end here: a notice, and
// the controller does not see them.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/plan/events_script.h"
#include "app/plan/simulated_kernel.h"
#include "config/config.h"
#include "core/controller.h"

namespace rri::plan {

class PlanSession {
 public:
  /// `told`: see told_tables().
  explicit PlanSession(ToldTables told);

  /// The first step: the whole start configuration.
  void start(Document document, Config config);
  void run(const Step& step);
  /// Several steps at once: their events reach the controller before any answer
  /// does. The end must be the same (the tests compare); not for `tick`.
  void run_together(const std::vector<Step>& steps);

  /// What reached the table, step by step.
  [[nodiscard]] const std::vector<Operation>& operations() const { return operations_; }
  /// All notices so far, in the order in which they came up.
  [[nodiscard]] const std::vector<Notice>& notices() const { return notices_; }
  /// What lines inside `config` were refused for, positions in EVENTS.
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  [[nodiscard]] std::shared_ptr<const core::Snapshot> snapshot() { return controller_.snapshot(); }

  // For the tests.
  /// The program starts again on the same host. `meanwhile`: `sa up` and `sa down`
  /// that nobody saw. What was told of groups stays (SPEC.md 3.5).
  void restart(const std::vector<Step>& meanwhile);
  [[nodiscard]] SimulatedKernel& kernel() { return kernel_; }
  [[nodiscard]] const Document& document() const { return document_; }

 private:
  void translate(const Step& step);
  void settle();
  void absorb(core::Effects effects);
  void finish_step();
  void tick(Seconds seconds);
  void feed(core::Event event) { queue_.push_back(std::move(event)); }
  void feed_all(std::vector<core::Event> events);
  void note(Notice notice);
  void note_picture();
  void ignore(const std::string& what);

  void on(const SaUpStep& step);
  void on(const SaDownStep& step);
  void on(const SaRekeyStep& step);
  void on(const SourceLostStep& step);
  void on(const SourceBackStep& step);
  void on(const GroupStep& step);
  void on(const LinkStep& step);
  void on(const RouteStep& step);
  void on(const TickStep& step);
  void on(const ConfigLineStep& step);

  void commit(Config config);
  [[nodiscard]] core::SaList full_list() const;
  [[nodiscard]] bool is_known_sa(SaId id);
  [[nodiscard]] bool is_known_group(const std::string& group) const;

  SimulatedKernel kernel_;
  core::Controller controller_;
  std::deque<core::Event> queue_;
  TimePoint now_{};
  std::optional<TimePoint> wake_at_;

  Document document_;
  std::shared_ptr<const Config> config_;
  std::optional<Editor> editor_;        // of the open `config` block
  std::map<SaId, Sa> live_;             // what the events say is up
  std::map<std::string, bool> groups_;  // as the last event said
  bool source_lost_ = false;
  bool foreign_changed_ = false;  // in the step that runs
  std::uint32_t line_ = 0;        // of the step that runs

  std::vector<Operation> operations_;
  std::vector<Notice> notices_;
  std::set<Notice> noted_;
  std::vector<Diagnostic> diagnostics_;
};

/// VRFs and families of which CONFIG or EVENTS tell a route (UNDERLAY-ASSUMED
/// holds in the others). Runs the `config` blocks on a copy.
ToldTables told_tables(const Document& document, const Config& config, const Script& script);

}  // namespace rri::plan
