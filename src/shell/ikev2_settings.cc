// `show crypto ikev2 proposal | policy | profile`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "shell/crypto_settings.h"
#include "shell/section_reader.h"
#include "shell/settings_answer.h"

namespace rri::shell {

namespace {

using show::Format;
using Words = std::vector<std::string>;
using Json = SettingsAnswer::Json;

struct Proposal {
  std::string name;
  Words encryption;
  Words integrity;
  Words prf;
  Words groups;
};

/// IOS XE 17's own, which is used where the configuration has no policy (core/tunnel_proposals).
Proposal default_proposal() { return {"default", {"aes-cbc-256"}, {"sha512", "sha384"}, {"sha512", "sha384"}, {"19", "14", "21", "5"}}; }

std::vector<Proposal> find_proposals(const Document& document, const std::optional<std::string>& name) {
  std::vector<Proposal> found;
  const bool is_own = find_sections(document, "crypto ikev2 proposal", "default").empty();
  if (is_own && name.value_or("default") == "default") found.push_back(default_proposal());
  for (const auto* section : find_sections(document, "crypto ikev2 proposal", name)) {
    Proposal made{std::string(section->value("name")), words_of(*section, "encryption"), words_of(*section, "integrity"), words_of(*section, "prf"),
                  words_of(*section, "group")};
    if (made.prf.empty()) made.prf = made.integrity;
    found.push_back(std::move(made));
  }
  return found;
}

/// "AES-CBC-256", "SHA512"; of 96 bits where an integrity algorithm is cut.
std::string shown(const Words& words, bool is_integrity) {
  Words names;
  for (const auto& each : words) {
    auto word = to_upper(each);
    if (is_integrity && word == "SHA1") word = "SHA96";
    if (is_integrity && word == "MD5") word = "MD596";
    names.push_back(std::move(word));
  }
  return listed(names, "none");
}

std::string group_names(const Words& numbers) {
  struct Group {
    std::string_view number;
    std::string_view name;
  };
  constexpr std::array kGroups = {Group{"1", "768_MODP"},   Group{"2", "1024_MODP"},  Group{"5", "1536_MODP"}, Group{"14", "2048_MODP"},
                                  Group{"15", "3072_MODP"}, Group{"16", "4096_MODP"}, Group{"19", "256_ECP"},  Group{"20", "384_ECP"},
                                  Group{"21", "521_ECP"},   Group{"24", "2048_256_MODP"}};
  Words names;
  for (const auto& number : numbers) {
    const auto* found = std::find_if(kGroups.begin(), kGroups.end(), [&](const Group& group) { return group.number == number; });
    names.push_back(found == kGroups.end() ? fmt::format("Group {}", number) : fmt::format("DH_GROUP_{}/Group {}", found->name, number));
  }
  return listed(names, "none");
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// `DPD: interval 10, retry-interval 2, periodic`.
std::string dpd_words(const std::string& dpd) {
  const auto words = split_words(dpd);
  constexpr std::size_t kAll = 3;
  return words.size() < kAll ? std::string("disabled") : fmt::format("interval {}, retry-interval {}, {}", words[0], words[1], words[2]);
}

/// The first word of each: methods without their keys.
Words methods_of(const Line& section, std::string_view side) {
  Words methods;
  for (const auto& setting : settings_of(section, fmt::format("authentication {}", side))) methods.push_back(setting.substr(0, setting.find(' ')));
  return methods;
}

std::string identity_lines(const Words& identities) {
  std::string lines;
  for (const auto& identity : identities) lines += fmt::format("   {}\n", identity);
  return lines.empty() ? "  Identities: none\n" : "  Identities:\n" + lines;
}

constexpr std::string_view kUnusedProfileLines =
    " mode auto: none\n AAA AnyConnect EAP authentication mlist: none\n AAA EAP authentication mlist: none\n"
    " AAA authentication mlist: none\n AAA Accounting: none\n AAA group authorization: none\n AAA user authorization: none\n\n";

void add_profile(SettingsAnswer& answer, const Document& document, const Line& section) {
  const std::string name(section.value("name"));
  const auto uses = count_uses(document, "set ikev2-profile " + name);
  const auto fvrf = setting_of(section, "match fvrf", "global");
  const auto local = settings_of(section, "match address local");
  const auto identities = settings_of(section, "match identity remote");
  const auto certificates = settings_of(section, "match certificate");
  const auto own = setting_of(section, "identity local", "");
  const auto ours = methods_of(section, "local");
  const auto theirs = methods_of(section, "remote");
  const auto ring = setting_of(section, "keyring local", setting_of(section, "keyring", ""));
  const auto trustpoints = settings_of(section, "pki trustpoint");
  const auto lifetime = setting_of(section, "lifetime", "86400");
  const auto dpd = setting_of(section, "dpd", "");
  const auto vrf = setting_of(section, "ivrf", "");
  const auto model = setting_of(section, "virtual-template", "");
  answer.begin(name, fmt::format("\nIKEv2 profile: {}\n", name));
  answer.add("uses", uses, fmt::format(" Ref Count: {}\n Match criteria:\n", uses));
  answer.add("front_door_vrf", fvrf, fmt::format("  Fvrf: {}\n", fvrf));
  answer.add("local_addresses", local, fmt::format("  Local address/interface: {}\n", listed(local, "none")));
  answer.add("identities", identities, identity_lines(identities));
  answer.add("certificate_maps", certificates, fmt::format("  Certificate maps: {}\n", listed(certificates, "none")));
  answer.add("local_identity", text_or_null(own), fmt::format(" Local identity: {}\n Remote identity: none\n", own.empty() ? "none" : own));
  answer.add("local_authentication", ours, fmt::format(" Local authentication method: {}\n", listed(ours, "none")));
  answer.add("remote_authentication", theirs, fmt::format(" Remote authentication method(s): {}\n EAP options: none\n", listed(theirs, "none")));
  answer.add("keyring", text_or_null(ring), fmt::format(" Keyring: {}\n", ring.empty() ? "none" : ring));
  answer.add("trustpoints", trustpoints, fmt::format(" Trustpoint(s): {}\n", listed(trustpoints, "none")));
  answer.add("lifetime", parse_number<unsigned>(lifetime).value_or(0), fmt::format(" Lifetime: {} seconds\n", lifetime));
  answer.add("dpd", text_or_null(dpd), fmt::format(" DPD: {}\n NAT-keepalive: disabled\n", dpd_words(dpd)));
  answer.add("vrf", text_or_null(vrf), fmt::format(" Ivrf: {}\n", vrf.empty() ? "none" : vrf));
  answer.add("virtual_template", text_or_null(model), fmt::format(" Virtual-template: {}\n", model.empty() ? "none" : model));
  answer.print(kUnusedProfileLines);
}

}  // namespace

std::string ikev2_proposals(const Document& document, const std::optional<std::string>& name, Format format) {
  SettingsAnswer answer(format, "proposals");
  for (const auto& proposal : find_proposals(document, name)) {
    answer.begin(proposal.name, fmt::format(" IKEv2 proposal: {} \n", proposal.name));
    answer.add("encryption", proposal.encryption, fmt::format("     Encryption : {}\n", shown(proposal.encryption, false)));
    answer.add("integrity", proposal.integrity, fmt::format("     Integrity  : {}\n", shown(proposal.integrity, true)));
    answer.add("prf", proposal.prf, fmt::format("     PRF        : {}\n", shown(proposal.prf, false)));
    answer.add("groups", proposal.groups, fmt::format("     DH Group   : {}\n", group_names(proposal.groups)));
  }
  return answer.finish();
}

std::string ikev2_policies(const Document& document, const std::optional<std::string>& name, Format format) {
  SettingsAnswer answer(format, "policies");
  const auto add = [&](std::string_view policy, const std::string& fvrf, const Words& addresses, const Words& proposals) {
    answer.begin(policy, fmt::format(" IKEv2 policy : {}\n", policy));
    answer.add("front_door_vrf", fvrf, fmt::format("      Match fvrf : {}\n", fvrf));
    std::string lines;
    for (const auto& address : addresses.empty() ? Words{"any"} : addresses) lines += fmt::format("      Match address local : {}\n", address);
    answer.add("local_addresses", addresses, lines);
    lines.clear();
    for (const auto& proposal : proposals) lines += fmt::format("      Proposal    : {}\n", proposal);
    answer.add("proposals", proposals, lines + "\n");
  };
  const bool is_own = find_sections(document, "crypto ikev2 policy", "default").empty();
  if (is_own && name.value_or("default") == "default") add("default", "any", {}, {"default"});
  for (const auto* section : find_sections(document, "crypto ikev2 policy", name)) {
    add(section->value("name"), setting_of(*section, "match fvrf", "global"), settings_of(*section, "match address local"), settings_of(*section, "proposal"));
  }
  return answer.finish();
}

std::string ikev2_profiles(const Document& document, const std::optional<std::string>& name, Format format) {
  SettingsAnswer answer(format, "profiles");
  for (const auto* section : find_sections(document, "crypto ikev2 profile", name)) add_profile(answer, document, *section);
  return answer.finish();
}

}  // namespace rri::shell
