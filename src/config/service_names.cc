#include "config/service_names.h"

#include <algorithm>

#include "base/text.h"

namespace rri {
namespace {

constexpr Service kProtocols[] = {
    {"ip", 0}, {"icmp", 1}, {"igmp", 2}, {"ipinip", 4}, {"tcp", 6}, {"igrp", 9}, {"udp", 17}, {"gre", 47}, {"esp", 50}, {"ahp", 51},
    {"eigrp", 88}, {"ospf", 89}, {"nos", 94}, {"pim", 103}, {"pcp", 108}, {"sctp", 132}, {"ah", 51}, {"ipv6"}};

constexpr Service kProtocols6[] = {
    {"ipv6"}, {"hbh"}, {"tcp", 6}, {"udp", 17}, {"gre", 47}, {"esp", 50}, {"ahp", 51}, {"icmp", 58}, {"ospf", 89}, {"pim", 103},
    {"pcp", 108}, {"sctp", 132}};

constexpr Service kTcpPorts[] = {
    {"bgp", 179}, {"chargen", 19}, {"cmd", 514}, {"daytime", 13}, {"discard", 9}, {"domain", 53}, {"drip", 3949}, {"echo", 7},
    {"exec", 512}, {"finger", 79}, {"ftp", 21}, {"ftp-data", 20}, {"gopher", 70}, {"hostname", 101}, {"ident", 113}, {"irc", 194},
    {"klogin", 543}, {"kshell", 544}, {"login", 513}, {"lpd", 515}, {"msrpc", 135}, {"nntp", 119}, {"onep-plain", 15001},
    {"onep-tls", 15002}, {"pim-auto-rp", 496}, {"pop2", 109}, {"pop3", 110}, {"smtp", 25}, {"sunrpc", 111}, {"tacacs", 49},
    {"talk", 517}, {"telnet", 23}, {"time", 37}, {"uucp", 540}, {"whois", 43}, {"www", 80}, {"syslog", 514},
    {"connectedapps-plain", 15001}, {"connectedapps-tls", 15002}, {"https", 443, -1, false}};

constexpr Service kUdpPorts[] = {
    {"biff", 512}, {"bootpc", 68}, {"bootps", 67}, {"discard", 9}, {"dnsix", 195}, {"domain", 53}, {"echo", 7}, {"isakmp", 500},
    {"mobile-ip", 434}, {"nameserver", 42}, {"netbios-dgm", 138}, {"netbios-ns", 137}, {"netbios-ss", 139}, {"non500-isakmp", 4500},
    {"ntp", 123}, {"pim-auto-rp", 496}, {"rip", 520}, {"ripv6", 521}, {"snmp", 161}, {"snmptrap", 162}, {"sunrpc", 111}, {"syslog", 514},
    {"tacacs", 49}, {"talk", 517}, {"tftp", 69}, {"time", 37}, {"who", 513}, {"xdmcp", 177}};

constexpr Service kIcmpTypes[] = {
    {"echo-reply", 0}, {"unreachable", 3}, {"net-unreachable", 3, 0}, {"host-unreachable", 3, 1}, {"protocol-unreachable", 3, 2},
    {"port-unreachable", 3, 3}, {"packet-too-big", 3, 4}, {"source-route-failed", 3, 5}, {"network-unknown", 3, 6},
    {"host-unknown", 3, 7}, {"host-isolated", 3, 8}, {"dod-net-prohibited", 3, 9}, {"dod-host-prohibited", 3, 10},
    {"net-tos-unreachable", 3, 11}, {"host-tos-unreachable", 3, 12}, {"administratively-prohibited", 3, 13},
    {"host-precedence-unreachable", 3, 14}, {"precedence-unreachable", 3, 15}, {"source-quench", 4}, {"redirect", 5},
    {"net-redirect", 5, 0}, {"host-redirect", 5, 1}, {"net-tos-redirect", 5, 2}, {"host-tos-redirect", 5, 3}, {"alternate-address", 6},
    {"echo", 8}, {"router-advertisement", 9}, {"router-solicitation", 10}, {"time-exceeded", 11}, {"ttl-exceeded", 11, 0},
    {"reassembly-timeout", 11, 1}, {"parameter-problem", 12}, {"general-parameter-problem", 12, 0}, {"option-missing", 12, 1},
    {"no-room-for-option", 12, 2}, {"timestamp-request", 13}, {"timestamp-reply", 14}, {"information-request", 15},
    {"information-reply", 16}, {"mask-request", 17}, {"mask-reply", 18}, {"traceroute", 30}, {"conversion-error", 31},
    {"mobile-redirect", 32}, {"ipv6-where-are-you", 33}, {"ipv6-i-am-here", 34}, {"mobile-registration-request", 35},
    {"mobile-registration-reply", 36}, {"domain-name-request", 37}, {"domain-name-reply", 38}, {"skip", 39}, {"photuris", 40},
    {"mobile-host-redirect", 32}, {"bad-length", 12, 2}, {"pointer-indicates-error", 12, 0}};

constexpr Service kIcmp6Types[] = {
    {"unreachable", 1}, {"no-route", 1, 0}, {"no-admin", 1, 1}, {"beyond-scope", 1, 2}, {"destination-unreachable", 1, 3},
    {"port-unreachable", 1, 4}, {"packet-too-big", 2}, {"time-exceeded", 3}, {"hop-limit", 3, 0}, {"reassembly-timeout", 3, 1},
    {"parameter-problem", 4}, {"header", 4, 0}, {"next-header", 4, 1}, {"parameter-option", 4, 2}, {"echo-request", 128},
    {"echo-reply", 129}, {"mld-query", 130}, {"mld-report", 131}, {"mld-reduction", 132}, {"router-solicitation", 133},
    {"router-advertisement", 134}, {"nd-ns", 135}, {"nd-na", 136}, {"redirect", 137}, {"router-renumbering", 138},
    {"renum-command", 138, 0}, {"renum-result", 138, 1}, {"renum-seq-number", 138, 255}, {"mld-v2-report", 143},
    {"dhaad-request", 144}, {"dhaad-reply", 145}, {"mpd-solicitation", 146}, {"mpd-advertisement", 147}};

constexpr Service kIgmpTypes[] = {{"host-query", 1}, {"host-report", 2}, {"dvmrp", 3}, {"pim", 4}, {"trace", 5}};

constexpr Service kDscp[] = {
    {"default", 0}, {"cs1", 8}, {"af11", 10}, {"af12", 12}, {"af13", 14}, {"cs2", 16}, {"af21", 18}, {"af22", 20}, {"af23", 22},
    {"cs3", 24}, {"af31", 26}, {"af32", 28}, {"af33", 30}, {"cs4", 32}, {"af41", 34}, {"af42", 36}, {"af43", 38}, {"cs5", 40},
    {"va", 44}, {"ef", 46}, {"cs6", 48}, {"cs7", 56}, {"vaa"}};

constexpr Service kPrecedence[] = {
    {"routine", 0}, {"priority", 1}, {"immediate", 2}, {"flash", 3}, {"flash-override", 4}, {"critical", 5}, {"internet", 6}, {"network", 7}};

constexpr Service kTos[] = {
    {"normal", 0}, {"min-monetary-cost", 1}, {"max-reliability", 2}, {"max-throughput", 4}, {"min-delay", 8}};

constexpr Service kOptions[] = {
    {"eool", 0}, {"no-op", 1}, {"record-route", 7}, {"zsu", 10}, {"mtup", 11}, {"mtur", 12}, {"encode", 15}, {"timestamp", 68},
    {"traceroute", 82}, {"security", 130}, {"lsr", 131}, {"ext-security", 133}, {"com-security", 134}, {"stream-id", 136}, {"ssr", 137},
    {"visa", 142}, {"imitd", 144}, {"ext-ip", 145}, {"add-ext", 147}, {"router-alert", 148}, {"sdb", 149}, {"nsapa", 150}, {"dps", 151},
    {"ump", 152}, {"finn", 205}, {"any-options"}};

constexpr Service kTcpFlags[] = {
    {"+ack"}, {"+fin"}, {"+psh"}, {"+rst"}, {"+syn"}, {"+urg"}, {"-ack"}, {"-fin"}, {"-psh"}, {"-rst"}, {"-syn"}, {"-urg"}};

}  // namespace

std::span<const Service> protocol_names() { return kProtocols; }
std::span<const Service> protocol6_names() { return kProtocols6; }
std::span<const Service> tcp_port_names() { return kTcpPorts; }
std::span<const Service> udp_port_names() { return kUdpPorts; }
std::span<const Service> icmp_type_names() { return kIcmpTypes; }
std::span<const Service> icmp6_type_names() { return kIcmp6Types; }
std::span<const Service> igmp_type_names() { return kIgmpTypes; }
std::span<const Service> dscp_names() { return kDscp; }
std::span<const Service> precedence_names() { return kPrecedence; }
std::span<const Service> tos_names() { return kTos; }
std::span<const Service> option_names() { return kOptions; }
std::span<const Service> tcp_flag_names() { return kTcpFlags; }

const Service* find_service(std::span<const Service> services, std::string_view name) {
  const auto found = std::find_if(services.begin(), services.end(), [&](const Service& one) { return equal_ignoring_case(one.name, name); });
  return found == services.end() ? nullptr : &*found;
}

std::string_view service_name(std::span<const Service> services, int number, int code) {
  const auto found = std::find_if(services.begin(), services.end(), [&](const Service& one) {
    return one.is_printed && one.number == number && one.code == code && number >= 0;
  });
  return found == services.end() ? std::string_view() : found->name;
}

}  // namespace rri
