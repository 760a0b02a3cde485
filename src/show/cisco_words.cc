#include "show/cisco_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace rri::show {

namespace {

using Word = std::pair<std::string_view, std::string_view>;

template <std::size_t kSize>
std::string_view find_word(const std::array<Word, kSize>& words, std::string_view name) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.first == name; });
  return found == words.end() ? std::string_view() : found->second;
}

/// Keyed by strongSwan's names (libstrongswan, crypto/crypters, crypto/signers).
constexpr std::array kIntegrity = {
    Word{"HMAC_MD5_96", "md5-hmac"},          Word{"HMAC_MD5_128", "md5-hmac"},
    Word{"HMAC_SHA1_96", "sha-hmac"},         Word{"HMAC_SHA1_160", "sha-hmac"},
    Word{"HMAC_SHA2_256_128", "sha256-hmac"}, Word{"HMAC_SHA2_256_96", "sha256-hmac"},
    Word{"HMAC_SHA2_384_192", "sha384-hmac"}, Word{"HMAC_SHA2_512_256", "sha512-hmac"},
};

/// IANA's numbers of Diffie-Hellman groups, which Cisco prints.
constexpr std::array kGroups = {
    Word{"MODP_768", "1"},   Word{"MODP_1024", "2"},  Word{"MODP_1536", "5"},      Word{"MODP_2048", "14"},
    Word{"MODP_3072", "15"}, Word{"MODP_4096", "16"}, Word{"MODP_6144", "17"},     Word{"MODP_8192", "18"},
    Word{"ECP_256", "19"},   Word{"ECP_384", "20"},   Word{"ECP_521", "21"},       Word{"MODP_1024_160", "22"},
    Word{"MODP_2048_224", "23"}, Word{"MODP_2048_256", "24"}, Word{"CURVE_25519", "31"}, Word{"CURVE_448", "32"},
};

constexpr std::array kProtocols = {
    Word{"icmp", "1"}, Word{"igmp", "2"}, Word{"ipencap", "4"}, Word{"tcp", "6"},  Word{"udp", "17"},
    Word{"gre", "47"}, Word{"esp", "50"}, Word{"ah", "51"},     Word{"ipv6-icmp", "58"}, Word{"eigrp", "88"},
    Word{"ospf", "89"}, Word{"ospfigp", "89"}, Word{"ahp", "51"}, Word{"ipinip", "4"}, Word{"nos", "94"}, Word{"pcp", "108"}, Word{"pim", "103"}, Word{"vrrp", "112"}, Word{"sctp", "132"},
};

constexpr std::array kPorts = {
    Word{"ftp-data", "20"}, Word{"ftp", "21"},   Word{"ssh", "22"},   Word{"telnet", "23"},    Word{"smtp", "25"},
    Word{"domain", "53"},   Word{"bootps", "67"}, Word{"bootpc", "68"}, Word{"tftp", "69"},     Word{"http", "80"},
    Word{"ntp", "123"},     Word{"snmp", "161"}, Word{"bgp", "179"},  Word{"ldap", "389"},     Word{"https", "443"},
    Word{"syslog", "514"},  Word{"rip", "520"}, Word{"router", "520"}, Word{"isakmp", "500"}, Word{"ipsec-nat-t", "4500"}, Word{"http-alt", "8080"}, Word{"ms-wbt-server", "3389"},
    Word{"sip", "5060"}, Word{"microsoft-ds", "445"}, Word{"kerberos", "88"}, Word{"mysql", "3306"},  Word{"l2f", "1701"}, Word{"l2tp", "1701"},    Word{"radius", "1812"},
};

template <std::size_t kSize>
unsigned number_of(const std::array<Word, kSize>& words, std::string_view text) {
  const auto known = find_word(words, text);
  return parse_number<unsigned>(known.empty() ? text : known).value_or(0);
}

bool is_gcm(std::string_view encryption) { return encryption.find("GCM") != std::string_view::npos; }

std::string encryption_transform(const CryptoSuite& suite) {
  const std::string_view name = suite.encryption;
  if (is_gcm(name)) return suite.key_bits == 128 || suite.key_bits == 0 ? "esp-gcm" : fmt::format("esp-gcm {}", suite.key_bits);
  if (name.find("GMAC") != std::string_view::npos) return suite.key_bits == 128 ? "esp-gmac" : fmt::format("esp-gmac {}", suite.key_bits);
  if (name.starts_with("AES")) return suite.key_bits == 128 || suite.key_bits == 0 ? "esp-aes" : fmt::format("esp-{}-aes", suite.key_bits);
  if (name == "3DES_CBC") return "esp-3des";
  if (name == "DES_CBC") return "esp-des";
  if (name == "NULL") return "esp-null";
  if (name.empty()) return {};
  return "esp-" + to_lower(name);
}

