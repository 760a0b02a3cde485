// core/snapshot.h -- what readers see: an immutable picture of one moment.
//
// `show`, metrics and rri-web never look into the controller. They get a
// Snapshot, which nobody changes any more, and take as long as they like.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "core/events.h"
#include "model/config.h"
#include "model/link.h"
#include "model/notice.h"
#include "model/route.h"
#include "model/sa.h"

namespace rri::core {

/// One SA and the crypto map entry it fell to.
struct SaView {
  Sa sa;
  bool live = true;                 // false: gone, its hold-down runs
  std::optional<EntryName> entry;   // none: no entry took it
  std::string dynamic_map;          // template that took it, "" for a static entry
  std::uint32_t template_sequence = 0;
  std::string interface;            // IOS name of the attachment's interface
  std::string unmatched_reason;     // when there is no entry

  friend bool operator==(const SaView&, const SaView&) = default;
};

/// How one IOS interface is tied to Linux.
struct InterfaceView {
  std::string name;
  std::string device;   // "" when unbound
  std::string reason;   // why it is unbound
  bool up = false;

  friend bool operator==(const InterfaceView&, const InterfaceView&) = default;
};

enum class SourceState : std::uint8_t { NeverSeen, Connected, Lost, GraceExpired };

/// Counted since the start of the program.
struct Counters {
  std::uint64_t events = 0;
  std::uint64_t adds = 0;
  std::uint64_t changes = 0;
  std::uint64_t deletes = 0;
  std::uint64_t failures = 0;
  std::uint64_t occupied = 0;
  std::uint64_t repairs = 0;    // routes of ours put back after somebody removed them
  std::uint64_t adopted = 0;    // routes found right at the start
  std::uint64_t refused = 0;    // proxies the guard refused
  std::uint64_t suppressed = 0; // SA losses that hold-down or rekey bridged
};

struct Snapshot {
  std::uint64_t generation = 0;
  TimePoint taken;
  std::shared_ptr<const Config> config;  // never null
  std::vector<RouteRow> routes;          // sorted as SPEC.md section 8 says
  std::vector<SaView> sas;               // by id
  std::vector<InterfaceView> interfaces; // those of the configuration, by name
  std::vector<Link> links;               // by index
  std::map<std::string, bool> groups;    // redundancy groups: active here?
  std::vector<Notice> notices;           // in force now
  Counters counters;
  SourceState source = SourceState::NeverSeen;
  bool in_sync = false;                  // configuration, first SA list and first dump are in
  std::uint64_t installed = 0;           // routes of ours in the table
  std::uint64_t waiting = 0;             // desired and not yet there
};

}  // namespace rri::core
