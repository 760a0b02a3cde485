#include "core/tunnel_ike.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "core/tunnel_identities.h"

namespace rri::core {
namespace {

constexpr std::uint32_t kDefaultIkeLifetimeSeconds = 86400;  // IOS
constexpr std::uint32_t kDeadAfterRetries = 5;               // IOS: "five aggressive DPD retry messages"

/// How both sides prove themselves.
struct Authentication {
  AuthMethod local = AuthMethod::PreShared;
  AuthMethod remote = AuthMethod::PreShared;
  const KeyEntry* key = nullptr;
};

bool is_certificate(AuthMethod method) { return method == AuthMethod::RsaSignature || method == AuthMethod::EcdsaSignature; }

std::string_view charon_auth(AuthMethod method) { return is_certificate(method) ? "pubkey" : "psk"; }

class IkeWriter {
 public:
  IkeWriter(CharonSection& out, const IkeSide& side, const IkeEnds& ends, const Config& config, KeyBook& keys,
            Remarks& remarks)
      : out_(out), side_(side), ends_(ends), config_(config), keys_(keys), remarks_(remarks),
        lists_(key_lists({side.profile != nullptr ? side.profile->keyrings : std::vector<std::string>(), side.ikev2, ends.vrf, ends.local},
                         config)) {}

  bool write() {
    if (!choose_authentication()) return false;
    note_local_rings();
    if (!choose_proposals()) {
      remarks_.refuse(side_.position, side_.entry + ": no usable IKE proposal, no tunnel");
      return false;
    }
    out_.set("version", side_.ikev2 ? "2" : "1");
    if (is_aggressive()) write_aggressive();
    if (!ends_.local.empty()) out_.set_list("local_addrs", ends_.local);
    out_.set_list("remote_addrs", {ends_.remote});
    out_.set_list("proposals", proposals_);
    if (side_.ikev2) out_.set("mobike", "no");
    if (ends_.shared_peer) out_.set("unique", "never");
    if (ends_.keeps_trying) out_.set("keyingtries", "0");
    write_lifetime();
    write_keepalive();
    write_sides();
    note_keys();
    return true;
  }

 private:
  bool is_aggressive() const {
    const bool by_profile = side_.settings != nullptr && side_.settings->aggressive && !config_.ike.aggressive_disabled;
    return !side_.ikev2 && (ends_.answers_aggressive || by_profile);
  }

  // ---- authentication ----------------------------------------------------

  bool choose_authentication() {
    auth_.key = find_key(lists_, ends_.peer, ends_.peer_host, ends_.remote_identity);
    return side_.ikev2 ? choose_ikev2() : choose_ikev1();
  }

  /// charon has one key for a peer, whichever of our addresses it calls.
  void note_local_rings() {
    if (side_.ikev2 || ends_.local.size() < 2) return;
    for (const auto& [name, ring] : config_.ike.keyrings) {
      const auto own = local_address_of(ring, config_);
      const bool is_used = std::find(lists_.begin(), lists_.end(), &ring.keys) != lists_.end();
      if (own.empty() || !is_used) continue;
      remarks_.warn(side_.position, fmt::format("{}: keyring {} is for local address {} alone, and strongSwan takes its keys for {} too",
                                                side_.entry, printable(name), own, fmt::join(ends_.local, ", ")));
    }
  }

  bool has_key() const {
    const auto has_any = [](const std::vector<KeyEntry>* list) { return !list->empty(); };
    if (auth_.key != nullptr) return true;
    if (side_.settings != nullptr && !(side_.settings->local_key.empty() && side_.settings->remote_key.empty())) return true;
    // For everybody: each peer's own key is found by its address.
    return ends_.remote == "%any" && std::any_of(lists_.begin(), lists_.end(), has_any);
  }

  bool fail_without_key() {
    remarks_.refuse(side_.position, fmt::format("{}: there is no pre-shared key for {}, no tunnel", side_.entry,
                                                ends_.remote == "%any" ? "its peers" : printable(ends_.remote)));
    return false;
  }

