// Identities and pre-shared keys of connections, and remarks.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "core/limits.h"
#include "core/tunnel_parts.h"

namespace rri::core {

// ---- remarks ------------------------------------------------------------------

void Remarks::add(TunnelRemark remark) {
  if (std::find(remarks_.begin(), remarks_.end(), remark) == remarks_.end()) remarks_.push_back(std::move(remark));
}

std::vector<TunnelRemark> Remarks::take() {
  std::stable_sort(remarks_.begin(), remarks_.end(), [](const TunnelRemark& a, const TunnelRemark& b) {
    return std::tie(a.position.line, a.position.column) < std::tie(b.position.line, b.position.column);
  });
  return std::move(remarks_);
}

// ---- identities ---------------------------------------------------------------

namespace {

std::string domain_pattern(std::string_view kind, const std::string& domain, bool email) {
  if (domain.starts_with("*")) return fmt::format("{}:{}", kind, domain);
  return fmt::format("{}:*{}{}", kind, email ? "@" : ".", domain);
}

}  // namespace

std::string charon_identity(const IkeIdentity& identity, const std::string& hostname) {
  switch (identity.kind) {
    case IkeIdentity::Kind::Address: return identity.text;
    case IkeIdentity::Kind::Fqdn:
      if (identity.domain) return domain_pattern("fqdn", identity.text, false);
      return "fqdn:" + (identity.text.empty() ? hostname : identity.text);
    case IkeIdentity::Kind::Email:
      if (identity.domain) return domain_pattern("email", identity.text, true);
      return "email:" + identity.text;
    case IkeIdentity::Kind::KeyId: return "keyid:" + identity.text;
    case IkeIdentity::Kind::DistinguishedName: return {};
  }
  return {};
}

std::string charon_identity(const IdentityMatch& match) {
  using Kind = IdentityMatch::Kind;
  switch (match.kind) {
    case Kind::Any: return "%any";
    case Kind::Address:
      if (!match.prefix || match.prefix->length() == 0) return "%any";
      return match.prefix->is_host() ? match.prefix->address().to_string() : match.prefix->to_string();
    case Kind::Host: return "fqdn:" + match.text;
    case Kind::HostDomain: return domain_pattern("fqdn", match.text, false);
    case Kind::User:
    case Kind::Email: return "email:" + match.text;
    case Kind::UserDomain:
    case Kind::EmailDomain: return domain_pattern("email", match.text, true);
    case Kind::Group:
    case Kind::KeyId: return "keyid:" + match.text;
    case Kind::Subject: return match.text.empty() ? "%any" : match.text;
  }
  return "%any";
}

bool has_wildcard(const std::string& identity) {
  return identity.empty() || identity == "%any" || identity.find('*') != std::string::npos ||
         identity.find('/') != std::string::npos;
}

// ---- keys ---------------------------------------------------------------------

std::string local_address_of(const Keyring& ring, const Config& config) {
  if (ring.local_address.address) return ring.local_address.address->to_string();
  const auto interface = config.interfaces.find(ring.local_address.interface);
  if (interface == config.interfaces.end() || interface->second.addresses.empty()) return {};
  return interface->second.addresses.front().address.to_string();
}

bool takes_local(const Keyring& ring, const std::vector<std::string>& local, const Config& config) {
  const auto own = local_address_of(ring, config);
  return own.empty() || local.empty() || std::find(local.begin(), local.end(), own) != local.end();
}

std::vector<const std::vector<KeyEntry>*> key_lists(const KeyQuery& query, const Config& config) {
  std::vector<const std::vector<KeyEntry>*> lists;
  const auto& rings = query.ikev2 ? config.ike.ikev2_keyrings : config.ike.keyrings;
  bool has_own = false;
  for (const auto& name : query.keyrings) {
    if (const auto ring = rings.find(name); ring != rings.end()) {
      has_own = true;
      if (takes_local(ring->second, query.local, config)) lists.push_back(&ring->second.keys);
    } else if (name == "default" && !query.ikev2) {
      lists.push_back(&config.ike.isakmp_keys);  // IOS's name of the global keys
    }
  }
  if (has_own || !lists.empty() || query.ikev2) return lists;
  // Without a profile: the global keys, and the keyrings of the front-door VRF.
  lists.push_back(&config.ike.isakmp_keys);
  for (const auto& [name, ring] : config.ike.keyrings) {
    if (ring.vrf == query.vrf && takes_local(ring, query.local, config)) lists.push_back(&ring.keys);
  }
  return lists;
}

const KeyEntry* find_key(const std::vector<const std::vector<KeyEntry>*>& lists, const std::optional<IpAddress>& peer,
                         const std::string& host, const std::string& identity) {
  const KeyEntry* by_address = nullptr;
  for (const auto* list : lists) {
    for (const auto& key : *list) {
      if (key.local.empty() && key.remote.empty()) continue;
      if (!host.empty() && equal_ignoring_case(key.host, host)) return &key;
      if (key.identity && !identity.empty() && charon_identity(*key.identity, {}) == identity) return &key;
      if (!key.host.empty() && !identity.empty() && identity == "fqdn:" + key.host) return &key;
      const bool takes_peer = key.address && (peer ? key.address->contains(*peer) : key.address->length() == 0);
      if (!takes_peer) continue;
      if (by_address == nullptr || key.address->length() > by_address->address->length()) by_address = &key;
    }
    // IOS asks the keyrings in order and takes the first that has a key for the peer.
    if (by_address != nullptr) return by_address;
  }
  return by_address;
}

namespace {

/// The bytes of a key. Type 6 cannot be read here, and the caller told so.
std::string key_bytes(const Secret& secret) {
  const auto& text = secret.reveal();
  if (secret.form() != Secret::Form::Hex) return text;
  std::string bytes;
  const auto digits = text.starts_with("0x") ? std::string_view(text).substr(2) : std::string_view(text);
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, value, 16);
    bytes += static_cast<char>(value);
  }
  return bytes;
}

