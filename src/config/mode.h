// config/mode.h -- the configuration modes, and the prompts IOS gives them.
#pragma once

#include <cstdint>
#include <string_view>

namespace rri {

enum class Mode : std::uint8_t {
  Global,
  Interface,
  VrfDefinition,
  VrfFamily,
  IpVrf,
  AclStandard,
  AclExtended,
  AclIpv6,
  ObjectGroup,
  CryptoMap,
  DynamicMap,
  IsakmpPolicy,
  IsakmpProfile,
  Keyring,
  CryptoIdentity,
  CertificateMap,
  Ikev2Proposal,
  Ikev2Policy,
  Ikev2Keyring,
  Ikev2Peer,
  Ikev2Profile,
  TransformSet,
  IpsecProfile,
  Track,
  Line,
  Rri,
  Opaque,  // inside a section that is carried whole
};

inline constexpr int kModeCount = static_cast<int>(Mode::Opaque) + 1;

/// "config-if", as it stands in the prompt between the parentheses.
std::string_view mode_prompt(Mode mode);

}  // namespace rri
