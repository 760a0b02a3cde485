// Rows for interfaces and HSRP.
#include <array>

#include "config/grammar.h"

namespace rri {
namespace {

constexpr ModeSet kInterface = in(Mode::Interface);

/// A `standby` line: the group number may be left out, and is 0 then.
constexpr Row standby(std::string_view pattern, std::string_view help, Identity identity, std::string_view key,
                      std::string_view group = "") {
  return {kInterface, pattern, help, identity, key, {}, Action::StandbyLine, group, true, "standby"};
}

constexpr std::array kRows = {
    Row{in(Mode::Global), "define interface-range <name:word> ^ <members:text>", "Name interfaces for `interface range macro`", Identity::Keyed, "name"},
    Row{in(Mode::Global), "interface <name:interface> [point-to-point | multipoint | l2transport | type <type:word>]",
        "Select an interface to configure", Identity::Keyed, "name", Mode::Interface},
    Row{in(Mode::Global), "interface range <members:text>", "Configure several interfaces at once", Identity::Single, "", {},
        Action::InterfaceRange},
    Row{kInterface, "description <text:text>", "Interface specific description"},
    Row{kInterface, "linux device <device:word>", "The Linux device of this interface"},
    Row{kInterface, "linux route-form {form=peer | form=gateway | form=interface | form=device <device:word>}",
        "How kernel routes of this interface's maps name the next hop"},
    Row{kInterface, "linux vrid ^ <vrid:1-255> [standby <group:0-4095>]", "VRRP id of a standby group", Identity::Keyed,
        "group"},
    Row{kInterface, "vrf forwarding <vrf:word>", "Configure forwarding table", Identity::Single, "", {}, Action::Store,
        "vrf"},
    Row{kInterface, "ip vrf forwarding <vrf:word>", "Configure forwarding table", Identity::Single, "", {},
        Action::Store, "vrf"},
    Row{kInterface,
        "ip address ^ {<address:addr4> <mask:mask> [secondary [vrf <policy:word>]] | how=dhcp [<options:text>] | "
        "how=negotiated [previous] | how=pool <pool:word>}",
        "Set the IP address of an interface", Identity::Keyed, "address", {}, Action::InterfaceAddress},
    Row{kInterface, "ip unnumbered <interface:interface> [poll]", "Enable IP processing without an explicit address"},
    Row{kInterface,
        "ipv6 address ^ {<prefix:prefix6> [eui-64 | anycast] | <linklocal:addr6> link-local | autoconfig [default] | "
        "dhcp [rapid-commit] | <general:word> <prefix:prefix6> [eui-64 | anycast]}",
        "Configure IPv6 address on interface", Identity::List},
    standby("standby [<group:0-4095>] ^ version ! {1 | 2}", "HSRP version", Identity::Single, ""),
    standby("standby delay ^ *(minimum <minimum:0-10000> | reload <reload:0-10000>)",
            "HSRP initialisation delay", Identity::Single, ""),
    standby("standby [<group:0-4095>] ^ ip ! [<address:addr4> [secondary]]", "Enable HSRP and set the virtual address",
            Identity::Keyed, "group address"),
    standby("standby [<group:0-4095>] ^ ipv6 ! {autoconfig | <address:addr6> | <prefix:prefix6>}",
            "Enable HSRP for IPv6", Identity::List, ""),
    standby("standby [<group:0-4095>] ^ timers ! {<hello:1-254> | msec <hello_ms:15-999>} {<hold:1-255> | msec "
            "<hold_ms:50-3000>}",
            "Hello and hold timers", Identity::Keyed, "group"),
    // The words behind the number are how older releases print the next line.
    standby("standby [<group:0-4095>] ^ priority ! <priority:0-255> [preempt [delay *(<minimum:0-3600> | minimum "
            "<minimum:0-3600> | reload <reload:0-3600> | sync <sync:0-3600>)]]",
            "Priority level", Identity::Keyed, "group"),
    standby("standby [<group:0-4095>] ^ preempt ! [delay *(<minimum:0-3600> | minimum <minimum:0-3600> | reload "
            "<reload:0-3600> | sync <sync:0-3600>)]",
            "Overthrow lower priority Active routers", Identity::Keyed, "group"),
    standby("standby [<group:0-4095>] ^ authentication ! <authentication:text>", "Authentication", Identity::Keyed,
            "group"),
    standby("standby [<group:0-4095>] ^ name ! <name:word>", "Redundancy name string", Identity::Keyed, "group"),
    standby("standby [<group:0-4095>] ^ track ! <object:1-1000> [decrement <decrement:1-255> | shutdown]",
            "Priority tracking", Identity::Keyed, "group object"),
    standby("standby [<group:0-4095>] ^ track ! <interface:interface> [<decrement:1-255>]", "Priority tracking",
            Identity::Keyed, "group interface"),
    Row{kInterface, "shutdown", "Shutdown the selected interface"},
    Row{kInterface, "tunnel source {<address:addr> | <interface:interface>}", "Source of tunnel packets"},
    Row{kInterface, "tunnel mode <mode:text>", "Tunnel encapsulation method"},
    Row{kInterface, "tunnel destination <destination:peer>", "Destination of tunnel"},
    Row{kInterface, "tunnel key <key:0-4294967295>", "Security or selector key"},
    Row{kInterface, "tunnel vrf <tvrf:word>", "Front-door VRF of the tunnel"},
    Row{kInterface,
        "tunnel protection ^ ipsec profile ! <profile:word> *(shared | isakmp-profile <isakmp:word> | ikev2-profile "
        "<ikev2:word>)",
        "Protect the tunnel with an ipsec profile"},
    Row{kInterface, "crypto map ^ <map:word> [redundancy <group:word> [stateful]]", "Assign a crypto map"},
    Row{kInterface, "ipv6 crypto map ^ <map:word>", "Assign a crypto map to IPv6"},
};

}  // namespace

std::span<const Row> interface_rows() { return kRows; }

}  // namespace rri
