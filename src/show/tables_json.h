// show/tables_json.h -- the tables of tables.h, for programs.
//
// Each answer is one object. A list stands under its plural name and holds objects;
// what is not there is null or an empty list, never left out. Routes look as in
// show/json.h where they are RRI's. docs/json.md describes every member.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "show/tables.h"

namespace rri::show {

enum class WhichLists : std::uint8_t { Both, OnlyV4, OnlyV6 };

std::string access_lists_json(const Config& config, const std::optional<std::string>& name, WhichLists which);
std::string prefix_lists_json(const Config& config, const std::optional<std::string>& name, Family family);
std::string vrfs_json(const Config& config, const std::optional<std::string>& name);
std::string interfaces_json(const core::Summary& snapshot);
Pieces crypto_maps_json(std::shared_ptr<const core::Summary> summary, const ReadSas& sas, const CryptoMapQuery& query);
/// {"dynamic_maps": [...]}: the templates as in crypto_maps_json().
Pieces dynamic_maps_json(std::shared_ptr<const core::Summary> summary, const CryptoMapQuery& query);
/// As explain_address().
std::string explain_address_json(core::Rows rows, const IpAddress& address, const std::vector<std::string>& standby, const Config& config);

}  // namespace rri::show
