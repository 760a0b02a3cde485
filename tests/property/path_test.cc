// The rows may depend on the state only, never on the way to it: after random
// events, and with all hold-downs over, they equal those of a fresh controller
// that was led straight there. The invariants hold after every event.
//
// RRI_SEED=N runs that seed alone; a failure prints its seed and both scripts.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "app/plan/session.h"
#include "base/text.h"
#include "cases/invariants.h"
#include "cases/row_text.h"
#include "property/random_world.h"

namespace rri::property {
namespace {

constexpr std::uint64_t kSeeds = 60;
constexpr int kEvents = 60;
constexpr int kEventsBetweenComparisons = 15;

std::vector<std::uint64_t> seeds() {
  if (const char* one = std::getenv("RRI_SEED")) return {parse_number<std::uint64_t>(one).value_or(1)};
  std::vector<std::uint64_t> all;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) all.push_back(seed);
  return all;
}

/// `told`: of both scripts, so that both assume the same underlay.
std::unique_ptr<plan::PlanSession> start(const ParseResult& config, const plan::ToldTables& told) {
  auto session = std::make_unique<plan::PlanSession>(told);
  session->start(config.document, config.config);
  return session;
}

/// Reasons are words about the state, so they count as well.
std::vector<std::string> rows_of(plan::PlanSession& session) {
  std::vector<std::string> rows;
  for (const auto& row : session.snapshot()->routes) {
    rows.push_back(fmt::format("{} ({}) {}", cases::row_text(row), row.reason, row.interface));
  }
  return rows;
}

std::vector<KernelRoute> table_of(plan::PlanSession& session) { return session.kernel().dump({}).routes; }

class Comparison {
 public:
  explicit Comparison(std::uint64_t seed)
      : world_(seed), text_(world_.make_config()), config_(parse_document(text_)) {
    // Some script will tell an IPv4 route in the global table; IPv6 stays as configured.
    told_ = plan::told_tables(config_.document, config_.config, {});
    told_.insert({std::string(kDefaultVrf), Family::V4});
    session_ = start(config_, told_);
  }

  void run() {
    for (int i = 1; i <= kEvents && !testing::Test::HasFailure(); ++i) {
      step(world_.make_event());
      if (i % kEventsBetweenComparisons != 0) continue;
      step("tick 100\n");
      compare();
    }
  }

 private:
  void step(const std::string& events) {
    script_ += events;
    for (const auto& one : plan::parse_script(events).steps) session_->run(one);
    for (const auto& violation : cases::find_violations(*session_)) ADD_FAILURE() << violation << context();
  }

  void compare() {
    auto fresh = start(config_, told_);
    for (const auto& one : plan::parse_script(world_.shortest_script()).steps) fresh->run(one);
    EXPECT_EQ(rows_of(*session_), rows_of(*fresh)) << context();
    EXPECT_EQ(table_of(*session_) == table_of(*fresh), true) << "the kernel's routes differ" << context();
  }

  [[nodiscard]] std::string context() const {
    return fmt::format("\nconfiguration:\n{}\nevents:\n{}\nstraight:\n{}", text_, script_,
                       world_.shortest_script());
  }

  RandomWorld world_;
  std::string text_;
  ParseResult config_;
  plan::ToldTables told_;
  std::unique_ptr<plan::PlanSession> session_;
  std::string script_;
};

TEST(Paths, RowsDependOnTheStateOnly) {
  for (const auto seed : seeds()) {
    SCOPED_TRACE(fmt::format("RRI_SEED={}", seed));
    Comparison(seed).run();
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace rri::property
