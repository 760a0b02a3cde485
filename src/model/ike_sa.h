// model/ike_sa.h -- IKE SAs with their CHILD_SAs as `show crypto ...` tells of them.
//
// Routing needs little of an SA (model/sa.h) and is told of it by events; this is
// the rest, read from the IKE daemon when somebody asks: algorithms, SPIs, counters
// and lifetimes, all as old as the reading. Words of states and algorithms are
// strongSwan's ("ESTABLISHED", "AES_CBC"); show/ turns them into Cisco's.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/address.h"
#include "net/selector.h"

namespace rri {

/// "AES_CBC" with 256 bits, "HMAC_SHA2_256_128"; "" where there is none.
struct CryptoSuite {
  std::string encryption;
  std::uint32_t key_bits = 0;
  std::string integrity;
  std::string prf;
  std::string dh_group;  // "MODP_2048"; of a CHILD_SA: its PFS group

  friend bool operator==(const CryptoSuite&, const CryptoSuite&) = default;
};

/// What went one way through a CHILD_SA.
struct Traffic {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const Traffic&, const Traffic&) = default;
};

struct ChildSa {
  std::uint64_t id = 0;       // changes with every rekey; SaId of model/sa.h
  std::string name;           // of its configuration
  std::uint32_t reqid = 0;
  std::string state;          // "INSTALLED", "REKEYED", ...
  bool tunnel = true;         // false: transport mode, or BEET
  bool ah = false;
  bool udp_encapsulated = false;
  std::uint32_t spi_in = 0;
  std::uint32_t spi_out = 0;
  CryptoSuite suite;
  Traffic in;
  Traffic out;
  std::optional<std::uint64_t> rekey_seconds;  // until it is rekeyed
  std::optional<std::uint64_t> life_seconds;   // until it ends
  std::optional<std::uint64_t> life_bytes;     // that may pass before it ends, 0: no limit; not told: what was configured
  std::optional<std::uint32_t> replay_window;  // likewise
  std::uint64_t age_seconds = 0;
  std::vector<TrafficSelector> local;
  std::vector<TrafficSelector> remote;

  /// Whether it carries traffic: not the leftover of a rekey, nor one that is under way.
  [[nodiscard]] bool is_active() const { return state == "INSTALLED" || state == "UPDATING" || state == "REKEYING"; }

  friend bool operator==(const ChildSa&, const ChildSa&) = default;
};

struct IkeSa {
  std::uint64_t id = 0;
  std::string connection;     // "" before one is chosen
  int version = 2;            // 0: no IKE SA is known, only the children's SAs (`ike xfrm`)
  std::string state;          // "CONNECTING", "ESTABLISHED", ...
  std::optional<IpAddress> local;
  std::optional<IpAddress> peer;
  std::uint16_t local_port = 500;
  std::uint16_t peer_port = 500;
  std::string local_id;
  std::string peer_id;        // the user, where one was authenticated
  std::string local_authentication;  // "pre-shared key", "public key"; "" when not known
  std::string peer_authentication;
  bool initiator = false;
  bool extended_authentication = false;
  std::string initiator_spi;  // 16 hex digits
  std::string responder_spi;
  bool nat_local = false;     // NAT in front of us
  bool nat_peer = false;
  CryptoSuite suite;
  std::uint64_t age_seconds = 0;               // since it was established
  std::optional<std::uint64_t> rekey_seconds;  // until rekeying
  std::optional<std::uint64_t> reauth_seconds;
  std::vector<std::string> pushed_addresses;   // virtual addresses of the peer
  std::vector<std::string> tasks;              // that are under way
  std::vector<ChildSa> children;               // by id

  [[nodiscard]] bool is_established() const { return state == "ESTABLISHED" || state == "REKEYING"; }

  friend bool operator==(const IkeSa&, const IkeSa&) = default;
};

using IkeSas = std::map<std::uint64_t, IkeSa>;  // by id
/// A list that several readers share.
using SharedSas = std::shared_ptr<const IkeSas>;

/// What is asked to end: a whole IKE SA, or one CHILD_SA.
struct SaTermination {
  bool is_child = false;
  std::uint64_t id = 0;

  friend bool operator==(const SaTermination&, const SaTermination&) = default;
};

}  // namespace rri
