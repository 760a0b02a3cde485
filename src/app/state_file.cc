#include "app/state_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace rri::app {

namespace {

/// Some hundred redundancy groups; anything longer is not ours.
constexpr std::size_t kMaxStateBytes = 256UL * 1024;

}  // namespace

Result<> StateFile::require_writable() const {
  if (::access(directory_.c_str(), W_OK | X_OK) == 0) return {};
  const auto cure = errno == ENOENT ? fmt::format("make it: `install -d {}`", directory_)
                                    : fmt::format("give it to this user: `chown {} {}`", ::geteuid(), directory_);
  return fail("write into the state directory {}: {} ({}, or name another with --state-dir)", directory_, std::strerror(errno), cure);
}

std::optional<std::string> StateFile::read() const {
  std::ifstream file(path_, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(kMaxStateBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Result<> StateFile::write(const std::string& text) const {
  const auto temporary = path_ + ".new";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << text;
    file.flush();
    if (!file) return fail("write {}: {}", temporary, std::strerror(errno));
  }
  if (std::rename(temporary.c_str(), path_.c_str()) != 0) return fail("rename {}: {}", temporary, std::strerror(errno));
  return {};
}

}  // namespace rri::app
