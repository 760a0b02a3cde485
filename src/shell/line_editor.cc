#include "shell/line_editor.h"

#include <algorithm>
#include <utility>

namespace rri::shell {

namespace {

/// IOS's default is ten lines; more cost nothing here.
constexpr std::size_t kMaxHistory = 100;

/// How far the line moves to the left at the right margin, as on IOS.
constexpr std::size_t kShift = 10;

constexpr char kBell = '\a';
constexpr char kBackspace = '\b';
constexpr char kEscape = '\x1b';
constexpr char kDelete = '\x7f';

constexpr char control(char letter) { return static_cast<char>(letter - '@'); }

bool is_control(char byte) { return static_cast<unsigned char>(byte) < ' ' || byte == kDelete; }

}  // namespace

void LineEditor::begin(bool echo, bool help, std::size_t room) {
  line_.clear();
  cursor_ = first_ = 0;
  shown_.clear();
  at_ = 0;
  place_ = history_.size();
  typed_.clear();
  escape_ = Escape::None;
  literal_ = too_long_ = false;
  echo_ = echo;
  help_ = help;
  room_ = room;
}

// ---- what the terminal shows --------------------------------------------------------

/// The part of the line around the cursor: IOS moves it to the left by some columns when
/// the cursor comes to the right margin, with `$` where text is hidden.
std::string LineEditor::window() {
  std::string text = line_;
  for (char& byte : text) byte = byte == '\t' ? ' ' : is_control(byte) ? '^' : byte;
  if (room_ == 0 || text.size() < room_) {
    first_ = 0;
    return text;
  }
  if (cursor_ <= first_ || cursor_ >= first_ + room_) first_ = cursor_ + kShift < room_ ? 0 : cursor_ + kShift - room_;
  const bool goes_on = first_ + room_ < text.size();
  text = text.substr(first_, room_);
  if (first_ > 0) text.front() = '$';
  if (goes_on) text.back() = '$';
  return text;
}

/// Brings the terminal from what it shows to what it has to show: from the first
/// difference on, blanks over what was longer, back to the cursor.
void LineEditor::paint(std::string& out) {
  if (!echo_ || too_long_) return;
  auto wanted = window();
  const auto cursor = cursor_ - first_;
  const auto shorter = std::min(wanted.size(), shown_.size());
  const auto same = static_cast<std::size_t>(std::mismatch(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(shorter), shown_.begin()).first -
                                             wanted.begin());
  if (same < wanted.size() || same < shown_.size()) {
    go_to(same, shown_, out);
    out.append(wanted, same);
    if (shown_.size() > wanted.size()) out.append(shown_.size() - wanted.size(), ' ');
    at_ = std::max(wanted.size(), shown_.size());
  }
  shown_ = std::move(wanted);
  go_to(cursor, shown_, out);
}

/// `text` is what stands in the columns that are passed.
void LineEditor::go_to(std::size_t column, const std::string& text, std::string& out) {
  if (column < at_) out.append(at_ - column, kBackspace);
  if (column > at_) out.append(text, at_, column - at_);
  at_ = column;
}

std::string LineEditor::redraw() {
  std::string out;
  shown_.clear();
  at_ = 0;
  paint(out);
  return out;
}

// ---- keys ---------------------------------------------------------------------------

KeyEvent LineEditor::feed(char byte, std::string& out) {
  const auto event = take(byte, out);
  if (event == KeyEvent::None) paint(out);
  return event;
}

KeyEvent LineEditor::take(char byte, std::string& out) {
  const bool second_of_pair = std::exchange(after_return_, byte == '\r') && byte == '\n';
  if (second_of_pair) return KeyEvent::None;
  if (byte == '\r' || byte == '\n') {
    out += '\n';
    return too_long_ ? KeyEvent::TooLong : KeyEvent::Line;
  }
  if (std::exchange(literal_, false)) {
    insert(byte);
    return KeyEvent::None;
  }
  if (escape_ != Escape::None) return feed_escape(byte, out);
  if (byte == '?' && help_) return KeyEvent::Help;
  if (is_control(byte)) return feed_control(byte, out);
  insert(byte);
  return KeyEvent::None;
}

KeyEvent LineEditor::feed_escape(char byte, std::string& out) {
  const auto escape = std::exchange(escape_, Escape::None);
  if (escape == Escape::Seen) {
    if (byte == '[' || byte == 'O') {
      escape_ = Escape::Bracket;
    } else if (byte == 'b' || byte == 'B') {
      cursor_ = word_start();
    } else if (byte == 'f' || byte == 'F') {
      cursor_ = word_end();
    } else if (byte == 'd' || byte == 'D') {
      erase(cursor_, word_end());
    } else if (byte == 'c' || byte == 'C') {
      change_word(true, false);
    } else if (byte == 'u' || byte == 'U') {
      change_word(true, true);
    } else if (byte == 'l' || byte == 'L') {
      change_word(false, false);
    }
    return KeyEvent::None;
  }
  const bool goes_on = (byte >= '0' && byte <= '9') || byte == ';';
  if (goes_on) {
    escape_ = Escape::Bracket;
  } else if (byte == 'A' || byte == 'B') {
    walk_history(byte == 'A', out);
  } else if (byte == 'C') {
    cursor_ = std::min(cursor_ + 1, line_.size());
  } else if (byte == 'D' && cursor_ > 0) {
    --cursor_;
  }
  return KeyEvent::None;
}

KeyEvent LineEditor::feed_control(char byte, std::string& out) {
  switch (byte) {
    case kEscape: escape_ = Escape::Seen; return KeyEvent::None;
    case '\t':
      if (help_) return KeyEvent::Complete;
      insert('\t');
      return KeyEvent::None;
    case control('C'): return KeyEvent::Interrupt;
    case control('Z'): return KeyEvent::EndConfig;
    case control('R'):
    case control('L'): return KeyEvent::Redisplay;
    case control('V'): literal_ = true; return KeyEvent::None;
    case control('D'):
      if (line_.empty()) return KeyEvent::EndOfInput;
      break;
    default: break;
  }
  if (!move_or_delete(byte, out)) out += kBell;
  return KeyEvent::None;
}

bool LineEditor::move_or_delete(char byte, std::string& out) {
  switch (byte) {
    case kBackspace:
    case kDelete:
      if (cursor_ > 0) erase(cursor_ - 1, cursor_);
      return true;
    case control('A'): cursor_ = 0; return true;
    case control('E'): cursor_ = line_.size(); return true;
    case control('B'): cursor_ -= cursor_ == 0 ? 0 : 1; return true;
    case control('F'): cursor_ = std::min(cursor_ + 1, line_.size()); return true;
    case control('D'): erase(cursor_, std::min(cursor_ + 1, line_.size())); return true;
    case control('W'): erase(word_start(), cursor_); return true;
    case control('U'):
    case control('X'): erase(0, cursor_); return true;
    case control('K'): erase(cursor_, line_.size()); return true;
    case control('T'): swap_characters(); return true;
    case control('P'): walk_history(true, out); return true;
    case control('N'): walk_history(false, out); return true;
    case control('Y'):
      for (const char letter : deleted_) insert(letter);
      return true;
    default: return false;
  }
}

void LineEditor::insert(char byte) {
  if (line_.size() >= max_bytes_) {
    too_long_ = true;
    return;
  }
  line_.insert(cursor_, 1, byte);
  ++cursor_;
}

void LineEditor::erase(std::size_t from, std::size_t to) {
  if (from >= to) return;
  if (to - from > 1) deleted_ = line_.substr(from, to - from);
  line_.erase(from, to - from);
  cursor_ = from;
}

void LineEditor::set_line(std::string line) {
  line_ = std::move(line);
  cursor_ = line_.size();
}

void LineEditor::walk_history(bool back, std::string& out) {
  const bool at_end = back ? place_ == 0 : place_ == history_.size();
  if (!echo_ || at_end) {
    out += kBell;
    return;
  }
  if (place_ == history_.size()) typed_ = line_;
  place_ += back ? std::size_t(-1) : 1;
  set_line(place_ == history_.size() ? typed_ : history_[place_]);
}

/// The character left of the cursor and the one under it; at the end, the last two.
void LineEditor::swap_characters() {
  const auto right = std::min(cursor_, line_.size() - 1);
  if (!line_.empty() && right > 0) std::swap(line_[right - 1], line_[right]);
}

/// From the cursor to the end of the word.
void LineEditor::change_word(bool first_is_upper, bool rest_is_upper) {
  const auto end = word_end();
  const auto first = line_.find_first_not_of(' ', cursor_);
  for (; cursor_ < end; ++cursor_) {
    const bool is_upper = cursor_ <= first ? first_is_upper : rest_is_upper;
    const auto byte = static_cast<unsigned char>(line_[cursor_]);
    line_[cursor_] = static_cast<char>(is_upper ? std::toupper(byte) : std::tolower(byte));
  }
}

std::size_t LineEditor::word_start() const {
  auto at = cursor_;
  while (at > 0 && line_[at - 1] == ' ') --at;
  while (at > 0 && line_[at - 1] != ' ') --at;
  return at;
}

std::size_t LineEditor::word_end() const {
  auto at = cursor_;
  while (at < line_.size() && line_[at] == ' ') ++at;
  while (at < line_.size() && line_[at] != ' ') ++at;
  return at;
}

void LineEditor::remember() {
  if (line_.find_first_not_of(' ') == std::string::npos || (!history_.empty() && history_.back() == line_)) return;
  history_.push_back(line_);
  if (history_.size() > kMaxHistory) history_.pop_front();
}

}  // namespace rri::shell
