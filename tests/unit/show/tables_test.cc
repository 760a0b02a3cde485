#include "show/tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
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
    config->access_lists["standard 10"] = standard_list();
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

  static AccessList standard_list() {
    AccessList list{"10", Family::V4, {}, ""};
    const auto add = [&](bool permit, const char* network) {
      AclLine line;
      line.sequence = 10 * static_cast<std::uint32_t>(list.lines.size() + 1);
      line.permit = permit;
      line.protocol = "ip";
      line.sources = {make_wildcard(prefix(network))};
      list.lines.push_back(line);
    };
    add(true, "10.0.0.0/24");
    add(true, "10.1.1.1/32");
    add(false, "0.0.0.0/0");
    list.lines.back().options = "log";
    return list;
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
    row.interface = interface;
    row.tag = tag;
    row.kind = RouteKind::Static;
    row.driver = Driver::Config;
    row.state = RouteState::Active;
    snapshot_.routes.push_back(row);
  }

  IpTable table() {
    const auto snapshot = std::make_shared<core::Snapshot>(snapshot_);
    std::sort(snapshot->routes.begin(), snapshot->routes.end(), [](const RouteRow& a, const RouteRow& b) { return a.prefix < b.prefix; });
    return {snapshot, "default", [snapshot](core::RowQuery query) { return core::rows_of(snapshot, std::move(query)); }};
  }

  std::string entry(const char* network) { return collect(ip_route_entry(table(), prefix(network))); }
  std::string maps() { return collect(crypto_maps(std::make_shared<core::Snapshot>(snapshot_), [this] { return sas(); }, query_)); }
  std::string maps_json() { return collect(crypto_maps_json(std::make_shared<core::Snapshot>(snapshot_), [this] { return sas(); }, query_)); }
  std::string routes(IpRouteKind kind) { return collect(ip_routes(table(), kind)); }
  core::SaViews sas() {
    return [views = snapshot_.sas](std::vector<core::SaView>& out) {
      out = views;
      return false;
    };
  }

  std::shared_ptr<Config> config_;
  core::Snapshot snapshot_;
  CryptoMapQuery query_;
};

TEST_F(TablesTest, routes_of_IPv6_have_the_layout_of_their_own) {
  add_static("2001:db8:7::/48", "2001:db8::2", "", "h-out", 73);
  add_static("2001:db8:8::/48", "", "Null0", "");
  add_static("10.0.0.0/8", "192.0.2.1", "", "h-out");
  snapshot_.links.push_back({9, "h-in", true, "default", {}, 0, 0, {{address("2001:db8:1::1"), 64}, {address("fe80::1"), 64}}});
  auto asked = table();
  asked.family = Family::V6;
  const auto listed = collect(ip6_routes(asked, IpRouteKind::All));
  EXPECT_TRUE(listed.starts_with("IPv6 Routing Table - default - 5 entries\nCodes: C - Connected")) << listed;
  EXPECT_EQ(listed.substr(listed.find("\nC   ") + 1),
            "C   2001:DB8:1::/64 [0/0]\n     via GigabitEthernet0/0/0, directly connected\nL   2001:DB8:1::1/128 [0/0]\n     via GigabitEthernet0/0/0, receive\n"
            "S   2001:DB8:7::/48 [1/0]\n     via 2001:DB8::2\nS   2001:DB8:8::/48 [1/0]\n     via Null0, directly connected\n"
            "L   FF00::/8 [0/0]\n     via Null0, receive\n");
  EXPECT_TRUE(collect(ip6_routes(asked, IpRouteKind::Static)).starts_with("IPv6 Routing Table - default - 2 entries\n"));
  EXPECT_EQ(collect(ip6_route_entry(asked, prefix("2001:db8:7::1/128"))),
            "Routing entry for 2001:DB8:7::/48\n  Known via \"static\", distance 1, metric 0\n  Tag 73\n  Route count is 1/1, share count 0\n"
            "  Routing paths:\n    2001:DB8::2\n      Route tag 73\n");
  EXPECT_EQ(collect(ip6_route_entry(asked, prefix("2001:db8:9::1/128"))), "% Route not found\n");
  EXPECT_EQ(collect(ip_route_summary(asked, true)), "{\"vrf\":\"default\",\"connected\":1,\"local\":1,\"static\":2,\"total\":4}\n");
  EXPECT_TRUE(collect(ip_route_summary(asked, false)).ends_with("Number of prefixes:\n    /8: 1, /48: 2, /64: 1, /128: 1\n\n"));
}

