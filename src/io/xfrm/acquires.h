// io/xfrm/acquires.h -- which traffic waits for an SA, read from the kernel.
//
// A packet that meets a trap policy leaves a state without SPI ("larval"), with the
// peer and the packet's addresses, for net.core.xfrm_acq_expires (165 s with
// charon). As long as it is there the kernel asks the IKE daemon no second time for
// that peer, so whoever wants to know of a call that was refused looks here.
//
// Level, not edge: nothing has to be listened to, and no listener keeps the kernel
// from noticing that no IKE daemon is there.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "io/netlink/socket.h"
#include "io/netlink/xfrm_messages.h"

namespace rri::xfrm {

class AcquireReader {
 public:
  /// What waits for an SA with one of these peers; the first kMaxAskedPeers are asked
  /// for. Opens its socket when it is first used. Takes at most kDumpTime: an error then.
  Result<std::vector<netlink::AcquireMessage>> read(const std::vector<IpAddress>& peers);

 private:
  std::optional<netlink::Socket> socket_;
  std::uint32_t sequence_ = 1;
};

}  // namespace rri::xfrm
