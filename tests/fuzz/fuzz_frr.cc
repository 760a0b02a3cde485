// Bytes of an FRR daemon, its configuration lines, and our ledger.
//
// Oracles: however the bytes are cut, the same items come out; a line that we would
// write reads back as the same path; a ledger never fails.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "io/frr/codec.h"
#include "io/frr/ledger.h"
#include "io/frr/static_path.h"

namespace {

using namespace rri::frr;

std::vector<std::string> cut_in_steps(std::string_view bytes, std::size_t step) {
  AnswerReader reader;
  std::vector<std::string> items;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    reader.feed(bytes.substr(at, step));
    for (;;) {
      auto item = reader.next();
      if (!item) return items;
      if (!*item) break;
      if (const auto* line = std::get_if<AnswerReader::Line>(&**item)) items.push_back("line " + std::string(line->text));
      if (const auto* end = std::get_if<AnswerReader::End>(&**item)) items.push_back("end " + std::to_string(end->status));
    }
  }
  return items;
}

/// A last line may be cut where its bytes were: joined, the pieces are the same.
std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text += item + "\n";
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  RRI_ASSERT(joined(cut_in_steps(bytes, bytes.size() + 1)) == joined(cut_in_steps(bytes, 1 + data[0] % 16)));
  ConfigReader reader;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto end = std::min(bytes.find('\n', at), bytes.size());
    const auto path = reader.read(bytes.substr(at, end - at));
    if (path && !path->has_more) RRI_ASSERT(parse_path(render_path(*path), "default") == path);
    at = end + 1;
  }
  const auto ledger = parse_ledger(bytes);
  RRI_ASSERT(ledger.identities.size() <= ledger.lines);
  return 0;
}
