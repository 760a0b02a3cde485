// Lines that no row knows: which section keeps them, and what they replace or
// take away there, as IOS would do it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/ios_words.h"
#include "config/limits.h"
#include "config/line_applier.h"
#include "config/user_lines.h"

namespace rri {
namespace {

constexpr std::size_t kMaxNamedWords = 12;  // of a `no` line that takes away more than its own text

LexedLine lex_first_line(std::string_view text) { return lex_line(text.substr(0, text.find('\n'))); }

/// "no " or "" and the words from `first` on, up to `end`, with one blank between.
std::string joined(std::string_view lead, const LexedLine& line, std::size_t first, std::size_t end) {
  std::string text(lead);
  for (auto i = first; i < end; ++i) {
    if (i > first) text += ' ';
    text += line.words[i].text;
  }
  return text;
}

/// Whether `text` begins with these words of `line`.
bool begins_with_words(std::string_view text, const LexedLine& line, std::size_t first, std::size_t end) {
  std::size_t at = 0;
  for (auto i = first; i < end; ++i) {
    at = std::min(text.find_first_not_of(" \t", at), text.size());
    const auto stop = std::min(text.find_first_of(" \t\n", at), text.size());
    if (stop == at || !equal_ignoring_case(text.substr(at, stop - at), line.words[i].text)) return false;
    at = stop;
  }
  return true;
}

bool is_carried(const Line& line) { return line.kind == LineKind::Carried; }

/// `exit`, `exit-address-family`, `quit`: nothing stands below it.
bool ends_a_section(const LexedLine& line) {
  return !line.words.empty() && (line.words[0].text.starts_with("exit") || line.words[0].text == "quit");
}

}  // namespace

/// What a carried line may be asked for by: its text, and the words it begins with.
void LineApplier::remember(Editor& editor, std::uint64_t section, const Line& line) {
  editor.may_exist(seen_key(section, line));
  if (!is_carried(line)) return;
  const auto lexed = lex_first_line(line.words[0].text);
  Line prefix;
  prefix.kind = LineKind::Carried;
  prefix.words.emplace_back();
  for (std::size_t end = 1; end <= std::min(lexed.words.size(), kMaxNamedWords); ++end) {
    prefix.words[0].text = joined("", lexed, 0, end);
    editor.may_exist(seen_key(section, prefix));
  }
}

bool LineApplier::may_have(std::size_t frame, std::string text) const {
  Line line;
  line.kind = LineKind::Carried;
  line.words.push_back({std::move(text), {}, false});
  return editor_.may_have_seen(seen_key(editor_.frames_[frame], line));
}

/// Sets home_: the section that the first words of a line say it belongs to. A line
/// that stands deeper than a section is one of it, whatever its words.
void LineApplier::find_home() {
  const auto first = first_word();
  const auto global = global_words(lexed_, first);
  for (auto i = editor_.frames_.size(); i-- > 1;) {
    const auto& frame = editor_.frames_[i];
    if (lexed_.column > frame.column) return;
    const auto own = section_words(line_at(frame.path)->text(), lexed_, first);
    const bool is_level = lexed_.column == frame.column && (!frame.has_indented || global == 0);
    if (own == 0 || own < global || !is_level) continue;
    home_ = i;
    return;
  }
  if (global > 0) home_ = 0;
}

/// Whether this is a whole line of the global mode that acts and that no section of IOS has.
bool LineApplier::acts_globally() const {
  constexpr std::array<std::string_view, 11> kOurs = {"crypto",     "interface",        "access-list",      "line",          "ip route", "ip access-list",
                                                      "ip prefix-list", "ipv6 route", "ipv6 access-list", "ipv6 prefix-list", "vrf definition"};
  const auto first = first_word();
  if (first >= lexed_.words.size()) return false;
  const auto one = joined("", lexed_, first, first + 1);
  const auto two = joined("", lexed_, first, std::min(first + 2, lexed_.words.size()));
  const auto begins = [&](std::string_view phrase) { return equal_ignoring_case(phrase, one) || equal_ignoring_case(phrase, two); };
  if (std::none_of(kOurs.begin(), kOurs.end(), begins)) return false;
  const auto matched = match_line(Mode::Global, lexed_, first, negated_);
  return matched.fits() && acts(matched.matches.front().row->row);
}

/// Modes are found by command: a line that acts leaves a carried section, however deep it stands, unless
/// it is unknown or has lines like it; and what an interface has of ours is no part of a carried line above it.
void LineApplier::leave_by_command() {
  const auto& innermost = editor_.frames_.back();
  const bool is_inside = innermost.mode == Mode::Opaque && lexed_.column > innermost.column;
  const bool is_below = editor_.candidate_ && lexed_.column > editor_.candidate_->column;
  if (!is_inside && !is_below) return;
  const auto opener = line_at(is_below ? editor_.candidate_->path : innermost.path)->text();
  if (!begins_any_command(opener.substr(0, opener.find(' ')))) return;  // nobody knows what it has
  if (section_words(opener, lexed_, first_word()) == 0 && acts_globally()) {
    editor_.candidate_.reset();
    return pop_to(0);
  }
  const bool is_setting = is_below && innermost.mode == Mode::Interface && section_words(line_at(innermost.path)->text(), lex_line(opener), 0) > 1;
  if (!is_setting) return;
  const auto matched = match_line(Mode::Interface, lexed_, first_word(), negated_);
  if (matched.fits() && acts(matched.matches.front().row->row)) editor_.candidate_.reset();
}

void LineApplier::open_candidate() {
  if (!editor_.candidate_) return;
  const auto candidate = std::move(*editor_.candidate_);
  editor_.candidate_.reset();
  const auto& opener = line_at(candidate.path)->words[0].text;
  const bool is_deeper = lexed_.column > candidate.column && lexed_.text.starts_with(candidate.indentation);
  // `aaa accounting` is a line of its own in one form, and opens a section in the other.
  const bool is_flat = lexed_.column == candidate.column && opener.starts_with("aaa accounting ") && section_words(opener, lexed_, 0) > 0;
  if (!is_deeper && !is_flat) return;
  pop_to(candidate.frames - 1);
  Frame frame;
  frame.mode = Mode::Opaque;
  frame.path = candidate.path;
  frame.column = candidate.column;
  frame.identity = seen_key(editor_.frames_.back(), *line_at(candidate.path));
  editor_.frames_.push_back(std::move(frame));
}

bool LineApplier::belongs_to_opaque(const Frame& frame) const {
  return lexed_.column > frame.column || (lexed_.column == frame.column && !frame.has_indented);
}

std::size_t LineApplier::carrying_frame() const {
  if (home_) return *home_;
  auto i = editor_.frames_.size() - 1;
  for (; i > 0; --i) {
    const auto& frame = editor_.frames_[i];
    const bool outside = lexed_.column < frame.column || (lexed_.column == frame.column && frame.has_indented);
    if (!outside) break;
  }
  return i;
}

void LineApplier::carry() {
  const auto frame = carrying_frame();
  if (refuse_cut_entry(frame) || refuse_slip(frame)) return;
  if (home_) pop_to(*home_);
  if (is_secret_of_the_device()) return;
  if (negated_ && remove_carried(frame)) return;
  if (!negated_) remove_carried_opposite(frame);
  if (frame != 0 || !merge_username()) carry_in(frame);
}

/// `no permit`: only the beginning of an entry, which names none.
bool LineApplier::refuse_cut_entry(std::size_t frame) {
  const auto mode = editor_.frames_[frame].mode;
  const bool is_list = mode == Mode::AclStandard || mode == Mode::AclExtended || mode == Mode::AclIpv6;
  if (!negated_ || !is_list || !expect_after(mode, lexed_, first_word(), false).fits) return false;
  fail_cut_entry();
  return true;
}

/// At a terminal, a line that is no command of IOS is better refused than kept.
bool LineApplier::refuse_slip(std::size_t frame) {
  if (!editor_.options_.refuse_unknown) return false;
  const auto mode = editor_.frames_[frame].mode;
  const auto slip = editor_.options_.refuse_unknown(lexed_, mode);
  if (!slip) return false;
  result_.refusal = slip->is_incomplete ? LineResult::Refusal::Incomplete : LineResult::Refusal::Invalid;
  refuse(frame, {number_, slip->column}, slip->is_incomplete ? "words are missing at the end" : "no command begins like this", nullptr);
  return true;
}

/// Client configuration groups have banners of their own.
void LineApplier::carry_banner() {
  auto frame = editor_.frames_.size() - 1;
  const bool is_global = global_words(lexed_, 0) > 0;
  const auto is_other = [&](const Frame& other) { return (is_global && other.mode != Mode::Opaque) || lexed_.column <= other.column; };
  while (frame > 0 && home_ != frame && is_other(editor_.frames_[frame])) --frame;
  pop_to(frame);
  editor_.frames_[frame].mode == Mode::Opaque ? carry_in_opaque(frame) : carry_in(frame);
  editor_.candidate_.reset();
}

/// Where the section has this line, or another value of the one setting that it sets.
std::optional<std::size_t> LineApplier::find_carried(std::size_t frame, const std::vector<Line>& lines, Span within) {
  const auto find = [&](const auto& is_meant) -> std::optional<std::size_t> {
    for (auto i = within.first; i < within.end; ++i) {
      if (is_carried(lines[i]) && lines[i].depth == within.depth && is_meant(lines[i].words[0].text)) return i;
    }
    return std::nullopt;
  };
  const auto text = make_carried(LineKind::Carried).words[0].text;
  if (may_have(frame, text)) {
    if (const auto same = find([&](std::string_view other) { return other == text; })) return same;
  }
  if (const auto other = negated_ ? std::string() : other_spelling(lexed_); !other.empty() && may_have(frame, other)) {
    const auto spelled = lex_line(other);
    if (const auto same = find([&](std::string_view text_of_other) { return begins_with_words(text_of_other, spelled, 0, spelled.words.size()); })) return same;
  }
  const auto words = negated_ ? 0 : single_setting_words(lexed_);
  if (words == 0 || !may_have(frame, joined("", lexed_, 0, words))) return std::nullopt;
  return find([&](std::string_view other) { return begins_with_words(other, lexed_, 0, words); });
}

std::size_t LineApplier::carry_in(std::size_t frame) {
  result_.outcome = LineResult::Outcome::Carried;
  note_placed(frame);
  auto line = make_carried(LineKind::Carried);
  auto list = siblings(frame);
  const auto same = find_carried(frame, list.lines, {0, list.lines.size(), 0});
  remember(editor_, editor_.frames_[frame].identity, line);
  if (same && list.lines[*same].words[0].text != line.words[0].text) list.lines[*same] = line;
  const auto index = same ? *same : insert_behind_negated(frame, std::move(line));
  if (negated_) return index;  // `no ...` opens no section
  Editor::Candidate candidate;
  candidate.path = editor_.frames_[frame].path;
  candidate.path.push_back(index);
  candidate.indentation = lexed_.text.substr(0, lexed_.words[0].offset);
  candidate.column = lexed_.column;
  candidate.frames = frame + 1;
  editor_.candidate_ = std::move(candidate);
  return index;
}

/// A kept `no ip domain lookup` comes before `ip domain lookup source-interface X`, so
/// that it takes nothing away when the text is read again.
std::size_t LineApplier::insert_behind_negated(std::size_t frame, Line line) {
  auto list = siblings(frame);
  const auto place = list.insert_carried(line);
  if (negated_) return place;
  auto last = place;
  for (std::size_t end = 1; end < std::min(lexed_.words.size(), kMaxNamedWords); ++end) {
    if (!may_have(frame, joined("no ", lexed_, 0, end))) continue;
    const auto wanted = joined("no ", lexed_, 0, end);
    for (auto i = last + 1; i < list.lines.size(); ++i) {
      if (is_carried(list.lines[i]) && list.lines[i].words[0].text == wanted) last = i;
    }
  }
  if (last == place) return place;
  list.lines.insert(list.lines.begin() + static_cast<std::ptrdiff_t>(last + 1), std::move(line));
  list.remove(place);
  return last;
}

// ---- inside of carried sections -----------------------------------------------

/// The level of the line; closes what it does not belong to.
std::uint32_t LineApplier::find_level(Frame& frame) {
  auto& open = frame.open;
  const auto opener = line_at(frame.path)->text();
  const bool is_deeper = lexed_.column > frame.column;
  const bool closes = ends_a_section(lexed_);
  while (is_deeper && !open.empty() && (closes ? open.back().column > lexed_.column : open.back().column >= lexed_.column)) open.pop_back();
  if (is_deeper && nests_freely(opener)) {
    const bool is_level = closes && !open.empty() && open.back().column == lexed_.column;
    return static_cast<std::uint32_t>(open.size() + (is_level ? 0 : 1));
  }
  while (!open.empty() && !open.back().opens) open.pop_back();
  const auto inner = inner_line(opener, lexed_, first_word());
  const bool is_close = inner && inner->kind == InnerLine::Kind::Closes;
  const std::size_t keep = !inner ? open.size() : is_close ? inner->level : inner->level - 1;
  if (open.size() > keep) open.resize(keep);
  return static_cast<std::uint32_t>(open.size() + (is_close && open.size() == keep ? 0 : 1));
}

/// The lines that belong to what is open.
LineApplier::Span LineApplier::open_span(const Frame& frame, const std::vector<Line>& lines, std::size_t levels) const {
  Span span{0, lines.size(), static_cast<std::uint32_t>(levels + 1)};
  if (levels == 0) return span;
  const auto parent = frame.open[levels - 1].index;
  span.first = parent + 1;
  if (frame.last + 1 == lines.size() && parent <= frame.last) return span;  // saves looking: it is the last one
  for (span.end = span.first; span.end < lines.size() && lines[span.end].depth > lines[parent].depth;) ++span.end;
  return span;
}

std::size_t LineApplier::carry_in_opaque(std::size_t frame_index, LineKind kind) {
  result_.outcome = LineResult::Outcome::Carried;
  pop_to(frame_index);
  note_placed(frame_index);
  auto& frame = editor_.frames_[frame_index];
  auto& lines = line_at(frame.path)->children;
  const auto inner = inner_line(line_at(frame.path)->text(), lexed_, 0);
  auto level = find_level(frame);
  const bool closes = level == frame.open.size();
  auto span = open_span(frame, lines, frame.open.size());
  Line line = make_carried(kind);
  line.depth = std::min<std::uint32_t>(level, kMaxCarriedDepth);
  if (closes) {  // once, behind what it ends
    frame.open.pop_back();
    const bool is_there = span.end < lines.size() && lines[span.end].words[0].text == line.words[0].text;
    if (!is_there) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(span.end), std::move(line));
    frame.last = span.end;
    return span.end;
  }
  span.depth = line.depth;
  if (negated_ && remove_inside(frame_index, span)) return span.first;
  if (!negated_) remove_opposite_inside(frame_index, span);
  const auto same = kind == LineKind::Carried ? find_carried(frame_index, lines, span) : std::nullopt;
  const auto index = same.value_or(span.end);
  remember(editor_, frame.identity, line);
  if (!same) {
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index), std::move(line));
  } else if (lines[index].words[0].text != line.words[0].text) {
    lines[index].words = std::move(line.words);
  }
  frame.last = index;
  if (ends_a_section(lexed_) && nests_freely(line_at(frame.path)->text())) return index;
  const bool opens = inner && inner->kind == InnerLine::Kind::Opens;
  frame.open.push_back({index, lexed_.column, opens});
  return index;
}

