// show/lines_json.h -- answers that have no JSON of their own.
#pragma once

#include <string>
#include <string_view>

#include "base/pieces.h"

namespace rri::show {

/// `text` as {"command": ..., "lines": [...]}, without a line end behind it: its lines as
/// they come, cut where pieces are not. None (`nullptr`) has no lines.
Pieces lines_json(std::string_view command, Pieces text);

/// The same behind `head`, `{"bytes":12` for instance.
Pieces lines_json_behind(std::string head, Pieces text);

}  // namespace rri::show
