// app/call_watch.h -- what charon and the kernel show of calls to peers.
//
// charon tells nobody of a call that fails. It lists the calls that are on
// (`list-sas`); that one should be on is known from the kernel, where traffic that met
// a trap waits (io/xfrm/acquires.h), or from the connection, where tunnels start at load.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/peer_choice.h"
#include "io/vici/connection_message.h"
#include "io/xfrm/acquires.h"
#include "model/charon.h"

namespace rri::app {

/// Children by entry.
using WaitingChildren = std::map<EntryName, std::set<std::string>>;

/// The children of the plan whose selectors take a packet that waits for their peer.
WaitingChildren find_waiting(const TunnelPlan& plan, const std::vector<netlink::AcquireMessage>& acquires);

/// `list-sas` of the connections: of the one alone where it is one.
vici::Request make_call_list(const std::vector<std::string>& connections);

class CallWatch {
 public:
  /// The view of a reply to make_call_list(). Reads the kernel for the watched connections
  /// that hold traps.
  core::CallView look(const vici::Reply& reply, const TunnelPlan& plan, const std::vector<std::string>& watched);
  /// What waited at that look.
  [[nodiscard]] const WaitingChildren& waiting() const { return waiting_; }

 private:
  xfrm::AcquireReader acquires_;
  WaitingChildren waiting_;
};

/// Names of the children with this start action.
std::vector<std::string> children_with(const CharonConnection& connection, std::string_view start_action);

}  // namespace rri::app