/// The text of a certificate: level 2, and never compared line by line.
void LineApplier::carry_certificate_line() {
  result_.outcome = LineResult::Outcome::Carried;
  auto& frame = editor_.frames_.back();
  auto& lines = line_at(frame.path)->children;
  Line line = make_carried(LineKind::Carried);
  line.depth = 2;
  ++frame.last;
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(frame.last), std::move(line));
}

/// A certificate that comes again replaces the text that it had.
void LineApplier::drop_certificate_text(std::size_t index) {
  auto& frame = editor_.frames_.back();
  auto& lines = line_at(frame.path)->children;
  auto end = index + 1;
  while (end < lines.size() && lines[end].depth > lines[index].depth) ++end;
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index + 1), lines.begin() + static_cast<std::ptrdiff_t>(end));
  frame.last = index;
}

Line LineApplier::make_carried(LineKind kind) const {
  Line line;
  line.kind = kind;
  const auto text = lexed_.words.empty() ? unreadable_text(lexed_) : std::string(lexed_.text.substr(lexed_.words[0].offset));
  line.words.push_back({text_.empty() ? text : text_, {}, false});
  line.position = position();
  return line;
}

// ---- `no` -----------------------------------------------------------------------

/// Which of the lines `no X` means: X itself, else all that begin with the words X.
LineApplier::NegatedMeaning LineApplier::meaning_of_no(std::size_t frame) const {
  if (lexed_.words.size() < 2) return {};
  const bool is_lone = lexed_.words.size() == 2 && frame == 0 && lexed_.words[1].text != "snmp-server";
  NegatedMeaning meaning;
  meaning.exactly = may_have(frame, std::string(lexed_.rest_from(1)));
  meaning.by_words = !is_lone && lexed_.words.size() - 1 <= kMaxNamedWords && !is_switch(lexed_, 1) &&
                     may_have(frame, joined("", lexed_, 1, lexed_.words.size()));
  return meaning;
}

