// app/console.h -- `rri -c COMMAND` and the plain line loop: commands to rrid, answers out.
//
// Answers go to standard output as they come, through the filter behind `|`.
// Errors of `-c` go to standard error, below the command they are about; in the
// line loop they stand under the typed line, where IOS puts them.
#pragma once

#include <string>
#include <vector>

namespace rri::app {

struct ConsoleOptions {
  std::string socket;
  std::vector<std::string> commands;  // none: read lines from standard input
  bool json = false;
};

/// 0, or 1 when a command failed or rrid cannot be asked. The first failing
/// command of several ends the run.
int run_console(const ConsoleOptions& options);

}  // namespace rri::app
