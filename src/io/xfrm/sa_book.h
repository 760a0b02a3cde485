// io/xfrm/sa_book.h -- from kernel policies and SAs to the SAs of the controller. Pure.
//
// One "SA" for the controller is one tunnel here: all outbound policies with the
// same endpoints, reqid, interface id and mark, as long as the kernel has a state
// (an SA proper) that such a policy would use. The policies give the proxies, the
// template gives the peer. States come and go with rekeys below a tunnel that
// stays, so a rekey is not even seen by the reader of our events.
//
// What makes no tunnel: policies of other directions, of sockets and of the sub
// type; block policies (ours too); policies without a tunnel-mode template (bypass);
// templates without a peer (traps for any peer, Libreswan's holds); transport and
// BEET mode. A trap with a known peer waits for its SA like any other policy.
// Of several templates (IPComp before ESP) the one in tunnel mode counts.
//
// A policy that is updated to another reqid moves to another tunnel. Where that
// takes over the selectors of one that ended, it is told as a rekey.
//
// News are taken with take() and told with tell(), so that what comes in one burst
// (DELPOLICY and NEWPOLICY of a reauthentication) is judged by its end.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/effects.h"
#include "core/events.h"
#include "io/netlink/xfrm_messages.h"
#include "io/xfrm/sa_report.h"
#include "model/ike_sa.h"

namespace rri::xfrm {

/// What follows from what came in, in this order.
struct Output {
  std::vector<core::Event> events;
  std::vector<core::LogLine> log;
};

class SaBook {
 public:
  /// One message, of a dump or a notification. Flushes are for the caller, who dumps.
  void take(const netlink::XfrmNews& news);
  /// Tells what changed since the last time, each tunnel at most once.
  void tell(Output& out);

  /// A dump begins: forgets policies and states, but not what was told.
  void begin_list();
  /// Tells the full list as SaList. Call it when the dump and what waited behind it are in.
  void tell_list(Output& out);
  /// Sight is lost: SourceLost, once after each SaList.
  void tell_lost(Output& out);

  /// The tunnels that were told, by id, with what a dump of the SAs says of them. Where a tunnel's policies
  /// are not each local selector with each remote one, it has a child of the same id for each policy.
  [[nodiscard]] std::vector<IkeSa> report(const SaReport& states, std::uint64_t now) const;

  [[nodiscard]] std::size_t policies() const { return policies_.size(); }
  [[nodiscard]] std::size_t states() const { return states_.size(); }
  [[nodiscard]] std::size_t tunnels() const { return told_.size(); }

 private:
  struct Tunnel {
    IpAddress peer;
    std::uint32_t reqid = 0;
    IpAddress local;
    std::uint8_t protocol = 0;
    std::uint32_t if_id = 0;
    netlink::XfrmMark mark;

    friend auto operator<=>(const Tunnel&, const Tunnel&) = default;
  };
  struct Policy {
    Tunnel tunnel;
    std::uint32_t spi = 0;  // 0: any state of the tunnel
  };
  struct State {
    IpAddress peer;
    std::uint32_t reqid = 0;
    IpAddress local;
    std::uint32_t if_id = 0;
  };
  using Place = std::pair<IpAddress, std::uint32_t>;  // peer and reqid

  static std::optional<Policy> tunnel_policy(const netlink::PolicyMessage& message);
  void take(const netlink::PolicyNews& news);
  void take(const netlink::SaNews& news);
  void forget_policy(const netlink::PolicyKey& key);
  void forget_state(const netlink::SaKey& key);
  void touch(const Place& place);
  [[nodiscard]] bool has_state(const Policy& policy) const;
  [[nodiscard]] std::optional<Sa> derive(const Tunnel& tunnel);
  void follow(const Tunnel& tunnel, Output& out, std::vector<Sa>& ended, std::vector<Sa>& begun);
  static void tell_rekeys(std::vector<Sa>& ended, const std::vector<Sa>& begun, Output& out);
  void warn_of_limits(Output& out);
  void split_by_policy(const Tunnel& tunnel, IkeSa& ike) const;

  std::map<netlink::PolicyKey, Policy> policies_;
  std::map<Tunnel, std::set<netlink::PolicyKey>> members_;
  std::map<netlink::SaKey, State> states_;
  std::map<Place, std::set<netlink::SaKey>> states_at_;

  std::set<Tunnel> touched_;
  std::map<Tunnel, Sa> told_;
  bool told_list_ = false;  // SaList was told and SourceLost was not
  std::uint64_t next_id_ = 1;
  bool over_limit_ = false;
  bool warned_ = false;
};

}  // namespace rri::xfrm
