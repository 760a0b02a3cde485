// Everything about IKE and IPsec that only tunnels need (model/ike.h).
#include <algorithm>

#include "base/text.h"
#include "config/lower.h"
#include "config/siblings.h"

namespace rri {
namespace {

AuthMethod auth_method(const Line& line) {
  if (line.has_keyword("pre-share")) return AuthMethod::PreShared;
  if (line.has_keyword("rsa-encr")) return AuthMethod::RsaEncryption;
  if (line.has_keyword("ecdsa-sig")) return AuthMethod::EcdsaSignature;
  if (line.has_keyword("eap") || line.has_keyword("anyconnect-eap")) return AuthMethod::Eap;
  return AuthMethod::RsaSignature;
}

Secret lower_secret(const Line& line) {
  const auto type = line.value("type");
  const auto form = type == "6" ? Secret::Form::Encrypted : type == "hex" ? Secret::Form::Hex : Secret::Form::Clear;
  return {form, text_value(line, "secret")};
}

std::vector<std::string> texts(const Line& line, std::string_view slot) {
  const auto values = line.values(slot);
  return {values.begin(), values.end()};
}

/// `address A`, `fqdn [domain] N`, `email [domain] N`, `key-id N`, `dn`, `hostname`, `user-fqdn N`.
IkeIdentity lower_identity_text(const Line& line) {
  using Kind = IkeIdentity::Kind;
  IkeIdentity identity;
  identity.text = text_value(line, "name");
  identity.domain = line.has_keyword("domain");
  if (line.has_keyword("dn")) identity.kind = Kind::DistinguishedName;
  if (line.has_keyword("fqdn") || line.has_keyword("hostname")) identity.kind = Kind::Fqdn;
  if (line.has_keyword("email") || line.has_keyword("user-fqdn")) identity.kind = Kind::Email;
  if (line.has_keyword("key-id")) identity.kind = Kind::KeyId;
  if (identity.kind == Kind::Address) identity.text = text_value(line, "address");
  return identity;
}

LocalAddress lower_local_address(const Line& line) {
  LocalAddress local;
  local.interface = text_value(line, "interface");
  if (line.has("address")) local.address = address_value(line, "address");
  return local;
}

Keepalive lower_keepalive(const Line& line) {
  return {number_value(line, "interval"), number_value(line, "retry", 2), line.has_keyword("periodic"), line.position};
}

/// `lifetime`, `idle-time` and `replay` behind `security-association`.
void lower_sa_setting(const Line& line, SaSettings& out) {
  constexpr std::uint32_t kSecondsPerDay = 86400;
  const auto kind = line.value("kind");
  if (line.has_keyword("lifetime")) {
    if (kind == "seconds") out.lifetime_seconds = number_value(line, "value");
    if (kind == "days") out.lifetime_seconds = number_value(line, "value") * kSecondsPerDay;
    if (kind == "kilobytes") out.lifetime_kilobytes = number_value(line, "value");
  }
  if (line.has_keyword("idle-time")) out.idle_seconds = number_value(line, "value");
  if (line.has_keyword("replay")) {
    out.replay_window = 0;
    for (const auto& word : line.words) {
      if (const auto size = parse_number<std::uint32_t>(word.text)) out.replay_window = size;
    }
    if (!line.has_keyword("disable") && out.replay_window == 0U) out.replay_window = kDefaultReplayWindow;
  }
}

/// What a refused line wanted, in place of IOS's default, which would be DES and group 1: the
/// planner says that strongSwan has no such thing and does not use the policy.
void lower_refused_policy(const Line& child, IsakmpPolicy& policy) {
  const std::string_view text = child.words.front().text;
  const auto keyword = text.substr(0, text.find(' '));
  const auto value = text.substr(std::min(keyword.size() + 1, text.size()));
  if (keyword.empty()) return;
  if (std::string_view("encryption").starts_with(keyword)) policy.encryption = value;
  if (std::string_view("hash").starts_with(keyword)) policy.hash = value;
  if (std::string_view("group").starts_with(keyword)) policy.group = parse_number<std::uint32_t>(value).value_or(0);
}

IsakmpPolicy lower_policy(const Line& line) {
  IsakmpPolicy policy;
  policy.position = line.position;
  const auto rest = [](const Line& child) {
    std::string text;
    for (std::size_t i = 1; i < child.words.size(); ++i) {
      if (i > 1) text += ' ';
      text += child.words[i].text;
    }
    return text;
  };
  for (const auto& child : line.children) {
    if (child.kind == LineKind::Refused) lower_refused_policy(child, policy);
    if (!is_command(child) || child.kind == LineKind::Negated) continue;
    if (begins_with(child, "encryption")) policy.encryption = rest(child);
    if (begins_with(child, "hash")) policy.hash = rest(child);
    if (begins_with(child, "authentication")) policy.authentication = auth_method(child);
    if (begins_with(child, "group")) policy.group = number_value(child, "group");
    if (begins_with(child, "lifetime")) policy.lifetime_seconds = number_value(child, "seconds");
  }
  return policy;
}

Ikev2Proposal lower_proposal(const Line& line) {
  Ikev2Proposal proposal;
  proposal.position = line.position;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "encryption")) proposal.encryption = texts(child, "algorithm");
    if (begins_with(child, "integrity")) proposal.integrity = texts(child, "algorithm");
    if (begins_with(child, "prf")) proposal.prf = texts(child, "algorithm");
    if (begins_with(child, "group")) proposal.groups = texts(child, "algorithm");
  }
  return proposal;
}

