// Rows for commands that IOS has and nothing here acts on. They are here only
// where the rules of SPEC.md 2.1 need help: sections whose lines could be taken
// for lines of ours, and commands that begin like one of ours.
#include <array>

#include "config/grammar.h"

namespace rri {
namespace {

constexpr ModeSet kGlobal = in(Mode::Global);
constexpr ModeSet kInterface = in(Mode::Interface);

constexpr Row section(std::string_view pattern) {
  return {kGlobal, pattern, "Carried: nothing here acts on it", Identity::List, "", {}, Action::OpenCarried};
}

constexpr Row inner_section(ModeSet modes, std::string_view pattern) {
  return {modes, pattern, "Carried: nothing here acts on it", Identity::List, "", {}, Action::OpenCarried};
}

constexpr Row single(ModeSet modes, std::string_view pattern) {
  return {modes, pattern, "Carried: nothing here acts on it", Identity::List, "", {}, Action::Carry};
}

constexpr std::array kRows = {
    section("aaa group server <rest:text>"),
    section("aaa server radius dynamic-author"),
    section("radius server <rest:text>"),
    section("tacacs server <rest:text>"),
    section("ldap server <rest:text>"),
    section("application"),
    section("archive"),
    section("ip ssh pubkey-chain"),
    section("call-home"),
    section("class-map <rest:text>"),
    section("policy-map <rest:text>"),
    section("route-map <rest:text>"),
    section("map-class <rest:text>"),
    section("table-map <rest:text>"),
    section("parameter-map <rest:text>"),
    section("zone security <rest:text>"),
    section("zone-pair security <rest:text>"),
    section("control-plane [<rest:text>]"),
    section("controller <rest:text>"),
    section("card type <rest:text>"),
    section("crypto gdoi <rest:text>"),
    section("crypto gkm <rest:text>"),
    section("crypto pki {trustpoint | server | certificate chain | profile | trustpool} <rest:text>"),
    section("crypto ca {trustpoint | identity | certificate chain} <rest:text>"),
    section("crypto key pubkey-chain <rest:text>"),
    section("crypto isakmp client configuration <rest:text>"),
    section("crypto isakmp peer <rest:text>"),
    section("crypto ikev2 authorization policy <rest:text>"),
    section("crypto ikev2 name-mangler <rest:text>"),
    section("crypto ikev2 client <rest:text>"),
    section("crypto ikev2 cluster"),
    section("crypto ipsec client ezvpn <rest:text>"),
    section("crypto provisioning <rest:text>"),
    section("crypto ssl <rest:text>"),
    section("crypto map [ipv6] <name:word> <seq:1-65535> {gdoi | ipsec-manual} [<rest:text>]"),
    section("bba-group <rest:text>"),
    section("device-tracking policy <rest:text>"),
    section("domain <rest:text>"),
    section("dspfarm profile <rest:text>"),
    section("oer <rest:text>"),
    section("pfr <rest:text>"),
    section("sccp ccm group <rest:text>"),
    section("service-template <rest:text>"),
    section("voice-card <rest:text>"),
    section("dial-peer <rest:text>"),
    section("voice <rest:text>"),
    section("voice-port <rest:text>"),
    section("telephony-service"),
    section("ephone <rest:text>"),
    section("ephone-dn <rest:text>"),
    section("sip-ua"),
    section("gateway"),
    section("gatekeeper"),
    section("call-manager-fallback"),
    section("event manager applet <rest:text>"),
    section("flow {exporter | monitor | record | interface | sampler} <rest:text>"),
    section("sampler <rest:text>"),
    section("ip access-list {role-based | fqdn | ethertype} <rest:text>"),
    section("mac access-list <rest:text>"),
    section("object-group {service | security | fqdn | v6-network | v6-service | geo} <rest:text>"),
    section("ip dhcp pool <rest:text>"),
    section("ip dhcp class <rest:text>"),
    section("ipv6 dhcp pool <rest:text>"),
    section("ip explicit-path <rest:text>"),
    section("ip flow-top-talkers"),
    section("ip sla <number:1-2147483647> [<rest:text>]"),
    section("ip sla monitor <number:1-2147483647>"),
    section("rtr <number:1-2147483647>"),
    section("ip nat pool <name:word> {netmask <mask:mask> | prefix-length <length:1-32>} [<rest:text>]"),
    section("ip inspect class-map <rest:text>"),
    section("ipv6 router <rest:text>"),
    section("router <rest:text>"),
    section("key chain <rest:text>"),
    section("kron {occurrence | policy-list} <rest:text>"),
    section("l2 vfi <rest:text>"),
    section("l2vpn <rest:text>"),
    section("bridge-domain <rest:text>"),
    section("pseudowire-class <rest:text>"),
    section("line <rest:text>"),
    section("mpls traffic-eng {tunnels | path-option} <rest:text>"),
    section("monitor session <rest:text>"),
    section("parser view <rest:text>"),
    section("redundancy"),
    section("template <rest:text>"),
    section("spanning-tree mst configuration"),
    section("track <number:1-1000> {list | ip | ipv6 | application | rtr} <rest:text>"),
    section("track <number:1-1000> stub-object"),
    section("vlan <number:1-4094>"),
    section("vlan configuration <rest:text>"),
    section("vpdn-group <rest:text>"),
    section("virtual-service <rest:text>"),
    section("app-hosting <rest:text>"),
    section("webvpn {gateway | context} <rest:text>"),
    section("netconf-yang <rest:text>"),
    section("telemetry <rest:text>"),
    section("dot1x credentials <rest:text>"),
    section("eap profile <rest:text>"),
    section("wsma <rest:text>"),
    section("cts <rest:text>"),
    section("license smart <rest:text>"),

    inner_section(kInterface, "service instance <rest:text>"),
    inner_section(kInterface, "vrrp <number:1-255> address-family <rest:text>"),
    inner_section(kInterface, "pvc <rest:text>"),
    inner_section(kInterface, "xconnect <rest:text>"),
    inner_section(kInterface, "frame-relay interface-dlci <rest:text>"),
    inner_section(kInterface, "bfd template <rest:text>"),
    inner_section(kInterface, "l2protocol <rest:text>"),
    inner_section(in(Mode::Keyring), "rsa-pubkey <rest:text>"),

    single(kInterface, "service-policy <rest:text>"),
    single(kInterface, "crypto ipsec {client | df-bit | fragmentation} <rest:text>"),
    single(kInterface, "cts <rest:text>"),
    single(kInterface, "dot1x <rest:text>"),
    single(kInterface, "ip vrf {receive | sitemap} <rest:text>"),

    single(kGlobal, "track {resolution | timer} <rest:text>"),
    single(kGlobal, "track <number:1-1000> interface <interface:interface> {ip | ipv6} routing"),
    single(kGlobal, "enable {password | algorithm-type | last-resort | use-tacacs} <rest:text>"),
    single(kGlobal, "ip routing protocol <rest:text>"),
    single(kGlobal, "ip route {static | profile | priority | topology} [<rest:text>]"),
    single(kGlobal, "ipv6 route {static | priority} <rest:text>"),
    single(kGlobal, "ip prefix-list sequence-number"),
    single(kGlobal, "ip prefix-list <list:word> description <rest:text>"),
    single(kGlobal, "ipv6 prefix-list sequence-number"),
    single(kGlobal, "ipv6 prefix-list <list:word> description <rest:text>"),
    single(kGlobal, "ip access-list {logging | log-update | match-local-traffic | helper | persistent} [<rest:text>]"),
    single(kGlobal, "ipv6 access-list {log-update | fragment | interpreter} [<rest:text>]"),
    single(kGlobal, "access-list {<list:extacl> | <list:stdacl>} [<seq:1-2147483647>] compiled"),
    single(kGlobal, "crypto map <name:word> {client | isakmp | gdoi | match | logging} <rest:text>"),
    single(kGlobal, "crypto key <rest:text>"),
    single(kGlobal, "crypto engine <rest:text>"),
    single(kGlobal, "crypto logging <rest:text>"),
};

}  // namespace

std::span<const Row> carried_rows() { return kRows; }

}  // namespace rri
