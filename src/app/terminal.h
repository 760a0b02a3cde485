// app/terminal.h -- a person at `rri`: keys in, lines to rrid, answers out page by page.
//
// The session itself lives in rrid; this is only the terminal. Standard input is
// put into a mode where every key comes by itself; it is put back at the end,
// also after signals that end the program.
#pragma once

#include "io/control/client.h"

namespace rri::app {

/// Runs a session on the terminal of standard input. Gives the exit status.
int run_terminal(control::Connection& connection);

/// "LENGTH WIDTH ORIGIN" of this process, as OpenSession wants it.
std::string describe_terminal();

}  // namespace rri::app