TEST_F(TablesTest, a_summary_counts_networks_and_subnets) {
  add_static("10.0.0.0/8", "192.0.2.1", "", "h-out");
  add_static("172.20.1.0/24", "192.0.2.1", "", "h-out");
  add_static("172.20.2.0/24", "192.0.2.1", "", "h-out");
  const auto text = collect(ip_route_summary(table(), false));
  EXPECT_TRUE(text.starts_with("IP routing table name is default (0x0)\nIP routing table maximum-paths is 32\n"
                               "Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)\n")) << text;
  EXPECT_NE(text.find("\nstatic          1           2           0           0           0\ninternal        3                                               0\n"),
            std::string::npos) << text;
}

TEST_F(TablesTest, prefix_lists_have_counts) {
  config_->prefix_lists.clear();
  config_->prefix_lists["L"] = {"L", Family::V4, {{5, true, prefix("10.0.0.0/8"), std::nullopt, 24}, {10, false, prefix("0.0.0.0/0"), {}, {}}}, ""};
  const std::string head = "Prefix-list with the last deletion/insertion: L\nip prefix-list L:\n   count: 2, range entries: 1, sequences: 5 - 10, refcount: 1\n";
  EXPECT_EQ(prefix_list_counts(*config_, std::nullopt, Family::V4, false), head);
  EXPECT_EQ(prefix_list_counts(*config_, "L", Family::V4, true),
            head + "   seq 5 permit 10.0.0.0/8 le 24 (hit count: 0, refcount: 0)\n   seq 10 deny 0.0.0.0/0 (hit count: 0, refcount: 0)\n");
}

