// A running configuration that is pasted into a session, line by line, as it
// stands in the file or with all lines at the margin, becomes what the file is.
#include <gtest/gtest.h>

#include <sstream>

#include "shell/session.h"
#include "unit/config/support.h"

namespace rri::shell {
namespace {

/// What is configured after `text` was typed, and what was said against its lines.
struct Pasted {
  std::string configuration;
  std::vector<std::string> objections;
};

Pasted paste(const std::string& text) {
  Document document;
  SessionHost host;
  host.document = &document;
  host.environment.running_config = [&] { return render_document(document); };
  host.hostname = [] { return "R1"; };
  host.generation = [] { return 0U; };
  host.on_change = [](const SessionUser&, std::string_view) {};
  host.flush = [] {};
  host.on_configured = [](const SessionUser&) {};
  host.is_saved = [] { return true; };
  host.pending_revert = []() -> std::optional<Pending> { return std::nullopt; };
  host.hash_secret = [](std::string_view clear) { return "9 hash-of-" + std::string(clear); };
  Session session(host, {"root", "vty0", true});
  session.take_line("enable");
  session.take_line("configure terminal");
  Pasted pasted;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto answer = session.take_line(line);
    if (answer.misfit || !answer.failure.empty() || !answer.refusal.empty()) pasted.objections.push_back(line + ": " + answer.refusal + answer.failure);
  }
  pasted.configuration = render_document(document);
  return pasted;
}

/// The first line of `text` that is another in `wanted`; "" when there is none.
std::string first_difference(const std::string& text, const std::string& wanted) {
  std::istringstream lines(text);
  std::istringstream others(wanted);
  std::string line;
  std::string other;
  while (std::getline(others, other)) {
    if (!std::getline(lines, line)) return "missing: " + other;
    if (line != other) return line + " instead of " + other;
  }
  return std::getline(lines, line) ? "too much: " + line : "";
}

class Paste : public ::testing::TestWithParam<const char*> {};

TEST_P(Paste, is_the_file) {
  const auto text = testing::canonical(testing::read_data(GetParam()));
  const auto indented = paste(text);
  EXPECT_EQ(indented.objections, std::vector<std::string>());
  EXPECT_EQ(first_difference(indented.configuration, text), "");
  const auto flat = paste(testing::flattened(text));
  EXPECT_EQ(flat.objections, std::vector<std::string>());
  EXPECT_EQ(first_difference(flat.configuration, text), "");
}

INSTANTIATE_TEST_SUITE_P(Files, Paste,
                         ::testing::Values("rare_sections.cfg", "hub_router.cfg", "router_ios124.cfg", "router_xe17.cfg", "router_isr154.cfg",
                                           "switch_ios122.cfg", "voice_gateway_xe16.cfg", "vrf_bgp.cfg", "ipv6_only.cfg"));

}  // namespace
}  // namespace rri::shell
