#include "io/frr/codec.h"

#include <algorithm>

#include "io/frr/limits.h"

namespace rri::frr {
namespace {

constexpr std::string_view kEndOfAnswer("\0\0\0", 3);

}  // namespace

std::string encode_command(std::string_view line) {
  std::string bytes;
  bytes.reserve(line.size() + 1);
  std::copy_if(line.begin(), line.end(), std::back_inserter(bytes), [](char c) { return c != '\0' && c != '\n' && c != '\r'; });
  bytes += '\0';
  return bytes;
}

Result<std::optional<AnswerReader::Item>> AnswerReader::next() {
  const auto rest = std::string_view(buffer_).substr(begin_);
  const auto at = std::min(rest.find_first_of(std::string_view("\n\0", 2)), rest.size());
  if (at > kMaxLineBytes) return fail("read an answer of FRR: a line has more than {} bytes", kMaxLineBytes);
  const bool needs_more = at == rest.size() || (rest[at] == '\0' && at == 0 && rest.size() <= kEndOfAnswer.size());
  if (needs_more) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    return std::nullopt;
  }
  if (rest[at] == '\n' || at > 0) {  // a last line may lack its end
    begin_ += rest[at] == '\n' ? at + 1 : at;
    return Item{Line{rest.substr(0, at)}};
  }
  if (!rest.starts_with(kEndOfAnswer)) return fail("read an answer of FRR: a NUL is in its text");
  begin_ += kEndOfAnswer.size() + 1;
  return Item{End{static_cast<std::uint8_t>(rest[kEndOfAnswer.size()])}};
}

}  // namespace rri::frr
