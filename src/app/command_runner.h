// app/command_runner.h -- one typed line: to rrid, through the filter behind `|`, out.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "io/control/client.h"

namespace rri::app {

/// Gets output in pieces.
using Print = std::function<void(std::string_view)>;

/// The keys that stop a program which runs here: `were_pressed` reads what `descriptor` has.
struct StopKeys {
  int descriptor = -1;  // -1: nobody has keys
  std::function<bool()> were_pressed = nullptr;
};

/// Runs `line` and gives what IOS prints when it was wrong, "" when it was right.
/// `prompt_width`: columns to the left of the typed line. An error is one of the
/// connection, and final.
Result<std::string> run_line(control::Connection& connection, control::FrameType type, std::string_view line,
                             std::size_t prompt_width, const Print& print, const StopKeys& keys = {});

}  // namespace rri::app
