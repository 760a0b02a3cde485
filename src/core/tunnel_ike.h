// core/tunnel_ike.h -- the IKE part of a connection: version, addresses,
// proposals, authentication, identities, dead peer detection.
//
// Internal to core/tunnel_*.cc.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/tunnel_parts.h"

namespace rri::core {

/// One peer that a side takes, as charon has it; "" for any.
struct ExpectedPeer {
  std::string id;
  std::string authority;  // a subject above its certificate

  friend bool operator==(const ExpectedPeer&, const ExpectedPeer&) = default;
};

/// Which IKE an entry speaks and what its profile says.
struct IkeSide {
  bool ikev2 = false;
  std::string profile_name;                         // "" without a profile
  const IkeProfile* profile = nullptr;
  const IkeProfileSettings* settings = nullptr;
  std::string entry;                                // "crypto map mymap 10", for remarks
  TextPosition position;                            // of the entry
  std::vector<ExpectedPeer> expected{ExpectedPeer()};  // by its profile and `set identity`
  bool takes_these_alone = false;                   // by certificate: none of them is left unchecked
};

/// One end-to-end pair of hosts, or one host and everybody.
struct IkeEnds {
  std::vector<std::string> local;    // addresses; empty: any of this host
  std::string remote;                // address, host name, or "%any"
  std::optional<IpAddress> peer;     // when it is an address
  std::string peer_host;             // `set peer HOST`
  std::string vrf;                   // front-door
  std::string remote_identity;       // "" or "%any": not checked
  std::string remote_authority;      // "": any
  bool shared_peer = false;          // several connections have this peer
  bool keeps_trying = false;         // no traffic starts it: charon has to
  bool answers_aggressive = false;   // a connection only for peers that call in aggressive mode
  const std::vector<Certificate>* certificates = nullptr;  // that charon has; none: not known
};

/// Writes the IKE part and notes the keys. False, with a remark, when the
/// connection cannot authenticate or has no proposal.
bool write_ike(CharonSection& out, const IkeSide& side, const IkeEnds& ends, const Config& config, KeyBook& keys,
               Remarks& remarks);

/// Whether peers of this connection may have to call in aggressive mode: with a key that is
/// known by a name, which main mode says too late. IOS answers both; a connection of charon one.
bool may_call_aggressive(const CharonSection& connection, const IkeSide& side, const IkeEnds& ends, const Config& config);

/// Whether a connection for several peers has keys by name alone: main mode cannot work.
bool needs_aggressive(const IkeSide& side, const IkeEnds& ends, const Config& config);

/// The identities that a side takes, as charon has them; one "" where each is as good as none.
std::vector<std::string> remote_identities(const IkeSide& side);

}  // namespace rri::core
