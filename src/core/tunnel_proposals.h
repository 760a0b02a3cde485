// core/tunnel_proposals.h -- IOS's words for algorithms as charon's proposals.
//
// charon writes a proposal as "aes256-sha256-modp2048": one of each kind, or
// several of a kind to choose from. What it does not have (SEAL, LZS, AH next to
// ESP) is a problem that is told; what is weak (DES, 3DES, MD5, groups 1, 2, 5)
// is used and told. Names: strongSwan's "IKEv2 Cipher Suites" page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/ike.h"

namespace rri::core {

struct Proposals {
  std::vector<std::string> texts;     // in order of preference
  std::vector<std::string> weak;      // "DES", "group 2"; without repetitions
  std::vector<std::string> problems;  // "comp-lzs is not supported by strongSwan and left out"
};

/// "modp2048" for 14; nothing for numbers that charon has not.
std::optional<std::string_view> charon_group(std::uint32_t group);

/// One isakmp policy.
Proposals isakmp_proposals(const IsakmpPolicy& policy);

/// One IKEv2 proposal: AEAD and classic ciphers become two.
Proposals ikev2_proposals(const Ikev2Proposal& proposal);

/// What a transform set gives. `pfs` is the group of `set pfs`; without it none is asked
/// for and every group is taken that a peer asks for, as on IOS.
struct EspProposals : Proposals {
  bool is_ah = false;  // ah_proposals
};
EspProposals esp_proposals(const TransformSet& set, std::optional<std::uint32_t> pfs);

/// IOS's own, for configurations that have none: `show crypto isakmp default policy`
/// (8 policies), `crypto ikev2 proposal default`, `show crypto ipsec default transform-set`.
const std::vector<IsakmpPolicy>& default_isakmp_policies();
const Ikev2Proposal& default_ikev2_proposal();
const TransformSet& default_transform_set();

}  // namespace rri::core
