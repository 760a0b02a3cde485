#include "app/plan/input_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "app/plan/limits.h"

namespace rri::plan {
namespace {

Result<std::string> read_all(std::istream& in, const std::string& name) {
  std::string text;
  std::string chunk(std::size_t{1} << 16, '\0');
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0) {
    text.append(chunk, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMaxFileBytes) return fail("read {}: it is larger than {} bytes", name, kMaxFileBytes);
  }
  if (in.bad()) return fail("read {}: it cannot be read (is it a directory?)", name);
  return text;
}

}  // namespace

Result<std::string> read_input_file(const std::string& name) {
  if (name == "-") return read_all(std::cin, "standard input");
  std::ifstream file(name, std::ios::binary);
  if (!file) return fail("open {}: {}", name, std::strerror(errno));
  return read_all(file, name);
}

}  // namespace rri::plan
