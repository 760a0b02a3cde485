// show/routes.h -- `show crypto route` and `show ip static route`.
//
// Both are a walk over rows (core/snapshot.h), as text in Cisco's layout or as
// JSON objects (show/json.h), made piece by piece (base/pieces.h) while they are
// read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/pieces.h"
#include "core/snapshot.h"

namespace rri::show {

enum class Format : std::uint8_t { Text, Json };

struct RouteQuery {
  std::optional<std::string> vrf;  // what `rows` were asked for; none: all tables
  bool detail = false;             // owners, entry and peer under each route
  Format format = Format::Text;
  std::vector<std::string> remarks{};  // lines below the table, where tools for IOS's look at none
};

/// A blank line and these; nothing when there are none.
std::string paragraph(const std::vector<std::string>& lines);

/// RRI routes grouped by table. Flags: `RRI`, and `S` where an ACL makes the
/// route. A row that is not plainly active says in parentheses what it is and
/// why. JSON: {"routes": [...]}, with `owners` in each object when `detail`.
Pieces crypto_routes(core::Rows rows, const RouteQuery& query);

/// IOS's `show ip static route`: `ip route` lines with code M, RRI routes with
/// code V, each with [A] or [N]. IPv4 only, as there. Without `vrf` the global
/// table. JSON: {"routes": [...]}, `ip route` lines included.
Pieces static_routes(core::Rows rows, const RouteQuery& query);

}  // namespace rri::show
