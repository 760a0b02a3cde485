// `rri render bird`: what leaves, with which tag, and what stays at home.
#include "app/render_bird.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rri::app {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kHub =
    "crypto dynamic-map SPOKES 10\n match address NETS\n reverse-route\n"
    "crypto map VPN 10 ipsec-isakmp dynamic SPOKES\n"
    "ip access-list extended NETS\n permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255\n"
    "interface GigabitEthernet0/0/0\n linux device h-in\n ip address 10.0.0.1 255.255.255.0\n"
    "interface GigabitEthernet0/0/1\n linux device h-out\n ip address 203.0.113.1 255.255.255.252\n crypto map VPN\n";

std::string render(std::string_view more) {
  const auto made = render_bird(parse_document(std::string(kHub) + std::string(more)));
  return made ? *made : made.error().text;
}

TEST(RenderBird, LearnsOurRoutesAndPrefersThemByDistance) {
  const auto text = render("rri\n route kernel protocol 222\n");
  EXPECT_THAT(text, HasSubstr("define RRI = 222;"));
  EXPECT_THAT(text, HasSubstr("  learn;\n"));
  EXPECT_THAT(text, HasSubstr("if krt_source != RRI"));
  EXPECT_THAT(text, HasSubstr("preference = 255 - krt_metric / 16777216;"));
  EXPECT_THAT(text, HasSubstr("if net ~ [ 10.0.0.0/10{10,32} ] then {"));
  EXPECT_THAT(text, HasSubstr("ospf_tag = krt_realm"));
  EXPECT_THAT(text, HasSubstr("interface \"h-in\""));
  EXPECT_THAT(text, Not(HasSubstr("interface \"h-out\"")));
  EXPECT_THAT(text, HasSubstr("router id 10.0.0.1;"));
}

TEST(RenderBird, PinsStayAtHome) {
  EXPECT_THAT(render("crypto map VPN 5 ipsec-isakmp\n set peer 198.51.100.2\n match address NETS\n reverse-route remote-peer\n"),
              HasSubstr("if net ~ [ 198.51.100.2/32 ] then reject;"));
  EXPECT_THAT(render("crypto dynamic-map SPOKES 10\n no match address NETS\n reverse-route remote-peer\n"),
              HasSubstr("if net.len = 32 then reject;"));
}

TEST(RenderBird, TagsThatNoRealmCarriesGoByPrefix) {
  EXPECT_THAT(render("crypto dynamic-map SPOKES 10\n set reverse-route tag 70000\n"), HasSubstr("{ ospf_tag = 70000; }"));
  const auto text = render("ipv6 access-list NETS\n permit ipv6 any fd00::/16\ncrypto dynamic-map SPOKES 10\n set reverse-route tag 7\n");
  EXPECT_THAT(text, HasSubstr("{ ospf_tag = 7; bgp_community.add((65000, 7)); }"));
}

TEST(RenderBird, TheCommunityOfATagIsThatOfTheFilesAs) {
  EXPECT_THAT(render("crypto dynamic-map SPOKES 10\n set reverse-route tag 7\nrouter bgp 65001\n neighbor 10.0.0.9 remote-as 65002\n"),
              HasSubstr("bgp_community.add((65001, krt_realm));"));
}

constexpr std::string_view kRed =
    "vrf definition RED\n address-family ipv4\ncrypto isakmp profile CUSTOMER\n vrf RED\n match identity address 0.0.0.0\n"
    "crypto dynamic-map SPOKES 10\n set isakmp-profile CUSTOMER\ninterface GigabitEthernet0/0/0\n vrf forwarding RED\n";

TEST(RenderBird, TheTableOfAVrfIsThatOfThisHostsDevice) {
  const auto parsed = parse_document(std::string(kHub) + std::string(kRed));
  EXPECT_THAT(*render_bird(parsed, {{"RED", 100}}), HasSubstr("define TABLE_RED = 100;  # VRF device RED\n"));
  EXPECT_THAT(*render_bird(parsed), HasSubstr("NOTICE: write the table of VRF device RED"));
}

TEST(RenderBird, AreasAndRouterIdOfTheFilesOspfSection) {
  const auto text = render(
      "router ospf 1\n router-id 10.0.0.77\n passive-interface default\n network 10.0.0.0 0.0.0.255 area 5\n"
      " redistribute static subnets route-map ONLY\ninterface Loopback0\n ip address 10.255.0.1 255.255.255.255\n");
  EXPECT_THAT(text, HasSubstr("router id 10.0.0.77;\n"));
  EXPECT_THAT(text, HasSubstr("  area 5 {\n    interface \"h-in\" { };\n  };\n"));
  EXPECT_THAT(text, Not(HasSubstr("area 0")));
  EXPECT_THAT(text, Not(HasSubstr("Loopback0")));
  EXPECT_THAT(text, HasSubstr("# not translated: passive-interface default\n"));
  EXPECT_THAT(text, HasSubstr("# not translated: redistribute static subnets route-map ONLY\n"));
}

TEST(RenderBird, EveryVrfSpeaksItsOwnProtocol) {
  const auto text = render(
      "vrf definition RED\n address-family ipv4\ncrypto isakmp profile CUSTOMER\n vrf RED\n match identity address 0.0.0.0\n"
      "crypto dynamic-map SPOKES 20\n set isakmp-profile CUSTOMER\n match address NETS\n reverse-route\n"
      "interface GigabitEthernet0/0/2\n linux device h-red\n vrf forwarding RED\n ip address 10.4.0.1 255.255.255.0\n"
      "router ospf 1\nrouter bgp 65001\n address-family ipv4 vrf RED\n  neighbor 10.4.0.9 remote-as 65002\n");
  EXPECT_THAT(text, HasSubstr("protocol ospf v2 rri_ospf4 {"));
  EXPECT_THAT(text, Not(HasSubstr("rri_ospf4_RED")));
  EXPECT_THAT(text, HasSubstr("protocol bgp rri_bgp1_RED {"));
}

TEST(RenderBird, NeighboursOfTheFilesBgpSection) {
  const auto text = render(std::string(kRed) +
                           "router bgp 65001\n neighbor 10.4.0.9 remote-as 65002\n address-family ipv4 vrf RED\n"
                           "  neighbor 10.0.0.10 remote-as 65010\n  neighbor 10.0.0.10 activate\n exit-address-family\n");
  EXPECT_THAT(text, HasSubstr("protocol bgp rri_bgp1_RED {\n  vrf \"RED\";\n  local as 65001;\n  neighbor 10.0.0.10 as 65010;\n"
                              "  ipv4 { table rri4_RED; import all; export where source = RTS_INHERIT; next hop self; };\n}\n"));
  EXPECT_THAT(text, Not(HasSubstr("protocol ospf")));
  EXPECT_THAT(text, Not(HasSubstr("10.4.0.9")));  // nothing leaves that VRF
}

TEST(RenderBird, WhereThereIsNothingToLearn) {
  EXPECT_THAT(render("rri\n route frr\n"), HasSubstr("where BIRD does not see them"));
  EXPECT_THAT(render("crypto dynamic-map SPOKES 10\n no reverse-route\n"), HasSubstr("injects no routes"));
}

}  // namespace
}  // namespace rri::app
