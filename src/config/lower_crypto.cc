// Crypto maps, dynamic maps, IPsec profiles.
#include <algorithm>

#include "base/text.h"
#include "config/lower.h"
#include "config/siblings.h"

namespace rri {
namespace {

void lower_reverse_route(const Line& line, ReverseRoute& out) {
  if (begins_with(line, "reverse-route")) {
    out.enabled = true;
    out.is_static = line.has_keyword("static");
    out.remote_peer = line.has("rrp");
    if (line.has("peer")) out.remote_peer_address = address_value(line, "peer");
    out.remote_peer_is_gateway = line.has_keyword("gateway");
  } else if (begins_with(line, "set reverse-route")) {
    if (line.has("distance")) out.distance = static_cast<std::uint8_t>(number_value(line, "distance"));
    if (line.has("tag")) out.tag = number_value(line, "tag");
    if (line.has("gateway")) out.gateway = address_value(line, "gateway");
    if (line.has("list")) out.accept_prefix_list = text_value(line, "list");
    if (line.has("maximum")) out.maximum = number_value(line, "maximum");
  }
}

PeerAddress lower_peer(const Line& line) {
  PeerAddress peer;
  peer.address = IpAddress::try_parse(line.value("peer"));
  if (!peer.address) peer.host = text_value(line, "peer");
  peer.dynamic = line.has_keyword("dynamic");
  peer.is_default = line.has_keyword("default");
  return peer;
}

void lower_entry_line(const Line& line, CryptoEntry& entry, Lowering& out) {
  lower_reverse_route(line, entry.reverse_route);
  if (begins_with(line, "description")) entry.description = text_value(line, "text");
  if (begins_with(line, "set peer")) entry.peers.push_back(lower_peer(line));
  if (begins_with(line, "match address")) {
    entry.match_address = text_value(line, "acl");
    out.references.push_back({"access list", entry.match_address, line.position});
  }
  if (begins_with(line, "set transform-set")) {
    for (const auto name : line.values("name")) {
      entry.transform_sets.emplace_back(name);
      out.references.push_back({"transform set", std::string(name), line.position});
    }
  }
  if (begins_with(line, "set isakmp-profile")) {
    entry.isakmp_profile = text_value(line, "profile");
    out.references.push_back({"isakmp profile", entry.isakmp_profile, line.position});
  }
  if (begins_with(line, "set ikev2-profile")) {
    entry.ikev2_profile = text_value(line, "profile");
    out.references.push_back({"ikev2 profile", entry.ikev2_profile, line.position});
  }
  if (line.has("list")) out.references.push_back({"prefix list", text_value(line, "list"), line.position});
}

CryptoEntry lower_entry(const Line& line, Lowering& out) {
  CryptoEntry entry;
  entry.sequence = number_value(line, "seq");
  entry.position = line.position;
  for (const auto& child : line.children) {
    if (child.kind == LineKind::Refused && !entry.has_error) {
      entry.has_error = true;
      entry.error = refusal_text(child);
    }
    if (is_command(child)) lower_entry_line(child, entry, out);
  }
  return entry;
}

/// Where a profile of this entry is named, for errors about its VRF.
TextPosition profile_line(const Line& line) {
  for (const auto& child : line.children) {
    if (is_command(child) && child.has("profile")) return child.position;
  }
  return line.position;
}

}  // namespace

void lower_crypto_map(const Line& line, Lowering& out) {
  const auto name = text_value(line, "name");
  auto& map = out.config.crypto_maps[name];
  map.name = name;
  auto entry = lower_entry(line, out);
  entry.dynamic_map = text_value(line, "dynamic");
  entry.ipsec_profile = text_value(line, "profile");
  if (!entry.dynamic_map.empty()) out.references.push_back({"dynamic map", entry.dynamic_map, line.position});
  if (!entry.ipsec_profile.empty()) out.references.push_back({"ipsec profile", entry.ipsec_profile, line.position});
  out.profile_lines[{name, entry.sequence}] = profile_line(line);
  for (const auto& child : line.children) {
    if (is_command(child) && begins_with(child, "match address")) out.match_lines[{name, entry.sequence}] = child.position;
  }
  map.entries[entry.sequence] = std::move(entry);
}

void lower_dynamic_map(const Line& line, Lowering& out) {
  const auto name = text_value(line, "name");
  auto& map = out.config.dynamic_maps[name];
  map.name = name;
  auto entry = lower_entry(line, out);
  // A dynamic map may have the name of a static one: the blank keeps them apart.
  out.profile_lines[{" " + name, entry.sequence}] = profile_line(line);
  map.entries[entry.sequence] = std::move(entry);
}

void lower_ipsec_profile(const Line& line, Lowering& out) {
  IpsecProfile profile;
  profile.name = text_value(line, "name");
  CryptoEntry settings;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    lower_entry_line(child, settings, out);
    if (begins_with(child, "rri-dvti-disable")) profile.rri_dvti_disable = true;
  }
  profile.error = first_refusal(line);
  if (profile.error.empty()) profile.reverse_route = settings.reverse_route;
  profile.isakmp_profile = settings.isakmp_profile;
  profile.ikev2_profile = settings.ikev2_profile;
  out.config.ipsec_profiles[profile.name] = std::move(profile);
}

}  // namespace rri
