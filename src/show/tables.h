// show/tables.h -- IOS's tables of what is configured, with what Linux makes of it.
//
// `show access-lists`, `show ip prefix-list`, `show vrf`, `show ip interface brief`,
// `show standby [brief]`, `show ip route`, `show crypto map`: each a text in IOS's
// layout, column by column, because scripts cut it at those columns.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/snapshot.h"

namespace rri::show {

/// Of one list, or of all; `only_v4` leaves the IPv6 ones out.
std::string access_lists(const Config& config, const std::optional<std::string>& name, bool only_v4);
std::string prefix_lists(const Config& config, const std::optional<std::string>& name);
std::string vrfs(const Config& config);
std::string interface_brief(const core::Snapshot& snapshot);
std::string standby_brief(const core::Snapshot& snapshot);
std::string standby(const core::Snapshot& snapshot);

/// IPv4: connected networks as the host has them, and the routes in use. Routes of
/// other programs are not ours to show.
std::string ip_routes(const core::Snapshot& snapshot, const std::string& vrf, bool only_static);
/// The entry of one network, or the one that covers an address.
std::string ip_route_entry(const core::Snapshot& snapshot, const std::string& vrf, const Prefix& asked);

struct CryptoMapQuery {
  std::optional<std::string> interface;  // canonical name
  std::optional<std::string> tag;
  /// The transforms of a transform set, "esp-aes esp-sha-hmac".
  std::function<std::string(const std::string& name)> transforms;
};
std::string crypto_maps(const core::Snapshot& snapshot, const CryptoMapQuery& query);

/// "Gi0/0/1" for "GigabitEthernet0/0/1", as narrow tables have it.
std::string short_interface(std::string_view name);

}  // namespace rri::show
