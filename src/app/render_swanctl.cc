#include "app/render_swanctl.h"

#include "core/swanctl_text.h"
#include "core/tunnel_plan.h"

namespace rri::app {

Result<std::string> render_swanctl(const ParseResult& parsed) {
  return "# swanctl.conf, made by `rri render swanctl`. Load it with `swanctl --load-all`.\n" +
         core::render_swanctl(core::plan_tunnels(parsed.config, {}));
}

std::vector<Diagnostic> swanctl_remarks(const ParseResult& parsed) {
  return to_diagnostics(core::plan_tunnels(parsed.config, {}).remarks);
}

std::vector<Diagnostic> to_diagnostics(const std::vector<TunnelRemark>& remarks) {
  std::vector<Diagnostic> diagnostics;
  diagnostics.reserve(remarks.size());
  for (const auto& remark : remarks) {
    diagnostics.push_back({remark.is_error ? Severity::Error : Severity::Warning, remark.position, remark.text});
  }
  return diagnostics;
}

}  // namespace rri::app