Ikev2Policy lower_ikev2_policy(const Line& line) {
  Ikev2Policy policy;
  policy.position = line.position;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "match") && child.has("vrf")) policy.front_door_vrf = text_value(child, "vrf");
    if (begins_with(child, "match address local")) policy.local_addresses.push_back(address_value(child, "address"));
    if (begins_with(child, "proposal")) policy.proposals.push_back(text_value(child, "proposal"));
  }
  return policy;
}

Keyring lower_ring(const Line& line) {
  Keyring ring;
  if (line.has("vrf")) ring.vrf = text_value(line, "vrf");
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "local-address")) ring.local_address = lower_local_address(child);
    if (begins_with(child, "pre-shared-key")) ring.keys.push_back(key_entry(child));
  }
  return ring;
}

KeyEntry lower_ring_peer(const Line& line) {
  KeyEntry entry;
  entry.position = line.position;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "address")) entry.address = scope_value(child);
    if (begins_with(child, "hostname")) entry.host = text_value(child, "host");
    if (begins_with(child, "identity")) entry.identity = lower_identity_text(child);
    if (!begins_with(child, "pre-shared-key")) continue;
    if (child.value("side") != "remote") entry.local = lower_secret(child);
    if (child.value("side") != "local") entry.remote = lower_secret(child);
  }
  return entry;
}

Keyring lower_ikev2_ring(const Line& line) {
  Keyring ring;
  ring.vrf = "any";
  for (const auto& peer : line.children) {
    if (is_command(peer) && begins_with(peer, "peer")) ring.keys.push_back(lower_ring_peer(peer));
  }
  return ring;
}

void lower_profile_auth(const Line& line, IkeProfileSettings& out) {
  const bool remote = line.value("side") == "remote";
  (remote ? out.remote_auth : out.local_auth).push_back(auth_method(line));
  if (line.has("secret")) (remote ? out.remote_key : out.local_key) = lower_secret(line);
}

IkeProfileSettings lower_profile_settings(const Line& line) {
  IkeProfileSettings out;
  out.position = line.position;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "self-identity") || begins_with(child, "identity local")) {
      out.local_identity = lower_identity_text(child);
    }
    if (begins_with(child, "authentication")) lower_profile_auth(child, out);
    if (begins_with(child, "ca trust-point") || begins_with(child, "pki trustpoint")) {
      out.trustpoints.push_back({text_value(child, "name"), !child.has_keyword("verify"), !child.has_keyword("sign"), child.position});
    }
    if (begins_with(child, "local-address") || begins_with(child, "match address local")) {
      out.local_address = lower_local_address(child);
    }
    if (begins_with(child, "initiate mode aggressive")) out.aggressive = true;
    if (begins_with(child, "keepalive") || begins_with(child, "dpd")) out.keepalive = lower_keepalive(child);
    if (begins_with(child, "lifetime") && child.has("seconds")) out.lifetime_seconds = number_value(child, "seconds");
    if (begins_with(child, "match certificate")) out.match_certificate = true;
    if (begins_with(child, "virtual-template")) out.virtual_template = true;
  }
  return out;
}

/// "esp-aes 256" and "esp-sha-hmac" of one line: a number belongs to the word before it.
TransformSet lower_transforms(const Line& line) {
  TransformSet set;
  set.position = line.position;
  constexpr std::size_t kFirst = 4;  // crypto ipsec transform-set NAME
  for (std::size_t i = kFirst; i < line.words.size(); ++i) {
    const auto& text = line.words[i].text;
    if (parse_number<int>(text) && !set.transforms.empty()) {
      set.transforms.back() += ' ';
      set.transforms.back() += text;
    } else {
      set.transforms.push_back(text);
    }
  }
  for (const auto& child : line.children) {
    if (!is_command(child) || !begins_with(child, "mode")) continue;
    set.transport = child.has_keyword("transport");
    set.transport_required = child.has_keyword("require");
  }
  return set;
}

