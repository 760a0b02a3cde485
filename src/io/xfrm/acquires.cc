#include "io/xfrm/acquires.h"

#include <algorithm>

#include "io/netlink/dump.h"
#include "io/netlink/xfrm_codec.h"
#include "io/xfrm/limits.h"

namespace rri::xfrm {

using netlink::Dump;

Result<std::vector<netlink::AcquireMessage>> AcquireReader::read(const std::vector<IpAddress>& peers) {
  if (!socket_) {
    auto opened = netlink::Socket::open_xfrm();
    if (!opened) return tl::make_unexpected(opened.error());
    socket_.emplace(std::move(*opened));
  }
  std::vector<netlink::AcquireMessage> found;
  Dump::Steps steps;
  for (std::size_t i = 0; i < std::min(peers.size(), kMaxAskedPeers); ++i) {
    steps.requests.emplace_back([peer = peers[i]](netlink::RequestBuffer& out, std::uint32_t sequence) {
      netlink::write_sas_to_peer_dump(out, sequence, peer);
    });
  }
  if (steps.requests.empty()) return found;
  steps.begin = [&] { found.clear(); };
  steps.on_message = [&](const netlink::Message& message) {
    if (auto acquire = netlink::parse_acquire_state(message)) found.push_back(std::move(*acquire));
  };
  Dump dump(std::move(steps));
  const auto deadline = std::chrono::steady_clock::now() + kDumpTime;
  auto progress = Dump::Progress::Interrupted;
  while (progress == Dump::Progress::Interrupted && std::chrono::steady_clock::now() < deadline) {
    progress = dump.step(*socket_, sequence_, deadline);
  }
  socket_->forget();
  if (progress == Dump::Progress::Finished) return found;
  socket_.reset();  // what is still on its way belongs to nobody
  return fail("read what waits for an SA: {}", progress == Dump::Progress::Failed ? dump.error() : "the kernel takes too long");
}

}  // namespace rri::xfrm
