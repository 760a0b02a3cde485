// io/netlink/codec.h -- bytes of rtnetlink to values and back. Pure.
//
// Every length that a message states is checked against what is there; a message
// that does not fit gives nothing, and the reader goes on with the next one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "io/netlink/message_writer.h"
#include "io/netlink/messages.h"

namespace rri::netlink {

/// Walks the messages of one datagram.
class MessageReader {
 public:
  explicit MessageReader(std::span<const std::uint8_t> datagram) : rest_(datagram) {}

  /// The next message; nothing at the end and where the rest is malformed.
  std::optional<Message> next();
  /// Whether bytes remain that are no message.
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  std::span<const std::uint8_t> rest_;
  bool malformed_ = false;
};

/// The part of a route message that costs nothing to look at.
struct RouteSummary {
  std::uint8_t family = 0;  // AF_*
  std::uint8_t protocol = 0;
  std::uint8_t type = 0;
  std::uint32_t flags = 0;
};
std::optional<RouteSummary> parse_route_summary(const Message& message);

/// RTM_NEWROUTE or RTM_DELROUTE of IPv4 or IPv6; nothing for other families too.
std::optional<RouteMessage> parse_route(const Message& message);
/// RTM_NEWLINK or RTM_DELLINK; nothing for the bridge's and other families' view.
std::optional<LinkMessage> parse_link(const Message& message);
/// RTM_NEWADDR or RTM_DELADDR of IPv4 or IPv6.
std::optional<AddressMessage> parse_address(const Message& message);
std::optional<Acknowledgement> parse_acknowledgement(const Message& message);
/// The error inside NLMSG_DONE as a positive errno, 0 when the dump went well.
int parse_done(const Message& message);

/// The requests of rtnetlink.
class RequestBuffer : public MessageWriter {
 public:
  enum class RouteChange : std::uint8_t { Add, Change, Delete };
  struct RouteRequest {
    RouteChange change{};
    std::uint32_t sequence = 0;
  };
  /// `route.hops` must be at most kMaxNextHops. Only an error is answered.
  void route(const RouteRequest& request, const RouteMessage& route);

  void dump_links(std::uint32_t sequence);
  void dump_addresses(std::uint32_t sequence);
  void dump_neighbours(std::uint32_t sequence);  // IPv4
  struct RouteFilter {
    Family family{};
    std::uint8_t protocol = 0;  // 0: any
    std::uint32_t table = 0;    // 0: all
    std::uint32_t device = 0;   // 0: any
  };
  void dump_routes(std::uint32_t sequence, const RouteFilter& filter);

  /// Which route leads to `address`, looked up as for output. `fib_match`: answer
  /// with the route of the table, not with the result of the lookup.
  struct PathRequest {
    IpAddress address;
    std::uint32_t device = 0;  // RTA_OIF, 0: none
    bool fib_match = true;
  };
  void path(std::uint32_t sequence, const PathRequest& request);

  /// One link; the kernel answers it under its RTNL lock.
  void link(std::uint32_t sequence, std::uint32_t index);

 private:
  void gateway(Family route_family, const IpAddress& gateway);
  void reordering();
  void hops(Family family, const RouteMessage& route);
};

}  // namespace rri::netlink
