#include "config/lexer.h"

#include <algorithm>

#include "config/limits.h"

namespace rri {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr char kEndOfText = '\x03';  // delimits banners in saved configurations

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_line_end(char c) { return c == '\r' || c == '\n'; }

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != kEndOfText) || byte == 0x7F;
  });
}

/// Indentation as an editor shows it, so that a tab is deeper than one blank.
std::uint32_t visual_column(std::string_view indentation) {
  constexpr std::uint32_t kTabWidth = 8;
  std::uint32_t column = 0;
  for (const char c : indentation) column = c == '\t' ? (column / kTabWidth + 1) * kTabWidth : column + 1;
  return column + 1;
}

}  // namespace

std::string_view LexedLine::rest_from(std::size_t index) const {
  return index < words.size() ? text.substr(words[index].offset) : std::string_view();
}

std::uint32_t LexedLine::end_column() const { return static_cast<std::uint32_t>(text.size()) + 1; }

LexedLine lex_line(std::string_view line) {
  while (!line.empty() && (is_blank(line.back()) || is_line_end(line.back()))) line.remove_suffix(1);
  if (line.substr(0, kByteOrderMark.size()) == kByteOrderMark) line.remove_prefix(kByteOrderMark.size());
  LexedLine lexed;
  lexed.text = line;
  lexed.too_long = line.size() > kMaxLineLengthBytes;
  lexed.binary = has_control_characters(line.substr(0, kMaxLineLengthBytes));
  const auto first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return lexed;
  lexed.column = visual_column(line.substr(0, first));
  lexed.is_comment = line[first] == '!';
  if (lexed.too_long || lexed.binary) return lexed;
  for (std::size_t at = first; at < line.size();) {
    auto end = line.find_first_of(" \t", at);
    if (end == std::string_view::npos) end = line.size();
    lexed.words.push_back({line.substr(at, end - at), static_cast<std::uint32_t>(at) + 1, at});
    at = line.find_first_not_of(" \t", end);
    if (at == std::string_view::npos) break;
  }
  if (lexed.words.size() > kMaxLineWords) {
    lexed.too_long = true;
    lexed.words.clear();
  }
  return lexed;
}

}  // namespace rri
