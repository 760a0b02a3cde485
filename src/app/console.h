// app/console.h -- `rri` as a client of rrid: commands, a session, or a script.
//
//   rri -c COMMAND       answers to standard output, as they come; errors to standard
//                        error, below the command they are about
//   rri on a terminal    a session (terminal.h)
//   rri < FILE           the same session without prompts and pages; errors stand in
//                        the output, where IOS puts them
//
// Under OpenSSH's ForceCommand the command that the user asked for is run like -c.
#pragma once

#include <string>
#include <vector>

namespace rri::app {

struct ConsoleOptions {
  std::string socket;
  std::vector<std::string> commands;  // none: a session
  bool json = false;
};

/// 0, or 1 when a command failed or rrid cannot be asked. The first failing
/// command of several ends the run.
int run_console(const ConsoleOptions& options);

}  // namespace rri::app
