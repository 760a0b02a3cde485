// config/pattern.h -- a row's pattern, compiled for the matcher.
#pragma once

#include "config/grammar.h"

namespace rri {

/// Compiles `row.pattern`. The patterns are ours: a malformed one is a bug.
CompiledRow compile_row(const Row& row, std::uint32_t position);

}  // namespace rri
