// The controller from event to operation, against a table of a few lines that
// keeps the rules of the sink: DESIGN.md invariants 3 to 8 and 12.

#include "core/controller.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "config_builder.h"

namespace rri::core::test {
namespace {

/// Answers the controller's effects at once and remembers the operations.
class Desk {
 public:
  explicit Desk(Config config = common_config()) : config_(std::move(config)) {}

  void start() {
    give(ConfigCommitted{std::make_shared<const Config>(config_)});
    give(LinkList{{eth0_}});
    give(dump());
    give(SaList{});
  }

  void give(const Event& event) {
    std::vector<Event> answers;
    carry_out(controller_.handle(event, now_), answers);
    for (std::size_t i = 0; i < answers.size(); ++i) carry_out(controller_.handle(answers[i], now_), answers);
  }

  void wait(Millis time) {
    now_ += time;
    give(Tick{});
  }

  RouteDump dump() const {
    RouteDump all;
    for (const auto& [key, route] : table_) all.routes.push_back(route);
    return all;
  }

  std::vector<std::string> take_operations() { return std::exchange(operations_, {}); }
  std::vector<RouteRow> rows() { return controller_.snapshot()->routes; }
  RouteState state_of(const std::string& prefix) {
    for (const auto& row : rows()) {
      if (row.prefix == net(prefix)) return row.state;
    }
    ADD_FAILURE() << "no row for " << prefix;
    return RouteState::Failed;
  }

  Controller controller_;
  Config config_;
  Link eth0_ = make_link(1, "eth0", "192.168.0.2/24");
  std::map<KernelKey, KernelRoute> table_;
  std::map<KernelKey, std::string> refusals_;  // what the kernel says no to
  std::set<KernelKey> foreign_;
  Path path_{"eth0", ip("192.168.0.1"), ""};
  bool answers_paths_ = true;
  std::vector<std::string> dumped_devices_;
  std::vector<std::string> log_;
  TimePoint now_{};

 private:
  void carry_out(const Effects& effects, std::vector<Event>& answers) {
    for (const auto& line : effects.log) log_.push_back(line.text);
    for (const auto& query : effects.watch) {
      if (answers_paths_) answers.push_back(PathChanged{query, path_});
    }
    for (const auto& device : effects.dump_devices) dumped_devices_.push_back(device);
    if (effects.dump_routes) answers.push_back(dump());
    for (const auto& batch : effects.batches) answers.push_back(answer(batch));
  }

  BatchDone answer(const RouteBatch& batch) {
    BatchDone done{batch.id, {}};
    for (std::size_t i = 0; i < batch.operations.size(); ++i) {
      const auto kind = batch.operations[i].kind;
      const auto& route = batch.operations[i].route;
      const char* const names[] = {"add ", "change ", "delete "};
      operations_.push_back(names[static_cast<int>(kind)] + route.key.prefix.to_string());
      if (kind == RouteOp::Kind::Delete) {
        table_.erase(route.key);
      } else if (foreign_.contains(route.key)) {
        done.failures.push_back({i, OpOutcome::Occupied, "taken"});
      } else if (refusals_.contains(route.key)) {
        done.failures.push_back({i, OpOutcome::Failed, refusals_[route.key]});
      } else {
        table_[route.key] = route;
      }
    }
    return done;
  }