/// An id that says whom the key is for, and nothing of the key.
std::string key_id(const std::vector<std::string>& owners) {
  std::string id = std::string(kCharonPrefix) + "key";
  if (owners.empty()) return id + "-any";
  constexpr std::size_t kMostNamed = 8;
  if (owners.size() > kMostNamed) {
    std::size_t hash = 0;
    for (const auto& owner : owners) hash = hash * 31 + std::hash<std::string>{}(owner);
    return fmt::format("{}-everybody-{:x}", id, hash);
  }
  for (const auto& owner : owners) {
    id += '-';
    id += charon_address_name(owner);
  }
  constexpr std::size_t kLongest = 200;  // VICI names are at most 255 bytes
  if (id.size() > kLongest) id = id.substr(0, kLongest) + fmt::format("-{:x}", std::hash<std::string>{}(id));
  return id;
}

}  // namespace

namespace {

void add_without(const Prefix& prefix, const std::vector<IpAddress>& excluded, std::vector<Prefix>& out) {
  const bool is_hit = std::any_of(excluded.begin(), excluded.end(), [&](const IpAddress& one) { return prefix.contains(one); });
  // "All" means "anybody" to charon, and a key without owners.
  if (!is_hit && prefix.length() > 0) return out.push_back(prefix);
  if (prefix.is_host()) return;
  const Prefix lower(prefix.address(), prefix.length() + 1);
  add_without(lower, excluded, out);
  add_without(Prefix(prefix.last(), prefix.length() + 1), excluded, out);
}

}  // namespace

std::vector<Prefix> all_but(std::vector<IpAddress> excluded, const Prefix& network) {
  std::vector<Prefix> out;
  std::erase_if(excluded, [&](const IpAddress& one) { return !network.contains(one); });
  excluded.resize(std::min(excluded.size(), kMaxExcludedAddresses));
  add_without(network, excluded, out);
  return out;
}

int exactness(const std::vector<std::string>& owners) {
  constexpr int kNobodysOwn = -1;
  int least = owners.empty() ? 0 : kExactOwners;
  // A network without our addresses (all_but()) is in pieces, and no more exact for that.
  const auto pieces = std::count_if(owners.begin(), owners.end(), [](const std::string& owner) { return owner.find('/') != std::string::npos; });
  for (const auto& owner : owners) {
    const auto dash = owner.find('-');
    const auto slash = owner.find('/');
    // A range stands for one peer whose own key is another (IkeWriter::nearly()), and has a neighbour in it.
    if (dash != std::string::npos && IpAddress::try_parse(owner.substr(0, dash))) return kNobodysOwn;
    if (slash != std::string::npos) least = std::min(least, parse_number<int>(owner.substr(slash + 1)).value_or(0));
    if (owner.find('*') != std::string::npos) least = std::min(least, static_cast<int>(owner.size()));
  }
  return pieces > 1 ? least - 1 : least;
}

void KeyBook::add(const Secret& secret, std::vector<std::string> owners, TextPosition position) {
  if (secret.empty()) return;
  if (secret.form() == Secret::Form::Encrypted) {
    remarks_.refuse(position, "a type 6 key can be read by the router alone that wrote it: enter the key in clear");
    return;
  }
  std::vector<std::string> unique;
  for (auto& owner : owners) {
    if (owner == "%any") owner.clear();
    if (!owner.empty() && std::find(unique.begin(), unique.end(), owner) == unique.end()) unique.push_back(std::move(owner));
  }
  const auto bytes = key_bytes(secret);
  const auto [place, is_new] = keys_.try_emplace(std::move(unique), bytes, position);
  if (is_new || place->second.first == bytes) return;
  remarks_.refuse(position, fmt::format("strongSwan cannot keep this key apart from the one on line {} for the same peer; "
                                        "the first one is used",
                                        place->second.second.line));
}

std::vector<CharonKey> KeyBook::take() {
  std::vector<CharonKey> keys;
  for (auto& [owners, key] : keys_) keys.push_back({key_id(owners), owners, key.first});
  std::sort(keys.begin(), keys.end(), [](const CharonKey& a, const CharonKey& b) {
    return std::pair(exactness(a.owners), std::string_view(a.id)) < std::pair(exactness(b.owners), std::string_view(b.id));
  });
  return keys;
}

}  // namespace rri::core
