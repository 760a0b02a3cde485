// Rows for the system: names, secrets, VRFs, tracked objects.
#include <array>

#include "config/grammar.h"

namespace rri {
namespace {

constexpr ModeSet kGlobal = in(Mode::Global);
constexpr ModeSet kVrf = in(Mode::VrfDefinition) | in(Mode::IpVrf);

constexpr std::array kRows = {
    Row{kGlobal, "service password-encryption", "Encrypt system passwords", Identity::Single, "", {},
        Action::StoreEitherWay},
    Row{kGlobal, "hostname <name:word>", "Set system's network name"},
    Row{kGlobal, "vrf definition <name:word>", "VRF definition", Identity::Keyed, "name", Mode::VrfDefinition},
    Row{kGlobal, "ip vrf <name:word>", "Configure an IPv4 VRF", Identity::Keyed, "name", Mode::IpVrf},
    Row{kVrf, "description <text:text>", "VRF specific description"},
    Row{kVrf, "rd <rd:rd>", "Specify Route Distinguisher"},
    Row{in(Mode::VrfDefinition), "address-family {family=ipv4 | family=ipv6} [unicast | cast=multicast]",
        "Enter Address Family command mode", Identity::Keyed, "family cast", Mode::VrfFamily},
    Row{in(Mode::VrfFamily), "exit-address-family", "Exit from Address Family configuration mode", Identity::Single, "",
        {}, Action::LeaveMode},
    Row{kGlobal, "enable secret [level <level:1-15>] [{type=0 | type=4 | type=5 | type=8 | type=9}] <secret:text>",
        "Assign the privileged level secret", Identity::Keyed, "level", {}, Action::EnableSecret},
    Row{kGlobal, "ip routing", "Enable IP routing", Identity::Single, "", {}, Action::StoreDefaultOn},
    Row{kGlobal, "track <number:1-1000> interface <interface:interface> ! line-protocol",
        "Track the line protocol of an interface", Identity::Keyed, "number", Mode::Track, Action::Store, "track", true},
    Row{kGlobal, "line {kind=con | kind=aux} <first:0-0>", "Configure a terminal line", Identity::Keyed, "kind first", Mode::Line},
    Row{kGlobal, "line kind=vty <first:0-1869> [<last:1-1869>]", "Configure terminal lines of sessions", Identity::Keyed,
        "kind first last", Mode::Line},
    Row{in(Mode::Line), "exec", "Start an EXEC process", Identity::Single, "", {}, Action::StoreDefaultOn},
    Row{in(Mode::Line), "exec-timeout <minutes:0-35791> [<seconds:0-2147483>]", "Set the EXEC timeout", Identity::Single, "",
        {}, Action::ExecTimeout},
};

}  // namespace

std::span<const Row> system_rows() { return kRows; }

}  // namespace rri
