#include "app/startup.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "app/render_swanctl.h"
#include "config/limits.h"

namespace rri::app {

Result<std::string> read_config_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) < 0) return fail("read {}: {}", path, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) return fail("read {}: it is a directory", path);
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("read {}: {}", path, std::strerror(errno));
  std::string text;
  std::array<char, 65536> part;
  do {
    file.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxTextBytes) return fail("read {}: it is longer than {} bytes", path, kMaxTextBytes);
  } while (file);
  if (file.bad()) return fail("read {}: {}", path, std::strerror(errno));
  return text;
}

int check_config(const std::string& path) {
  const auto text = read_config_file(path);
  if (!text) {
    std::fprintf(stderr, "rrid: could not %s\n", text.error().text.c_str());
    return 1;
  }
  const auto parsed = parse_document(*text);
  for (const auto& diagnostic : parsed.diagnostics) {
    std::fprintf(stderr, "%s\n", render_diagnostic(diagnostic, path).c_str());
  }
  // What strongSwan cannot do of it; the text itself is right.
  const auto* strongswan = std::get_if<StrongSwanSource>(&parsed.config.settings.ike);
  if (strongswan != nullptr && !strongswan->observe) {
    for (auto remark : swanctl_remarks(parsed)) {
      remark.severity = Severity::Warning;
      std::fprintf(stderr, "%s\n", render_diagnostic(remark, path).c_str());
    }
  }
  return has_errors(parsed.diagnostics) ? 1 : 0;
}

}  // namespace rri::app
