#include "app/cisco_secret.h"

#include <crypt.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

namespace rri::app {

namespace {

constexpr std::string_view kAlphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kSaltLength = 14;
constexpr std::size_t kHashLength = 43;  // 32 bytes, six bits a letter
using Digest = std::array<std::uint8_t, 32>;

std::string encode(const Digest& bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int held = 0;
  for (const auto byte : bytes) {
    bits = (bits << 8U) | byte;
    for (held += 8; held >= 6;) {
      held -= 6;
      text += kAlphabet[(bits >> static_cast<unsigned>(held)) & 63U];
    }
  }
  text += kAlphabet[(bits << static_cast<unsigned>(6 - held)) & 63U];
  return text;
}

// ---- SHA-256 (FIPS 180-4), HMAC (RFC 2104) and PBKDF2 (RFC 8018): crypt(3) has no such method --------

std::uint32_t turn(std::uint32_t word, unsigned by) { return (word >> by) | (word << (32U - by)); }

constexpr std::array<std::uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

class Sha256 {
 public:
  void add(std::string_view bytes) {
    length_ += bytes.size();
    for (const char byte : bytes) {
      block_[used_++] = static_cast<std::uint8_t>(byte);
      if (used_ == block_.size()) mix();
    }
  }

  Digest finish() {
    const auto bits = static_cast<std::uint64_t>(length_) * 8;
    add("\x80");
    while (used_ != 56) add(std::string_view("\0", 1));
    for (int i = 7; i >= 0; --i) block_[used_++] = static_cast<std::uint8_t>(bits >> static_cast<unsigned>(8 * i));
    mix();
    Digest digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24U - 8U * (i % 4)));
    return digest;
  }

 private:
  void mix() {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t i = 0; i < 16; ++i) {
      for (std::size_t k = 0; k < 4; ++k) w[i] = (w[i] << 8U) | block_[4 * i + k];
    }
    for (std::size_t i = 16; i < w.size(); ++i) {
      const auto a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >> 3U);
      const auto b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >> 10U);
      w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    auto s = state_;
    for (std::size_t i = 0; i < w.size(); ++i) {
      const auto one = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + kRound[i] + w[i];
      const auto two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
      s = {one + two, s[0], s[1], s[2], s[3] + one, s[4], s[5], s[6]};
    }
    for (std::size_t i = 0; i < state_.size(); ++i) state_[i] += s[i];
    used_ = 0;
  }

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, 64> block_{};
  std::size_t used_ = 0;
  std::size_t length_ = 0;
};

std::string_view bytes_of(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

/// A key is mixed in once, and copied for each message.
class Hmac {
 public:
  explicit Hmac(std::string_view key) {
    std::string block(key);
    if (block.size() > 64) {
      Sha256 hash;
      hash.add(key);
      block = bytes_of(hash.finish());
    }
    block.resize(64);
    for (auto& byte : block) byte = static_cast<char>(byte ^ 0x36);
    inner_.add(block);
    for (auto& byte : block) byte = static_cast<char>(byte ^ 0x36 ^ 0x5c);
    outer_.add(block);
  }

  [[nodiscard]] Digest of(std::string_view message) const {
    auto inner = inner_;
    inner.add(message);
    auto outer = outer_;
    outer.add(bytes_of(inner.finish()));
    return outer.finish();
  }

 private:
  Sha256 inner_;
  Sha256 outer_;
};

/// Type 8: PBKDF2 with HMAC-SHA-256, 20000 rounds.
std::string hash_type8(std::string_view salt, std::string_view clear) {
  constexpr int kRounds = 20000;
  const Hmac hmac(clear);
  auto last = hmac.of(std::string(salt) + std::string("\0\0\0\1", 4));
  auto digest = last;
  for (int round = 1; round < kRounds; ++round) {
    last = hmac.of(bytes_of(last));
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] ^= last[i];
  }
  return encode(digest);
}

/// Type 9: scrypt with N 16384, r 1, p 1, which crypt(3) calls $7$; its letters hold the low bits first.
std::string hash_type9(std::string_view salt, std::string_view clear) {
  auto room = std::make_unique<crypt_data>();
  const auto* made = ::crypt_r(std::string(clear).c_str(), ("$7$C/..../...." + std::string(salt) + "$").c_str(), room.get());
  if (made == nullptr || made[0] == '*') return {};
  const std::string_view text(made);
  Digest digest{};
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::size_t count = 0;
  for (const char letter : text.substr(text.rfind('$') + 1)) {
    bits |= static_cast<std::uint32_t>(kAlphabet.find(letter)) << held;
    for (held += 6; held >= 8 && count < digest.size(); held -= 8) {
      digest[count++] = static_cast<std::uint8_t>(bits);
      bits >>= 8U;
    }
  }
  return encode(digest);
}

}  // namespace

bool is_cisco_secret(std::string_view stored) {
  constexpr std::size_t kLead = 3;
  return stored.size() == kLead + kSaltLength + 1 + kHashLength && (stored.starts_with("$8$") || stored.starts_with("$9$")) &&
         stored[kLead + kSaltLength] == '$' && stored.substr(kLead + kSaltLength + 1).find_first_not_of(kAlphabet) == std::string_view::npos;
}

std::string cisco_hash(std::string_view stored, std::string_view clear) {
  const auto salt = stored.substr(3, kSaltLength);
  const auto hash = stored[1] == '8' ? hash_type8(salt, clear) : hash_type9(salt, clear);
  return hash.empty() ? std::string() : std::string(stored.substr(0, 3 + kSaltLength + 1)) + hash;
}

}  // namespace rri::app
