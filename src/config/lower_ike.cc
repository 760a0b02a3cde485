// IKE profiles and the scopes of pre-shared keys.
#include <algorithm>

#include "config/lower.h"
#include "config/siblings.h"

namespace rri {
namespace {

IdentityMatch::Kind identity_kind(const Line& line) {
  using Kind = IdentityMatch::Kind;
  const auto kind = line.value("kind");
  const bool domain = line.has_keyword("domain");
  if (kind == "address") return Kind::Address;
  if (kind == "any") return Kind::Any;
  if (kind == "host" || kind == "fqdn") return domain ? Kind::HostDomain : Kind::Host;
  if (kind == "user") return domain ? Kind::UserDomain : Kind::User;
  if (kind == "email") return domain ? Kind::EmailDomain : Kind::Email;
  return kind == "group" ? Kind::Group : Kind::KeyId;
}

IdentityMatch lower_identity(const Line& line) {
  IdentityMatch match;
  match.kind = identity_kind(line);
  if (match.kind == IdentityMatch::Kind::Address) {
    match.prefix = scope_value(line);
  } else {
    match.text = text_value(line, "name");
  }
  return match;
}

/// What isakmp and ikev2 profiles have in common.
IkeProfile lower_profile(const Line& line, Lowering& out) {
  IkeProfile profile;
  profile.name = text_value(line, "name");
  profile.position = line.position;
  profile.error = first_refusal(line);
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "vrf") || begins_with(child, "ivrf")) profile.inside_vrf = text_value(child, "vrf");
    if (begins_with(child, "match") && child.has("vrf") && child.value("vrf") != "any") {
      profile.front_door_vrf = text_value(child, "vrf");
    }
    if (begins_with(child, "keyring") && child.has("keyring")) {
      profile.keyrings.push_back(text_value(child, "keyring"));
      // `keyring default` of an isakmp profile is IOS's name of the global keys.
      const bool global = begins_with(line, "crypto isakmp profile") && profile.keyrings.back() == "default";
      if (!global) out.references.push_back({"keyring", profile.keyrings.back(), child.position});
    }
    if (begins_with(child, "match identity")) profile.identities.push_back(lower_identity(child));
    if (child.has("vrf") && child.value("vrf") != "any" && !begins_with(child, "match identity")) {
      out.references.push_back({"VRF", text_value(child, "vrf"), child.position});
    }
  }
  return profile;
}

PreSharedKeyScope lower_key(const Line& line) {
  PreSharedKeyScope scope;
  scope.vrf = "default";
  scope.address = scope_value(line);
  scope.host = text_value(line, "host");
  return scope;
}

}  // namespace

std::optional<Prefix> scope_value(const Line& line) {
  if (line.has("prefix")) return Prefix::parse(line.value("prefix")).value_or(Prefix());
  if (line.has("prefix6")) return Prefix::parse(line.value("prefix6")).value_or(Prefix());
  if (line.has("address6")) return Prefix::host(address_value(line, "address6"));
  if (!line.has("address")) return std::nullopt;
  const auto address = address_value(line, "address");
  if (line.has("mask")) return Prefix::from_mask(address, address_value(line, "mask"));
  return address.is_unspecified() ? Prefix::all(address.family()) : Prefix::host(address);
}

void lower_isakmp_profile(const Line& line, Lowering& out) {
  auto profile = lower_profile(line, out);
  out.config.isakmp_profiles[profile.name] = std::move(profile);
}

void lower_ikev2_profile(const Line& line, Lowering& out) {
  auto profile = lower_profile(line, out);
  const auto is_remote = [](const Line& child) {
    return is_command(child) && begins_with(child, "authentication") && child.value("side") == "remote";
  };
  const auto& lines = line.children;
  profile.remote_pre_shared = std::none_of(lines.begin(), lines.end(), is_remote) ||
                              std::any_of(lines.begin(), lines.end(), [&](const Line& child) {
                                return is_remote(child) && child.has_keyword("pre-share");
                              });
  out.config.ikev2_profiles[profile.name] = std::move(profile);
}

void lower_isakmp_key(const Line& line, Lowering& out) { out.config.keys.push_back(lower_key(line)); }

void lower_keyring(const Line& line, Lowering& out) {
  const auto name = text_value(line, "name");
  out.keyrings[name] = line.position;
  for (const auto& child : line.children) {
    if (!is_command(child) || !begins_with(child, "pre-shared-key")) continue;
    auto scope = lower_key(child);
    scope.keyring = name;
    if (line.has("vrf")) scope.vrf = text_value(line, "vrf");
    out.config.keys.push_back(std::move(scope));
  }
}

void lower_ikev2_keyring(const Line& line, Lowering& out) {
  const auto name = text_value(line, "name");
  out.keyrings[name] = line.position;
  for (const auto& peer : line.children) {
    if (!is_command(peer) || !begins_with(peer, "peer")) continue;
    PreSharedKeyScope scope;
    bool has_key = false;
    for (const auto& child : peer.children) {
      if (!is_command(child)) continue;
      if (begins_with(child, "address")) scope.address = scope_value(child);
      if (begins_with(child, "hostname")) scope.host = text_value(child, "host");
      if (begins_with(child, "pre-shared-key")) has_key = true;
    }
    scope.keyring = name;
    scope.vrf = "default";
    scope.ikev2 = true;
    if (has_key) out.config.keys.push_back(std::move(scope));
  }
}

}  // namespace rri
