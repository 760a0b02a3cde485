// app/check_config.h -- `rrid --check`: what is wrong with a configuration, and what of
// it hardly does what its writer wants.
//
// The latter are warnings, for everything in them may be meant. They come only here:
// at a running daemon lines are typed one after the other, and half a configuration
// looks like many mistakes.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"

namespace rri::app {

/// By line: lines that are no commands of IOS, lines inside crypto maps that are carried, maps that are used nowhere, access
/// lists the wrong way round, permits that close the host's own way out, and what
/// strongSwan cannot do, where rrid configures it.
std::vector<Diagnostic> find_doubtful(const ParseResult& parsed);

/// Prints every diagnostic of the file on standard error. Gives 1 when there is an error.
int check_config(const std::string& path);

}  // namespace rri::app
