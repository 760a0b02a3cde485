// Any lines in any order: what is rendered reads back as the same document. Lines are
// drawn from a vocabulary of openers, lines that act, lines that are carried, and lines
// that are wrong. RRI_SEED begins elsewhere, RRI_ROUNDS makes it longer.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "unit/config/support.h"

namespace rri {
namespace {

using Lines = std::vector<std::string>;

const Lines kOpeners = {
    "router ospf 1", "router isis", "router rip", "router eigrp 1", "router bgp 65000", "address-family ipv4 vrf A", "ip vrf OLD", "vrf definition NEW",
    "address-family ipv4", "track 10 interface GigabitEthernet0/0 line-protocol", "track 20 ip route 10.0.0.0 255.0.0.0 reachability", "track 30 list boolean or",
    "aaa group server radius R", "radius server S", "interface GigabitEthernet0/0", "interface Tunnel1", "interface Loopback9", "interface Vlan10",
    "crypto map M 10 ipsec-isakmp", "crypto map M 20 ipsec-isakmp", "crypto dynamic-map D 10", "crypto isakmp policy 10", "crypto isakmp profile IP",
    "crypto ikev2 profile I2", "crypto ikev2 keyring K2", "peer P", "crypto keyring K", "crypto ipsec profile PR", "crypto ipsec transform-set T esp-aes",
    "ip access-list extended E", "ip access-list standard S", "ipv6 access-list V6", "policy-map PM", "class C", "class-map CM", "route-map RM permit 10",
    "line vty 0 4", "line con 0", "line 2", "control-plane", "redundancy", "archive", "log config", "ip sla 1", "icmp-echo 10.0.0.1", "key chain KC", "key 1",
    "crypto pki trustpoint TP", "crypto pki certificate chain TP", "event manager applet A", "object-group network OG", "ip dhcp pool DP", "vlan 10", "template TT",
    "zone security Z", "voice service voip", "dial-peer voice 1 voip", "aaa accounting exec default", "service instance 1 ethernet", "frobnicate 1",
    "crypto isakmp client configuration group G", "crypto ikev2 authorization policy AP", "flow monitor FM", "monitor session 1 type erspan-source", "spanning-tree mst configuration",
    "ip nat pool NP 10.0.0.1 10.0.0.2 netmask 255.255.255.0", "parser view PV", "call-home", "rri", "ip access-list extended 102", "crypto map M 30 gdoi"};

const Lines kLines = {
    "rd 1:1", "description x", "hostname a", "ip address 10.0.0.1 255.255.255.0", "no ip address", "shutdown", "no shutdown", "ip nat outside", "ip nat inside",
    "ip nat inside source list 1 interface Gi0/0 overload", "route set access-list X", "crypto map M", "set peer 192.0.2.1", "match address E", "reverse-route", "permit ip any any",
    "10 permit ip any any", "permit 10.0.0.0", "deny any", "encryption aes", "hash sha", "network 10.0.0.0", "neighbor 10.0.0.9 remote-as 1", "redistribute static",
    "version 2", "passive-interface default", "server 10.0.0.1", "server name S", "ip vrf forwarding OLD", "vrf forwarding NEW", "ip radius source-interface Lo0",
    "ntp server 10.0.0.1", "ntp server 10.0.0.1 prefer", "snmp-server community public RO", "logging host 10.0.0.1", "logging synchronous", "logging event link-status",
    "ip domain name x", "no ip domain lookup", "ip domain lookup source-interface Lo0", "no ip http server", "ip http server", "username bob secret 9 x",
    "ip route 10.0.0.0 255.0.0.0 192.0.2.1", "ip prefix-list PL seq 5 permit 10.0.0.0/8", "access-list 10 permit any", "access-list 102 permit ip any any", "banner motd #hello#",
    "enable password x", "ip mtu 1400", "ip helper-address 10.0.0.1", "set metric 5", "match tag 5", "bandwidth 10", "priority", "police 8000", "service-policy input PM",
    "exit-address-family", "exec-timeout 5 0", "transport input ssh", "login local", "foo bar", "frobnicate 2", "!", "!", "exit", "end", "no router ospf 1", "no ip nat inside",
    "default ip mtu", "no description", "no interface Loopback9", "no ip vrf OLD", "no crypto map M 10", "no class C", "no ip nat", "no ip access-list standard", "no ntp server", "route-map RM permit 5", "set metric 6",
    "username bob privilege 15", "logging 10.0.0.1", "interface range Gi0/0 - 1", "no crypto ipsec profile default", "no ip prefix-list sequence-number", "vacant-message #x#",
    "no interface range Gi0/0 - 1", "no ip", "no logging", "crypto mpa", "set foo", "crypto map M 99999 ipsec-isakmp",
    "standby 1 ip 10.0.0.5", "tunnel source Loopback9", "tunnel mode ipsec ipv4", "address 10.0.0.1", "pre-shared-key x", "key-string 7 x", "frequency 5", "delay up 5", "object 1",
    "name x", "mode rpr", "path flash:x", "event none", "action 1.0 puts x", "host 10.0.0.1", "accounting x", "action-type start-stop", "group tacacs+", "certificate ca 01 nvram:x",
    "ip routing", "no ip routing", "ipv6 unicast-routing", "ip ospf cost 5", "enrollment url http://x", "revocation-check none", "rekey 5", "match ip address 10", "lifetime 5",
    "aaa new-model", "service password-encryption", "no cdp run", "mpls ip", "domain x", "pool P", "ip dhcp excluded-address 10.0.0.1", "default-router 10.0.0.1", "privilege level 15",
    "distance 5", "maximum-paths 4", "area 0 authentication", "router-id 1.1.1.1", "eigrp router-id 1.1.1.1", "auto-summary", "default-information originate", "clock timezone CET 1 0"};

bool holds(const Lines& lines, bool is_typed) {
  Document document;
  Editor::Options options;
  options.keep_refused = !is_typed;
  options.is_typed = is_typed;
  Editor editor(document, options);
  for (const auto& line : lines) editor.apply(line);
  const auto rendered = render_document(document);
  const auto again = parse_document(rendered).document;
  return again == document && render_document(again) == rendered;
}

/// The same failure with as few lines as will do.
Lines shortened(Lines lines, bool is_typed) {
  for (std::size_t i = lines.size(); i-- > 0;) {
    auto fewer = lines;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (!holds(fewer, is_typed)) lines = std::move(fewer);
  }
  return lines;
}

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const auto* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(RandomLines, read_back_as_they_were_rendered) {
  const auto first = number_from("RRI_SEED", 1);
  const auto rounds = number_from("RRI_ROUNDS", 1500);
  int failures = 0;
  for (auto seed = first; seed < first + rounds && failures < 12; ++seed) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random() % end); };
    const bool is_typed = below(2) == 0;
    Lines lines;
    for (auto left = 2 + below(14); left > 0; --left) {
      const bool opens = below(5) < 2;
      const auto& from = opens ? kOpeners : kLines;
      const bool is_flat = is_typed || below(3) == 0;
      lines.push_back(std::string(is_flat ? 0 : below(3), ' ') + from[below(from.size())]);
    }
    if (holds(lines, is_typed)) continue;
    ++failures;
    std::string text;
    Document document;
    Editor::Options options;
    options.keep_refused = !is_typed;
    options.is_typed = is_typed;
    Editor editor(document, options);
    for (const auto& line : shortened(lines, is_typed)) {
      text += line + "\n";
      editor.apply(line);
    }
    const auto rendered = render_document(document);
    ADD_FAILURE() << "seed " << seed << (is_typed ? " typed" : "") << "\n" << text << "---- is rendered as\n" << rendered << "---- and that as\n" << testing::canonical(rendered);
  }
}

}  // namespace
}  // namespace rri
