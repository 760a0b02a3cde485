#include "app/session_log.h"

#include <fmt/format.h>

#include <set>

namespace rri::app {

namespace {

constexpr std::uint16_t kIkePort = 500;
/// Peers that knock and never come up must not fill the table.
constexpr std::size_t kMaxPorts = 65536;

}  // namespace

void SessionLog::note_port(const IpAddress& peer, std::uint16_t port) {
  if (port == kIkePort) {
    ports_.erase(peer);
  } else if (ports_.size() < kMaxPorts || ports_.contains(peer)) {
    ports_[peer] = port;
  }
}

std::vector<std::string> SessionLog::on_event(const core::Event& event) {
  std::vector<std::string> lines;
  if (const auto* up = std::get_if<core::SaUp>(&event)) add(up->sa, lines);
  if (const auto* down = std::get_if<core::SaDown>(&event)) remove(down->id, lines);
  if (const auto* list = std::get_if<core::SaList>(&event)) replace_all(list->sas, lines);
  if (const auto* rekeyed = std::get_if<core::SaRekeyed>(&event)) {
    auto moved = peer_of_.extract(rekeyed->old_id);
    if (!moved.empty()) {
      const auto replaced = peer_of_.find(rekeyed->new_id);
      if (replaced != peer_of_.end()) remove(rekeyed->new_id, lines);
      moved.key() = rekeyed->new_id;
      peer_of_.insert(std::move(moved));
    }
  }
  return lines;
}

void SessionLog::add(const Sa& sa, std::vector<std::string>& lines) {
  const auto known = peer_of_.find(sa.id);
  if (known != peer_of_.end() && known->second == sa.peer) return;
  auto& peer = peers_[sa.peer];
  peer.identity = sa.identity.empty() ? sa.peer.to_string() : sa.identity;
  if (++peer.sas == 1 && tells_) lines.push_back(line("UP", sa.peer, peer.identity));
  if (known != peer_of_.end()) remove(sa.id, lines);  // it moved
  peer_of_.emplace(sa.id, sa.peer);
}

void SessionLog::remove(SaId id, std::vector<std::string>& lines) {
  const auto known = peer_of_.find(id);
  if (known == peer_of_.end()) return;
  const auto peer = peers_.find(known->second);
  if (--peer->second.sas == 0) {
    if (tells_) lines.push_back(line("DOWN", peer->first, peer->second.identity));
    ports_.erase(peer->first);
    peers_.erase(peer);
  }
  peer_of_.erase(known);
}

/// What is in the list first: a peer that is in both stays up without a line.
void SessionLog::replace_all(const std::vector<Sa>& sas, std::vector<std::string>& lines) {
  std::set<SaId> listed;
  for (const auto& sa : sas) {
    listed.insert(sa.id);
    add(sa, lines);
  }
  std::vector<SaId> gone;
  for (const auto& [id, peer] : peer_of_) {
    if (!listed.contains(id)) gone.push_back(id);
  }
  for (const auto id : gone) remove(id, lines);
}

std::string SessionLog::line(std::string_view word, const IpAddress& peer, const std::string& identity) const {
  const auto port = ports_.find(peer);
  return fmt::format("Crypto tunnel is {}. Peer {}:{} Id: {}", word, peer.to_string(), port == ports_.end() ? kIkePort : port->second, identity);
}

}  // namespace rri::app
