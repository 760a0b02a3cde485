#include "shell/section_reader.h"

#include <algorithm>

#include "base/text.h"

namespace rri::shell {

namespace {

/// What stands behind the words; nothing where the text does not begin with them.
std::optional<std::string> behind(const std::string& text, std::string_view beginning) {
  if (!text.starts_with(beginning)) return std::nullopt;
  if (text.size() == beginning.size()) return std::string();
  return text[beginning.size()] == ' ' ? std::optional(text.substr(beginning.size() + 1)) : std::nullopt;
}

}  // namespace

std::vector<const Line*> find_sections(const Document& document, std::string_view beginning, const std::optional<std::string>& name) {
  std::vector<const Line*> found;
  for (const auto& line : document.lines) {
    const bool is_meant = line.kind == LineKind::Command && line.row != nullptr && behind(line.text(), beginning);
    if (is_meant && (!name || line.value("name") == *name)) found.push_back(&line);
  }
  return found;
}

std::vector<std::string> settings_of(const Line& section, std::string_view beginning) {
  std::vector<std::string> found;
  for (const auto& line : section.children) {
    if (line.kind != LineKind::Command) continue;
    if (auto words = behind(line.text(), beginning)) found.push_back(std::move(*words));
  }
  return found;
}

std::string setting_of(const Line& section, std::string_view beginning, std::string otherwise) {
  auto found = settings_of(section, beginning);
  return found.empty() ? std::move(otherwise) : std::move(found.back());
}

std::vector<std::string> words_of(const Line& section, std::string_view beginning) {
  const auto setting = setting_of(section, beginning, "");
  std::vector<std::string> words;
  for (const auto word : split_words(setting)) words.emplace_back(word);
  return words;
}

std::size_t count_uses(const Document& document, std::string_view text) {
  std::size_t uses = 0;
  for (const auto& section : document.lines) {
    uses += static_cast<std::size_t>(std::count_if(section.children.begin(), section.children.end(),
                                                   [&](const Line& line) { return line.kind == LineKind::Command && line.text() == text; }));
  }
  return uses;
}

std::string listed(const std::vector<std::string>& words, std::string_view otherwise) {
  std::string text;
  for (const auto& word : words) text += text.empty() ? word : " " + word;
  return text.empty() ? std::string(otherwise) : text;
}

}  // namespace rri::shell