  std::vector<std::string> operations_;
};

using Operations = std::vector<std::string>;

TEST(Controller, a_withdrawal_for_a_standby_group_says_so) {
  auto config = common_config();
  auto& outside = config.interfaces["GigabitEthernet0/0/1"];
  outside.maps.front().redundancy_group = "HA";
  outside.standby.emplace_back().name = "HA";
  Desk desk(std::move(config));
  desk.start();
  desk.give(GroupChanged{"HA", true});
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  EXPECT_EQ(desk.take_operations(), Operations{"add 10.0.0.0/16"});
  desk.give(GroupChanged{"HA", false});
  EXPECT_EQ(desk.take_operations(), Operations{"delete 10.0.0.0/16"});
  const auto is_told = [](const std::string& line) { return line.ends_with("; redundancy group HA is standby here"); };
  EXPECT_EQ(std::count_if(desk.log_.begin(), desk.log_.end(), is_told), 1);
}

TEST(Controller, sa_up_adds_the_route_and_down_removes_it_after_the_hold_down) {
  Desk desk;
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  EXPECT_EQ(desk.take_operations(), Operations{"add 10.0.0.0/16"});
  const auto& route = desk.table_.begin()->second;
  EXPECT_EQ(route.key.metric, 1U << 24);
  EXPECT_EQ(route.next_hops, (std::vector<KernelNextHop>{{ip("10.1.1.1"), "eth0", true}}));
  desk.give(SaDown{SaId(7)});
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Held);
  desk.wait(std::chrono::milliseconds(2999));
  EXPECT_EQ(desk.take_operations(), Operations{});
  desk.wait(std::chrono::milliseconds(1));
  EXPECT_EQ(desk.take_operations(), Operations{"delete 10.0.0.0/16"});
  EXPECT_TRUE(desk.rows().empty());
}

TEST(Controller, rekey_and_both_reauthentications_reach_no_table) {
  Desk desk;
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  desk.take_operations();
  desk.give(SaRekeyed{SaId(7), SaId(8)});
  desk.give(SaUp{make_sa(8, "10.1.1.1", "10.0.0.0/16")});
  desk.give(SaDown{SaId(8)});  // break before make
  desk.give(SaUp{make_sa(9, "10.1.1.1", "10.0.0.0/16")});
  desk.give(SaUp{make_sa(10, "10.1.1.1", "10.0.0.0/16")});  // make before break
  desk.give(SaDown{SaId(9)});
  desk.wait(std::chrono::seconds(60));
  EXPECT_EQ(desk.take_operations(), Operations{});
}

TEST(Controller, nothing_is_deleted_before_the_first_sa_list) {
  Desk desk;
  KernelRoute orphan{{"default", net("10.77.0.0/16"), 1U << 24}, {}, {{ip("10.1.1.9"), "eth0", true}}, {}, 0};
  desk.table_[orphan.key] = orphan;
  desk.give(ConfigCommitted{std::make_shared<const Config>(desk.config_)});
  desk.give(LinkList{{desk.eth0_}});
  desk.give(desk.dump());
  desk.wait(std::chrono::seconds(600));
  EXPECT_EQ(desk.take_operations(), Operations{});
  desk.give(SaList{});
  EXPECT_EQ(desk.take_operations(), Operations{"delete 10.77.0.0/16"});
}

TEST(Controller, restart_on_right_routes_writes_nothing_even_while_the_underlay_is_silent) {
  Desk before;
  before.start();
  before.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  Desk after;
  after.table_ = before.table_;
  after.answers_paths_ = false;
  after.give(ConfigCommitted{std::make_shared<const Config>(after.config_)});
  after.give(SaList{{make_sa(7, "10.1.1.1", "10.0.0.0/16")}});  // earlier than the dump
  after.give(LinkList{{after.eth0_}});
  after.give(after.dump());
  EXPECT_EQ(after.take_operations(), Operations{});
  after.give(PathChanged{{"default", ip("10.1.1.1"), ""}, after.path_});
  EXPECT_EQ(after.take_operations(), Operations{});
  EXPECT_EQ(after.state_of("10.0.0.0/16"), RouteState::Active);
}

TEST(Controller, after_a_restart_the_installed_route_names_the_incumbent) {
  auto config = common_config();
  config.dynamic_maps["dyn"].entries[1] = config.crypto_maps["mymap"].entries[1];
  config.dynamic_maps["dyn"].entries[1].peers.clear();
  config.crypto_maps["mymap"].entries[1].dynamic_map = "dyn";
  Desk before(config);
  before.start();
  before.give(SaUp{make_sa(9, "203.0.113.9", "10.0.0.0/16")});
  Desk after(config);
  after.table_ = before.table_;
  after.give(ConfigCommitted{std::make_shared<const Config>(config)});
  after.give(LinkList{{after.eth0_}});
  after.give(after.dump());
  after.give(SaList{{make_sa(3, "203.0.113.3", "10.0.0.0/16"), make_sa(9, "203.0.113.9", "10.0.0.0/16")}});
  EXPECT_EQ(after.take_operations(), Operations{});
}

TEST(Controller, losing_the_source_changes_nothing_until_the_grace_is_over) {
  Desk desk;
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  desk.take_operations();
  desk.give(SourceLost{});
  desk.wait(std::chrono::seconds(59));
  EXPECT_EQ(desk.take_operations(), Operations{});
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Active);
  desk.wait(std::chrono::seconds(1));
  EXPECT_EQ(desk.take_operations(), Operations{"delete 10.0.0.0/16"});
}

