#include "config/mode.h"

namespace rri {

std::string_view mode_prompt(Mode mode) {
  switch (mode) {
    case Mode::Global: return "config";
    case Mode::Interface: return "config-if";
    case Mode::VrfDefinition: return "config-vrf";
    case Mode::VrfFamily: return "config-vrf-af";
    case Mode::IpVrf: return "config-vrf";
    case Mode::AclStandard: return "config-std-nacl";
    case Mode::AclExtended: return "config-ext-nacl";
    case Mode::AclIpv6: return "config-ipv6-acl";
    case Mode::ObjectGroup: return "config-network-group";
    case Mode::CryptoMap: return "config-crypto-map";
    case Mode::DynamicMap: return "config-crypto-map";
    case Mode::IsakmpPolicy: return "config-isakmp";
    case Mode::IsakmpProfile: return "conf-isa-prof";
    case Mode::Keyring: return "conf-keyring";
    case Mode::CryptoIdentity: return "config-crypto-identity";
    case Mode::CertificateMap: return "ca-certificate-map";
    case Mode::Ikev2Proposal: return "config-ikev2-proposal";
    case Mode::Ikev2Policy: return "config-ikev2-policy";
    case Mode::Ikev2Keyring: return "config-ikev2-keyring";
    case Mode::Ikev2Peer: return "config-ikev2-keyring-peer";
    case Mode::Ikev2Profile: return "config-ikev2-profile";
    case Mode::TransformSet: return "cfg-crypto-trans";
    case Mode::IpsecProfile: return "ipsec-profile";
    case Mode::Track: return "config-track";
    case Mode::Line: return "config-line";
    case Mode::Rri: return "config-rri";
    case Mode::Opaque: return "config-carried";
  }
  return "config";
}

}  // namespace rri
