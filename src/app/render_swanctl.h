// app/render_swanctl.h -- `rri render swanctl`: the tunnels as a swanctl.conf, for
// those who leave and those who want to see.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "model/charon.h"

namespace rri::app {

/// The connections and secrets that rrid would load, with the addresses of the
/// configuration, every redundancy group active and first peers current.
Result<std::string> render_swanctl(const ParseResult& parsed);

/// What of it charon cannot do, line by line.
std::vector<Diagnostic> swanctl_remarks(const ParseResult& parsed);

/// A plan's remarks as diagnostics: errors and warnings.
std::vector<Diagnostic> to_diagnostics(const std::vector<TunnelRemark>& remarks);

}  // namespace rri::app
