#include "core/tunnel_proposals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace rri::core {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// RFC 2409, 3526, 5114, 5903, 6954, 8031.
constexpr std::array<std::pair<std::uint32_t, std::string_view>, 19> kGroups = {{
    {1, "modp768"}, {2, "modp1024"}, {5, "modp1536"}, {14, "modp2048"}, {15, "modp3072"}, {16, "modp4096"},
    {17, "modp6144"}, {18, "modp8192"}, {19, "ecp256"}, {20, "ecp384"}, {21, "ecp521"}, {22, "modp1024s160"},
    {23, "modp2048s224"}, {24, "modp2048s256"}, {25, "ecp192"}, {26, "ecp224"}, {28, "ecp256bp"}, {29, "ecp384bp"},
    {31, "curve25519"},
}};

constexpr std::array<Pair, 10> kIkev2Ciphers = {{{"des", "des"}, {"3des", "3des"}, {"aes-cbc-128", "aes128"},
                                                 {"aes-cbc-192", "aes192"}, {"aes-cbc-256", "aes256"},
                                                 {"aes-gcm-128", "aes128gcm16"}, {"aes-gcm-256", "aes256gcm16"},
                                                 {"aes-gcm-192", "aes192gcm16"}, {"aes", "aes128"}, {"null", "null"}}};
constexpr std::array<Pair, 6> kHashes = {{{"md5", "md5"}, {"sha1", "sha1"}, {"sha", "sha1"}, {"sha256", "sha256"},
                                          {"sha384", "sha384"}, {"sha512", "sha512"}}};
constexpr std::array<Pair, 10> kPhase1Ciphers = {{{"des", "des"}, {"3des", "3des"}, {"aes", "aes128"},
                                                  {"aes 128", "aes128"}, {"aes 192", "aes192"}, {"aes 256", "aes256"},
                                                  {"gcm", ""}, {"gcm 128", ""}, {"gcm 256", ""}, {"gcm 192", ""}}};
constexpr std::array<Pair, 14> kEspCiphers = {{{"esp-des", "des"}, {"esp-3des", "3des"}, {"esp-null", "null"},
                                               {"esp-aes", "aes128"}, {"esp-aes 128", "aes128"},
                                               {"esp-aes 192", "aes192"}, {"esp-aes 256", "aes256"},
                                               {"esp-gcm", "aes128gcm16"}, {"esp-gcm 128", "aes128gcm16"},
                                               {"esp-gcm 192", "aes192gcm16"}, {"esp-gcm 256", "aes256gcm16"},
                                               {"esp-gmac", "aes128gmac"}, {"esp-gmac 128", "aes128gmac"},
                                               {"esp-gmac 256", "aes256gmac"}}};

