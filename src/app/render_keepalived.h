// app/render_keepalived.h -- keepalived.conf for the `standby` groups of a configuration.
//
// VRRP stands in for HSRP: one instance for each group, named as the group is, all
// of them BACKUP at first. What HSRP has and VRRP has not is told in comments that
// begin with "# NOTICE:".
//
//   VRRP id     `linux vrid`, else the group's number where it is 1-255, else counted
//               down from 255, ascending groups of one interface, taken ids left out;
//               two routers of one configuration come to the same ids
//   priority    0 and 255 mean something else in VRRP: 1 and 254
//   preempt     IOS does not by default: `nopreempt`
//   timers      hello -> advert_int; hold -> how many of them may be missed
//   track       a weight, or (`shutdown`) none, which makes the group leave at once
//   text authentication makes it VRRP version 2; it is 3 otherwise
//
// A check runs `rri health` every second: a router whose rrid or IKE daemon is dead
// gives the group away. A dead rrid cannot withdraw its routes, so `rri flush` does it.
#pragma once

#include <string>

#include "base/result.h"
#include "config/config.h"

namespace rri::app {

/// What the configuration does not say.
struct KeepalivedContext {
  std::string program = "/usr/bin/rri";  // what checks and flushes are done with
  std::string options;                   // for `program`: "" or "--socket PATH"
  std::string config;                    // for `rri flush --config`, "" for the usual file
  std::string fifo_owner;                // user that rrid runs as; "" when it is root
};

/// Without any group: an error.
Result<std::string> render_keepalived(const ParseResult& parsed, const KeepalivedContext& context);

}  // namespace rri::app
