// model/notice.h -- things worth telling that are not errors.
//
// A notice has a stable code (SPEC.md section 8) that scripts may match, and a
// text for people. The list below is the whole list; the documentation is made
// from it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace rri {

enum class NoticeCode : std::uint8_t {
  EntryIncomplete,
  EventIgnored,
  FrrSaved,
  GroupUndefined,
  HostUnresolved,
  InterfaceDiffers,
  InterfaceUnbound,
  IpRoutingOff,
  LeakPossible,
  LimitReached,
  PeerNotFirst,
  PeerOtherInterface,
  PinConflict,
  ProxyConflict,
  ProxyRefused,
  RangeTooWide,
  RouteFailed,
  RouteOccupied,
  RouteShadowed,
  SaUnmatched,
  SourceLost,
  StaticIgnored,
  TagConflict,
  TagNotCarried,
  TrackNotFollowed,
  UnderlayAssumed,
  VrfMissing,
  WildcardHoles,
};

struct NoticeMeaning {
  NoticeCode code;
  std::string_view name;
  std::string_view meaning;
};

inline constexpr std::array kNoticeMeanings = {
    NoticeMeaning{NoticeCode::EntryIncomplete, "ENTRY-INCOMPLETE", "a crypto map entry with reverse-route has no usable peer or access list, so it makes no routes"},
    NoticeMeaning{NoticeCode::EventIgnored, "EVENT-IGNORED", "an event named an unknown SA, group or link, or repeated what was already so"},
    NoticeMeaning{NoticeCode::FrrSaved, "FRR-SAVED", "`write memory` put static routes of ours into FRR's saved configuration"},
    NoticeMeaning{NoticeCode::GroupUndefined, "GROUP-UNDEFINED", "`crypto map ... redundancy` names a group that no `standby ... name` line defines"},
    NoticeMeaning{NoticeCode::HostUnresolved, "HOST-UNRESOLVED", "`set peer HOST` has no address yet"},
    NoticeMeaning{NoticeCode::InterfaceDiffers, "INTERFACE-DIFFERS", "Linux has not the address, shutdown state or VRF that the configuration gives an interface"},
    NoticeMeaning{NoticeCode::InterfaceUnbound, "INTERFACE-UNBOUND", "an interface that carries a crypto map is tied to no Linux device"},
    NoticeMeaning{NoticeCode::IpRoutingOff, "IP-ROUTING-OFF", "`no ip routing` is configured, so there are no routes"},
    NoticeMeaning{NoticeCode::LeakPossible, "LEAK-POSSIBLE", "what an entry protects cannot be closed while its SA is down: it has no access list, or one that policies cannot say"},
    NoticeMeaning{NoticeCode::LimitReached, "LIMIT-REACHED", "a peer offers more prefixes than `maximum` allows"},
    NoticeMeaning{NoticeCode::PeerNotFirst, "PEER-NOT-FIRST", "an ACL-driven route goes to the first peer while the live SA is with another"},
    NoticeMeaning{NoticeCode::PeerOtherInterface, "PEER-OTHER-INTERFACE", "a peer is reached by another device than the interface that carries its crypto map"},
    NoticeMeaning{NoticeCode::PinConflict, "PIN-CONFLICT", "entries disagree on the gateway or distance of one peer's host route"},
    NoticeMeaning{NoticeCode::ProxyConflict, "PROXY-CONFLICT", "two identities claim one prefix in one entry"},
    NoticeMeaning{NoticeCode::ProxyRefused, "PROXY-REFUSED", "the guard refused a remote proxy (SPEC.md section 6)"},
    NoticeMeaning{NoticeCode::RangeTooWide, "RANGE-TOO-WIDE", "a remote identity is an address range of too many CIDR blocks"},
    NoticeMeaning{NoticeCode::RouteFailed, "ROUTE-FAILED", "the kernel or FRR refused a route"},
    NoticeMeaning{NoticeCode::RouteOccupied, "ROUTE-OCCUPIED", "somebody else's route has the key of one of ours"},
    NoticeMeaning{NoticeCode::RouteShadowed, "ROUTE-SHADOWED", "somebody else's route of the same prefix has a lower metric"},
    NoticeMeaning{NoticeCode::SaUnmatched, "SA-UNMATCHED", "an SA belongs to no crypto map entry"},
    NoticeMeaning{NoticeCode::SourceLost, "SOURCE-LOST", "the IKE daemon stayed away for longer than `grace`"},
    NoticeMeaning{NoticeCode::StaticIgnored, "STATIC-IGNORED", "`static` in a dynamic-map template without peer and access list; SA-driven instead"},
    NoticeMeaning{NoticeCode::TagConflict, "TAG-CONFLICT", "`ip route` with a tag next to reverse-route with another"},
    NoticeMeaning{NoticeCode::TagNotCarried, "TAG-NOT-CARRIED", "the kernel cannot carry this tag"},
    NoticeMeaning{NoticeCode::TrackNotFollowed, "TRACK-NOT-FOLLOWED", "an `ip route` line names a track object that is not followed; it counts as up"},
    NoticeMeaning{NoticeCode::UnderlayAssumed, "UNDERLAY-ASSUMED", "no route is known in a front-door VRF; peers count as reachable"},
    NoticeMeaning{NoticeCode::VrfMissing, "VRF-MISSING", "a VRF has no Linux VRF device"},
    NoticeMeaning{NoticeCode::WildcardHoles, "WILDCARD-HOLES", "an access list destination is no prefix, so it makes no route"},
};

/// "TAG-CONFLICT".
constexpr std::string_view notice_name(NoticeCode code) {
  for (const auto& row : kNoticeMeanings) {
    if (row.code == code) return row.name;
  }
  return "UNKNOWN";
}

struct Notice {
  NoticeCode code{};
  std::string text;

  friend auto operator<=>(const Notice&, const Notice&) = default;
};

}  // namespace rri
