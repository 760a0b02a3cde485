// The keeper against a real kernel, which takes XFRM policies also where it has no ESP.
#include "io/netlink/policy_keeper.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/loop/event_loop.h"
#include "io/netlink/dump.h"
#include "io/netlink/xfrm_codec.h"

namespace rri::netlink {
namespace {

BlockPolicy block(const std::string& source, const std::string& destination, std::uint32_t device = 0) {
  BlockPolicy policy;
  policy.packets = {Prefix::parse(source).value(), Prefix::parse(destination).value(), 0, {}, {}, device};
  policy.priority = 0xffffffff;
  policy.action = BlockPolicy::Action::Block;
  return policy;
}

class Keeper : public ::testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to make a network namespace";
    if (unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "this host lets us make no network namespace";
    if (std::system("ip xfrm policy list > /dev/null 2>&1") != 0) GTEST_SKIP() << "this kernel has no XFRM";
    start();
  }

  void start() {
    PolicyKeeper::Callbacks callbacks;
    callbacks.log = [this](core::LogLine line) { log_.push_back(std::move(line)); };
    callbacks.settled = [this] { ++settled_; };
    keeper_.emplace(loop_.context(), std::move(callbacks));
  }

  bool until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      loop_.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  void keep(std::vector<BlockPolicy> policies) {
    keeper_->keep(std::move(policies));
    EXPECT_TRUE(until([this] { return keeper_->status().settled; })) << keeper_->status().last_error;
  }

  static void ip(const std::string& words) { ASSERT_EQ(std::system(("ip " + words).c_str()), 0) << words; }

  /// All policies of the namespace.
  static std::vector<PolicyMessage> dump() {
    auto socket = Socket::open_xfrm().value();
    std::vector<PolicyMessage> found;
    Dump::Steps steps;
    steps.requests = {[](RequestBuffer& request, std::uint32_t sequence) { write_policy_dump(request, sequence); }};
    steps.begin = [&] { found.clear(); };
    steps.on_message = [&](const Message& message) {
      const auto news = parse_xfrm(message);
      if (news && std::holds_alternative<PolicyNews>(*news)) found.push_back(std::get<PolicyNews>(*news).policy);
    };
    Dump job(std::move(steps));
    std::uint32_t sequence = 1;
    EXPECT_EQ(job.step(socket, sequence, std::chrono::steady_clock::now() + std::chrono::seconds(5)), Dump::Progress::Finished);
    return found;
  }
  static std::size_t ours() {
    const auto all = dump();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const auto& policy) { return policy.key.selector.user == kPolicyOwner; }));
  }

  io::EventLoop loop_;
  std::optional<PolicyKeeper> keeper_;
  std::vector<core::LogLine> log_;
  int settled_ = 0;
};

TEST_F(Keeper, installs_exactly_what_is_wanted) {
  auto allow = block("10.0.0.0/24", "10.1.5.0/24");
  allow.action = BlockPolicy::Action::Allow;
  allow.priority = 0xfffffffe;
  allow.packets.protocol = 6;
  allow.packets.destination_port = {80, 0xffff};
  keep({block("10.0.0.0/24", "10.1.0.0/16"), block("fd00::/64", "fd01::/48"), allow});
  const auto there = dump();
  ASSERT_EQ(there.size(), 3u);
  for (const auto& policy : there) {
    EXPECT_EQ(policy.key.direction, static_cast<std::uint8_t>(PolicyDirection::Out));
    EXPECT_TRUE(policy.templates.empty());
    const bool is_allow = policy.key.selector.protocol == 6;
    EXPECT_EQ(policy.priority, is_allow ? 0xfffffffeu : 0xffffffffu);
    EXPECT_EQ(policy.action, is_allow ? PolicyAction::Allow : PolicyAction::Block);
  }
}

TEST_F(Keeper, changes_what_differs_and_deletes_what_is_not_wanted) {
  keep({block("10.0.0.0/24", "10.1.0.0/16"), block("10.0.0.0/24", "10.2.0.0/16")});
  auto other = block("10.0.0.0/24", "10.1.0.0/16");
  other.priority -= 1;
  keep({other});
  EXPECT_EQ(ours(), 1u);
  EXPECT_EQ(keeper_->status().changed, 1u);
  EXPECT_EQ(keeper_->status().removed, 1u);
  keep({});
  EXPECT_TRUE(dump().empty());
}

TEST_F(Keeper, never_shares_a_key_with_the_same_addresses_of_an_ike_daemon) {
  keep({block("10.0.0.0/24", "10.1.0.0/16")});
  const std::string same = "src 10.0.0.0/24 dst 10.1.0.0/16 dir out";
  ip("xfrm policy add " + same + " priority 1000 tmpl src 1.1.1.1 dst 2.2.2.2 proto esp mode tunnel");
  EXPECT_EQ(dump().size(), 2u);
  ip("xfrm policy update " + same + " priority 1001 tmpl src 1.1.1.1 dst 3.3.3.3 proto esp mode tunnel");
  EXPECT_EQ(dump().size(), 2u);
  ip("xfrm policy delete " + same);
  EXPECT_EQ(dump().size(), 1u);
  EXPECT_EQ(ours(), 1u);
  ip("xfrm policy add " + same + " priority 1000 action allow");
  keep({});
  EXPECT_EQ(dump().size(), 1u);
  EXPECT_EQ(ours(), 0u);
}

TEST_F(Keeper, puts_back_what_a_flush_removed) {
  keep({block("10.0.0.0/24", "10.1.0.0/16"), block("fd00::/64", "fd01::/48")});
  for (int i = 0; i < 3; ++i) {
    ip("xfrm policy flush");
    EXPECT_TRUE(until([] { return ours() == 2; }));
  }
  EXPECT_TRUE(until([this] { return keeper_->status().settled; }));
  EXPECT_EQ(keeper_->status().repaired, 6u);
}

TEST_F(Keeper, another_start_touches_nothing_that_is_right) {
  keep({block("10.0.0.0/24", "10.1.0.0/16"), block("10.0.0.0/24", "10.2.0.0/16")});
  const auto before = dump();
  start();
  keep({block("10.0.0.0/24", "10.1.0.0/16"), block("10.0.0.0/24", "10.2.0.0/16")});
  EXPECT_EQ(dump(), before);  // the kernel's indexes too: none was made anew
  EXPECT_EQ(keeper_->status().adopted, 2u);
  EXPECT_EQ(keeper_->status().added + keeper_->status().changed + keeper_->status().removed, 0u);
}

TEST_F(Keeper, another_start_takes_out_what_the_configuration_no_longer_has) {
  keep({block("10.0.0.0/24", "10.1.0.0/16"), block("10.0.0.0/24", "10.2.0.0/16")});
  start();
  keep({block("10.0.0.0/24", "10.2.0.0/16")});
  EXPECT_EQ(ours(), 1u);
}

TEST_F(Keeper, thousands_in_turns_and_a_change_of_mind_meanwhile) {
  std::vector<BlockPolicy> many;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    many.push_back(block("10.0.0.0/24", Prefix::host(IpAddress::v4(0x0b000000 + i)).to_string()));
  }
  keeper_->keep(many);
  loop_.run_one_for(std::chrono::milliseconds(1));
  loop_.run_one_for(std::chrono::milliseconds(1));
  many.resize(2000);
  keep(many);
  EXPECT_EQ(ours(), 2000u);
  keep({});
  EXPECT_EQ(ours(), 0u);
}

}  // namespace
}  // namespace rri::netlink
