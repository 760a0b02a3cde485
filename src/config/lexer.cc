#include "config/lexer.h"

#include <algorithm>

#include "base/text.h"
#include "config/limits.h"

namespace rri {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr char kEndOfText = '\x03';  // delimits banners in saved configurations

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_line_end(char c) { return c == '\r' || c == '\n'; }

// U+2400..U+2421, "symbol for ..." of each control character, in UTF-8.
constexpr std::string_view kPictureLead = "\xE2\x90";
constexpr unsigned char kFirstPicture = 0x80;
constexpr unsigned char kDeletePicture = 0xA1;

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != kEndOfText) || byte == 0x7F;
}

/// The pictures count as what they show, so that a refused line is refused again.
bool has_control_characters(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return true;
  for (auto at = text.find(kPictureLead); at != std::string_view::npos; at = text.find(kPictureLead, at + 1)) {
    const auto last = at + 2 < text.size() ? static_cast<unsigned char>(text[at + 2]) : 0;
    if (last >= kFirstPicture && last <= kDeletePicture) return true;
  }
  return false;
}

/// The end of an escape sequence (ECMA-48) that begins at `at`.
std::size_t end_of_escape(std::string_view text, std::size_t at) {
  if (++at >= text.size() || text[at] != '[') return std::min(at + 1, text.size());
  for (++at; at < text.size() && (text[at] < 0x40 || text[at] > 0x7E); ++at) {
  }
  return std::min(at + 1, text.size());
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

std::size_t command_word(const LexedLine& line) {
  const auto& words = line.words;
  const bool is_led = !words.empty() && (equal_ignoring_case(words[0].text, "no") || equal_ignoring_case(words[0].text, "default"));
  return is_led ? 1 : 0;
}

std::uint32_t LexedLine::end_column() const { return static_cast<std::uint32_t>(text.size()) + 1; }

std::string_view without_pager(std::string_view line) {
  constexpr std::string_view kPrompt = "--More--";
  std::size_t end = 0;  // of what is taken off
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == '\x1b') {
      end = at = end_of_escape(line, at);
    } else if (line[at] == '\b' || line[at] == '\r') {
      end = ++at;
    } else if (line.substr(at, kPrompt.size()) == kPrompt) {
      end = at += kPrompt.size();
    } else if (is_blank(line[at])) {
      ++at;
    } else if (line.substr(at, kByteOrderMark.size()) == kByteOrderMark) {
      at += kByteOrderMark.size();
    } else {
      break;
    }
  }
  return line.substr(end);
}

std::string unreadable_text(const LexedLine& line) {
  const auto first = std::min(line.text.find_first_not_of(" \t"), line.text.size());
  std::string text;
  for (const char c : line.text.substr(first)) {
    if (text.size() > kMaxLineLengthBytes) break;
    if (!is_control(c)) {
      text += c;
      continue;
    }
    text += kPictureLead;
    text += static_cast<char>(c == '\x7F' ? kDeletePicture : kFirstPicture + static_cast<unsigned char>(c));
  }
  if (text.size() > kMaxLineLengthBytes) text.replace(kMaxLineLengthBytes, text.npos, "...");
  return text;
}

LexedLine lex_line(std::string_view line) {
  while (!line.empty() && (is_blank(line.back()) || is_line_end(line.back()))) line.remove_suffix(1);
  auto first = line.find_first_not_of(" \t");
  // Also behind blanks: what is rendered at the margin must read back as it was.
  while (first != std::string_view::npos && line.substr(first, kByteOrderMark.size()) == kByteOrderMark) {
    line.remove_prefix(first + kByteOrderMark.size());
    first = line.find_first_not_of(" \t");
  }
  LexedLine lexed;
  lexed.text = line;
  if (first == std::string_view::npos) return lexed;
  lexed.too_long = line.size() - first > kMaxLineLengthBytes;
  lexed.binary = has_control_characters(line.substr(first, kMaxLineLengthBytes));
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
