// Whom certificates must be for: `crypto identity`, and the certificate maps of profiles.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "config/lower.h"
#include "config/siblings.h"
#include "model/distinguished_name.h"

namespace rri {
namespace {

/// What strongSwan compares a name with. IOS looks for a part of the text; charon for whole parts of the subject.
constexpr std::string_view kRelaxed = "with exactly these values, and among others only with rdn_matching = relaxed in strongswan.conf";

/// One number of a certificate map: all its lines together.
class CertificateMapReader {
 public:
  explicit CertificateMapReader(std::vector<UnusedLine>& unused) : unused_(unused) {}

  /// Nothing where not one line has a counterpart.
  std::optional<IdentityMatch> read(const Line& section) {
    for (const auto& line : section.children) {
      if (is_command(line)) read_line(line);
    }
    if (!host_.empty()) return IdentityMatch{IdentityMatch::Kind::Host, host_, {}, issuer_.to_string()};
    if (subject_.parts.empty() && issuer_.parts.empty()) return std::nullopt;
    return IdentityMatch{IdentityMatch::Kind::Subject, subject_.to_string(), {}, issuer_.to_string()};
  }

 private:
  void read_line(const Line& line) {
    const auto field = line.value("field");
    const auto criterion = line.value("criterion");
    const auto name = DistinguishedName::parse(line.value("text"));
    const bool has_part = criterion == "co" || criterion == "eq";
    if (field == "subject-name" && has_part && name && host_.empty()) {
      subject_.add_missing(*name);
      unused_.push_back(told(line, fmt::format("strongSwan looks for it in the peer's IKE identity, which has to be its subject (`dn`), {}", kRelaxed)));
    } else if (field == "issuer-name" && has_part && name) {
      issuer_.add_missing(*name);
      unused_.push_back(told(line, fmt::format("strongSwan looks for it in the subjects of the authorities, {}", kRelaxed)));
    } else if (field == "alt-subject-name" && criterion == "eq" && subject_.parts.empty() && host_.empty()) {
      host_ = text_value(line, "text");
      unused_.push_back(told(line, "strongSwan compares it with the peer's IKE identity, which has to be this name (`fqdn`)"));
    } else {
      unused_.push_back(told(line, "strongSwan cannot compare this, so the other lines of its number count alone"));
    }
  }

  std::vector<UnusedLine>& unused_;
  DistinguishedName subject_;
  DistinguishedName issuer_;
  std::string host_;
};

void match_certificate(const Line& line, const Document& document, IkeProfile& profile, std::vector<UnusedLine>& unused) {
  const auto name = line.value("map");
  bool is_defined = false, is_taken = false;
  for (const auto& section : document.lines) {
    if (!is_command(section) || section.row->row.opens != Mode::CertificateMap || section.value("name") != name) continue;
    is_defined = true;
    auto match = CertificateMapReader(unused).read(section);
    if (!match) continue;
    is_taken = true;
    profile.identities.push_back(std::move(*match));
  }
  if (is_taken) return;
  unused.push_back(told(line, fmt::format("{}; {}", is_defined ? "strongSwan can compare nothing of it" : "there is no such certificate map",
                                          profile.identities.empty() ? "every trusted certificate is taken" : "it takes nobody")));
}

}  // namespace

void lower_crypto_identity(const Line& line, Lowering& out) {
  using Kind = IdentityMatch::Kind;
  auto& identities = out.config.identities[text_value(line, "name")];
  for (const auto& child : line.children) {
    if (!is_command(child)) continue;
    if (begins_with(child, "fqdn")) identities.push_back({Kind::Host, text_value(child, "name"), {}});
    if (!begins_with(child, "dn")) continue;
    const auto name = DistinguishedName::parse(child.value("dn"));
    if (name) identities.push_back({Kind::Subject, name->to_string(), {}});
    out.config.ike.unused.push_back(told(child, name ? fmt::format("strongSwan looks for it in the peer's IKE identity, {}", kRelaxed)
                                                     : "strongSwan has no such distinguished name; it takes nobody"));
  }
}

void lower_certificate_maps(const Document& document, Config& out) {
  for (const auto& section : document.lines) {
    if (!is_command(section) || !section.row->row.opens) continue;
    const auto mode = *section.row->row.opens;
    if (mode != Mode::IsakmpProfile && mode != Mode::Ikev2Profile) continue;
    auto& profile = (mode == Mode::IsakmpProfile ? out.isakmp_profiles : out.ikev2_profiles)[text_value(section, "name")];
    for (const auto& line : section.children) {
      if (is_command(line) && begins_with(line, "match certificate")) match_certificate(line, document, profile, out.ike.unused);
    }
  }
}

}  // namespace rri
