// `rri render keepalived`: what HSRP says, in VRRP's words.
#include "app/render_keepalived.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rri::app {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string render(const std::string& lines, const std::string& more = {}) {
  const auto text = more + "interface GigabitEthernet0/0/1\n linux device eth0\n ip address 192.168.0.2 255.255.255.0\n" + lines;
  const auto made = render_keepalived(parse_document(text), {"/usr/bin/rri", "", "", "rrid"});
  return made ? *made : made.error().text;
}

TEST(RenderKeepalived, TheExampleOfTheCiscoText) {
  const auto text = render(" standby name group1\n standby ip 192.168.0.3\n crypto map mymap redundancy group1\n");
  EXPECT_THAT(text, HasSubstr("vrrp_notify_fifo /run/rri/vrrp.fifo rrid rrid\n"));
  EXPECT_THAT(text, HasSubstr("vrrp_instance group1 {\n  state BACKUP\n  interface eth0\n  virtual_router_id 255\n  priority 100\n  nopreempt\n"
                              "  advert_int 3\n  version 3\n  virtual_ipaddress {\n    192.168.0.3/32 dev eth0\n  }\n"));
  EXPECT_THAT(text, HasSubstr("script \"/usr/bin/rri health\""));
  EXPECT_THAT(text, HasSubstr("notify_fault \"/usr/bin/rri flush --interface GigabitEthernet0/0/1\" root\n"));
  EXPECT_THAT(text, HasSubstr("# NOTICE: GigabitEthernet0/0/1 standby 0 has VRRP id 255"));
}

TEST(RenderKeepalived, IdsCountDownAndNeverMeet) {
  const auto text = render(
      " standby 255 ip 192.168.0.5\n standby 0 ip 192.168.0.3\n standby 300 ip 192.168.0.4\n standby 7 ip 192.168.0.6\n"
      " linux vrid 254 standby 7\n");
  EXPECT_THAT(text, HasSubstr("hsrp-Gi0/0/1-255 {\n  state BACKUP\n  interface eth0\n  virtual_router_id 255\n"));
  EXPECT_THAT(text, HasSubstr("hsrp-Gi0/0/1-7 {\n  state BACKUP\n  interface eth0\n  virtual_router_id 254\n"));
  EXPECT_THAT(text, HasSubstr("hsrp-Gi0/0/1-0 {\n  state BACKUP\n  interface eth0\n  virtual_router_id 253\n"));
  EXPECT_THAT(text, HasSubstr("hsrp-Gi0/0/1-300 {\n  state BACKUP\n  interface eth0\n  virtual_router_id 252\n"));
}

TEST(RenderKeepalived, PrioritiesThatMeanSomethingElse) {
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 priority 255\n"), HasSubstr("  priority 254\n"));
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 priority 0\n"), HasSubstr("  priority 1\n"));
}

TEST(RenderKeepalived, PreemptionOnlyWhereItIsWritten) {
  const auto text = render(" standby 1 ip 192.168.0.3\n standby 1 preempt delay minimum 60\n");
  EXPECT_THAT(text, HasSubstr("  preempt_delay 60\n"));
  EXPECT_THAT(text, Not(HasSubstr("nopreempt")));
}

TEST(RenderKeepalived, TimersInHundredthsAndSeconds) {
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 timers msec 255 msec 800\n"), HasSubstr("  advert_int 0.26\n  version 3\n"));
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 timers 2 10\n"), HasSubstr("  advert_int 2\n  down_timer_adverts 5\n"));
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 timers 60 200\n"), HasSubstr("  advert_int 60\n  version 2\n"));
  const auto text = render(" standby 1 ip 192.168.0.3\n standby 1 timers msec 250 1\n standby 1 authentication secret\n");
  EXPECT_THAT(text, HasSubstr("  advert_int 1\n"));
  EXPECT_THAT(text, HasSubstr("  version 2\n  authentication {\n    auth_type PASS\n    auth_pass secret\n  }\n"));
  EXPECT_THAT(text, HasSubstr("a hello time of 250 ms becomes 1000 ms"));
}

TEST(RenderKeepalived, AuthenticationThatVrrpHasNot) {
  const auto text = render(" standby 1 ip 192.168.0.3\n standby 1 authentication md5 key-string abc\n");
  EXPECT_THAT(text, HasSubstr("VRRP has no MD5 authentication"));
  EXPECT_THAT(text, Not(HasSubstr("auth_pass")));
}

TEST(RenderKeepalived, TrackedInterfaces) {
  const std::string inside = "track 1 interface GigabitEthernet0/0/0 line-protocol\ninterface GigabitEthernet0/0/0\n linux device eth1\n";
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 track 1 decrement 20\n", inside), HasSubstr("    eth1 weight -20\n"));
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 track 1\n", inside), HasSubstr("    eth1 weight -10\n"));
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 track 1 shutdown\n", inside), HasSubstr("  track_interface {\n    eth1\n  }\n"));
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 track 2\n", inside), HasSubstr("track object 2 is not"));
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 track GigabitEthernet0/0/0 30\n", inside), HasSubstr("    eth1 weight -30\n"));
  EXPECT_THAT(render(" standby ip 192.168.0.3\n standby track Gi0/0/0\n", inside), HasSubstr("    eth1 weight -10\n"));
  EXPECT_THAT(render(" standby ip 192.168.0.3\n standby track Gi0/0/0\n no standby track Gi0/0/0\n", inside), Not(HasSubstr("weight")));
}

TEST(RenderKeepalived, Ipv6GroupsBeginWithALinkLocalAddress) {
  const auto text = render(" standby version 2\n standby 257 ipv6 2001:db8::1/64\n standby 257 ipv6 autoconfig\n");
  EXPECT_THAT(text, HasSubstr("    fe80::5:73ff:fea0:101/128 dev eth0\n    2001:db8::1/128 dev eth0\n"));
}

TEST(RenderKeepalived, NamesThatKeepalivedCannotRead) {
  EXPECT_THAT(render(" standby 1 ip 192.168.0.3\n standby 1 name a#b!\n"), HasSubstr("vrrp_instance \"a\\043b\\041\" {\n"));
}

TEST(RenderKeepalived, OneNameForTwoGroupsMakesThemOne) {
  const auto text = render(" standby 1 ip 192.168.0.3\n standby 1 name both\n",
                           "interface GigabitEthernet0/0/0\n linux device eth1\n ip address 10.0.0.2 255.0.0.0\n standby 1 ip 10.0.0.1\n standby 1 name both\n");
  EXPECT_THAT(text, HasSubstr("vrrp_sync_group both {\n  group {\n    hsrp-Gi0/0/0-1\n    hsrp-Gi0/0/1-1\n  }\n"));
}

TEST(RenderKeepalived, AnUnboundInterfaceGetsANameThatKeepalivedTakes) {
  const auto made = render_keepalived(parse_document("interface FastEthernet0/0/1\n ip address 192.168.0.2 255.255.255.0\n standby ip 192.168.0.3\n"), {});
  ASSERT_TRUE(made);
  EXPECT_THAT(*made, HasSubstr("  interface Fa0-0-1\n"));
  EXPECT_THAT(*made, HasSubstr("# NOTICE: FastEthernet0/0/1 is bound to no Linux device"));
}

TEST(RenderKeepalived, WithoutAGroupThereIsNothing) {
  EXPECT_THAT(render(""), HasSubstr("has no `standby` group"));
  EXPECT_THAT(render(" standby 1 ip\n"), HasSubstr("with a virtual address"));
}

}  // namespace
}  // namespace rri::app
