#include "show/interfaces.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "config/config.h"

namespace rri::show {
namespace {

class InterfacesTest : public ::testing::Test {
 protected:
  InterfacesTest() {
    summary_.config = std::make_shared<const Config>(parse_document(R"(vrf definition RED
 address-family ipv4
interface GigabitEthernet0/0
 description to the ISP
 ip address 203.0.113.1 255.255.255.252
 ip address 203.0.113.5 255.255.255.252 secondary
interface GigabitEthernet0/1
 vrf forwarding RED
)").config);
    summary_.interfaces = {{"GigabitEthernet0/0", "out0", "", true}, {"GigabitEthernet0/1", "", "no device of this name", false}};
    Device device;
    device.index = 7;
    device.name = "out0";
    device.kind = "veth";
    device.mtu = 1500;
    device.hardware = HardwareAddress{0xaa, 0xbb, 0xcc, 0x00, 0x01, 0x02};
    device.in = {10, 1000, 1, 2};
    device.out = {20, 2000, 3, 4};
    host_.devices = {device};
    host_.neighbours = {{*IpAddress::parse("203.0.113.2"), 7, HardwareAddress{0, 1, 2, 3, 4, 5}, 125}, {*IpAddress::parse("203.0.113.3"), 7, std::nullopt, 0}, {*IpAddress::parse("10.0.0.1"), 9, std::nullopt, 0}};
  }

  core::Summary summary_;
  HostDevices host_;
};

TEST_F(InterfacesTest, have_the_addresses_of_IPv6_that_their_devices_have) {
  summary_.links = {{7, "out0", true, "default", {}, 0, 0, {{*IpAddress::parse("2001:db8::1"), 64}, {*IpAddress::parse("203.0.113.1"), 30}, {*IpAddress::parse("fe80::a"), 64}}}};
  EXPECT_EQ(ipv6_interface_brief(summary_),
            "GigabitEthernet0/0     [up/up]\n    FE80::A\n    2001:DB8::1\nGigabitEthernet0/1     [down/down]\n    unassigned\n");
  EXPECT_EQ(ipv6_interfaces(summary_, host_, std::nullopt),
            "GigabitEthernet0/0 is up, line protocol is up\n  IPv6 is enabled, link-local address is FE80::A \n  No Virtual link-local address(es):\n"
            "  Description: to the ISP\n  Global unicast address(es):\n    2001:DB8::1, subnet is 2001:DB8::/64 \n"
            "  Joined group address(es):\n    FF02::1\n  MTU is 1500 bytes\n");
  EXPECT_EQ(ipv6_interfaces(summary_, host_, "Tunnel1"), std::nullopt);
}

TEST_F(InterfacesTest, have_the_lines_that_parsers_cut_up) {
  EXPECT_EQ(interfaces(summary_, host_, std::nullopt, Format::Text),
            "GigabitEthernet0/0 is up, line protocol is up \n"
            "  Hardware is veth, address is aabb.cc00.0102 (bia aabb.cc00.0102)\n"
            "  Description: to the ISP\n"
            "  Internet address is 203.0.113.1/30\n"
            "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec, \n"
            "     reliability 255/255, txload 1/255, rxload 1/255\n"
            "  Encapsulation ARPA, loopback not set\n"
            "  Linux device out0\n"
            "     10 packets input, 1000 bytes, 0 no buffer\n"
            "     Received 0 broadcasts (0 IP multicasts)\n"
            "     1 input errors, 0 CRC, 0 frame, 0 overrun, 2 ignored\n"
            "     20 packets output, 2000 bytes, 0 underruns\n"
            "     3 output errors, 0 collisions, 0 interface resets\n"
            "GigabitEthernet0/1 is down, line protocol is down \n"
            "  Hardware is absent: no device of this name\n");
  const auto json = nlohmann::json::parse(interfaces(summary_, host_, "GigabitEthernet0/0", Format::Json).value());
  ASSERT_EQ(json["interfaces"].size(), 1U);
  EXPECT_EQ(json["interfaces"][0]["in"]["dropped"], 2);
  EXPECT_EQ(interfaces(summary_, host_, "GigabitEthernet9/9", Format::Text), std::nullopt);
}

TEST_F(InterfacesTest, ip_side) {
  EXPECT_EQ(ip_interfaces(summary_, host_, "GigabitEthernet0/0"),
            "GigabitEthernet0/0 is up, line protocol is up \n"
            "  Internet address is 203.0.113.1/30\n"
            "  Broadcast address is 255.255.255.255\n"
            "  Address determined by non-volatile memory\n"
            "  MTU is 1500 bytes\n"
            "  Helper address is not set\n"
            "  Directed broadcast forwarding is disabled\n"
            "  Secondary address 203.0.113.5/30\n"
            "  Outgoing access list is not set\n"
            "  Inbound  access list is not set\n");
  EXPECT_EQ(ip_interfaces(summary_, host_, "GigabitEthernet0/1"),
            "GigabitEthernet0/1 is down, line protocol is down \n"
            "  Internet protocol processing disabled\n");
}

TEST_F(InterfacesTest, arp_has_our_addresses_and_the_neighbours_of_our_devices) {
  EXPECT_EQ(arp(summary_, host_, Format::Text),
            "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n"
            "Internet  203.0.113.1              -   aabb.cc00.0102  ARPA   GigabitEthernet0/0\n"
            "Internet  203.0.113.5              -   aabb.cc00.0102  ARPA   GigabitEthernet0/0\n"
            "Internet  203.0.113.2              2   0001.0203.0405  ARPA   GigabitEthernet0/0\n"
            "Internet  203.0.113.3              0   Incomplete      ARPA   GigabitEthernet0/0\n");
  EXPECT_EQ(nlohmann::json::parse(arp(summary_, host_, Format::Json))["arp"].size(), 4U);
}

}  // namespace
}  // namespace rri::show