  bool choose_ikev2() {
    const auto first = [](const std::vector<AuthMethod>& methods, AuthMethod otherwise) {
      return methods.empty() ? otherwise : methods.front();
    };
    const auto otherwise = has_key() ? AuthMethod::PreShared : AuthMethod::RsaSignature;
    if (side_.settings != nullptr) {
      auth_.local = first(side_.settings->local_auth, otherwise);
      auth_.remote = first(side_.settings->remote_auth, otherwise);
    }
    if (auth_.local == AuthMethod::Eap || auth_.remote == AuthMethod::Eap) {
      remarks_.refuse(side_.position, side_.entry + ": EAP of an ikev2 profile is not supported, no tunnel");
      return false;
    }
    const bool uses_key = !is_certificate(auth_.local) || !is_certificate(auth_.remote);
    return !uses_key || has_key() || fail_without_key();
  }

  const std::vector<IsakmpPolicy>& policies() {
    if (own_policies_.empty()) {
      for (const auto& [priority, policy] : config_.ike.isakmp_policies) own_policies_.push_back(policy);
    }
    return own_policies_.empty() ? default_isakmp_policies() : own_policies_;
  }

  /// The first policy whose means are there decides between keys and certificates.
  bool choose_ikev1() {
    const bool key = has_key();
    for (const auto& policy : policies()) {
      if (policy.authentication == AuthMethod::PreShared && !key) continue;
      if (policy.authentication == AuthMethod::RsaEncryption) continue;
      if (is_certificate(policy.authentication) && key && has_policy(AuthMethod::PreShared)) continue;
      auth_.local = auth_.remote = policy.authentication;
      return true;
    }
    return fail_without_key();
  }

  bool has_policy(AuthMethod method) {
    return std::any_of(policies().begin(), policies().end(), [&](const IsakmpPolicy& one) { return one.authentication == method; });
  }

  // ---- proposals ---------------------------------------------------------

  bool choose_proposals() { return side_.ikev2 ? choose_ikev2_proposals() : choose_ikev1_proposals(); }

  void take(const Proposals& made, const std::string& what, TextPosition position) {
    for (const auto& problem : made.problems) remarks_.warn(position, fmt::format("{}: {}", what, problem));
    for (const auto& weak : made.weak) {
      // Nobody wrote IOS's defaults: nothing to change in this text.
      if (position.line != 0) remarks_.warn(position, fmt::format("{}: {} is weak; Cisco advises against it", what, weak));
    }
    for (const auto& text : made.texts) {
      if (std::find(proposals_.begin(), proposals_.end(), text) == proposals_.end()) proposals_.push_back(text);
    }
  }

  bool choose_ikev1_proposals() {
    for (const auto& policy : policies()) {
      if (policy.authentication == AuthMethod::RsaEncryption) {
        remarks_.warn(policy.position, "isakmp policy: RSA encrypted nonces are not supported by strongSwan");
        continue;
      }
      if (is_certificate(policy.authentication) != is_certificate(auth_.local)) continue;
      if (proposals_.empty()) lifetime_ = policy.lifetime_seconds;
      take(isakmp_proposals(policy), "isakmp policy", policy.position);
    }
    return !proposals_.empty();
  }

  /// The policy for this local address and VRF, the closest one first (IOS: fvrf, then address).
  const Ikev2Policy* find_policy() const {
    const Ikev2Policy* best = nullptr;
    int best_rank = -1;
    for (const auto& [name, policy] : config_.ike.ikev2_policies) {
      const auto& vrf = policy.front_door_vrf;
      const bool takes_vrf = vrf.empty() ? ends_.vrf == "default" : vrf == "any" || vrf == ends_.vrf;
      const auto& addresses = policy.local_addresses;
      const bool takes_address = addresses.empty() || std::any_of(addresses.begin(), addresses.end(), [&](const IpAddress& one) {
                                   return std::find(ends_.local.begin(), ends_.local.end(), one.to_string()) != ends_.local.end();
                                 });
      if (!takes_vrf || !takes_address || policy.proposals.empty()) continue;
      const int rank = (addresses.empty() ? 0 : 2) + (vrf == ends_.vrf ? 1 : 0);
      if (rank > best_rank) best = &policy;
      best_rank = std::max(best_rank, rank);
    }
    return best;
  }

  bool choose_ikev2_proposals() {
    const auto* policy = find_policy();
    for (const auto& name : policy != nullptr ? policy->proposals : std::vector<std::string>{"default"}) {
      const auto found = config_.ike.ikev2_proposals.find(name);
      if (found != config_.ike.ikev2_proposals.end()) {
        take(ikev2_proposals(found->second), "ikev2 proposal " + printable(name), found->second.position);
      } else if (name == "default") {
        take(ikev2_proposals(default_ikev2_proposal()), "ikev2 proposal default", {});
      } else {
        remarks_.refuse(policy->position, fmt::format("ikev2 proposal {} is not defined", printable(name)));
      }
    }
    lifetime_ = kDefaultIkeLifetimeSeconds;
    return !proposals_.empty();
  }

