// Rows for object groups and access lists, and the fragments they share.
#include <array>

#include "base/assert.h"
#include "config/grammar.h"

namespace rri {
namespace {

constexpr ModeSet kGlobal = in(Mode::Global);
constexpr ModeSet kGroup = in(Mode::ObjectGroup);
constexpr ModeSet kStandard = in(Mode::AclStandard);
constexpr ModeSet kAcl = in(Mode::AclExtended);
constexpr ModeSet kAcl6 = in(Mode::AclIpv6);

struct Fragment {
  std::string_view name;
  std::string_view text;
};

constexpr std::array kFragments = {
    Fragment{"act", "{dynamic <dynamic:word> [timeout <minutes:1-9999>] action=permit | action=permit | action=deny}"},
    Fragment{"src",
             "{src=any | src=host <source:addr4> | {src=object-group | src=addrgroup} <source_group:word> | <source:addr4> "
             "<source_bits:wildcard>}"},
    Fragment{"dst",
             "{dst=any | dst=host <destination:addr4> | {dst=object-group | dst=addrgroup} "
             "<destination_group:word> | <destination:addr4> <destination_bits:wildcard>}"},
    Fragment{"src6", "{src=any | src=host <source:addr6> | src=object-group <source_group:word> | <source:prefix6>}"},
    Fragment{"dst6",
             "{dst=any | dst=host <destination:addr6> | dst=object-group <destination_group:word> | "
             "<destination:prefix6>}"},
    Fragment{"tcpports",
             "[eq <port:tcpport>... | neq <port:tcpport>... | gt <port:tcpport> | lt <port:tcpport> | range "
             "<port:tcpport> <port:tcpport>]"},
    Fragment{"udpports",
             "[eq <port:udpport>... | neq <port:udpport>... | gt <port:udpport> | lt <port:udpport> | range "
             "<port:udpport> <port:udpport>]"},
    Fragment{"sctpports",
             "[eq <port:0-65535>... | neq <port:0-65535>... | gt <port:0-65535> | lt <port:0-65535> | range "
             "<port:0-65535> <port:0-65535>]"},
    Fragment{"compare", "{eq <value:0-255> | neq <value:0-255> | gt <value:0-255> | lt <value:0-255> | range "
             "<value:0-255> <value:0-255>}"},
    Fragment{"options",
             "dscp <dscp:dscp> | precedence <precedence:precedence> | tos <tos:tos> | ttl $compare | option "
             "<option:word> | sgt <sgt:0-65535> | dgt <dgt:0-65535> | time-range <range:word> | fragments | reflect <reflect:word> [timeout <seconds:1-2147483>] "
             "| log [<cookie:word>] | log-input [<cookie:word>]"},
    Fragment{"flags",
             "established | ack | fin | psh | rst | syn | urg | match-all <flag:tcpflag>... | match-any "
             "<flag:tcpflag>..."},
    Fragment{"options6",
             "dscp <dscp:dscp> | flow-label <flow:0-1048575> | sgt <sgt:0-65535> | dgt <dgt:0-65535> | fragments | log | log-input | reflect <reflect:word> "
             "[timeout <seconds:1-2147483>] | routing | routing-type <rtype:0-255> | mobility | mobility-type "
             "<mtype:word> | dest-option | dest-option-type <dtype:word> | hbh | auth | undetermined-transport | "
             "time-range <range:word> | sequence <seq:1-4294967294>"},
    Fragment{"seq", "[<seq:1-2147483647> ^]"},
    Fragment{"seq6", "[sequence <seq:1-4294967294> ^]"},
    Fragment{"ipentry", "$act <proto:proto> ! $src $dst *($options)"},
    Fragment{"groupentry", "$act proto=object-group ! <services:word> $src $dst *($options)"},
    Fragment{"tcpentry", "$act {proto=tcp | proto=6} ! $src $tcpports $dst $tcpports *($flags | $options)"},
    Fragment{"udpentry", "$act {proto=udp | proto=17} ! $src $udpports $dst $udpports *($options)"},
    Fragment{"sctpentry", "$act {proto=sctp | proto=132} ! $src $sctpports $dst $sctpports *($options)"},
    Fragment{"stdentry",
             "{action=permit | action=deny} ! {src=any | src=host <source:addr4> | <source:addr4> [<source_bits:wildcard>]} "
             "[log [<cookie:word>]]"},
    Fragment{"icmpentry",
             "$act {proto=icmp | proto=1} ! $src $dst [<icmp:icmptype> [<code:0-255>]] *($options)"},
    Fragment{"igmpentry",
             "$act {proto=igmp | proto=2} ! $src $dst [dvmrp | host-query | host-report | pim | trace | <igmp:0-15>] "
             "*($options)"},
    Fragment{"transform",
             "ah-md5-hmac | ah-sha-hmac | ah-sha256-hmac | ah-sha384-hmac | ah-sha512-hmac | esp-md5-hmac | "
             "esp-sha-hmac | esp-sha256-hmac | esp-sha384-hmac | esp-sha512-hmac | esp-des | esp-3des | esp-null | "
             "esp-seal | comp-lzs | esp-aes [128 | 192 | 256] | esp-gcm [128 | 192 | 256] | esp-gmac [128 | 192 | "
             "256]"},
    Fragment{"pfs",
             "group1 | group2 | group5 | group14 | group15 | group16 | group19 | group20 | group21 | group24"},
};

constexpr Row entry(std::string_view pattern, std::string_view help) {
  return {kAcl, pattern, help, Identity::List, "", {}, Action::AclEntry, "", false, "acl"};
}

constexpr Row numbered(std::string_view pattern, std::string_view help) {
  return {kGlobal, pattern, help, Identity::List, "", {}, Action::NumberedAclEntry};
}

constexpr Row standard(std::string_view pattern, std::string_view help) {
  return {kStandard, pattern, help, Identity::List, "", {}, Action::AclEntry, "", false, "acl"};
}

constexpr Row entry6(std::string_view pattern, std::string_view help) {
  return {kAcl6, pattern, help, Identity::List, "", {}, Action::AclEntry, "", false, "acl"};
}

constexpr std::array kRows = {
    Row{kGlobal, "object-group network <name:word>", "Configure a network object group", Identity::Keyed, "name",
        Mode::ObjectGroup},
    Row{kGroup, "description <text:text>", "Network object group description"},
    Row{kGroup, "host <host:host>", "Host address of the group member", Identity::List},
    Row{kGroup, "range <first:addr4> <last:addr4>", "Match only packets in the range of IP address", Identity::List},
    Row{kGroup, "group-object <group:word>", "Nested object group", Identity::List},
    Row{kGroup, "any", "Any host", Identity::List},
    Row{kGroup, "<network:addr4> ! {<mask:mask> | <length:masklen>}", "Network address of the group member",
        Identity::List},

    Row{kGlobal, "ip access-list standard <name:stdname>", "Standard access list", Identity::Keyed, "name",
        Mode::AclStandard},
    standard("$seq remark ! [<remark:text>]", "Access list entry comment"),
    standard("$seq $stdentry", "Specify packets to reject or forward"),
    numbered("access-list <list:stdacl> ^ remark ! [<remark:text>]", "Access list entry comment"),
    numbered("access-list <list:stdacl> ^ ! $stdentry", "Add an access list entry"),
    Row{kGlobal, "ip access-list extended <name:aclname>", "Extended access list", Identity::Keyed, "name",
        Mode::AclExtended},
    Row{kGlobal, "ip access-list resequence <name:anyacl> ! [<start:1-2147483647> [<step:1-2147483647>]]",
        "Resequence an access list", Identity::Single, "", {}, Action::Resequence},
    entry("$seq remark ! [<remark:text>]", "Access list entry comment"),
    entry("$seq evaluate ! <name:word>", "Evaluate an access list"),
    entry("$seq $ipentry", "Specify packets to reject or forward"),
    entry("$seq $groupentry", "Specify packets of a service group"),
    entry("$seq $tcpentry", "Specify TCP packets"),
    entry("$seq $udpentry", "Specify UDP packets"),
    entry("$seq $sctpentry", "Specify SCTP packets"),
    entry("$seq $icmpentry", "Specify ICMP packets"),
    entry("$seq $igmpentry", "Specify IGMP packets"),
    numbered("access-list <list:extacl> ^ remark ! [<remark:text>]", "Access list entry comment"),
    numbered("access-list <list:extacl> ^ ! $ipentry", "Add an access list entry"),
    numbered("access-list <list:extacl> ^ ! $groupentry", "Add an access list entry for a service group"),
    numbered("access-list <list:extacl> ^ ! $tcpentry", "Add an access list entry for TCP"),
    numbered("access-list <list:extacl> ^ ! $udpentry", "Add an access list entry for UDP"),
    numbered("access-list <list:extacl> ^ ! $sctpentry", "Add an access list entry for SCTP"),
    numbered("access-list <list:extacl> ^ ! $icmpentry", "Add an access list entry for ICMP"),
    numbered("access-list <list:extacl> ^ ! $igmpentry", "Add an access list entry for IGMP"),

    Row{kGlobal, "ipv6 access-list <name:word>", "Configure an IPv6 access list", Identity::Keyed, "name",
        Mode::AclIpv6},
    entry6("$seq6 remark ! [<remark:text>]", "Access list entry comment"),
    entry6("$seq6 evaluate ! <name:word> [sequence <seq:1-4294967294>]", "Evaluate an access list"),
    entry6("$seq6 {action=permit | action=deny} <proto:proto6> ! $src6 $dst6 *($options6)",
           "Specify packets to reject or forward"),
    entry6("$seq6 {action=permit | action=deny} {proto=tcp | proto=6} ! $src6 $tcpports $dst6 $tcpports *($flags | $options6)",
           "Specify TCP packets"),
    entry6("$seq6 {action=permit | action=deny} {proto=udp | proto=17} ! $src6 $udpports $dst6 $udpports *($options6)",
           "Specify UDP packets"),
    entry6("$seq6 {action=permit | action=deny} {proto=sctp | proto=132} ! $src6 $sctpports $dst6 $sctpports *($options6)",
           "Specify SCTP packets"),
    entry6("$seq6 {action=permit | action=deny} {proto=icmp | proto=58} ! $src6 $dst6 [<icmp:icmp6type> [<code:0-255>]] "
           "*($options6)",
           "Specify ICMPv6 packets"),
};

}  // namespace

std::span<const Row> acl_rows() { return kRows; }

std::string_view pattern_fragment(std::string_view name) {
  for (const auto& fragment : kFragments) {
    if (fragment.name == name) return fragment.text;
  }
  RRI_ASSERT(false);
  return {};
}

}  // namespace rri
