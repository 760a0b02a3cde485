#include "app/startup.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

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

}  // namespace rri::app
