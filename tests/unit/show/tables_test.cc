#include "show/tables.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "show/history.h"
#include "show/tables_json.h"

namespace rri::show {
namespace {

using Json = nlohmann::json;

Prefix prefix(const char* text) { return *Prefix::parse(text); }
IpAddress address(const char* text) { return *IpAddress::parse(text); }

/// A host with two interfaces, a VRF, a crypto map and a few `ip route` lines.
class TablesTest : public ::testing::Test {
 protected:
  TablesTest() {
    auto config = std::make_shared<Config>();
    config->vrfs["RED"] = {"RED", "65000:1", true, true};
    config->vrfs["BLUE"] = {"BLUE", "", false, false};
    add_interface(*config, "GigabitEthernet0/0/0", "10.0.0.1", 24, "default");
    add_interface(*config, "GigabitEthernet0/0/1", "203.0.113.1", 30, "default");
    add_interface(*config, "Loopback100", "172.16.0.1", 32, "RED");
    config->interfaces["GigabitEthernet0/0/1"].maps.push_back({"M", {}, false, false});
    config->interfaces["Loopback100"].shutdown = true;
    CryptoEntry entry;
    entry.sequence = 10;
    entry.match_address = "102";
    entry.peers.push_back({address("198.51.100.2"), "", false, false});
    entry.transform_sets = {"T1"};
    entry.reverse_route.enabled = true;
    config->crypto_maps["M"] = {"M", "", "", {{10, entry}}};
    AccessList list{"102", Family::V4, {}, ""};
    AclLine line;
    line.sequence = 10;
    line.protocol = "ip";
    line.text = "permit ip 10.0.0.0 0.0.0.255 10.8.0.0 0.0.255.255";
    list.lines.push_back(line);
    config->access_lists["102"] = list;
    config->prefix_lists["PL"] = {"PL", Family::V4, {{5, true, prefix("10.0.0.0/8"), {}, 24}}, ""};
    snapshot_.interfaces = {{"GigabitEthernet0/0/0", "h-in", "", true}, {"GigabitEthernet0/0/1", "h-out", "", true}, {"Loopback100", "", "no such device", false}};
    Link inside{1, "h-in", true, "default", {}, 0, 0, {{address("10.0.0.1"), 24}}};
    Link outside{2, "h-out", true, "default", {}, 0, 0, {{address("203.0.113.1"), 30}}};
    snapshot_.links = {inside, outside};
    config_ = config;
    snapshot_.config = config_;
    query_.transforms = [](const std::string&) { return std::string("esp-aes 256 esp-sha256-hmac"); };
    query_.settings = [](const EntryKey&) { return IpsecSettings{}; };
  }

  static void add_interface(Config& config, const char* name, const char* own, int length, const char* vrf) {
    auto& interface = config.interfaces[name];
    interface.name = name;
    interface.vrf = vrf;
    interface.addresses.push_back({address(own), length, false});
  }

  void add_static(const char* network, const char* next_hop, const char* interface, const char* device, std::uint32_t tag = 0) {
    StaticRoute line;
    line.vrf = "default";
    line.prefix = prefix(network);
    if (*next_hop != '\0') line.next_hop = address(next_hop);
    line.null0 = std::string_view(interface) == "Null0";
    if (!line.null0) line.interface = interface;
    line.tag = tag;
    config_->static_routes.push_back(line);
    RouteRow row;
    row.vrf = "default";
    row.prefix = line.prefix;
    row.next_hop = line.next_hop;
    row.device = device;
    row.tag = tag;
    row.kind = RouteKind::Static;
    row.driver = Driver::Config;
    row.state = RouteState::Active;
    snapshot_.routes.push_back(row);
  }

  std::string entry(const char* network) { return ip_route_entry(snapshot_, "default", prefix(network)); }

