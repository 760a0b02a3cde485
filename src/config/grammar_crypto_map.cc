// Rows for IPsec: transform sets, profiles, dynamic maps, crypto maps.
#include <array>

#include "config/grammar.h"

namespace rri {
namespace {

constexpr ModeSet kGlobal = in(Mode::Global);
constexpr ModeSet kTransform = in(Mode::TransformSet);
constexpr ModeSet kProfile = in(Mode::IpsecProfile);
constexpr ModeSet kEntry = in(Mode::CryptoMap) | in(Mode::DynamicMap);
constexpr ModeSet kBoth = kEntry | kProfile;

constexpr std::array kRows = {
    Row{kGlobal,
        "crypto ipsec security-association lifetime ^ {kind=seconds <value:120-2592000> | kind=kilobytes {disable | "
        "<value:2560-4294967295>} | kind=days <value:1-30>}",
        "Time/volume-based security association lifetime", Identity::Keyed, "kind"},
    Row{kGlobal, "crypto ipsec security-association idle-time <value:60-86400>", "Automatically delete idle IPSec SAs"},
    Row{kGlobal,
        "crypto ipsec security-association replay ! {kind=window-size [{64 | 128 | 256 | 512 | 1024}] | kind=disable}",
        "Set replay checking"},
    Row{kGlobal, "crypto ipsec transform-set <name:word> ^ {$transform}...", "Define transform and settings",
        Identity::Keyed, "name", Mode::TransformSet},
    Row{kTransform, "mode {tunnel | transport [require]}", "Encapsulation mode (transport/tunnel)"},
    Row{kGlobal, "crypto ipsec profile <name:word>", "Configure an ipsec policy profile", Identity::Keyed, "name",
        Mode::IpsecProfile},
    Row{kGlobal, "crypto dynamic-map <name:word> ^ <seq:1-65535>", "Specify a dynamic crypto map template",
        Identity::Keyed, "name seq", Mode::DynamicMap, Action::Store, "", true},
    Row{kGlobal, "crypto map [ipv6] <name:word> ^ local-address <interface:interface>",
        "Interface to use for local address for this crypto map", Identity::Keyed, "name", {}, Action::Store, "", true, "crypto-map"},
    Row{kGlobal, "crypto map <name:word> ^ redundancy replay-interval {inbound <inbound:0-1000> | outbound "
        "<outbound:0-10000>}...",
        "High availability options for this map", Identity::Keyed, "name", {}, Action::Store, "", true, "crypto-map"},
    Row{kGlobal, "crypto map <name:word> ^ isakmp-profile <profile:word>", "Specify isakmp profile to use",
        Identity::Keyed, "name", {}, Action::Store, "", true, "crypto-map"},
    Row{kGlobal,
        "crypto map [ipv6] <name:word> ^ <seq:1-65535> [ipsec-isakmp [dynamic <dynamic:word> [discover] | profile "
        "<profile:word>]]",
        "Enter a crypto map", Identity::Keyed, "name seq", Mode::CryptoMap, Action::CryptoMapEntry, "", true, "crypto-map"},

    // Inside static entries, dynamic templates and (most of them) profiles.
    Row{kBoth, "description <text:text>", "Description of the crypto map statement policy"},
    Row{kEntry, "set peer <peer:peer> *(dynamic | default)", "Allowed Encryption/Decryption peer", Identity::Keyed,
        "peer"},
    Row{kBoth,
        "set security-association lifetime ^ {kind=seconds <value:120-2592000> | kind=kilobytes {disable | "
        "<value:2560-4294967295>} | kind=days <value:1-30>}",
        "Security association lifetime", Identity::Keyed, "kind"},
    Row{kBoth, "set security-association idle-time <value:60-86400> [default]",
        "Automatically delete IPSec SAs after a given idle period"},
    Row{kBoth, "set security-association replay ^ {disable | window-size {64 | 128 | 256 | 512 | 1024}}",
        "Set replay checking"},
    Row{kBoth, "set security-association level ^ per-host !", "Specify a security association granularity level"},
    Row{kBoth, "set security-association dfbit ^ {clear | set | copy}", "Handling of encapsulated DF bit"},
    Row{kBoth, "set security-association ecn ^ {copy | discard | propogate | propagate}", "Handling of ECN bit"},
    Row{kBoth, "set security-association dummy ^ {pps | seconds} <value:1-25000>",
        "Enable transmitting dummy packets"},
    Row{kBoth, "set transform-set <name:word>...", "Specify list of transform sets in priority order"},
    Row{kBoth, "set pfs [$pfs]", "Specify pfs settings"},
    Row{kBoth, "set isakmp-profile <profile:word>", "Specify isakmp Profile"},
    Row{kBoth, "set ikev2-profile <profile:word>", "Specify ikev2 Profile"},
    Row{kBoth, "set identity <name:word>", "Identity restriction"},
    Row{kEntry, "set ip access-group <acl:aclname> {direction=in | direction=out}", "Interface Internet Protocol config",
        Identity::Keyed, "direction"},
    Row{kBoth, "set reverse-route ^ distance ! <distance:1-255>", "Distance metric for this static route"},
    Row{kBoth, "set reverse-route ^ tag ! <tag:1-4294967295>", "Create route and tag it"},
    Row{kBoth, "set reverse-route ^ gateway ! <gateway:addr>", "Force encrypted traffic via this preferred gateway"},
    Row{kBoth, "set reverse-route ^ accept prefix-list ! <list:word>", "Inject only prefixes that this list permits"},
    Row{kBoth, "set reverse-route ^ maximum ! <maximum:1-4294967295>", "Most prefixes that one peer may inject"},
    Row{kEntry, "match address <acl:aclname>", "IP address of packets to encrypt"},
    Row{kBoth,
        "reverse-route ^ *(rrp=remote-peer [<peer:addr>] | remote rrp=peer [<peer:addr>] | gateway | static | tag "
        "<tag:1-4294967295>)",
        "Reverse Route Injection", Identity::Single, "", {}, Action::ReverseRoute},
    Row{kEntry, "qos pre-classify", "Enable VPN QoS pre-classification"},
    Row{kProfile, "rri-dvti-disable", "Disable automatic Reverse Routes Installation for DVTI"},
    Row{kProfile, "responder-only", "Do not initiate SAs from this device"},
    Row{kProfile, "redundancy <group:word> [stateful]", "Configure HA for this ipsec profile"},
};

}  // namespace

std::span<const Row> crypto_map_rows() { return kRows; }

}  // namespace rri
