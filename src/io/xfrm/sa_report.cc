#include "io/xfrm/sa_report.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace rri::xfrm {
namespace {

using netlink::SaAlgorithm;

struct Name {
  std::string_view kernel;
  std::string_view word;
  std::uint32_t salt_bits = 0;  // that the kernel counts as part of the key
};

constexpr std::uint32_t kGcmSalt = 32;
constexpr std::uint32_t kCcmSalt = 24;
constexpr std::array kNames = {
    Name{"cbc(aes)", "AES_CBC"},
    Name{"rfc4106(gcm(aes))", "AES_GCM_16", kGcmSalt},
    Name{"rfc4543(gcm(aes))", "NULL_AES_GMAC", kGcmSalt},
    Name{"rfc4309(ccm(aes))", "AES_CCM_16", kCcmSalt},
    Name{"rfc3686(ctr(aes))", "AES_CTR", kGcmSalt},
    Name{"rfc7539esp(chacha20,poly1305)", "CHACHA20_POLY1305", kGcmSalt},
    Name{"cbc(des3_ede)", "3DES_CBC"},
    Name{"cbc(des)", "DES_CBC"},
    Name{"ecb(cipher_null)", "NULL"},
    Name{"hmac(md5)", "HMAC_MD5_96"},
    Name{"hmac(sha1)", "HMAC_SHA1_96"},
    Name{"hmac(sha256)", "HMAC_SHA2_256_128"},
    Name{"hmac(sha384)", "HMAC_SHA2_384_192"},
    Name{"hmac(sha512)", "HMAC_SHA2_512_256"},
};

const Name* find_name(std::string_view kernel) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(), [&](const Name& name) { return name.kernel == kernel; });
  return found == kNames.end() ? nullptr : found;
}

std::string word_of(const SaAlgorithm& algorithm) {
  const auto* known = find_name(algorithm.name);
  return known == nullptr ? printable(algorithm.name) : std::string(known->word);
}

std::optional<std::uint64_t> left_of(std::uint64_t life, std::uint64_t age) {
  if (life == 0) return std::nullopt;
  return life > age ? life - age : 0;
}

}  // namespace

CryptoSuite suite_of(const netlink::SaDetails& state) {
  CryptoSuite suite;
  suite.encryption = word_of(state.encryption);
  const auto* known = find_name(state.encryption.name);
  const auto salt = known == nullptr ? 0 : known->salt_bits;
  suite.key_bits = state.encryption.key_bits > salt ? state.encryption.key_bits - salt : 0;
  suite.integrity = word_of(state.integrity);
  return suite;
}

void SaReport::take(const netlink::SaDetails& state) {
  const auto& sa = state.sa;
  if (sa.key.spi == 0) return;  // waits for the IKE daemon
  auto& way = ways_[{sa.source, sa.key.destination, sa.reqid, sa.key.protocol}];
  way.traffic.packets += sa.packets;
  way.traffic.bytes += sa.bytes;
  // Of one second the later in the kernel's list.
  if (state.added >= way.newest.added) way.newest = state;
}

const SaReport::Way* SaReport::find(const Place& place) const {
  const auto found = ways_.find(place);
  return found == ways_.end() ? nullptr : &found->second;
}

IkeSa SaReport::describe(const Tunnel& tunnel, std::uint64_t now) const {
  const auto& sa = tunnel.sa;
  const auto local = sa.local_endpoint.value_or(IpAddress{});
  const auto* out = find({local, sa.peer, tunnel.reqid, tunnel.protocol});
  const auto* in = find({sa.peer, local, tunnel.reqid, tunnel.protocol});
  ChildSa child;
  child.id = sa.id.value;
  child.reqid = tunnel.reqid;
  child.state = "INSTALLED";
  child.ah = tunnel.protocol == IPPROTO_AH;
  child.local = sa.local;
  child.remote = sa.remote;
  if (in != nullptr) {
    child.spi_in = in->newest.sa.key.spi;
    child.in = in->traffic;
    child.replay_window = in->newest.replay_window;
  }
  if (out != nullptr) {
    const auto& newest = out->newest;
    child.spi_out = newest.sa.key.spi;
    child.out = out->traffic;
    child.suite = suite_of(newest);
    child.udp_encapsulated = newest.udp_encapsulated;
    child.age_seconds = now > newest.added ? now - newest.added : 0;
    child.rekey_seconds = left_of(newest.soft_life, child.age_seconds);
    child.life_seconds = left_of(newest.hard_life, child.age_seconds);
    child.life_bytes = newest.hard_bytes;
  }
  IkeSa ike;
  ike.id = sa.id.value;
  ike.version = 0;
  ike.connection = sa.connection;
  ike.local = sa.local_endpoint;
  ike.peer = sa.peer;
  ike.children.push_back(std::move(child));
  return ike;
}

}  // namespace rri::xfrm
