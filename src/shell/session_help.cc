#include "shell/session_help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "base/text.h"
#include "config/lexer.h"
#include "config/matcher.h"
#include "config/service_names.h"
#include "shell/exec_grammar.h"
#include "shell/pipe.h"
#include "shell/slips.h"
#include "shell/word_help.h"

namespace rri::shell {

namespace {

struct Found {
  std::vector<NextWord> words;
  bool may_end = false;
  std::string error;  // what to print instead
};

constexpr std::string_view kUnrecognized = "% Unrecognized command\n";

constexpr std::string_view kBar = "|";

Found failed(std::string text) { return {{}, false, std::move(text)}; }

/// Behind a `|`.
Found find_filter_words(std::string_view words) {
  Found found;
  if (!trim(words).empty()) {
    const auto piped = split_pipe(fmt::format("|{} x", words));  // "x": what is still to be typed
    if (!piped) return failed(std::string(kUnrecognized));
    const bool is_file = writes_file(piped->filter->kind);
    found.words.push_back({is_file ? "WORD" : "LINE", {}, false, is_file ? "answer_file" : "expression", false});
    return found;
  }
  for (const auto& [name, kind, help] : filter_names()) found.words.push_back({std::string(name), std::string(help), true, {}, true});
  return found;
}

/// IOS offers it behind what shows something.
bool may_pipe(std::string_view words) {
  const auto typed = split_words(words);
  return !typed.empty() && (is_beginning_of(typed[0], "show") || is_beginning_of(typed[0], "more"));
}

Found find_exec(std::string_view words, std::uint8_t level) {
  if (const auto bar = words.find('|'); bar != std::string_view::npos) return find_filter_words(words.substr(bar + 1));
  auto next = next_exec_words(words, level);
  if (next && next->may_end && may_pipe(words)) next->words.push_back({std::string(kBar), {}, false, {}, false});
  if (next) return {std::move(next->words), next->may_end, {}};
  if (next.error().reason == ExecMisfit::Reason::Ambiguous) return failed(render_misfit(next.error(), words, 0));
  return failed(std::string(kUnrecognized));
}

/// What every configuration mode has besides its rows.
void add_mode_words(std::vector<NextWord>& words) {
  constexpr std::array kWords = {
      std::pair{"default", "Set a command to its defaults"}, std::pair{"do", "To run exec commands in config mode"},
      std::pair{"end", "Exit from configure mode"}, std::pair{"exit", "Exit from the current mode"},
      std::pair{"no", "Negate a command or set its defaults"}};
  for (const auto& [word, help] : kWords) words.push_back({word, help, true, {}, true});
}

/// What takes the number of a protocol takes its name too.
void add_protocols(Mode mode, std::vector<NextWord>& words) {
  const auto number = std::find_if(words.begin(), words.end(), [](const NextWord& word) { return word.slot == "proto" && !word.is_keyword; });
  if (number == words.end()) return;
  number->text = "<0-255>";
  // 6 is one of them, beside tcp.
  std::erase_if(words, [](const NextWord& word) { return word.is_keyword && std::isdigit(static_cast<unsigned char>(word.text.front())) != 0; });
  for (const auto& service : mode == Mode::AclIpv6 ? protocol6_names() : protocol_names()) {
    const auto name = service.name;
    const auto is_there = std::any_of(words.begin(), words.end(), [&](const NextWord& word) { return word.text == name; });
    if (!is_there && !word_help_in(kProtocol, name).empty()) words.push_back({std::string(name), {}, true, {}, false});
  }
  for (auto& word : words) {
    const auto help = word_help_in(kProtocol, word.text);
    if (!help.empty()) word.help = kProtocol;
  }
}

/// A command of IOS that is only kept: what may stand in it, nobody here knows.
Found find_kept(const LexedLine& line, Mode mode) {
  const bool is_kept = !line.words.empty() && !find_slip(line, mode);
  if (!is_kept) return failed(std::string(kUnrecognized));
  return {{{"LINE", {}, false, "kept", false}}, true, {}};
}

Found find_config(Mode mode, std::string_view text) {
  const auto line = lex_line(text);
  if (line.too_long || line.binary) return failed(std::string(kUnrecognized));
  const auto first = command_word(line);
  auto expected = expect_after(mode, line, first, first > 0);
  if (!expected.fits && mode != Mode::Global) expected = expect_after(Mode::Global, line, first, first > 0);
  if (!expected.fits) return find_kept(line, mode);
  Found found;
  found.may_end = expected.may_end;
  for (auto& word : expected.words) {
    // What is only carried is no command of ours to offer.
    const bool known = word.help.substr(0, 8) != "Carried:";
    if (known) found.words.push_back({std::move(word.text), std::move(word.help), word.is_keyword, word.slot, false});
  }
  add_protocols(mode, found.words);
  if (line.words.empty()) add_mode_words(found.words);
  return found;
}

Found find_next(const HelpPlace& place, std::string_view words) {
  if (!place.is_config) return find_exec(words, place.level);
  const auto line = lex_line(words);
  if (!line.words.empty() && equal_ignoring_case(line.words[0].text, "do")) {
    return find_exec(words.substr(line.words[0].offset + 2), kPrivilegedLevel);
  }
  return find_config(place.mode, words);
}

/// Everything before the word that is being typed, and that word.
std::pair<std::string_view, std::string_view> split_last(std::string_view text) {
  const auto blank = text.find_last_of(" \t");
  const auto start = blank == std::string_view::npos ? 0 : blank + 1;
  return {text.substr(0, start), text.substr(start)};
}

bool begins_with(std::string_view word, std::string_view start) {
  return start.size() <= word.size() && equal_ignoring_case(start, word.substr(0, start.size()));
}

void sort_words(std::vector<NextWord>& words) {
  std::sort(words.begin(), words.end(), [](const NextWord& a, const NextWord& b) {
    return a.is_keyword != b.is_keyword ? a.is_keyword : a.text < b.text;
  });
}

std::string help_of(const NextWord& word) {
  if (word.ends_row && word.is_keyword) return word.help;
  const auto of_command = word_help_in(word.help, word.text);
  if (!of_command.empty()) return std::string(of_command);
  const auto of_slot = value_help(word.slot);
  if (!of_slot.empty()) return std::string(of_slot);
  const auto own = word_help(word.text);
  if (!own.empty()) return std::string(own);
  return word.help.empty() && !word.is_keyword ? "Number" : word.help;
}

std::string render_words(std::vector<NextWord> words, bool may_end) {
  sort_words(words);
  std::size_t width = may_end ? 4 : 0;
  for (const auto& word : words) width = std::max(width, word.text.size());
  std::string text;
  for (const auto& word : words) {
    auto line = fmt::format("  {:{}}  {}", word.text, width, help_of(word));
    text += fmt::format("{}\n", std::string_view(line).substr(0, line.find_last_not_of(' ') + 1));
  }
  if (may_end) text += "  <cr>\n";
  return text;
}

std::string render_partial(const Found& found, std::string_view start) {
  std::string names;
  std::vector<NextWord> values;
  for (const auto& word : found.words) {
    if (!word.is_keyword && word.text != kBar) values.push_back(word);
    if (word.is_keyword && begins_with(word.text, start)) names += fmt::format("{}{}", names.empty() ? "" : "  ", word.text);
  }
  if (!names.empty()) return names + "\n";
  return values.empty() ? std::string(kUnrecognized) : render_words(std::move(values), false);
}

}  // namespace

std::string render_help(const HelpPlace& place, std::string_view text) {
  const auto [words, start] = split_last(text);
  auto found = find_next(place, words);
  if (!found.error.empty()) return found.error;
  if (start.empty()) return render_words(std::move(found.words), found.may_end);
  sort_words(found.words);
  return render_partial(found, start);
}

std::string complete_line(const HelpPlace& place, std::string_view text) {
  const auto [words, start] = split_last(text);
  if (start.empty()) return std::string(text);
  const auto found = find_next(place, words);
  const NextWord* only = nullptr;
  for (const auto& word : found.words) {
    if (!word.is_keyword || !begins_with(word.text, start)) continue;
    if (only != nullptr) return std::string(text);
    only = &word;
  }
  return only == nullptr ? std::string(text) : fmt::format("{}{} ", words, only->text);
}

}  // namespace rri::shell