TEST(Controller, ids_that_a_restarted_ike_daemon_uses_again_are_other_sas) {
  auto config = common_config();
  config.access_lists["102"].lines.push_back(permit("192.168.1.0/24", "10.9.0.0/16"));
  config.crypto_maps["mymap"].entries[1].peers.push_back({ip("10.1.1.2"), "", false, false});
  Desk desk(config);
  desk.start();
  desk.give(SaUp{make_sa(1, "10.1.1.1", "10.0.0.0/16")});
  desk.take_operations();
  desk.give(SourceLost{});
  desk.give(SaList{{make_sa(1, "10.1.1.2", "10.9.0.0/16")}});
  EXPECT_EQ(desk.take_operations(), Operations{"add 10.9.0.0/16"});
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Held);
  desk.give(SaUp{make_sa(2, "10.1.1.1", "10.0.0.0/16")});
  desk.wait(std::chrono::seconds(60));
  EXPECT_EQ(desk.take_operations(), Operations{});
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Active);
}

TEST(Controller, an_sa_without_a_usable_selector_hurts_nobody) {
  Desk desk;
  desk.start();
  auto odd = make_sa(1, "10.1.1.1", "10.0.0.0/16");
  odd.remote = {*TrafficSelector::parse("::1-ffff::fffd")};  // a range of too many blocks
  desk.give(SaUp{odd});
  odd.id = SaId(2);
  odd.remote.clear();
  desk.give(SaUp{odd});
  desk.give(SaUp{make_sa(3, "10.1.1.1", "10.0.0.0/16")});
  desk.give(SaDown{SaId(3)});
  desk.wait(std::chrono::seconds(3));
  desk.give(SaDown{SaId(2)});
  desk.give(SaDown{SaId(1)});
  desk.wait(std::chrono::seconds(3));
  EXPECT_TRUE(desk.rows().empty());
}

TEST(Controller, a_taken_key_is_a_state_and_is_tried_again_when_it_is_free) {
  Desk desk;
  const KernelKey key{"default", net("10.0.0.0/16"), 1U << 24};
  desk.foreign_.insert(key);
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  EXPECT_EQ(desk.take_operations(), Operations{"add 10.0.0.0/16"});
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Occupied);
  desk.wait(std::chrono::seconds(5));
  EXPECT_EQ(desk.take_operations(), Operations{});
  desk.foreign_.clear();
  desk.give(RouteNotice{{key, {}, {}, {}, 0}, false, false, 4});
  EXPECT_EQ(desk.take_operations(), Operations{"add 10.0.0.0/16"});
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Active);
}

TEST(Controller, one_refused_route_delays_no_other_and_is_tried_with_growing_pauses) {
  auto config = common_config();
  config.access_lists["102"].lines.push_back(permit("192.168.1.0/24", "10.9.0.0/16"));
  Desk desk(config);
  desk.refusals_[{"default", net("10.0.0.0/16"), 1U << 24}] = "network is unreachable";
  desk.start();
  auto sa = make_sa(7, "10.1.1.1", "10.0.0.0/16");
  sa.remote.push_back(TrafficSelector::of(net("10.9.0.0/16")));
  desk.give(SaUp{sa});
  EXPECT_EQ(desk.state_of("10.9.0.0/16"), RouteState::Active);
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Failed);
  desk.take_operations();
  desk.wait(std::chrono::seconds(1));
  EXPECT_EQ(desk.take_operations().size(), 1U);
  desk.wait(std::chrono::seconds(1));
  EXPECT_EQ(desk.take_operations(), Operations{});
  desk.wait(std::chrono::seconds(1));
  EXPECT_EQ(desk.take_operations().size(), 1U);
  desk.refusals_.clear();
  desk.wait(std::chrono::seconds(60));
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Active);
  EXPECT_EQ(desk.controller_.snapshot()->waiting, 0U);
}

