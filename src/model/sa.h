// model/sa.h -- one CHILD_SA as far as routing is concerned.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/strong_id.h"
#include "net/address.h"
#include "net/selector.h"

namespace rri {

/// strongSwan: the CHILD_SA's `uniqueid`. It changes with every rekey.
using SaId = StrongId<struct SaIdTag, std::uint64_t>;

/// Which crypto map entry an SA belongs to, when its source knows it.
struct EntryName {
  std::string map;
  std::uint32_t sequence = 0;

  friend auto operator<=>(const EntryName&, const EntryName&) = default;
};

/// What a source of SAs (VICI, XFRM, a script) tells about one tunnel-mode
/// CHILD_SA that carries traffic. Transport-mode SAs are never reported.
struct Sa {
  SaId id;
  IpAddress peer;                           // outer remote address
  std::optional<IpAddress> local_endpoint;  // outer local address, if known
  std::vector<TrafficSelector> remote;      // remote proxies; order as negotiated
  std::vector<TrafficSelector> local;       // empty: anything (0.0.0.0/0, ::/0)
  std::string identity;                     // IKE identity of the peer; "" when unknown
  std::optional<EntryName> entry;           // taken as given when set
  std::uint32_t if_id = 0;                  // XFRM interface id, 0: none
  std::uint32_t mark = 0;                   // XFRM mark, 0: none
  std::string connection;                   // name in the IKE daemon, for show
  std::string child;                        // its child's name there
  bool foreign = false;                     // managed: of a connection that is not ours, so it counts for nothing

  friend bool operator==(const Sa&, const Sa&) = default;
};

}  // namespace rri
