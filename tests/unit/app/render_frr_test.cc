// `rri render frr`: what leaves, what stays at home, and under which tag.
#include "app/render_frr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "app/render.h"

namespace rri::app {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kHub =
    "hostname HUB\n"
    "crypto dynamic-map SPOKES 10\n"
    " match address NETS\n"
    " reverse-route\n"
    "crypto map VPN 10 ipsec-isakmp dynamic SPOKES\n"
    "ip access-list extended NETS\n"
    " permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255\n"
    "interface GigabitEthernet0/0/0\n"
    " linux device h-in\n"
    " ip address 10.0.0.1 255.255.255.0\n"
    "interface GigabitEthernet0/0/1\n"
    " linux device h-out\n"
    " ip address 203.0.113.1 255.255.255.252\n"
    " crypto map VPN\n";

std::string render(std::string_view more) {
  const auto rendered = render_frr(parse_document(std::string(kHub) + std::string(more)));
  return rendered ? *rendered : rendered.error().text;
}

TEST(RenderFrr, ProxiesGoOutByTheAccessListAndTheDefaultRouteStays) {
  const auto text = render("");
  EXPECT_THAT(text, HasSubstr("ip prefix-list RRI-PROXIES seq 5 permit 10.0.0.0/10 le 32\n"));
  EXPECT_THAT(text, HasSubstr("ip prefix-list RRI-HOME seq 5 permit 0.0.0.0/0\n"));
  EXPECT_THAT(text, HasSubstr("route-map RRI deny 10\n match ip address prefix-list RRI-HOME\n"));
  EXPECT_THAT(text, HasSubstr("router ospf\n redistribute kernel route-map RRI\n"));
  EXPECT_THAT(text, HasSubstr("interface h-in\n ip ospf area 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("interface h-out")));
  EXPECT_THAT(text, Not(HasSubstr("set tag")));
}

TEST(RenderFrr, TheKernelGetsItsTagInFrr) {
  const auto text = render("crypto dynamic-map SPOKES 10\n set reverse-route tag 100\n");
  EXPECT_THAT(text, HasSubstr(" match ip address prefix-list RRI-PROXIES-100\n set tag 100\n"));
}

TEST(RenderFrr, StaticRoutesOfFrrBringTheirTag) {
  const auto text = render("crypto dynamic-map SPOKES 10\n set reverse-route tag 100\nrri\n route frr\n");
  EXPECT_THAT(text, HasSubstr("route-map RRI permit 20\n match tag 100\nexit\n"));
  EXPECT_THAT(text, HasSubstr("redistribute static route-map RRI"));
  EXPECT_THAT(text, HasSubstr(" staticd"));
  EXPECT_THAT(text, Not(HasSubstr("redistribute kernel")));
}

TEST(RenderFrr, StaticRoutesOfFrrWithoutATagGoByTheirPrefix) {
  const auto text = render("rri\n route frr\n");
  EXPECT_THAT(text, HasSubstr(" match ip address prefix-list RRI-PROXIES\n"));
  EXPECT_THAT(text, Not(HasSubstr("match tag")));
}

TEST(RenderFrr, ATagIsAskedForBeforeWhatTakesEverything) {
  const auto text = render("crypto dynamic-map SPOKES 10\n set reverse-route tag 7\ncrypto dynamic-map SPOKES 20\n reverse-route\n");
  EXPECT_THAT(text, HasSubstr("route-map RRI permit 20\n match ip address prefix-list RRI-PROXIES-7\n set tag 7\n"));
  EXPECT_THAT(text, HasSubstr("route-map RRI permit 30\n match ip address prefix-list RRI-PROXIES\n"));
}

TEST(RenderFrr, PinsOfKnownPeersStayAtHome) {
  const auto text = render(
      "crypto map VPN 5 ipsec-isakmp\n set peer 198.51.100.2\n match address NETS\n reverse-route remote-peer\n");
  EXPECT_THAT(text, HasSubstr("ip prefix-list RRI-HOME seq 10 permit 198.51.100.2/32\n"));
}

TEST(RenderFrr, PinsOfUnknownPeersKeepAllHostsAtHomeWhereNothingTellsThemApart) {
  constexpr std::string_view kOpen = "crypto dynamic-map SPOKES 10\n no match address NETS\n reverse-route remote-peer\n";
  EXPECT_THAT(render(kOpen), HasSubstr("ip prefix-list RRI-HOME seq 10 permit 0.0.0.0/0 ge 32\n"));
  EXPECT_THAT(render(kOpen), HasSubstr("ip prefix-list RRI-PROXIES seq 5 permit 0.0.0.0/0 ge 8 le 32\n"));
  EXPECT_THAT(render("crypto dynamic-map SPOKES 10\n reverse-route remote-peer\n"), Not(HasSubstr("ge 32")));
}

TEST(RenderFrr, AnAclDrivenRouteIsMatchedExactly) {
  const auto text = render(
      "crypto map VPN 5 ipsec-isakmp\n set peer 198.51.100.2\n match address ONE\n reverse-route static\n"
      "no crypto map VPN 10\n"
      "ip access-list extended ONE\n permit ip any 10.9.0.0 0.0.255.255\n permit ip any host 10.8.0.1\n");
  EXPECT_THAT(text, HasSubstr("permit 10.9.0.0/16\n"));
  EXPECT_THAT(text, HasSubstr("permit 10.8.0.1/32\n"));
}

TEST(RenderFrr, TheAcceptListIsTheConditionWithoutAnAccessList) {
  const auto text = render(
      "crypto dynamic-map SPOKES 10\n no match address NETS\n set reverse-route accept prefix-list OK\n"
      "ip prefix-list OK seq 5 deny 10.1.1.0/24\nip prefix-list OK seq 10 permit 10.1.0.0/16 le 24\n");
  EXPECT_THAT(text, HasSubstr("ip prefix-list RRI-PROXIES seq 5 deny 10.1.1.0/24\n"
                              "ip prefix-list RRI-PROXIES seq 10 permit 10.1.0.0/16 le 24\n"));
}

TEST(RenderFrr, AnIpRouteOfTheSameTagGoesOutToo) {
  const auto text = render(
      "crypto dynamic-map SPOKES 10\n set reverse-route tag 7\n"
      "ip route 172.16.0.0 255.240.0.0 10.0.0.9 tag 7\nip route 192.168.0.0 255.255.0.0 10.0.0.9 tag 8\n");
  EXPECT_THAT(text, HasSubstr("ip prefix-list RRI-PROXIES-7 seq 10 permit 172.16.0.0/12\n"));
  EXPECT_THAT(text, Not(HasSubstr("192.168")));
}

TEST(RenderFrr, AnIpRouteWithoutTheTagStaysAtHome) {
  const auto text = render(
      "ip route 10.1.5.0 255.255.255.0 10.0.0.9\nip route 10.1.6.0 255.255.255.0 10.0.0.9 200\n"
      "ip route 10.1.0.0 255.255.0.0 Null0 250\nip route 192.168.1.0 255.255.255.0 Null0\n");
  EXPECT_THAT(text, HasSubstr("ip prefix-list RRI-HOME seq 10 permit 10.1.5.0/24\n"));
  EXPECT_THAT(text, HasSubstr(" match ip address prefix-list RRI-PROXIES\n match interface h-out\n"));
  EXPECT_THAT(text, Not(HasSubstr("10.1.6.0")));  // a backup: a tunnel may bring the very same prefix
  EXPECT_THAT(text, Not(HasSubstr("192.168")));
}

TEST(RenderFrr, EveryInsideVrfHasItsOwn) {
  const auto text = render(
      "vrf definition RED\n address-family ipv4\n"
      "crypto isakmp profile CUSTOMER\n vrf RED\n match identity address 0.0.0.0\n"
      "crypto dynamic-map SPOKES 10\n set isakmp-profile CUSTOMER\n"
      "interface GigabitEthernet0/0/0\n vrf forwarding RED\n ip address 10.0.0.1 255.255.255.0\n");
  EXPECT_THAT(text, HasSubstr("router ospf vrf RED\n redistribute kernel route-map RRI-RED\n"));
  EXPECT_THAT(text, HasSubstr("interface h-in\n ip ospf area 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("router ospf\n")));
}

constexpr std::string_view kTwoVrfs =
    "vrf definition RED\n address-family ipv4\n"
    "crypto isakmp profile CUSTOMER\n vrf RED\n match identity address 0.0.0.0\n"
    "crypto dynamic-map SPOKES 20\n set isakmp-profile CUSTOMER\n match address NETS\n reverse-route\n"
    "interface GigabitEthernet0/0/2\n linux device h-red\n vrf forwarding RED\n ip address 10.4.0.1 255.255.255.0\n";

TEST(RenderFrr, AVrfWithoutAProcessOfTheFileGetsOneOfItsOwn) {
  const auto text = render(std::string(kTwoVrfs) + "router ospf 1\n network 10.0.0.0 0.0.0.255 area 3\n");
  EXPECT_THAT(text, HasSubstr("router ospf\n network 10.0.0.0/24 area 3\n redistribute kernel route-map RRI\n"));
  EXPECT_THAT(text, HasSubstr("router ospf vrf RED\n redistribute kernel route-map RRI-RED\n"));
  EXPECT_THAT(text, HasSubstr("interface h-red\n ip ospf area 0\n"));
  EXPECT_THAT(text, HasSubstr("interface h-in\n ip ospf retransmit-interval 1\nexit\n"));
}

TEST(RenderFrr, AnInterfaceOfAVrfThatSpeaksBgpSpeaksNoOspf) {
  const auto text = render(std::string(kTwoVrfs) + "router ospf 1\nrouter bgp 65001\n address-family ipv4 vrf RED\n  neighbor 10.4.0.9 remote-as 65002\n");
  EXPECT_THAT(text, HasSubstr("router bgp 65001 vrf RED\n"));
  EXPECT_THAT(text, Not(HasSubstr("router ospf vrf RED")));
  EXPECT_THAT(text, HasSubstr("interface h-in\n ip ospf area 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("interface h-red")));
}

TEST(RenderFrr, AreasThatInterfacesSay) {
  const auto text = render("router ospf 1\n passive-interface default\ninterface GigabitEthernet0/0/0\n ip ospf 1 area 7\n"
                           "interface GigabitEthernet0/0/3\n linux device h-3\n ip address 10.5.0.1 255.255.255.0\n");
  EXPECT_THAT(text, HasSubstr("interface h-in\n ip ospf area 7\n"));
  EXPECT_THAT(text, Not(HasSubstr("interface h-3")));
}

TEST(RenderFrr, Ipv6IsToldWhereThereIsSome) {
  // Spokes without an access list may bring IPv6, but only the outside of this hub has any.
  const auto text = render("crypto dynamic-map SPOKES 10\n no match address NETS\ninterface GigabitEthernet0/0/1\n ipv6 address 2001:db8::1/64\n"
                           "router ospf 1\n network 10.0.0.0 0.0.0.255 area 0\n");
  EXPECT_THAT(text, Not(HasSubstr("ospf6")));
  EXPECT_THAT(text, Not(HasSubstr("RRI6")));
}

TEST(RenderFrr, Ipv6HasItsOwnProtocolAndNames) {
  const auto text = render(
      "ipv6 access-list NETS6\n permit ipv6 any 2001:db8:1::/48\n"
      "crypto map VPN 5 ipsec-isakmp\n set peer 2001:db8::2\n match address NETS6\n reverse-route\n"
      "interface GigabitEthernet0/0/0\n ipv6 address 2001:db8:9::1/64\n");
  EXPECT_THAT(text, HasSubstr("ipv6 prefix-list RRI6-PROXIES seq 5 permit 2001:db8:1::/48 le 128\n"));
  EXPECT_THAT(text, HasSubstr("router ospf6\n redistribute kernel route-map RRI6\n"));
  EXPECT_THAT(text, HasSubstr(" ip ospf area 0\n ip ospf retransmit-interval 1\n ipv6 ospf6 area 0\n ipv6 ospf6 retransmit-interval 1\n"));
}

TEST(RenderFrr, TheRouterSectionsOfTheFileAreTranslated) {
  const auto text = render(
      "router ospf 1\n router-id 10.0.0.1\n network 10.0.0.0 0.0.0.255 area 0\n redistribute static subnets\n"
      " passive-interface default\n"
      "router bgp 65001\n bgp router-id 10.0.0.1\n neighbor 10.0.0.9 remote-as 65002\n");
  EXPECT_THAT(text, HasSubstr("router ospf\n ospf router-id 10.0.0.1\n network 10.0.0.0/24 area 0\n"
                              " redistribute kernel route-map RRI\n ! not translated: passive-interface default\n"));
  EXPECT_THAT(text, HasSubstr("router bgp 65001\n no bgp ebgp-requires-policy\n bgp router-id 10.0.0.1\n"
                              " neighbor 10.0.0.9 remote-as 65002\n address-family ipv4 unicast\n"
                              "  redistribute kernel route-map RRI\n exit-address-family\n"));
  EXPECT_THAT(text, Not(HasSubstr("ip ospf area")));
}

TEST(RenderFrr, BgpInAVrfHasItsOwnNeighboursAndTagsBecomeCommunities) {
  const auto text = render(
      "vrf definition RED\n address-family ipv4\n"
      "crypto isakmp profile CUSTOMER\n vrf RED\n match identity address 0.0.0.0\n"
      "crypto dynamic-map SPOKES 10\n set isakmp-profile CUSTOMER\n set reverse-route tag 100\n"
      "router bgp 65001\n bgp log-neighbor-changes\n neighbor 10.4.0.9 remote-as 65002\n"
      " address-family ipv4 vrf RED\n  redistribute static\n  neighbor 10.0.0.10 remote-as 65010\n  neighbor 10.0.0.10 activate\n"
      " exit-address-family\n");
  EXPECT_THAT(text, HasSubstr("router bgp 65001\n no bgp ebgp-requires-policy\n neighbor 10.4.0.9 remote-as 65002\nexit\n"));
  EXPECT_THAT(text, HasSubstr("router bgp 65001 vrf RED\n no bgp ebgp-requires-policy\n neighbor 10.0.0.10 remote-as 65010\n"
                              " address-family ipv4 unicast\n  redistribute kernel route-map RRI-RED\n exit-address-family\nexit\n"));
  EXPECT_THAT(text, HasSubstr(" set tag 100\n set community 65001:100 additive\n"));
  EXPECT_THAT(text, Not(HasSubstr("not translated")));
}

TEST(RenderFrr, Ipv6NeighboursOfBgpAreActivated) {
  const auto text = render(
      "ipv6 access-list NETS6\n permit ipv6 any 2001:db8:1::/48\n"
      "crypto map VPN 5 ipsec-isakmp\n set peer 2001:db8::2\n match address NETS6\n reverse-route\n"
      "router bgp 65001\n neighbor 2001:DB8:4::9 remote-as 65001\n neighbor 10.0.0.9 remote-as 65001\n"
      " address-family ipv6\n  neighbor 2001:DB8:4::9 activate\n  neighbor 10.0.0.9 activate\n exit-address-family\n");
  EXPECT_THAT(text, HasSubstr("  redistribute kernel route-map RRI\n  no neighbor 2001:db8:4::9 activate\n"));
  EXPECT_THAT(text, HasSubstr("  redistribute kernel route-map RRI6\n  neighbor 2001:db8:4::9 activate\n  neighbor 10.0.0.9 activate\n"));
}

TEST(RenderFrr, AHostWithoutIpv4GetsARouterIdOfItsIpv6Address) {
  const auto text = *render_frr(parse_document(
      "ipv6 access-list NETS6\n permit ipv6 any 2001:db8:1::/48\n"
      "crypto map VPN 5 ipsec-isakmp\n set peer 2001:db8::2\n match address NETS6\n reverse-route\n"
      "interface GigabitEthernet0/0/0\n ipv6 address fd00::1:2/64\n"
      "interface GigabitEthernet0/0/1\n ipv6 address 2001:db8:9::1/64\n crypto map VPN\n"));
  EXPECT_THAT(text, HasSubstr("router ospf6\n ospf6 router-id 0.1.0.2\n"));
}

TEST(RenderFrr, WithoutAnInjectingEntryThereIsNothing) {
  EXPECT_THAT(render("crypto dynamic-map SPOKES 10\n no reverse-route\n"), HasSubstr("no crypto map entry"));
}

TEST(Render, WrongTargetsAndFilesAreWrongUsage) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(run_render({"nothing", "/dev/null", ""}, out, err), 2);
  EXPECT_EQ(run_render({"frr", "/nonexistent/file", ""}, out, err), 2);
  EXPECT_EQ(run_render({"frr", std::nullopt, "/nonexistent/socket"}, out, err), 2);
  EXPECT_EQ(run_render({"frr", "/dev/null", ""}, out, err), 1);
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace rri::app
