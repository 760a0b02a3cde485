#include "app/ike_failures.h"

#include <gtest/gtest.h>

namespace rri::app {
namespace {

constexpr std::chrono::seconds kSecond{1};
const std::string kName = "rri-mymap-10-198_51_100_2";
const std::string kAny = "rri-mymap-65000-any_10";

TunnelPlan make_plan() {
  TunnelPlan plan;
  for (const auto& [name, remote] : {std::pair(kName, "198.51.100.2"), std::pair(kAny, "%any")}) {
    CharonConnection connection;
    connection.name = name;
    connection.entry = entry_of_connection(name);
    connection.settings.set_list("remote_addrs", {remote});
    plan.connections.push_back(std::move(connection));
  }
  return plan;
}

struct IkeFailuresTest : testing::Test {
  TunnelPlan plan = make_plan();
  IkeFailures failures;
  TimePoint now{};

  std::string say(const std::string& connection, const std::string& text, std::uint64_t ike = 7) {
    return failures.on_line({connection, ike, text}, plan, now).value_or("");
  }
};

TEST_F(IkeFailuresTest, names_entry_peer_and_reason) {
  EXPECT_EQ(say(kName, "received AUTHENTICATION_FAILED notify error"),
            "crypto map mymap 10: no tunnel with peer 198.51.100.2: the peer refuses our key, certificate or identity");
  ASSERT_NE(failures.find({"mymap", 10}), nullptr);
  EXPECT_EQ(failures.find({"mymap", 10})->text, "the peer refuses our key, certificate or identity");
  EXPECT_EQ(say(kName + "_aggressive", "received FAILED_CP_REQUIRED notify error"),
            "crypto map mymap 10: no tunnel with peer 198.51.100.2: received FAILED_CP_REQUIRED notify error");
}

TEST_F(IkeFailuresTest, the_caller_of_a_dynamic_map_is_known) {
  EXPECT_EQ(say("(unnamed)", "192.0.2.7 is initiating an IKE_SA"), "");
  EXPECT_EQ(say(kAny, "tried 1 shared key for '203.0.113.1' - '192.0.2.7', but MAC mismatched"),
            "crypto map mymap 65000: no tunnel with peer 192.0.2.7: the pre-shared keys differ, or the identity is another one's");
}

TEST_F(IkeFailuresTest, what_repeats_is_told_now_and_then_with_its_number) {
  EXPECT_NE(say(kName, "received NO_PROPOSAL_CHOSEN error notify"), "");
  for (int i = 0; i < 59; ++i) {
    now += 10 * kSecond;
    EXPECT_EQ(say(kName, "received NO_PROPOSAL_CHOSEN error notify"), "") << i;
  }
  now += 10 * kSecond;
  EXPECT_NE(say(kName, "received NO_PROPOSAL_CHOSEN error notify").find("(60 times since it was told last)"), std::string::npos);
}

TEST_F(IkeFailuresTest, no_answer_does_not_hide_its_reason) {
  say(kName, "could not decrypt payloads");
  EXPECT_EQ(say(kName, "giving up after 5 retransmits"), "");
  EXPECT_EQ(failures.find({"mymap", 10})->text, "the pre-shared keys differ: what the peer says cannot be decrypted");
  now += 400 * kSecond;
  EXPECT_NE(say(kName, "giving up after 5 retransmits").find("does not answer"), std::string::npos);
}

TEST_F(IkeFailuresTest, a_tunnel_or_another_configuration_ends_it) {
  say(kName, "giving up after 5 retransmits");
  failures.forget(kName);
  EXPECT_EQ(failures.find({"mymap", 10}), nullptr);
  EXPECT_NE(say(kName, "giving up after 5 retransmits"), "") << "after a tunnel it is news";
  failures.keep_only({});
  EXPECT_EQ(failures.find({"mymap", 10}), nullptr);
}

TEST_F(IkeFailuresTest, strangers_share_one_line_a_minute) {
  EXPECT_EQ(say("(unnamed)", "no IKE config found for 203.0.113.1...192.0.2.66, sending NO_PROPOSAL_CHOSEN"),
            "peer 192.0.2.66: no crypto map entry or profile takes this peer");
  EXPECT_EQ(say("(unnamed)", "no IKE config found for 203.0.113.1...192.0.2.67, sending NO_PROPOSAL_CHOSEN", 8), "");
  now += 60 * kSecond;
  EXPECT_NE(say("(unnamed)", "no IKE config found for 203.0.113.1...192.0.2.68, sending NO_PROPOSAL_CHOSEN", 9), "");
}

TEST_F(IkeFailuresTest, both_versions_say_whose_identity_nobody_takes) {
  for (const auto* text : {"no matching peer config found", "no peer config found"}) {
    EXPECT_EQ(find_failure(text), "no crypto map entry or profile takes this peer's identity") << text;
  }
}

TEST_F(IkeFailuresTest, what_happens_on_the_way_to_a_tunnel_is_no_failure) {
  for (const auto* text : {"no shared key found for '203.0.113.1'[203.0.113.1] - '%any'[198.51.100.2]", "sending retransmit 1 of request message ID 0, seq 3",
                           "peer didn't accept DH group ECP_256, it requested MODP_2048", "IKE_SA rri-mymap-10-198_51_100_2[6] established between"}) {
    EXPECT_FALSE(find_failure(text)) << text;
  }
}

TEST_F(IkeFailuresTest, other_peoples_connections_are_not_ours_to_judge) {
  EXPECT_EQ(say("their-tunnel", "received AUTHENTICATION_FAILED notify error"), "");
}

TEST_F(IkeFailuresTest, an_sa_in_transport_mode_ends_what_failed_before) {
  say(kName, "received NO_PROPOSAL_CHOSEN notify, no CHILD_SA built");
  EXPECT_EQ(failures.find({"mymap", 10})->text, "the peer refuses the tunnel: it takes none of our transform sets, or could not install it");
  EXPECT_EQ(say(kName, "CHILD_SA rri-mymap-10-gre{3} established with SPIs c1_i c2_o and TS 203.0.113.1/32[gre] === 198.51.100.2/32[gre]"), "");
  EXPECT_EQ(failures.find({"mymap", 10}), nullptr);
}

}  // namespace
}  // namespace rri::app
