// Four times the lines take about four times as long, whatever the lines.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <time.h>

#include <functional>

#include "unit/config/support.h"

namespace rri {
namespace {

using Section = std::function<std::string(int)>;

std::string repeated(const Section& section, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += section(i);
  return text;
}

/// Seconds of this thread that typing `text` (`times` times) costs; others on the machine do not count.
double cost_of_typing(const std::string& text, int times) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  const auto start = now();
  Document document;
  Editor::Options options;
  options.is_typed = true;
  options.keep_refused = false;
  for (int i = 0; i < times; ++i) {
    Editor editor(document, options);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) editor.apply(line);
  }
  return now() - start;
}

/// Linear is 4, quadratic 16. The best of some, since caches and neighbours make one run slow.
double growth(const Section& section, int times) {
  constexpr int kFew = 1000;
  constexpr int kFactor = 4;
  double best = kFactor * kFactor;
  for (int i = 0; i < 3 && best > kFactor * 1.5; ++i) {
    const auto few = cost_of_typing(repeated(section, kFew), times);
    best = std::min(best, cost_of_typing(repeated(section, kFew * kFactor), times) / few);
  }
  return best;
}

class GrowthTest : public ::testing::TestWithParam<std::pair<const char*, Section>> {};

TEST_P(GrowthTest, is_not_quadratic) {
  constexpr double kMost = 9;
  EXPECT_LT(growth(GetParam().second, 1), kMost);
  EXPECT_LT(growth(GetParam().second, 2), kMost) << "typed onto itself";
}

INSTANTIATE_TEST_SUITE_P(
    Sections, GrowthTest,
    ::testing::Values(
        std::pair{"interfaces", Section([](int i) {
          return fmt::format("interface Loopback{}\n description number {}\n ip address 10.{}.{}.1 255.255.255.255\n no shutdown\n", i, i, i / 250, i % 250);
        })},
        std::pair{"interfaces_in_vrfs", Section([](int i) {
          return fmt::format("interface Loopback{}\n vrf forwarding V{}\n ip address 10.0.0.1 255.255.255.0\n", i, i);
        })},
        std::pair{"route_maps", Section([](int i) { return fmt::format("route-map RM{} permit 10\n match ip address prefix-list P{}\n", i, i % 50); })},
        std::pair{"one_route_map", Section([](int i) { return fmt::format("route-map RM permit {}\n match ip address prefix-list P{}\n", i + 1, i % 50); })},
        std::pair{"nat_and_lists", Section([](int i) {
          return fmt::format("ip nat inside source static 10.{0}.{1}.1 203.0.{0}.{1}\nip prefix-list P{2} seq {3} permit 10.{0}.{1}.0/24\nroute-map RM{4} permit 10\n", i / 250, i % 250, i % 50,
                             5 * (i / 50) + 5, i);
        })}),
    [](const auto& test) { return std::string(test.param.first); });

}  // namespace
}  // namespace rri