  // ---- the rest ----------------------------------------------------------

  void write_aggressive() {
    out_.set("aggressive", "yes");
    if (is_certificate(auth_.local) || (ends_.remote != "%any" && !ends_.answers_aggressive)) return;
    remarks_.warn(side_.position, side_.entry + ": as responder, strongSwan takes aggressive mode with pre-shared keys only where "
                                                "strongswan.conf has i_dont_care_about_security_and_use_aggressive_mode_psk = yes");
  }

  void write_lifetime() {
    constexpr std::uint32_t kTenth = 10;
    const auto seconds = side_.settings != nullptr ? side_.settings->lifetime_seconds.value_or(lifetime_) : lifetime_;
    out_.set("rekey_time", fmt::format("{}s", seconds - seconds / kTenth));
    out_.set("over_time", fmt::format("{}s", seconds / kTenth));
  }

  void write_keepalive() {
    const auto& own = side_.settings != nullptr ? side_.settings->keepalive : std::nullopt;
    // `crypto isakmp keepalive` is IKEv1's.
    const auto& keepalive = own || side_.ikev2 ? own : config_.ike.keepalive;
    if (!keepalive) return;
    out_.set("dpd_delay", fmt::format("{}s", keepalive->interval_seconds));
    if (side_.ikev2) return;  // its retransmissions decide
    out_.set("dpd_timeout", fmt::format("{}s", keepalive->interval_seconds + kDeadAfterRetries * keepalive->retry_seconds));
  }

  void write_sides() {
    local_id_ = local_identity();
    auto& local = out_.section("local");
    local.set("auth", std::string(charon_auth(auth_.local)));
    if (!local_id_.empty()) local.set("id", local_id_);
    if (is_certificate(auth_.local)) write_certificate(local);
    auto& remote = out_.section("remote");
    remote.set("auth", std::string(charon_auth(auth_.remote)));
    remote_id_ = expected_identity();
    if (!remote_id_.empty()) remote.set("id", unlike_owners(remote_id_));
    if (is_certificate(auth_.remote)) write_authorities(remote);
    if (is_certificate(auth_.remote) && remote_id_.empty() && side_.expected.size() > 1) {
      remarks_.warn(side_.position, fmt::format("{}: profile {} takes several identities; strongSwan takes every trusted certificate of this peer",
                                                side_.entry, printable(side_.profile_name)));
    }
  }

  void write_authorities(CharonSection& remote) {
    if (!ends_.remote_authority.empty()) remote.set("ca_id", ends_.remote_authority);
    if (ends_.certificates == nullptr) return;
    auto authorities = trusted_authorities(side_, config_, *ends_.certificates, remarks_);
    if (!authorities.empty()) remote.set_list("cacerts", std::move(authorities));
  }

  /// Before it knows who calls in main mode, charon takes a key that the identity of any connection owns which takes the
  /// address: of those for several peers none may be said as a key's owner is, and yet take the same peers.
  std::string unlike_owners(const std::string& identity) const {
    if (side_.ikev2 || is_certificate(auth_.local) || ends_.remote != "%any") return identity;
    if (const auto prefix = Prefix::parse(identity)) return fmt::format("{}-{}", prefix->address().to_string(), prefix->last().to_string());
    const auto name = identity.find(':') + 1;
    const bool can_be_wider = identity.size() > name + 1 && identity[name] != '*' && !identity.starts_with("keyid:");
    // The asterisk stands for the first letter: who has a key under another name that ends so is let in too.
    return can_be_wider && owns_key(identity) ? fmt::format("{}*{}", identity.substr(0, name), identity.substr(name + 1)) : identity;
  }

  bool owns_key(const std::string& identity) const {
    const auto is_its = [&](const KeyEntry& key) {
      const auto owner = key.identity ? charon_identity(*key.identity, config_.hostname) : "fqdn:" + key.host;
      return equal_ignoring_case(owner, identity);
    };
    const auto has_its = [&](const std::vector<KeyEntry>& list) { return std::any_of(list.begin(), list.end(), is_its); };
    const auto& ike = config_.ike;
    const auto in_ring = [&](const auto& item) { return has_its(item.second.keys); };
    return has_its(ike.isakmp_keys) || std::any_of(ike.keyrings.begin(), ike.keyrings.end(), in_ring) ||
           std::any_of(ike.ikev2_keyrings.begin(), ike.ikev2_keyrings.end(), in_ring);
  }

