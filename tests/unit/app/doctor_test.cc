// Every check of `rri doctor`: on a host where all is right it says so, and when one
// thing breaks it names that thing and its cure, and nothing else turns wrong.
#include "app/doctor/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "config/config.h"

namespace rri::doctor {
namespace {

using testing::HasSubstr;

constexpr std::string_view kConfig =
    "hostname HUB\n"
    "vrf definition RED\n address-family ipv4\n"
    "crypto isakmp profile CUSTOMER\n vrf RED\n match identity address 0.0.0.0\n"
    "crypto dynamic-map SPOKES 10\n match address NETS\n set isakmp-profile CUSTOMER\n reverse-route\n"
    "crypto map VPN 10 ipsec-isakmp dynamic SPOKES\n"
    "ip access-list extended NETS\n permit ip 10.0.0.0 0.0.0.255 10.0.0.0 0.63.255.255\n"
    "interface GigabitEthernet0/0/0\n linux device h-in\n vrf forwarding RED\n ip address 10.0.0.1 255.255.255.0\n"
    "interface GigabitEthernet0/0/1\n linux device h-out\n ip address 203.0.113.1 255.255.255.252\n"
    " crypto map VPN redundancy HA\n standby 1 ip 203.0.113.2\n standby 1 name HA\n";

Link link(std::uint32_t index, std::string name, std::string vrf, std::string_view address, int length) {
  Link made{index, std::move(name), true, std::move(vrf), std::nullopt, 0, 0, {}};
  made.addresses.push_back({*IpAddress::parse(address), length});
  return made;
}

RouteFact route(std::string_view prefix, std::uint32_t table, std::string device, std::string vrf) {
  return {*Prefix::parse(prefix), table, 1U << 24, 213, std::move(device), std::move(vrf)};
}

/// A hub on which everything is as it should be.
Facts right_facts() {
  Facts facts;
  facts.config = parse_document(kConfig).config;
  facts.has_config = true;
  facts.config_name = "running-config";
  facts.daemon = {"/run/rri/rri.sock", true, {}, 900, {900}, "connected", {}, true, {}};
  facts.charon.socket = SocketFacts{"/run/charon.vici", true, true, 0, 0140770, 0, 900};
  facts.charon.daemon = "charon-systemd";
  facts.charon.version = "5.9.8";
  facts.strongswan.files = {"/etc/strongswan.conf", "/etc/strongswan.d/rri.conf"};
  facts.strongswan.values = {{"charon.install_routes", {"no", "/etc/strongswan.d/rri.conf:5"}},
                             {"charon.process_route", {"no", "/etc/strongswan.d/rri.conf:8"}},
                             {"charon.make_before_break", {"yes", "/etc/strongswan.d/rri.conf:10"}}};
  auto red = link(3, "RED", "default", "127.0.0.1", 8);
  red.vrf_table = 100;
  facts.kernel.links = {link(1, "h-in", "RED", "10.0.0.1", 24), link(2, "h-out", "default", "203.0.113.1", 30), red};
  facts.kernel.admin_up = {"h-in", "h-out", "RED"};
  facts.kernel.ours = {route("10.1.0.0/16", 100, "h-out", "default")};
  facts.kernel.leaks = {route("10.0.0.0/24", 254, "RED", "RED")};
  facts.kernel.sysctls = {{"net/ipv4/ip_forward", "1"}, {"net/ipv4/conf/h-in/forwarding", "1"}, {"net/ipv4/conf/all/rp_filter", "2"}};
  facts.kernel.esp = facts.kernel.vrf_devices = facts.kernel.xfrm_interfaces = Answer::Yes;
  facts.frr.is_running = true;
  facts.frr.directory = "/var/run/frr";
  facts.frr.version = "8.4.4";
  facts.frr.daemons = {"zebra", "ospfd"};
  facts.frr.starts = {{"zebra", 100}, {"ospfd", 101}};
  facts.frr.configuration_source = "its daemons";
  facts.frr.routers = {{"ospfd", "router ospf vrf RED", "RED", {{"kernel", "RRI-RED", "ipv4"}}}};
  facts.frr.route_maps = {"RRI-RED"};
  facts.fifo = {"/run/rri/vrrp.fifo", true, true, true, {"rrid (17)"}};
  facts.host.is_root = true;
  facts.host.processes = {{"rrid", 17, 50, {}}, {"keepalived", 18, 50, {}}, {"systemd-network", 19, 1, {}}, {"NetworkManager", 20, 1, {}}};
  facts.host.networkd_devices = {"h-in"};
  facts.host.manage_foreign_routes = PlacedValue{"no", "/etc/systemd/networkd.conf.d/rri.conf:2"};
  facts.host.protocol_names = {{213, {{"rri", "/etc/iproute2/rt_protos.d/rri.conf:2"}}}};
  facts.host.keepalived_file = "/etc/keepalived/keepalived.conf";
  facts.host.keepalived_instances = {"HA"};
  return facts;
}

std::string describe(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) text += finding.check + ": " + finding.text + "\n";
  return text;
}

std::vector<Finding> of(const Facts& facts, Verdict verdict) {
  auto all = judge(facts);
  std::erase_if(all, [&](const auto& finding) { return finding.verdict != verdict; });
  return all;
}

/// Exactly one finding of this verdict, from this check.
Finding only(const Facts& facts, std::string_view check, Verdict verdict = Verdict::Wrong) {
  const auto found = of(facts, verdict);
  EXPECT_EQ(found.size(), 1U) << describe(found);
  if (found.empty()) return {};
  EXPECT_EQ(found.front().check, check) << describe(found);
  return found.front();
}

TEST(Doctor, FindsNothingWrongOnARightHost) {
  EXPECT_EQ(describe(of(right_facts(), Verdict::Wrong)), "");
  EXPECT_EQ(describe(of(right_facts(), Verdict::Note)), "");
  EXPECT_EQ(describe(of(right_facts(), Verdict::Unseen)), "");
}

TEST(Doctor, EveryCheckHasANameOfItsOwnAndSaysThatItIsRight) {
  std::set<std::string_view> names;
  for (const auto& check : checks()) EXPECT_TRUE(names.insert(check.name).second) << check.name;
  std::set<std::string> said;
  for (const auto& finding : judge(right_facts())) said.insert(finding.check);
  // These speak up only when something is wrong, or is configured.
  for (const auto* silent : {"interface-address", "interface-shutdown", "vrf-member", "retransmission", "front-door-vrf", "rdn-matching"}) names.erase(silent);
  EXPECT_EQ(said, std::set<std::string>(names.begin(), names.end()));
}

// ---- rrid and charon -----------------------------------------------------

TEST(Doctor, RridThatDoesNotAnswer) {
  auto facts = right_facts();
  facts.daemon = {"/run/rri/rri.sock", false, "connect to /run/rri/rri.sock: rrid is not running here", {}, {}, {}, {}, false, {}};
  facts.kernel.ours.clear();
  EXPECT_EQ(only(facts, "rrid").cure, "systemctl start rrid");
}

TEST(Doctor, RridThatThisUserMayNotAsk) {
  auto facts = right_facts();
  facts.daemon = {"/run/rri/rri.sock", false, "connect to /run/rri/rri.sock: permission denied", {}, {}, {}, {}, false, {}};
  facts.kernel.ours.clear();
  EXPECT_THAT(only(facts, "rrid", Verdict::Unseen).cure, HasSubstr("adduser"));
}

TEST(Doctor, ErrorsOfTheConfiguration) {
  auto facts = right_facts();
  facts.config_errors = {"running-config:7:3: error: no such thing"};
  EXPECT_THAT(only(facts, "configuration").text, HasSubstr(":7:3:"));
}

TEST(Doctor, TunnelsThatCannotBe) {
  auto facts = right_facts();
  facts.tunnel_errors = {"running-config:9:2: error: crypto map VPN 10: there is no pre-shared key for 198.51.100.1, no tunnel"};
  EXPECT_THAT(only(facts, "configuration").text, HasSubstr("there is no pre-shared key"));
}

TEST(Doctor, NoConfigurationAtAll) {
  Facts facts;
  facts.daemon.answers = true;
  facts.daemon.source_state = "connected";
  facts.config_error = "read /etc/rri/startup-config: no such file";
  facts.kernel.sysctls["net/ipv4/ip_forward"] = "1";
  EXPECT_THAT(only(facts, "configuration").text, HasSubstr("no such file"));
}

TEST(Doctor, RridWithoutItsSource) {
  auto facts = right_facts();
  facts.daemon.source_state = "lost";
  facts.daemon.source_error = "connect to /run/charon.vici: connection refused";
  EXPECT_THAT(only(facts, "source").text, HasSubstr("connection refused"));
}

TEST(Doctor, NoticesOfRridAreRepeated) {
  auto facts = right_facts();
  facts.daemon.notices = {"TAG-CONFLICT: two tags"};
  EXPECT_EQ(only(facts, "source", Verdict::Note).text, "notice TAG-CONFLICT: two tags");
}

TEST(Doctor, CharonThatIsNotThere) {
  auto facts = right_facts();
  facts.charon.socket = SocketFacts{"/run/charon.vici", false, false, ENOENT, 0, 0, 0};
  EXPECT_THAT(only(facts, "charon").cure, HasSubstr("systemctl start strongswan"));
}

TEST(Doctor, CharonThatDiedAndLeftItsSocket) {
  auto facts = right_facts();
  facts.charon.socket.connects = false;
  facts.charon.socket.error = ECONNREFUSED;
  EXPECT_EQ(only(facts, "charon").cure, "systemctl restart strongswan");
}

TEST(Doctor, CharonThatHangs) {
  auto facts = right_facts();
  facts.charon.version.clear();
  EXPECT_EQ(only(facts, "charon").cure, "systemctl restart strongswan");
}

TEST(Doctor, CharonThatThisUserMayNotAsk) {
  auto facts = right_facts();
  facts.charon.socket.connects = false;
  facts.charon.socket.error = EACCES;
  EXPECT_EQ(only(facts, "charon", Verdict::Unseen).cure, "sudo rri doctor");
}

TEST(Doctor, SubjectsThatCharonWouldCompareWhole) {
  auto facts = right_facts();
  facts.config.identities["PARTNER"] = {{IdentityMatch::Kind::Subject, "OU=net", {}}};
  EXPECT_THAT(only(facts, "rdn-matching").cure, HasSubstr("rdn_matching = relaxed"));
  facts.strongswan.values["charon.rdn_matching"] = {"relaxed", "F:1"};
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");
}

TEST(Doctor, CharonsSocketThatRridsUserMayNotUse) {
  auto facts = right_facts();
  facts.charon.socket.gid = 0;
  EXPECT_THAT(only(facts, "charon-socket").cure, HasSubstr("chgrp rrid /run/charon.vici"));
  facts.daemon.uid = 0;
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");
}

TEST(Doctor, CharonThatInstallsRoutes) {
  auto facts = right_facts();
  facts.strongswan.values.erase("charon.install_routes");
  EXPECT_THAT(only(facts, "install-routes").cure, HasSubstr("install_routes = no"));
  facts.strongswan.values["charon.install_routes"] = {"yes", "F:1"};
  EXPECT_THAT(only(facts, "install-routes").text, HasSubstr("yes (F:1)"));
}

TEST(Doctor, CharonSystemdsOwnSectionComesFirst) {
  auto facts = right_facts();
  facts.strongswan.values["charon-systemd.install_routes"] = {"yes", "F:9"};
  EXPECT_THAT(only(facts, "install-routes").text, HasSubstr("F:9"));
  facts.charon.daemon = "charon";
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");
}

TEST(Doctor, StrayRoutesInTable220) {
  auto facts = right_facts();
  facts.kernel.charon_routes = {route("10.1.0.0/16", 220, "h-out", "default")};
  facts.kernel.rules_220 = {Family::V4};
  const auto found = only(facts, "install-routes");
  EXPECT_THAT(found.text, HasSubstr("10.1.0.0/16 dev h-out"));
  EXPECT_EQ(found.cure, "ip -4 route flush table 220; ip -4 rule del pref 220");
}

TEST(Doctor, StrayRoutesInTable220ThatNoRuleLeadsTo) {
  auto facts = right_facts();
  facts.kernel.charon_routes = {route("10.1.0.0/16", 220, "h-out", "default")};
  facts.kernel.rules_220 = {Family::V6};
  EXPECT_EQ(only(facts, "install-routes", Verdict::Note).cure, "ip route flush table 220");
}

TEST(Doctor, BreakBeforeMake) {
  auto facts = right_facts();
  facts.strongswan.values.erase("charon.make_before_break");
  EXPECT_THAT(only(facts, "make-before-break").cure, HasSubstr("make_before_break = yes"));
  facts.charon.version = "6.0.1";
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");
  facts.strongswan.values["charon.make_before_break"] = {"no", "F:1"};
  EXPECT_THAT(only(facts, "make-before-break").text, HasSubstr("is no"));
}

TEST(Doctor, CharonThatFollowsRoutes) {
  auto facts = right_facts();
  facts.strongswan.values.erase("charon.process_route");
  EXPECT_THAT(only(facts, "process-route", Verdict::Note).cure, HasSubstr("process_route = no"));
}

TEST(Doctor, CharonThatCallsDeadPeersForLong) {
  auto facts = right_facts();
  facts.config.ike.ikev2_profiles["P"].keepalive = Keepalive{10, 2, true, {}};
  EXPECT_EQ(describe(of(facts, Verdict::Note)), "") << "rrid ends the tunnels of its own connections";
  std::get<StrongSwanSource>(facts.config.settings.ike).observe = true;
  const auto finding = only(facts, "retransmission", Verdict::Note);
  EXPECT_THAT(finding.text, HasSubstr("gives up a silent IKEv2 peer 165 s after `dpd` of profile P asked it"));
  EXPECT_THAT(finding.cure, HasSubstr("retransmit_tries = 3"));
  facts.strongswan.values["charon.retransmit_tries"] = {"3", "/etc/strongswan.d/rri.conf:6"};
  EXPECT_EQ(describe(of(facts, Verdict::Note)), "");
}

// ---- kernel --------------------------------------------------------------

TEST(Doctor, KernelWithoutEsp) {
  auto facts = right_facts();
  facts.kernel.esp = Answer::No;
  EXPECT_THAT(only(facts, "kernel-esp").cure, HasSubstr("modprobe"));
  facts.config.settings.route_form = {RouteForm::Device, "ipsec0"};
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");
}

TEST(Doctor, HostThatDoesNotForward) {
  auto facts = right_facts();
  facts.kernel.sysctls["net/ipv4/ip_forward"] = "0";
  EXPECT_THAT(only(facts, "ip-forward").cure, HasSubstr("sysctl -w net/ipv4/ip_forward=1"));
}

TEST(Doctor, HostThatDoesNotForwardIpv6) {
  auto facts = right_facts();
  facts.config.interfaces["GigabitEthernet0/0/0"].addresses.push_back({*IpAddress::parse("2001:db8::1"), 64, false});
  facts.kernel.links[0].addresses.push_back({*IpAddress::parse("2001:db8::1"), 64});
  facts.kernel.sysctls["net/ipv6/conf/all/forwarding"] = "0";
  EXPECT_THAT(only(facts, "ip-forward").cure, HasSubstr("net/ipv6/conf/all/forwarding=1"));
}

TEST(Doctor, DeviceThatDoesNotForward) {
  auto facts = right_facts();
  facts.kernel.sysctls["net/ipv4/conf/h-in/forwarding"] = "0";
  EXPECT_THAT(only(facts, "ip-forward").cure, HasSubstr("net/ipv4/conf/h-in/forwarding=1"));
}

TEST(Doctor, StrictReversePathFilter) {
  auto facts = right_facts();
  facts.kernel.sysctls["net/ipv4/conf/all/rp_filter"] = "0";
  facts.kernel.sysctls["net/ipv4/conf/h-out/rp_filter"] = "1";
  EXPECT_THAT(only(facts, "rp-filter", Verdict::Note).cure, HasSubstr("net/ipv4/conf/h-out/rp_filter=2"));
  facts.config.settings.route_form = {RouteForm::Device, "ipsec0"};
  facts.kernel.sysctls["net/ipv4/conf/ipsec0/rp_filter"] = "1";
  EXPECT_THAT(only(facts, "rp-filter").cure, HasSubstr("net/ipv4/conf/ipsec0/rp_filter=2"));
}

TEST(Doctor, DeviceWithoutXfrm) {
  auto facts = right_facts();
  facts.kernel.sysctls["net/ipv4/conf/h-out/disable_xfrm"] = "1";
  EXPECT_THAT(only(facts, "kernel-esp").cure, HasSubstr("net/ipv4/conf/h-out/disable_xfrm=0"));
}

// ---- interfaces and VRFs -------------------------------------------------

TEST(Doctor, UnboundInterface) {
  auto facts = right_facts();
  facts.config.interfaces["GigabitEthernet0/0/1"].linux_device = "h-gone";
  const auto found = only(facts, "interface-binding");
  EXPECT_THAT(found.text, HasSubstr("no Linux device h-gone"));
  EXPECT_THAT(found.cure, HasSubstr("linux device DEV"));
}

TEST(Doctor, AddressThatLinuxHasNot) {
  auto facts = right_facts();
  facts.kernel.links[0].addresses.clear();
  EXPECT_EQ(only(facts, "interface-address").cure, "ip address add 10.0.0.1/24 dev h-in");
}

TEST(Doctor, InterfaceThatIsDown) {
  auto facts = right_facts();
  facts.kernel.admin_up.erase("h-out");
  facts.kernel.links[1].up = false;
  EXPECT_EQ(only(facts, "interface-shutdown").cure, "ip link set h-out up");
}

TEST(Doctor, InterfaceWithoutCarrier) {
  auto facts = right_facts();
  facts.kernel.links[1].up = false;
  EXPECT_THAT(only(facts, "interface-shutdown").text, HasSubstr("no carrier"));
}

TEST(Doctor, InterfaceThatIsUpAndShouldNotBe) {
  auto facts = right_facts();
  facts.config.interfaces["GigabitEthernet0/0/0"].shutdown = true;
  EXPECT_EQ(only(facts, "interface-shutdown", Verdict::Note).cure, "ip link set h-in down");
}

TEST(Doctor, VrfWithoutItsDevice) {
  auto facts = right_facts();
  facts.kernel.links.pop_back();
  facts.kernel.links[0].vrf = "RED";
  facts.kernel.ours.clear();
  EXPECT_THAT(only(facts, "vrf-device").cure, HasSubstr("ip link add RED type vrf table 100"));
}

TEST(Doctor, DeviceOfThatNameThatIsNoVrf) {
  auto facts = right_facts();
  facts.kernel.links[2].vrf_table.reset();
  facts.kernel.ours.clear();
  EXPECT_THAT(only(facts, "vrf-device").text, HasSubstr("is no VRF device"));
}

TEST(Doctor, VrfDeviceThatIsDown) {
  auto facts = right_facts();
  facts.kernel.admin_up.erase("RED");
  EXPECT_EQ(only(facts, "vrf-device").cure, "ip link set RED up");
}

TEST(Doctor, KernelWithoutVrfDevices) {
  auto facts = right_facts();
  facts.kernel.vrf_devices = Answer::No;
  EXPECT_THAT(only(facts, "vrf-device").cure, HasSubstr("modprobe vrf"));
}

TEST(Doctor, KernelWithoutXfrmInterfaces) {
  auto facts = right_facts();
  facts.config.interfaces["Tunnel1"] = {};
  facts.config.interfaces["Tunnel1"].name = "Tunnel1";
  facts.config.interfaces["Tunnel1"].linux_device = "h-out";
  facts.config.interfaces["Tunnel1"].ipsec_profile = "P";
  facts.config.interfaces["Tunnel1"].vrf = "default";
  facts.kernel.xfrm_interfaces = Answer::No;
  EXPECT_EQ(only(facts, "vrf-device", Verdict::Note).cure, "modprobe xfrm_interface");
}

TEST(Doctor, DeviceInAnotherVrf) {
  auto facts = right_facts();
  facts.kernel.links[0].vrf = "default";
  EXPECT_EQ(only(facts, "vrf-member").cure, "ip link set h-in master RED");
  facts = right_facts();
  facts.kernel.links[1].vrf = "RED";
  EXPECT_EQ(only(facts, "vrf-member").cure, "ip link set h-out nomaster");
}

TEST(Doctor, PeerInAFrontDoorVrfThatCharonFindsNoWayTo) {
  auto facts = right_facts();
  auto& front = facts.config.interfaces["Tunnel7"];
  front = {};
  front.name = "Tunnel7";
  front.vrf = "default";
  front.linux_device = "h-out";
  facts.config.ike.tunnels["Tunnel7"].vrf = "RED";
  facts.config.ike.tunnels["Tunnel7"].destination = IpAddress::try_parse("198.51.100.2");
  EXPECT_THAT(only(facts, "front-door-vrf").cure, HasSubstr("ip route add 198.51.100.2/32 via GATEWAY dev DEVICE (of VRF RED), or start strongSwan with `ip vrf exec RED`"));
  auto in_vrf = facts;
  in_vrf.kernel.charon_vrf = "RED";
  EXPECT_EQ(describe(of(in_vrf, Verdict::Wrong)), "");
  facts.kernel.to_front_peers = {route("198.51.100.0/24", 254, "h-out", "RED")};
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");
  facts.kernel.sysctls["net/ipv4/udp_l3mdev_accept"] = "0";
  EXPECT_THAT(only(facts, "front-door-vrf").text, HasSubstr("hears no peer in front-door VRF RED"));
}

TEST(Doctor, InsideNetworkThatTheFrontDoorCannotReach) {
  auto facts = right_facts();
  facts.kernel.leaks.clear();
  EXPECT_EQ(only(facts, "vrf-leak").cure, "ip route add 10.0.0.0/24 dev RED table 254");
}

// ---- routes and who touches them ------------------------------------------

TEST(Doctor, RoutesOfOursWhereNoVrfIs) {
  auto facts = right_facts();
  facts.kernel.ours.push_back(route("10.9.0.0/16", 77, "h-out", "default"));
  const auto found = only(facts, "our-routes");
  EXPECT_THAT(found.text, HasSubstr("table 77"));
  EXPECT_EQ(found.cure, "ip -4 route flush table 77 proto 213");
}

TEST(Doctor, RoutesOfOursThatNobodyKeeps) {
  auto facts = right_facts();
  facts.daemon.answers = false;
  facts.daemon.error = "connect: permission denied";
  EXPECT_THAT(only(facts, "our-routes", Verdict::Note).cure, HasSubstr("rri flush"));
}

TEST(Doctor, KernelRoutesOfOursWhereFrrIsTheSink) {
  auto facts = right_facts();
  facts.config.settings.route = FrrSink{};
  facts.frr.static_socket = SocketFacts{"/var/run/frr/staticd.vty", true, true, 0, 0140770, 0, 900};
  facts.frr.routers[0].redistributions[0].what = "static";
  EXPECT_THAT(only(facts, "our-routes").cure, HasSubstr("ip route flush table all proto 213"));
}

TEST(Doctor, ProtocolNumberThatSomebodyElseHas) {
  auto facts = right_facts();
  facts.host.protocol_names[213].push_back({"other", "/etc/iproute2/rt_protos:40"});
  const auto found = only(facts, "protocol-number");
  EXPECT_THAT(found.text, HasSubstr("other (/etc/iproute2/rt_protos:40)"));
  EXPECT_THAT(found.cure, HasSubstr("route kernel protocol"));
}

TEST(Doctor, ProtocolNumberWithoutAName) {
  auto facts = right_facts();
  facts.host.protocol_names.clear();
  EXPECT_THAT(only(facts, "protocol-number", Verdict::Note).cure, HasSubstr("213 rri"));
}

TEST(Doctor, TwoDaemonsSideBySide) {
  auto facts = right_facts();
  facts.host.processes.push_back({"rrid", 99, 60, {}});
  EXPECT_THAT(only(facts, "protocol-number").text, HasSubstr("2 processes rrid"));
}

TEST(Doctor, NetworkdThatRemovesForeignRoutes) {
  auto facts = right_facts();
  facts.host.manage_foreign_routes.reset();
  EXPECT_THAT(only(facts, "networkd").cure, HasSubstr("ManageForeignRoutes=no"));
  facts.host.networkd_devices.clear();
  EXPECT_THAT(only(facts, "networkd", Verdict::Note).cure, HasSubstr("ManageForeignRoutes=no"));
}

TEST(Doctor, NetworkManagerOnADeviceOfOurs) {
  auto facts = right_facts();
  facts.host.network_manager_devices = {"h-out"};
  EXPECT_EQ(only(facts, "network-manager", Verdict::Note).cure, "nmcli device set h-out managed no");
}

// ---- FRR -------------------------------------------------------------------

TEST(Doctor, FrrThatDoesNotRun) {
  auto facts = right_facts();
  facts.frr = {};
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");  // nobody said that it should
  facts.config.settings.route = FrrSink{};
  facts.kernel.ours.clear();
  EXPECT_EQ(only(facts, "frr").cure, "systemctl start frr");
}

Facts with_frr_sink() {
  auto facts = right_facts();
  facts.config.settings.route = FrrSink{};
  facts.kernel.ours.clear();
  facts.frr.static_socket = SocketFacts{"/var/run/frr/staticd.vty", true, true, 0, 0140770, 0, 900};
  facts.frr.routers[0].redistributions[0].what = "static";
  return facts;
}

TEST(Doctor, StaticdThatDoesNotRun) {
  auto facts = with_frr_sink();
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");
  facts.frr.static_socket->exists = false;
  EXPECT_THAT(only(facts, "frr").cure, HasSubstr("staticd=yes"));
}

TEST(Doctor, StaticdThatRridMayNotUse) {
  auto facts = with_frr_sink();
  facts.frr.static_socket->gid = 85;
  EXPECT_THAT(only(facts, "frr").cure, HasSubstr("adduser rrid frrvty"));
}

TEST(Doctor, StaticdThatHasNotMetZebraAgain) {
  auto facts = with_frr_sink();
  facts.frr.statics_away = true;
  EXPECT_THAT(only(facts, "frr").text, HasSubstr("staticd has not met zebra again"));
}

TEST(Doctor, FrrThatDoesNotRedistribute) {
  auto facts = right_facts();
  facts.frr.routers[0].redistributions[0].what = "static";
  EXPECT_THAT(only(facts, "frr-redistribute").cure, HasSubstr("-c 'router ospf vrf RED' -c 'redistribute kernel route-map RRI'"));
  facts = with_frr_sink();
  facts.frr.routers[0].redistributions[0].what = "kernel";
  EXPECT_THAT(only(facts, "frr-redistribute").cure, HasSubstr("redistribute static"));
}

TEST(Doctor, FrrWithoutAProtocolInThatVrf) {
  auto facts = right_facts();
  facts.frr.routers[0].vrf = "default";
  EXPECT_THAT(only(facts, "frr-redistribute").text, HasSubstr("runs no protocol"));
}

TEST(Doctor, BgpNeedsItsAddressFamily) {
  auto facts = right_facts();
  facts.frr.routers = {{"bgpd", "router bgp 65001 vrf RED", "RED", {}}};
  EXPECT_THAT(only(facts, "frr-redistribute").cure, HasSubstr("-c 'address-family ipv4 unicast' -c 'redistribute kernel"));
}

TEST(Doctor, RedistributionWithoutARouteMap) {
  auto facts = right_facts();
  facts.frr.routers[0].redistributions[0].route_map.clear();
  EXPECT_THAT(only(facts, "frr-redistribute", Verdict::Note).text, HasSubstr("without a route-map"));
  facts.frr.routers[0].redistributions[0].route_map = "GONE";
  EXPECT_THAT(only(facts, "frr-redistribute").text, HasSubstr("GONE is not defined"));
}

TEST(Doctor, FrrThatCannotBeSeen) {
  auto facts = right_facts();
  facts.frr.configuration_source.clear();
  EXPECT_EQ(only(facts, "frr-redistribute", Verdict::Unseen).cure, "sudo rri doctor");
}

TEST(Doctor, ZebraThatWasRestartedAlone) {
  auto facts = right_facts();
  facts.frr.starts["zebra"] = 5000;
  const auto found = only(facts, "frr-zebra-restart");
  EXPECT_THAT(found.text, HasSubstr("ospfd"));
  EXPECT_THAT(found.cure, HasSubstr("systemctl restart frr"));
}

TEST(Doctor, DeadKernelRoutesInFrr) {
  auto facts = right_facts();
  facts.frr.dead = {route("10.7.0.0/16", 100, "", "")};
  EXPECT_EQ(only(facts, "frr-dead-routes").cure,
            "ip -4 route add unreachable 10.7.0.0/16 metric 16777216 table 100 proto 213 && "
            "ip -4 route del unreachable 10.7.0.0/16 metric 16777216 table 100 proto 213");
}

// ---- redundancy --------------------------------------------------------------

TEST(Doctor, KeepalivedThatDoesNotRun) {
  auto facts = right_facts();
  std::erase_if(facts.host.processes, [](const auto& process) { return process.name == "keepalived"; });
  EXPECT_THAT(only(facts, "keepalived").cure, HasSubstr("systemctl restart keepalived"));
}

TEST(Doctor, GroupThatKeepalivedDoesNotKnow) {
  auto facts = right_facts();
  facts.host.keepalived_instances = {"VI_1"};
  EXPECT_THAT(only(facts, "keepalived").text, HasSubstr("no vrrp_instance HA"));
}

TEST(Doctor, FifoThatIsNotThere) {
  auto facts = right_facts();
  facts.fifo.exists = false;
  EXPECT_THAT(only(facts, "vrrp-fifo").cure, HasSubstr("rri render keepalived"));
}

TEST(Doctor, FifoThatIsAFile) {
  auto facts = right_facts();
  facts.fifo.is_fifo = false;
  EXPECT_THAT(only(facts, "vrrp-fifo").cure, HasSubstr("rm /run/rri/vrrp.fifo"));
}

TEST(Doctor, FifoThatNobodyOrTooManyRead) {
  auto facts = right_facts();
  facts.fifo.readers.clear();
  EXPECT_EQ(only(facts, "vrrp-fifo").cure, "systemctl restart rrid");
  facts.fifo.readers = {"cat (3)", "rrid (17)"};
  EXPECT_THAT(only(facts, "vrrp-fifo").text, HasSubstr("cat (3), rrid (17)"));
  facts.fifo.readers_known = false;
  EXPECT_EQ(only(facts, "vrrp-fifo", Verdict::Unseen).cure, "sudo rri doctor");
}

TEST(Doctor, AddressOnlyNeedsNoKeepalived) {
  auto facts = right_facts();
  facts.config.settings.redundancy.address_only = true;
  facts.host.processes.clear();
  facts.fifo = {};
  EXPECT_EQ(describe(of(facts, Verdict::Wrong)), "");
}

// ---- output ------------------------------------------------------------------

TEST(Doctor, PrintsLinesForPeopleAndJsonForPrograms) {
  const std::vector<Finding> findings{{"a", Verdict::Ok, "fine", ""}, {"b", Verdict::Wrong, "bad", "mend \"it\""}};
  EXPECT_EQ(render_text(findings), "ok      fine\nWRONG   bad\n        cure: mend \"it\"\n\n1 right, 1 wrong, 0 to know, 0 not seen\n");
  EXPECT_THAT(render_json(findings), HasSubstr("\"cure\": \"mend \\\"it\\\"\""));
  EXPECT_THAT(render_json(findings), HasSubstr("\"wrong\": 1"));
}

}  // namespace
}  // namespace rri::doctor