bool LineApplier::is_meant_by_no(const Line& line, bool exactly) const {
  if (!is_carried(line)) return false;
  if (exactly) return line.words[0].text == lexed_.rest_from(1);
  return begins_with_words(line.words[0].text, lexed_, 1, lexed_.words.size());
}

/// Whether the `no` line is done with: something went, or there was nothing that could.
bool LineApplier::is_done_without(bool removed) {
  const bool is_typed = editor_.options_.is_typed;
  if (!removed && !names_a_thing(lexed_, 1) && !(is_default_ && is_typed)) return false;
  result_.outcome = LineResult::Outcome::Applied;
  return true;
}

/// What a `no` line names: X itself, else what begins with the words X. None when it
/// names more than one thing, as IOS sees it: then it is refused.
std::optional<std::vector<std::size_t>> LineApplier::find_named(std::size_t frame, const std::vector<Line>& lines, Span within) {
  const auto meaning = meaning_of_no(frame);
  std::vector<std::size_t> found;
  for (const bool exactly : {true, false}) {
    if (!found.empty() || !(exactly ? meaning.exactly : meaning.by_words)) continue;
    for (auto i = within.first; i < within.end; ++i) {
      if (lines[i].depth == within.depth && is_meant_by_no(lines[i], exactly)) found.push_back(i);
    }
    if (exactly && !found.empty()) return found;
  }
  if (lexed_.words.size() < 2) return found;
  const auto reach = reach_of_no(lexed_, 1, frame == 0);
  const bool is_refused = reach == NoReach::TooShort ? !found.empty() || editor_.options_.is_typed : reach == NoReach::OneLine && found.size() > 1;
  if (!is_refused) return found;
  fail_incomplete(fmt::format("it would take away {} lines, say which is meant", found.size()));
  return std::nullopt;
}

