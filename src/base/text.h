// base/text.h -- cutting text into pieces and numbers out of text.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rri {

/// The whole of `text` as a decimal number, or nothing when it is not one or
/// does not fit into T. No sign prefix '+', no blanks.
template <std::integral T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return value;
}

/// `text` without blanks, tabs and line ends at both ends.
std::string_view trim(std::string_view text);

/// The pieces of `text` between `separator`s; empty pieces are kept.
std::vector<std::string_view> split(std::string_view text, char separator);

/// The words of `text` between runs of blanks and tabs.
std::vector<std::string_view> split_words(std::string_view text);

/// ASCII lower case, and upper case.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

/// Whether two texts are equal when ASCII case is ignored.
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// Whether `word` is the beginning of `whole`, or all of it, when ASCII case is ignored: "" is of every one.
bool is_beginning_of(std::string_view word, std::string_view whole);

/// Whether a host name or mail address is below a domain, when ASCII case is ignored.
bool is_below_domain(std::string_view name, std::string_view domain);

/// How many characters of `word` are a beginning of `whole`, when ASCII case is ignored.
std::size_t common_length(std::string_view word, std::string_view whole);

/// Control characters and invalid UTF-8 replaced by '?', for logs and terminals.
std::string printable(std::string_view text);

}  // namespace rri
