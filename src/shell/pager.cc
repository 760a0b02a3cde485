#include "shell/pager.h"

namespace rri::shell {

std::string_view Pager::take(std::string_view& text) {
  std::size_t taken = 0;
  while (taken < text.size() && !is_full()) {
    const bool ends_line = text[taken] == '\n';
    ++taken;
    column_ = ends_line ? 0 : column_ + 1;
    in_first_line_ = in_first_line_ && !ends_line;
    const bool wraps = !ends_line && width_ > 0 && column_ == width_ && taken < text.size() && text[taken] != '\n';
    if (wraps) column_ = 0;
    if ((ends_line || wraps) && left_ > 0) --left_;
  }
  const auto shown = text.substr(0, taken);
  text.remove_prefix(taken);
  return shown;
}

}  // namespace rri::shell
