#include "shell/pager.h"

#include <gtest/gtest.h>

namespace rri::shell {
namespace {

TEST(Pager, stops_one_line_before_the_screen_is_full) {
  Pager pager(4, 80);
  std::string_view text = "1\n2\n3\n4\n5\n6\n7\n";
  EXPECT_EQ(pager.take(text), "1\n2\n3\n");
  EXPECT_TRUE(pager.is_full());
  EXPECT_EQ(pager.take(text), "");
  pager.next_line();
  EXPECT_EQ(pager.take(text), "4\n");
  EXPECT_TRUE(pager.is_full());
  pager.next_page();
  EXPECT_EQ(pager.take(text), "5\n6\n7\n");
}

TEST(Pager, counts_on_over_pieces_however_they_come) {
  Pager pager(3, 80);
  std::string shown;
  for (std::string_view piece : {"on", "e\ntw", "o\nthree\n"}) shown += pager.take(piece);
  EXPECT_EQ(shown, "one\ntwo\n");
}

TEST(Pager, long_lines_take_several_rows) {
  Pager pager(4, 10);
  std::string_view text = "0123456789012345678901234\nnext\n";
  EXPECT_EQ(pager.take(text), "0123456789012345678901234\n");
  Pager exact(3, 10);
  std::string_view just = "0123456789\n0123456789\nnext\n";
  EXPECT_EQ(exact.take(just), "0123456789\n0123456789\n");
}

TEST(Pager, one_line_is_no_page) {
  Pager pager(3, 5);
  std::string_view text = "0123456789012345678901234\nnext\n";
  EXPECT_EQ(pager.take(text), "0123456789012345678901234\n");
  EXPECT_TRUE(pager.is_full());
}

TEST(Pager, length_0_never_stops) {
  Pager pager(0, 80);
  const std::string many(100000, '\n');
  std::string_view text = many;
  EXPECT_EQ(pager.take(text).size(), many.size());
  EXPECT_FALSE(pager.is_full());
}

}  // namespace
}  // namespace rri::shell
