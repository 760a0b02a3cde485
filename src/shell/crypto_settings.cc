#include "shell/crypto_settings.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "shell/section_reader.h"
#include "shell/settings_answer.h"

namespace rri::shell {

namespace {

using show::Format;
using Named = std::pair<std::string_view, std::string_view>;

template <std::size_t kSize>
std::string long_name(const std::array<Named, kSize>& names, const std::string& word) {
  for (const auto& [name, text] : names) {
    if (name == word) return std::string(text);
  }
  return word;
}

std::string encryption_name(const std::string& words) {
  constexpr std::array kNames = {
      Named{"des", "DES - Data Encryption Standard (56 bit keys)."},
      Named{"3des", "Three key triple DES"},
      Named{"aes", "AES - Advanced Encryption Standard (128 bit keys)."},
      Named{"aes 128", "AES - Advanced Encryption Standard (128 bit keys)."},
      Named{"aes 192", "AES - Advanced Encryption Standard (192 bit keys)."},
      Named{"aes 256", "AES - Advanced Encryption Standard (256 bit keys)."},
  };
  return long_name(kNames, words);
}

std::string hash_name(const std::string& word) {
  constexpr std::array kNames = {
      Named{"sha", "Secure Hash Standard"},
      Named{"sha256", "Secure Hash Standard 2 (256 bit)"},
      Named{"sha384", "Secure Hash Standard 2 (384 bit)"},
      Named{"sha512", "Secure Hash Standard 2 (512 bit)"},
      Named{"md5", "Message Digest 5"},
  };
  return long_name(kNames, word);
}

std::string method_name(const std::string& word) {
  constexpr std::array kNames = {
      Named{"pre-share", "Pre-Shared Key"},
      Named{"rsa-sig", "Rivest-Shamir-Adleman Signature"},
      Named{"rsa-encr", "Rivest-Shamir-Adleman Encryption"},
      Named{"ecdsa-sig", "Elliptic Curve Digital Signature Algorithm Signature"},
  };
  return long_name(kNames, word);
}

std::string group_name(const std::string& number) {
  constexpr std::array kBits = {Named{"1", "768 bit"},   Named{"2", "1024 bit"},  Named{"5", "1536 bit"},  Named{"14", "2048 bit"},
                                Named{"15", "3072 bit"}, Named{"16", "4096 bit"}, Named{"19", "256 bit"},  Named{"20", "384 bit"},
                                Named{"21", "521 bit"},  Named{"24", "2048 bit, 256 bit subgroup"}};
  const auto bits = long_name(kBits, number);
  return bits == number ? "#" + number : fmt::format("#{} ({})", number, bits);
}

/// By priority, with IOS's defaults for lines that are not written.
std::string isakmp_policies(const Document& document, Format format) {
  std::map<unsigned, const Line*> policies;
  for (const auto* section : find_sections(document, "crypto isakmp policy")) {
    policies[parse_number<unsigned>(section->value("priority")).value_or(0)] = section;
  }
  SettingsAnswer answer(format, "policies");
  answer.print("\nGlobal IKE policy\n");
  for (const auto& [priority, section] : policies) {
    const auto lifetime = setting_of(*section, "lifetime", "86400");
    const auto encryption = setting_of(*section, "encryption", "des");
    const auto hash = setting_of(*section, "hash", "sha");
    const auto method = setting_of(*section, "authentication", "rsa-sig");
    const auto group = setting_of(*section, "group", "1");
    answer.begin(std::to_string(priority), fmt::format("Protection suite of priority {}\n", priority));
    answer.add("encryption", encryption, fmt::format("        encryption algorithm:   {}\n", encryption_name(encryption)));
    answer.add("hash", hash, fmt::format("        hash algorithm:         {}\n", hash_name(hash)));
    answer.add("authentication", method, fmt::format("        authentication method:  {}\n", method_name(method)));
    answer.add("group", parse_number<unsigned>(group).value_or(0), fmt::format("        Diffie-Hellman group:   {}\n", group_name(group)));
    answer.add("lifetime", parse_number<unsigned>(lifetime).value_or(0), fmt::format("        lifetime:               {} seconds, no volume limit\n", lifetime));
  }
  return answer.finish();
}

/// One line for each key; `keyring` stands in front of its first one.
void add_key(SettingsAnswer& answer, const Line& line, std::string_view keyring, bool is_first) {
  std::string whom(line.value("address"));
  for (const auto* slot : {"prefix6", "address6", "host"}) whom += line.value(slot);
  const auto mask = line.has("mask") ? fmt::format("[{}]", line.value("mask")) : std::string();
  const auto shown = mask.empty() ? whom : fmt::format("{:<14} {}", whom, mask);
  answer.begin(keyring, fmt::format("{:<12} {:<43} {}\n", is_first ? keyring : "", shown, line.value("secret")));
  answer.add("peer", whom, "");
  answer.add("mask", line.has("mask") ? SettingsAnswer::Json(line.value("mask")) : SettingsAnswer::Json(nullptr), "");
  answer.add("key", line.value("secret"), "");
}

std::string isakmp_keys(const Document& document, Format format) {
  SettingsAnswer answer(format, "keys");
  answer.print("Keyring      Hostname/Address                            Preshared Key\n\n");
  bool is_first = true;
  for (const auto* line : find_sections(document, "crypto isakmp key")) add_key(answer, *line, "default", std::exchange(is_first, false));
  for (const auto* section : find_sections(document, "crypto keyring")) {
    is_first = true;
    for (const auto& line : section->children) {
      if (line.kind == LineKind::Command && line.has("secret")) add_key(answer, line, section->value("name"), std::exchange(is_first, false));
    }
  }
  return answer.finish();
}

/// One indented line for each.
std::string lines_of(const std::vector<std::string>& texts) {
  std::string lines;
  for (const auto& text : texts) lines += fmt::format("    {} \n", text);
  return lines;
}

/// "address 10.1.1.1 255.255.255.255" is "ip-address ..." there.
std::vector<std::string> presented(std::vector<std::string> identities) {
  for (auto& identity : identities) {
    if (identity.starts_with("address ")) identity.insert(0, "ip-");
  }
  return identities;
}

std::string isakmp_profiles(const Document& document, const std::optional<std::string>& name, Format format) {
  SettingsAnswer answer(format, "profiles");
  for (const auto* section : find_sections(document, "crypto isakmp profile", name)) {
    const auto identities = presented(settings_of(*section, "match identity"));
    const auto certificates = settings_of(*section, "match certificate");
    const auto own = setting_of(*section, "self-identity", "address");
    const auto rings = settings_of(*section, "keyring");
    const auto trustpoints = settings_of(*section, "ca trust-point");
    const auto vrf = setting_of(*section, "vrf", "");
    const auto uses = count_uses(document, fmt::format("set isakmp-profile {}", section->value("name")));
    answer.begin(section->value("name"), fmt::format("\nIKEv1 PROFILE {}\n", section->value("name")));
    answer.add("uses", uses, fmt::format("Ref Count = {}\n", uses));
    answer.add("identities", identities, "   Identities matched are:\n" + lines_of(identities));
    answer.add("certificate_maps", certificates, "   Certificate maps matched are:\n" + lines_of(certificates));
    answer.add("self_identity", own, fmt::format("   Identity presented is: {}\n", own == "address" ? "ip-address" : own));
    answer.add("keyrings", rings, fmt::format("   keyring(s): {}\n", listed(rings, "<none>")));
    answer.add("trustpoints", trustpoints, fmt::format("   trustpoint(s): {}\n", listed(trustpoints, "<all>")));
    answer.add("vrf", vrf.empty() ? SettingsAnswer::Json(nullptr) : SettingsAnswer::Json(vrf), vrf.empty() ? "" : fmt::format("   vrf: {}\n", vrf));
  }
  return answer.finish();
}

constexpr std::string_view kTransformSet = "crypto ipsec transform-set";

/// "esp-aes 256 esp-sha-hmac".
std::string transforms_of(const Line& section) {
  const auto words = section.text();
  const auto start = kTransformSet.size() + section.value("name").size() + 2;
  return words.size() > start ? words.substr(start) : std::string();
}

std::string transform_sets(const Document& document, const std::optional<std::string>& name, Format format) {
  SettingsAnswer answer(format, "transform_sets");
  for (const auto* section : find_sections(document, kTransformSet, name)) {
    const auto transforms = transforms_of(*section);
    const bool is_transport = setting_of(*section, "mode", "tunnel").starts_with("transport");
    answer.begin(section->value("name"), fmt::format("Transform set {}: {{ {}  }} \n", section->value("name"), transforms));
    answer.add("transforms", transforms, "");
    answer.add("mode", is_transport ? "transport" : "tunnel", fmt::format("   will negotiate = {{ {},  }}, \n\n", is_transport ? "Transport" : "Tunnel"));
  }
  return answer.finish();
}

/// Its own, else that of the whole configuration, else IOS's default.
std::string lifetime_of(const Document& document, const Line& section, std::string_view kind, std::string_view otherwise) {
  const auto own = setting_of(section, fmt::format("set security-association lifetime {}", kind), "");
  if (!own.empty()) return own;
  for (const auto* line : find_sections(document, fmt::format("crypto ipsec security-association lifetime {}", kind))) {
    return line->has("value") ? std::string(line->value("value")) : "disable";
  }
  return std::string(otherwise);
}

/// Transform sets of a profile as `show crypto ipsec profile` lists them.
std::string set_lines(const Document& document, const std::vector<std::string>& names) {
  std::string lines;
  for (const auto& name : names) {
    for (const auto* set : find_sections(document, kTransformSet, name)) {
      lines += fmt::format("                {}:  {{ {}  }} , \n", name, transforms_of(*set));
    }
  }
  return lines;
}

std::string ipsec_profiles(const Document& document, const std::optional<std::string>& name, Format format) {
  SettingsAnswer answer(format, "profiles");
  const auto or_null = [](const std::string& text) { return text.empty() ? SettingsAnswer::Json(nullptr) : SettingsAnswer::Json(text); };
  for (const auto* section : find_sections(document, "crypto ipsec profile", name)) {
    const auto ikev2 = setting_of(*section, "set ikev2-profile", "");
    const auto isakmp = setting_of(*section, "set isakmp-profile", "");
    const auto seconds = lifetime_of(document, *section, "seconds", "3600");
    const auto kilobytes = lifetime_of(document, *section, "kilobytes", "4608000");
    const bool has_pfs = !settings_of(*section, "set pfs").empty();
    const auto group = has_pfs ? setting_of(*section, "set pfs", "") : std::string();
    const bool only_answers = !settings_of(*section, "responder-only").empty();
    const auto sets = words_of(*section, "set transform-set");
    const bool is_disabled = kilobytes == "disable";
    answer.begin(section->value("name"), fmt::format("IPSEC profile {}\n", section->value("name")));
    answer.add("ikev2_profile", or_null(ikev2), ikev2.empty() ? "" : fmt::format("        IKEv2 Profile: {}\n", ikev2));
    answer.add("isakmp_profile", or_null(isakmp), isakmp.empty() ? "" : fmt::format("        ISAKMP Profile: {}\n", isakmp));
    answer.add("lifetime_seconds", parse_number<std::uint32_t>(seconds).value_or(0),
               is_disabled ? fmt::format("        Kilobyte Volume Rekey has been disabled.\n        Security association lifetime:{} seconds\n", seconds)
                           : fmt::format("        Security association lifetime: {} kilobytes/{} seconds\n", kilobytes, seconds));
    answer.add("lifetime_kilobytes", is_disabled ? SettingsAnswer::Json(nullptr) : SettingsAnswer::Json(parse_number<std::uint64_t>(kilobytes).value_or(0)), "");
    answer.add("responder_only", only_answers, fmt::format("        Responder-Only (Y/N): {}\n", only_answers ? "Y" : "N"));
    answer.add("pfs", has_pfs ? SettingsAnswer::Json(group.empty() ? "group1" : group) : SettingsAnswer::Json(nullptr),
               has_pfs ? fmt::format("        PFS (Y/N): Y\n        DH group:  {}\n", group.empty() ? "group1" : group) : "        PFS (Y/N): N\n");
    answer.add("transform_sets", sets, fmt::format("        Mixed-mode : Disabled\n        Transform sets={{ \n{}        }}\n\n", set_lines(document, sets)));
  }
  return answer.finish();
}

}  // namespace

std::optional<std::string> crypto_settings(const ExecMatch& match, Format format, const Document& document) {
  const auto typed = match.words.find("name");
  const auto name = typed == match.words.end() ? std::nullopt : std::optional(typed->second);
  switch (match.command) {
    case ExecCommand::ShowIsakmpPolicy: return isakmp_policies(document, format);
    case ExecCommand::ShowIsakmpKey: return isakmp_keys(document, format);
    case ExecCommand::ShowIsakmpProfile: return isakmp_profiles(document, name, format);
    case ExecCommand::ShowIkev2Proposal: return ikev2_proposals(document, name, format);
    case ExecCommand::ShowIkev2Policy: return ikev2_policies(document, name, format);
    case ExecCommand::ShowIkev2Profile: return ikev2_profiles(document, name, format);
    case ExecCommand::ShowTransformSet: return transform_sets(document, name, format);
    case ExecCommand::ShowIpsecProfile: return ipsec_profiles(document, name, format);
    default: return std::nullopt;
  }
}

}  // namespace rri::shell
