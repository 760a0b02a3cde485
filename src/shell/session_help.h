// shell/session_help.h -- `?` and TAB, from the same rows that read the lines.
#pragma once

#include <string>
#include <string_view>

#include "config/mode.h"

namespace rri::shell {

/// Where a line would be read.
struct HelpPlace {
  bool is_config = false;
  Mode mode = Mode::Global;   // of the configuration
  std::uint8_t level = 1;     // of the exec mode
};

/// What IOS prints for `?` behind `text`: all words that may follow a blank, one a
/// line with help, or the words that go on like the last one.
std::string render_help(const HelpPlace& place, std::string_view text);

/// `text` with its last word in full and a blank, when only one word fits.
std::string complete_line(const HelpPlace& place, std::string_view text);

}  // namespace rri::shell
