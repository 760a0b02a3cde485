// shell/pager.h -- stops at the end of every page and says ` --More-- `.
//
// Pure: text goes in, and comes out up to where the page is full. Lines that are
// longer than the terminal is wide count as the rows they take.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rri::shell {

inline constexpr std::string_view kMore = " --More-- ";
/// What IOS sends to make ` --More-- ` go away.
inline constexpr std::string_view kEraseMore = "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b";

class Pager {
 public:
  /// `length` 0: never stops.
  Pager(std::size_t length, std::size_t width) : rows_(length == 0 ? 0 : length - 1), width_(width), left_(rows_) {}

  /// Takes text off the front of `text` that may be shown now.
  std::string_view take(std::string_view& text);
  /// Whether nothing more may be shown before the reader wants it.
  [[nodiscard]] bool is_full() const { return rows_ > 0 && left_ == 0 && !in_first_line_; }
  void next_page() { left_ = rows_; }
  void next_line() { left_ = 1; }

 private:
  std::size_t rows_;
  std::size_t width_;
  std::size_t left_;
  std::size_t column_ = 0;
  bool in_first_line_ = true;  // an answer of one line is no page, however narrow the terminal
};

}  // namespace rri::shell