TEST_F(TablesTest, ip_routes_name_the_interface_that_was_written) {
  add_static("172.20.0.0/16", "10.0.0.10", "GigabitEthernet0/0/0", "h-in");
  add_static("192.168.7.0/24", "", "Null0", "");
  add_static("192.168.8.0/24", "", "GigabitEthernet0/0/0", "h-in");
  add_static("192.168.9.0/24", "203.0.113.2", "", "h-out");
  const auto listed = routes(IpRouteKind::Static);
  EXPECT_EQ(listed.substr(listed.find("S     ")),
            "S     172.20.0.0/16 [1/0] via 10.0.0.10, GigabitEthernet0/0/0\n"
            "S     192.168.7.0/24 is directly connected, Null0\n"
            "S     192.168.8.0/24 is directly connected, GigabitEthernet0/0/0\n"
            "S     192.168.9.0/24 [1/0] via 203.0.113.2\n");
  const auto snapshot = std::make_shared<core::Snapshot>(snapshot_);
  const auto text = collect(static_routes(core::rows_of(snapshot), {}));
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
  EXPECT_EQ(maps(),
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
  EXPECT_NE(maps().find("        WARNING: This crypto map is in an incomplete state!\n"), std::string::npos);
}

TEST_F(TablesTest, crypto_map_shows_the_peer_that_is_called) {
  auto& entry = config_->crypto_maps["M"].entries[10];
  entry.peers.push_back(entry.peers.front());
  entry.peers.back().address = IpAddress::try_parse("198.51.100.9");
  query_.chosen_peer = [](const EntryName& name) { return name == EntryName{"M", 10} ? std::optional<std::size_t>(1) : std::nullopt; };
  EXPECT_NE(maps().find("        Current peer: 198.51.100.9\n"), std::string::npos);
  EXPECT_NE(maps_json().find("\"current_peer\":\"198.51.100.9\""), std::string::npos);
  query_.chosen_peer = nullptr;
  entry.peers.back().is_default = true;
  EXPECT_NE(maps().find("        Current peer: 198.51.100.9\n"), std::string::npos) << "the default peer comes first";
}

/// The layouts that scripts cut at: our own regular expressions for each kind of line.
TEST_F(TablesTest, the_mask_that_all_subnets_have_is_told_once) {
  add_static("192.168.3.0/25", "10.0.0.10", "", "h-in");
  add_static("192.168.3.128/25", "10.0.0.10", "", "h-in");
  const std::string lines = "S        192.168.3.0 [1/0] via 10.0.0.10\nS        192.168.3.128 [1/0] via 10.0.0.10\n";
  EXPECT_NE(routes(IpRouteKind::Static).find("      192.168.3.0/25 is subnetted, 2 subnets\n" + lines), std::string::npos);
}

TEST(IosOrder, ports_come_first_and_nine_comes_before_ten) {
  Config config;
  const std::vector<std::string> ordered = {"GigabitEthernet0/0/9", "GigabitEthernet0/0/10", "GigabitEthernet0/0/10.9", "GigabitEthernet0/0/10.10",
                                            "TenGigabitEthernet0/1/0", "Loopback0", "Tunnel9", "Tunnel10", "Vlan1"};
  for (const auto& name : ordered) config.interfaces[name].name = name;
  std::vector<std::string> names;
  for (const auto* interface : in_ios_order(config)) names.push_back(interface->name);
  EXPECT_EQ(names, ordered);
}

TEST_F(TablesTest, show_ip_vrf_has_no_protocols_and_only_vrfs_with_IPv4) {
  config_->vrfs["SIX"] = {};
  config_->vrfs["SIX"].ipv6 = true;
  EXPECT_EQ(ip_vrfs(*config_, {}).find("SIX"), std::string::npos);
  EXPECT_TRUE(ip_vrfs(*config_, {}).starts_with("  Name                             Default RD            Interfaces\n")) << ip_vrfs(*config_, {});
  EXPECT_NE(vrfs(*config_, {}).find("  SIX                              <not set>             ipv6\n"), std::string::npos);
}

TEST_F(TablesTest, every_line_has_the_shape_that_scripts_look_for) {
  add_static("172.20.0.0/16", "10.0.0.10", "GigabitEthernet0/0/0", "h-in");
  add_static("172.21.0.0/16", "10.0.0.10", "", "h-in");
  const auto expect_lines = [](const std::string& text, const std::regex& shape) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_TRUE(std::regex_match(line, shape)) << line;
  };
  const auto listed = routes(IpRouteKind::All);
  expect_lines(listed.substr(listed.find("Gateway")),
               std::regex(R"(Gateway.*|\s*|[SCL][ *] +\d+(\.\d+){3}/\d+ (\[\d+/0\] via \d+(\.\d+){3}(, \w+[\d/]+)?|is directly connected, [\w/]+)|      \d+(\.\d+){3}/\d+ is (variably )?subnetted, \d+ subnets(, \d+ masks)?)"));
  expect_lines(access_lists(*config_, {}), std::regex(R"((Standard|Extended) IP access list \S+|    \d+ (permit|deny  ) [\w.]+(, wildcard bits)?.*)"));
  EXPECT_EQ(access_lists(*config_, "10"),
            "Standard IP access list 10\n    10 permit 10.0.0.0, wildcard bits 0.0.0.255\n    20 permit 10.1.1.1\n    30 deny   any log\n");
  expect_lines(interface_brief(snapshot_), std::regex(R"(Interface .*|\S+ +\S+ +YES +(NVRAM|unset|DHCP) +(up|down|administratively down) +(up|down) *)"));
  expect_lines(vrfs(*config_, {}), std::regex(R"(  Name .*|  \S+ +(\S+:\d+|<not set>)( +(ipv4|ipv6|ipv4,ipv6)( +\S+)?)?)"));
}

/// What Genie's parser of `show crypto map` (genieparser, iosxe/show_crypto.py, ShowCryptoMap)
/// reads, by its own regular expressions. It skips what it does not know, keeps one table per
/// map name, wants each of its required keys there, and takes any line of a single word for
/// an interface: before the first list of interfaces such a line ends it with an exception.
struct ReadMap {
  std::vector<std::string> peers;
  std::vector<std::string> dynamic;
  std::string list;
  std::vector<std::string> sets;
  std::vector<std::string> interfaces;
  bool has_sets = false;
  bool has_interfaces = false;
};

