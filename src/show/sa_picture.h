// show/sa_picture.h -- SAs as the IKE daemon tells them, and where they belong.
//
// The IKE daemon knows counters and algorithms, the routes know crypto map
// entries and interfaces. A Flow is one CHILD_SA with both. The list and the
// places are taken one after the other, so an SA may be in one of them alone:
// then what the other would say is missing, and nothing else.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "model/ike_sa.h"

namespace rri::show {

struct SaPicture {
  std::shared_ptr<const core::Summary> summary;
  std::vector<IkeSa> sas;  // by id
  std::map<std::uint64_t, core::SaPlace> places;  // by number of the CHILD_SA
  /// Why an entry's tunnel did not come up last, "" while all is well; may be empty.
  std::function<std::string(const EntryName& entry)> last_failure = nullptr;
};

/// What of it is asked for.
struct SaQuery {
  std::optional<IpAddress> peer;
  std::optional<std::string> interface;  // canonical name
  std::optional<std::string> map;
  bool detail = false;
};

/// One CHILD_SA in its place. Points into a SaPicture.
struct Flow {
  const IkeSa* ike = nullptr;
  const ChildSa* child = nullptr;
  const core::SaPlace* view = nullptr;  // nullptr: it has no place
  std::string interface;               // IOS name; "(none)" when the SA belongs to no interface of the configuration
  std::string map;                     // "(none)" when no entry took it
};

/// Active CHILD_SAs that the query asks for, by interface, map and sequence, id.
std::vector<Flow> find_flows(const SaPicture& picture, const SaQuery& query);

/// The place of the first of an IKE SA's children that has an entry;
/// nullptr when none has.
const core::SaPlace* find_matched_view(const SaPicture& picture, const IkeSa& ike);

/// A permit line of a static entry on an interface, as far as no active SA has
/// exactly its selectors. Points into the summary's configuration.
struct IdleLine {
  std::string interface;
  std::string map;
  const CryptoEntry* entry = nullptr;
  const AclLine* line = nullptr;
  TrafficSelector local;
  TrafficSelector remote;

  /// The first `set peer`, the one that is tried first; "" when there is none.
  [[nodiscard]] std::string peer() const;
};
/// By interface, map, sequence and line; at most kMaxIdleLines.
std::vector<IdleLine> find_idle_lines(const SaPicture& picture, const std::vector<Flow>& flows, const SaQuery& query);

/// An access list of ten thousand lines without an SA is not what is asked for.
inline constexpr std::size_t kMaxIdleLines = 4096;

/// The interface that an IKE SA without CHILD_SA belongs to: the one with its local address.
std::string interface_of(const core::Summary& snapshot, const std::optional<IpAddress>& local);

/// "mymap 10", "mymap 10 (dynamic dyn 1)"; "none (REASON)" when no entry took the SA.
std::string entry_of(const core::SaPlace* view);

/// Front-door and inside VRF of an interface and the entry on it; "" for the global table.
std::string front_vrf_of(const core::Summary& snapshot, const std::string& interface);
std::string inside_vrf_of(const core::Summary& snapshot, const core::SaPlace* view, const std::string& interface);

/// The static or dynamic entry behind an SA; nullptr when there is none (any more).
const CryptoEntry* find_entry(const Config& config, const core::SaPlace* view);

}  // namespace rri::show
