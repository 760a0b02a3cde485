// show/tables.h -- IOS's tables of what is configured, with what Linux makes of it.
//
// `show access-lists`, `show ip prefix-list`, `show vrf`, `show ip interface brief`,
// `show ip route`, `show crypto map`: each a text in IOS's
// layout, column by column, because scripts cut it at those columns.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/pieces.h"
#include "core/snapshot.h"

namespace rri::show {

/// Of one list, or of all IPv4 ones: `show ipv6 access-list` shows the others
/// (docs/decisions/0011-show-access-lists.md).
std::string access_lists(const Config& config, const std::optional<std::string>& name);
std::string ipv6_access_lists(const Config& config, const std::optional<std::string>& name);
std::string prefix_lists(const Config& config, const std::optional<std::string>& name, Family family);
/// `detail`: with the entries; else `show ip prefix-list summary`.
std::string prefix_list_counts(const Config& config, const std::optional<std::string>& name, Family family, bool detail);
std::string vrfs(const Config& config, const std::optional<std::string>& name);
std::string ip_vrfs(const Config& config, const std::optional<std::string>& name);
std::string interface_brief(const core::Summary& snapshot);
/// `show interfaces description`.
std::string interface_descriptions(const core::Summary& snapshot);

enum class IpRouteKind : std::uint8_t { All, Static, Connected };

/// One network of the table, and the ways to it.
struct IpRoute {
  struct Way {
    std::optional<IpAddress> next_hop;
    std::string interface;  // IOS name, "Null0"; "" where only the next hop is known
    std::uint32_t tag = 0;
  };
  Prefix prefix;
  char code = 'S';  // S, C or L
  unsigned distance = 0;
  std::vector<Way> ways;
};

/// The table of one VRF and family: connected networks as the host has them, and the routes in
/// use. Routes of other programs are not ours to show.
struct IpTable {
  std::shared_ptr<const core::Summary> summary;
  std::string vrf;
  std::function<core::Rows(core::RowQuery)> rows;  // of the live table
  Family family = Family::V4;
};
Pieces ip_routes(const IpTable& table, IpRouteKind kind);
Pieces ip_routes_json(const IpTable& table, IpRouteKind kind);
/// `asked`: a host stands for the network that covers it; a network only for itself.
std::optional<IpRoute> find_ip_route(const IpTable& table, IpRouteKind kind, const Prefix& asked);
/// The entry of one network, or the one that covers an address.
Pieces ip_route_entry(const IpTable& table, const Prefix& asked);
Pieces ip_route_entry_json(const IpTable& table, IpRouteKind kind, const Prefix& asked);
/// How many routes there are, by source.
Pieces ip_route_summary(const IpTable& table, bool is_json);

// ip6_route.cc: the same for IPv6, in its layout.
Pieces ip6_routes(const IpTable& table, IpRouteKind kind);
Pieces ip6_route_entry(const IpTable& table, const Prefix& asked);

/// What an entry says about IPsec and routing has no use for.
struct IpsecSettings {
  std::uint32_t seconds = 3600;             // IOS's defaults
  std::optional<std::uint64_t> kilobytes = 4608000;  // none: disabled
  std::optional<std::uint32_t> idle_seconds;
  std::string pfs_group;                    // "group14", "" without PFS
};

/// Names an entry of a crypto map or of a dynamic map.
struct EntryKey {
  bool dynamic = false;
  std::string map;
  std::uint32_t sequence = 0;

  friend auto operator<=>(const EntryKey&, const EntryKey&) = default;
};

struct CryptoMapQuery {
  std::optional<std::string> interface;  // canonical name
  std::optional<std::string> tag;
  /// The transforms of a transform set, "esp-aes esp-sha-hmac".
  std::function<std::string(const std::string& name)> transforms;
  std::function<IpsecSettings(const EntryKey& entry)> settings;
  /// Index of the peer that rrid has charon call; nothing where it chooses none.
  std::function<std::optional<std::size_t>(const EntryName& entry)> chosen_peer;
  /// Why its tunnel did not come up last, "" while all is well; may be empty.
  std::function<std::string(const EntryName& entry)> last_failure = nullptr;
};
/// What the live SAs say about maps.
struct MapSas {
  std::map<EntryName, std::string> peers;  // of the first SA of each entry
  std::set<std::string> with_templates;    // maps whose templates took SAs
};
/// Readings of all SAs, each from the start.
using ReadSas = std::function<core::SaViews()>;
Pieces crypto_maps(std::shared_ptr<const core::Summary> summary, const ReadSas& sas, const CryptoMapQuery& query);
/// `show crypto dynamic-map`: the templates of the dynamic maps; `query.tag` names one.
Pieces dynamic_maps(std::shared_ptr<const core::Summary> summary, const CryptoMapQuery& query);
/// The maps that the query asks for, by name.
std::vector<const CryptoMap*> find_crypto_maps(const Config& config, const CryptoMapQuery& query);
/// Reads all SAs, then gives what `make` makes of them.
Pieces with_map_sas(core::SaViews sas, std::function<Pieces(std::shared_ptr<const MapSas>)> make);

/// The interfaces that carry a crypto map, by name.
std::vector<std::string> interfaces_of_map(const Config& config, const std::string& map);
/// The chosen peer, else that of the entry's SA that is up, else the default or first one; "" when there is none.
std::string current_peer(const MapSas& sas, const std::string& map, const CryptoEntry& entry, const CryptoMapQuery& query);

/// A row of `show ip interface brief`.
struct InterfaceStatus {
  std::string address;   // "unassigned" without one
  std::string_view method;
  std::string_view status;
  std::string_view protocol;
};
InterfaceStatus interface_status(const core::Summary& snapshot, const Interface& interface);
/// As IOS lists them: ports before what is only configured, each by type and then by number, 9 before 10.
std::vector<const Interface*> in_ios_order(const Config& config);

/// The view of this IOS interface, null when there is none.
const core::InterfaceView* find_view(const core::Summary& snapshot, const std::string& name);

/// Whether this key of Config::access_lists is that of a standard list.
bool is_standard(std::string_view key);

/// "Gi0/0/1" for "GigabitEthernet0/0/1", as narrow tables have it.
std::string short_interface(std::string_view name);

}  // namespace rri::show
