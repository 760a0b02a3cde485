#include "shell/line_editor.h"

#include <algorithm>
#include <utility>

namespace rri::shell {

namespace {

/// IOS's default is ten lines; more cost nothing here.
constexpr std::size_t kMaxHistory = 100;

constexpr char kBell = '\a';
constexpr char kBackspace = '\b';
constexpr char kEscape = '\x1b';
constexpr char kDelete = '\x7f';

constexpr char control(char letter) { return static_cast<char>(letter - '@'); }

bool is_control(char byte) { return static_cast<unsigned char>(byte) < ' ' || byte == kDelete; }

}  // namespace

void LineEditor::begin(bool echo, bool help) {
  line_.clear();
  cursor_ = 0;
  place_ = history_.size();
  typed_.clear();
  escape_ = Escape::None;
  literal_ = too_long_ = false;
  echo_ = echo;
  help_ = help;
}

void LineEditor::show(std::string_view text, std::string& out) const {
  if (!echo_) return;
  for (const char byte : text) out += byte == '\t' ? ' ' : is_control(byte) ? '^' : byte;
}

KeyEvent LineEditor::feed(char byte, std::string& out) {
  const bool second_of_pair = std::exchange(after_return_, byte == '\r') && byte == '\n';
  if (second_of_pair) return KeyEvent::None;
  if (byte == '\r' || byte == '\n') {
    out += '\n';
    return too_long_ ? KeyEvent::TooLong : KeyEvent::Line;
  }
  if (std::exchange(literal_, false)) {
    insert(byte, out);
    return KeyEvent::None;
  }
  if (escape_ != Escape::None) return feed_escape(byte, out);
  if (byte == '?' && help_) return KeyEvent::Help;
  if (is_control(byte)) return feed_control(byte, out);
  insert(byte, out);
  return KeyEvent::None;
}

KeyEvent LineEditor::feed_escape(char byte, std::string& out) {
  const auto escape = std::exchange(escape_, Escape::None);
  if (escape == Escape::Seen) {
    if (byte == '[' || byte == 'O') {
      escape_ = Escape::Bracket;
    } else if (byte == 'b' || byte == 'B') {
      move_to(word_start(), out);
    } else if (byte == 'f' || byte == 'F') {
      move_to(word_end(), out);
    } else if (byte == 'd' || byte == 'D') {
      erase(cursor_, word_end(), out);
    }
    return KeyEvent::None;
  }
  const bool goes_on = (byte >= '0' && byte <= '9') || byte == ';';
  if (goes_on) {
    escape_ = Escape::Bracket;
  } else if (byte == 'A' || byte == 'B') {
    walk_history(byte == 'A', out);
  } else if (byte == 'C') {
    move_to(std::min(cursor_ + 1, line_.size()), out);
  } else if (byte == 'D' && cursor_ > 0) {
    move_to(cursor_ - 1, out);
  }
  return KeyEvent::None;
}

KeyEvent LineEditor::feed_control(char byte, std::string& out) {
  switch (byte) {
    case kEscape: escape_ = Escape::Seen; return KeyEvent::None;
    case '\t':
      if (help_) return KeyEvent::Complete;
      insert('\t', out);
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
      if (cursor_ > 0) erase(cursor_ - 1, cursor_, out);
      return true;
    case control('A'): move_to(0, out); return true;
    case control('E'): move_to(line_.size(), out); return true;
    case control('B'): move_to(cursor_ == 0 ? 0 : cursor_ - 1, out); return true;
    case control('F'): move_to(std::min(cursor_ + 1, line_.size()), out); return true;
    case control('D'): erase(cursor_, std::min(cursor_ + 1, line_.size()), out); return true;
    case control('W'): erase(word_start(), cursor_, out); return true;
    case control('U'):
    case control('X'): erase(0, cursor_, out); return true;
    case control('K'): erase(cursor_, line_.size(), out); return true;
    case control('T'): swap_before(out); return true;
    case control('P'): walk_history(true, out); return true;
    case control('N'): walk_history(false, out); return true;
    case control('Y'):
      for (const char letter : std::string(deleted_)) insert(letter, out);
      return true;
    default: return false;
  }
}

void LineEditor::insert(char byte, std::string& out) {
  if (line_.size() >= max_bytes_) {
    too_long_ = true;
    return;
  }
  line_.insert(cursor_, 1, byte);
  ++cursor_;
  show(std::string_view(line_).substr(cursor_ - 1), out);
  if (echo_) out.append(line_.size() - cursor_, kBackspace);
}

void LineEditor::erase(std::size_t from, std::size_t to, std::string& out) {
  if (from >= to) return;
  move_to(from, out);
  if (to - from > 1) deleted_ = line_.substr(from, to - from);
  line_.erase(from, to - from);
  if (!echo_) return;
  show(std::string_view(line_).substr(from), out);
  out.append(to - from, ' ');
  out.append(line_.size() - from + (to - from), kBackspace);
}

void LineEditor::move_to(std::size_t target, std::string& out) {
  if (echo_ && target < cursor_) out.append(cursor_ - target, kBackspace);
  if (target > cursor_) show(std::string_view(line_).substr(cursor_, target - cursor_), out);
  cursor_ = target;
}

void LineEditor::replace(const std::string& text, std::string& out) {
  const auto kept = deleted_;
  move_to(line_.size(), out);
  erase(0, line_.size(), out);
  deleted_ = kept;
  line_ = text;
  show(line_, out);
  cursor_ = line_.size();
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
  replace(place_ == history_.size() ? typed_ : history_[place_], out);
}

void LineEditor::swap_before(std::string& out) {
  if (cursor_ < 2) return;
  const auto at = cursor_;
  move_to(at - 2, out);
  std::swap(line_[at - 2], line_[at - 1]);
  move_to(at, out);
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

std::string LineEditor::redraw() const {
  std::string out;
  show(line_, out);
  if (echo_) out.append(line_.size() - cursor_, kBackspace);
  return out;
}

void LineEditor::remember() {
  if (line_.find_first_not_of(' ') == std::string::npos || (!history_.empty() && history_.back() == line_)) return;
  history_.push_back(line_);
  if (history_.size() > kMaxHistory) history_.pop_front();
}

}  // namespace rri::shell
