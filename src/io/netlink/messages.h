// io/netlink/messages.h -- rtnetlink messages as values, in the kernel's numbers.
//
// Between the bytes (codec.h) and the model (translate.h): devices are indexes and
// tables are numbers here, because names may change between two messages.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "model/link.h"
#include "net/address.h"
#include "net/prefix.h"

namespace rri::netlink {

/// One message of a datagram; the payload lives as long as the datagram does.
struct Message {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  std::uint32_t port = 0;  // of the socket whose request caused it, 0: the kernel itself
  std::span<const std::uint8_t> payload;
};

struct HopMessage {
  std::optional<IpAddress> gateway;  // of the other family where RTA_VIA says so
  std::uint32_t device = 0;
  std::uint8_t flags = 0;  // RTNH_F_*

  friend bool operator==(const HopMessage&, const HopMessage&) = default;
};

struct RouteMessage {
  Prefix destination;
  std::uint8_t tos = 0;
  std::uint8_t source_length = 0;  // IPv6 source-specific routes: not zero
  std::uint8_t protocol = 0;
  std::uint8_t type = 0;   // RTN_*
  std::uint32_t flags = 0;  // RTM_F_*, RTNH_F_*
  std::uint32_t table = 0;
  std::uint32_t metric = 0;
  std::uint32_t realm = 0;
  std::uint32_t nexthop_id = 0;
  bool states_reordering = false;  // RTAX_REORDERING as it is anyway: a difference without an effect; not read
  std::optional<IpAddress> source;  // RTA_PREFSRC
  std::vector<HopMessage> hops;

  friend bool operator==(const RouteMessage&, const RouteMessage&) = default;
};

struct LinkMessage {
  std::uint32_t index = 0;
  std::uint32_t flags = 0;      // IFF_*
  std::uint8_t operstate = 0;   // IF_OPER_*
  std::uint32_t master = 0;
  std::string name;
  std::string kind;             // "vrf", "xfrm", "vti", "vti6", ...
  std::uint32_t vrf_table = 0;
  std::uint32_t xfrm_if_id = 0;
  std::uint32_t vti_key = 0;    // output key, host byte order

  friend bool operator==(const LinkMessage&, const LinkMessage&) = default;
};

struct AddressMessage {
  std::uint32_t device = 0;
  LinkAddress address;
  bool usable = true;  // false: tentative, or duplicate address detection failed
};

/// NLMSG_ERROR: also the acknowledgement of success.
struct Acknowledgement {
  std::uint32_t sequence = 0;
  int error = 0;         // positive errno, 0: done
  std::string extended;  // the kernel's own words, often empty
};

/// rtm_protocol of zebra's static routes.
inline constexpr std::uint8_t kFrrStatic = 196;

/// Protocol numbers of FRR's daemons (its rt_protos.d file); all but zebra's own and babel's in one row.
constexpr bool is_of_frr(std::uint8_t protocol) {
  constexpr std::uint8_t kZebra = 11;
  constexpr std::uint8_t kFirst = 186;
  constexpr std::uint8_t kLast = 198;
  return protocol == kZebra || (protocol >= kFirst && protocol <= kLast);
}

}  // namespace rri::netlink
