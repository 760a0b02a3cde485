// Rows of the `rri` section (SPEC.md 2.3): what IOS has no word for.
#include <array>

#include "config/grammar.h"

namespace rri {
namespace {

constexpr ModeSet kRri = in(Mode::Rri);

constexpr std::array kRows = {
    Row{in(Mode::Global), "rri", "Settings of Reverse Route Injection on Linux", Identity::Single, "", Mode::Rri},
    Row{kRri, "ike {kind=strongswan *(socket <socket:path> | observe) | kind=xfrm}", "Where SAs come from"},
    Row{kRri, "route {kind=kernel [protocol <protocol:200-254>] | kind=frr [directory <directory:path>]}",
        "Where routes go", Identity::Single, "", {}, Action::Store, "sink"},
    Row{kRri, "route form {form=peer | form=gateway | form=interface | form=device <device:word>}",
        "How kernel routes name the next hop"},
    Row{kRri, "fail-closed {value=on | value=off}", "Block clear text that matches a crypto access list"},
    Row{kRri, "redundancy {kind=keepalived [fifo <fifo:path>] | kind=address-only}", "Where HSRP/VRRP state comes from"},
    Row{kRri, "nexthop-objects {value=auto | value=on | value=off}", "Share kernel next-hop objects between routes"},
    Row{kRri, "hold-down <seconds:0-86400>", "How long an SA-driven route outlives its last SA"},
    Row{kRri, "grace <seconds:0-86400>", "How long routes live when the IKE daemon is lost"},
    Row{kRri, "on-exit {value=keep | value=withdraw}", "What happens to routes when the daemon stops"},
};

}  // namespace

std::span<const Row> rri_rows() { return kRows; }

}  // namespace rri
