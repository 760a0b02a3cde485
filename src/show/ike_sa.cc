// `show crypto isakmp sa [detail]`, `show crypto ikev2 sa [detail]`, `show crypto ikev2 session`.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "base/text.h"
#include "show/cisco_words.h"
#include "show/crypto_sas.h"
#include "show/sa_text.h"

namespace rri::show {

namespace {

/// IKE SAs of one version, IPv4 first.
struct Found {
  std::vector<const IkeSa*> v4;
  std::vector<const IkeSa*> v6;

  [[nodiscard]] std::size_t size() const { return v4.size() + v6.size(); }
  [[nodiscard]] const IkeSa& at(std::size_t i) const { return *(i < v4.size() ? v4[i] : v6[i - v4.size()]); }
};
using SharedFound = std::shared_ptr<Found>;

/// Finds them some at a time; then comes what `make` makes of them.
Pieces with_ikes(const SharedPicture& picture, const SaQuery& query, int version, std::function<Pieces(SharedFound)> make) {
  const auto found = std::make_shared<Found>();
  const auto step = [picture, peer = query.peer, version, found, at = picture->sas->begin()]() mutable {
    constexpr std::size_t kAtATime = 512;
    for (auto left = kAtATime; left > 0 && at != picture->sas->end(); --left, ++at) {
      const auto& ike = at->second;
      const bool is_wanted = ike.version == version && ike.peer && (!peer || ike.peer == peer);
      if (is_wanted) (ike.peer->is_v4() ? found->v4 : found->v6).push_back(&ike);
    }
    return at != picture->sas->end();
  };
  return prepared(step, [found, make = std::move(make)] { return make(found); });
}

Pieces ikes_json(const SharedPicture& picture, const SharedFound& ikes) {
  return json_list("sas", ikes->size(), [picture, ikes](std::size_t i) { return ike_json(*picture, ikes->at(i)); });
}

bool is_going(const IkeSa& ike) { return ike.state == "DELETING" || ike.state == "DESTROYING" || ike.state == "REKEYED"; }

std::uint64_t seconds_left(const IkeSa& ike) { return ike.reauth_seconds.value_or(ike.rekey_seconds.value_or(0)); }

// ---- IKEv1 ---------------------------------------------------------------------

std::string isakmp_line(const IkeSa& ike) {
  const auto& initiator = ike.initiator ? ike.local : ike.peer;
  const auto& responder = ike.initiator ? ike.peer : ike.local;
  const std::string_view state = ike.is_established() ? "QM_IDLE" : "MM_NO_STATE";
  const std::string_view status = is_going(ike) ? "ACTIVE (deleted)" : "ACTIVE";
  if (ike.peer->is_v4()) {
    return fmt::format("{:<15} {:<15} {:<14} {:>7} {}\n", address_word(responder), address_word(initiator), state, ike.id, status);
  }
  return fmt::format(" dst: {}\n src: {}\n state: {:<14} conn-id: {:>6} status: {}\n\n", address_word(responder), address_word(initiator), state,
                     ike.id, status);
}

std::string isakmp_detail(const IkeSa& ike) {
  std::string capabilities;
  if (ike.nat_local || ike.nat_peer) capabilities += 'N';
  if (ike.extended_authentication) capabilities += 'X';
  auto cipher = to_lower(encryption_word(ike.suite.encryption));
  if (cipher == "aes-cbc") cipher = "aes";
  auto hash = to_lower(hash_word(ike.suite.integrity));
  if (hash.ends_with("96")) hash.resize(hash.size() - 2);
  return fmt::format("{:<5} {:<15} {:<15}        {:<6} {:<4} {:<6} {:<4} {:<2} {:<8} {:<4}\n       Engine-id:Conn-id =  SW:{}\n\n", ike.id,
                     address_word(ike.local), address_word(ike.peer), is_going(ike) ? "DELETE" : ike.is_established() ? "ACTIVE" : "NEGOT.",
                     cipher, hash, "", group_word(ike.suite.dh_group), clock_word(seconds_left(ike)), capabilities, ike.id);
}

constexpr std::string_view kIsakmpCodes =
    "Codes: C - IKE configuration mode, D - Dead Peer Detection\n"
    "       K - Keepalives, N - NAT-traversal\n"
    "       T - cTCP encapsulation, X - IKE Extended Authentication\n"
    "       psk - Preshared key, rsig - RSA signature\n"
    "       renc - RSA encryption\n";
constexpr std::string_view kIsakmpDetail = "C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.\n\n";

// ---- IKEv2 ---------------------------------------------------------------------

constexpr std::string_view kTunnelHead = "Tunnel-id Local                 Remote                fvrf/ivrf            Status \n";

std::string none_if_empty(const std::string& vrf) { return vrf.empty() ? "none" : vrf; }

std::string endpoint(const std::optional<IpAddress>& address, std::uint16_t port) { return fmt::format("{}/{}", address_word(address), port); }

std::string_view ikev2_status(const IkeSa& ike) { return ike.is_established() ? "READY" : is_going(ike) ? "DELETE" : "IN-NEG"; }

/// As configured where charon's connection is ours: charon renews at a time of its own choice.
std::uint64_t life_of(const SaPicture& picture, const IkeSa& ike) {
  constexpr std::uint64_t kDaySeconds = 86400;  // IOS
  const auto& config = *picture.summary->config;
  const auto place = place_of_connection(*picture.summary, ike);
  if (!place.entry) return ike.age_seconds + seconds_left(ike);
  std::string profile;
  if (const auto* entry = find_entry(config, &place)) profile = entry->ikev2_profile;
  if (place.entry->sequence == 0) {
    const auto ends = config.ike.tunnels.find(place.interface);
    const auto ipsec = config.ipsec_profiles.find(place.entry->map);
    if (ends != config.ike.tunnels.end()) profile = ends->second.ikev2_profile;
    if (profile.empty() && ipsec != config.ipsec_profiles.end()) profile = ipsec->second.ikev2_profile;
  }
  const auto found = config.ike.ikev2_profiles.find(profile);
  return found == config.ike.ikev2_profiles.end() ? kDaySeconds : found->second.lifetime_seconds.value_or(kDaySeconds);
}

std::string tunnel_lines(const SaPicture& picture, const IkeSa& ike) {
  const auto interface = interface_of(*picture.summary, ike);
  const auto* view = find_matched_view(picture, ike);
  const auto vrfs = fmt::format("{}/{}", none_if_empty(front_vrf_of(*picture.summary, interface)),
                                none_if_empty(inside_vrf_of(*picture.summary, view, interface)));
  auto text = std::string(kTunnelHead);
  if (ike.peer->is_v4()) {
    text += fmt::format("{:<9} {:<21} {:<21} {:<20} {:<6} \n", ike.id, endpoint(ike.local, ike.local_port), endpoint(ike.peer, ike.peer_port), vrfs,
                        ikev2_status(ike));
  } else {
    text = fmt::format("Tunnel-id    fvrf/ivrf              Status \n{:<12} {:<22} {:<6} \nLocal  {}\nRemote {}\n", ike.id, vrfs, ikev2_status(ike),
                       endpoint(ike.local, ike.local_port), endpoint(ike.peer, ike.peer_port));
  }
  const bool is_aead = ike.suite.integrity.empty();
  text += fmt::format("      Encr: {}, keysize: {}, PRF: {}, Hash: {}, DH Grp:{}, Auth sign: {}, Auth verify: {}\n",
                      encryption_word(ike.suite.encryption), ike.suite.key_bits, hash_word(ike.suite.prf),
                      is_aead ? "None" : hash_word(ike.suite.integrity), group_word(ike.suite.dh_group),
                      authentication_word(ike.local_authentication), authentication_word(ike.peer_authentication));
  return text + fmt::format("      Life/Active Time: {}/{} sec\n", life_of(picture, ike), ike.age_seconds);
}

std::string tunnel_detail(const IkeSa& ike) {
  const auto& local_spi = ike.initiator ? ike.initiator_spi : ike.responder_spi;
  const auto& remote_spi = ike.initiator ? ike.responder_spi : ike.initiator_spi;
  const std::string_view nat = ike.nat_local && ike.nat_peer ? "is detected on both ends" : ike.nat_local ? "is detected inside"
                               : ike.nat_peer                 ? "is detected outside"
                                                              : "is not detected";
  auto text = fmt::format(
      "      CE id: {0}, Session-id: {0}\n"
      "      Status Description: {1}\n"
      "      Local spi: {2}       Remote spi: {3}\n"
      "      Local id: {4}\n"
      "      Remote id: {5}\n"
      "      Extended Authentication {6}configured.\n"
      "      NAT-T {7}\n"
      "      Initiator of SA : {8}\n",
      ike.id, ike.is_established() ? "Negotiation done" : is_going(ike) ? "Deleting IKE SA" : "Initiator waiting for response", to_upper(local_spi),
      to_upper(remote_spi), ike.local_id, ike.peer_id, ike.extended_authentication ? "" : "not ", nat, ike.initiator ? "Yes" : "No");
  for (const auto& address : ike.pushed_addresses) text += fmt::format("      Pushed IP address: {}\n", address);
  return text;
}

std::string selector_range(const TrafficSelector& selector) {
  const auto port = service_of(selector).port;
  return fmt::format("{}/{} - {}/{}", selector.range.first.to_string(), port, selector.range.last.to_string(), port == 0 ? 65535U : port);
}

std::string child_lines(const ChildSa& child) {
  std::string text;
  for (const auto& selector : child.local) text += fmt::format("{}local selector  {}\n", text.empty() ? "Child sa: " : "          ", selector_range(selector));
  for (const auto& selector : child.remote) text += fmt::format("          remote selector {}\n", selector_range(selector));
  return text + fmt::format("          ESP spi in/out: 0x{:X}/0x{:X}  \n", child.spi_in, child.spi_out);
}

std::string session_lines(const SaPicture& picture, const IkeSa& ike) {
  std::size_t children = 0;
  std::string text;
  for (const auto& child : ike.children) {
    if (!child.is_active()) continue;
    ++children;
    text += child_lines(child);
  }
  const std::string_view status = !ike.is_established() ? "DOWN-NEGOTIATING" : children > 0 ? "UP-ACTIVE" : "UP-IDLE";
  return fmt::format("Session-id:{}, Status:{}, IKE count:1, CHILD count:{}\n\n", ike.id, status, children) + tunnel_lines(picture, ike) + text + "\n";
}

/// Texts of IPv4 SAs, then those of IPv6 ones, each under its title.
Pieces by_family(const SharedFound& ikes, std::string v4_title, std::string v6_title, std::function<std::string(const IkeSa&)> text) {
  return each_piece(ikes->size() + 2, [=, text = std::move(text)](std::size_t i) {
    const auto v4 = ikes->v4.size();
    if (i == 0) return v4_title;
    if (i == v4 + 1) return v6_title;
    return text(ikes->at(i <= v4 ? i - 1 : i - 2));
  });
}

}  // namespace

Pieces isakmp_sas(SharedPicture picture, const SaQuery& query, Format format) {
  return with_ikes(picture, query, 1, [picture, format, detail = query.detail](const SharedFound& ikes) {
    if (format == Format::Json) return ikes_json(picture, ikes);
    if (detail) {
      return by_family(ikes, fmt::format("{}IPv4 Crypto ISAKMP SA\n\n{}", kIsakmpCodes, kIsakmpDetail), "\nIPv6 Crypto ISAKMP SA\n\n",
                       [picture](const IkeSa& ike) { return isakmp_detail(ike); });
    }
    return by_family(ikes, "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n",
                     "\nIPv6 Crypto ISAKMP SA\n\n", [picture](const IkeSa& ike) { return isakmp_line(ike); });
  });
}

Pieces isakmp_sa_count(SharedPicture picture, Format format) {
  return with_ikes(picture, {}, 1, [format](const SharedFound& ikes) {
    std::size_t active = 0;
    for (std::size_t i = 0; i < ikes->size(); ++i) active += ikes->at(i).is_established() ? 1 : 0;
    const auto others = ikes->size() - active;
    if (format == Format::Json) return one_piece(fmt::format("{{\"active\":{},\"negotiating\":{}}}\n", active, others));
    return one_piece(fmt::format("Active ISAKMP SA's: {}\nStandby ISAKMP SA's: 0\nCurrently being negotiated ISAKMP SA's: {}\nDead ISAKMP SA's: 0\n", active, others));
  });
}

Pieces ikev2_sas(SharedPicture picture, const SaQuery& query, Format format) {
  return with_ikes(picture, query, 2, [picture, format, detail = query.detail](const SharedFound& ikes) {
    if (format == Format::Json) return ikes_json(picture, ikes);
    if (ikes->size() == 0) return one_piece("");
    return by_family(ikes, " IPv4 Crypto IKEv2  SA \n\n", " IPv6 Crypto IKEv2  SA \n\n", [picture, detail](const IkeSa& ike) {
      return tunnel_lines(*picture, ike) + (detail ? tunnel_detail(ike) : std::string()) + "\n";
    });
  });
}

Pieces ikev2_sessions(SharedPicture picture, const SaQuery& query, Format format) {
  return with_ikes(picture, query, 2, [picture, format](const SharedFound& ikes) {
    if (format == Format::Json) return ikes_json(picture, ikes);
    if (ikes->size() == 0) return one_piece("");
    return by_family(ikes, " IPv4 Crypto IKEv2 Session \n\n", " IPv6 Crypto IKEv2 Session \n\n",
                     [picture](const IkeSa& ike) { return session_lines(*picture, ike); });
  });
}

}  // namespace rri::show
