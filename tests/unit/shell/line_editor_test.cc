#include "shell/line_editor.h"

#include <gtest/gtest.h>

#include <random>

namespace rri::shell {
namespace {

/// What a terminal that knows only backspace and bell would show.
std::string screen_of(std::string_view bytes) {
  std::string screen;
  std::size_t column = 0;
  for (const char byte : bytes) {
    if (byte == '\b') {
      --column;
    } else if (byte != '\a') {
      if (column == screen.size()) screen += ' ';
      screen[column++] = byte;
    }
  }
  return screen.substr(0, screen.find_last_not_of(' ') + 1);
}

struct Typed {
  std::string line;
  std::string out;
  KeyEvent last = KeyEvent::None;
};

Typed type(LineEditor& editor, std::string_view keys) {
  Typed typed;
  for (const char key : keys) typed.last = editor.feed(key, typed.out);
  typed.line = editor.line();
  return typed;
}

TEST(LineEditor, editing_keys_do_what_they_do_in_IOS) {
  struct Case {
    std::string_view keys;
    std::string_view line;
  };
  for (const auto& [keys, line] : {
           Case{"abc\x7f", "ab"}, Case{"abc\b", "ab"}, Case{"\x7f\x7f", ""}, Case{"bc\x01"
                                                                                 "a",
                                                                                 "abc"},
           Case{"abc\x02\x02\x04", "ac"}, Case{"abc\x01\x06\x0b", "a"}, Case{"one two\x17", "one "},
           Case{"one two\x15", ""}, Case{"one two\x18", ""}, Case{"one two\x17\x19", "one two"}, Case{"ab\x14", "ba"},
           Case{"show colck\x02\x02\x02\x14", "show clock"}, Case{"a\x14", "a"}, Case{"\x14", ""}, Case{"ab\x01\x14", "ab"},
           Case{"one two\x01\x1b" "uX", "ONEX two"}, Case{"ONE TWO\x1b" "b\x1b" "l", "ONE two"}, Case{"one tWO\x1b" "b\x1b" "c", "one Two"},
           Case{"one two\x1b[D\x1b[DX", "one tXwo"}, Case{"one two\x1b" "bX", "one Xtwo"},
           Case{"one two\x01\x1b" "d", " two"}, Case{"one two\x01\x1b" "fX", "oneX two"}, Case{"a\x16?b", "a?b"},
           Case{"a\x1b[5~b", "ab"}, Case{"\x1b[C\x1b[Dx", "x"}}) {
    LineEditor editor(100);
    editor.begin(true, true);
    const auto typed = type(editor, keys);
    EXPECT_EQ(typed.line, line) << keys;
    EXPECT_EQ(screen_of(typed.out), line.substr(0, line.find_last_not_of(' ') + 1)) << keys;
  }
}

TEST(LineEditor, history_goes_back_and_forth_and_keeps_what_was_typed) {
  LineEditor editor(100);
  for (const auto* line : {"first", "second", "second", "  "}) {
    editor.begin(true, true);
    type(editor, line);
    editor.remember();
  }
  editor.begin(true, true);
  EXPECT_EQ(type(editor, "new\x10").line, "second");
  EXPECT_EQ(type(editor, "\x10").line, "first");
  EXPECT_EQ(type(editor, "\x10").out, "\a");
  EXPECT_EQ(type(editor, "\x1b[B").line, "second");
  EXPECT_EQ(type(editor, "\x0e").line, "new");
}

TEST(LineEditor, a_line_longer_than_the_screen_moves_to_the_left) {
  LineEditor editor(100);
  editor.begin(true, true, 20);
  EXPECT_EQ(type(editor, "access-list 101 permi").out.substr(0, 19), "access-list 101 per");
  std::string out;
  editor.begin(true, true, 20);
  const auto typed = type(editor, "access-list 101 permit ip any any");
  EXPECT_EQ(screen_of(typed.out), "$t ip any any");
  EXPECT_EQ(typed.line, "access-list 101 permit ip any any");
  out = typed.out + type(editor, "\x01").out;
  EXPECT_EQ(screen_of(out), "access-list 101 per$");
  out += type(editor, "\x05\x17").out;
  EXPECT_EQ(editor.line(), "access-list 101 permit ip any ");
  EXPECT_EQ(screen_of(editor.redraw()), screen_of(out));
}

TEST(LineEditor, what_is_shown_is_the_line_whatever_is_typed) {
  std::mt19937 random(7);
  constexpr std::string_view kKeys = "abc  x\x01\x02\x02\x04\x05\x06\x0b\x14\x15\x17\x19\x7f\x10\x0e";
  LineEditor editor(60);
  for (int line = 0; line < 50; ++line) {
    editor.begin(true, true, line % 2 == 0 ? 12 : 0);
    std::string out;
    for (int key = 0; key < 200; ++key) {
      const char byte = kKeys[random() % kKeys.size()];
      if (byte == '\x04' && editor.line().empty()) continue;
      editor.feed(byte, out);
      if (editor.line().size() >= 60) break;
      ASSERT_EQ(screen_of(out), screen_of(LineEditor(editor).redraw())) << editor.line();
    }
    editor.remember();
  }
}

TEST(LineEditor, a_secret_is_not_shown) {
  LineEditor editor(100);
  editor.begin(false, false);
  const auto typed = type(editor, "se?cr\x7fret\x01\x05\r");
  EXPECT_EQ(typed.out, "\n");
  EXPECT_EQ(typed.line, "se?cret");
  EXPECT_EQ(typed.last, KeyEvent::Line);
}

/// Certificates and banners are pasted with their tabs.
TEST(LineEditor, a_tab_in_text_stays_one) {
  LineEditor editor(100);
  editor.begin(true, false);
  const auto typed = type(editor, "  \tquit\r");
  EXPECT_EQ(typed.out, "   quit\n");
  EXPECT_EQ(typed.line, "  \tquit");
}

TEST(LineEditor, keys_that_are_no_text_are_events) {
  LineEditor editor(100);
  editor.begin(true, true);
  std::string out;
  EXPECT_EQ(editor.feed('?', out), KeyEvent::Help);
  EXPECT_EQ(editor.feed('\t', out), KeyEvent::Complete);
  EXPECT_EQ(editor.feed('\x03', out), KeyEvent::Interrupt);
  EXPECT_EQ(editor.feed('\x1a', out), KeyEvent::EndConfig);
  EXPECT_EQ(editor.feed('\x04', out), KeyEvent::EndOfInput);
  EXPECT_EQ(editor.feed('\x12', out), KeyEvent::Redisplay);
  EXPECT_EQ(out, "");
  editor.begin(true, false);
  EXPECT_EQ(editor.feed('?', out), KeyEvent::None);
  EXPECT_EQ(editor.line(), "?");
}

TEST(LineEditor, both_ends_of_a_line_are_one) {
  LineEditor editor(100);
  editor.begin(true, true);
  std::string out;
  EXPECT_EQ(editor.feed('\r', out), KeyEvent::Line);
  EXPECT_EQ(editor.feed('\n', out), KeyEvent::None);
  EXPECT_EQ(editor.feed('\n', out), KeyEvent::Line);
}

TEST(LineEditor, a_line_that_is_too_long_is_reported_and_never_cut) {
  LineEditor editor(10);
  editor.begin(true, true);
  EXPECT_EQ(type(editor, std::string(1000, 'x') + "\r").last, KeyEvent::TooLong);
  editor.begin(true, true);
  EXPECT_EQ(type(editor, "0123456789\r").last, KeyEvent::Line);
}

}  // namespace
}  // namespace rri::shell
