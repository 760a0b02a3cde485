// Rows for IKE: policies, keys, keyrings, profiles.
#include <array>

#include "config/grammar.h"

namespace rri {
namespace {

constexpr ModeSet kGlobal = in(Mode::Global);
constexpr ModeSet kPolicy = in(Mode::IsakmpPolicy);
constexpr ModeSet kIsakmp = in(Mode::IsakmpProfile);
constexpr ModeSet kRing = in(Mode::Keyring);
constexpr ModeSet kIdentity = in(Mode::CryptoIdentity);
constexpr ModeSet kCertificateMap = in(Mode::CertificateMap);
constexpr ModeSet kProposal = in(Mode::Ikev2Proposal);
constexpr ModeSet kIkev2Policy = in(Mode::Ikev2Policy);
constexpr ModeSet kIkev2Ring = in(Mode::Ikev2Keyring);
constexpr ModeSet kPeer = in(Mode::Ikev2Peer);
constexpr ModeSet kIkev2 = in(Mode::Ikev2Profile);

constexpr std::array kRows = {
    // Whom certificates are for
    Row{kGlobal, "crypto pki certificate map <name:word> ^ <seq:1-65535>", "Define certificate attributes map", Identity::Keyed,
        "name seq", Mode::CertificateMap, Action::Store, "", true},
    Row{kGlobal, "crypto ca certificate map <name:word> ^ <seq:1-65535>", "Define certificate attributes map", Identity::Keyed,
        "name seq", Mode::CertificateMap, Action::Store, "", true},
    Row{kCertificateMap,
        "{field=alt-subject-name | field=expires-on | field=issuer-name | field=name | field=serial-number | field=subject-name | "
        "field=unstructured-subject-name | field=valid-start} {criterion=co | criterion=eq | criterion=ge | criterion=lt | "
        "criterion=nc | criterion=ne} <text:text>",
        "Certificate field to compare", Identity::List},
    Row{kGlobal, "crypto identity <name:word>", "Enter a crypto identity list", Identity::Keyed, "name", Mode::CryptoIdentity},
    Row{kIdentity, "dn <dn:text>", "Distinguished Name of the identity", Identity::List},
    Row{kIdentity, "fqdn <name:word>", "Fully qualified domain name of the identity", Identity::List},
    // IKEv2
    Row{kGlobal, "crypto ikev2 proposal <name:word>", "Define IKEv2 proposals", Identity::Keyed, "name",
        Mode::Ikev2Proposal},
    Row{kProposal, "encryption <algorithm:word>...", "Set encryption algorithms"},
    Row{kProposal, "integrity <algorithm:word>...", "Set integrity hash algorithms"},
    Row{kProposal, "prf <algorithm:word>...", "Set pseudo random function algorithms"},
    Row{kProposal, "group <algorithm:word>...", "Set the Diffie-Hellman groups"},
    Row{kGlobal, "crypto ikev2 policy <name:word>", "Define IKEv2 policies", Identity::Keyed, "name", Mode::Ikev2Policy},
    Row{kIkev2Policy, "match {fvrf | vrf} <vrf:word>", "Match the front-door VRF"},
    Row{kIkev2Policy, "match address local <address:addr>", "Match a local address", Identity::List},
    Row{kIkev2Policy, "proposal <proposal:word>", "Use an IKEv2 proposal", Identity::List},
    Row{kGlobal, "crypto ikev2 keyring <name:word>", "Define IKEv2 keyrings", Identity::Keyed, "name",
        Mode::Ikev2Keyring},
    Row{kIkev2Ring, "peer <name:word>", "Configure a peer and its keys", Identity::Keyed, "name", Mode::Ikev2Peer},
    Row{kPeer, "description <text:text>", "Specify a description of this peer"},
    Row{kPeer, "address {<address:addr4> [<mask:mask>] | <prefix:prefix4> | <address6:addr6> | <prefix6:prefix6>}",
        "Specify IPv4/IPv6 address of peer"},
    Row{kPeer, "hostname <host:word>", "Hostname of peer"},
    Row{kPeer,
        "identity ! {address <address:addr> | fqdn [domain] <name:word> | email [domain] <name:word> | key-id "
        "<name:text>}",
        "Specify IKE identity to use"},
    Row{kPeer, "pre-shared-key [{side=local | side=remote}] [{type=0 | type=6 | type=hex}] <secret:text>",
        "Specify the pre-shared key", Identity::Keyed, "side"},
    Row{kGlobal, "crypto ikev2 profile <name:word>", "Define IKEv2 profiles", Identity::Keyed, "name",
        Mode::Ikev2Profile},
    Row{kIkev2, "description <text:text>", "Specify a description of this profile"},
    Row{kIkev2, "match {fvrf | vrf} <vrf:word>", "Match the front-door VRF"},
    Row{kIkev2, "match address local {<address:addr> | interface <interface:interface>}", "Match a local address",
        Identity::List},
    Row{kIkev2,
        "match identity remote {kind=address {<address:addr4> [<mask:mask>] | <prefix:prefix4> | <address6:addr6> | "
        "<prefix6:prefix6>} | kind=any | kind=fqdn [domain] <name:word> | kind=email [domain] <name:word> | "
        "kind=key-id <name:text>}",
        "Match a peer identity", Identity::List},
    Row{kIkev2, "match certificate <map:word>", "Peer certificate attributes", Identity::List},
    Row{kIkev2,
        "identity local {address <address:addr> | fqdn <name:word> | email <name:word> | key-id <name:text> | dn}",
        "Specify the local IKE identity to use"},
    Row{kIkev2,
        "authentication {side=local | side=remote} ! {pre-share [key [{type=0 | type=6 | type=hex}] <secret:text>] | "
        "rsa-sig | ecdsa-sig | eap [<options:text>] | anyconnect-eap [<options:text>]}",
        "Set authentication method", Identity::List},
    Row{kIkev2, "keyring {local <keyring:word> [name-mangler <mangler:word>] | aaa <list:text> | <keyring:word>}",
        "Specify the keyring to use"},
    Row{kIkev2, "ivrf <vrf:word>", "I-VRF of the profile"},
    Row{kIkev2, "lifetime {<seconds:120-86400> | certificate}", "Set lifetime for IKEv2 security association"},
    Row{kIkev2, "dpd <interval:10-3600> <retry:2-60> {periodic | on-demand}", "Enable IKE liveness check for peers"},
    Row{kIkev2, "pki trustpoint <name:word> [sign | verify]", "Specify certificate authorities to use", Identity::List},
    Row{kIkev2, "virtual-template <number:1-4096> [mode auto]", "Specify the virtual-template for dynamic interfaces"},
    Row{kGlobal, "crypto ikev2 dpd <interval:10-3600> <retry:2-60> {periodic | on-demand}", "Enable IKE liveness check for peers"},
    // IKEv1
    Row{kGlobal, "crypto keyring <name:word> [vrf <vrf:word>]", "Key ring commands", Identity::Keyed, "name",
        Mode::Keyring},
    Row{kRing, "description <text:text>", "Specify a description of this keyring"},
    Row{kRing,
        "pre-shared-key {address <address:addr4> [<mask:mask>] | address ipv6 <prefix6:prefix6> | address ipv6 "
        "<address6:addr6> | hostname <host:word>} ^ key [{type=0 | type=6}] <secret:text>",
        "Define pre-shared key", Identity::Keyed, "address mask prefix6 address6 host"},
    Row{kRing, "local-address {<interface:interface> | <address:addr>} [<vrf:word>]", "Local interface address scope"},
    Row{kGlobal, "crypto isakmp policy <priority:1-10000>", "Set policy for an ISAKMP protection suite",
        Identity::Keyed, "priority", Mode::IsakmpPolicy, Action::Store, "", true},
    Row{kPolicy, "encryption {des | 3des | aes [128 | 192 | 256] | gcm [128 | 256]}", "Set encryption algorithm"},
    Row{kPolicy, "hash {sha | sha256 | sha384 | sha512 | md5}", "Set hash algorithm"},
    Row{kPolicy, "authentication {pre-share | rsa-sig | rsa-encr | ecdsa-sig}", "Set authentication method"},
    Row{kPolicy, "group <group:1-31>", "Set the Diffie-Hellman group"},
    Row{kPolicy, "lifetime <seconds:60-86400>", "Set lifetime for ISAKMP security association"},
    Row{kGlobal,
        "crypto isakmp key [{type=0 | type=6}] <secret:word> {address <address:addr4> [<mask:mask>] | address ipv6 "
        "<prefix6:prefix6> | address ipv6 <address6:addr6> | hostname <host:word>} ^ [no-xauth]",
        "Set pre-shared key for remote peer", Identity::Keyed, "address mask prefix6 address6 host"},
    Row{kGlobal, "crypto isakmp identity {address | dn | hostname | key-id <name:text>}",
        "Set the identity which ISAKMP will use"},
    Row{kGlobal, "crypto isakmp keepalive <interval:10-3600> [<retry:2-60>] [periodic | on-demand]",
        "Set a keepalive interval for use with IOS peers"},
    Row{kGlobal, "crypto isakmp aggressive-mode disable", "Disable ISAKMP aggressive mode"},
    Row{kGlobal, "crypto logging session", "Log when the tunnel with a peer comes up or goes"},
    Row{kGlobal, "crypto isakmp profile <name:word>", "Define ISAKMP profiles", Identity::Keyed, "name",
        Mode::IsakmpProfile},
    Row{kIsakmp, "description <text:text>", "Specify a description of this profile"},
    Row{kIsakmp, "vrf <vrf:word>", "Specify the VRF it is related to"},
    Row{kIsakmp, "keyring <keyring:word>", "Specify keyring to use", Identity::List},
    Row{kIsakmp, "self-identity {address [ipv6] | fqdn [<name:word>] | user-fqdn <name:word>}",
        "Specify Identity to use"},
    Row{kIsakmp,
        "match identity {kind=address {<address:addr4> [<mask:mask>] [<vrf:word>] | ipv6 {<prefix6:prefix6> | "
        "<address6:addr6>} [<vrf:word>]} | kind=host [domain] <name:word> | kind=user [domain] <name:word> | "
        "kind=group <name:word>}",
        "Match a peer identity", Identity::List},
    Row{kIsakmp, "match certificate <map:word>", "Peer certificate attributes", Identity::List},
    Row{kIsakmp, "ca trust-point <name:word>", "Specify certificate authorities to trust", Identity::List},
    Row{kIsakmp, "initiate mode ^ aggressive !", "Initiate with aggressive mode"},
    Row{kIsakmp, "keepalive <interval:10-3600> [retry <retry:2-60>]", "Set a keepalive interval"},
    Row{kIsakmp, "local-address {<interface:interface> | <address:addr>} [<vrf:word>]",
        "Interface to use for local address for this profile"},
};

}  // namespace

std::span<const Row> ike_rows() { return kRows; }

}  // namespace rri
