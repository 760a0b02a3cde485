// What text files cannot say about `rri plan`: streams, exit status, JSON, size.
#include "app/plan/plan.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace rri::plan {
namespace {

constexpr std::string_view kConfig =
    "interface GigabitEthernet0/0/1\n"
    " linux device eth0\n"
    " ip address 192.168.0.2 255.255.255.0\n"
    " crypto map mymap\n"
    "ip route 0.0.0.0 0.0.0.0 192.168.0.1\n"
    "crypto dynamic-map dyn 1\n"
    " reverse-route\n"
    "crypto map mymap 1 ipsec-isakmp dynamic dyn\n";

/// A file that goes away with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text)
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("rri_plan_test_{}_{}", ::getpid(), reinterpret_cast<std::uintptr_t>(this))) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] std::string name() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

Outcome plan(std::string_view config, std::string_view events, bool json) {
  const TemporaryFile config_file(config);
  const TemporaryFile events_file(events);
  std::ostringstream out;
  std::ostringstream err;
  const int status = run_plan({config_file.name(), events_file.name(), json}, out, err);
  return {status, out.str(), err.str()};
}

TEST(Plan, ATunnelWithALinuxDeviceTakesTheSasOfItsNumber) {
  constexpr std::string_view kTunnel =
      "crypto ipsec profile IP\n reverse-route\ninterface Tunnel1\n linux device ipsec0\n tunnel protection ipsec profile IP\n";
  const auto done = plan(kTunnel, "sa up id=1 peer=198.51.100.2 remote=10.1.0.0/16 if_id=1\n", false);
  EXPECT_NE(done.out.find("on Tunnel1 RRI"), std::string::npos) << done.out;
  EXPECT_EQ(done.out.find("SA-UNMATCHED"), std::string::npos) << done.out;
}

TEST(Plan, AStandbyRouterSaysWhyItHasNoRoutes) {
  constexpr std::string_view kStandby =
      "interface eth0\n ip address 192.168.0.2 255.255.255.0\n standby 1 ip 192.168.0.3\n standby 1 name group1\n"
      " crypto map mymap redundancy group1\ncrypto map mymap 1 ipsec-isakmp\n set peer 10.1.1.1\n match address 102\n reverse-route static\n"
      "access-list 102 permit ip 192.168.1.0 0.0.0.255 10.0.0.0 0.0.255.255\n";
  EXPECT_NE(plan(kStandby, "", false).out.find("\n  crypto map mymap on eth0 makes no routes here: standby group group1 is Standby"), std::string::npos);
  EXPECT_EQ(plan(kStandby, "ha group1 active\n", false).out.find("makes no routes"), std::string::npos);
}

TEST(Plan, JsonHasTheShapeOfTheSpecification) {
  const auto result = plan(kConfig, "sa up id=1 peer=203.0.113.7 remote=10.8.1.0/24\n", true);
  ASSERT_EQ(result.status, 0) << result.err;
  const auto json = nlohmann::ordered_json::parse(result.out);
  const auto& row = json.at("routes").at(1);
  std::vector<std::string> names;
  for (const auto& item : row.items()) names.push_back(item.key());
  EXPECT_EQ(names, (std::vector<std::string>{"vrf", "prefix", "next_hop", "gateway", "device", "distance",
                                             "tag", "kind", "state", "map", "seq", "driver", "reason"}));
  EXPECT_EQ(row.at("next_hop"), "203.0.113.7");
  EXPECT_TRUE(row.at("gateway").is_null());
  EXPECT_EQ(row.at("device"), "eth0");
  EXPECT_EQ(row.at("seq"), 1);
  EXPECT_EQ(json.at("operations").at(1),
            (nlohmann::ordered_json{{"op", "add"}, {"vrf", "default"}, {"prefix", "10.8.1.0/24"}}));
  EXPECT_EQ(json.at("notices").at(0).at("code"), "LEAK-POSSIBLE");
}

TEST(Plan, ErrorsGiveStatusOneAndTheRestIsPrinted) {
  const auto result =
      plan(std::string(kConfig) + "ip route 1.2.3.4 bogus 5.6.7.8\n", "no such event\n", true);
  EXPECT_EQ(result.status, 1);
  EXPECT_NE(result.err.find(":9:"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find(":1:1: error: \"no\" is no event"), std::string::npos) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out).at("routes").size(), 1U);
}

TEST(Plan, AFileThatIsNotThereIsWrongUsage) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_plan({"/nonexistent/config", std::nullopt, true}, out, err), 2);
  EXPECT_EQ(out.str(), "");
  EXPECT_NE(err.str().find("/nonexistent/config"), std::string::npos);
}

TEST(Plan, TextTellsRoutesOperationsAndNotices) {
  const auto result = plan(kConfig, "sa up id=1 peer=203.0.113.7 remote=10.8.1.0/24\n", false);
  EXPECT_EQ(result.status, 0);
  EXPECT_NE(result.out.find("10.8.1.0/255.255.255.0 [1/0] via 203.0.113.7"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("0.0.0.0/0 [1/0] via 192.168.0.1"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("add    10.8.1.0/24"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("LEAK-POSSIBLE"), std::string::npos) << result.out;
}

TEST(Plan, EmptyAndBinaryInputIsSurvived) {
  EXPECT_EQ(plan("", "", true).status, 0);
  EXPECT_EQ(nlohmann::json::parse(plan("", "", true).out).at("routes").size(), 0U);
  const std::string bytes("\x00\xff\x01\n\x80\x81interface\x00\n", 17);
  EXPECT_TRUE(nlohmann::json::accept(plan(bytes, bytes, true).out));
}

/// CASES.md row 57 at its real size.
TEST(Plan, FiftyThousandPrefixesOfOnePeerGiveAThousandRoutesAndOneNotice) {
  std::string line = "sa up id=1 peer=203.0.113.7 remote=";
  for (int i = 0; i < 50'000; ++i)
    line += fmt::format("{}20.{}.{}.0/24", i == 0 ? "" : ",", i / 256, i % 256);
  const auto report = make_report({"C", std::string(kConfig), "E", line + "\n"});
  std::size_t active = 0;
  for (const auto& row : report.snapshot->routes) {
    active += row.kind == RouteKind::Proxy && row.state == RouteState::Active ? 1U : 0U;
  }
  EXPECT_EQ(active, 1000U);
  EXPECT_EQ(report.operations.size(), 1001U);
  EXPECT_EQ(std::count_if(report.notices.begin(), report.notices.end(),
                          [](const Notice& notice) { return notice.code == NoticeCode::LimitReached; }),
            1);
  EXPECT_EQ(report.notices.size(), 2U);
}

TEST(Plan, ALongTickEnds) {
  const auto report = make_report({"C", std::string(kConfig), "E", "tick 1000000000\ntick 1000000000\n"});
  EXPECT_FALSE(report.has_errors);
  EXPECT_EQ(report.operations.size(), 1U);
}

}  // namespace
}  // namespace rri::plan
