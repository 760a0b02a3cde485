// app/plan/events_script.h -- the EVENTS file of `rri plan` (SPEC.md section 8).
//
// Text in, steps out: one step for each line that says something. Whether a
// step makes sense (an id that nobody knows, a link that is already down) is
// not decided here; only words that fit no event are errors. `config` opens a
// block of configuration lines, each a step of its own, up to `end`.
//
// `sa up` lines right behind `source back` are one full list. They are folded
// into that step, because the list counts only as a whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "model/config.h"
#include "model/sa.h"
#include "net/prefix.h"

namespace rri::plan {

struct SaUpStep {
  Sa sa;
};
struct SaDownStep {
  SaId id;
};
struct SaRekeyStep {
  SaId id;
  SaId new_id;
};
struct SourceLostStep {};
struct SourceBackStep {
  std::vector<Sa> sas;
};
struct GroupStep {
  std::string group;
  bool active = false;
};
struct LinkStep {
  std::string name;  // a Linux device or an IOS interface, as typed
  bool up = false;
};
/// A route that is not ours: `route add` and `route del`.
struct RouteStep {
  bool add = false;
  std::string vrf;
  Prefix prefix;
  std::optional<IpAddress> gateway;  // always there in `route add`
  std::string device;                // "" when not named
};
struct TickStep {
  Seconds seconds{};
};
/// One line inside `config` ... `end`, with its indentation.
struct ConfigLineStep {
  std::string text;
  bool first_of_block = false;  // the line before was `config`
};

using Action = std::variant<SaUpStep, SaDownStep, SaRekeyStep, SourceLostStep, SourceBackStep, GroupStep,
                            LinkStep, RouteStep, TickStep, ConfigLineStep>;

struct Step {
  TextPosition position;
  Action action;
};

struct ScriptError {
  TextPosition position;
  std::string text;
};

struct Script {
  std::vector<Step> steps;
  std::vector<ScriptError> errors;  // by position; lines with errors make no step
};

/// Reads a whole EVENTS text. Never fails as a whole.
Script parse_script(std::string_view text);

/// "FILE:LINE:COLUMN: error: TEXT", without a line end.
std::string render_error(const ScriptError& error, std::string_view file);

}  // namespace rri::plan
