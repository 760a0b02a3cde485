#include <fmt/format.h>

#include <iterator>

#include "app/plan/plan.h"
#include "base/pieces.h"
#include "base/text.h"
#include "show/json.h"
#include "show/routes.h"
#include "show/standby.h"

namespace rri::plan {
namespace {

std::string_view name_of(core::RouteOp::Kind kind) {
  switch (kind) {
    case core::RouteOp::Kind::Add:
      return "add";
    case core::RouteOp::Kind::Change:
      return "change";
    case core::RouteOp::Kind::Delete:
      return "delete";
  }
  return "";
}

std::string operation_json(const Operation& operation) {
  return fmt::format(R"({{"op":"{}","vrf":{},"prefix":"{}"}})", name_of(operation.kind),
                     show::quoted_json(operation.vrf), operation.prefix.to_string());
}

/// `"name": [` items, one a line, `]`.
template <class Items, class Render>
void append_array(std::string& out, std::string_view name, const Items& items, Render render) {
  fmt::format_to(std::back_inserter(out), "\"{}\": [", name);
  const char* separator = "\n  ";
  for (const auto& item : items) {
    out += separator;
    out += render(item);
    separator = ",\n  ";
  }
  out += items.empty() ? "]" : "\n ]";
}

/// An `ip route` line as IOS's `show ip route static` would say it.
std::string static_line(const RouteRow& row) {
  std::string line = fmt::format("{} [{}/{}]", row.prefix.to_string(), row.distance, row.tag);
  if (row.vrf != kDefaultVrf) line = fmt::format("vrf {} {}", row.vrf, line);
  if (row.next_hop) line += fmt::format(" via {}", row.next_hop->to_string());
  if (!row.device.empty()) line += fmt::format(", {}", row.device);
  line += fmt::format(" ({}", to_string(row.state));
  if (!row.reason.empty()) line += fmt::format(": {}", printable(row.reason));
  return line + ")\n";
}

std::string statics_text(const core::Snapshot& snapshot) {
  std::string out;
  for (const auto& row : snapshot.routes) {
    if (row.kind == RouteKind::Static) out += "  " + static_line(row);
  }
  return out.empty() ? out : "\nRoutes of `ip route` lines\n" + out;
}

}  // namespace

std::string render_json(const PlanReport& report) {
  std::string out = "{";
  append_array(out, "routes", report.snapshot->routes,
               [](const RouteRow& row) { return show::route_json(row); });
  out += ",\n ";
  append_array(out, "operations", report.operations, operation_json);
  out += ",\n ";
  append_array(out, "notices", report.notices,
               [](const Notice& notice) { return show::notice_json(notice); });
  out += "}\n";
  return out;
}

std::string render_text(const PlanReport& report) {
  std::string out = collect(show::crypto_routes(core::rows_of(report.snapshot), {}));
  out += statics_text(*report.snapshot);
  out += report.operations.empty() ? "\nNothing reached the table\n"
                                   : "\nWhat reached the table, step by step\n";
  for (const auto& operation : report.operations) {
    out += fmt::format("  {:6} {}", name_of(operation.kind), operation.prefix.to_string());
    out += operation.vrf == kDefaultVrf ? "\n" : fmt::format(" vrf {}\n", operation.vrf);
  }
  const auto waiting = show::waiting_maps(*report.snapshot, {});
  if (!waiting.empty()) out += "\nStandby\n";
  for (const auto& line : waiting) out += fmt::format("  {}\n", printable(line));
  if (!report.notices.empty()) out += "\nNotices\n";
  for (const auto& notice : report.notices) {
    out += fmt::format("  {}: {}\n", notice_name(notice.code), printable(notice.text));
  }
  return out;
}

}  // namespace rri::plan
