#include "app/render.h"

#include <fmt/format.h>
#include <pwd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <ostream>
#include <system_error>

#include "app/host_links.h"
#include "app/options.h"
#include "app/plan/input_file.h"
#include "app/render_bird.h"
#include "app/render_frr.h"
#include "app/render_keepalived.h"
#include "app/render_swanctl.h"
#include "io/control/client.h"

namespace rri::app {

namespace {

Result<std::string> render_keepalived_here(const ParseResult& parsed, const RenderContext& here) {
  KeepalivedContext context;
  context.program = here.program;
  if (!here.socket.empty()) context.options = "--socket " + here.socket;
  context.config = here.config;
  context.fifo_owner = here.rrid_user;
  return render_keepalived(parsed, context);
}

Result<std::string> render_bird_here(const ParseResult& parsed, const RenderContext& here) { return render_bird(parsed, here.vrf_tables); }

constexpr std::array kTargets = {
    RenderTarget{"bird", "bird.conf: what BIRD learns and hands on, with which tag", nullptr, nullptr, render_bird_here},
    RenderTarget{"frr", "frr.conf: what FRR redistributes, with which tag", render_frr},
    RenderTarget{"keepalived", "keepalived.conf: a VRRP instance for each standby group", nullptr, nullptr, render_keepalived_here},
    RenderTarget{"swanctl", "swanctl.conf: the tunnels of the crypto maps, keys included", render_swanctl, swanctl_remarks},
};

const RenderTarget* find_target(std::string_view name) {
  const auto found = std::find_if(kTargets.begin(), kTargets.end(), [&](const auto& row) { return row.name == name; });
  return found == kTargets.end() ? nullptr : &*found;
}

/// `show running-config` begins with lines for people; the configuration begins at its first `!`.
std::string without_header(std::string text) {
  constexpr std::string_view kHeader = "Building configuration...";
  if (!text.starts_with(kHeader)) return text;
  const auto begin = text.find("\n!");
  return begin == std::string::npos ? text : text.substr(begin + 1);
}

/// As this process is called by its path, and rrid by its package.
RenderContext context_of(const RenderOptions& options, const std::vector<Link>& links) {
  RenderContext context;
  for (const auto& link : links) {
    if (link.vrf_table) context.vrf_tables[link.name] = *link.vrf_table;
  }
  std::error_code error;
  context.program = std::filesystem::read_symlink("/proc/self/exe", error).string();
  if (error) context.program = "/usr/bin/rri";
  if (options.socket != kDefaultSocket) context.socket = options.socket;
  if (options.config && *options.config != "-") context.config = std::filesystem::absolute(*options.config, error).string();
  constexpr const char* kUser = "rrid";
  if (::getpwnam(kUser) != nullptr) context.rrid_user = kUser;
  return context;
}

}  // namespace

std::span<const RenderTarget> render_targets() { return kTargets; }

Result<std::string> ask_running_config(const std::string& socket) {
  auto connection = control::Connection::open(socket);
  if (!connection) return tl::make_unexpected(connection.error());
  std::string text;
  const auto status = connection->run(control::FrameType::RunText, "show running-config", [&](std::string_view piece) {
    text.append(piece);
    return true;
  });
  if (!status) return tl::make_unexpected(status.error());
  if (status->kind != control::Status::Kind::Ok) return fail("read the running configuration: {}", status->text);
  return without_header(std::move(text));
}

int run_render(const RenderOptions& options, std::ostream& out, std::ostream& err) {
  const auto* target = find_target(options.target);
  if (target == nullptr) {
    err << fmt::format("rri render: there is no target {}\n", options.target);
    return 2;
  }
  const auto text = options.config ? plan::read_input_file(*options.config) : ask_running_config(options.socket);
  if (!text) {
    err << fmt::format("rri render: could not {}\n", text.error().text);
    return 2;
  }
  auto parsed = parse_document(*text);
  const auto links = read_host_links();
  tie_to_devices(parsed.config, links);
  const auto name = options.config.value_or("running-config");
  for (const auto& diagnostic : parsed.diagnostics) err << render_diagnostic(diagnostic, name) << '\n';
  const auto rendered = target->render_here != nullptr ? target->render_here(parsed, context_of(options, links)) : target->render(parsed);
  if (!rendered) {
    err << fmt::format("rri render: could not {}\n", rendered.error().text);
    return 1;
  }
  const auto remarks = target->remarks != nullptr ? target->remarks(parsed) : std::vector<Diagnostic>();
  for (const auto& remark : remarks) err << render_diagnostic(remark, name) << '\n';
  out << *rendered;
  return has_errors(parsed.diagnostics) || has_errors(remarks) ? 1 : 0;
}

}  // namespace rri::app
