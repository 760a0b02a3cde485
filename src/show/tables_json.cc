#include "show/tables_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "show/json.h"
#include "show/sa_text.h"
#include "show/summary.h"

namespace rri::show {

namespace {

using Json = nlohmann::ordered_json;

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

template <class Value>
Json value_or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json address_or_null(const std::optional<IpAddress>& address) {
  return address ? Json(address->to_string()) : Json(nullptr);
}

std::string_view name_of(Family family) { return family == Family::V4 ? "ipv4" : "ipv6"; }

Json access_list(const AccessList& list, std::string_view type) {
  auto entries = Json::array();
  for (const auto& line : list.lines) {
    entries.push_back({{"sequence", line.sequence},
                       {"action", line.permit ? "permit" : "deny"},
                       {"protocol", line.protocol},
                       {"text", line.text}});
  }
  return {{"name", list.name}, {"family", name_of(list.family)}, {"type", type}, {"entries", std::move(entries)}};
}

Json prefix_list(const PrefixList& list) {
  auto entries = Json::array();
  for (const auto& line : list.lines) {
    entries.push_back({{"sequence", line.sequence},
                       {"action", line.permit ? "permit" : "deny"},
                       {"prefix", line.prefix.to_string()},
                       {"ge", value_or_null(line.ge)},
                       {"le", value_or_null(line.le)}});
  }
  return {{"name", list.name}, {"family", name_of(list.family)}, {"entries", std::move(entries)}};
}

Json reverse_route(const ReverseRoute& setting) {
  return {{"enabled", setting.enabled},
          {"static", setting.is_static},
          {"remote_peer", setting.remote_peer},
          {"remote_peer_address", address_or_null(setting.remote_peer_address)},
          {"remote_peer_is_gateway", setting.remote_peer_is_gateway},
          {"gateway", address_or_null(setting.gateway)},
          {"distance", value_or_null(setting.distance)},
          {"tag", value_or_null(setting.tag)},
          {"accept_prefix_list", text_or_null(setting.accept_prefix_list)},
          {"maximum", value_or_null(setting.maximum)}};
}

Json crypto_entry(const MapSas& sas, const EntryKey& key, const CryptoEntry& entry, const CryptoMapQuery& query) {
  const auto settings = query.settings(key);
  auto peers = Json::array();
  for (const auto& peer : entry.peers) peers.push_back(peer.address ? peer.address->to_string() : peer.host);
  auto sets = Json::array();
  for (const auto& set : entry.transform_sets) sets.push_back({{"name", set}, {"transforms", query.transforms(set)}});
  Json object = {{"sequence", entry.sequence}, {"description", text_or_null(entry.description)}, {"peers", std::move(peers)}};
  object["current_peer"] = key.dynamic ? Json(nullptr) : text_or_null(current_peer(sas, key.map, entry, query));
  object["access_list"] = text_or_null(entry.match_address);
  object["isakmp_profile"] = text_or_null(entry.isakmp_profile);
  object["ikev2_profile"] = text_or_null(entry.ikev2_profile);
  object["transform_sets"] = std::move(sets);
  object["lifetime_seconds"] = settings.seconds;
  object["lifetime_kilobytes"] = value_or_null(settings.kilobytes);
  object["idle_seconds"] = value_or_null(settings.idle_seconds);
  object["pfs"] = text_or_null(settings.pfs_group);
  object["reverse_route"] = reverse_route(entry.reverse_route);
  object["error"] = text_or_null(entry.error);
  return object;
}

Json templates_of(const Config& config, const MapSas& sas, const std::string& name, const CryptoMapQuery& query) {
  auto templates = Json::array();
  const auto found = config.dynamic_maps.find(name);
  if (found == config.dynamic_maps.end()) return templates;
  for (const auto& [sequence, entry] : found->second.entries) {
    templates.push_back(crypto_entry(sas, {true, name, sequence}, entry, query));
  }
  return templates;
}

std::string dumped(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// One map, an entry at a time.
Pieces crypto_map(const std::shared_ptr<const Config>& config, const std::shared_ptr<const MapSas>& sas, const CryptoMap& map, const CryptoMapQuery& query,
                  bool is_first) {
  auto entry = map.entries.begin();
  auto entries = each_piece(map.entries.size(), [config, sas, &map, query, entry](std::size_t i) mutable {
    auto object = crypto_entry(*sas, {false, map.name, entry->first}, entry->second, query);
    object["dynamic_map"] = text_or_null(entry->second.dynamic_map);
    object["templates"] = templates_of(*config, *sas, entry->second.dynamic_map, query);
    ++entry;
    return fmt::format("{}{}", i == 0 ? "" : ",", dumped(object));
  });
  return joined({one_piece(is_first ? "\n{\"entries\":[" : ",\n{\"entries\":["), std::move(entries),
                 one_piece(fmt::format("],\"interfaces\":{},\"name\":{}}}", dumped(interfaces_of_map(*config, map.name)), dumped(map.name)))});
}

}  // namespace

std::string access_lists_json(const Config& config, const std::optional<std::string>& name, WhichLists which) {
  auto lists = Json::array();
  const auto add = [&](const std::map<std::string, AccessList>& from, bool wants_standard) {
    for (const auto& [key, list] : from) {
      if (is_standard(key) == wants_standard && (!name || *name == list.name)) lists.push_back(access_list(list, wants_standard ? "standard" : "extended"));
    }
  };
  if (which != WhichLists::OnlyV6) {
    add(config.access_lists, true);
    add(config.access_lists, false);
  }
  if (which != WhichLists::OnlyV4) add(config.ipv6_access_lists, false);
  return compact({{"access_lists", std::move(lists)}});
}

std::string prefix_lists_json(const Config& config, const std::optional<std::string>& name, Family family) {
  auto lists = Json::array();
  for (const auto& [key, list] : family == Family::V4 ? config.prefix_lists : config.ipv6_prefix_lists) {
    if (!name || *name == key) lists.push_back(prefix_list(list));
  }
  return compact({{"prefix_lists", std::move(lists)}});
}

std::string vrfs_json(const Config& config, const std::optional<std::string>& asked) {
  auto vrfs = Json::array();
  for (const auto& [name, vrf] : config.vrfs) {
    if (asked && *asked != name) continue;
    auto protocols = Json::array();
    if (vrf.ipv4) protocols.push_back("ipv4");
    if (vrf.ipv6) protocols.push_back("ipv6");
    auto interfaces = Json::array();
    for (const auto& [key, interface] : config.interfaces) {
      if (interface.vrf == name) interfaces.push_back(key);
    }
    vrfs.push_back({{"name", name},
                    {"rd", text_or_null(vrf.route_distinguisher)},
                    {"protocols", std::move(protocols)},
                    {"interfaces", std::move(interfaces)}});
  }
  return compact({{"vrfs", std::move(vrfs)}});
}

std::string interfaces_json(const core::Summary& snapshot) {
  auto interfaces = Json::array();
  for (const auto& [name, interface] : snapshot.config->interfaces) {
    const auto status = interface_status(snapshot, interface);
    const auto* view = find_view(snapshot, name);
    auto addresses = Json::array();
    for (const auto& address : interface.addresses) addresses.push_back(fmt::format("{}/{}", address.address.to_string(), address.length));
    interfaces.push_back({{"name", name},
                          {"device", text_or_null(view == nullptr ? std::string() : view->device)},
                          {"unbound", text_or_null(view == nullptr ? std::string() : view->reason)},
                          {"vrf", interface.vrf},
                          {"addresses", std::move(addresses)},
                          {"method", status.method},
                          {"status", status.status},
                          {"protocol", status.protocol},
                          {"description", interface.description}});
  }
  return compact({{"interfaces", std::move(interfaces)}});
}

Pieces crypto_maps_json(std::shared_ptr<const core::Summary> summary, const ReadSas& sas, const CryptoMapQuery& query) {
  return with_map_sas(sas(), [config = summary->config, query](const std::shared_ptr<const MapSas>& found) {
    std::vector<Pieces> parts = {one_piece("{\"crypto_maps\":[")};
    for (const auto* map : find_crypto_maps(*config, query)) parts.push_back(crypto_map(config, found, *map, query, parts.size() == 1));
    parts.push_back(one_piece("]}\n"));
    return joined(std::move(parts));
  });
}

Pieces dynamic_maps_json(std::shared_ptr<const core::Summary> summary, const CryptoMapQuery& query) {
  auto maps = Json::array();
  for (const auto& [name, map] : summary->config->dynamic_maps) {
    if (!query.tag || *query.tag == name) maps.push_back({{"name", name}, {"entries", templates_of(*summary->config, {}, name, query)}});
  }
  return one_piece(compact({{"dynamic_maps", std::move(maps)}}));
}

std::string explain_address_json(core::Rows rows, const IpAddress& address, const std::vector<std::string>& standby, const Config& config) {
  std::string text = "{\"address\":" + quoted_json(address.to_string()) + ",\"routes\":[";
  std::string_view separator = "\n";
  const auto found = longest_prefix_first(std::move(rows));
  for (const auto& row : found) {
    text += fmt::format("{}{}", separator, detailed_route_json(row));
    separator = ",\n";
  }
  Json protections = Json::array();
  for (const auto& one : find_protections(config, address, found)) {
    protections.push_back({{"map", one.map}, {"seq", one.sequence}, {"interface", one.interface}, {"access_list", one.list}, {"line", one.line},
                           {"no_route", one.without_route}, {"fail_closed", config.settings.fail_closed}});
  }
  return text + "],\"protected_by\":" + protections.dump() + ",\"standby\":" + Json(standby).dump() + "}\n";
}

}  // namespace rri::show