  /// IKEv2 in charon finds its own pre-shared key by the identity that it expects of the peer:
  /// with "anybody" it would find none.
  std::string expected_identity() {
    if (!ends_.remote_identity.empty() || !side_.ikev2 || is_certificate(auth_.local) || !ends_.peer) return ends_.remote_identity;
    if (auth_.key != nullptr && auth_.key->identity) return charon_identity(*auth_.key->identity, config_.hostname);
    const auto identities = remote_identities(side_);
    const bool takes_address = std::any_of(identities.begin(), identities.end(), [&](const std::string& identity) {
      const auto prefix = Prefix::parse(identity);
      return identity.empty() || (prefix && prefix->contains(*ends_.peer));
    });
    // An address that is not the peer's is somebody else's.
    const auto name = std::find_if(identities.begin(), identities.end(), [](const auto& identity) { return !Prefix::parse(identity); });
    const auto chosen = takes_address ? ends_.peer->to_string() : name != identities.end() ? *name : identities.front();
    if (takes_all_kinds() || !takes_address || identities.size() > 1) {
      remarks_.warn(side_.position, fmt::format("{}: profile {} takes several identities; strongSwan expects one of a peer with a "
                                                "pre-shared key, here {}{}",
                                                side_.entry, printable(side_.profile_name), printable(chosen),
                                                identities.size() > 1 ? ", and answers it as any other that its key is for" : ""));
    }
    return chosen;
  }

  bool takes_all_kinds() const {
    return side_.profile != nullptr && std::any_of(side_.profile->identities.begin(), side_.profile->identities.end(),
                                                   [](const IdentityMatch& match) { return match.kind == IdentityMatch::Kind::Any; });
  }

  void write_certificate(CharonSection& local) {
    const auto* all = ends_.certificates;
    const auto own = all != nullptr ? own_certificates(side_, config_, *all, local_id_) : std::vector<const Certificate*>();
    if (own.size() == 1) return local.set_list("certs", {own.front()->der});
    const auto position = side_.settings != nullptr ? side_.settings->position : side_.position;
    if (own.empty()) {
      remarks_.warn(position, side_.entry + (all == nullptr ? ": strongSwan must have a certificate with its private key loaded"
                                                            : ": strongSwan has no certificate with its private key loaded yet"));
    } else {
      remarks_.warn(position, fmt::format("{}: strongSwan has {} certificates with private keys that fit, and no trustpoint's subject-name or fqdn "
                                          "chooses one; it takes one with {} in it",
                                          side_.entry, own.size(), local_id_.empty() ? "our address" : printable(local_id_)));
    }
  }

  std::string local_identity() {
    auto identity = side_.settings != nullptr ? side_.settings->local_identity : std::nullopt;
    const auto& global = config_.ike.isakmp_identity;
    const bool is_said = global.kind != IkeIdentity::Kind::Address || !is_certificate(auth_.local);  // address is what nobody wrote
    if (!identity && !side_.ikev2 && is_said) identity = global;
    const auto chosen = identity.value_or(IkeIdentity());
    // charon takes the subject of the certificate. So does IOS with one, unless it is told otherwise.
    if (!identity && is_certificate(auth_.local)) return {};
    if (chosen.kind == IkeIdentity::Kind::DistinguishedName && is_certificate(auth_.local)) return {};
    if (side_.settings != nullptr && side_.settings->local_identity && chosen.kind == IkeIdentity::Kind::DistinguishedName) {
      remarks_.warn(side_.settings->position, fmt::format("profile {}: `identity local dn` is the subject of a certificate, and a key is used here: our "
                                                          "address is sent",
                                                          printable(side_.profile_name)));
    }
    auto text = charon_identity(chosen, config_.hostname);
    if (text.empty() && ends_.local.size() == 1) text = ends_.local.front();
    return text;
  }

