#include "config/editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "config/ios_words.h"
#include "config/line_applier.h"

namespace rri {
namespace {

/// Commands of the exec mode that stand around pasted configurations.
enum class ExecCommand : std::uint8_t { None, Ignored, End, Exit };

bool is_abbreviation(std::string_view word, std::string_view command, std::size_t at_least) {
  return word.size() >= at_least && is_beginning_of(word, command);
}

ExecCommand find_exec_command(const LexedLine& line) {
  const auto& words = line.words;
  const auto first = words[0].text;
  if (words.size() == 1) {
    if (equal_ignoring_case(first, "end")) return ExecCommand::End;
    if (is_abbreviation(first, "exit", 3) || equal_ignoring_case(first, "quit")) return ExecCommand::Exit;
    const bool ignored = is_abbreviation(first, "enable", 2) || is_abbreviation(first, "disable", 4) ||
                         is_abbreviation(first, "write", 2);
    return ignored ? ExecCommand::Ignored : ExecCommand::None;
  }
  const auto second = words[1].text;
  if (is_abbreviation(first, "configure", 4) && words.size() == 2 && is_abbreviation(second, "terminal", 1)) {
    return ExecCommand::Ignored;
  }
  if (is_abbreviation(first, "write", 2) && words.size() == 2 && is_abbreviation(second, "memory", 1)) {
    return ExecCommand::Ignored;
  }
  if (is_abbreviation(first, "copy", 3) && words.size() == 3 && is_abbreviation(second, "running-config", 3)) {
    return ExecCommand::Ignored;
  }
  const bool show_header = (first == "Building" && second == "configuration...") ||
                           (first == "Current" && second == "configuration" && words.size() >= 4);
  return show_header ? ExecCommand::Ignored : ExecCommand::None;
}

LineResult::Refusal refusal_of(Misfit::Reason reason) {
  switch (reason) {
    case Misfit::Reason::Incomplete: return LineResult::Refusal::Incomplete;
    case Misfit::Reason::Ambiguous: return LineResult::Refusal::Ambiguous;
    case Misfit::Reason::Invalid:
    case Misfit::Reason::OutOfRange: break;
  }
  return LineResult::Refusal::Invalid;
}

void drop_carried_rows(MatchResult& matched) {
  auto& matches = matched.matches;
  matches.erase(std::remove_if(matches.begin(), matches.end(),
                               [](const RowMatch& match) { return !acts(match.row->row); }),
                matches.end());
}

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  return line;
}

}  // namespace

Editor::Editor(Document& document, Options options) : document_(&document), options_(std::move(options)) {
  frames_.emplace_back();
  frames_[0].touched = -1;
  for (std::size_t i = 0; i < document.lines.size(); ++i) {
    if (is_command(document.lines[i])) frames_[0].touched = static_cast<std::ptrdiff_t>(i);
  }
  seen_all_ = !document.lines.empty();
}

LineResult Editor::apply(std::string_view line, std::uint32_t line_number) {
  if (seen_all_ && --searches_left_ == 0) learn_document();
  auto range = std::exchange(range_, std::nullopt);
  const auto before = options_.is_typed ? frames_ : std::vector<Frame>();
  const auto count = document_->lines.size();
  auto result = LineApplier(*this, line, line_number).run();
  const bool is_refused = options_.is_typed && result.outcome == LineResult::Outcome::Refused;
  if (is_refused && document_->lines.size() == count) {  // who types it stays where the line was typed
    frames_ = before;
    result.mode_changed = false;
  }
  if (range && !range_) repeat_in_range(std::move(*range), line, line_number, result.outcome);
  return result;
}

void Editor::learn_document() {
  LineApplier::learn(*this, 0, document_->lines);
  seen_all_ = false;
}

std::vector<Diagnostic> Editor::finish() {
  std::vector<Diagnostic> diagnostics;
  while (block_) {
    for (auto& diagnostic : LineApplier::abandon_block(*this)) diagnostics.push_back(std::move(diagnostic));
  }
  return diagnostics;
}

Mode Editor::mode() const { return frames_.back().mode; }

const Line& Editor::opener_of(const Frame& frame) const {
  const auto* line = &document_->lines[frame.path.front()];
  for (std::size_t step = 1; step < frame.path.size(); ++step) line = &line->children[frame.path[step]];
  return *line;
}

bool Editor::leave_inner() {
  auto& open = frames_.back().open;
  while (!open.empty() && !open.back().opens) open.pop_back();
  if (open.empty()) return false;
  open.pop_back();
  return true;
}

std::string_view Editor::prompt() const {
  if (mode() == Mode::Opaque) {
    const auto& frame = frames_.back();
    const auto& opener = opener_of(frame);
    for (auto open = frame.open.rbegin(); open != frame.open.rend(); ++open) {
      if (open->opens) return inner_line(opener.text(), lex_line(opener.children[open->index].text()), 0)->prompt;
    }
    return carried_prompt(opener.text());
  }
  if (mode() != Mode::Interface) return mode_prompt(mode());
  if (range_) return "config-if-range";
  const bool is_subinterface = opener_of(frames_.back()).text().find('.') != std::string::npos;
  return is_subinterface ? "config-subif" : mode_prompt(mode());
}

