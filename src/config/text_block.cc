// Commands with text behind them: banners, and certificates. The text is kept aside
// until its end has come.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "config/line_applier.h"

namespace rri {
namespace {

constexpr std::string_view kControlC = "^C";  // as IOS prints the control character
constexpr char kEndOfText = '\x03';           // that character

/// Where the delimiter stands; 0: the line is no command with text behind it.
std::size_t find_delimiter_word(const LexedLine& line) {
  constexpr std::array<std::string_view, 7> kKinds = {"config-save", "exec",           "incoming", "login",
                                                      "motd",        "prompt-timeout", "slip-ppp"};
  const auto& words = line.words;
  const auto is = [&](std::size_t at, std::string_view word) { return at < words.size() && equal_ignoring_case(words[at].text, word); };
  if (is(0, "banner")) {
    const bool has_kind = words.size() > 1 && (is(1, "text") || std::any_of(kKinds.begin(), kKinds.end(), [&](std::string_view kind) {
                                                 return is_beginning_of(words[1].text, kind);
                                               }));
    return has_kind ? 2 : 1;
  }
  if (is(0, "aaa") && is(1, "authentication") && (is(2, "banner") || is(2, "fail-message"))) return 3;
  if (is(0, "vacant-message") || is(0, "refuse-message")) return 1;
  if (is(0, "busy-message")) return 2;
  return is(0, "menu") && (is(2, "title") || is(2, "prompt")) ? 3 : 0;
}

/// The delimiter of a command with text behind it (a banner, a menu's title, a macro), "" when the line is none.
std::string find_text_delimiter(const LexedLine& line, std::size_t& text_offset) {
  const auto& words = line.words;
  if (words.size() == 3 && words[0].text == "macro" && words[1].text == "name") {
    text_offset = line.text.size();
    return "@";
  }
  const auto at = find_delimiter_word(line);
  if (at == 0 || at >= words.size()) return {};
  const auto& word = words[at];
  const std::size_t length = word.text.starts_with(kControlC) ? kControlC.size() : 1;
  text_offset = word.offset + length;
  return std::string(word.text.substr(0, length));
}

/// The text as IOS prints it: a delimiter that is the control character in two letters.
std::string printed_text(std::string_view text, std::string_view delimiter) {
  if (delimiter.front() != kEndOfText || text.find(kControlC) != std::string_view::npos) return std::string(text);
  std::string printed;
  for (const char c : text) c == kEndOfText ? printed += kControlC : printed += c;
  return printed;
}

bool is_hexadecimal(const LexedLine& line) {
  return std::all_of(line.words.begin(), line.words.end(), [](const LexedWord& word) {
    return std::all_of(word.text.begin(), word.text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
  });
}

}  // namespace

bool LineApplier::begin_block() {
  std::size_t text_offset = 0;
  auto delimiter = find_text_delimiter(lexed_, text_offset);
  if (!delimiter.empty()) {
    if (lexed_.text.find(delimiter, text_offset) == std::string_view::npos) {
      if (editor_.options_.is_typed) result_.notes.push_back(fmt::format("Enter TEXT message.  End with the character '{}'.", printable(delimiter)));
      editor_.block_ = Editor::Block{std::move(delimiter), false, {std::string(raw_)}, number_};
    } else {
      text_ = printed_text(lexed_.text.substr(lexed_.words[0].offset), delimiter);
      carry_banner();
    }
    return true;
  }
  const auto& frame = editor_.frames_.back();
  const bool is_inside = belongs_to_opaque(frame) || home_ == editor_.frames_.size() - 1;
  if (frame.mode != Mode::Opaque || lexed_.words[0].text != "certificate" || !is_inside) return false;
  const auto* opener = line_at(frame.path);
  if (opener->text().find(" certificate ") == std::string::npos) return false;
  // `certificate ca 01 nvram:ca#1CA.cer`: the text is in that file.
  if (lexed_.words.back().text.find(':') != std::string_view::npos) return false;
  editor_.block_ = Editor::Block{"quit", true, {std::string(raw_)}, number_};
  return true;
}

/// Whether the text in progress was left open: what comes cannot be part of it. (At a
/// terminal a banner ends with its delimiter, wherever it stands.)
bool LineApplier::ends_unclosed() const {
  const auto& block = *editor_.block_;
  if (block.is_certificate) return !is_hexadecimal(lexed_);
  std::size_t text_offset = 0;
  return !editor_.options_.is_typed && find_text_delimiter(lexed_, text_offset) == block.end;
}

bool LineApplier::take_block_line() {
  if (!editor_.block_) return false;
  auto& block = *editor_.block_;
  const bool is_quit = lexed_.words.size() == 1 && lexed_.words[0].text == block.end;
  if (!(block.is_certificate && is_quit) && ends_unclosed()) {
    for (auto& diagnostic : abandon_block(editor_)) result_.diagnostics.push_back(std::move(diagnostic));
    return take_block_line();
  }
  block.lines.emplace_back(raw_);
  std::erase(block.lines.back(), '\0');  // as a terminal does; a file with it is none of text
  if (block.is_certificate ? is_quit : raw_.find(block.end) != std::string_view::npos) close_block();
  return true;
}

/// Whether the last line of a text, read again, would look like the opener of another one: its
/// delimiter stands on a line of its own then.
bool LineApplier::opens_again(const Editor::Block& block) {
  const auto last = lex_line(block.lines.back());
  std::size_t text_offset = 0;
  return block.lines.size() > 1 && find_text_delimiter(last, text_offset) == block.end;
}

/// The end has come: all of it goes into the document.
void LineApplier::close_block() {
  const auto block = *std::exchange(editor_.block_, std::nullopt);
  LineApplier command(editor_, block.lines.front(), block.line);
  command.find_home();
  result_.outcome = LineResult::Outcome::Carried;
  if (block.is_certificate) {
    command.drop_certificate_text(command.carry_in_opaque(editor_.frames_.size() - 1));
    for (std::size_t i = 1; i < block.lines.size(); ++i) {
      LineApplier text(editor_, block.lines[i], block.line + static_cast<std::uint32_t>(i));
      if (!text.lexed_.blank()) text.carry_certificate_line();
    }
    return;
  }
  std::string text(command.lexed_.text.substr(command.lexed_.words[0].offset));
  for (std::size_t i = 1; i < block.lines.size(); ++i) text += '\n' + block.lines[i];
  if (opens_again(block)) text.insert(text.rfind(block.end), "\n");
  command.text_ = printed_text(text, block.end);
  command.carry_banner();
}

std::vector<Diagnostic> LineApplier::abandon_block(Editor& editor) {
  const auto block = *std::exchange(editor.block_, std::nullopt);
  const auto command = printable(trim(block.lines.front()));
  std::vector<Diagnostic> diagnostics;
  diagnostics.push_back(
      {Severity::Error, {block.line, 1},
       block.is_certificate
           ? fmt::format("\"{}\" is not closed: `quit` does not come; it is left out", command)
           : fmt::format("\"{}\" is not closed: its delimiter \"{}\" does not come again; it is left out, and what stands behind it is read as configuration",
                         command, printable(block.end))});
  for (std::size_t i = 1; i < block.lines.size() && !block.is_certificate; ++i) {
    auto applied = editor.apply(block.lines[i], block.line + static_cast<std::uint32_t>(i));
    for (auto& diagnostic : applied.diagnostics) diagnostics.push_back(std::move(diagnostic));
  }
  return diagnostics;
}

}  // namespace rri
