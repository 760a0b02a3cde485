#include "io/control/frame.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/text.h"
#include "io/control/limits.h"

namespace rri::control {

namespace {

constexpr std::size_t kHeaderBytes = 5;

/// The longest payload of a type that `side` may receive; nothing if it may not.
std::optional<std::size_t> longest_payload(FrameReader::Side side, char type) {
  const bool daemon = side == FrameReader::Side::Daemon;
  switch (static_cast<FrameType>(type)) {
    case FrameType::RunText:
    case FrameType::RunJson:
    case FrameType::OpenSession:
    case FrameType::SessionLine:
    case FrameType::SessionHelp:
    case FrameType::SessionComplete: return daemon ? std::optional(kMaxCommandBytes) : std::nullopt;
    case FrameType::Output:
    case FrameType::Message: return daemon ? std::nullopt : std::optional(kMaxOutputBytes);
    case FrameType::PromptChange:
    case FrameType::End: return daemon ? std::nullopt : std::optional(kMaxCommandBytes);
  }
  return std::nullopt;
}

}  // namespace

std::string encode_frame(FrameType type, std::string_view payload) {
  RRI_ASSERT(payload.size() <= kMaxOutputBytes);
  ByteWriter writer;
  writer.u8(static_cast<std::uint8_t>(type));
  writer.u32(static_cast<std::uint32_t>(payload.size()));
  writer.bytes(payload);
  return writer.take();
}

Result<std::optional<Frame>> FrameReader::next() {
  ByteReader reader(std::string_view(buffer_).substr(read_));
  const auto type = reader.u8();
  if (!type) return std::nullopt;
  const auto longest = longest_payload(side_, static_cast<char>(*type));
  if (!longest) return fail("read the control socket: byte {} begins no frame", *type);
  const auto length = reader.u32();
  if (!length) return std::nullopt;
  if (*length > *longest) return fail("read the control socket: a frame of {} bytes, at most {} allowed", *length, *longest);
  const auto payload = reader.take(*length);
  if (!payload) return std::nullopt;
  Frame frame{static_cast<FrameType>(*type), std::string(*payload)};
  read_ += kHeaderBytes + *length;
  if (read_ == buffer_.size() || read_ > kHighWaterBytes) {
    buffer_.erase(0, read_);
    read_ = 0;
  }
  return frame;
}

std::string render_status(const Status& status) {
  switch (status.kind) {
    case Status::Kind::Ok: return "ok";
    case Status::Kind::Failed: return fmt::format("failed {}", std::string_view(status.text).substr(0, kMaxCommandBytes / 2));
    case Status::Kind::Refused: return fmt::format("refused {}", std::string_view(status.text).substr(0, kMaxCommandBytes / 2));
    case Status::Kind::Invalid: return fmt::format("invalid {}", status.column);
    case Status::Kind::Incomplete: return "incomplete";
    case Status::Kind::Ambiguous: return fmt::format("ambiguous {}", status.column);
  }
  return {};
}

Result<Status> parse_status(std::string_view line) {
  const auto blank = line.find(' ');
  const auto word = line.substr(0, blank);
  const auto rest = blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1);
  if (word == "failed") return Status{Status::Kind::Failed, 0, std::string(rest)};
  if (word == "refused") return Status{Status::Kind::Refused, 0, std::string(rest)};
  if (word == "invalid") {
    const auto column = parse_number<std::uint32_t>(rest);
    if (column && *column > 0) return Status{Status::Kind::Invalid, *column, {}};
  }
  if (word == "ambiguous") {
    if (const auto column = parse_number<std::uint32_t>(rest)) return Status{Status::Kind::Ambiguous, *column, {}};
  }
  if (rest.empty() && word.size() == line.size()) {
    if (word == "ok") return Status{};
    if (word == "incomplete") return Status{Status::Kind::Incomplete, 0, {}};
  }
  return fail("read the control socket: '{}' is no status", printable(line.substr(0, 80)));
}

std::string render_prompt(const Prompt& prompt) {
  return fmt::format("{} {} {} {}", static_cast<char>(prompt.kind), prompt.length, prompt.width, prompt.text);
}

Result<Prompt> parse_prompt(std::string_view payload) {
  constexpr std::string_view kKinds = "ectsqkx";
  const auto bad = [&] { return fail("read the control socket: '{}' is no prompt", printable(payload.substr(0, 80))); };
  if (payload.size() < 2 || payload[1] != ' ' || kKinds.find(payload[0]) == std::string_view::npos) return bad();
  Prompt prompt;
  prompt.kind = static_cast<PromptKind>(payload[0]);
  payload.remove_prefix(2);
  for (auto* number : {&prompt.length, &prompt.width}) {
    const auto blank = payload.find(' ');
    const auto value = parse_number<std::uint32_t>(payload.substr(0, blank));
    if (!value || blank == std::string_view::npos) return bad();
    *number = *value;
    payload.remove_prefix(blank + 1);
  }
  prompt.text = payload;
  return prompt;
}

}  // namespace rri::control
