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

TEST(RenderBird, WhereThereIsNothingToLearn) {
  EXPECT_THAT(render("rri\n route frr\n"), HasSubstr("where BIRD does not see them"));
  EXPECT_THAT(render("crypto dynamic-map SPOKES 10\n no reverse-route\n"), HasSubstr("injects no routes"));
}

}  // namespace
}  // namespace rri::app
