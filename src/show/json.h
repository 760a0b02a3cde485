// show/json.h -- the JSON objects that several answers share.
//
// One route row looks the same in `rri plan --json`, in `show crypto route
// --json` and wherever else routes are given to a program: SPEC.md section 8
// names the members, and this is the only place that writes them. Values go out
// as text, one compact object each, so that a million rows never become a tree.
//
// Bytes that are not UTF-8 (an IKE identity may hold anything) become U+FFFD.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/notice.h"
#include "model/route.h"

namespace rri::show {

/// `{"vrf":"default","prefix":"10.0.0.0/16",...}`, members in the order of SPEC.md
/// section 8, no blanks, no line end. `map` and `seq` of an `ip route` line are null.
std::string route_json(const RouteRow& row);
/// The same with `owners`, a list of texts.
std::string detailed_route_json(const RouteRow& row);

/// `{"code":"TAG-CONFLICT","text":"..."}`.
std::string notice_json(const Notice& notice);

/// `text` as a JSON string, with its quotes.
std::string quoted_json(std::string_view text);
/// A JSON list of strings, one a line.
std::string list_json(const std::vector<std::string>& texts);

}  // namespace rri::show
