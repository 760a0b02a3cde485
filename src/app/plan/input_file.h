// app/plan/input_file.h -- a file that somebody names on the command line.
#pragma once

#include <string>

#include "base/result.h"

namespace rri::plan {

/// The whole of a file, or of standard input for "-"; at most kMaxFileBytes.
Result<std::string> read_input_file(const std::string& name);

}  // namespace rri::plan