bool LineApplier::remove_carried(std::size_t frame) {
  const auto& lines = siblings(frame).lines;
  const auto named = find_named(frame, lines, {0, lines.size(), 0});
  if (!named) return true;
  std::size_t removed = named->size();
  for (auto i = named->rbegin(); i != named->rend(); ++i) remove_carried_at(frame, *i);
  if (is_default_) removed += remove_carried_text(frame, fmt::format("no {}", lexed_.rest_from(1)));
  if (!is_default_ && is_switch(lexed_, 1)) return false;  // that it is off is kept
  return is_done_without(removed > 0);
}

bool LineApplier::remove_inside(std::size_t frame_index, const Span& span) {
  auto& frame = editor_.frames_[frame_index];
  if (is_default_ && section_words(line_at(frame.path)->text(), lexed_, 0) > 0) return false;  // a command of its own there
  const auto named = find_named(frame_index, line_at(frame.path)->children, span);
  if (!named) return true;
  for (auto i = named->rbegin(); i != named->rend(); ++i) erase_inside(frame, *i);
  return is_done_without(!named->empty());
}

void LineApplier::erase_inside(Frame& frame, std::size_t index) {
  auto& lines = line_at(frame.path)->children;
  auto end = index + 1;
  while (end < lines.size() && lines[end].depth > lines[index].depth) ++end;
  // `exit-address-family` goes with what it ends.
  if (end < lines.size() && lines[end].depth == lines[index].depth && lines[end].words[0].text.starts_with("exit-")) ++end;
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index), lines.begin() + static_cast<std::ptrdiff_t>(end));
  frame.last = lines.empty() ? 0 : lines.size();  // not known any more
}