/// Lines that act on routers and that charon has no word for.
bool is_unused(const Line& line) {
  return begins_with(line, "set security-association level") || begins_with(line, "set security-association dfbit") ||
         begins_with(line, "set security-association ecn") || begins_with(line, "set security-association dummy") ||
         begins_with(line, "set ip access-group") || begins_with(line, "qos pre-classify");
}

std::uint32_t pfs_group(const Line& line) {
  for (const auto& word : line.words) {
    if (!word.text.starts_with("group")) continue;
    if (const auto number = parse_number<std::uint32_t>(word.text.substr(std::string_view("group").size()))) return *number;
  }
  return 1;
}

EntryTunnels lower_entry_tunnels(const Line& line) {
  EntryTunnels out;
  out.position = out.match_position = out.transform_position = line.position;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "set security-association")) lower_sa_setting(child, out.sa);
    if (begins_with(child, "set security-association idle-time")) out.idle_to_default = child.has_keyword("default");
    if (begins_with(child, "set pfs")) out.pfs_group = pfs_group(child);
    if (begins_with(child, "set identity")) {
      out.identity = text_value(child, "name");
      out.identity_position = child.position;
    }
    if (begins_with(child, "responder-only")) out.responder_only = true;
    if (begins_with(child, "match address")) out.match_position = child.position;
    if (begins_with(child, "set peer")) out.peer_positions.push_back(child.position);
    if (begins_with(child, "set transform-set")) {
      out.transform_position = child.position;
      out.transform_sets = texts(child, "name");
    }
    if (is_unused(child)) out.unused.push_back({child.text(), child.position});
  }
  return out;
}

}  // namespace

KeyEntry key_entry(const Line& line) {
  KeyEntry entry;
  entry.position = line.position;
  entry.address = scope_value(line);
  entry.host = text_value(line, "host");
  entry.local = entry.remote = lower_secret(line);
  return entry;
}

void lower_tunnel_section(Mode opened, const Line& line, IkeConfig& out) {
  const auto name = text_value(line, "name");
  switch (opened) {
    case Mode::IsakmpPolicy: out.isakmp_policies[number_value(line, "priority")] = lower_policy(line); return;
    case Mode::Ikev2Proposal: out.ikev2_proposals[name] = lower_proposal(line); return;
    case Mode::Ikev2Policy: out.ikev2_policies[name] = lower_ikev2_policy(line); return;
    case Mode::Keyring: out.keyrings[name] = lower_ring(line); return;
    case Mode::Ikev2Keyring: out.ikev2_keyrings[name] = lower_ikev2_ring(line); return;
    case Mode::IsakmpProfile: out.isakmp_profiles[name] = lower_profile_settings(line); return;
    case Mode::Ikev2Profile: out.ikev2_profiles[name] = lower_profile_settings(line); return;
    case Mode::TransformSet: out.transform_sets[name] = lower_transforms(line); return;
    case Mode::IpsecProfile: out.ipsec_profiles[name] = lower_entry_tunnels(line); return;
    case Mode::CryptoMap: out.map_entries[{name, number_value(line, "seq")}] = lower_entry_tunnels(line); return;
    case Mode::DynamicMap: out.dynamic_entries[{name, number_value(line, "seq")}] = lower_entry_tunnels(line); return;
    default: return;  // no other section has anything for tunnels
  }
}

void lower_tunnel_line(const Line& line, IkeConfig& out) {
  if (begins_with(line, "crypto isakmp key")) out.isakmp_keys.push_back(key_entry(line));
  if (begins_with(line, "crypto isakmp identity")) out.isakmp_identity = lower_identity_text(line);
  if (begins_with(line, "crypto isakmp aggressive-mode")) out.aggressive_disabled = true;
  if (begins_with(line, "crypto isakmp keepalive")) out.keepalive = lower_keepalive(line);
  if (begins_with(line, "crypto ipsec security-association")) lower_sa_setting(line, out.sa);
}

void lower_tunnel_ends(const Line& line, const std::string& interface, IkeConfig& out) {
  TunnelEnds ends;
  ends.position = line.position;
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "tunnel protection")) {
      ends.position = child.position;
      ends.isakmp_profile = text_value(child, "isakmp");
      ends.ikev2_profile = text_value(child, "ikev2");
    }
    if (begins_with(child, "tunnel source")) {
      ends.source_interface = text_value(child, "interface");
      if (child.has("address")) ends.source = address_value(child, "address");
    }
    if (begins_with(child, "tunnel destination")) {
      ends.destination = IpAddress::try_parse(child.value("destination"));
      if (!ends.destination) ends.destination_host = text_value(child, "destination");
    }
    if (begins_with(child, "tunnel mode")) ends.mode = text_value(child, "mode");
    if (begins_with(child, "tunnel vrf")) ends.vrf = text_value(child, "tvrf");
    if (begins_with(child, "tunnel key")) ends.key = number_value(child, "key");
  }
  out.tunnels[interface] = std::move(ends);
}

}  // namespace rri
