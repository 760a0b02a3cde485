// Rows for static routes and prefix lists.
#include <array>

#include "config/grammar.h"

namespace rri {
namespace {

constexpr ModeSet kGlobal = in(Mode::Global);

constexpr std::array kRows = {
    Row{kGlobal,
        "ip route [vrf <vrf:word>] <network:addr4> <mask:mask> ^ {<gateway:addr4> | <interface:interface> "
        "[<gateway:addr4> | dhcp] | dhcp} *(<distance:1-255> | tag <tag:0-4294967295> | name <name:word> | permanent | track "
        "<track:1-1000> | multicast | global)",
        "Establish static routes", Identity::Keyed, "vrf network mask gateway interface", {}, Action::StaticRoute},
    Row{kGlobal,
        "ipv6 route [vrf <vrf:word>] <prefix:prefix6> ^ {<gateway:addr6> | <interface:interface> [<gateway:addr6>]} "
        "*(nexthop-vrf <nexthop_vrf:word> | <distance:1-254> | tag <tag:0-4294967295> | name <name:word> | permanent | "
        "track <track:1-1000> | unicast | multicast)",
        "Configure static routes", Identity::Keyed, "vrf prefix gateway interface"},
    // Never typed: in a Document they hold the entries of one list.
    Row{in(Mode::Opaque), "ip prefix-list <list:word>", "A prefix list", Identity::Keyed, "list"},
    Row{in(Mode::Opaque), "ipv6 prefix-list <list:word>", "An IPv6 prefix list", Identity::Keyed, "list"},
    Row{kGlobal,
        "ip prefix-list <list:word> ^ [seq <seq:1-4294967294>] {permit | deny} <prefix:prefix4> *(ge <ge:1-32> | le "
        "<le:1-32>)",
        "Build a prefix list", Identity::List, "", {}, Action::PrefixListEntry, "", false, "prefix-list"},
    Row{kGlobal,
        "ipv6 prefix-list <list:word> ^ [seq <seq:1-4294967294>] {permit | deny} <prefix:prefix6> *(ge <ge:1-128> | le "
        "<le:1-128>)",
        "Build an IPv6 prefix list", Identity::List, "", {}, Action::PrefixListEntry, "", false, "prefix-list"},
};

}  // namespace

std::span<const Row> routing_rows() { return kRows; }

}  // namespace rri
