#include "core/peer_choice.h"

#include <algorithm>

#include "model/charon.h"

namespace rri::core {
namespace {

/// How long a peer may stay silent when it is called: with keepalives five of their
/// retries, as IOS counts, else what five quick retransmissions take.
Millis patience_of(const Config& config) {
  constexpr int kRetries = 5;
  constexpr Millis kShortest = std::chrono::seconds(6);
  const auto& keepalive = config.ike.keepalive;
  if (!keepalive) return std::chrono::seconds(20);
  return std::max<Millis>(std::chrono::seconds(keepalive->retry_seconds * kRetries), kShortest);
}

}  // namespace

std::string PeerChoice::connection_name(const EntryName& entry, const PeerAddress& peer) {
  return charon_connection_name(entry, charon_name(charon_address_name(peer.address ? peer.address->to_string() : peer.host)));
}

void PeerChoice::set_config(const Config& config) {
  std::map<EntryName, Choice> entries;
  for (const auto& [name, map] : config.crypto_maps) {
    for (const auto& [sequence, entry] : map.entries) {
      if (entry.peers.size() < 2 || !entry.dynamic_map.empty()) continue;
      const EntryName id{name, sequence};
      Choice choice;
      choice.patience = patience_of(config);
      for (std::size_t i = 0; i < entry.peers.size(); ++i) {
        choice.connections.push_back(connection_name(id, entry.peers[i]));
        if (entry.peers[i].is_default) choice.standard = i;
      }
      const auto known = entries_.find(id);
      const bool is_same = known != entries_.end() && known->second.connections == choice.connections;
      if (is_same) {
        choice.up = known->second.up;
        choice.calling_since = known->second.calling_since;
      } else {
        current_[id] = choice.standard.value_or(0);
      }
      entries.emplace(id, std::move(choice));
    }
  }
  entries_ = std::move(entries);
  std::erase_if(current_, [&](const auto& item) { return !entries_.contains(item.first); });
  std::erase_if(owners_, [&](const auto& item) { return !entries_.contains(item.second.first); });
}

PeerChoice::Choice* PeerChoice::find(const std::string& connection, std::size_t& peer, EntryName& entry) {
  const auto name = entry_of_connection(connection);
  if (!name) return nullptr;
  const auto found = entries_.find(*name);
  if (found == entries_.end()) return nullptr;
  const auto& all = found->second.connections;
  const auto place = std::find(all.begin(), all.end(), connection);
  if (place == all.end()) return nullptr;
  peer = static_cast<std::size_t>(place - all.begin());
  entry = *name;
  return &found->second;
}

void PeerChoice::on_sa_up(const SaId& id, const std::string& connection) {
  std::size_t peer = 0;
  EntryName entry;
  auto* choice = find(connection, peer, entry);
  if (choice == nullptr) return;
  // Of two peers with tunnels at once the one that was there stays.
  if (choice->up.empty()) current_[entry] = peer;
  choice->up.insert(id);
  choice->calling_since.reset();
  owners_[id] = {entry, peer};
}

void PeerChoice::remove_sa(const SaId& id) {
  const auto owner = owners_.find(id);
  if (owner == owners_.end()) return;
  const auto found = entries_.find(owner->second.first);
  if (found != entries_.end()) found->second.up.erase(id);
  owners_.erase(owner);
}

void PeerChoice::on_sa_down(const SaId& id) {
  const auto owner = owners_.find(id);
  if (owner == owners_.end()) return;
  const auto [entry, peer] = owner->second;
  remove_sa(id);
  const auto& choice = entries_[entry];
  // The standard peer itself may just have died.
  if (choice.up.empty() && choice.standard && peer != *choice.standard) current_[entry] = *choice.standard;
}

void PeerChoice::on_rekey(const SaId& old_id, const SaId& new_id) {
  const auto owner = owners_.find(old_id);
  if (owner == owners_.end()) return;
  const auto owned = owner->second;
  remove_sa(old_id);
  entries_[owned.first].up.insert(new_id);
  owners_[new_id] = owned;
}

void PeerChoice::on_sa_list(const std::vector<Sa>& sas) {
  std::set<SaId> listed;
  for (const auto& sa : sas) listed.insert(sa.id);
  std::vector<SaId> gone;
  for (const auto& [id, owned] : owners_) {
    if (!listed.contains(id)) gone.push_back(id);
  }
  for (const auto& sa : sas) {
    if (!owners_.contains(sa.id)) on_sa_up(sa.id, sa.connection);
  }
  for (const auto& id : gone) on_sa_down(id);
}

void PeerChoice::move_on(const EntryName& entry, Choice& choice) {
  choice.calling_since.reset();
  auto& current = current_[entry];
  current = (current + 1) % choice.connections.size();
}

void PeerChoice::on_peer_dead(const std::string& connection) {
  std::size_t peer = 0;
  EntryName entry;
  auto* choice = find(connection, peer, entry);
  if (choice != nullptr && current_[entry] == peer) move_on(entry, *choice);
}

void PeerChoice::on_poll(const std::set<std::string>& connecting, const std::set<std::string>& established, TimePoint now) {
  for (auto& [entry, choice] : entries_) {
    if (!choice.up.empty()) continue;
    const auto& connection = choice.connections[current_[entry]];
    const bool is_calling = connecting.contains(connection);
    if (established.contains(connection)) {
      choice.calling_since.reset();  // it answers
    } else if (!is_calling && choice.calling_since) {
      // It was called, and neither a tunnel nor a call is there any more.
      move_on(entry, choice);
    } else if (is_calling && !choice.calling_since) {
      choice.calling_since = now;
    } else if (is_calling && now - *choice.calling_since >= choice.patience) {
      move_on(entry, choice);
    }
  }
}

bool PeerChoice::needs_poll() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& item) { return item.second.up.empty(); });
}

}  // namespace rri::core
