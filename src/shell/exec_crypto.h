// shell/exec_crypto.h -- commands about live SAs: shows, clears, starting a tunnel.
//
// All of them ask the IKE daemon, so their answers come later (ExecAnswer::later).
#pragma once

#include <optional>

#include "shell/exec.h"

namespace rri::shell {

/// Nothing when the command is none of these.
std::optional<ExecAnswer> run_crypto_exec(const ExecMatch& match, show::Format format, const Environment& environment);

}  // namespace rri::shell
