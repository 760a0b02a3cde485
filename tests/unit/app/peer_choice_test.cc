// Which peer of an entry is called, and when the next one is.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "core/peer_choice.h"
#include "tunnel_texts.h"

namespace rri::app {
namespace {

struct Peers {
  explicit Peers(const std::string& lines) { configure(lines); }
  void configure(const std::string& lines, const std::string& more = {}) {
    const auto text = with_entry(lines + " set transform-set T\n match address 102\n", more);
    choice.set_config(parse_document(text).config);
    choice.on_plan(plan_of(text));
  }
  std::size_t current() const { return choice.current().at({"mymap", 10}); }
  core::PollResult poll(const core::CallView& view, int seconds) { return choice.on_poll(view, TimePoint(std::chrono::seconds(seconds))); }
  core::PollResult poll(const std::string& connecting, int seconds) {
    core::CallView view;
    if (!connecting.empty()) view.connecting.insert(connecting);
    return poll(view, seconds);
  }
  /// Somebody wants a tunnel, and charon calls nobody.
  core::PollResult poll_wanted(const std::string& connection, int seconds) {
    core::CallView view;
    view.wanted.insert(connection);
    return poll(view, seconds);
  }
  core::PeerChoice choice;
};

constexpr const char* kFirst = "rri-mymap-10-198_51_100_2";
constexpr const char* kSecond = "rri-mymap-10-198_51_100_3";

TEST(PeerChoice, moves_on_when_a_call_hangs_and_wraps_around) {
  Peers peers(" set peer 198.51.100.2\n set peer 198.51.100.3\n");
  EXPECT_EQ(peers.current(), 0U);
  peers.poll(kFirst, 0);
  peers.poll(kFirst, 10);
  EXPECT_EQ(peers.current(), 0U);
  peers.poll(kFirst, 20);
  EXPECT_EQ(peers.current(), 1U);
  peers.poll(kSecond, 21);
  peers.poll(kSecond, 41);
  EXPECT_EQ(peers.current(), 0U);
}

TEST(PeerChoice, a_peer_that_refuses_at_once_is_given_up) {
  Peers peers(" set peer 198.51.100.2\n set peer 198.51.100.3\n");
  EXPECT_TRUE(peers.poll_wanted(kFirst, 0).losses.empty());  // charon may not have taken it up
  const auto result = peers.poll_wanted(kFirst, 2);
  EXPECT_EQ(result.losses, (std::vector<core::PeerLoss>{{{"mymap", 10}, 0, core::PeerLoss::Reason::Refused}}));
  EXPECT_EQ(result.calls, (std::vector<EntryName>{{"mymap", 10}}));
  EXPECT_EQ(peers.current(), 1U);
}

TEST(PeerChoice, rests_after_a_round_in_which_all_refused) {
  Peers peers(" set peer 198.51.100.2\n set peer 198.51.100.3\n");
  peers.poll_wanted(kFirst, 0);
  peers.poll_wanted(kFirst, 2);
  peers.poll_wanted(kSecond, 4);
  EXPECT_TRUE(peers.poll_wanted(kSecond, 6).calls.empty());
  EXPECT_EQ(peers.current(), 1U);
  EXPECT_TRUE(peers.poll_wanted(kSecond, 15).calls.empty());
  EXPECT_EQ(peers.poll_wanted(kSecond, 16).calls.size(), 1U);
  EXPECT_EQ(peers.current(), 0U);
}

TEST(PeerChoice, a_peer_that_leaves_a_request_unanswered_is_given_up_long_before_charon_does) {
  const std::string profile = "crypto ikev2 profile P\n match identity remote any\n authentication local pre-share\n"
                              " authentication remote pre-share\n dpd 10 3 periodic\n";
  const std::string keyring = "crypto ikev2 keyring K\n peer A\n  address 198.51.100.0 255.255.255.0\n  pre-shared-key k\n";
  Peers peers(" set peer 198.51.100.2\n set peer 198.51.100.3\n");
  peers.configure(" set peer 198.51.100.2\n set peer 198.51.100.3\n set ikev2-profile P\n", keyring + profile + " keyring local K\n");
  peers.choice.on_sa_up(SaId(1), kFirst);
  EXPECT_FALSE(peers.choice.needs_poll());
  EXPECT_EQ(peers.choice.patience({"mymap", 10}), std::chrono::seconds(15));
  EXPECT_EQ(peers.choice.on_peer_lost(kFirst, core::PeerLoss::Reason::Silent), (core::PeerLoss{{"mymap", 10}, 0, core::PeerLoss::Reason::Silent}));
  EXPECT_EQ(peers.current(), 1U);
}

TEST(PeerChoice, follows_the_default_peer_as_it_is_configured) {
  Peers peers(" set peer 198.51.100.2\n set peer 198.51.100.3\n");
  peers.configure(" set peer 198.51.100.2\n set peer 198.51.100.3 default\n");
  EXPECT_EQ(peers.current(), 1U);
  peers.choice.on_sa_up(SaId(1), kSecond);
  peers.configure(" set peer 198.51.100.2 default\n set peer 198.51.100.3\n");
  EXPECT_EQ(peers.current(), 1U) << "a tunnel that is up stays";
}

TEST(PeerChoice, a_peer_more_leaves_the_one_with_the_tunnel_current) {
  Peers peers(" set peer 198.51.100.2\n set peer 198.51.100.3\n");
  peers.choice.on_sa_up(SaId(1), kSecond);
  peers.configure(" set peer 192.0.2.9\n set peer 198.51.100.2\n set peer 198.51.100.3\n", "crypto isakmp key k address 192.0.2.9\n");
  EXPECT_EQ(peers.current(), 2U);
  peers.configure(" set peer 198.51.100.3\n set peer 198.51.100.2\n");
  EXPECT_EQ(peers.current(), 0U);
  EXPECT_FALSE(peers.choice.needs_poll());
  peers.configure(" set peer 192.0.2.9\n set peer 198.51.100.2\n", "crypto isakmp key k address 192.0.2.9\n");
  EXPECT_EQ(peers.current(), 0U);
  EXPECT_TRUE(peers.choice.needs_poll());
  peers.choice.on_sa_down(SaId(1));
  EXPECT_EQ(peers.current(), 0U);
}

TEST(PeerChoice, knows_host_names_with_hyphens) {
  const auto config = parse_document(with_entry(" set peer vpn-hub.example.com\n set peer vpn_hub.example.com\n match address 102\n")).config;
  const auto& peers = config.crypto_maps.at("mymap").entries.at(10).peers;
  const auto first = core::PeerChoice::connection_name({"mymap", 10}, peers[0]);
  EXPECT_EQ(first, "rri-mymap-10-vpn+2dhub_example_com");
  EXPECT_EQ(entry_of_connection(first), (EntryName{"mymap", 10}));
  EXPECT_NE(first, core::PeerChoice::connection_name({"mymap", 10}, peers[1]));
}

TEST(PeerChoice, passes_over_peers_without_a_connection) {
  Peers peers(" set peer 192.0.2.9\n set peer 198.51.100.3\n");  // there is no key for the first
  EXPECT_EQ(peers.current(), 1U);
  Peers home(" set peer 198.51.100.2\n set peer 192.0.2.9 default\n");
  EXPECT_EQ(home.current(), 0U);
  home.configure(" set peer 198.51.100.2\n set peer 192.0.2.9 default\n", "crypto isakmp key late address 192.0.2.9\n");
  EXPECT_EQ(home.current(), 1U);
}

TEST(PeerChoice, comes_back_to_the_default_peer) {
  Peers peers(" set peer 198.51.100.2 default\n set peer 198.51.100.3\n");
  peers.choice.on_sa_up(SaId(1), kFirst);
  peers.choice.on_peer_lost(kFirst, core::PeerLoss::Reason::Dead);
  peers.choice.on_sa_down(SaId(1));
  EXPECT_EQ(peers.current(), 1U);
  peers.choice.on_sa_up(SaId(2), kSecond);
  EXPECT_FALSE(peers.choice.needs_poll());
  peers.choice.on_sa_down(SaId(2));
  EXPECT_EQ(peers.current(), 0U);
}

TEST(PeerChoice, a_rekey_and_a_deleted_sa_move_nothing) {
  Peers peers(" set peer 198.51.100.2\n set peer 198.51.100.3\n");
  peers.choice.on_sa_up(SaId(1), kSecond);
  EXPECT_EQ(peers.current(), 1U);
  peers.choice.on_rekey(SaId(1), SaId(2));
  EXPECT_FALSE(peers.choice.needs_poll());
  peers.choice.on_sa_down(SaId(2));
  EXPECT_EQ(peers.current(), 1U);
}

}  // namespace
}  // namespace rri::app