TEST(Controller, a_change_of_distance_adds_the_new_route_before_it_deletes_the_old) {
  Desk desk;
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  desk.take_operations();
  desk.config_.crypto_maps["mymap"].entries[1].reverse_route.distance = 20;
  desk.give(ConfigCommitted{std::make_shared<const Config>(desk.config_)});
  EXPECT_EQ(desk.take_operations(), (Operations{"add 10.0.0.0/16", "delete 10.0.0.0/16"}));
  ASSERT_EQ(desk.table_.size(), 1U);
  EXPECT_EQ(desk.table_.begin()->first.metric, 20U << 24);
}

TEST(Controller, a_silent_loss_is_found_by_the_dump_of_the_device_and_repaired) {
  Desk desk;
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  desk.take_operations();
  desk.table_.clear();  // the kernel dropped it without a word
  auto bounced = desk.eth0_;
  bounced.addresses.push_back({ip("192.168.0.7"), 24});
  desk.give(LinkChanged{bounced});
  EXPECT_EQ(desk.dumped_devices_, std::vector<std::string>{"eth0"});
  desk.give(RouteDump{{}, "eth0"});
  EXPECT_EQ(desk.take_operations(), Operations{"add 10.0.0.0/16"});
}

TEST(Controller, a_route_by_a_device_that_is_down_is_not_even_tried) {
  Desk desk;
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  desk.take_operations();
  auto down = desk.eth0_;
  down.up = false;
  desk.table_.clear();
  desk.give(LinkChanged{down});
  desk.give(RouteDump{{}, "eth0"});
  EXPECT_EQ(desk.state_of("10.0.0.0/16"), RouteState::Pending);
  EXPECT_EQ(desk.take_operations(), Operations{"delete 10.0.0.0/16"});
  desk.give(LinkChanged{desk.eth0_});
  EXPECT_EQ(desk.take_operations(), Operations{"add 10.0.0.0/16"});
}

TEST(Controller, the_pin_is_installed_first_and_removed_last) {
  auto config = common_config();
  config.crypto_maps["mymap"].entries[1].reverse_route.remote_peer = true;
  Desk desk(config);
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  EXPECT_EQ(desk.take_operations(), (Operations{"add 10.1.1.1/32", "add 10.0.0.0/16"}));
  desk.give(SaDown{SaId(7)});
  desk.wait(std::chrono::seconds(3));
  EXPECT_EQ(desk.take_operations(), (Operations{"delete 10.0.0.0/16", "delete 10.1.1.1/32"}));
}

TEST(Controller, clear_crypto_route_takes_out_and_derives_again) {
  Desk desk;
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  desk.take_operations();
  desk.give(ClearRoutes{});
  EXPECT_EQ(desk.take_operations(), (Operations{"delete 10.0.0.0/16", "add 10.0.0.0/16"}));
}

TEST(Controller, a_resync_without_drift_sends_nothing) {
  Desk desk;
  desk.start();
  desk.give(SaUp{make_sa(7, "10.1.1.1", "10.0.0.0/16")});
  desk.take_operations();
  desk.give(desk.dump());
  desk.give(SaList{{make_sa(7, "10.1.1.1", "10.0.0.0/16")}});
  desk.give(LinkList{{desk.eth0_}});
  desk.give(ConfigCommitted{std::make_shared<const Config>(desk.config_)});
  EXPECT_EQ(desk.take_operations(), Operations{});
}

}  // namespace
}  // namespace rri::core::test
