// app/doctor/neighbour_files.h -- what configuration files of our neighbours say. Pure.
//
// Each reader takes the whole text and picks what a check asks for; what it does
// not know is passed over.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/doctor/facts.h"
#include "app/doctor/strongswan_conf.h"

namespace rri::doctor {

/// Router sections and the names of route-maps, from `show running-config` or frr.conf.
struct FrrConfiguration {
  std::vector<FrrRouter> routers;
  std::set<std::string> route_maps;
};
FrrConfiguration parse_frr_configuration(std::string_view text);

/// The routes of `show ip route [vrf V] kernel` that could be ours: with a distance, and
/// nothing below it in the kernel's metric. `table` is that of the VRF.
std::vector<RouteFact> parse_zebra_kernel_routes(std::string_view text, std::uint32_t table, std::uint8_t protocol);

/// Adds the names of rt_protos or rt_protos.d/*.conf.
void parse_protocol_names(const NamedText& file, std::map<std::uint32_t, std::vector<PlacedValue>>& names);

/// `KEY=` in `[SECTION]` of an INI file of systemd; the last one counts.
std::optional<PlacedValue> parse_ini_value(const NamedText& file, std::string_view section, std::string_view key);

/// Names of `vrrp_instance` blocks; `include` is followed, kMaxFiles in all.
std::set<std::string> read_keepalived_instances(const std::string& path, const FindFiles& find_files);

}  // namespace rri::doctor