std::map<std::string, ReadMap> read_crypto_maps(const std::string& text) {
  const std::regex head(R"x(Crypto Map (\S+) "(.+)" (\d+)(\s+(\S+))?)x");
  const std::regex peer(R"(Peer = (\S+))");
  const std::regex dynamic(R"(Access-List SS dynamic: (\S+))");
  const std::regex list(R"(Extended IP access list (\d+))");
  const std::regex sets(R"(Transform sets=\{)");
  const std::regex set(R"((\S+):\s+\{\s+(.+)\}.+)");
  const std::regex interfaces(R"(Interfaces using crypto map (.+):)");
  const std::regex one_word(R"([\w/.]+)");
  std::map<std::string, ReadMap> maps;
  ReadMap* map = nullptr;
  bool in_interfaces = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
    line.erase(line.find_last_not_of(' ') + 1);
    std::smatch found;
    if (std::regex_match(line, found, head)) map = &maps[found[2]];
    else if (std::regex_match(line, found, peer)) map->peers.push_back(found[1]);
    else if (std::regex_match(line, found, dynamic)) map->dynamic.push_back(found[1]);
    else if (std::regex_match(line, found, list)) map->list = found[1];
    else if (std::regex_match(line, found, sets)) map->has_sets = true;
    else if (std::regex_match(line, found, set)) map->sets.push_back(found[1].str() + " " + found[2].str());
    else if (std::regex_match(line, found, interfaces)) map->has_interfaces = in_interfaces = true;
    else if (std::regex_match(line, found, one_word)) {
      EXPECT_TRUE(in_interfaces) << line;
      map->interfaces.push_back(line);
    }
  }
  return maps;
}

TEST_F(TablesTest, genie_reads_crypto_maps_in_every_state) {
  using Names = std::vector<std::string>;
  CryptoEntry second = config_->crypto_maps["M"].entries.at(10);
  second.sequence = 20;
  second.peers = {{address("198.51.100.3"), "", false, false}, {address("2001:db8::3"), "", false, true}, {std::nullopt, "peer.example.com", false, false}};
  second.match_address = "V6";
  second.transform_sets = {"T1", "T2"};
  second.ikev2_profile = "P";
  config_->ipv6_access_lists["V6"] = {"V6", Family::V6, {}, ""};
  config_->crypto_maps["M"].entries[20] = second;
  CryptoEntry empty;
  empty.sequence = 30;
  config_->crypto_maps["A-VERY-LONG.NAME_OF_A_MAP"] = {"A-VERY-LONG.NAME_OF_A_MAP", "", "", {{30, empty}}};
  config_->interfaces["Loopback100"].maps.push_back({"M", {}, false, false});
  const auto read = read_crypto_maps(maps());
  EXPECT_NE(maps().find("Crypto Map IPv4 \"M\" 10 ipsec-isakmp\n"), std::string::npos) << maps();
  EXPECT_NE(maps().find("Crypto Map IPv6 \"M\" 20 ipsec-isakmp\n"), std::string::npos);
  EXPECT_NE(maps().find("        Default peer: 2001:db8::3\n"), std::string::npos);
  for (const auto& [name, map] : read) EXPECT_TRUE(map.has_sets && map.has_interfaces && !map.dynamic.empty()) << name;
  const auto& m = read.at("M");
  EXPECT_EQ(m.peers, (Names{"198.51.100.2", "198.51.100.3", "2001:db8::3", "peer.example.com"}));
  EXPECT_EQ(m.sets, (Names{"T1 esp-256-aes esp-sha256-hmac  ", "T1 esp-256-aes esp-sha256-hmac  ", "T2 esp-256-aes esp-sha256-hmac  "}));
  EXPECT_EQ(m.interfaces, (Names{"GigabitEthernet0/0/1", "Loopback100"}));
  const auto& empty_map = read.at("A-VERY-LONG.NAME_OF_A_MAP");
  EXPECT_EQ(empty_map.peers, Names{});
  EXPECT_EQ(empty_map.interfaces, Names{});
  config_->crypto_maps.clear();
  EXPECT_TRUE(read_crypto_maps(maps()).empty());
}

