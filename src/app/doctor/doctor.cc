#include "app/doctor/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"

namespace rri::doctor {

namespace {

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::Ok: return "ok";
    case Verdict::Wrong: return "wrong";
    case Verdict::Note: return "note";
    case Verdict::Unseen: return "unseen";
  }
  return "";
}

std::ptrdiff_t count(const std::vector<Finding>& findings, Verdict verdict) {
  return std::count_if(findings.begin(), findings.end(), [&](const auto& finding) { return finding.verdict == verdict; });
}

}  // namespace

std::string render_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) {
    const auto mark = finding.verdict == Verdict::Wrong ? std::string_view("WRONG") : word(finding.verdict);
    text += fmt::format("{:<7} {}\n", mark, printable(finding.text));
    if (!finding.cure.empty()) text += fmt::format("{:<7} cure: {}\n", "", printable(finding.cure));
  }
  return text + fmt::format("\n{} right, {} wrong, {} to know, {} not seen\n", count(findings, Verdict::Ok), count(findings, Verdict::Wrong),
                            count(findings, Verdict::Note), count(findings, Verdict::Unseen));
}

std::string render_json(const std::vector<Finding>& findings) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const auto& finding : findings) {
    list.push_back({{"check", finding.check}, {"verdict", word(finding.verdict)}, {"text", finding.text}, {"cure", finding.cure}});
  }
  const Json object{{"findings", std::move(list)}, {"wrong", count(findings, Verdict::Wrong)}};
  return object.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

int run_doctor(const DoctorOptions& options, std::ostream& out) {
  const auto findings = judge(collect_facts(options.places));
  out << (options.json ? render_json(findings) : render_text(findings));
  return count(findings, Verdict::Wrong) == 0 ? 0 : 1;
}

}  // namespace rri::doctor
