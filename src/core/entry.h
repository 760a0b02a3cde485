// core/entry.h -- crypto map entries as they act: one for each interface that
// carries the map, dynamic maps expanded into their templates, every reference
// resolved.
//
// The configuration is read here once; the rest of core/ sees Entry values.
// They live as long as the configuration they were made from, which `acl` and
// the other pointers point into.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/host.h"
#include "model/config.h"
#include "model/notice.h"
#include "model/route.h"

namespace rri::core {

/// How the remote endpoint itself is routed (SPEC.md 3.2).
enum class PinMode : std::uint8_t {
  None,
  OutOfInterface,  // `remote-peer`: R/32 out of the map's interface
  ViaGateway,      // `remote-peer G gateway`, `set reverse-route gateway G`
};

/// One crypto map entry on one interface, or one tunnel interface with an ipsec profile.
struct Entry {
  std::string map;                      // of a tunnel: its ipsec profile
  std::uint32_t sequence = 0;
  std::string dynamic_map;              // "" for a static entry
  std::uint32_t template_sequence = 0;
  std::string interface;                // IOS name
  std::string device;                   // "" when the interface is unbound
  std::string front_vrf;                // of the interface
  std::string inside_vrf;
  std::optional<std::string> group;     // redundancy group
  std::vector<IpAddress> local_addresses;  // endpoints that SAs of this attachment may have, from the configuration
  std::string local_device;             // device whose addresses count as well

  std::vector<PeerAddress> peers;
  std::vector<const AccessList*> acls;  // IPv4 and/or IPv6 list of that name; empty: no `match address`
  std::vector<const PrefixList*> accept;  // lists of `accept prefix-list`
  bool has_accept = false;
  std::vector<IdentityMatch> identities;  // of its IKE profile
  std::vector<IdentityMatch> required;    // of `set identity`: one of them as well
  std::vector<PreSharedKeyScope> keys;    // pre-shared keys that its peers may use
  RouteFormSetting form;
  std::uint8_t distance = 1;
  std::uint32_t tag = 0;
  std::uint32_t maximum = 0;
  PinMode pin = PinMode::None;
  std::optional<IpAddress> pin_gateway;     // ViaGateway
  std::optional<IpAddress> next_hop;        // `remote-peer G`: instead of the peer
  bool is_tunnel = false;               // `tunnel protection ipsec profile`: takes the SAs of its device
  bool injects = false;                 // `reverse-route`, complete and without error
  bool acl_driven = false;
  std::string reference_error;          // a refused line in a list or profile that it names
  bool usable = false;                  // can take SAs: complete and without error
  std::string unusable_reason;

  /// What orders entries: rule 5 of SPEC.md 3.4.
  [[nodiscard]] auto rank() const { return std::tie(map, sequence, template_sequence, interface); }
  [[nodiscard]] bool is_static_entry() const { return dynamic_map.empty(); }
  /// Whether an IKE identity says who `peer` is: behind a wildcard pre-shared key
  /// everybody can claim any identity.
  [[nodiscard]] bool proves_identity(const IpAddress& peer) const;
  /// "mymap 10", "mymap 10 (dynamic dyn 1)".
  [[nodiscard]] std::string name() const;
};

/// All entries of all applied maps, ordered by interface, map, sequence,
/// template; and what there is to say about them.
struct EntryTable {
  std::vector<Entry> entries;
  std::vector<Notice> notices;
};

EntryTable expand_entries(const Config& config, const Host& host);

}  // namespace rri::core
