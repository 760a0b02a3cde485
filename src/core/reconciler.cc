#include "core/reconciler.h"

#include <algorithm>

#include "core/limits.h"

namespace rri::core {

std::vector<RouteBatch> Reconciler::take_batches(bool may_delete_adopted) {
  std::vector<RouteBatch> batches;
  while (in_flight_.size() < kMaxBatchesInFlight) {
    auto operations = table_.take_operations(kMaxBatchOperations, may_delete_adopted);
    if (operations.empty()) break;
    RouteBatch batch;
    batch.id = next_id_++;
    for (const auto& [key, operation] : operations) batch.operations.push_back(operation);
    in_flight_.emplace(batch.id, std::move(operations));
    batches.push_back(std::move(batch));
  }
  return batches;
}

std::vector<OpReport> Reconciler::on_done(const BatchDone& done, TimePoint now) {
  std::vector<OpReport> reports;
  const auto found = in_flight_.find(done.batch);
  if (found == in_flight_.end()) return reports;
  auto operations = std::move(found->second);
  in_flight_.erase(found);
  for (auto& [key, operation] : operations) reports.push_back({key, std::move(operation), OpOutcome::Done, {}});
  for (const auto& failure : done.failures) {
    if (failure.index >= reports.size()) continue;
    reports[failure.index].outcome = failure.outcome;
    reports[failure.index].text = failure.text;
  }
  for (const auto& report : reports) apply(report, now);
  return reports;
}

void Reconciler::apply(const OpReport& report, TimePoint now) {
  auto& entry = table_.at(report.key);
  const auto& route = report.operation.route;
  entry.in_flight = false;
  const bool is_delete = report.operation.kind == RouteOp::Kind::Delete;
  switch (report.outcome) {
    case OpOutcome::Done:
      table_.clear_trouble(report.key);
      if (is_delete) entry.reinstall = entry.reinstall && entry.actual.size() > 1;
      is_delete ? table_.remove_actual(report.key, route.key.metric) : table_.put_actual(report.key, route, false);
      return;
    case OpOutcome::Missing:
      table_.remove_actual(report.key, route.key.metric);
      return;
    case OpOutcome::NotDone:
      table_.requeue(report.key);
      return;
    case OpOutcome::Occupied:
      table_.set_trouble(report.key, {report.outcome, report.text, now + kOccupiedRetry, kOccupiedRetry});
      return;
    case OpOutcome::Failed: {
      const Millis last = entry.trouble && entry.trouble->outcome == OpOutcome::Failed ? entry.trouble->pause : Millis{};
      const Millis pause = last == Millis{} ? kFirstRetry : std::min(2 * last, kLongestRetry);
      table_.set_trouble(report.key, {report.outcome, report.text, now + pause, pause});
      return;
    }
  }
}

}  // namespace rri::core