  void note_keys() {
    if (is_certificate(auth_.local) && is_certificate(auth_.remote)) return;
    if (side_.settings != nullptr && !(side_.settings->local_key.empty() && side_.settings->remote_key.empty())) {
      return add_pair(side_.settings->local_key, side_.settings->remote_key, owners_of_peer(nullptr), side_.settings->position);
    }
    if (ends_.remote != "%any") {
      return add_pair(auth_.key->local, auth_.key->remote, owners_of_peer(auth_.key), auth_.key->position);
    }
    for (const auto* list : lists_) {
      for (const auto& key : *list) add_pair(key.local, key.remote, owners_of_key(key), key.position);
    }
  }

  std::vector<std::string> owners_of_peer(const KeyEntry* key) const {
    std::vector<std::string> owners;
    if (ends_.remote != "%any") owners.push_back(ends_.remote);
    if (remote_id_ != "%any") owners.push_back(remote_id_);
    // The profile may take the peer by several identities: charon looks the key up by the one that comes.
    if (ends_.remote_identity.empty()) {
      for (auto& identity : remote_identities(side_)) {
        if (may_own(key, identity)) owners.push_back(std::move(identity));
      }
    }
    if (key != nullptr && key->identity) owners.push_back(charon_identity(*key->identity, config_.hostname));
    if (key != nullptr && !key->host.empty()) owners.push_back("fqdn:" + key->host);
    return owners;
  }

  /// Whether an identity of the profile may be that of the peer with this key: with another
  /// peer's identity among its owners a key would let the one in as the other.
  bool may_own(const KeyEntry* key, const std::string& identity) const {
    if (key == nullptr) return true;  // the profile has one key for all
    if (const auto prefix = Prefix::parse(identity)) return prefix->is_host() && find_key(lists_, prefix->address(), {}, {}) == key;
    std::size_t count = 0;
    for (const auto* list : lists_) count += list->size();
    return count == 1 || (!identity.empty() && find_key(lists_, std::nullopt, {}, identity) == key);
  }

  /// Ours on all interfaces with a map, as far as they are known.
  std::vector<IpAddress> own_addresses() const {
    std::vector<IpAddress> addresses;
    for (const auto& text : ends_.local) {
      if (const auto address = IpAddress::try_parse(text)) addresses.push_back(*address);
    }
    for (const auto& [name, interface] : config_.interfaces) {
      if (interface.maps.empty()) continue;
      for (const auto& one : interface.addresses) addresses.push_back(one.address);
    }
    return addresses;
  }

  std::vector<std::string> owners_of_key(const KeyEntry& key) const {
    std::vector<std::string> owners;
    if (key.identity) owners.push_back(charon_identity(*key.identity, config_.hostname));
    if (!key.host.empty()) owners.push_back("fqdn:" + key.host);
    // IKEv1 in charon looks for a key by identities first, of which main mode knows our own alone: a
    // key without owners, or with our address among them, would come before every peer's own.
    if (!side_.ikev2 && key.address && !key.address->is_host()) {
      for (const auto& prefix : all_but(own_addresses(), *key.address)) owners.push_back(prefix.to_string());
    } else if (key.address && key.address->length() > 0) {
      owners.push_back(key.address->is_host() ? key.address->address().to_string() : key.address->to_string());
    }
    return owners;
  }

  /// A key of our own that differs from the peer's. charon takes for itself the key that says the peer's identity
  /// best, and tries all that may be the peer's for the peer: so its key is owned less exactly. To name our own
  /// identity would give our key to IKEv1, which knows no other, and let everybody in by it.
  void add_pair(const Secret& local, const Secret& remote, std::vector<std::string> owners, TextPosition position) {
    if (remote.empty() && !local.empty() && !is_certificate(auth_.remote)) {
      remarks_.warn(position, side_.entry + ": there is no key for the remote end; the local one is taken for both");
    }
    if (local == remote || local.empty() || remote.empty()) {
      return keys_.add(local.empty() ? remote : local, std::move(owners), position);
    }
    if (const auto wide = nearly(owners)) {
      keys_.add(remote, *wide, position);
      return keys_.add(local, std::move(owners), position);
    }
    remarks_.warn(position, fmt::format("{}: strongSwan finds a local key that differs from the remote one only by our own identity here, and may "
                                        "take it for IKEv1 peers too",
                                        side_.entry));
    keys_.add(remote, owners, position);
    if (!local_id_.empty()) owners.insert(owners.begin(), local_id_);
    keys_.add(local, std::move(owners), position);
  }

