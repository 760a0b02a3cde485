// Rows of the live table, some at a time, against the picture of the whole.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config_builder.h"
#include "core/controller.h"
#include "core/limits.h"

namespace rri::core::test {
namespace {

constexpr TimePoint kNow{};
constexpr int kSas = 1000;

std::string proxy_of(int number) { return fmt::format("10.{}.{}.0/24", number / 256, number % 256); }

/// A controller with kSas SAs of one dynamic map, some with a proxy that two of them claim.
Controller make_controller() {
  Controller controller;
  auto config = common_config();
  config.crypto_maps["mymap"].entries[1].peers = {{ip("192.0.2.1"), "", false, false}};
  config.access_lists["102"].lines = {permit("192.168.1.0/24", "10.0.0.0/8")};
  controller.handle(ConfigCommitted{std::make_shared<const Config>(config)}, kNow);
  controller.handle(LinkList{{make_link(1, "eth0", "192.168.0.2/24")}}, kNow);
  controller.handle(RouteDump{}, kNow);
  SaList list;
  for (int i = 0; i < kSas; ++i) list.sas.push_back(make_sa(static_cast<std::uint64_t>(i) + 1, "192.0.2.1", proxy_of(i % 900)));
  for (const auto& query : controller.handle(list, kNow).watch) {
    controller.handle(PathChanged{query, {"eth0", ip("192.168.0.1"), ""}}, kNow);
  }
  return controller;
}

std::vector<RouteRow> read_all(const Rows& rows) {
  std::vector<RouteRow> all;
  bool more = true;
  while (more) {
    const auto before = all.size();
    more = rows(all);
    EXPECT_LE(all.size() - before, kRowsAtATime + 8);
  }
  return all;
}

TEST(RowReader, gives_the_rows_of_the_snapshot_in_its_order) {
  auto controller = make_controller();
  const auto snapshot = controller.snapshot();
  ASSERT_GE(snapshot->routes.size(), 900U);
  EXPECT_EQ(read_all(controller.rows({})), snapshot->routes);
  EXPECT_EQ(read_all(rows_of(snapshot)), snapshot->routes);
  EXPECT_EQ(read_all(controller.rows({"default"})), snapshot->routes);
  EXPECT_TRUE(read_all(controller.rows({"RED"})).empty());
}

TEST(RowReader, rows_that_cover_an_address) {
  auto controller = make_controller();
  const RowQuery query{std::nullopt, ip("10.1.2.3")};
  const auto rows = read_all(controller.rows(query));
  EXPECT_EQ(rows, read_all(rows_of(controller.snapshot(), query)));
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.front().prefix, net("10.1.2.0/24"));
}

TEST(RowReader, goes_on_when_the_row_it_stopped_at_is_gone) {
  auto controller = make_controller();
  const auto rows = controller.rows({});
  std::vector<RouteRow> some;
  ASSERT_TRUE(rows(some));
  const auto stopped_at = some.back().prefix;
  for (int i = 0; i < kSas; ++i) {
    if (net(proxy_of(i % 900)) == stopped_at) controller.handle(SaDown{SaId(static_cast<std::uint64_t>(i) + 1)}, kNow);
  }
  controller.handle(Tick{}, kNow + std::chrono::seconds(10));
  std::vector<RouteRow> rest = read_all(rows);
  const auto whole = controller.snapshot();
  const auto next = std::find_if(whole->routes.begin(), whole->routes.end(), [&](const RouteRow& row) { return stopped_at < row.prefix; });
  EXPECT_EQ(rest, std::vector<RouteRow>(next, whole->routes.end()));
}

TEST(RowReader, rows_that_lie_in_a_network) {
  auto controller = make_controller();
  const RowQuery query{"default", std::nullopt, net("10.1.0.0/16")};
  const auto rows = read_all(controller.rows(query));
  EXPECT_EQ(rows, read_all(rows_of(controller.snapshot(), query)));
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.front().prefix, net("10.1.0.0/24"));
  for (const auto& row : rows) EXPECT_TRUE(net("10.1.0.0/16").contains(row.prefix));
}

TEST(RowReader, gives_the_sas_of_the_snapshot_and_the_place_of_each) {
  auto controller = make_controller();
  const auto snapshot = controller.snapshot();
  std::vector<SaView> views;
  const auto read = controller.sas();
  while (read(views)) {
  }
  EXPECT_EQ(views, snapshot->sas);
  EXPECT_EQ(controller.find_sa(SaId(7)), std::optional<SaPlace>(views[6]));
  EXPECT_EQ(controller.find_sa(SaId(kSas + 1)), std::nullopt);
}

TEST(Count, counts_what_the_snapshot_lists) {
  auto controller = make_controller();
  const auto summary = controller.summary();
  const auto snapshot = controller.snapshot();
  StateCounts counted{};
  for (const auto& row : snapshot->routes) ++counted[static_cast<std::size_t>(row.state)];
  Tally tally;
  const auto count = controller.count();
  while (count(tally)) {
  }
  EXPECT_EQ(tally.states, counted);
  EXPECT_EQ(tally.states, snapshot->states);
  EXPECT_EQ(tally.live_sas, snapshot->sas.size());
  EXPECT_EQ(tally.refused, snapshot->refused);
  auto notices = summary->notices;
  notices.insert(notices.end(), tally.troubles.begin(), tally.troubles.end());
  EXPECT_EQ(notices, snapshot->notices);
  EXPECT_TRUE(controller.has_rows("default"));
  EXPECT_FALSE(controller.has_rows("RED"));
}

}  // namespace
}  // namespace rri::core::test
