#include "shell/crypto_settings.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace rri::shell {

namespace {

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

/// The words of a section's line behind its first one; `otherwise` where there is no such line.
std::string setting_of(const Line& section, std::string_view name, std::string otherwise) {
  for (const auto& line : section.children) {
    if (line.kind != LineKind::Command || line.words.empty() || line.words.front().text != name) continue;
    const auto text = line.text();
    return text.size() > name.size() ? text.substr(name.size() + 1) : std::string();
  }
  return otherwise;
}

bool is_section(const Line& line, std::string_view beginning) {
  return line.kind == LineKind::Command && line.row != nullptr && line.text().starts_with(beginning);
}

}  // namespace

std::string isakmp_policies(const Document& document) {
  std::map<unsigned, std::string> policies;
  for (const auto& line : document.lines) {
    if (!is_section(line, "crypto isakmp policy ")) continue;
    const auto priority = parse_number<unsigned>(line.value("priority")).value_or(0);
    policies[priority] = fmt::format(
        "Protection suite of priority {}\n"
        "        encryption algorithm:   {}\n"
        "        hash algorithm:         {}\n"
        "        authentication method:  {}\n"
        "        Diffie-Hellman group:   {}\n"
        "        lifetime:               {} seconds, no volume limit\n",
        priority, encryption_name(setting_of(line, "encryption", "des")), hash_name(setting_of(line, "hash", "sha")),
        method_name(setting_of(line, "authentication", "rsa-sig")), group_name(setting_of(line, "group", "1")),
        setting_of(line, "lifetime", "86400"));
  }
  std::string text = "\nGlobal IKE policy\n";
  for (const auto& [priority, policy] : policies) text += policy;
  return text;
}

std::string transform_sets(const Document& document) {
  constexpr std::string_view kOpener = "crypto ipsec transform-set ";
  std::string text;
  for (const auto& line : document.lines) {
    if (!is_section(line, kOpener)) continue;
    const auto name = line.value("name");
    const auto words = line.text();
    const auto transforms = words.size() > kOpener.size() + name.size() ? words.substr(kOpener.size() + name.size() + 1) : std::string();
    const bool is_transport = setting_of(line, "mode", "tunnel").starts_with("transport");
    text += fmt::format("Transform set {}: {{ {}  }} \n   will negotiate = {{ {},  }}, \n\n", name, transforms, is_transport ? "Transport" : "Tunnel");
  }
  return text;
}

}  // namespace rri::shell
