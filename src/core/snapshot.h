// core/snapshot.h -- what readers see: immutable pictures, and rows some at a time.
//
// `show`, metrics and rri-web never look into the controller. A Summary is a
// picture of one moment that costs nothing per route; a Snapshot is one with every
// row and SA in it, for tables that are known to be small (`rri plan`, tests).
// Who lists or counts what may be large reads Rows, SaViews, a Count: the live
// table, some at a time, so that no reader ever holds up a route. As on a router,
// what changes while somebody pages is seen if it is still to come.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
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

/// Where an SA belongs: the crypto map entry it fell to.
struct SaPlace {
  std::optional<EntryName> entry;   // none: no entry took it
  std::string dynamic_map;          // template that took it, "" for a static entry
  std::uint32_t template_sequence = 0;
  std::string interface;            // IOS name of the attachment's interface
  std::string unmatched_reason;     // when there is no entry

  friend bool operator==(const SaPlace&, const SaPlace&) = default;
};

struct SaView : SaPlace {
  Sa sa;
  bool live = true;                 // false: gone, its hold-down runs

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
  std::uint64_t suppressed = 0; // SA losses that hold-down or rekey bridged
};

/// How many rows are in each state; the index is the RouteState.
using StateCounts = std::array<std::size_t, static_cast<std::size_t>(RouteState::Refused) + 1>;

/// What is to be counted over all rows and SAs.
struct Tally {
  StateCounts states{};
  std::vector<RouteRow> refused;         // the first refused rows, at most kMaxRefusedRows
  std::vector<Notice> troubles;          // one for each row that is occupied, failed or shadowed
  std::uint64_t live_sas = 0;
  std::uint64_t unmatched_sas = 0;       // of the live ones
};

/// Everything but the rows and the SAs themselves, and what would have to be counted.
struct Summary {
  std::uint64_t generation = 0;
  TimePoint taken;
  std::shared_ptr<const Config> config;  // never null
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

/// Its notices are those of the Summary and the Tally's troubles.
struct Snapshot : Summary, Tally {
  std::vector<RouteRow> routes;  // sorted as SPEC.md section 8 says
  std::vector<SaView> sas;       // by id
};

struct RowQuery {
  std::optional<std::string> vrf;       // none: all tables
  std::optional<IpAddress> covering{};  // only rows whose prefix contains it, shortest first
  std::optional<Prefix> within{};       // only rows whose prefix lies in it

  friend bool operator==(const RowQuery&, const RowQuery&) = default;
};

/// Appends the next rows (at most some hundred) in the order of SPEC.md section 8.
/// False: those were the last, do not call again. Rows of one prefix come together.
using Rows = std::function<bool(std::vector<RouteRow>& out)>;

/// Counts some more rows and SAs. False: that was all, do not call again.
using Count = std::function<bool(Tally& tally)>;

/// As Rows: the next SAs, by id, the gone ones in their hold-down among them.
using SaViews = std::function<bool(std::vector<SaView>& out)>;

/// The rows of a picture.
Rows rows_of(std::shared_ptr<const Snapshot> snapshot, RowQuery query = {});

}  // namespace rri::core
