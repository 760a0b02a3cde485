// shell/exec_crypto.h -- commands about live SAs: shows, clears, starting a tunnel.
//
// All of them ask the IKE daemon, so their answers come later (ExecAnswer::later).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shell/exec.h"

namespace rri::shell {

/// Nothing when the command is none of these.
std::optional<ExecAnswer> run_crypto_exec(const ExecMatch& match, show::Format format, const Environment& environment);

/// The parts of `show tech-support` about SAs: command and what it prints.
std::vector<std::pair<std::string, Pieces>> crypto_report(const Environment& environment, const Result<SharedSas>& sas);

}  // namespace rri::shell