std::string integrity_transform(const ChildSa& child) {
  const auto& name = child.suite.integrity;
  if (name.empty()) return {};
  const auto known = find_word(kIntegrity, name);
  return fmt::format("{}-{}", child.ah ? "ah" : "esp", known.empty() ? to_lower(name) : std::string(known));
}

std::string network_of(const TrafficSelector& selector) {
  const auto prefix = selector.to_prefix();
  if (!prefix) return fmt::format("range {} {}", selector.range.first.to_string(), selector.range.last.to_string());
  if (prefix->length() == prefix->address().bits()) return fmt::format("host {}", prefix->address().to_string());
  if (!prefix->address().is_v4()) return prefix->to_string();
  return fmt::format("{}/{}", prefix->address().to_string(), prefix->mask().to_string());
}

}  // namespace

std::string transform_of(const ChildSa& child) {
  const auto encryption = encryption_transform(child.suite);
  const auto integrity = integrity_transform(child);
  return encryption.empty() || integrity.empty() ? encryption + integrity : encryption + " " + integrity;
}

unsigned iv_size(std::string_view encryption) {
  if (encryption.empty() || encryption == "NULL") return 0;
  const bool is_long = encryption.ends_with("_CBC") && encryption.find("DES") == std::string_view::npos;
  return is_long ? 16 : 8;
}

std::string encryption_word(std::string_view encryption) {
  if (is_gcm(encryption)) return "AES-GCM";
  if (encryption == "AES_CBC") return "AES-CBC";
  if (encryption == "3DES_CBC") return "3DES";
  if (encryption == "DES_CBC") return "DES";
  return encryption.empty() ? "Unknown" : std::string(encryption);
}

std::string hash_word(std::string_view name) {
  constexpr std::array kHashes = {Word{"SHA2_256", "SHA256"}, Word{"SHA2_384", "SHA384"}, Word{"SHA2_512", "SHA512"},
                                  Word{"SHA1", "SHA96"}, Word{"MD5", "MD596"}};
  for (const auto& [part, word] : kHashes) {
    if (name.find(part) == std::string_view::npos) continue;
    if (name.starts_with("PRF_") && word.ends_with("96")) return std::string(word.substr(0, word.size() - 2)) + (part == "SHA1" ? "1" : "5");
    return std::string(word);
  }
  return name.empty() ? "None" : std::string(name);
}

std::string group_word(std::string_view group) {
  const auto known = find_word(kGroups, group);
  return known.empty() ? std::string(group) : std::string(known);
}

std::string authentication_word(std::string_view authentication) {
  if (authentication.empty()) return "Unknown";
  if (authentication == "pre-shared key") return "PSK";
  if (authentication == "public key") return "RSA";
  return authentication.starts_with("EAP") ? "EAP" : std::string(authentication);
}

std::string clock_word(std::uint64_t seconds) {
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string uptime_word(std::uint64_t seconds) {
  constexpr std::uint64_t kDay = 86400;
  constexpr std::uint64_t kWeek = 7 * kDay;
  if (seconds < kDay) return clock_word(seconds);
  if (seconds < kWeek) return fmt::format("{}d{:02}h", seconds / kDay, seconds % kDay / 3600);
  return fmt::format("{}w{}d", seconds / kWeek, seconds % kWeek / kDay);
}

Service service_of(const TrafficSelector& selector) {
  const std::string_view text = selector.service;
  const auto slash = text.find('/');
  Service service{number_of(kProtocols, text.substr(0, slash)), 0};
  if (slash != std::string_view::npos) service.port = number_of(kPorts, text.substr(slash + 1));
  return service;
}

std::string ident_of(const TrafficSelector& selector) {
  const auto [protocol, port] = service_of(selector);
  const auto prefix = selector.to_prefix();
  const auto& range = selector.range;
  const auto network = !prefix ? fmt::format("{}-{}", range.first.to_string(), range.last.to_string())
                       : prefix->address().is_v4() ? fmt::format("{}/{}", prefix->address().to_string(), prefix->mask().to_string())
                                                   : prefix->to_string();
  return fmt::format("{}/{}/{}", network, protocol, port);
}

std::string flow_of(const TrafficSelector& selector) {
  const auto port = service_of(selector).port;
  return port == 0 ? network_of(selector) : fmt::format("{} port {}", network_of(selector), port);
}

}  // namespace rri::show
