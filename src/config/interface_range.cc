// `interface range`: each interface gets the lines, and the configuration has these only.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "config/config.h"
#include "config/line_applier.h"

namespace rri {
namespace {

constexpr std::size_t kMostMembers = 1024;  // of a range

/// "g0/0/0 - 3" at the end of `names`; false when it is no range.
bool expand_part(std::string_view part, std::vector<std::string>& names) {
  const auto first_digit = std::min(part.find_first_of("0123456789"), part.size());
  const auto dash = std::min(part.find('-', first_digit), part.size());
  std::string left(part.substr(0, dash));
  left.erase(std::remove_if(left.begin(), left.end(), [](unsigned char c) { return std::isspace(c) != 0; }), left.end());
  const auto full = ios_interface(left);
  const auto name = full.empty() ? canonical_interface(left) : full;
  const auto stem = name.substr(0, name.find_last_not_of("0123456789") + 1);
  const auto from = parse_number<std::uint32_t>(std::string_view(name).substr(stem.size()));
  const auto to = dash == part.size() ? from : parse_number<std::uint32_t>(trim(part.substr(dash + 1)));
  if (stem.empty() || !from || !to || *to < *from || *to - *from >= kMostMembers) return false;
  for (std::uint64_t number = *from; number <= *to; ++number) names.push_back(stem + std::to_string(number));
  return names.size() <= kMostMembers;
}

std::optional<std::vector<std::string>> expand_range(std::string_view text) {
  std::vector<std::string> names;
  for (const auto part : split(text, ',')) {
    if (!expand_part(trim(part), names)) return std::nullopt;
  }
  return names;
}

}  // namespace

/// `define interface-range M` of what are no interfaces.
bool LineApplier::is_bad_macro(const Line& line) {
  constexpr std::size_t kMembers = 3;
  if (line.words[0].text != "define" || expand_range(line.value("members"))) return false;
  fail(kMembers, "no range of interfaces, expected the like of GigabitEthernet0/0/0 - 3");
  result_.refusal = LineResult::Refusal::Invalid;
  return true;
}

/// What `macro NAME` stands for; other members are themselves.
std::string_view LineApplier::members_of(std::string_view members) const {
  const auto words = split_words(members);
  if (words.size() != 2 || words[0].size() < 3 || !is_beginning_of(words[0], "macro")) return members;
  for (const auto& line : editor_.document_->lines) {
    if (is_command(line) && line.words[0].text == "define" && line.value("name") == words[1]) return line.value("members");
  }
  return members;
}

void LineApplier::enter_range(const RowMatch& match) {
  const auto line = make_line(match, {});
  const auto members = line.value("members");
  const auto names = expand_range(members_of(members));
  if (!names) {
    constexpr std::size_t kMembers = 2;
    const auto* interface_row = make_command(Mode::Global, "interface Null0", {}).row;
    result_.caret_column = lexed_.words[kMembers].column;
    result_.refusal = LineResult::Refusal::Invalid;
    return refuse(0, {number_, lexed_.words[kMembers].column}, "no range of interfaces, expected the like of GigabitEthernet0/0/0 - 3", interface_row);
  }
  Editor::Range range;
  range.command = fmt::format("interface range {}", members);
  for (const auto& name : *names) {
    range.last = "interface " + name;
    const auto command = std::string(lexed_.words[0].offset, ' ') + range.last;
    LineApplier(editor_, command, number_).run();
    range.others.push_back({editor_.frames_, std::nullopt});
  }
  range.others.pop_back();
  editor_.range_ = std::move(range);
}

void LineApplier::remove_range(const RowMatch& match) {
  const auto names = expand_range(members_of(match.words.back().text));
  if (!names) return fail(3, "no range of interfaces");
  for (const auto& name : *names) {
    const auto command = fmt::format("{} interface {}", lexed_.words[0].text, name);
    auto removed = LineApplier(editor_, command, number_).run();
    for (auto& note : removed.notes) result_.notes.push_back(std::move(note));
  }
}

void Editor::repeat_in_range(Range range, std::string_view line, std::uint32_t line_number, LineResult::Outcome outcome) {
  const auto words = lex_line(line).words;
  constexpr std::size_t kShortest = 3;
  const bool opens_other = !words.empty() && words[0].text.size() >= kShortest && is_beginning_of(words[0].text, "interface");
  const bool is_refused = outcome == LineResult::Outcome::Refused;
  if (frames_.size() < 2 || opener_of(frames_[1]).text() != range.last || (opens_other && !is_refused)) return;
  if (!is_refused && outcome != LineResult::Outcome::Nothing) {
    for (auto& member : range.others) {
      std::swap(frames_, member.frames);
      std::swap(candidate_, member.candidate);
      LineApplier(*this, line, line_number).run();
      std::swap(frames_, member.frames);
      std::swap(candidate_, member.candidate);
    }
  }
  range_ = std::move(range);
}

}  // namespace rri
