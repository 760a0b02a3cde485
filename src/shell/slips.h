// shell/slips.h -- telling a slip of the finger from a command we do not know.
//
// A file may hold any command of IOS, and what nothing here acts on is carried.
// A person who types `hostnane` wants to be told. So a line that no row knows is
// carried only when its first word is a word of IOS's configuration language.
#pragma once

#include <cstdint>
#include <optional>

#include "config/editor.h"

namespace rri::shell {

/// What IOS would say, when the line is none of its commands.
std::optional<Editor::Slip> find_slip(const LexedLine& line, Mode mode);

}  // namespace rri::shell
