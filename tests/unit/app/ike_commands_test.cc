#include "app/ike_commands.h"

#include <gtest/gtest.h>

#include "app/session_log.h"
#include "config/config.h"
#include "io/loop/event_loop.h"

namespace rri::app {
namespace {

using Children = std::vector<std::pair<std::string, std::string>>;

Config two_peers() {
  return parse_document(R"(crypto map VPN 10 ipsec-isakmp
 set peer 192.0.2.1
 set peer 192.0.2.2
 match address 110
crypto map VPN 20 ipsec-isakmp
 set peer hub.example.com
access-list 110 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
)").config;
}

vici::ConnectionReport connection(std::string name, std::string peer, std::vector<vici::ConnectionReport::Child> children) {
  vici::ConnectionReport made;
  made.name = std::move(name);
  made.peers = {std::move(peer)};
  made.children = std::move(children);
  return made;
}

TEST(ChildrenToStart, are_those_of_the_first_peer_that_has_a_connection) {
  const auto config = two_peers();
  const auto second = connection("second", "192.0.2.2", {{"net", {"10.0.0.0/24"}, {"10.1.0.0/16"}}});
  const auto first = connection("first", "192.0.2.1", {{"net", {"10.0.0.0/24"}, {"10.1.2.0/24"}}});
  EXPECT_EQ(find_children_to_start(config, {"VPN", 10}, {second, first}), (Children{{"first", "net"}}));
  EXPECT_EQ(find_children_to_start(config, {"VPN", 10}, {second}), (Children{{"second", "net"}}));
  EXPECT_EQ(find_children_to_start(config, {"VPN", 10}, {second, first}, 1), (Children{{"second", "net"}}));
  EXPECT_TRUE(find_children_to_start(config, {"VPN", 30}, {second, first}).empty());
  EXPECT_TRUE(find_children_to_start(config, {"OTHER", 10}, {second, first}).empty());
}

TEST(ChildrenToStart, are_those_that_the_access_list_permits) {
  const auto config = two_peers();
  const auto mixed = connection("c", "192.0.2.1", {{"fits", {}, {"10.1.0.0/16"}}, {"other", {}, {"10.9.0.0/16"}}, {"any", {}, {"dynamic"}}});
  EXPECT_EQ(find_children_to_start(config, {"VPN", 10}, {mixed}), (Children{{"c", "fits"}, {"c", "any"}}));
  const auto named = connection("n", "hub.example.com", {{"all", {}, {"10.9.0.0/16"}}});
  EXPECT_EQ(find_children_to_start(config, {"VPN", 20}, {named}), (Children{{"n", "all"}}));
}

TEST(ChildrenToStart, are_our_own_where_we_loaded_some) {
  const auto config = two_peers();
  const auto foreign = connection("foreign", "192.0.2.1", {{"net", {}, {"10.1.0.0/16"}}});
  const auto other = connection("rri-VPN-20-192_0_2_1", "192.0.2.1", {{"1", {}, {"10.1.0.0/16"}}});
  const auto ours = connection("rri-VPN-10-192_0_2_1", "192.0.2.1", {{"1", {}, {"10.1.0.0/16"}}});
  EXPECT_EQ(find_children_to_start(config, {"VPN", 10}, {foreign, other, ours}), (Children{{"rri-VPN-10-192_0_2_1", "1"}}));
}

TEST(IkeCommands, with_ike_xfrm_nothing_is_ended_and_the_cure_is_told) {
  io::EventLoop loop;
  xfrm::Watcher kernel(loop.context(), {}, [](const core::Event&) {}, [](const core::LogLine&) {});
  IkeCommands commands([] { return nullptr; }, [&] { return &kernel; }, [] { return nullptr; });
  const auto access = commands.access();
  int answers = 0;
  const auto is_refused = [&](const Result<>& result) {
    ++answers;
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().text.find("ipsec auto --down"), std::string::npos) << result.error().text;
  };
  access.terminate({{true, 7}}, is_refused);
  access.initiate({"VPN", 10}, is_refused);
  access.terminate({}, [&](const Result<>& result) {
    ++answers;
    EXPECT_TRUE(result);
  });
  // A watcher that was not started has nothing to tell, and says so.
  access.read(true, [&](const Result<SharedSas>& sas) {
    ++answers;
    EXPECT_FALSE(sas);
  });
  EXPECT_EQ(answers, 4);
}

// ---- crypto logging session ----------------------------------------------------

Sa sa(std::uint64_t id, const char* peer, std::string identity = "s1") {
  Sa made;
  made.id = SaId(id);
  made.peer = *IpAddress::parse(peer);
  made.identity = std::move(identity);
  return made;
}

using Lines = std::vector<std::string>;

class SessionLogTest : public ::testing::Test {
 protected:
  void SetUp() override { log_.tell(true); }
  SessionLog log_;
};

TEST_F(SessionLogTest, tells_the_first_sa_and_the_last) {
  log_.note_port(*IpAddress::parse("192.0.2.1"), 4500);
  EXPECT_EQ(log_.on_event(core::SaUp{sa(1, "192.0.2.1")}), (Lines{"Crypto tunnel is UP. Peer 192.0.2.1:4500 Id: s1"}));
  EXPECT_EQ(log_.on_event(core::SaUp{sa(1, "192.0.2.1")}), Lines{});
  EXPECT_EQ(log_.on_event(core::SaUp{sa(2, "192.0.2.1")}), Lines{});
  EXPECT_EQ(log_.on_event(core::SaDown{SaId(1)}), Lines{});
  EXPECT_EQ(log_.on_event(core::SaDown{SaId(9)}), Lines{});
  EXPECT_EQ(log_.on_event(core::SaDown{SaId(2)}), (Lines{"Crypto tunnel is DOWN. Peer 192.0.2.1:4500 Id: s1"}));
}

TEST_F(SessionLogTest, a_rekey_is_no_news) {
  (void)log_.on_event(core::SaUp{sa(1, "192.0.2.1", "")});
  EXPECT_EQ(log_.on_event(core::SaRekeyed{SaId(1), SaId(2)}), Lines{});
  EXPECT_EQ(log_.on_event(core::SaUp{sa(2, "192.0.2.1", "")}), Lines{});
  EXPECT_EQ(log_.on_event(core::SaDown{SaId(2)}), (Lines{"Crypto tunnel is DOWN. Peer 192.0.2.1:500 Id: 192.0.2.1"}));
}

TEST_F(SessionLogTest, a_rekey_onto_a_known_number_counts_it_once) {
  (void)log_.on_event(core::SaUp{sa(1, "192.0.2.1")});
  (void)log_.on_event(core::SaUp{sa(2, "192.0.2.1")});
  EXPECT_EQ(log_.on_event(core::SaRekeyed{SaId(1), SaId(2)}), Lines{});
  EXPECT_EQ(log_.on_event(core::SaDown{SaId(2)}).size(), 1U);
}

TEST_F(SessionLogTest, a_list_tells_differences_only) {
  (void)log_.on_event(core::SaUp{sa(1, "192.0.2.1")});
  (void)log_.on_event(core::SaUp{sa(2, "192.0.2.2", "s2")});
  EXPECT_EQ(log_.on_event(core::SourceLost{}), Lines{});
  EXPECT_EQ(log_.on_event(core::SaList{{sa(5, "192.0.2.1")}}), (Lines{"Crypto tunnel is DOWN. Peer 192.0.2.2:500 Id: s2"}));
}

TEST_F(SessionLogTest, an_sa_that_moves_takes_the_tunnel_along) {
  (void)log_.on_event(core::SaUp{sa(1, "192.0.2.1")});
  EXPECT_EQ(log_.on_event(core::SaUp{sa(1, "192.0.2.9")}),
            (Lines{"Crypto tunnel is UP. Peer 192.0.2.9:500 Id: s1", "Crypto tunnel is DOWN. Peer 192.0.2.1:500 Id: s1"}));
}

}  // namespace
}  // namespace rri::app
