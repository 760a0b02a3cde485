#include "cases/invariants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "cases/row_text.h"

namespace rri::cases {
namespace {

/// Family, address, length: Prefix orders by address first, which starts with
/// the family.
bool row_before(const RouteRow& a, const RouteRow& b) {
  if (a.vrf != b.vrf) return plan::vrf_before(a.vrf, b.vrf);
  return std::tie(a.prefix, a.state, a.sequence, a.next_hop) <
         std::tie(b.prefix, b.state, b.sequence, b.next_hop);
}

bool is_installed(RouteState state) {
  return state == RouteState::Active || state == RouteState::Held || state == RouteState::Shadowed;
}

std::string key_text(const KernelKey& key) {
  return fmt::format("{} {} metric {}", key.vrf, key.prefix.to_string(), key.metric);
}

void check_table(plan::PlanSession& session, std::vector<std::string>& wrong) {
  std::set<KernelKey> rows;
  for (const auto& row : session.snapshot()->routes) {
    if (is_installed(row.state)) rows.insert({row.vrf, row.prefix, metric_of_distance(row.distance)});
  }
  std::set<KernelKey> table;
  for (const auto& route : session.kernel().dump({}).routes) table.insert(route.key);
  for (const auto& key : rows) {
    if (!table.contains(key)) wrong.push_back("a row says installed, the table lacks " + key_text(key));
  }
  for (const auto& key : table) {
    if (!rows.contains(key)) wrong.push_back("no row speaks for the route " + key_text(key));
  }
}

void check_configuration(const plan::PlanSession& session, std::vector<std::string>& wrong) {
  const auto text = render_document(session.document());
  const auto again = parse_document(text);
  if (!(again.document == session.document()))
    wrong.push_back("parse(render(c)) is another configuration:\n" + text);
  if (render_document(again.document) != text) wrong.push_back("rendering is no fixed point:\n" + text);
}

}  // namespace

std::vector<std::string> find_violations(plan::PlanSession& session) {
  std::vector<std::string> wrong;
  for (const auto& idle : session.kernel().take_idle_operations()) {
    wrong.push_back("an operation that changes nothing: " + key_text(idle.route.key));
  }
  check_table(session, wrong);
  check_configuration(session, wrong);
  const auto& rows = session.snapshot()->routes;
  const auto unsorted = std::adjacent_find(
      rows.begin(), rows.end(), [](const RouteRow& a, const RouteRow& b) { return row_before(b, a); });
  if (unsorted != rows.end()) wrong.push_back("rows are not sorted at " + row_text(*unsorted));
  return wrong;
}

}  // namespace rri::cases
