// Carried lines from which a user of IOS would expect a tunnel, or a check of the
// peer: each gets its reason, so that nothing about tunnels is dropped in silence.
//
// A carried line has no row and is only text; words may be abbreviated.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/grammar.h"
#include "config/lower.h"
#include "config/secrets.h"
#include "config/siblings.h"

namespace rri {
namespace {

struct Reason {
  std::string_view words;  // "*": any one word
  std::string_view text;
};

constexpr std::string_view kXauth = "XAUTH is not supported; peers that have to say who uses them get no tunnel";
constexpr std::string_view kModeConfig = "mode configuration (address pools, group policies) is not supported; no tunnel comes of it";
constexpr std::string_view kGroupKey = "group keys of VPN clients are not loaded; no tunnel comes of it";
constexpr std::string_view kGetVpn = "group encryption (GETVPN) is not supported; no tunnel comes of it";
constexpr std::string_view kEzvpn = "an EzVPN client is not supported; no tunnel comes of it";
constexpr std::string_view kFlexClient = "a FlexVPN client is not supported; no tunnel comes of it";
constexpr std::string_view kAaa = "nothing here asks an AAA server: peers are taken by the rest of the profile";
constexpr std::string_view kSslVpn = "SSL VPN is not supported; no tunnel comes of it";

constexpr std::array kGlobalReasons = {
    Reason{"crypto isakmp client configuration group", kGroupKey},
    Reason{"crypto isakmp client configuration", kModeConfig},
    Reason{"crypto isakmp client firewall", kModeConfig},
    Reason{"crypto isakmp xauth", kXauth},
    Reason{"crypto isakmp peer", "its settings are not used; for aggressive mode use `initiate mode aggressive` in an isakmp profile"},
    Reason{"no crypto isakmp enable", "IKE is not turned off by this line; take the crypto map off its interface"},
    Reason{"crypto map * * ipsec-manual", "SAs with keys set by hand are not supported; no tunnel comes of it"},
    Reason{"crypto map * * gdoi", kGetVpn},
    Reason{"crypto map ipv6 * * gdoi", kGetVpn},
    Reason{"crypto map * gdoi", kGetVpn},
    Reason{"crypto map * client configuration", kModeConfig},
    Reason{"crypto map * client", kXauth},
    Reason{"crypto map * isakmp authorization", kModeConfig},
    Reason{"crypto gdoi", kGetVpn},
    Reason{"crypto gkm", kGetVpn},
    Reason{"crypto ipsec client ezvpn", kEzvpn},
    Reason{"crypto ikev2 client", kFlexClient},
    Reason{"crypto ikev2 authorization policy", kModeConfig},
    Reason{"crypto ikev2 redirect", "IKEv2 redirects are neither sent nor followed"},
    Reason{"crypto ikev2 cluster", "load sharing by IKEv2 redirects is not supported"},
    Reason{"crypto key pubkey-chain", "RSA keys of peers are not loaded: strongSwan has to have them"},
    Reason{"crypto ctcp", "IPsec over TCP is not supported; no tunnel comes of it"},
    Reason{"crypto ipsec optional", "what a crypto access list permits never leaves in clear here"},
    Reason{"crypto ssl", kSslVpn},
    Reason{"webvpn gateway", kSslVpn},
    Reason{"webvpn context", kSslVpn},
};

constexpr std::array kSectionReasons = {
    Reason{"crypto ipsec client ezvpn", kEzvpn},  // on an interface
    Reason{"tunnel protection", "this form of tunnel protection is not supported; no tunnel comes of it"},
    Reason{"client authentication", kXauth},
    Reason{"client configuration", kModeConfig},
    Reason{"isakmp authorization", kModeConfig},
    Reason{"config-mode", kModeConfig},
    Reason{"config-exchange", kModeConfig},
    Reason{"aaa", kAaa},
    Reason{"set session-key", "SAs with keys set by hand are not supported"},
};

/// `word` in full, or abbreviated to three letters or more.
bool is_word(std::string_view word, std::string_view full) {
  constexpr std::size_t kShortest = 3;
  return full == "*" || word == full || (word.size() >= kShortest && full.starts_with(word));
}

template <std::size_t N>
std::string_view find_reason(const std::array<Reason, N>& reasons, const std::vector<std::string_view>& words) {
  for (const auto& reason : reasons) {
    const auto wanted = split_words(reason.words);
    if (words.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), words.begin(),
                                                    [](auto full, auto word) { return is_word(word, full); })) {
      return reason.text;
    }
  }
  return {};
}

/// `client authentication list L` of an isakmp profile, or behind `crypto map NAME`.
bool asks_for_user(const std::vector<std::string_view>& words, std::size_t first) {
  return words.size() > first + 1 && is_word(words[first], "client") && is_word(words[first + 1], "authentication");
}

bool opens(const Line& section, Mode mode) { return section.row != nullptr && section.row->row.opens == mode; }