/// X takes a carried `no X` or `default X` away, so that they never stand side
/// by side and their order cannot matter; a new value takes away its `no` too.
void LineApplier::remove_carried_opposite(std::size_t frame) {
  for (const auto& opposite : opposites()) {
    if (!may_have(frame, opposite)) continue;
    while (remove_carried_text(frame, opposite)) {
    }
  }
}

std::vector<std::string> LineApplier::opposites() const {
  const auto text = make_carried(LineKind::Carried).words[0].text;
  std::vector<std::string> found = {fmt::format("no {}", text), fmt::format("default {}", text)};
  if (const auto words = single_setting_words(lexed_); words > 0) found.push_back(joined("no ", lexed_, 0, words));
  return found;
}

void LineApplier::remove_opposite_inside(std::size_t frame_index, Span& span) {
  auto& frame = editor_.frames_[frame_index];
  auto& lines = line_at(frame.path)->children;
  for (const auto& opposite : opposites()) {
    if (!may_have(frame_index, opposite)) continue;
    for (auto i = span.end; i-- > span.first;) {
      if (lines[i].depth != span.depth || !is_carried(lines[i]) || lines[i].words[0].text != opposite) continue;
      const auto before = lines.size();
      erase_inside(frame, i);
      span.end -= before - lines.size();
    }
  }
}

/// Sections that stay open behind the line move up with it; the line's own closes.
void LineApplier::remove_carried_at(std::size_t frame, std::size_t found) {
  siblings(frame).remove(found);
  const auto level = editor_.frames_[frame].path.size();
  for (std::size_t i = frame + 1; i < editor_.frames_.size(); ++i) {
    auto& index = editor_.frames_[i].path[level];
    if (index == found) {
      pop_to(i - 1);
      break;
    }
    if (index > found) --index;
  }
}

bool LineApplier::remove_carried_text(std::size_t frame, std::string_view text) {
  const auto found = siblings(frame).find_if([&](const Line& other) { return is_carried(other) && other.words[0].text == text; });
  if (!found) return false;
  remove_carried_at(frame, *found);
  return true;
}

}  // namespace rri
