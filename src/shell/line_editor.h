// shell/line_editor.h -- typing one line, with IOS's editing keys.
//
// Pure: keys go in byte by byte, what the terminal has to show comes out. Only
// characters, backspace, blank and bell are ever shown, never an escape sequence,
// so that dumb terminals and programs that compare the echo are content.
//
// A line that is longer than the room behind the prompt moves to the left, as on IOS:
// backspace cannot go back into the row above.
//
// Keys: ^A ^E ^B ^F, ESC b, ESC f and the left and right arrows move; DEL ^H ^D ^W
// ^U ^X ^K ESC d delete; ^Y puts back; ^T swaps; ^P ^N and the up and down arrows
// walk through the history; ^R and ^L show the line again; ^V takes the next byte
// as it is.
//
// A line that is too long is swallowed up to its end and reported as such: half a
// line must never be carried out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace rri::shell {

enum class KeyEvent : std::uint8_t { None, Line, TooLong, Help, Complete, Redisplay, Interrupt, EndConfig, EndOfInput };

class LineEditor {
 public:
  explicit LineEditor(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Begins the next line. `echo`: false for secrets. `help`: whether `?` and TAB
  /// are keys (in the text of a banner they are not). `room`: columns that are left
  /// behind the prompt; 0: the terminal breaks lines by itself.
  void begin(bool echo, bool help, std::size_t room = 0);
  /// Takes one byte; adds what the terminal shows to `out`.
  KeyEvent feed(char byte, std::string& out);

  [[nodiscard]] const std::string& line() const { return line_; }
  [[nodiscard]] std::string_view before_cursor() const { return std::string_view(line_).substr(0, cursor_); }
  /// Puts `line` in place of what was typed, cursor at its end; shows nothing.
  void set_line(std::string line);
  /// The line as it has to be shown again behind a fresh prompt.
  [[nodiscard]] std::string redraw();
  /// Remembers the line for ^P.
  void remember();

 private:
  enum class Escape : std::uint8_t { None, Seen, Bracket };

  KeyEvent take(char byte, std::string& out);
  KeyEvent feed_escape(char byte, std::string& out);
  KeyEvent feed_control(char byte, std::string& out);
  bool move_or_delete(char byte, std::string& out);
  void insert(char byte);
  void erase(std::size_t from, std::size_t to);
  void walk_history(bool back, std::string& out);
  void swap_characters();
  void change_word(bool first_is_upper, bool rest_is_upper);
  [[nodiscard]] std::size_t word_start() const;
  [[nodiscard]] std::size_t word_end() const;
  [[nodiscard]] std::string window();
  void paint(std::string& out);
  void go_to(std::size_t column, const std::string& text, std::string& out);

  std::size_t max_bytes_;
  std::string line_;
  std::size_t cursor_ = 0;
  std::size_t room_ = 0;
  std::size_t first_ = 0;    // of the line that is shown
  std::string shown_;        // what stands behind the prompt
  std::size_t at_ = 0;       // the column of it that the terminal's cursor is in
  std::string deleted_;
  std::deque<std::string> history_;
  std::size_t place_ = 0;    // in the history; its size: the line being typed
  std::string typed_;        // that line, while another is shown
  Escape escape_ = Escape::None;
  bool literal_ = false;     // ^V came
  bool after_return_ = false;
  bool too_long_ = false;
  bool echo_ = true;
  bool help_ = true;
};

}  // namespace rri::shell
