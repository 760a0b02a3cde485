// shell/exec_files.h -- `dir` and `more`: files next to the startup configuration.
//
// IOS's `nvram:`, `flash:` and `bootflash:` are one directory here, and nothing outside of
// it is told of or read: rrid may read more than who asks.
#pragma once

#include "shell/exec.h"

namespace rri::shell {

ExecAnswer list_files(const ExecMatch& match, const Environment& environment);
ExecAnswer show_file(const ExecMatch& match, const Environment& environment);

}  // namespace rri::shell