/// Sections in which every line is about tunnels.
bool is_about_tunnels(const Line& section) {
  if (section.row == nullptr || !section.row->row.opens) return false;
  switch (*section.row->row.opens) {
    case Mode::CryptoMap:
    case Mode::DynamicMap:
    case Mode::IpsecProfile:
    case Mode::IsakmpProfile:
    case Mode::Ikev2Profile:
    case Mode::Keyring:
    case Mode::CryptoIdentity:
    case Mode::CertificateMap:
    case Mode::Ikev2Keyring:
    case Mode::Ikev2Peer:
    case Mode::TransformSet:
    case Mode::IsakmpPolicy:
    case Mode::Ikev2Proposal:
    case Mode::Ikev2Policy: return true;
    default: return false;
  }
}

class CarriedReader {
 public:
  explicit CarriedReader(Config& out) : out_(out) {}

  void read(const Document& document) {
    for (const auto& line : document.lines) {
      if (is_command(line)) read_section(line);
      if (is_command(line) && begins_with(line, "crypto map") && line.has_keyword("discover")) {
        tell(line, "tunnel endpoint discovery is not supported: peers may call, and none is called");
      }
      if (line.kind == LineKind::Carried) read_trustpoint(line);
      if (line.kind == LineKind::Carried) read_global(line);
      if (is_command(line) && begins_with(line, "crypto ikev2 dpd")) {
        dpd_ = {number_value(line, "interval"), number_value(line, "retry"), line.has_keyword("periodic"), line.position};
      }
    }
    complete_own_names();
    // Profiles that say nothing else have the global one.
    for (auto& [name, profile] : out_.ike.ikev2_profiles) {
      if (!profile.keepalive) profile.keepalive = dpd_;
    }
  }

 private:
  void tell(const Line& line, std::string_view reason) { out_.ike.unused.push_back(told(line, reason)); }

  void read_global(const Line& line) {
    const auto& text = line.words.front().text;
    const auto words = split_words(text);
    constexpr std::size_t kDashed = 3;  // ip domain-name NAME
    if (words.size() == kDashed && words[0] == "ip" && words[1] == "domain-name") domain_ = words[2];
    if (words.size() == kDashed + 1 && words[0] == "ip" && words[1] == "domain" && words[2] == "name") domain_ = words[3];
    constexpr std::size_t kBehindName = 3;  // crypto map NAME
    if (words.size() > kBehindName && is_word(words[0], "crypto") && words[1] == "map" && asks_for_user(words, kBehindName)) {
      out_.ike.maps_asking_for_user.emplace(words[2]);
    }
    if (const auto reason = find_reason(kGlobalReasons, words); !reason.empty()) tell(line, reason);
  }

  /// `crypto pki trustpoint NAME` as far as it says whose certificate is its own.
  void read_trustpoint(const Line& section) {
    const auto& opener_text = section.words.front().text;
    const auto opener = split_words(opener_text);
    constexpr std::size_t kBeforeName = 3;
    if (opener.size() <= kBeforeName || opener[0] != "crypto" || opener[2] != "trustpoint") return;
    auto& trustpoint = out_.ike.trustpoints[std::string(opener[kBeforeName])];
    for (const auto& line : section.children) {
      const std::string_view text = line.words.front().text;
      const auto words = split_words(text);
      if (words.size() < 2 || line.kind != LineKind::Carried) continue;
      if (is_word(words[0], "subject-name")) trustpoint.subject = trim(text.substr(words[0].size()));
      if (is_word(words[0], "fqdn") && words[1] != "none") trustpoint.fqdn = words[1];
    }
  }

  void read_section(const Line& section) {
    for (const auto& line : section.children) {
      if (is_command(line)) read_section(line);
      if (line.kind != LineKind::Carried) continue;
      // Nobody indents it, so it was not written for this section: the section only was the last one.
      if (line.position.column == 1) {
        read_global(line);
        continue;
      }
      const auto& text = line.words.front().text;
      const auto words = split_words(text);
      if (opens(section, Mode::IsakmpProfile) && asks_for_user(words, 0)) {
        out_.ike.isakmp_profiles[text_value(section, "name")].asks_for_user = true;
      }
      auto reason = find_reason(kSectionReasons, words);
      if (reason.empty() && is_about_tunnels(section)) reason = "nothing here acts on it";
      if (!reason.empty()) tell(line, reason);
    }
  }

  /// IOS's own name, where a name is wanted and none written: host name and domain.
  void complete_own_names() {
    const bool is_full = domain_.empty() || out_.hostname.find('.') != std::string::npos;
    const auto complete = [&](IkeIdentity& identity) {
      if (identity.kind != IkeIdentity::Kind::Fqdn || !identity.text.empty() || is_full) return;
      identity.text = fmt::format("{}.{}", out_.hostname, domain_);
    };
    complete(out_.ike.isakmp_identity);
    for (auto* profiles : {&out_.ike.isakmp_profiles, &out_.ike.ikev2_profiles}) {
      for (auto& [name, profile] : *profiles) {
        if (profile.local_identity) complete(*profile.local_identity);
      }
    }
  }

  Config& out_;
  std::string domain_;
  std::optional<Keepalive> dpd_;  // `crypto ikev2 dpd`
};

}  // namespace

UnusedLine told(const Line& line, std::string_view reason) {
  return {fmt::format("`{}`: {}", printable(without_secrets(line.text())), reason), line.position};
}

void lower_carried(const Document& document, Config& out) { CarriedReader(out).read(document); }

}  // namespace rri
