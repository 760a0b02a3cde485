#include "show/routes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "show/json.h"
#include "show/summary.h"

namespace rri::show {
namespace {

Prefix prefix(const char* text) { return *Prefix::parse(text); }
IpAddress address(const char* text) { return *IpAddress::parse(text); }

RouteRow proxy_row(const char* network, const char* next_hop) {
  RouteRow row;
  row.vrf = kDefaultVrf;
  row.prefix = prefix(network);
  row.next_hop = address(next_hop);
  row.device = "eth0";
  row.interface = "GigabitEthernet0/0/1";
  row.kind = RouteKind::Proxy;
  row.state = RouteState::Active;
  row.driver = Driver::Sa;
  row.map = "mymap";
  row.sequence = 1;
  row.peer = row.next_hop;
  return row;
}

RouteRow static_row(const char* network, const char* next_hop) {
  RouteRow row = proxy_row(network, next_hop);
  row.kind = RouteKind::Static;
  row.driver = Driver::Config;
  row.interface.clear();
  row.map.clear();
  row.sequence = 0;
  row.peer.reset();
  return row;
}

std::shared_ptr<core::Snapshot> snapshot_of(std::vector<RouteRow> rows) {
  auto snapshot = std::make_shared<core::Snapshot>();
  snapshot->config = std::make_shared<const Config>();
  snapshot->routes = std::move(rows);
  return snapshot;
}

core::Rows rows_of(std::vector<RouteRow> rows, core::RowQuery query = {}) {
  return core::rows_of(snapshot_of(std::move(rows)), std::move(query));
}

constexpr std::string_view kHeader =
    "VPN Routing Table: Shows RRI and VTI created routes\n"
    "Codes: RRI - Reverse-Route, VTI- Virtual Tunnel Interface\n"
    "        S - Static Map ACLs\n";

TEST(CryptoRoutes, looks_like_the_sample_of_the_specification) {
  const auto text = collect(crypto_routes(rows_of({proxy_row("10.0.0.0/16", "10.1.1.1")}), {}));
  EXPECT_EQ(text, std::string(kHeader) +
                      "\nRoutes created in table GLOBAL DEFAULT\n"
                      "10.0.0.0/255.255.0.0 [1/0] via 10.1.1.1\n"
                      "                                on GigabitEthernet0/0/1 RRI\n");
}

TEST(CryptoRoutes, shows_an_empty_table) {
  EXPECT_EQ(collect(crypto_routes(rows_of({}), {})), std::string(kHeader) + "\nRoutes created in table GLOBAL DEFAULT\n");
}

TEST(CryptoRoutes, groups_by_table_and_leaves_ip_route_lines_out) {
  auto red = proxy_row("10.8.0.0/24", "203.0.113.7");
  red.vrf = "RED";
  red.distance = 20;
  red.tag = 5;
  red.driver = Driver::Acl;
  const auto snapshot = snapshot_of({proxy_row("10.0.0.0/16", "10.1.1.1"), static_row("10.9.0.0/16", "192.168.0.9"), red});
  EXPECT_EQ(collect(crypto_routes(core::rows_of(snapshot), {})), std::string(kHeader) +
                                                      "\nRoutes created in table GLOBAL DEFAULT\n"
                                                      "10.0.0.0/255.255.0.0 [1/0] via 10.1.1.1\n"
                                                      "                                on GigabitEthernet0/0/1 RRI\n"
                                                      "\nRoutes created in table VRF RED\n"
                                                      "10.8.0.0/255.255.255.0 [20/5] via 203.0.113.7\n"
                                                      "                                on GigabitEthernet0/0/1 RRI S\n");
  const auto only_red = collect(crypto_routes(core::rows_of(snapshot, {"RED"}), {"RED", false, Format::Text}));
  EXPECT_EQ(only_red.find("GLOBAL DEFAULT"), std::string::npos);
  EXPECT_NE(only_red.find("VRF RED"), std::string::npos);
}

TEST(CryptoRoutes, says_why_a_route_is_not_plainly_active) {
  auto row = proxy_row("10.0.0.0/16", "10.1.1.1");
  row.state = RouteState::Pending;
  row.reason = "10.1.1.1 is unreachable";
  const auto text = collect(crypto_routes(rows_of({row}), {}));
  EXPECT_NE(text.find("RRI (pending: 10.1.1.1 is unreachable)\n"), std::string::npos) << text;
}

TEST(CryptoRoutes, detail_names_entry_peer_and_owners) {
  auto row = proxy_row("10.0.0.0/16", "10.1.1.1");
  row.dynamic_map = "DYN";
  row.template_sequence = 10;
  row.owners = {"SA 7 (identity alice)"};
  const auto text = collect(crypto_routes(rows_of({row}), {std::nullopt, true, Format::Text}));
  EXPECT_NE(text.find("crypto map mymap 1, dynamic-map DYN 10, route to the remote proxy, peer 10.1.1.1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("owner SA 7 (identity alice)\n"), std::string::npos) << text;
}

TEST(CryptoRoutes, ipv6_goes_by_length_and_an_interface_route_has_no_next_hop) {
  auto row = proxy_row("2001:db8:1::/48", "2001:db8:f::1");
  row.next_hop.reset();
  const auto text = collect(crypto_routes(rows_of({row}), {}));
  EXPECT_NE(text.find("2001:db8:1::/48 [1/0] is directly connected\n"), std::string::npos) << text;
}

TEST(CryptoRoutes, json_has_the_rows_of_rri_plan) {
  auto row = proxy_row("10.0.0.0/16", "10.1.1.1");
  const auto text = collect(crypto_routes(rows_of({row, static_row("10.9.0.0/16", "10.1.1.2")}), {std::nullopt, false, Format::Json}));
  EXPECT_EQ(text,
            "{\"routes\":[\n"
            R"({"vrf":"default","prefix":"10.0.0.0/16","next_hop":"10.1.1.1","gateway":null,"device":"eth0",)"
            R"("distance":1,"tag":0,"kind":"proxy","state":"active","map":"mymap","seq":1,"driver":"sa","reason":""})"
            "]}\n");
}

TEST(CryptoRoutes, a_long_table_comes_in_bounded_pieces) {
  std::vector<RouteRow> rows;
  for (int i = 0; i < 5000; ++i) rows.push_back(proxy_row(fmt::format("10.{}.{}.0/24", i / 256, i % 256).c_str(), "10.1.1.1"));
  auto pieces = crypto_routes(rows_of(rows), {});
  std::string whole;
  std::size_t count = 0;
  bool more = true;
  while (more) {
    std::string piece;
    more = pieces(piece);
    EXPECT_LT(piece.size(), 32U * 1024);
    whole += piece;
    ++count;
  }
  EXPECT_GT(count, 10U);
  EXPECT_EQ(std::count(whole.begin(), whole.end(), '\n'), 5 + 2 * 5000);
}

TEST(StaticRoutes, marks_manual_and_crypto_routes) {
  auto standby = proxy_row("10.9.0.0/16", "10.1.1.1");
  standby.state = RouteState::Standby;
  const auto snapshot = snapshot_of({proxy_row("10.0.0.0/16", "10.1.1.1"), static_row("10.9.0.0/16", "192.168.0.9"), standby});
  const auto text = collect(static_routes(core::rows_of(snapshot), {}));
  EXPECT_NE(text.find("Static local RIB for default\n\n"
                      "V  10.0.0.0/16 [1/0] via 10.1.1.1 [A]\n"
                      "M  10.9.0.0/16 [1/0] via 192.168.0.9 [A]\n"
                      "V              [1/0] via 10.1.1.1 [N]\n"),
            std::string::npos)
      << text;
}

TEST(Json, bytes_that_are_no_utf8_do_not_break_it) {
  EXPECT_EQ(quoted_json("a\xff\"b"), "\"a\xEF\xBF\xBD\\\"b\"");
}

TEST(Json, an_ip_route_line_has_no_map) {
  EXPECT_NE(route_json(static_row("10.9.0.0/16", "10.1.1.2")).find(R"("map":null,"seq":null,"driver":"config")"), std::string::npos);
}

TEST(Summary, one_screen_even_with_many_notices) {
  auto snapshot = snapshot_of({proxy_row("10.0.0.0/16", "10.1.1.1")});
  for (int i = 0; i < 100; ++i) snapshot->notices.push_back({NoticeCode::TagConflict, "number " + std::to_string(i)});
  auto refused = proxy_row("172.16.0.0/12", "203.0.113.7");
  refused.state = RouteState::Refused;
  refused.reason = "rule 4";
  snapshot->refused.push_back(refused);
  snapshot->states[static_cast<std::size_t>(RouteState::Refused)] = 1;
  Health health;
  health.version = "RRI 1";
  health.uptime = Seconds(3700);
  health.last_changes = {"one", "two"};
  const auto text = rri_summary(*snapshot, *snapshot, health, Format::Text);
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 40) << text;
  EXPECT_NE(text.find("up 01:01:40"), std::string::npos);
  EXPECT_NE(text.find("and 90 more"), std::string::npos);
  EXPECT_NE(text.find("172.16.0.0/12 in default from 203.0.113.7 (crypto map mymap 1): rule 4"), std::string::npos) << text;
  EXPECT_LT(text.find("two"), text.find("one"));
}

TEST(Explain, longest_prefix_first) {
  const auto text = explain_address(
      rows_of({proxy_row("10.0.0.0/8", "10.1.1.1"), proxy_row("10.1.0.0/16", "10.1.1.2")}, {{}, address("10.1.2.3")}), address("10.1.2.3"), {}, Config());
  EXPECT_LT(text.find("10.1.0.0/16"), text.find("10.0.0.0/8"));
  EXPECT_EQ(explain_address(rows_of({}), address("1.2.3.4"), {}, Config()), "No route of this program covers 1.2.3.4.\n");
}

}  // namespace
}  // namespace rri::show
