#include "config/secrets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/lexer.h"

namespace rri {
namespace {

constexpr std::string_view kRemoved = "<removed>";

/// Words behind which a secret stands. Some are abbreviated by those who type.
constexpr std::array<std::string_view, 6> kSecretWords = {"secret", "password", "key", "pre-shared-key", "key-string", "community"};
constexpr std::array<std::string_view, 5> kLongSecretWords = {"md5", "authentication-key", "cipher", "authenticator", "passphrase"};

/// `standby 1 authentication WORD`; elsewhere `authentication` names a method.
constexpr std::array<std::string_view, 3> kRedundancyWords = {"standby", "vrrp", "glbp"};

template <std::size_t N>
bool begins_one_of(std::string_view word, const std::array<std::string_view, N>& full) {
  constexpr std::size_t kShortest = 3;
  return word.size() >= kShortest && std::any_of(full.begin(), full.end(), [&](std::string_view one) { return is_beginning_of(word, one); });
}

void remove_secrets(std::vector<Line>& lines) {
  for (auto& line : lines) {
    for (auto& word : line.words) {
      if (line.row == nullptr) word.text = without_secrets(word.text);
      if (line.row != nullptr && word.slot == "secret") word.text = kRemoved;
    }
    remove_secrets(line.children);
  }
}

}  // namespace

std::string without_secrets(std::string_view line) {
  const auto lexed = lex_line(line);
  const bool is_redundancy = !lexed.words.empty() && begins_one_of(lexed.words.front().text, kRedundancyWords);
  for (std::size_t i = 0; i + 1 < lexed.words.size(); ++i) {
    const auto& word = lexed.words[i];
    const bool is_long = std::find(kLongSecretWords.begin(), kLongSecretWords.end(), word.text) != kLongSecretWords.end();
    const bool hides = is_long || begins_one_of(word.text, kSecretWords) || (is_redundancy && word.text == "authentication");
    if (hides) return fmt::format("{} {}", line.substr(0, word.offset + word.text.size()), kRemoved);
  }
  return std::string(line);
}

Document without_secrets(Document document) {
  remove_secrets(document.lines);
  return document;
}

}  // namespace rri
