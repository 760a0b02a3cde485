// io/control/path.h -- the name of a Unix socket as the kernel wants it.
#pragma once

#include <sys/un.h>

#include <cstring>
#include <string>

#include "base/result.h"

namespace rri::control {

/// Fails when the path is longer than the kernel's 107 bytes.
inline Result<sockaddr_un> make_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return fail("use the socket path '{}': it must have 1 to {} bytes", path, sizeof address.sun_path - 1);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

}  // namespace rri::control