void Editor::interrupt_text() {
  const bool is_end = block_ && (block_->end == "^C" || block_->end == "\x03");
  if (is_end) apply(block_->end);
  block_.reset();
}

std::vector<std::string> Editor::section() const {
  std::vector<std::string> openers;
  for (std::size_t i = 1; i < frames_.size(); ++i) {
    const auto& opener = opener_of(frames_[i]);
    openers.push_back(i == 1 && range_ ? range_->command : opener.text());
    for (const auto& open : frames_[i].open) {
      if (open.opens) openers.push_back(opener.children[open.index].text());
    }
  }
  return openers;
}

namespace {

/// IOS takes `line console` and prints `line con`.
LexedLine lex_command(std::string_view text) {
  auto line = lex_line(text);
  auto& words = line.words;
  const auto first = command_word(line);
  const bool is_line = words.size() > first + 1 && equal_ignoring_case(words[first].text, "line");
  if (is_line && words[first + 1].text.size() > 3 && is_beginning_of(words[first + 1].text, "console")) words[first + 1].text = "con";
  return line;
}

}  // namespace

LineApplier::LineApplier(Editor& editor, std::string_view raw, std::uint32_t number)
    : editor_(editor), raw_(without_line_end(raw)), number_(number) {
  const bool is_banner_text = editor.block_ && !editor.block_->is_certificate;
  if (!is_banner_text) raw_ = without_pager(raw_);
  lexed_ = lex_command(raw_);
}

LineResult LineApplier::run() {
  if (take_block_line()) return std::move(result_);
  const bool is_unreadable = lexed_.too_long || lexed_.binary;
  if (lexed_.is_comment || (lexed_.blank() && !is_unreadable)) return std::move(result_);
  const auto mode_before = editor_.mode();
  const auto frames_before = editor_.frames_.size();
  if (is_unreadable) {
    refuse_unreadable();
    return std::move(result_);
  }
  is_default_ = equal_ignoring_case(lexed_.words[0].text, "default");
  negated_ = command_word(lexed_) > 0;
  leave_by_command();
  open_candidate();
  find_home();
  if (!run_exec_command() && !begin_block() && !take_whole() && !refuse_misfit()) carry();
  result_.mode_changed = editor_.mode() != mode_before || editor_.frames_.size() != frames_before;
  return std::move(result_);
}

bool LineApplier::run_exec_command() {
  const auto command = find_exec_command(lexed_);
  if (command == ExecCommand::None) return false;
  // Carried sections have an `enable`, and an `exit` for each of their own levels.
  const auto& frame = editor_.frames_.back();
  const bool is_deeper = frame.mode == Mode::Opaque && lexed_.column > frame.column;
  const bool is_own = frame.mode == Mode::Opaque && home_ == editor_.frames_.size() - 1;  // `enable` of `snmp mib bulkstat transfer`
  if ((is_deeper || is_own) && command != ExecCommand::End) return false;
  if (is_quit_of_key(frame)) return false;
  // A file may have been a paste of a whole session; who types `wr` here has saved nothing.
  const auto letter = std::tolower(static_cast<unsigned char>(lexed_.words[0].text[0]));
  const bool saves = letter == 'w' || (letter == 'c' && lexed_.words.size() == 3);
  if (command == ExecCommand::Ignored) return !editor_.options_.is_typed || !saves;
  if (command == ExecCommand::End) {
    pop_to(0);
    result_.outcome = LineResult::Outcome::End;
    return true;
  }
  result_.outcome = LineResult::Outcome::Exit;
  if (editor_.leave_inner()) return true;
  if (editor_.frames_.size() > 1) pop_to(editor_.frames_.size() - 2);
  return true;
}

/// `quit` ends the key in a flat paste of `crypto key pubkey-chain rsa`.
bool LineApplier::is_quit_of_key(const Frame& frame) {
  return frame.mode == Mode::Opaque && equal_ignoring_case(lexed_.words[0].text, "quit") && belongs_to_opaque(frame) &&
         line_at(frame.path)->text().find("pubkey-chain") != std::string::npos;
}

bool LineApplier::take_whole() {
  // A line right of the innermost opener is a line of that section: rows that
  // only carry are no reason to leave it.
  const bool is_deeper = lexed_.column > editor_.frames_.back().column;
  for (std::size_t i = editor_.frames_.size(); i-- > 0;) {
    const auto& frame = editor_.frames_[i];
    if (frame.mode == Mode::Opaque) {
      if (lexed_.column > frame.column || home_ == i) {
        if (!refuse_slip(i)) carry_in_opaque(i);
        return true;
      }
      continue;
    }
    auto matched = match_line(frame.mode, lexed_, first_word(), negated_);
    const bool is_of_a_section = home_ && i < *home_;  // by its words
    if ((is_deeper && i + 1 < editor_.frames_.size()) || is_of_a_section) drop_carried_rows(matched);
    if (!matched.fits()) continue;
    pop_to(i);
    note_placed(i);
    result_.outcome = LineResult::Outcome::Applied;
    if (negated_) {
      apply_no(i, matched.matches);
    } else {
      apply_match(i, matched.matches.front());
    }
    return true;
  }
  return false;
}

