#include "core/tunnel_identities.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rri::core {
namespace {

using Kind = IdentityMatch::Kind;

/// What both take, as far as it can be said in one.
std::optional<IdentityMatch> both(const IdentityMatch& of_profile, const IdentityMatch& required) {
  auto narrowed = required;
  narrowed.issuer = of_profile.issuer;
  switch (of_profile.kind) {
    case Kind::Any: return narrowed;
    case Kind::HostDomain:
      if (required.kind == Kind::Host && is_below_domain(required.text, of_profile.text)) return narrowed;
      return std::nullopt;
    case Kind::Subject: {
      if (of_profile.text.empty()) return narrowed;
      auto subject = DistinguishedName::parse(of_profile.text);
      const auto more = DistinguishedName::parse(required.text);
      if (required.kind != Kind::Subject || !subject || !more) return std::nullopt;
      subject->add_missing(*more);
      narrowed.text = subject->to_string();
      return narrowed;
    }
    case Kind::Address:
      if (!of_profile.prefix || of_profile.prefix->length() == 0) return narrowed;
      return std::nullopt;
    case Kind::Host:
    case Kind::User:
    case Kind::UserDomain:
    case Kind::Group:
    case Kind::KeyId:
    case Kind::Email:
    case Kind::EmailDomain:
      if (of_profile.kind == required.kind && equal_ignoring_case(of_profile.text, required.text)) return narrowed;
      return std::nullopt;
  }
  return std::nullopt;
}

std::vector<ExpectedPeer> expected(const std::vector<IdentityMatch>& matches) {
  std::vector<ExpectedPeer> peers;
  for (const auto& match : matches) {
    ExpectedPeer peer{charon_identity(match), match.issuer};
    if (peer.id == "%any") peer.id.clear();
    if (peer == ExpectedPeer()) return {peer};
    if (std::find(peers.begin(), peers.end(), peer) == peers.end()) peers.push_back(std::move(peer));
  }
  return peers;
}

bool has_name(const Certificate& certificate, const std::string& name) {
  const auto& names = certificate.names;
  return std::any_of(names.begin(), names.end(), [&](const std::string& one) { return equal_ignoring_case(one, name); }) ||
         certificate.subject.contains({{{"unstructuredName", name}}});
}

/// A trustpoint that says nothing of its certificate is the authority of that name.
bool belongs_to(const Certificate& certificate, const std::string& name, const Config& config) {
  const auto found = config.ike.trustpoints.find(name);
  const auto said = found == config.ike.trustpoints.end() ? Trustpoint() : found->second;
  if (const auto subject = DistinguishedName::parse(said.subject)) return certificate.subject.contains(*subject);
  if (!said.fqdn.empty()) return has_name(certificate, said.fqdn);
  return certificate.issuer.contains({{{"CN", name}}});
}

std::vector<std::string> signing_trustpoints(const IkeSide& side, const Config& config) {
  std::vector<std::string> names;
  if (side.settings != nullptr) {
    for (const auto& use : side.settings->trustpoints) {
      if (use.signs) names.push_back(use.name);
    }
  }
  if (!names.empty()) return names;
  for (const auto& [name, trustpoint] : config.ike.trustpoints) names.push_back(name);
  return names;
}

/// Those for which `fits` holds, or all where it holds for none.
template <typename Fits>
void prefer_those(std::vector<const Certificate*>& certificates, const Fits& fits) {
  std::vector<const Certificate*> some;
  std::copy_if(certificates.begin(), certificates.end(), std::back_inserter(some), [&](const Certificate* one) { return fits(*one); });
  if (!some.empty()) certificates = std::move(some);
}

}  // namespace

std::vector<ExpectedPeer> expected_peers(const IkeProfile* profile) {
  auto peers = expected(profile != nullptr ? profile->identities : std::vector<IdentityMatch>());
  if (peers.empty()) peers.emplace_back();
  return peers;
}

std::vector<ExpectedPeer> expected_peers(const IkeProfile* profile, const std::vector<IdentityMatch>& required) {
  if (profile == nullptr || profile->identities.empty()) return expected(required);
  std::vector<IdentityMatch> matches;
  for (const auto& of_profile : profile->identities) {
    for (const auto& one : required) {
      if (auto narrowed = both(of_profile, one)) matches.push_back(std::move(*narrowed));
    }
  }
  return expected(matches);
}

std::vector<const Certificate*> own_certificates(const IkeSide& side, const Config& config, const std::vector<Certificate>& all,
                                                 const std::string& local_id) {
  std::vector<const Certificate*> own;
  for (const auto& certificate : all) {
    if (certificate.has_key && !certificate.is_authority) own.push_back(&certificate);
  }
  const auto trustpoints = signing_trustpoints(side, config);
  prefer_those(own, [&](const Certificate& certificate) {
    return std::any_of(trustpoints.begin(), trustpoints.end(), [&](const auto& name) { return belongs_to(certificate, name, config); });
  });
  const auto name = local_id.substr(local_id.find(':') == std::string::npos ? 0 : local_id.find(':') + 1);
  prefer_those(own, [&](const Certificate& certificate) { return has_name(certificate, name); });
  return own;
}

std::vector<std::string> trusted_authorities(const IkeSide& side, const Config& config, const std::vector<Certificate>& all, Remarks& remarks) {
  const auto count = std::count_if(all.begin(), all.end(), [](const Certificate& one) { return one.is_authority; });
  if (count < 2 || side.settings == nullptr) return {};
  std::vector<std::string> authorities;
  for (const auto& use : side.settings->trustpoints) {
    if (!use.verifies) continue;
    const auto is_its = [&](const Certificate& authority) {
      return authority.is_authority && (authority.subject.contains({{{"CN", use.name}}}) || std::any_of(all.begin(), all.end(), [&](const Certificate& one) {
               return one.has_key && !one.issuer.parts.empty() && one.issuer == authority.subject && belongs_to(one, use.name, config);
             }));
    };
    const auto found = std::find_if(all.begin(), all.end(), is_its);
    if (found != all.end()) {
      authorities.push_back(found->der);
      continue;
    }
    remarks.warn(use.position, fmt::format("trustpoint {}: strongSwan has {} authorities and no certificate that tells which is its; it trusts them all",
                                           printable(use.name), count));
    return {};
  }
  return authorities;
}

}  // namespace rri::core
