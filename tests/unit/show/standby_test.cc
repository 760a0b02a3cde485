// `show standby`, `show standby brief` and `show track`, in IOS's layout.
#include "show/standby.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace rri::show {
namespace {

using testing::HasSubstr;

core::Snapshot snapshot_with_group() {
  auto config = std::make_shared<Config>();
  Interface interface;
  interface.name = "GigabitEthernet0/0/1";
  StandbyGroup group;
  group.number = 1;
  group.name = "group1";
  group.virtual_addresses = {*IpAddress::parse("192.168.0.3")};
  group.priority = 110;
  group.preempt = true;
  group.hello = Millis(250);
  group.hold = Millis(750);
  group.tracks = {{1, 20, false}};
  interface.standby = {group};
  config->interfaces[interface.name] = interface;
  config->tracked_interfaces[1] = "GigabitEthernet0/0/0";
  core::Snapshot snapshot;
  snapshot.config = config;
  snapshot.interfaces = {{"GigabitEthernet0/0/1", "eth0", "", true}};
  return snapshot;
}

RedundancyStatus status_of(bool active, const char* word, bool track_up) {
  RedundancyStatus status;
  status.groups["group1"] = {active, true, word, active ? "" : "keepalived says BACKUP", 3, Seconds(3725)};
  status.tracks[1] = {track_up, 1, Seconds(5)};
  return status;
}

TEST(ShowStandby, BriefHasTheColumnsOfIos) {
  EXPECT_EQ(standby_brief(snapshot_with_group(), status_of(true, "MASTER", true), Format::Text),
            "                     P indicates configured to preempt.\n"
            "                     |\n"
            "Interface   Grp  Pri P State   Active          Standby         Virtual IP\n"
            "Gi0/0/1     1    110 P Active  local           unknown         192.168.0.3\n");
}

TEST(ShowStandby, ADownObjectTakesFromThePriority) {
  EXPECT_THAT(standby_brief(snapshot_with_group(), status_of(false, "BACKUP", false), Format::Text),
              HasSubstr("Gi0/0/1     1    90  P Standby unknown         local           192.168.0.3\n"));
}

TEST(ShowStandby, AllOfOneGroup) {
  EXPECT_EQ(standby(snapshot_with_group(), status_of(true, "MASTER", true), false, Format::Text),
            "GigabitEthernet0/0/1 - Group 1\n"
            "  State is Active\n"
            "    3 state changes, last state change 01:02:05\n"
            "  Virtual IP address is 192.168.0.3\n"
            "  Active virtual MAC address is unknown\n"
            "  Hello time 250 msec, hold time 750 msec\n"
            "  Preemption enabled\n"
            "  Active router is local\n"
            "  Standby router is unknown\n"
            "  Priority 110 (configured 110)\n"
            "    Track object 1 state Up decrement 20\n"
            "  Group name is \"group1\" (cfgd)\n");
}

TEST(ShowStandby, FaultIsInit) {
  EXPECT_THAT(standby(snapshot_with_group(), status_of(false, "FAULT", true), false, Format::Text), HasSubstr("  State is Init\n"));
}

TEST(WaitingMaps, TellWhichGroupWaitsForWhom) {
  auto snapshot = snapshot_with_group();
  auto config = std::make_shared<Config>(*snapshot.config);
  config->interfaces["GigabitEthernet0/0/1"].maps = {{"mymap", "group1"}, {"other", "nobody"}, {"alone", std::nullopt}};
  snapshot.config = config;
  const std::string other = "crypto map other on GigabitEthernet0/0/1 makes no routes here: no `standby` line names its group nobody";
  EXPECT_THAT(waiting_maps(snapshot, status_of(false, "BACKUP", true)),
              testing::ElementsAre("crypto map mymap on GigabitEthernet0/0/1 makes no routes here: standby group group1 is Standby "
                                   "(keepalived says BACKUP), another router is to hold 192.168.0.3 and the routes",
                                   other));
  EXPECT_THAT(waiting_maps(snapshot, {}),
              testing::Contains("crypto map mymap on GigabitEthernet0/0/1 makes no routes here: standby group group1 is Standby, "
                                "another router is to hold 192.168.0.3 and the routes"));
  snapshot.groups["group1"] = true;
  EXPECT_THAT(waiting_maps(snapshot, status_of(true, "MASTER", true)), testing::ElementsAre(other));
}

TEST(ShowStandby, JsonSaysWhy) {
  const auto json = nlohmann::json::parse(standby_brief(snapshot_with_group(), status_of(false, "BACKUP", true), Format::Json));
  EXPECT_EQ(json["standby"][0]["state"], "Standby");
  EXPECT_EQ(json["standby"][0]["reason"], "keepalived says BACKUP");
}

TEST(ShowTrack, ShowsTheLineProtocol) {
  EXPECT_EQ(tracks(snapshot_with_group(), status_of(true, "MASTER", false), {false}, Format::Text),
            "Track 1\n  Interface GigabitEthernet0/0/0 line-protocol\n  Line protocol is Down (hw down)\n"
            "    1 change, last change 00:00:05\n  Tracked by:\n    HSRP GigabitEthernet0/0/1 1\n");
}

TEST(StandbyNames, AreIossOwnWhereNoneIsWritten) {
  Interface interface;
  interface.name = "GigabitEthernet0/0/1";
  EXPECT_EQ(standby_name(interface, StandbyGroup{}), "hsrp-Gi0/0/1-0");
}

}  // namespace
}  // namespace rri::show
