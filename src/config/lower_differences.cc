// Lines that are taken and that charon carries out otherwise than IOS: each is told with
// the difference, so that nothing about tunnels is done differently in silence.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/lower.h"
#include "config/siblings.h"

namespace rri {
namespace {

struct Difference {
  std::optional<Mode> section;  // none: a line of its own
  std::string_view begins;
  std::string_view keyword;     // or slot that makes the difference; "": the line itself
  std::string_view text;
};

constexpr std::string_view kPeriodic = "strongSwan asks an idle peer at each interval, whether or not there is something to send";

constexpr std::array kDifferences = {
    Difference{std::nullopt, "crypto isakmp keepalive", "on-demand", kPeriodic},
    Difference{std::nullopt, "crypto ikev2 dpd", "on-demand", kPeriodic},
    Difference{Mode::Ikev2Profile, "dpd", "on-demand", kPeriodic},
    Difference{Mode::Ikev2Profile, "keyring", "mangler", "names are not mangled here: a key is found by the peer's address, name or identity"},
    Difference{Mode::Ikev2Profile, "virtual-template", "", "no virtual access interfaces are made here: peers of this profile get tunnels by crypto maps and tunnel interfaces alone"},
    Difference{Mode::Ikev2Profile, "lifetime", "certificate", "the life of a certificate does not count here: an IKE SA lives a day"},
};

void tell(const Line& line, std::string_view reason, Config& out) { out.ike.unused.push_back(told(line, reason)); }

void tell_differences(const Line& line, std::optional<Mode> section, Config& out) {
  if (!is_command(line) || line.kind == LineKind::Negated) return;
  for (const auto& one : kDifferences) {
    const bool is_it = one.section == section && begins_with(line, one.begins);
    if (is_it && (one.keyword.empty() || line.has_keyword(one.keyword) || line.has(one.keyword))) tell(line, one.text, out);
  }
}

/// A trustpoint is carried text.
void tell_revocation(const Line& section, Config& out) {
  constexpr std::string_view kPrefix = "revocation-check ";
  if (section.kind != LineKind::Carried || section.words.empty() || section.text().find(" trustpoint ") == std::string::npos) return;
  for (const auto& line : section.children) {
    const auto text = line.text();
    if (!text.starts_with(kPrefix) || text == "revocation-check none") continue;
    return tell(line, "strongSwan looks for revoked certificates by its own settings, and takes one where it finds no list", out);
  }
}

bool is_by_key(const IsakmpPolicy& policy) { return policy.authentication == AuthMethod::PreShared; }

/// charon has one life and one method for all proposals of a connection (core/tunnel_ike).
void tell_policies(Config& out) {
  const auto& policies = out.ike.isakmp_policies;
  std::array<const std::pair<const std::uint32_t, IsakmpPolicy>*, 2> first{};  // by certificate, by key
  for (const auto& one : policies) {
    if (one.second.authentication == AuthMethod::RsaEncryption) continue;
    auto*& of_method = first[is_by_key(one.second) ? 1 : 0];
    if (of_method == nullptr) of_method = &one;
    if (of_method->second.lifetime_seconds == one.second.lifetime_seconds) continue;
    out.ike.unused.push_back({fmt::format("isakmp policy {}: lifetime {} does not count: strongSwan has one for all policies of a peer, that of "
                                          "policy {} ({})", one.first, one.second.lifetime_seconds, of_method->first, of_method->second.lifetime_seconds),
                              one.second.position});
  }
  if (first[0] == nullptr || first[1] == nullptr) return;
  out.ike.unused.push_back({fmt::format("isakmp policies {} and {} differ in `authentication`: a peer that has a pre-shared key gets the policies "
                                        "with keys alone, any other one those with certificates", std::min(first[0]->first, first[1]->first),
                                        std::max(first[0]->first, first[1]->first)),
                            (first[0]->first > first[1]->first ? first[0] : first[1])->second.position});
}

}  // namespace

void lower_differences(const Document& document, Config& out) {
  for (const auto& line : document.lines) {
    tell_differences(line, std::nullopt, out);
    tell_revocation(line, out);
    if (!is_command(line) || !line.row->row.opens) continue;
    for (const auto& child : line.children) tell_differences(child, line.row->row.opens, out);
  }
  tell_policies(out);
}

}  // namespace rri
