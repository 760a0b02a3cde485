// FRR's bytes, lines and what we would type, without FRR.

#include "io/frr/static_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "io/frr/codec.h"
#include "io/frr/ledger.h"

namespace rri::frr {
namespace {

using core::OpOutcome;
using core::RouteOp;

std::string in_vrf(const std::string& device) { return device == "red0" ? "red" : "default"; }

RouteOp operation(RouteOp::Kind kind, const std::string& prefix, const std::string& gateway, std::uint8_t distance, std::uint32_t tag) {
  RouteOp made;
  made.kind = kind;
  made.route.key = {"default", *Prefix::parse(prefix), metric_of_distance(distance)};
  made.route.next_hops = {{*IpAddress::parse(gateway), "h-out", true}};
  made.route.realm = tag;
  return made;
}

/// What staticd 8.4.4 printed [LAB].
constexpr const char* kRunning[] = {
    "frr version 8.4.4", "!", "ip route 10.1.0.0/16 198.51.100.2 h-out tag 42 200 onlink", "ip route 10.3.0.0/16 blackhole tag 7 250",
    "ipv6 route fd02::/64 fe80::1 h-out onlink", "vrf red", " ip route 10.4.0.0/16 198.51.100.3 h-out tag 43 nexthop-vrf default onlink",
    "exit-vrf", "ip route 10.77.0.0/16 203.0.113.2", "end"};

void read(StaticTable& table) {
  ConfigReader reader;
  table.begin_reading();
  for (const auto* line : kRunning) {
    if (auto path = reader.read(line)) table.put(*path);
  }
  table.end_reading();
}

TEST(FrrCodec, the_recorded_session_reads_the_same_however_it_is_cut) {
  std::ifstream file(RRI_TESTS_DIR "/data/frr/staticd-vty.bin", std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  // The answers: behind each "<<", up to the status byte behind three NULs.
  std::string answers;
  const auto bytes = all.str();
  for (auto at = bytes.find("<<"); at != std::string::npos; at = bytes.find("<<", at)) {
    const auto end = bytes.find(std::string(3, '\0'), at);
    answers += bytes.substr(at + 2, end + 4 - at - 2);
    at = end + 4;
  }
  for (const std::size_t step : {1UL, 2UL, 3UL, 5UL, answers.size()}) {
    AnswerReader reader;
    std::vector<std::string> items;
    for (std::size_t at = 0; at < answers.size(); at += step) {
      reader.feed(std::string_view(answers).substr(at, step));
      for (auto item = reader.next(); item && *item; item = reader.next()) {
        if (const auto* line = std::get_if<AnswerReader::Line>(&**item)) items.emplace_back(line->text);
        if (const auto* end = std::get_if<AnswerReader::End>(&**item)) items.push_back(std::to_string(end->status));
      }
    }
    ASSERT_EQ(items.size(), 9U);
    EXPECT_EQ(items[3], "% [STATIC] Unknown command: ip route 10.201.0.0/33 203.0.113.2");
    EXPECT_EQ(items[4], "2");
    EXPECT_EQ(items[7], "% Refusing to remove a non-existent route");
    EXPECT_EQ(items[8], "0");
  }
}

TEST(FrrCodec, an_endless_line_and_a_stray_nul_are_errors) {
  AnswerReader longer;
  longer.feed(std::string(5000, 'x'));
  EXPECT_FALSE(longer.next());
  AnswerReader stray;
  stray.feed(std::string("a\0b\0\0\0", 6));
  EXPECT_TRUE(stray.next());
  EXPECT_FALSE(stray.next());
}

TEST(FrrLines, are_read_and_written_as_frr_writes_them) {
  ConfigReader reader;
  std::vector<std::string> written;
  for (const auto* line : kRunning) {
    if (auto path = reader.read(line)) written.push_back(render_path(*path));
  }
  EXPECT_EQ(written, (std::vector<std::string>{
                         "ip route 10.1.0.0/16 198.51.100.2 h-out tag 42 200 onlink", "ip route 10.3.0.0/16 blackhole tag 7 250",
                         "ipv6 route fd02::/64 fe80::1 h-out onlink",
                         "ip route 10.4.0.0/16 198.51.100.3 h-out tag 43 vrf red nexthop-vrf default onlink",
                         "ip route 10.77.0.0/16 203.0.113.2"}));
}

TEST(FrrLines, words_that_we_never_write_make_a_line_not_ours) {
  EXPECT_TRUE(parse_path("ip route 10.0.0.0/8 h-out label 5", "default")->has_more);
  EXPECT_TRUE(parse_path("ip route 10.0.0.0/8 192.0.2.1 table 7", "default")->has_more);
  EXPECT_FALSE(parse_path("ip route 10.0.0.0/33 192.0.2.1", "default"));
  EXPECT_FALSE(parse_path("ip router-id 1.1.1.1", "default"));
}

TEST(FrrTable, only_what_the_ledger_has_is_ours) {
  StaticTable table(in_vrf);
  table.adopt("ip route 10.1.0.0/16 198.51.100.2 h-out");
  table.adopt("ip route 10.4.0.0/16 198.51.100.3 h-out vrf red nexthop-vrf default");
  read(table);
  const auto routes = table.routes({});
  ASSERT_EQ(routes.size(), 2U);
  EXPECT_EQ(routes[0].key.metric, 200U << 24);
  EXPECT_EQ(routes[0].realm, 42U);
  EXPECT_TRUE(routes[0].next_hops[0].onlink);
  EXPECT_EQ(routes[1].key.vrf, "red");
}

TEST(FrrTable, a_right_route_needs_no_line) {
  StaticTable table(in_vrf);
  table.adopt("ip route 10.1.0.0/16 198.51.100.2 h-out");
  read(table);
  const auto plan = table.plan(operation(RouteOp::Kind::Add, "10.1.0.0/16", "198.51.100.2", 200, 42));
  EXPECT_EQ(plan.outcome, OpOutcome::Done);
  EXPECT_TRUE(plan.lines.empty());
}

TEST(FrrTable, somebody_elses_line_blocks_the_same_distance_and_the_same_next_hop) {
  StaticTable table(in_vrf);
  read(table);
  EXPECT_EQ(table.plan(operation(RouteOp::Kind::Add, "10.77.0.0/16", "198.51.100.2", 1, 0)).outcome, OpOutcome::Occupied);
  EXPECT_EQ(table.plan(operation(RouteOp::Kind::Add, "10.1.0.0/16", "198.51.100.2", 1, 0)).outcome, OpOutcome::Occupied);
  EXPECT_EQ(table.plan(operation(RouteOp::Kind::Add, "10.77.0.0/16", "198.51.100.2", 5, 0)).outcome, OpOutcome::Done);
  EXPECT_TRUE(table.plan(operation(RouteOp::Kind::Delete, "10.1.0.0/16", "198.51.100.2", 200, 0)).lines.empty());
}

TEST(FrrTable, a_new_distance_moves_the_line_and_the_old_one_needs_no_removal) {
  StaticTable table(in_vrf);
  table.adopt("ip route 10.1.0.0/16 198.51.100.2 h-out");
  read(table);
  const auto add = operation(RouteOp::Kind::Add, "10.1.0.0/16", "198.51.100.2", 20, 42);
  EXPECT_EQ(table.plan(add).lines, (std::vector<std::string>{"ip route 10.1.0.0/16 198.51.100.2 h-out tag 42 20 onlink"}));
  table.apply(add);
  // FRR's `no` would take it at any distance.
  const auto old = operation(RouteOp::Kind::Delete, "10.1.0.0/16", "198.51.100.2", 200, 42);
  EXPECT_TRUE(table.plan(old).lines.empty());
  table.apply(old);
  ASSERT_EQ(table.routes({}).size(), 1U);
}

TEST(FrrTable, another_next_hop_is_added_and_the_old_one_removed_in_one_go) {
  StaticTable table(in_vrf);
  table.adopt("ip route 10.1.0.0/16 198.51.100.2 h-out");
  read(table);
  const auto plan = table.plan(operation(RouteOp::Kind::Change, "10.1.0.0/16", "198.51.100.9", 200, 42));
  EXPECT_EQ(plan.lines, (std::vector<std::string>{"no ip route 10.1.0.0/16 198.51.100.2 h-out",
                                                  "ip route 10.1.0.0/16 198.51.100.9 h-out tag 42 200 onlink"}));
}

TEST(FrrTable, a_device_of_another_vrf_is_named) {
  StaticTable table(in_vrf);
  auto add = operation(RouteOp::Kind::Add, "10.4.0.0/16", "198.51.100.3", 1, 0);
  add.route.key.vrf = "red";
  EXPECT_EQ(table.plan(add).lines.front(), "ip route 10.4.0.0/16 198.51.100.3 h-out vrf red nexthop-vrf default onlink");
}

TEST(FrrLedger, remembers_across_restarts_and_takes_any_text) {
  const auto read_again = parse_ledger("frr-routes 1\ndirectory /run/x\ndaemon 12\n+ a b\n+ c d\n- a b\nrubbish\n+ ");
  EXPECT_EQ(read_again.directory, "/run/x");
  EXPECT_EQ(read_again.daemon, 12);
  EXPECT_EQ(read_again.identities, (std::set<std::string>{"c d"}));
}

}  // namespace
}  // namespace rri::frr