/// The two regular expressions of Genie's parser of `show ip static route`, told again.
TEST_F(TablesTest, genie_reads_static_routes_in_every_state) {
  const std::regex head(R"(\s*Static +local +RIB +for +(\w+))");
  const std::regex row(R"(\s*([A-Z]+) +([\w/.]+)? +\[(\d+)/(\d+)\] +via +([a-zA-Z][\w/.]+)?([\d\s.]+)? +\[(\w)\])");
  const auto read = [&](const std::string& text) {
    std::vector<std::string> rows;
    std::string vrf;
    std::string network;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      std::smatch found;
      if (std::regex_match(line, found, head)) vrf = found[1];
      if (!std::regex_match(line, found, row)) continue;
      if (found[2].length() > 0) network = found[2];
      std::string hop = found[6];
      hop.erase(std::remove(hop.begin(), hop.end(), ' '), hop.end());
      rows.push_back(vrf + " " + network + " " + found[3].str() + " " + found[5].str() + ">" + hop + " " + found[7].str());
    }
    return rows;
  };
  const auto text = [&] {
    const auto snapshot = std::make_shared<core::Snapshot>(snapshot_);
    return collect(static_routes(core::rows_of(snapshot), {}));
  };
  EXPECT_TRUE(read(text()).empty());
  add_static("10.8.0.0/16", "203.0.113.2", "", "h-out", 77);
  add_static("10.8.0.0/16", "10.0.0.9", "GigabitEthernet0/0/0", "h-in");
  add_static("192.168.7.0/24", "", "Null0", "");
  add_static("0.0.0.0/0", "203.0.113.2", "", "h-out");
  snapshot_.routes.back().state = RouteState::Standby;
  EXPECT_EQ(read(text()), (std::vector<std::string>{"default 10.8.0.0/16 1 >203.0.113.2 A", "default 10.8.0.0/16 1 GigabitEthernet0/0/0>10.0.0.9 A",
                                                   "default 192.168.7.0/24 1 Null0> A", "default 0.0.0.0/0 1 >203.0.113.2 N"}));
}

TEST_F(TablesTest, json_holds_what_the_tables_show) {
  add_static("10.8.0.0/16", "203.0.113.2", "", "h-out", 77);
  const auto listed = Json::parse(collect(ip_routes_json(table(), IpRouteKind::Static)));
  EXPECT_EQ(listed["routes"][0]["prefix"], "10.8.0.0/16");
  EXPECT_EQ(listed["routes"][0]["paths"][0]["tag"], 77);
  const auto listed_maps = Json::parse(maps_json());
  EXPECT_EQ(listed_maps["crypto_maps"][0]["interfaces"][0], "GigabitEthernet0/0/1");
  EXPECT_EQ(listed_maps["crypto_maps"][0]["entries"][0]["reverse_route"]["enabled"], true);
  EXPECT_EQ(Json::parse(access_lists_json(*config_, {}, WhichLists::Both))["access_lists"][0]["entries"][0]["sequence"], 10);
  EXPECT_EQ(Json::parse(access_lists_json(*config_, {}, WhichLists::OnlyV6))["access_lists"], Json::array());
  EXPECT_EQ(Json::parse(prefix_lists_json(*config_, {}, Family::V4))["prefix_lists"][0]["entries"][0]["le"], 24);
  EXPECT_EQ(Json::parse(vrfs_json(*config_, "RED"))["vrfs"][0]["interfaces"][0], "Loopback100");
  EXPECT_EQ(Json::parse(interfaces_json(snapshot_))["interfaces"][2]["unbound"], "no such device");
  EXPECT_EQ(Json::parse(explain_address_json(core::rows_of(std::make_shared<core::Snapshot>(snapshot_), {{}, address("10.8.1.1")}), address("10.8.1.1"), {}, Config()))["routes"][0]["tag"], 77);
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
