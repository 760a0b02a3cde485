// model/peers.h -- the order of an entry's peers.
#pragma once

#include <algorithm>
#include <cstddef>

#include "model/config.h"

namespace rri {

/// Index of the peer to call first: the one with `default`, else the first. 0 without peers.
inline std::size_t first_peer(const CryptoEntry& entry) {
  const auto standard = std::find_if(entry.peers.begin(), entry.peers.end(), [](const PeerAddress& peer) { return peer.is_default; });
  return standard == entry.peers.end() ? 0 : static_cast<std::size_t>(standard - entry.peers.begin());
}

}  // namespace rri
