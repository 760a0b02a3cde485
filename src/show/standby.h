// show/standby.h -- HSRP groups: how they are called here, and `show standby`, `show track`.
//
// A `standby` group runs as a VRRP instance of keepalived. Its name is what ties
// the three together: `standby ... name`, `crypto map ... redundancy`, and the lines
// of keepalived's notify FIFO. A group without a name has IOS's own.
//
// The other router is not known here: keepalived does not say who it is. So the
// columns for it read "unknown", as on a router that has not heard of it yet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "core/snapshot.h"
#include "show/routes.h"

namespace rri::show {

/// What is known of one group, by name, beside the configuration.
struct StandbyStatus {
  bool active = false;
  bool is_known = false;  // something was heard of it; IOS's state before is Init
  std::string word;       // keepalived's last one, "" when there is none
  std::string reason;     // why it is not active, "" when it is
  std::uint64_t changes = 0;
  Seconds since_change{0};
};

struct TrackStatus {
  bool up = false;
  std::uint64_t changes = 0;
  Seconds since_change{0};
};

struct RedundancyStatus {
  std::map<std::string, StandbyStatus> groups;
  std::map<std::uint32_t, TrackStatus> tracks;
};

/// "group1", or IOS's own "hsrp-Gi0/0/1-0".
std::string standby_name(const Interface& interface, const StandbyGroup& group);

/// The virtual addresses that keepalived is to carry, the primary one first. For
/// IPv6 that is a link-local one: as written, or as IOS derives it from the group's
/// virtual MAC 0005.73A0.0NNN. Empty when the address is to be learned.
std::vector<IpAddress> standby_addresses(const StandbyGroup& group);

/// One line for each crypto map whose group is not active here, the reason in it: such a
/// router has no routes of it. A group that `status` does not know counts as Standby.
std::vector<std::string> waiting_maps(const core::Summary& snapshot, const RedundancyStatus& status);

std::string standby_brief(const core::Summary& snapshot, const RedundancyStatus& status, Format format);
/// `all` lists groups without a virtual address, too.
std::string standby(const core::Summary& snapshot, const RedundancyStatus& status, bool all, Format format);
/// `only`: the one object that is asked for.
struct TrackQuery {
  bool brief = false;
  std::optional<std::uint32_t> only = std::nullopt;
};
std::string tracks(const core::Summary& snapshot, const RedundancyStatus& status, const TrackQuery& query, Format format);

}  // namespace rri::show