bool LineApplier::refuse_misfit() {
  while (editor_.frames_.back().mode == Mode::Opaque) {
    if (!home_ && belongs_to_opaque(editor_.frames_.back())) {
      if (!refuse_slip(editor_.frames_.size() - 1)) carry_in_opaque(editor_.frames_.size() - 1);
      return true;
    }
    pop_to(editor_.frames_.size() - 2);
  }
  for (std::size_t i = home_ ? *home_ + 1 : editor_.frames_.size(); i-- > 0;) {
    if (editor_.frames_[i].mode == Mode::Opaque) continue;
    auto matched = match_line(editor_.frames_[i].mode, lexed_, first_word(), negated_);
    if (!matched.misfit) continue;
    result_.caret_column = matched.misfit->caret;
    result_.refusal = refusal_of(matched.misfit->reason);
    refuse(i, {number_, matched.misfit->column}, matched.misfit->text, matched.misfit->row);
    return true;
  }
  return false;
}

void LineApplier::refuse(std::size_t frame, TextPosition position, std::string reason, const CompiledRow* row) {
  result_.outcome = LineResult::Outcome::Refused;
  result_.diagnostics.push_back({Severity::Error, position, reason});
  if (result_.caret_column == 0) result_.caret_column = position.column;
  if (!editor_.options_.keep_refused) return;
  Line line = make_carried(LineKind::Refused);
  line.reason = std::move(reason);
  line.reason_column = position.column;
  // Right of the innermost opener, it is kept in that section and opens none.
  const auto innermost = editor_.frames_.size() - 1;
  const bool is_inside = frame < innermost && lexed_.column > editor_.frames_[innermost].column;
  if (is_inside) frame = innermost;
  note_placed(frame);
  const bool opens = row != nullptr && !negated_ && !is_inside && row->row.opens.has_value();
  if (opens) line.row = row;
  const auto index = siblings(frame).insert_carried(std::move(line));
  if (!opens) return;
  // What follows was meant for the section that could not be opened.
  pop_to(frame);
  push_frame(*row->row.opens, frame, index);
}

/// Nobody knows what such a line was meant to be, so the entry it stands in is
/// marked by it.
void LineApplier::refuse_unreadable() {
  open_candidate();
  std::string reason = lexed_.too_long ? "the line is too long for a configuration line; it is left out"
                                       : "the line has control characters in it; it is left out";
  result_.outcome = LineResult::Outcome::Refused;
  result_.diagnostics.push_back({Severity::Error, {number_, 1}, reason});
  if (!editor_.options_.keep_refused) return;
  const auto frame = carrying_frame();
  if (editor_.frames_[frame].mode == Mode::Opaque) {
    auto& kept = line_at(editor_.frames_[frame].path)->children[carry_in_opaque(frame, LineKind::Refused)];
    kept.reason = std::move(reason);
    kept.reason_column = 1;
    result_.outcome = LineResult::Outcome::Refused;
    return;
  }
  Line line = make_carried(LineKind::Refused);
  line.reason = std::move(reason);
  line.reason_column = 1;
  note_placed(frame);
  siblings(frame).insert_carried(std::move(line));
}

void LineApplier::note_placed(std::size_t frame) {
  auto& placed = editor_.frames_[frame];
  if (lexed_.column > placed.column) placed.has_indented = true;
}

void LineApplier::pop_to(std::size_t frame) { editor_.frames_.resize(frame + 1); }

void LineApplier::push_frame(Mode mode, std::size_t parent, std::size_t index) {
  Frame frame;
  frame.mode = mode;
  frame.path = editor_.frames_[parent].path;
  frame.path.push_back(index);
  frame.column = lexed_.column;
  const auto* opener = line_at(frame.path);
  frame.identity = seen_key(editor_.frames_[parent], *opener);
  const auto& children = opener->children;
  for (std::size_t i = children.size(); i-- > 0 && frame.touched < 0;) {
    if (is_command(children[i])) frame.touched = static_cast<std::ptrdiff_t>(i);
  }
  editor_.frames_.push_back(std::move(frame));
}

Line* LineApplier::line_at(const std::vector<std::size_t>& path) {
  auto* line = &editor_.document_->lines[path.front()];
  for (std::size_t i = 1; i < path.size(); ++i) line = &line->children[path[i]];
  return line;
}

Siblings LineApplier::siblings(std::size_t frame) {
  auto& opened = editor_.frames_[frame];
  auto& lines = opened.path.empty() ? editor_.document_->lines : line_at(opened.path)->children;
  return {lines, opened.touched, opened.trail};
}

}  // namespace rri
