// Bytes of keepalived's notify FIFO.
//
// Oracles: however the bytes are cut, the same lines come out; no line is longer
// than the bound; a line that was understood reads the same when written again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "io/keepalived/notify.h"

namespace {

using namespace rri::keepalived;

std::vector<std::string> cut_in_steps(std::string_view bytes, std::size_t step) {
  LineCutter cutter;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    for (auto& line : cutter.feed(bytes.substr(i, step))) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto lines = cut_in_steps(bytes, bytes.size() + 1);
  RRI_ASSERT(lines == cut_in_steps(bytes, 1 + data[0] % 16));
  for (const auto& line : lines) {
    RRI_ASSERT(line.size() <= 512);
    const auto parsed = parse_notify_line(line);
    if (!parsed) continue;
    const auto written = "INSTANCE \"" + parsed->name + "\" " + std::string(to_string(parsed->word)) + " 1";
    RRI_ASSERT(parse_notify_line(written) == parsed);
  }
  return 0;
}
