// app/session_log.h -- `crypto logging session`: a line when the tunnel with a peer comes up or goes.
//
// The tunnel with a peer is up while some SA with it is, whatever its number: a rekey is
// no news. Follows the events of any source of SAs; a lost source is no news either, only
// the list that follows is. A value of one owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/events.h"
#include "model/sa.h"

namespace rri::app {

class SessionLog {
 public:
  /// Whether lines are wanted. Who is up is followed in any case: what came before is no news.
  void tell(bool wanted) { tells_ = wanted; }

  /// The port that a peer was last heard to use; 500 otherwise.
  void note_port(const IpAddress& peer, std::uint16_t port);

  /// "Crypto tunnel is UP. Peer 10.1.1.1:500 Id: 10.1.1.1", in order; nothing when lines are not wanted.
  std::vector<std::string> on_event(const core::Event& event);

 private:
  struct Peer {
    std::string identity;
    std::size_t sas = 0;
  };

  void add(const Sa& sa, std::vector<std::string>& lines);
  void remove(SaId id, std::vector<std::string>& lines);
  void replace_all(const std::vector<Sa>& sas, std::vector<std::string>& lines);
  [[nodiscard]] std::string line(std::string_view word, const IpAddress& peer, const std::string& identity) const;

  bool tells_ = false;
  std::map<SaId, IpAddress> peer_of_;
  std::map<IpAddress, Peer> peers_;
  std::map<IpAddress, std::uint16_t> ports_;  // those that are not 500, of peers that are up or coming up
};

}  // namespace rri::app
