// DESIGN.md invariant 1: after any sequence of events, the incremental planner
// has the plan that plan_from_scratch() makes in one go.

#include <gtest/gtest.h>

#include <random>

#include "config_builder.h"
#include "core/planner.h"

namespace rri::core::test {
namespace {

/// Many entries that get into each other's way: pins, accept lists, a small
/// limit, static entries, two VRFs, a redundancy group.
Config crowded_config(std::mt19937& random) {
  Config config = common_config();
  auto& accept = config.prefix_lists["ANY"];
  accept.name = "ANY";
  accept.lines = {{5, true, net("0.0.0.0/0"), {}, 32}};
  auto& list = config.access_lists["103"];
  list.name = "103";
  list.lines = {permit("0.0.0.0/0", "10.0.5.0/24", false), permit("0.0.0.0/0", "10.0.0.0/8")};
  config.isakmp_profiles["RED"] = {"RED", "RED", {}, {}, {}, {}};
  auto& dynamic = config.dynamic_maps["dyn"];
  for (std::uint32_t number = 1; number <= 3; ++number) {
    auto& entry = dynamic.entries[number];
    entry.sequence = number;
    entry.reverse_route.enabled = true;
    if (random() % 2 == 0) entry.match_address = "103";
    if (random() % 3 == 0) entry.reverse_route.remote_peer = true;
    if (random() % 3 == 0) entry.reverse_route.accept_prefix_list = "ANY";
    if (random() % 2 == 0) entry.reverse_route.maximum = 3;
    if (random() % 3 == 0) entry.reverse_route.distance = 20;
    if (random() % 4 == 0) entry.isakmp_profile = "RED";
    if (random() % 4 == 0) entry.reverse_route.gateway = ip("192.168.0.1");
  }
  auto& outer = config.crypto_maps["mymap"].entries[10];
  outer.sequence = 10;
  outer.dynamic_map = "dyn";
  config.crypto_maps["mymap"].entries[1].reverse_route.is_static = random() % 2 == 0;
  auto& second = config.crypto_maps["mymap"].entries[5];
  second = config.crypto_maps["mymap"].entries[1];
  second.sequence = 5;
  second.peers = {{ip("10.1.1.2"), "", false, false}, {ip("10.1.1.1"), "", false, false}};
  StaticRoute line;
  line.vrf = "default";
  line.prefix = net("10.0.0.0/16");
  line.next_hop = ip("192.168.0.9");
  line.tag = 7;
  config.static_routes.push_back(line);
  if (random() % 2 == 0) config.interfaces.begin()->second.maps[0].redundancy_group = "g";
  return config;
}

class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed) {
    world_.config = std::make_shared<const Config>(crowded_config(random_));
    auto red = make_link(9, "RED", "");
    red.vrf_table = 10;
    world_.host.replace_all({make_link(1, "eth0", "192.168.0.2/24"), make_link(2, "eth1", "10.0.200.1/24"), red});
    world_.groups["g"] = true;
    apply(planner_.settle());
  }

  void step() {
    one_event();
    if (pick(4) == 0) one_event();  // several events may fall into one step
    for (int rounds = 0; rounds < 5; ++rounds) {
      const auto changes = planner_.settle();
      if (changes.paths.appeared.empty()) return;
      apply(changes);
    }
  }

  void compare() { ASSERT_EQ(planner_.describe(), plan_from_scratch(world_, planner_)); }

 private:
  int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

  std::string some_peer() {
    static const char* const kPeers[] = {"10.1.1.1", "10.1.1.2", "203.0.113.7", "203.0.113.8", "10.0.9.9"};
    return kPeers[pick(5)];
  }
  std::string some_prefix() {
    static const char* const kPrefixes[] = {"10.0.0.0/16", "10.8.1.0/24", "10.0.5.0/24", "10.0.9.0/24", "0.0.0.0/0",
                                            "10.0.0.0/8",  "10.9.0.0/16", "10.0.200.0/24", "203.0.113.0/24", "10.9.1.0/24"};
    return kPrefixes[pick(10)];
  }

  void one_event() {
    const SaId id(static_cast<std::uint64_t>(1 + pick(8)));
    switch (pick(8)) {
      case 0:
      case 1:
      case 2: {
        auto sa = make_sa(id.value, some_peer(), some_prefix(), pick(2) == 0 ? "alice" : "");
        if (pick(3) == 0) sa.remote.push_back(TrafficSelector::of(net(some_prefix())));
        if (world_.sas.put(sa)) planner_.touch_sa(id);
        return;
      }
      case 3:
        if (world_.sas.set_gone(id, now_ + Millis(3))) planner_.touch_sa(id);
        return;
      case 4: {
        const SaId next(static_cast<std::uint64_t>(1 + pick(8)));
        if (!world_.sas.rekey(id, next)) return;
        planner_.touch_sa(id);
        planner_.touch_sa(next);
        return;
      }
      case 5:
        now_ += Millis(2);
        for (const auto gone : world_.sas.expire(now_)) planner_.touch_sa(gone);
        return;
      case 6:
        move_a_path();
        return;
      default:
        world_.groups["g"] = !world_.groups["g"];
        planner_.touch_all();
        return;
    }
  }

  void move_a_path() {
    if (world_.paths.empty()) return;
    std::vector<PathQuery> queries;
    for (const auto& [query, path] : world_.paths) queries.push_back(query);
    std::sort(queries.begin(), queries.end());
    const auto& query = queries[static_cast<std::size_t>(pick(static_cast<int>(queries.size())))];
    world_.paths[query] = pick(3) == 0 ? Path{"", {}, "no route"} : Path{"eth0", ip(pick(2) ? "192.168.0.1" : "192.168.0.3"), ""};
    planner_.touch_path(query);
  }

  void apply(const PlanChanges& changes) {
    for (const auto& query : changes.paths.appeared) {
      const bool on_link = query.address == ip("192.168.0.1") || query.address == ip("192.168.0.9");
      world_.paths[query] = {"eth0", on_link ? std::nullopt : std::optional(ip("192.168.0.1")), ""};
      planner_.touch_path(query);
    }
  }

  std::mt19937 random_;
  World world_;
  Planner planner_{world_};
  TimePoint now_;
};

TEST(PlannerOracle, incremental_plan_equals_the_plan_from_scratch) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Walk walk(seed);
    for (int i = 0; i < 80; ++i) {
      SCOPED_TRACE("step " + std::to_string(i));
      walk.step();
      walk.compare();
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace rri::core::test
