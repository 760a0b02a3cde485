// `show crypto map`, in IOS's layout.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/peers.h"
#include "show/sa_text.h"
#include "show/tables.h"

namespace rri::show {

namespace {

std::string peer_text(const PeerAddress& peer) { return peer.address ? peer.address->to_string() : peer.host; }

std::string access_list_of(const Config& config, const std::string& name) {
  const auto v4 = config.access_lists.find(name);
  const auto v6 = config.ipv6_access_lists.find(name);
  if (v4 == config.access_lists.end() && v6 == config.ipv6_access_lists.end()) {
    return fmt::format("        access list {} is not configured\n", name);
  }
  const bool is_v4 = v4 != config.access_lists.end();
  const auto& list = is_v4 ? v4->second : v6->second;
  auto text = fmt::format("        {} access list {}\n", is_v4 ? "Extended IP" : "IPv6", name);
  for (const auto& line : list.lines) text += fmt::format("            access-list {} {}\n", name, line.text);
  return text;
}

std::string reverse_route(const ReverseRoute& setting) {
  if (!setting.enabled) return {};
  std::string text = "        Reverse Route Injection Enabled\n";
  if (setting.is_static) text += "                Static Route Creation\n";
  if (setting.remote_peer) {
    text += "                Remote Peer";
    if (setting.remote_peer_address) text += fmt::format(" {}", setting.remote_peer_address->to_string());
    text += '\n';
  }
  if (setting.gateway) text += fmt::format("                Gateway {}\n", setting.gateway->to_string());
  if (setting.distance) text += fmt::format("                Distance {}\n", static_cast<unsigned>(*setting.distance));
  if (setting.tag) text += fmt::format("                Tag {}\n", *setting.tag);
  return text;
}

std::string yes_or_no(bool value) { return value ? "Y" : "N"; }

/// IOS writes the key length in the middle of the name: "esp-256-aes".
std::string ios_transforms(const std::string& transforms) {
  std::vector<std::string> words;
  for (const auto word : split_words(transforms)) {
    const bool is_length = word == "128" || word == "192" || word == "256";
    const bool is_aes = is_length && !words.empty() && words.back() == "esp-aes";
    if (is_aes && word == "128") continue;
    if (is_aes) {
      words.back() = fmt::format("esp-{}-aes", word);
    } else {
      words.emplace_back(word);
    }
  }
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string lifetime_lines(const IpsecSettings& settings) {
  const auto volume = settings.kilobytes ? fmt::format("{} kilobytes/", *settings.kilobytes) : std::string("0 kilobytes/");
  auto text = fmt::format("        Security association lifetime: {}{} seconds\n", volume, settings.seconds);
  if (settings.idle_seconds) text += fmt::format("        Security association idletime: {} seconds\n", *settings.idle_seconds);
  return text;
}

bool is_incomplete(const Config& config, const CryptoEntry& entry) {
  const bool has_list = config.access_lists.contains(entry.match_address) || config.ipv6_access_lists.contains(entry.match_address);
  return entry.peers.empty() || !has_list;
}

/// What all entries of one answer are made from.
struct Picture {
  std::shared_ptr<const Config> config;
  ReadSas read_sas;
  std::shared_ptr<const MapSas> sas;
  CryptoMapQuery query;
};

/// Lifetime, PFS and transform sets.
std::string ipsec_lines(const CryptoMapQuery& query, const IpsecSettings& settings, const std::vector<std::string>& transform_sets, bool responder_only) {
  auto text = lifetime_lines(settings);
  text += fmt::format("        Dualstack (Y/N): N\n\n        Responder-Only (Y/N): {}\n        PFS (Y/N): {}\n", yes_or_no(responder_only),
                      yes_or_no(!settings.pfs_group.empty()));
  if (!settings.pfs_group.empty()) text += fmt::format("        DH group:  {}\n", settings.pfs_group);
  text += "        Mixed-mode : Disabled\n        Transform sets={\n";
  for (const auto& set : transform_sets) text += fmt::format("                {}:  {{ {}  }} ,\n", set, ios_transforms(query.transforms(set)));
  return text + "        }\n";
}

/// Of `set identity`.
std::string identity_of(const Config& config, const EntryKey& key) {
  const auto& all = key.dynamic ? config.ike.dynamic_entries : config.ike.map_entries;
  const auto found = all.find({key.map, key.sequence});
  return found == all.end() ? std::string() : found->second.identity;
}

std::string entry_body(const Picture& picture, const EntryKey& key, const CryptoEntry& entry) {
  const auto& query = picture.query;
  const auto settings = query.settings(key);
  std::string text;
  if (!key.dynamic && is_incomplete(*picture.config, entry)) {
    text += "        WARNING: This crypto map is in an incomplete state!\n"
            "                (missing peer or access-list definitions)\n";
  }
  if (!entry.description.empty()) text += fmt::format("        Description: {}\n", entry.description);
  for (const auto& peer : entry.peers) text += fmt::format("        Peer = {}\n", peer_text(peer));
  for (const auto& peer : entry.peers) text += peer.is_default ? fmt::format("        Default peer: {}\n", peer_text(peer)) : std::string();
  if (!entry.isakmp_profile.empty()) text += fmt::format("        ISAKMP Profile: {}\n", entry.isakmp_profile);
  if (const auto& identity = identity_of(*picture.config, key); !identity.empty()) text += fmt::format("        Identity: {}\n", identity);
  if (!entry.ikev2_profile.empty()) text += fmt::format("        IKEv2 Profile: {}\n", entry.ikev2_profile);
  text += "        Access-List SS dynamic: False\n";
  text += entry.match_address.empty() ? std::string("        No matching address list set.\n") : access_list_of(*picture.config, entry.match_address);
  const auto peer = key.dynamic ? std::string() : current_peer(*picture.sas, key.map, entry, query);
  if (!peer.empty()) text += fmt::format("        Current peer: {}\n", peer);
  const auto failure = key.dynamic || !query.last_failure ? std::string() : query.last_failure({key.map, key.sequence});
  if (!failure.empty()) text += fmt::format("        Last failure: {}\n", failure);
  return text + ipsec_lines(query, settings, entry.transform_sets, false) + reverse_route(entry.reverse_route);
}

std::string dynamic_entries(const Picture& picture, const CryptoEntry& entry) {
  const auto found = picture.config->dynamic_maps.find(entry.dynamic_map);
  if (found == picture.config->dynamic_maps.end()) return {};
  std::string text;
  for (const auto& [sequence, item] : found->second.entries) {
    text += fmt::format("        Dynamic map template {} {}\n", entry.dynamic_map, sequence) + entry_body(picture, {true, entry.dynamic_map, sequence}, item);
  }
  return text;
}

std::string acl_words(const TrafficSelector& selector) {
  const auto prefix = selector.to_prefix();
  if (!prefix || !prefix->address().is_v4()) return selector.to_string();
  return prefix->is_host() ? "host " + prefix->address().to_string()
                           : fmt::format("{} {}", prefix->address().to_string(), prefix->mask().inverted().to_string());
}

/// As IOS does: an entry of its own for each SA that a template took, numbered on
/// behind the map's last entry.
std::string created_entry(const std::string& name, std::size_t sequence, const core::SaView& view) {
  const auto peer = view.sa.peer.to_string();
  const bool is_v4 = view.sa.remote.empty() || view.sa.remote.front().family() == Family::V4;
  auto text = fmt::format("Crypto Map {} \"{}\" {} ipsec-isakmp\n        Peer = {}\n        {} access list\n", is_v4 ? "IPv4" : "IPv6", name, sequence, peer,
                          is_v4 ? "Extended IP" : "IPv6");
  for (const auto& local : view.sa.local) {
    for (const auto& remote : view.sa.remote) {
      if (local.family() == remote.family()) text += fmt::format("            access-list  permit {} {} {}\n", remote.family() == Family::V4 ? "ip" : "ipv6", acl_words(local), acl_words(remote));
    }
  }
  return text + fmt::format("            dynamic (created from dynamic map {}/{})\n        Current peer: {}\n\n", view.dynamic_map, view.template_sequence, peer);
}

std::string configured_entry(const Picture& picture, const std::string& name, const CryptoEntry& entry) {
  // Maps know no family here: what the access list matches tells, as two maps would on IOS.
  const auto& config = *picture.config;
  const bool is_v6 = config.ipv6_access_lists.contains(entry.match_address) && !config.access_lists.contains(entry.match_address);
  auto text = fmt::format("Crypto Map {} \"{}\" {} ipsec-isakmp\n", is_v6 ? "IPv6" : "IPv4", name, entry.sequence);
  if (!entry.dynamic_map.empty()) text += fmt::format("        Dynamic map template tag: {}\n", entry.dynamic_map);
  text += entry.dynamic_map.empty() ? entry_body(picture, {false, name, entry.sequence}, entry) : dynamic_entries(picture, entry);
  return text + '\n';
}

std::string interface_lines(const Config& config, const std::string& name) {
  auto text = fmt::format("        Interfaces using crypto map {}:\n", name);
  for (const auto& interface : interfaces_of_map(config, name)) text += fmt::format("                {}\n", interface);
  return text + '\n';
}

/// An entry for each SA that the templates of `map` took, as they are read.
Pieces created_entries(const Picture& picture, const CryptoMap& map) {
  if (!picture.sas->with_templates.contains(map.name)) return one_piece({});
  const std::size_t last = map.entries.empty() ? 0 : map.entries.rbegin()->first;
  return [read = picture.read_sas(), name = map.name, sequence = last](std::string& out) mutable {
    std::vector<core::SaView> some;
    const bool more = read(some);
    for (const auto& view : some) {
      if (view.live && view.entry && view.entry->map == name && !view.dynamic_map.empty()) out += created_entry(name, ++sequence, view);
    }
    return more;
  };
}

/// One map: entry by entry, then what its templates took, then its interfaces.
Pieces crypto_map(const std::shared_ptr<const Picture>& picture, const CryptoMap& map) {
  std::vector<const CryptoEntry*> entries;
  for (const auto& [sequence, entry] : map.entries) entries.push_back(&entry);
  const auto count = entries.size();
  auto configured = each_piece(count, [picture, &map, entries = std::move(entries)](std::size_t i) { return configured_entry(*picture, map.name, *entries[i]); });
  return joined({std::move(configured), created_entries(*picture, map), one_piece(interface_lines(*picture->config, map.name))});
}

// ---- tunnel protection ---------------------------------------------------------

IpsecSettings profile_settings(const EntryTunnels& profile, const Config& config) {
  const auto sa = sa_settings(profile.sa, config.ike.sa);
  IpsecSettings settings;
  settings.seconds = sa.lifetime_seconds.value_or(settings.seconds);
  if (sa.lifetime_kilobytes) settings.kilobytes = *sa.lifetime_kilobytes == 0 ? std::nullopt : sa.lifetime_kilobytes;
  settings.idle_seconds = sa.idle_seconds;
  if (profile.pfs_group) settings.pfs_group = fmt::format("group{}", *profile.pfs_group);
  return settings;
}

std::string instance_lines(const Config& config, const TunnelEnds& ends) {
  const auto peer = ends.destination ? ends.destination->to_string() : ends.destination_host;
  const auto source_interface = config.interfaces.find(ends.source_interface);
  auto source = ends.source ? ends.source->to_string() : std::string();
  if (source_interface != config.interfaces.end() && !source_interface->second.addresses.empty()) {
    source = source_interface->second.addresses.front().address.to_string();
  }
  const bool is_v6 = ends.destination && !ends.destination->is_v4();
  auto text = std::string("        Map is a PROFILE INSTANCE.\n");
  if (!peer.empty()) text += fmt::format("        Peer = {}\n", peer);
  if (!ends.ikev2_profile.empty()) text += fmt::format("        IKEv2 Profile: {}\n", ends.ikev2_profile);
  text += "        Access-List SS dynamic: False\n";
  text += fmt::format("        {} access list\n            access-list  permit ", is_v6 ? "IPv6" : "Extended IP");
  if (ends.mode.starts_with("ipsec")) {
    text += ends.mode == "ipsec ipv6" ? "ipv6 any any\n" : "ip any any\n";
  } else {
    text += fmt::format("gre {} {}\n", source.empty() ? "any" : "host " + source, peer.empty() ? "any" : "host " + peer);
  }
  return peer.empty() ? text : text + fmt::format("        Current peer: {}\n", peer);
}

/// As IOS does of `tunnel protection`: an entry for the profile, and one for its instance.
std::string head_map_text(const Picture& picture, const std::string& interface, const std::string& profile_name) {
  const auto& config = *picture.config;
  const auto profile = config.ike.ipsec_profiles.find(profile_name);
  const auto ends = config.ike.tunnels.find(interface);
  if (profile == config.ike.ipsec_profiles.end() || ends == config.ike.tunnels.end()) return {};
  const auto body = ipsec_lines(picture.query, profile_settings(profile->second, config), profile->second.transform_sets, profile->second.responder_only);
  const auto name = head_map(interface);
  const bool is_v6 = ends->second.destination && !ends->second.destination->is_v4();
  const auto title = fmt::format("Crypto Map {} \"{}\"", is_v6 ? "IPv6" : "IPv4", name);
  return fmt::format("{0} 65536 ipsec-isakmp\n        Profile name: {1}\n{2}\n{0} 65537 ipsec-isakmp\n{3}{2}        Interfaces using crypto map {4}:\n                {5}\n\n",
                     title, profile_name, body, instance_lines(config, ends->second), name, interface);
}

bool collect_map_sas(core::SaViews& read, MapSas& sas) {
  std::vector<core::SaView> some;
  const bool more = read(some);
  for (const auto& view : some) {
    if (!view.live || !view.entry) continue;
    sas.peers.emplace(*view.entry, view.sa.peer.to_string());
    if (!view.dynamic_map.empty()) sas.with_templates.insert(view.entry->map);
  }
  return more;
}

}  // namespace

std::string current_peer(const MapSas& sas, const std::string& map, const CryptoEntry& entry, const CryptoMapQuery& query) {
  const auto chosen = query.chosen_peer ? query.chosen_peer({map, entry.sequence}) : std::nullopt;
  if (chosen && *chosen < entry.peers.size()) return peer_text(entry.peers[*chosen]);
  const auto found = sas.peers.find({map, entry.sequence});
  if (found != sas.peers.end()) return found->second;
  return entry.peers.empty() ? std::string() : peer_text(entry.peers[first_peer(entry)]);
}

std::vector<std::string> interfaces_of_map(const Config& config, const std::string& map) {
  std::vector<std::string> names;
  for (const auto& [name, interface] : config.interfaces) {
    const bool carries = std::any_of(interface.maps.begin(), interface.maps.end(), [&](const MapAttachment& item) { return item.map == map; });
    if (carries) names.push_back(name);
  }
  return names;
}

std::vector<const CryptoMap*> find_crypto_maps(const Config& config, const CryptoMapQuery& query) {
  std::vector<const CryptoMap*> maps;
  for (const auto& [name, map] : config.crypto_maps) {
    if (query.tag && *query.tag != name) continue;
    const auto interfaces = interfaces_of_map(config, name);
    const bool carries = !query.interface || std::find(interfaces.begin(), interfaces.end(), *query.interface) != interfaces.end();
    if (carries) maps.push_back(&map);
  }
  return maps;
}

Pieces with_map_sas(core::SaViews sas, std::function<Pieces(std::shared_ptr<const MapSas>)> make) {
  const auto found = std::make_shared<MapSas>();
  return prepared([read = std::move(sas), found]() mutable { return collect_map_sas(read, *found); },
                  [found, make = std::move(make)] { return make(found); });
}

Pieces dynamic_maps(std::shared_ptr<const core::Summary> summary, const CryptoMapQuery& query) {
  const auto picture = std::make_shared<const Picture>(Picture{summary->config, nullptr, std::make_shared<const MapSas>(), query});
  std::vector<Pieces> parts;
  for (const auto& [name, map] : picture->config->dynamic_maps) {
    if (query.tag && *query.tag != name) continue;
    auto entry = map.entries.begin();
    parts.push_back(each_piece(map.entries.size(), [picture, &map = map, entry](std::size_t) mutable {
      const auto& [sequence, item] = *entry++;
      return fmt::format("Crypto Map Template\"{}\" {}\n{}\n", map.name, sequence, entry_body(*picture, {true, map.name, sequence}, item));
    }));
  }
  return parts.empty() ? one_piece("No crypto maps found.\n") : joined(std::move(parts));
}

Pieces crypto_maps(std::shared_ptr<const core::Summary> summary, const ReadSas& sas, const CryptoMapQuery& query) {
  return with_map_sas(sas(), [config = summary->config, sas, query](std::shared_ptr<const MapSas> found) {
    const auto picture = std::make_shared<const Picture>(Picture{config, sas, std::move(found), query});
    std::vector<Pieces> parts;
    for (const auto* map : find_crypto_maps(*config, query)) parts.push_back(crypto_map(picture, *map));
    for (const auto& [name, interface] : config->interfaces) {
      const bool is_asked = (!query.tag || *query.tag == head_map(name)) && (!query.interface || *query.interface == name);
      if (interface.ipsec_profile.empty() || !is_asked) continue;
      auto text = head_map_text(*picture, name, interface.ipsec_profile);
      if (!text.empty()) parts.push_back(one_piece(std::move(text)));
    }
    return parts.empty() ? one_piece("No crypto maps found.\n") : joined(std::move(parts));
  });
}

}  // namespace rri::show
