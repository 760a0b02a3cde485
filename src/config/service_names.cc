#include "config/service_names.h"

#include <array>

namespace rri {
namespace {

constexpr std::array<std::string_view, 18> kProtocols = {
    "ip", "tcp", "udp", "icmp", "gre", "esp", "ahp", "ah", "ospf", "eigrp", "igmp", "igrp", "ipinip", "nos", "pcp",
    "pim", "sctp", "ipv6"};

constexpr std::array<std::string_view, 12> kProtocols6 = {
    "ipv6", "tcp", "udp", "icmp", "gre", "esp", "ahp", "hbh", "pcp", "sctp", "ospf", "pim"};

constexpr std::array<std::string_view, 40> kTcpPorts = {
    "bgp", "chargen", "cmd", "connectedapps-plain", "connectedapps-tls", "daytime", "discard", "domain", "drip",
    "echo", "exec", "finger", "ftp", "ftp-data", "gopher", "hostname", "ident", "irc", "klogin", "kshell", "login",
    "lpd", "msrpc", "nntp", "onep-plain", "onep-tls", "pim-auto-rp", "pop2", "pop3", "smtp", "sunrpc", "syslog",
    "tacacs", "talk", "telnet", "time", "uucp", "whois", "www", "https"};

constexpr std::array<std::string_view, 27> kUdpPorts = {
    "biff", "bootpc", "bootps", "discard", "dnsix", "domain", "echo", "isakmp", "mobile-ip", "nameserver",
    "netbios-dgm", "netbios-ns", "netbios-ss", "non500-isakmp", "ntp", "pim-auto-rp", "rip", "ripv6", "snmp",
    "snmptrap", "sunrpc", "syslog", "tacacs", "talk", "tftp", "time", "who"};

constexpr std::array<std::string_view, 56> kIcmpTypes = {
    "administratively-prohibited", "alternate-address", "conversion-error", "dod-host-prohibited",
    "dod-net-prohibited", "echo", "echo-reply", "general-parameter-problem", "host-isolated",
    "host-precedence-unreachable", "host-redirect", "host-tos-redirect", "host-tos-unreachable", "host-unknown",
    "host-unreachable", "information-reply", "information-request", "mask-reply", "mask-request", "mobile-redirect",
    "net-redirect", "net-tos-redirect", "net-tos-unreachable", "net-unreachable", "network-unknown",
    "no-room-for-option", "option-missing", "packet-too-big", "parameter-problem", "port-unreachable",
    "precedence-unreachable", "protocol-unreachable", "reassembly-timeout", "redirect", "router-advertisement",
    "router-solicitation", "source-quench", "source-route-failed", "time-exceeded", "time-range", "timestamp-reply",
    "timestamp-request", "traceroute", "ttl-exceeded", "unreachable", "photuris", "skip", "domain-name-reply",
    "domain-name-request", "mobile-host-redirect", "mobile-registration-reply", "mobile-registration-request",
    "ipv6-i-am-here", "ipv6-where-are-you", "bad-length", "pointer-indicates-error"};

constexpr std::array<std::string_view, 33> kIcmp6Types = {
    "beyond-scope", "destination-unreachable", "dhaad-reply", "dhaad-request", "echo-reply", "echo-request", "header",
    "hop-limit", "mld-query", "mld-reduction", "mld-report", "mld-v2-report", "mpd-advertisement",
    "mpd-solicitation", "nd-na", "nd-ns", "next-header", "no-admin", "no-route", "packet-too-big",
    "parameter-option", "parameter-problem", "port-unreachable", "reassembly-timeout", "redirect", "renum-command",
    "renum-result", "renum-seq-number", "router-advertisement", "router-renumbering", "router-solicitation",
    "time-exceeded", "unreachable"};

constexpr std::array<std::string_view, 23> kDscp = {
    "af11", "af12", "af13", "af21", "af22", "af23", "af31", "af32", "af33", "af41", "af42", "af43",
    "cs1", "cs2", "cs3", "cs4", "cs5", "cs6", "cs7", "default", "ef", "va", "vaa"};

constexpr std::array<std::string_view, 8> kPrecedence = {
    "critical", "flash", "flash-override", "immediate", "internet", "network", "priority", "routine"};

constexpr std::array<std::string_view, 5> kTos = {
    "max-reliability", "max-throughput", "min-delay", "min-monetary-cost", "normal"};

constexpr std::array<std::string_view, 12> kTcpFlags = {
    "+ack", "+fin", "+psh", "+rst", "+syn", "+urg", "-ack", "-fin", "-psh", "-rst", "-syn", "-urg"};

}  // namespace

std::span<const std::string_view> protocol_names() { return kProtocols; }
std::span<const std::string_view> protocol6_names() { return kProtocols6; }
std::span<const std::string_view> tcp_port_names() { return kTcpPorts; }
std::span<const std::string_view> udp_port_names() { return kUdpPorts; }
std::span<const std::string_view> icmp_type_names() { return kIcmpTypes; }
std::span<const std::string_view> icmp6_type_names() { return kIcmp6Types; }
std::span<const std::string_view> dscp_names() { return kDscp; }
std::span<const std::string_view> precedence_names() { return kPrecedence; }
std::span<const std::string_view> tos_names() { return kTos; }
std::span<const std::string_view> tcp_flag_names() { return kTcpFlags; }

}  // namespace rri
