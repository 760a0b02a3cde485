#include "app/cisco_secret.h"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

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

unsigned char* bytes_of(Digest& digest) { return digest.data(); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Type 8: PBKDF2 with HMAC-SHA-256, 20000 rounds.
bool hash_type8(std::string_view salt, std::string_view clear, Digest& digest) {
  constexpr int kRounds = 20000;
  return PKCS5_PBKDF2_HMAC(clear.data(), static_cast<int>(clear.size()), bytes_of(salt), static_cast<int>(salt.size()), kRounds, EVP_sha256(),
                           static_cast<int>(digest.size()), bytes_of(digest)) == 1;
}

/// Type 9: scrypt.
bool hash_type9(std::string_view salt, std::string_view clear, Digest& digest) {
  constexpr std::uint64_t kCost = 16384;  // N; r and p are 1
  return EVP_PBE_scrypt(clear.data(), clear.size(), bytes_of(salt), salt.size(), kCost, 1, 1, 0, bytes_of(digest), digest.size()) == 1;
}

}  // namespace

bool is_cisco_secret(std::string_view stored) {
  constexpr std::size_t kLead = 3;
  return stored.size() == kLead + kSaltLength + 1 + kHashLength && (stored.starts_with("$8$") || stored.starts_with("$9$")) &&
         stored[kLead + kSaltLength] == '$' && stored.substr(kLead + kSaltLength + 1).find_first_not_of(kAlphabet) == std::string_view::npos;
}

std::string cisco_hash(std::string_view stored, std::string_view clear) {
  const auto salt = stored.substr(3, kSaltLength);
  Digest digest{};
  const bool is_made = stored[1] == '8' ? hash_type8(salt, clear, digest) : hash_type9(salt, clear, digest);
  return is_made ? std::string(stored.substr(0, 3 + kSaltLength + 1)) + encode(digest) : std::string();
}

}  // namespace rri::app
