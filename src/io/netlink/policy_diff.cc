#include "io/netlink/policy_diff.h"

#include <algorithm>

namespace rri::netlink {
namespace {

enum class Step : std::uint8_t { RaiseBlocks, RaiseAllows, LowerAllows, LowerBlocks };

Step step_of(const PolicyMessage* before, const PolicyMessage* after) {
  const auto blocks = [](const PolicyMessage& policy) { return policy.action == PolicyAction::Block; };
  if (after == nullptr) return blocks(*before) ? Step::LowerBlocks : Step::LowerAllows;
  if (before == nullptr) return blocks(*after) ? Step::RaiseBlocks : Step::RaiseAllows;
  if (blocks(*before) != blocks(*after)) return blocks(*after) ? Step::RaiseBlocks : Step::LowerBlocks;
  const bool raises = after->priority < before->priority;
  if (blocks(*after)) return raises ? Step::RaiseBlocks : Step::LowerBlocks;
  return raises ? Step::RaiseAllows : Step::LowerAllows;
}

}  // namespace

std::vector<PolicyOperation> diff_policies(const Policies& wanted, const Policies& there) {
  std::vector<std::pair<Step, PolicyOperation>> steps;
  for (const auto& [key, policy] : wanted) {
    const auto found = there.find(key);
    const auto* before = found == there.end() ? nullptr : &found->second;
    if (before != nullptr && *before == policy) continue;
    steps.push_back({step_of(before, &policy), {before == nullptr ? PolicyChange::Add : PolicyChange::Update, policy}});
  }
  for (const auto& [key, policy] : there) {
    if (!wanted.contains(key)) steps.push_back({step_of(&policy, nullptr), {PolicyChange::Delete, policy}});
  }
  std::stable_sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<PolicyOperation> operations;
  operations.reserve(steps.size());
  for (auto& [step, operation] : steps) operations.push_back(std::move(operation));
  return operations;
}

}  // namespace rri::netlink