  std::shared_ptr<Config> config_;
  core::Snapshot snapshot_;
  CryptoMapQuery query_;
};

TEST_F(TablesTest, ip_routes_name_the_interface_that_was_written) {
  add_static("172.20.0.0/16", "10.0.0.10", "GigabitEthernet0/0/0", "h-in");
  add_static("192.168.7.0/24", "", "Null0", "");
  add_static("192.168.8.0/24", "", "GigabitEthernet0/0/0", "h-in");
  add_static("192.168.9.0/24", "203.0.113.2", "", "h-out");
  EXPECT_EQ(ip_routes(snapshot_, "default", IpRouteKind::Static).substr(ip_routes(snapshot_, "default", IpRouteKind::Static).find("S     ")),
            "S     172.20.0.0/16 [1/0] via 10.0.0.10, GigabitEthernet0/0/0\n"
            "S     192.168.7.0/24 is directly connected, Null0\n"
            "S     192.168.8.0/24 is directly connected, GigabitEthernet0/0/0\n"
            "S     192.168.9.0/24 [1/0] via 203.0.113.2\n");
  const auto snapshot = std::make_shared<core::Snapshot>(snapshot_);
  const auto text = collect(static_routes(snapshot, core::rows_of(snapshot), {}));
  EXPECT_EQ(text.substr(text.find("Static local RIB")),
            "Static local RIB for default\n\n"
            "M  172.20.0.0/16 [1/0] via GigabitEthernet0/0/0 10.0.0.10 [A]\n"
            "M  192.168.7.0/24 [1/0] via Null0 [A]\n"
            "M  192.168.8.0/24 [1/0] via GigabitEthernet0/0/0 [A]\n"
            "M  192.168.9.0/24 [1/0] via 203.0.113.2 [A]\n");
}

TEST_F(TablesTest, one_network_is_told_as_IOS_does) {
  add_static("10.8.0.0/16", "203.0.113.2", "", "h-out", 77);
  add_static("0.0.0.0/0", "203.0.113.2", "", "h-out");
  EXPECT_EQ(entry("10.8.3.3/32"),
            "Routing entry for 10.8.0.0/16\n"
            "  Known via \"static\", distance 1, metric 0\n"
            "  Tag 77\n"
            "  Routing Descriptor Blocks:\n"
            "  * 203.0.113.2\n"
            "      Route metric is 0, traffic share count is 1\n"
            "      Route tag 77\n");
  EXPECT_EQ(entry("10.0.0.0/24"),
            "Routing entry for 10.0.0.0/24\n"
            "  Known via \"connected\", distance 0, metric 0 (connected, via interface)\n"
            "  Routing Descriptor Blocks:\n"
            "  * directly connected, via GigabitEthernet0/0/0\n"
            "      Route metric is 0, traffic share count is 1\n");
  EXPECT_EQ(entry("0.0.0.0/32").find("Routing entry for 0.0.0.0/0, supernet\n"
                                     "  Known via \"static\", distance 1, metric 0, candidate default path\n"), 0U);
  EXPECT_EQ(entry("10.0.0.0/32").substr(0, 44), "Routing entry for 10.0.0.0/8, 3 known subnet");
  EXPECT_EQ(entry("10.99.0.1/32"), "% Subnet not in table\n");
  EXPECT_EQ(entry("99.0.0.1/32"), "% Network not in table\n");
}

TEST_F(TablesTest, crypto_map_says_what_the_entry_says) {
  query_.settings = [](const EntryKey& key) { return IpsecSettings{key.sequence * 720, 1000, 600, "group14"}; };
  EXPECT_EQ(crypto_maps(snapshot_, query_),
            "Crypto Map IPv4 \"M\" 10 ipsec-isakmp\n"
            "        Peer = 198.51.100.2\n"
            "        Access-List SS dynamic: False\n"
            "        Extended IP access list 102\n"
            "            access-list 102 permit ip 10.0.0.0 0.0.0.255 10.8.0.0 0.0.255.255\n"
            "        Current peer: 198.51.100.2\n"
            "        Security association lifetime: 1000 kilobytes/7200 seconds\n"
            "        Security association idletime: 600 seconds\n"
            "        Dualstack (Y/N): N\n"
            "\n"
            "        Responder-Only (Y/N): N\n"
            "        PFS (Y/N): Y\n"
            "        DH group:  group14\n"
            "        Mixed-mode : Disabled\n"
            "        Transform sets={\n"
            "                T1:  { esp-256-aes esp-sha256-hmac  } ,\n"
            "        }\n"
            "        Reverse Route Injection Enabled\n"
            "\n"
            "        Interfaces using crypto map M:\n"
            "                GigabitEthernet0/0/1\n\n");
  config_->access_lists.clear();
  EXPECT_NE(crypto_maps(snapshot_, query_).find("        WARNING: This crypto map is in an incomplete state!\n"), std::string::npos);
}

TEST_F(TablesTest, crypto_map_shows_the_peer_that_is_called) {
  auto& entry = config_->crypto_maps["M"].entries[10];
  entry.peers.push_back(entry.peers.front());
  entry.peers.back().address = IpAddress::try_parse("198.51.100.9");
  query_.chosen_peer = [](const EntryName& name) { return name == EntryName{"M", 10} ? std::optional<std::size_t>(1) : std::nullopt; };
  EXPECT_NE(crypto_maps(snapshot_, query_).find("        Current peer: 198.51.100.9\n"), std::string::npos);
  EXPECT_NE(crypto_maps_json(snapshot_, query_).find("\"current_peer\":\"198.51.100.9\""), std::string::npos);
  query_.chosen_peer = nullptr;
  entry.peers.back().is_default = true;
  EXPECT_NE(crypto_maps(snapshot_, query_).find("        Current peer: 198.51.100.9\n"), std::string::npos) << "the default peer comes first";
}

/// The layouts that scripts cut at: our own regular expressions for each kind of line.
TEST_F(TablesTest, every_line_has_the_shape_that_scripts_look_for) {
  add_static("172.20.0.0/16", "10.0.0.10", "GigabitEthernet0/0/0", "h-in");
  add_static("172.21.0.0/16", "10.0.0.10", "", "h-in");
  const auto expect_lines = [](const std::string& text, const std::regex& shape) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_TRUE(std::regex_match(line, shape)) << line;
  };
  const auto table = ip_routes(snapshot_, "default", IpRouteKind::All);
  expect_lines(table.substr(table.find("Gateway")),
               std::regex(R"(Gateway.*|\s*|[SCL][ *] +\d+(\.\d+){3}/\d+ (\[\d+/0\] via \d+(\.\d+){3}(, \w+[\d/]+)?|is directly connected, [\w/]+)|      \d+(\.\d+){3}/\d+ is (variably )?subnetted, \d+ subnets(, \d+ masks)?)"));
  expect_lines(access_lists(*config_, {}), std::regex(R"(Extended IP access list \S+|    \d+ (permit|deny) \w+ .+)"));
  expect_lines(interface_brief(snapshot_), std::regex(R"(Interface .*|\S+ +\S+ +YES +(NVRAM|unset|DHCP) +(up|down|administratively down) +(up|down) *)"));
  expect_lines(vrfs(*config_, {}), std::regex(R"(  Name .*|  \S+ +(\S+:\d+|<not set>)( +(ipv4|ipv6|ipv4,ipv6)( +\S+)?)?)"));
}

TEST_F(TablesTest, json_holds_what_the_tables_show) {
  add_static("10.8.0.0/16", "203.0.113.2", "", "h-out", 77);
  const auto routes = Json::parse(ip_routes_json("default", ip_routes_in_use(snapshot_, "default", IpRouteKind::Static)));
  EXPECT_EQ(routes["routes"][0]["prefix"], "10.8.0.0/16");
  EXPECT_EQ(routes["routes"][0]["paths"][0]["tag"], 77);
  const auto maps = Json::parse(crypto_maps_json(snapshot_, query_));
  EXPECT_EQ(maps["crypto_maps"][0]["interfaces"][0], "GigabitEthernet0/0/1");
  EXPECT_EQ(maps["crypto_maps"][0]["entries"][0]["reverse_route"]["enabled"], true);
  EXPECT_EQ(Json::parse(access_lists_json(*config_, {}, WhichLists::Both))["access_lists"][0]["entries"][0]["sequence"], 10);
  EXPECT_EQ(Json::parse(access_lists_json(*config_, {}, WhichLists::OnlyV6))["access_lists"], Json::array());
  EXPECT_EQ(Json::parse(prefix_lists_json(*config_, {}, Family::V4))["prefix_lists"][0]["entries"][0]["le"], 24);
  EXPECT_EQ(Json::parse(vrfs_json(*config_, "RED"))["vrfs"][0]["interfaces"][0], "Loopback100");
  EXPECT_EQ(Json::parse(interfaces_json(snapshot_))["interfaces"][2]["unbound"], "no such device");
  EXPECT_EQ(Json::parse(explain_address_json(core::rows_of(std::make_shared<core::Snapshot>(snapshot_), {{}, address("10.8.1.1")}), address("10.8.1.1")))["routes"][0]["tag"], 77);
}

TEST(RouteHistoryAnswer, a_network_takes_what_lies_in_it_and_what_covers_it) {
  const auto line = [](const char* text) { return HistoryEntry{"*Nov 23 20:41:02.123", text, prefix_of_line(text), false}; };
  const std::vector<HistoryEntry> entries = {line("route 10.8.1.0/24 via 10.1.1.1 dev eth0 added, table default: SA 7"),
                                             line("10.9.0.0/16 was removed from table default by somebody else"),
                                             line("redundancy group G is active here")};
  EXPECT_EQ(route_history(entries, prefix("10.8.1.1/32"), Format::Text),
            "*Nov 23 20:41:02.123: route 10.8.1.0/24 via 10.1.1.1 dev eth0 added, table default: SA 7\n");
  EXPECT_EQ(Json::parse(route_history(entries, prefix("10.0.0.0/8"), Format::Json))["history"].size(), 2U);
  const auto all = Json::parse(route_history(entries, std::nullopt, Format::Json))["history"];
  EXPECT_EQ(all.size(), 3U);
  EXPECT_EQ(all[2]["prefix"], nullptr);
}

}  // namespace
}  // namespace rri::show