template <std::size_t N>
std::optional<std::string_view> find(const std::array<Pair, N>& table, std::string_view word) {
  const auto* found = std::find_if(table.begin(), table.end(), [&](const Pair& pair) { return pair.first == word; });
  if (found == table.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

void note_weak(Proposals& out, const std::string& what) {
  if (std::find(out.weak.begin(), out.weak.end(), what) == out.weak.end()) out.weak.push_back(what);
}

void note_weak_parts(Proposals& out, std::string_view algorithm) {
  if (algorithm == "des") note_weak(out, "DES");
  if (algorithm == "3des") note_weak(out, "3DES");
  if (algorithm == "md5") note_weak(out, "MD5");
}

void note_weak_group(Proposals& out, std::uint32_t group) {
  if (group == 1 || group == 2 || group == 5) note_weak(out, fmt::format("group {}", group));
}

void append(std::string& text, std::string_view part) {
  if (!text.empty()) text += '-';
  text += part;
}

/// Each word's charon name, in order; what is unknown is a problem.
template <std::size_t N>
std::vector<std::string> translate(const std::array<Pair, N>& table, const std::vector<std::string>& words,
                                   std::string_view kind, Proposals& out) {
  std::vector<std::string> names;
  for (const auto& word : words) {
    if (const auto name = find(table, word)) {
      names.emplace_back(*name);
      note_weak_parts(out, *name);
    } else {
      out.problems.push_back(fmt::format("{} algorithm {} is not supported by strongSwan and left out", kind, printable(word)));
    }
  }
  return names;
}

std::vector<std::string> translate_groups(const std::vector<std::string>& words, Proposals& out) {
  std::vector<std::string> names;
  for (const auto& word : words) {
    const auto number = parse_number<std::uint32_t>(word);
    const auto name = number ? charon_group(*number) : std::nullopt;
    if (!name) {
      out.problems.push_back(fmt::format("Diffie-Hellman group {} is not supported by strongSwan and left out", printable(word)));
      continue;
    }
    note_weak_group(out, *number);
    names.emplace_back(*name);
  }
  return names;
}

bool is_aead(std::string_view name) { return name.find("gcm") != std::string_view::npos || name.find("gmac") != std::string_view::npos; }

/// charon calls with the first method of key exchange, none, and takes any of them from its peer (measured,
/// 5.9.8, IKEv1 and IKEv2, rekeying too).
constexpr std::string_view kAnyGroup = "modpnone-modp2048-modp3072-modp4096-ecp256-ecp384-ecp521-curve25519-modp2048s256-modp1536-modp1024-"
                                       "modp6144-modp8192-ecp256bp-ecp384bp-ecp224-ecp192-modp2048s224-modp1024s160-modp768";

std::string join_all(std::initializer_list<const std::vector<std::string>*> lists) {
  std::string text;
  for (const auto* list : lists) {
    for (const auto& part : *list) append(text, part);
  }
  return text;
}

/// A transform set, transform by transform.
struct EspParts {
  std::string cipher;
  std::string integrity;
  std::string ah;
  bool is_whole = true;  // false: what strongSwan cannot do is no part to leave out
};

void add_transform(const std::string& transform, EspParts& parts, EspProposals& out) {
  if (const auto cipher = find(kEspCiphers, transform)) {
    parts.cipher = *cipher;
    note_weak_parts(out, *cipher);
    return;
  }
  const bool is_ah = transform.starts_with("ah-");
  const auto suffix = transform.find("-hmac");
  const auto start = transform.find('-') + 1;
  const auto hash = suffix == std::string::npos ? std::nullopt : find(kHashes, std::string_view(transform).substr(start, suffix - start));
  if (!hash && transform.starts_with("comp-")) {
    out.problems.push_back(fmt::format("{} is not supported by strongSwan and left out", printable(transform)));
    return;
  }
  if (!hash) {
    out.problems.push_back(fmt::format("{} is not supported by strongSwan; the set is not used", printable(transform)));
    parts.is_whole = false;
    return;
  }
  note_weak_parts(out, *hash);
  (is_ah ? parts.ah : parts.integrity) = *hash;
}

}  // namespace

std::optional<std::string_view> charon_group(std::uint32_t group) {
  const auto* found = std::find_if(kGroups.begin(), kGroups.end(), [&](const auto& pair) { return pair.first == group; });
  if (found == kGroups.end()) return std::nullopt;
  return found->second;
}

Proposals isakmp_proposals(const IsakmpPolicy& policy) {
  Proposals out;
  const auto cipher = find(kPhase1Ciphers, policy.encryption);
  const auto hash = find(kHashes, policy.hash);
  const auto group = charon_group(policy.group);
  if (!cipher) out.problems.push_back(fmt::format("encryption {} is not supported by strongSwan for IKEv1", printable(policy.encryption)));
  if (!hash) out.problems.push_back(fmt::format("hash {} is not supported by strongSwan", printable(policy.hash)));
  if (!group) out.problems.push_back(fmt::format("Diffie-Hellman group {} is not supported by strongSwan", policy.group));
  if (!out.problems.empty()) return out;
  note_weak_parts(out, *cipher);
  note_weak_parts(out, *hash);
  note_weak_group(out, policy.group);
  out.texts.push_back(fmt::format("{}-{}-{}", *cipher, *hash, *group));
  return out;
}

Proposals ikev2_proposals(const Ikev2Proposal& proposal) {
  Proposals out;
  const auto ciphers = translate(kIkev2Ciphers, proposal.encryption, "encryption", out);
  const auto integrity = translate(kHashes, proposal.integrity, "integrity", out);
  auto prf = translate(kHashes, proposal.prf, "PRF", out);
  const auto groups = translate_groups(proposal.groups, out);
  std::vector<std::string> aead;
  std::vector<std::string> classic;
  for (const auto& cipher : ciphers) (is_aead(cipher) ? aead : classic).push_back(cipher);
  for (auto& name : prf) name = "prf" + name;
  auto aead_prf = prf;
  if (aead_prf.empty()) {
    for (const auto& name : integrity) aead_prf.push_back("prf" + name);
  }
  if (aead_prf.empty()) aead_prf.emplace_back("prfsha256");
  if (groups.empty()) {
    out.problems.emplace_back("it has no Diffie-Hellman group");
    return out;
  }
  if (!aead.empty()) out.texts.push_back(join_all({&aead, &aead_prf, &groups}));
  if (!classic.empty() && !integrity.empty()) out.texts.push_back(join_all({&classic, &integrity, &prf, &groups}));
  if (!classic.empty() && integrity.empty()) out.problems.emplace_back("it has no integrity algorithm");
  return out;
}

EspProposals esp_proposals(const TransformSet& set, std::optional<std::uint32_t> pfs) {
  EspProposals out;
  EspParts parts;
  for (const auto& transform : set.transforms) add_transform(transform, parts, out);
  if (!parts.is_whole) return out;
  if (is_aead(parts.cipher) && !parts.integrity.empty()) {
    out.problems.push_back(fmt::format("esp-{} authenticates by itself: IOS refuses another authentication beside it; the set is not used",
                                       parts.cipher.ends_with("gmac") ? "gmac" : "gcm"));
    return out;
  }
  if (!parts.ah.empty() && !parts.cipher.empty() && parts.integrity.empty() && !is_aead(parts.cipher)) {
    out.problems.emplace_back("strongSwan cannot do AH and ESP in one SA, and ESP alone would protect no integrity; the set is not used");
    return out;
  }
  if (!parts.ah.empty() && (!parts.cipher.empty() || !parts.integrity.empty())) {
    out.problems.emplace_back("strongSwan cannot do AH and ESP in one SA: AH is left out");
    parts.ah.clear();
  }
  out.is_ah = !parts.ah.empty();
  std::string text = out.is_ah ? parts.ah : parts.cipher;
  if (!parts.integrity.empty()) append(text, parts.integrity);
  if (parts.cipher.empty() && !parts.integrity.empty()) text = "null-" + parts.integrity;
  if (text.empty()) {
    out.problems.emplace_back("nothing of it is left");
    return out;
  }
  if (pfs) {
    const auto group = charon_group(*pfs);
    if (!group) {
      out.problems.push_back(fmt::format("PFS group {} is not supported by strongSwan", *pfs));
      return out;
    }
    note_weak_group(out, *pfs);
    out.texts.push_back(fmt::format("{}-{}", text, *group));
    return out;
  }
  out.texts.push_back(fmt::format("{}-{}", text, kAnyGroup));
  return out;
}

const std::vector<IsakmpPolicy>& default_isakmp_policies() {
  static const std::vector<IsakmpPolicy> kPolicies = [] {
    std::vector<IsakmpPolicy> policies;
    constexpr std::uint32_t kDay = 86400;
    for (const auto& [cipher, group] : {std::pair<const char*, std::uint32_t>("aes", 5), {"3des", 2}}) {
      for (const auto* hash : {"sha", "md5"}) {
        for (const auto method : {AuthMethod::RsaSignature, AuthMethod::PreShared}) {
          policies.push_back({cipher, hash, method, group, kDay, {}});
        }
      }
    }
    return policies;
  }();
  return kPolicies;
}

const Ikev2Proposal& default_ikev2_proposal() {
  // IOS XE 17: `show crypto ikev2 proposal default`.
  static const Ikev2Proposal kProposal{{"aes-cbc-256"}, {"sha512", "sha384"}, {"sha512", "sha384"}, {"19", "14", "21", "5"}, {}};
  return kProposal;
}

const TransformSet& default_transform_set() {
  static const TransformSet kSet{{"esp-aes", "esp-sha-hmac"}, false, false, {}};
  return kSet;
}

}  // namespace rri::core
