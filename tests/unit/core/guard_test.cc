#include "core/guard.h"

#include <gtest/gtest.h>

#include "config_builder.h"

namespace rri::core::test {
namespace {

class Guard : public ::testing::Test {
 protected:
  Guard() {
    host_.replace_all({make_link(1, "eth0", "192.168.0.2/24"), make_link(2, "eth1", "2001:db8:1::1/64")});
    networks_ = LocalNetworks::of_vrf(host_, "default");
    entry_.front_vrf = entry_.inside_vrf = "default";
  }

  /// The number of the rule that refuses; 0 when none does.
  int judge(const std::string& prefix, const std::vector<TrafficSelector>& local = {}) {
    Claim claim;
    claim.key.prefix = net(prefix);
    claim.entry = &entry_;
    claim.peer = ip("203.0.113.7");
    claim.lifted = is_lifted(entry_, claim.key.prefix);
    const auto refusal = judge_alone(claim, networks_, {local});
    return refusal ? refusal->rule : 0;
  }

  Host host_;
  LocalNetworks networks_;
  Entry entry_;
  AccessList acl_{"102", Family::V4, {}};
  PrefixList accept_{"OK", Family::V4, {}};
};

TEST_F(Guard, rule_1_length_and_scope) {
  for (const char* prefix : {"0.0.0.0/0", "12.0.0.0/7", "127.0.0.0/8", "169.254.3.0/24", "224.0.0.0/24", "::/0",
                             "2000::/15", "::1/128", "fe80::/64", "ff05::/64"}) {
    EXPECT_EQ(judge(prefix), 1) << prefix;
  }
  EXPECT_EQ(judge("10.0.0.0/8"), 0);
  EXPECT_EQ(judge("2002::/16"), 0);
}

TEST_F(Guard, an_accept_list_lifts_only_the_length) {
  entry_.has_accept = true;
  entry_.accept = {&accept_};
  accept_.lines = {{5, true, net("0.0.0.0/0"), {}, {}}, {10, true, net("127.0.0.0/8"), {}, {}}};
  EXPECT_EQ(judge("0.0.0.0/0"), 3);  // covers our network, which nothing names
  EXPECT_EQ(judge("127.0.0.0/8"), 1);
  EXPECT_EQ(judge("10.0.0.0/8"), 5);  // exactly 0.0.0.0/0 is permitted, no more
}

TEST_F(Guard, rule_2_own_peer_unless_it_is_pinned) {
  EXPECT_EQ(judge("203.0.113.0/24"), 2);
  entry_.pin = PinMode::OutOfInterface;
  EXPECT_EQ(judge("203.0.113.0/24"), 0);
  entry_.pin = PinMode::None;
  entry_.inside_vrf = "RED";
  EXPECT_EQ(judge("203.0.113.0/24"), 0);
}

TEST_F(Guard, rule_3_own_addresses_and_connected_networks) {
  EXPECT_EQ(judge("192.168.0.2/32"), 3);
  EXPECT_EQ(judge("192.168.0.0/24"), 3);
  EXPECT_EQ(judge("192.168.0.128/25"), 3);
  EXPECT_EQ(judge("192.168.0.0/16"), 3);
  EXPECT_EQ(judge("2001:db8:1::/80"), 3);
  EXPECT_EQ(judge("192.168.1.0/24"), 0);
  acl_.lines = {permit("0.0.0.0/0", "192.168.0.0/16")};
  entry_.acls = {&acl_};
  EXPECT_EQ(judge("192.168.0.0/16"), 0);
  EXPECT_EQ(judge("192.168.0.0/24"), 3);
}

TEST_F(Guard, rule_4_first_match_of_the_access_list_decides) {
  acl_.lines = {permit("192.168.1.0/24", "10.0.5.0/24", false), permit("192.168.1.0/24", "10.0.0.0/16")};
  entry_.acls = {&acl_};
  EXPECT_EQ(judge("10.0.0.0/16"), 0);
  EXPECT_EQ(judge("10.0.9.0/24"), 0);
  EXPECT_EQ(judge("10.0.5.0/24"), 4);
  EXPECT_EQ(judge("10.0.5.128/25"), 4);
  EXPECT_EQ(judge("10.0.0.0/15"), 4);
  EXPECT_EQ(judge("10.0.0.0/16", {TrafficSelector::of(net("192.168.1.7/32"))}), 0);
  EXPECT_EQ(judge("10.0.0.0/16", {TrafficSelector::of(net("172.16.0.0/16"))}), 4);
}

TEST_F(Guard, rule_5_the_accept_list_reads_ge_and_le) {
  entry_.has_accept = true;
  entry_.accept = {&accept_};
  accept_.lines = {{5, false, net("10.7.0.0/16"), {}, 32}, {10, true, net("10.0.0.0/8"), 16, 24}};
  EXPECT_EQ(judge("10.1.0.0/16"), 0);
  EXPECT_EQ(judge("10.1.2.0/24"), 0);
  EXPECT_EQ(judge("10.1.2.0/25"), 5);
  EXPECT_EQ(judge("10.0.0.0/8"), 5);
  EXPECT_EQ(judge("10.7.1.0/24"), 5);
}

TEST_F(Guard, rule_6_incumbents_first_then_by_prefix) {
  const std::vector<Prefix> offered = {net("10.1.0.0/16"), net("10.2.0.0/16"), net("10.3.0.0/16")};
  EXPECT_EQ(choose_within_limit(offered, {}, 2), (std::set<Prefix>{offered[0], offered[1]}));
  EXPECT_EQ(choose_within_limit(offered, {offered[2]}, 2), (std::set<Prefix>{offered[0], offered[2]}));
}

TEST(PeerRegistry, finds_peers_inside_a_prefix) {
  PeerRegistry peers;
  peers.add(ip("10.1.1.1"));
  peers.add(ip("10.1.1.1"));
  peers.add(ip("10.2.0.1"));
  EXPECT_EQ(peers.find_in(net("10.1.0.0/16"), {}, true), ip("10.1.1.1"));
  EXPECT_EQ(peers.find_in(net("10.1.0.0/16"), ip("10.1.1.1"), true), std::nullopt);
  peers.set_pinned(ip("10.1.1.1"), true);
  EXPECT_EQ(peers.find_in(net("10.0.0.0/8"), {}, true), ip("10.2.0.1"));
  peers.remove(ip("10.2.0.1"));
  EXPECT_EQ(peers.find_in(net("10.0.0.0/8"), {}, true), std::nullopt);
  peers.remove(ip("10.1.1.1"));
  EXPECT_TRUE(peers.contains(ip("10.1.1.1")));
}

}  // namespace
}  // namespace rri::core::test
