#include "app/plan/events_script.h"

#include <gtest/gtest.h>

namespace rri::plan {
namespace {

const Sa& sa_of(const Step& step) { return std::get<SaUpStep>(step.action).sa; }

std::string only_error(std::string_view text) {
  const auto script = parse_script(text);
  EXPECT_EQ(script.errors.size(), 1U) << text;
  return script.errors.empty() ? std::string{} : render_error(script.errors[0], "EV");
}

TEST(EventsScript, TakesTheKeysOfAnSaInAnyOrder) {
  const auto script = parse_script(
      "sa up seq=7 remote=10.8.1.0/24,10.9.0.1-10.9.0.6 map=m if_id=3 local=192.168.0.0/16 peer=2001:db8::7 "
      "identity=\"C=DE, CN=alice\" id=18446744073709551615\n");
  ASSERT_TRUE(script.errors.empty());
  const auto& sa = sa_of(script.steps.at(0));
  EXPECT_EQ(sa.id.value, 18446744073709551615U);
  EXPECT_EQ(sa.peer.to_string(), "2001:db8::7");
  EXPECT_EQ(sa.remote.size(), 2U);
  EXPECT_EQ(sa.local.size(), 1U);
  EXPECT_EQ(sa.identity, "C=DE, CN=alice");
  EXPECT_EQ(sa.if_id, 3U);
  ASSERT_TRUE(sa.entry);
  EXPECT_EQ(sa.entry->map, "m");
  EXPECT_EQ(sa.entry->sequence, 7U);
}

TEST(EventsScript, IdentityMayHoldEqualsSigns) {
  const auto script = parse_script("sa up id=1 peer=10.0.0.1 remote=10.1.0.0/16 identity=CN=alice,O=acme");
  ASSERT_EQ(script.steps.size(), 1U);
  EXPECT_EQ(sa_of(script.steps[0]).identity, "CN=alice,O=acme");
}

TEST(EventsScript, CommentsBlankLinesAndLineEndsAreNothing) {
  const auto script = parse_script("# a comment\r\n\r\n  \t\ntick 3 # and wait\r\n#end");
  ASSERT_TRUE(script.errors.empty());
  ASSERT_EQ(script.steps.size(), 1U);
  EXPECT_EQ(std::get<TickStep>(script.steps[0].action).seconds, Seconds{3});
  EXPECT_EQ(script.steps[0].position, (TextPosition{4, 1}));
}

TEST(EventsScript, SaUpLinesBehindSourceBackAreOneList) {
  const auto script = parse_script(
      "source back\n"
      "sa up id=1 peer=10.0.0.1 remote=10.1.0.0/16\n"
      "# still the list\n"
      "sa up id=2 peer=10.0.0.1 remote=10.2.0.0/16\n"
      "tick 1\n"
      "sa up id=3 peer=10.0.0.1 remote=10.3.0.0/16\n");
  ASSERT_TRUE(script.errors.empty());
  ASSERT_EQ(script.steps.size(), 3U);
  EXPECT_EQ(std::get<SourceBackStep>(script.steps[0].action).sas.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<SaUpStep>(script.steps[2].action));
}

TEST(EventsScript, ConfigLinesAreStepsOfTheirOwn) {
  const auto script = parse_script("config\n interface eth0\n  shutdown\n!\n end\ntick 1\n");
  ASSERT_TRUE(script.errors.empty());
  ASSERT_EQ(script.steps.size(), 4U);
  const auto& first = std::get<ConfigLineStep>(script.steps[0].action);
  EXPECT_EQ(first.text, " interface eth0");
  EXPECT_TRUE(first.first_of_block);
  EXPECT_FALSE(std::get<ConfigLineStep>(script.steps[1].action).first_of_block);
}

TEST(EventsScript, InterfaceNamesMayHaveABlank) {
  const auto script = parse_script("link FastEthernet 0/0/1 down\nlink eth0 up\n");
  ASSERT_EQ(script.steps.size(), 2U);
  EXPECT_EQ(std::get<LinkStep>(script.steps[0].action).name, "FastEthernet0/0/1");
}

TEST(EventsScript, RoutesTakeDeviceAndVrfInAnyOrder) {
  const auto script = parse_script(
      "route add 0.0.0.0/0 via 10.0.0.1 vrf RED dev eth0\nroute add ::/0 via fe80::1 dev eth1\nroute del "
      "10.0.0.0/8\n");
  ASSERT_TRUE(script.errors.empty());
  const auto& first = std::get<RouteStep>(script.steps.at(0).action);
  EXPECT_EQ(first.vrf, "RED");
  EXPECT_EQ(first.device, "eth0");
  EXPECT_EQ(std::get<RouteStep>(script.steps.at(1).action).vrf, "default");
  EXPECT_FALSE(std::get<RouteStep>(script.steps.at(2).action).add);
}

TEST(EventsScript, ErrorsTellTheirPlace) {
  EXPECT_EQ(only_error("tick 1\n  frob\n"), "EV:2:3: error: \"frob\" is no event");
  EXPECT_EQ(only_error("sa up id=1 peer=10.0.0.1 remote=10.1.0.0/16,x"),
            "EV:1:45: error: \"x\" is no traffic selector");
  EXPECT_EQ(only_error("sa up id=1 peer=10.0.0.1"), "EV:1:25: error: remote= is missing");
  EXPECT_EQ(only_error("sa up id=1 id=2 peer=10.0.0.1 remote=10.0.0.0/8"),
            "EV:1:12: error: id= stands here twice");
  EXPECT_EQ(only_error("sa down id=-1"), "EV:1:12: error: an SA id must be a number, not \"-1\"");
  for (const std::string peer : {"224.0.0.5", "0.0.0.0", "255.255.255.255", "ff02::1", "::"}) {
    EXPECT_EQ(only_error("sa up id=1 peer=" + peer + " remote=10.0.0.0/8"),
              "EV:1:17: error: " + peer + " cannot be a peer");
  }
  EXPECT_EQ(only_error("tick 1 2"), "EV:1:8: error: unexpected \"2\"");
  EXPECT_EQ(only_error("tick -1"), "EV:1:6: error: SECONDS is 0 to 1000000000");
  EXPECT_EQ(only_error("route add 10.0.0.0/8 via ::1"),
            "EV:1:26: error: prefix and gateway are of different families");
  EXPECT_EQ(only_error("source"), "EV:1:7: error: lost or back is missing");
  EXPECT_EQ(only_error("ha g1 down"), "EV:1:7: error: a group is active or standby, not \"down\"");
  EXPECT_EQ(only_error("sa up id=1 peer=10.0.0.1 remote=10.0.0.0/8 seq=1"),
            "EV:1:48: error: seq= needs map=");
  EXPECT_EQ(only_error("sa up identity=\"a"), "EV:1:7: error: a quote is not closed");
  EXPECT_EQ(only_error("config\nhostname x\n"), "EV:1:1: error: `config` without `end`");
}

TEST(EventsScript, LinesAroundAnErrorCount) {
  const auto script = parse_script("tick 1\nnonsense\ntick 2\n");
  EXPECT_EQ(script.errors.size(), 1U);
  EXPECT_EQ(script.steps.size(), 2U);
}

TEST(EventsScript, BytesThatAreNoTextGiveErrors) {
  const std::string bytes("\x00\xff\xfe\x01 sa\n\x80", 9);
  const auto script = parse_script(bytes);
  EXPECT_TRUE(script.steps.empty());
  EXPECT_EQ(script.errors.size(), 2U);
}

}  // namespace
}  // namespace rri::plan
