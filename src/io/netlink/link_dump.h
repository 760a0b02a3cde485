// io/netlink/link_dump.h -- the devices of this host with their addresses, as a dump.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "io/netlink/dump.h"
#include "io/netlink/messages.h"

namespace rri::netlink {

struct FoundLinks {
  std::vector<LinkMessage> links;
  std::vector<AddressMessage> addresses;
};

/// The dump that fills `found`, from empty whenever it begins anew.
Dump::Steps link_dump(std::shared_ptr<FoundLinks> found);

/// Carries out a dump, and begins it again where it was interrupted, until `deadline`. For those
/// who have no loop.
Result<> run_dump(Socket& socket, std::uint32_t& sequence, Dump::Steps steps, Deadline deadline);

}  // namespace rri::netlink
