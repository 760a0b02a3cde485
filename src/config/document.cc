#include "config/document.h"

#include <algorithm>

namespace rri {
namespace {

/// Below a refused opener nothing acts, so every line counts.
void collect_carried(const std::vector<Line>& lines, bool in_refused, std::vector<std::string>& sections,
                     std::vector<CarriedLine>& out) {
  for (const auto& line : lines) {
    const bool carried = line.kind == LineKind::Carried || line.kind == LineKind::Refused;
    const auto* negation = line.kind == LineKind::Negated ? "no " : "";
    if (carried || in_refused) out.push_back({sections, negation + line.text(), line.position});
    if (line.children.empty()) continue;
    sections.push_back(line.text());
    collect_carried(line.children, in_refused || line.kind == LineKind::Refused, sections, out);
    sections.pop_back();
  }
}

}  // namespace

std::string_view Line::value(std::string_view slot) const {
  for (const auto& word : words) {
    if (word.slot == slot) return word.text;
  }
  return {};
}

bool Line::has(std::string_view slot) const {
  return std::any_of(words.begin(), words.end(), [&](const Word& word) { return word.slot == slot; });
}

bool Line::has_keyword(std::string_view text) const {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.is_keyword && word.text == text; });
}

std::vector<std::string_view> Line::values(std::string_view slot) const {
  std::vector<std::string_view> found;
  for (const auto& word : words) {
    if (word.slot == slot) found.push_back(word.text);
  }
  return found;
}

std::string Line::text() const {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += ' ';
    text += word.text;
  }
  return text;
}

bool operator==(const Line& a, const Line& b) {
  return a.kind == b.kind && a.row == b.row && a.sequence == b.sequence && a.depth == b.depth && a.words == b.words &&
         a.children == b.children;
}

std::vector<CarriedLine> Document::carried() const {
  std::vector<CarriedLine> found;
  std::vector<std::string> sections;
  collect_carried(lines, false, sections, found);
  return found;
}

}  // namespace rri
