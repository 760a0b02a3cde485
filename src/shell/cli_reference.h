// shell/cli_reference.h -- docs/cli.md, made from the tables that read the lines.
#pragma once

#include <string>

namespace rri::shell {

/// Every command of the exec mode and of each configuration mode, as Markdown.
std::string render_cli_reference();

}  // namespace rri::shell
