#include "app/render.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

#include "app/plan/input_file.h"
#include "app/render_frr.h"
#include "app/render_swanctl.h"
#include "io/control/client.h"

namespace rri::app {

namespace {

constexpr std::array kTargets = {
    RenderTarget{"frr", "frr.conf: what FRR redistributes, with which tag", render_frr},
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
  const auto parsed = parse_document(*text);
  const auto name = options.config.value_or("running-config");
  for (const auto& diagnostic : parsed.diagnostics) err << render_diagnostic(diagnostic, name) << '\n';
  const auto rendered = target->render(parsed);
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
