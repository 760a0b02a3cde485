// What `rri doctor` reads in its neighbours' files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/doctor/limits.h"
#include "app/doctor/neighbour_files.h"
#include "app/doctor/strongswan_conf.h"
#include "model/route.h"

namespace rri::doctor {
namespace {

using testing::ElementsAre;

/// Files in memory; a pattern is a whole name.
FindFiles files(std::map<std::string, std::string> texts) {
  return [texts = std::move(texts)](const std::string& pattern) {
    std::vector<NamedText> found;
    if (const auto file = texts.find(pattern); file != texts.end()) found.push_back({file->first, file->second});
    return found;
  };
}

std::string value(const StrongswanSettings& settings, const std::string& name) {
  const auto found = settings.values.find(name);
  return found == settings.values.end() ? "-" : found->second.value + " @ " + found->second.place;
}

TEST(StrongswanConf, ReadsSectionsValuesAndIncludes) {
  const auto settings = read_strongswan_conf(
      "/etc/strongswan.conf", files({{"/etc/strongswan.conf",
                                      "# comment { not = this }\n"
                                      "charon {\n"
                                      "\tload_modular = yes\n"
                                      "  plugins {\n    include strongswan.d/charon/*.conf\n    vici { socket = unix:///x }\n  }\n"
                                      "}\n"
                                      "include strongswan.d/*.conf\n"
                                      "charon-systemd\n{\n  install_routes = yes # really\n}\n"},
                                     {"/etc/strongswan.d/charon/*.conf", "aes {\n load = yes\n}\n"},
                                     {"/etc/strongswan.d/*.conf", "charon {\n  install_routes = \"no\"\n}\n"}}));
  EXPECT_THAT(settings.problems, ElementsAre());
  EXPECT_THAT(settings.files, ElementsAre("/etc/strongswan.conf", "/etc/strongswan.d/charon/*.conf", "/etc/strongswan.d/*.conf"));
  EXPECT_EQ(value(settings, "charon.load_modular"), "yes @ /etc/strongswan.conf:3");
  EXPECT_EQ(value(settings, "charon.plugins.aes.load"), "yes @ /etc/strongswan.d/charon/*.conf:2");
  EXPECT_EQ(value(settings, "charon.plugins.vici.socket"), "unix:///x @ /etc/strongswan.conf:6");
  EXPECT_EQ(value(settings, "charon.install_routes"), "no @ /etc/strongswan.d/*.conf:2");
  EXPECT_EQ(value(settings, "charon-systemd.install_routes"), "yes @ /etc/strongswan.conf:12");
}

TEST(StrongswanConf, TheLaterValueCounts) {
  const auto settings = read_strongswan_conf("f", files({{"f", "charon {\n a = 1\n}\ncharon {\n a = 2\n}\n"}}));
  EXPECT_EQ(value(settings, "charon.a"), "2 @ f:5");
}

TEST(StrongswanConf, FilesThatIncludeThemselvesEnd) {
  const auto settings = read_strongswan_conf("/a", files({{"/a", "include /a\ncharon {\n x = 1\n}\n"}}));
  EXPECT_FALSE(settings.problems.empty());
  EXPECT_EQ(value(settings, "charon.x"), "1 @ /a:3");
  EXPECT_LE(settings.files.size(), kMaxFiles);
}

TEST(StrongswanConf, BrokenTextIsNoTrouble) {
  for (const auto* text : {"}}}}", "charon {", "= =", "a = \"x", "include", "{{{{{{", "charon { a = b }"}) {
    const auto settings = read_strongswan_conf("f", files({{"f", text}}));
    EXPECT_EQ(settings.files.size(), 1U) << text;
  }
  EXPECT_EQ(value(read_strongswan_conf("f", files({{"f", "charon { a = b }"}})), "charon.a"), "b @ f:1");
}

TEST(FrrFiles, RoutersAndWhatTheyRedistribute) {
  const auto found = parse_frr_configuration(
      "frr version 8.4.4\n!\nroute-map RRI permit 10\nexit\n!\n"
      "router ospf vrf RED\n ospf router-id 1.1.1.1\n redistribute kernel metric 5 route-map RRI\nexit\n"
      "router bgp 65001\n neighbor 10.0.0.9 remote-as 65002\n !\n address-family ipv6 unicast\n  redistribute static\n exit-address-family\nexit\n"
      "router ospf6\n redistribute kernel\nexit\n"
      "interface eth0\n redistribute nonsense\nexit\n");
  ASSERT_EQ(found.routers.size(), 3U);
  EXPECT_EQ(found.routers[0].daemon, "ospfd");
  EXPECT_EQ(found.routers[0].vrf, "RED");
  ASSERT_EQ(found.routers[0].redistributions.size(), 1U);
  EXPECT_EQ(found.routers[0].redistributions[0].route_map, "RRI");
  EXPECT_EQ(found.routers[1].redistributions.at(0).family, "ipv6");
  EXPECT_EQ(found.routers[1].vrf, "default");
  EXPECT_EQ(found.routers[2].redistributions.at(0).family, "ipv6");
  EXPECT_THAT(found.route_maps, ElementsAre("RRI"));
}

TEST(FrrFiles, KernelRoutesOfZebra) {
  const auto routes = parse_zebra_kernel_routes(
      "Codes: K - kernel route, C - connected\n\n"
      "K>* 10.1.0.0/16 [1/0] via 198.51.100.2, h-out onlink, 00:00:05\n"
      "K * 10.2.0.0/16 [200/0] is directly connected, h-out, 00:00:05\n"
      "K   10.3.0.0/16 [0/0] via 10.0.0.9, h-in, 00:00:05\n"
      "K   10.4.0.0/16 [1/7] via 10.0.0.9, h-in, 00:00:05\n"
      "C>* 10.0.0.0/24 is directly connected, h-in, 00:00:05\n"
      "K>* 2001:db8::/32 [1/0] is directly connected, h-out, 00:00:05\n",
      100, 213);
  ASSERT_EQ(routes.size(), 3U);
  EXPECT_EQ(routes[0].prefix.to_string(), "10.1.0.0/16");
  EXPECT_EQ(routes[0].metric, metric_of_distance(1));
  EXPECT_EQ(routes[0].table, 100U);
  EXPECT_EQ(routes[1].metric, metric_of_distance(200));
  EXPECT_EQ(routes[2].prefix.to_string(), "2001:db8::/32");
}

TEST(HostFiles, ProtocolNames) {
  std::map<std::uint32_t, std::vector<PlacedValue>> names;
  parse_protocol_names({"f", "# 213 no\n0xd5\trri\n 4 static # x\nnonsense\n999999999999 big\n"}, names);
  ASSERT_TRUE(names.contains(213));
  EXPECT_EQ(names[213].at(0).value, "rri");
  EXPECT_EQ(names[213].at(0).place, "f:2");
  EXPECT_EQ(names[4].at(0).value, "static");
  EXPECT_EQ(names.size(), 2U);
}

TEST(HostFiles, ValuesOfSystemd) {
  const NamedText file{"f", "ManageForeignRoutes=yes\n[Network]\n#ManageForeignRoutes=yes\nManageForeignRoutes = No\n[Other]\nManageForeignRoutes=yes\n"};
  const auto found = parse_ini_value(file, "Network", "ManageForeignRoutes");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->value, "no");
  EXPECT_EQ(found->place, "f:4");
  EXPECT_FALSE(parse_ini_value(file, "Network", "SpeedMeter"));
}

TEST(HostFiles, InstancesOfKeepalived) {
  const auto names = read_keepalived_instances(
      "/etc/keepalived/keepalived.conf",
      files({{"/etc/keepalived/keepalived.conf", "include more.conf\n# vrrp_instance NO {\nvrrp_instance HA {\n}\nvrrp_instance \"B\"{\n"},
             {"/etc/keepalived/more.conf", "vrrp_instance C\n{\n include more.conf\n}\n"}}));
  EXPECT_THAT(names, ElementsAre("B", "C", "HA"));
}

}  // namespace
}  // namespace rri::doctor
