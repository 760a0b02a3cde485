// io/xfrm/sa_report.h -- the kernel's SAs as `show crypto ...` tells of them. Pure.
//
// Filled from one dump when somebody asks, and forgotten again. What the kernel does
// not know stays as it is in IkeSa: there is no IKE SA (version 0), no identity, no PFS
// group. Counters are those of all SAs of a tunnel that the kernel still has; SPIs,
// algorithms and lifetimes are those of the newest. Words are strongSwan's.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "io/netlink/xfrm_messages.h"
#include "model/ike_sa.h"
#include "model/sa.h"

namespace rri::xfrm {

class SaReport {
 public:
  void clear() { ways_.clear(); }
  void take(const netlink::SaDetails& state);

  /// One SA of the controller, which has these in the kernel. `now`: seconds since 1970.
  struct Tunnel {
    const Sa& sa;
    std::uint32_t reqid = 0;
    std::uint8_t protocol = 0;
  };
  [[nodiscard]] IkeSa describe(const Tunnel& tunnel, std::uint64_t now) const;

 private:
  /// From, to, reqid, protocol.
  using Place = std::tuple<IpAddress, IpAddress, std::uint32_t, std::uint8_t>;
  struct Way {
    Traffic traffic;
    netlink::SaDetails newest;
  };
  [[nodiscard]] const Way* find(const Place& place) const;

  std::map<Place, Way> ways_;
};

/// "AES_CBC" for "cbc(aes)"; the kernel's name for what strongSwan has no word for.
CryptoSuite suite_of(const netlink::SaDetails& state);

}  // namespace rri::xfrm
