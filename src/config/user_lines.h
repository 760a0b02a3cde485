// config/user_lines.h -- `username` lines, which IOS keeps as one line for each user.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "config/lexer.h"

namespace rri {

/// "username NAME [privilege N] [secret ... | password ...]"; others are not taken apart.
struct UserLine {
  std::string name;
  std::string privilege;  // "15"
  std::string secret;     // "secret 9 $9$...", "password 7 ..."

  [[nodiscard]] std::string text() const;
};
std::optional<UserLine> parse_user_line(const LexedLine& line);

/// A secret in clear as its hash, which `hash` gives with its type; without it no
/// word is right.
void hash_user_secret(UserLine& user, const std::function<std::string(std::string_view clear)>& hash);

}  // namespace rri
