// app/render.h -- `rri render TARGET [CONFIG]`: configuration for our neighbours.
//
// One table of targets; each is a pure function from a read configuration to
// text (render_frr.h and so on). CONFIG is a file, "-" for standard input; without
// it the running configuration is asked for over the control socket.
//
// To add a target: write the function in a file of its own and add its row.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace rri::app {

/// Text for one neighbour. An error says why this configuration has none.
using Renderer = Result<std::string> (*)(const ParseResult& parsed);
/// What the neighbour cannot do of it, line by line; for standard error.
using Remarker = std::vector<Diagnostic> (*)(const ParseResult& parsed);

/// Where this program and its daemon are, for text that calls them.
struct RenderContext {
  std::string program;     // path of rri
  std::string socket;      // "" for the usual one
  std::string config;      // absolute path of the configuration, "" for that of rrid
  std::string rrid_user;   // "" when rrid runs as root
  std::map<std::string, std::uint32_t> vrf_tables;  // of this host's VRF devices
};
using RendererHere = Result<std::string> (*)(const ParseResult& parsed, const RenderContext& context);

struct RenderTarget {
  std::string_view name;  // as typed: "frr"
  std::string_view what;  // for --help
  Renderer render = nullptr;
  Remarker remarks = nullptr;
  RendererHere render_here = nullptr;  // instead, for those that call this program
};

/// All targets, by name.
std::span<const RenderTarget> render_targets();

struct RenderOptions {
  std::string target;
  std::optional<std::string> config;  // file name, "-" for standard input; none: ask rrid
  std::string socket;
};

/// The text of a configuration that is in force, as rrid shows it, without the
/// header of `show running-config`.
Result<std::string> ask_running_config(const std::string& socket);

/// The whole command. 0; 1 when the configuration has errors (what stands is still
/// rendered) or nothing can be rendered; 2 when it cannot be read.
int run_render(const RenderOptions& options, std::ostream& out, std::ostream& err);

}  // namespace rri::app
