#include "cases/row_text.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"

namespace rri::cases {
namespace {

constexpr std::string_view kReasonMark = " -- ";

bool matches(std::string_view pattern, const Outcome& outcome) {
  std::string_view words;
  if (const auto mark = pattern.find(kReasonMark); mark != std::string_view::npos) {
    words = trim(pattern.substr(mark + kReasonMark.size()));
    pattern = pattern.substr(0, mark);
  }
  if (outcome.words.find(words) == std::string::npos) return false;
  const auto wanted = split_words(pattern);
  const auto found = split_words(outcome.text);
  if (wanted.size() != found.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] != "*" && wanted[i] != found[i]) return false;
  }
  return true;
}

}  // namespace

std::string row_text(const RouteRow& row) {
  std::string text = fmt::format("{} {} [{}/{}]", row.vrf, row.prefix.to_string(), row.distance, row.tag);
  text += row.next_hop ? fmt::format(" via {}", row.next_hop->to_string()) : " direct";
  if (row.gateway) text += fmt::format(" gateway {}", row.gateway->to_string());
  text += fmt::format(" dev {} {} {} {}", row.device.empty() ? "-" : row.device, to_string(row.state),
                      to_string(row.kind), to_string(row.driver));
  if (row.kind != RouteKind::Static) text += fmt::format(" {} {}", row.map, row.sequence);
  return text;
}

std::string operation_text(const plan::Operation& operation) {
  using Kind = core::RouteOp::Kind;
  const auto* verb = operation.kind == Kind::Add      ? "add"
                     : operation.kind == Kind::Change ? "change"
                                                      : "delete";
  return fmt::format("{} {} {}", verb, operation.vrf, operation.prefix.to_string());
}

std::string compare(const std::vector<std::string>& expected, const std::vector<Outcome>& actual) {
  bool same = expected.size() == actual.size();
  std::string report = "  expected:\n";
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const bool fits = i < actual.size() && matches(expected[i], actual[i]);
    same = same && fits;
    report += fmt::format("  {} {}\n", fits ? ' ' : '-', expected[i]);
  }
  report += "  came out:\n";
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const bool fits = i < expected.size() && matches(expected[i], actual[i]);
    report += fmt::format("  {} {}", fits ? ' ' : '+', actual[i].text);
    report += actual[i].words.empty() ? "\n" : fmt::format(" -- {}\n", actual[i].words);
  }
  return same ? std::string{} : report;
}

}  // namespace rri::cases