  /// Owners that take these and hardly more, and which charon counts as less exact; nothing where one cannot be said so.
  [[nodiscard]] std::optional<std::vector<std::string>> nearly(const std::vector<std::string>& owners) const {
    const auto ours = own_addresses();
    std::vector<std::string> wide;
    for (const auto& owner : owners) {
      const auto address = IpAddress::try_parse(owner);
      const auto after = address ? address->next() : std::nullopt;
      if (owner.empty() || owner == "%any") continue;
      const bool is_ours = after && std::find(ours.begin(), ours.end(), *after) != ours.end();
      if (is_ours) wide.push_back(fmt::format("{}-{}", before(*address), owner));
      if (after && !is_ours) wide.push_back(fmt::format("{}-{}", owner, after->to_string()));
      // The asterisk stands for the first letter; where that is the whole first part, the others of its domain would be meant.
      const auto name = owner.find(':') + 1;
      const bool is_name = (owner.starts_with("fqdn:") || owner.starts_with("email:")) && owner.find('*') == std::string::npos &&
                           owner.size() > name + 1 && std::isalnum(static_cast<unsigned char>(owner[name + 1])) != 0;
      if (is_name) wide.push_back(fmt::format("{}*{}", owner.substr(0, name), owner.substr(name + 1)));
      if (!after && !is_name) return std::nullopt;
    }
    return wide;
  }

  static std::string before(const IpAddress& address) { return address.inverted().next()->inverted().to_string(); }

  CharonSection& out_;
  const IkeSide& side_;
  const IkeEnds& ends_;
  const Config& config_;
  KeyBook& keys_;
  Remarks& remarks_;
  std::vector<const std::vector<KeyEntry>*> lists_;
  std::vector<IsakmpPolicy> own_policies_;
  Authentication auth_;
  std::vector<std::string> proposals_;
  std::uint32_t lifetime_ = kDefaultIkeLifetimeSeconds;
  std::string local_id_;
  std::string remote_id_;  // the one that is expected, "" for any
};

}  // namespace

bool write_ike(CharonSection& out, const IkeSide& side, const IkeEnds& ends, const Config& config, KeyBook& keys,
               Remarks& remarks) {
  return IkeWriter(out, side, ends, config, keys, remarks).write();
}

bool may_call_aggressive(const CharonSection& connection, const IkeSide& side, const IkeEnds& ends, const Config& config) {
  const auto* local = connection.find_section("local");
  if (side.ikev2 || config.ike.aggressive_disabled || !connection.text("aggressive").empty() || local == nullptr || local->text("auth") != "psk") return false;
  const auto& identity = ends.remote_identity;
  if (identity.starts_with("fqdn:") || identity.starts_with("email:") || identity.starts_with("keyid:")) return true;
  if (ends.remote != "%any" || !identity.empty()) return false;
  const auto lists = key_lists({side.profile != nullptr ? side.profile->keyrings : std::vector<std::string>(), false, ends.vrf, ends.local}, config);
  return std::any_of(lists.begin(), lists.end(), [](const auto* list) {
    return std::any_of(list->begin(), list->end(), [](const KeyEntry& key) { return !key.host.empty(); });
  });
}

bool needs_aggressive(const IkeSide& side, const IkeEnds& ends, const Config& config) {
  const auto& policies = config.ike.isakmp_policies;
  const bool takes_keys = policies.empty() || std::any_of(policies.begin(), policies.end(), [](const auto& item) {
                            return item.second.authentication == AuthMethod::PreShared;
                          });
  const bool is_aggressive = ends.answers_aggressive || (side.settings != nullptr && side.settings->aggressive);
  if (side.ikev2 || ends.remote != "%any" || is_aggressive || !takes_keys) return false;
  const auto lists = key_lists({side.profile != nullptr ? side.profile->keyrings : std::vector<std::string>(), false, ends.vrf, ends.local}, config);
  std::size_t count = 0;
  for (const auto* list : lists) {
    if (std::any_of(list->begin(), list->end(), [](const KeyEntry& key) { return key.address.has_value(); })) return false;
    count += list->size();
  }
  return count > 0;
}

std::vector<std::string> remote_identities(const IkeSide& side) {
  std::vector<std::string> identities;
  for (const auto& peer : side.expected) {
    if (peer.id.empty()) return {""};
    if (std::find(identities.begin(), identities.end(), peer.id) == identities.end()) identities.push_back(peer.id);
  }
  return identities;
}

}  // namespace rri::core
