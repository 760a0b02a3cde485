// show/sa_picture.h -- SAs as the IKE daemon tells them, and where they belong.
//
// The IKE daemon knows counters and algorithms, the routes know crypto map
// entries and interfaces. A Flow is one CHILD_SA with both. The list and the
// places are taken one after the other, so an SA may be in one of them alone:
// then what the other would say is missing, and nothing else.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/snapshot.h"
#include "model/ike_sa.h"
#include "model/sa_settings.h"

namespace rri::show {

class SaPicture {
 public:
  SaPicture(std::shared_ptr<const core::Summary> summary_in, SharedSas sas_in) : summary(std::move(summary_in)), sas(std::move(sas_in)) {}
  SaPicture(const SaPicture&) = delete;
  SaPicture& operator=(const SaPicture&) = delete;

  const std::shared_ptr<const core::Summary> summary;
  const SharedSas sas;
  /// Why an entry's tunnel did not come up last, "" while all is well; may be empty.
  std::function<std::string(const EntryName& entry)> last_failure = nullptr;

  void set_place(std::uint64_t child, core::SaPlace place);
  /// Of a CHILD_SA; nullptr: it has none.
  [[nodiscard]] const core::SaPlace* find_place(std::uint64_t child) const;

 private:
  struct Before {
    bool operator()(const core::SaPlace& a, const core::SaPlace& b) const;
  };
  // Thousands of SAs are in few places: the map is freed in one go, so it holds no texts.
  std::set<core::SaPlace, Before> distinct_;
  absl::flat_hash_map<std::uint64_t, const core::SaPlace*> places_;
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
  std::string_view interface;           // IOS name; "(none)" when the SA belongs to no interface of the configuration
  std::string_view map;                 // "(none)" when no entry took it

  /// What IOS calls the map: "Tunnel0-head-0" of a tunnel interface.
  [[nodiscard]] std::string tag() const;

  /// Interface, map, sequence, id: the order in which flows are shown.
  [[nodiscard]] std::tuple<std::string_view, std::string_view, std::uint32_t, std::uint64_t> rank() const;
};

/// Active CHILD_SAs that the query asks for, by rank. All at once.
std::vector<Flow> find_flows(const SaPicture& picture, const SaQuery& query);

/// The place of the first of an IKE SA's children that has an entry;
/// nullptr when none has.
const core::SaPlace* find_matched_view(const SaPicture& picture, const IkeSa& ike);

/// A permit line of a static entry on an interface, as far as no active SA has
/// exactly its selectors. Points into the summary's configuration.
struct IdleLine {
  std::string_view interface;
  std::string_view map;
  const CryptoEntry* entry = nullptr;
  const AclLine* line = nullptr;
  TrafficSelector local;
  TrafficSelector remote;

  /// The first `set peer`, the one that is tried first; "" when there is none.
  [[nodiscard]] std::string peer() const;
};
/// An access list of ten thousand lines without an SA is not what is asked for.
inline constexpr std::size_t kMaxIdleLines = 4096;

/// Flows and idle lines that a query asks for, found some at a time.
class SaSearch {
 public:
  SaSearch(std::shared_ptr<const SaPicture> picture, SaQuery query);

  /// False: all were found.
  bool step();

  /// In the order of the list.
  [[nodiscard]] const std::vector<Flow>& flows() const { return flows_; }
  /// By interface, map, sequence and line; at most kMaxIdleLines.
  [[nodiscard]] const std::vector<IdleLine>& idle() const { return idle_; }

 private:
  /// A static entry's interface, map and sequence with what an SA of it carries.
  using Covered = std::tuple<std::string_view, std::string_view, std::uint32_t, IpAddress, IpAddress, IpAddress, IpAddress>;
  struct Place {
    IdleLine line;
    const AccessList* list = nullptr;
  };

  bool step_flows();
  bool step_lines();
  void take(const IkeSa& ike, const ChildSa& child);
  void find_places();
  void add_line(const Place& place, const AclLine& line);

  std::shared_ptr<const SaPicture> picture_;
  SaQuery query_;
  IkeSas::const_iterator ike_;
  std::size_t child_ = 0;
  std::vector<Flow> flows_;
  absl::flat_hash_set<Covered> covered_;
  std::optional<std::vector<Place>> places_;
  std::size_t place_ = 0;
  std::size_t line_ = 0;
  std::vector<IdleLine> idle_;
};

/// The interface that an IKE SA without CHILD_SA belongs to: its tunnel, else the one with its local address.
std::string_view interface_of(const core::Summary& snapshot, const IkeSa& ike);
/// Where an SA belongs by the name that rrid gave its connection. The routes know nothing of SAs in
/// transport mode, nor of IKE SAs; no entry: the name is not one of ours.
core::SaPlace place_of_connection(const core::Summary& snapshot, const IkeSa& ike);
/// "Tunnel0-head-0", the crypto map that IOS makes of `tunnel protection`.
std::string head_map(std::string_view interface);
/// The `security-association` settings that count for an SA.
SaSettings sa_settings_of(const Config& config, const core::SaPlace* view);

/// "mymap 10", "mymap 10 (dynamic dyn 1)"; "none (REASON)" when no entry took the SA.
std::string entry_of(const core::SaPlace* view);

/// Front-door and inside VRF of an interface and the entry on it; "" for the global table.
std::string front_vrf_of(const core::Summary& snapshot, std::string_view interface);
std::string inside_vrf_of(const core::Summary& snapshot, const core::SaPlace* view, std::string_view interface);

/// The static or dynamic entry behind an SA; nullptr when there is none (any more).
const CryptoEntry* find_entry(const Config& config, const core::SaPlace* view);

}  // namespace rri::show
