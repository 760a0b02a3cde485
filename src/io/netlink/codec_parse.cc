#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "io/netlink/attributes.h"
#include "io/netlink/codec.h"
#include "io/netlink/limits.h"

namespace rri::netlink {
namespace {

/// The kernel's negative errno as a positive one; other numbers are no errno.
int errno_of(int error) {
  constexpr int kMaxErrno = 4095;
  return error > 0 || error < -kMaxErrno ? EBADMSG : -error;
}

std::optional<IpAddress> read_via(Bytes value) {
  if (value.size() < sizeof(std::uint16_t)) return std::nullopt;
  return IpAddress::from_bytes(value.subspan(sizeof(std::uint16_t)));
}

void read_hops(Bytes value, RouteMessage& route) {
  while (const auto header = read<rtnexthop>(value)) {
    if (header->rtnh_len < sizeof(rtnexthop) || header->rtnh_len > value.size()) return;
    HopMessage hop;
    hop.device = static_cast<std::uint32_t>(header->rtnh_ifindex);
    hop.flags = header->rtnh_flags;
    AttributeReader attributes(value.subspan(sizeof(rtnexthop), header->rtnh_len - sizeof(rtnexthop)));
    while (const auto attribute = attributes.next()) {
      if (attribute->type == RTA_GATEWAY) hop.gateway = IpAddress::from_bytes(attribute->value);
      if (attribute->type == RTA_VIA) hop.gateway = read_via(attribute->value);
      if (attribute->type == RTA_FLOW) route.realm = attribute->u32();
    }
    if (route.hops.size() < kMaxNextHops) route.hops.push_back(hop);
    value = value.subspan(std::min<std::size_t>(MNL_ALIGN(header->rtnh_len), value.size()));
  }
}

/// The gateway and device of a route with one way out, until the message is read.
struct SingleHop {
  std::optional<IpAddress> gateway;
  std::uint32_t device = 0;
};

void read_route_attribute(const Attribute& attribute, RouteMessage& route, SingleHop& hop) {
  switch (attribute.type) {
    case RTA_OIF:
      hop.device = attribute.u32();
      break;
    case RTA_GATEWAY:
      hop.gateway = IpAddress::from_bytes(attribute.value);
      break;
    case RTA_VIA:
      hop.gateway = read_via(attribute.value);
      break;
    case RTA_PRIORITY:
      route.metric = attribute.u32();
      break;
    case RTA_TABLE:
      route.table = attribute.u32();
      break;
    case RTA_FLOW:
      route.realm = attribute.u32();
      break;
    case RTA_PREFSRC:
      route.source = IpAddress::from_bytes(attribute.value);
      break;
    case RTA_NH_ID:
      route.nexthop_id = attribute.u32();
      break;
    case RTA_MULTIPATH:
      read_hops(attribute.value, route);
      break;
    default:
      break;
  }
}

void read_link_details(Bytes value, LinkMessage& link) {
  Bytes details;
  AttributeReader attributes(value);
  while (const auto attribute = attributes.next()) {
    if (attribute->type == IFLA_INFO_KIND) link.kind = attribute->text();
    if (attribute->type == IFLA_INFO_DATA) details = attribute->value;
  }
  AttributeReader inner(details);
  while (const auto attribute = inner.next()) {
    if (link.kind == "vrf" && attribute->type == IFLA_VRF_TABLE) link.vrf_table = attribute->u32();
    if (link.kind == "xfrm" && attribute->type == IFLA_XFRM_IF_ID) link.xfrm_if_id = attribute->u32();
    const bool vti = link.kind == "vti" || link.kind == "vti6";
    if (vti && attribute->type == IFLA_VTI_OKEY) link.vti_key = __builtin_bswap32(attribute->u32());
  }
}

}  // namespace

std::optional<Message> MessageReader::next() {
  const auto header = read<nlmsghdr>(rest_);
  if (!header || header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > rest_.size()) {
    malformed_ = !rest_.empty();
    return std::nullopt;
  }
  Message message{header->nlmsg_type, header->nlmsg_flags, header->nlmsg_seq, header->nlmsg_pid,
                  rest_.subspan(sizeof(nlmsghdr), header->nlmsg_len - sizeof(nlmsghdr))};
  rest_ = rest_.subspan(std::min<std::size_t>(MNL_ALIGN(header->nlmsg_len), rest_.size()));
  return message;
}

std::optional<RouteSummary> parse_route_summary(const Message& message) {
  const auto header = read<rtmsg>(message.payload);
  if (!header) return std::nullopt;
  return RouteSummary{header->rtm_family, header->rtm_protocol, header->rtm_type, header->rtm_flags};
}

std::optional<RouteMessage> parse_route(const Message& message) {
  const auto header = read<rtmsg>(message.payload);
  if (!header || (header->rtm_family != AF_INET && header->rtm_family != AF_INET6)) return std::nullopt;
  const auto family = header->rtm_family == AF_INET ? Family::V4 : Family::V6;
  if (header->rtm_dst_len > address_bits(family)) return std::nullopt;
  RouteMessage route;
  route.tos = header->rtm_tos;
  route.source_length = header->rtm_src_len;
  route.protocol = header->rtm_protocol;
  route.type = header->rtm_type;
  route.flags = header->rtm_flags;
  route.table = header->rtm_table;
  SingleHop hop;
  auto destination = IpAddress::lowest(family);
  AttributeReader attributes(after(message.payload, sizeof(rtmsg)));
  while (const auto attribute = attributes.next()) {
    if (attribute->type == RTA_DST) {
      const auto address = IpAddress::from_bytes(attribute->value);
      if (!address || address->family() != family) return std::nullopt;
      destination = *address;
    } else {
      read_route_attribute(*attribute, route, hop);
    }
  }
  route.destination = Prefix(destination, header->rtm_dst_len);
  if (route.hops.empty() && (hop.device != 0 || hop.gateway)) {
    route.hops.push_back({hop.gateway, hop.device, static_cast<std::uint8_t>(header->rtm_flags)});
  }
  return route;
}

std::optional<LinkMessage> parse_link(const Message& message) {
  const auto header = read<ifinfomsg>(message.payload);
  if (!header || header->ifi_family != AF_UNSPEC || header->ifi_index <= 0) return std::nullopt;
  LinkMessage link;
  link.index = static_cast<std::uint32_t>(header->ifi_index);
  link.flags = header->ifi_flags;
  AttributeReader attributes(after(message.payload, sizeof(ifinfomsg)));
  while (const auto attribute = attributes.next()) {
    if (attribute->type == IFLA_IFNAME) link.name = attribute->text();
    if (attribute->type == IFLA_OPERSTATE) link.operstate = attribute->u8();
    if (attribute->type == IFLA_MASTER) link.master = attribute->u32();
    if (attribute->type == IFLA_LINKINFO) read_link_details(attribute->value, link);
  }
  if (link.name.empty()) return std::nullopt;
  return link;
}

std::optional<AddressMessage> parse_address(const Message& message) {
  const auto header = read<ifaddrmsg>(message.payload);
  if (!header || (header->ifa_family != AF_INET && header->ifa_family != AF_INET6)) return std::nullopt;
  std::optional<IpAddress> local;
  std::optional<IpAddress> address;
  std::uint32_t flags = header->ifa_flags;
  AttributeReader attributes(after(message.payload, sizeof(ifaddrmsg)));
  while (const auto attribute = attributes.next()) {
    if (attribute->type == IFA_LOCAL) local = IpAddress::from_bytes(attribute->value);
    if (attribute->type == IFA_ADDRESS) address = IpAddress::from_bytes(attribute->value);
    if (attribute->type == IFA_FLAGS) flags = attribute->u32();
  }
  const auto own = local ? local : address;
  const auto family = header->ifa_family == AF_INET ? Family::V4 : Family::V6;
  if (!own || own->family() != family || header->ifa_prefixlen > own->bits()) return std::nullopt;
  // With a point-to-point peer the length belongs to the peer's address, not to ours.
  const bool has_peer = local && address && *local != *address;
  const bool waiting = (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
  return AddressMessage{header->ifa_index,
                        {*own, has_peer ? own->bits() : header->ifa_prefixlen},
                        !waiting && (flags & IFA_F_DADFAILED) == 0};
}

std::optional<Acknowledgement> parse_acknowledgement(const Message& message) {
  const auto header = read<nlmsgerr>(message.payload);
  if (!header) return std::nullopt;
  Acknowledgement answer{message.sequence, errno_of(header->error), {}};
  if ((message.flags & NLM_F_ACK_TLVS) == 0) return answer;
  // Without CAP_ACK the request follows in full; its length is the kernel's word.
  std::size_t skip = sizeof(nlmsgerr);
  if ((message.flags & NLM_F_CAPPED) == 0) {
    const std::size_t echoed = header->msg.nlmsg_len;
    if (echoed < sizeof(nlmsghdr) || echoed > message.payload.size()) return answer;
    skip += echoed - sizeof(nlmsghdr);
  }
  AttributeReader attributes(after(message.payload, skip));
  while (const auto attribute = attributes.next()) {
    if (attribute->type == NLMSGERR_ATTR_MSG) answer.extended = attribute->text();
  }
  return answer;
}

int parse_done(const Message& message) {
  const int error = read<int>(message.payload).value_or(0);
  return error < 0 ? errno_of(error) : 0;  // some dumps end with a positive count
}

}  // namespace rri::netlink
