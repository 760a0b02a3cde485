// shell/slips.h -- telling a slip of the finger from a command we do not know.
//
// A file may hold any command of IOS, and what nothing here acts on is carried.
// A person who types `hostnane` wants to be told. So a line that no row knows is
// carried only when its first word is a word of IOS's configuration language.
// What a file has of such lines is kept, with a warning.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "config/diagnostic.h"
#include "config/document.h"
#include "config/editor.h"

namespace rri::shell {

/// What IOS would say, when the line is none of its commands.
std::optional<Editor::Slip> find_slip(const LexedLine& line, Mode mode);

/// A warning for each carried line that find_slip() would refuse. What stands in sections that are
/// carried whole may be anything. Of a line only the words up to the slip are told: secrets may follow.
std::vector<Diagnostic> find_slips(const Document& document);

}  // namespace rri::shell
