// Bytes of the control socket: frames, status lines, and the command lines in them.
//
// Oracles: however a stream is cut, the same frames come out, and then the same
// end; what was read is written again byte for byte; a status that was read
// reads the same when written; a command line gives an answer whose caret stands
// inside the line or just behind it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "io/control/frame.h"
#include "shell/exec_grammar.h"
#include "shell/pipe.h"

namespace {

using namespace rri;
using namespace rri::control;

struct Outcome {
  std::vector<Frame> frames;
  bool broken = false;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome read_in_steps(FrameReader::Side side, std::string_view bytes, std::size_t step) {
  Outcome outcome;
  FrameReader reader(side);
  for (std::size_t i = 0; i < bytes.size() && !outcome.broken; i += step) {
    reader.feed(bytes.substr(i, step));
    while (true) {
      auto frame = reader.next();
      outcome.broken = !frame;
      if (!frame || !*frame) break;
      outcome.frames.push_back(std::move(**frame));
    }
  }
  return outcome;
}

void check_command(std::string_view line) {
  const auto piped = shell::split_pipe(line);
  if (!piped) {
    RRI_ASSERT(piped.error().column <= line.size() + 1);
    return;
  }
  const auto match = shell::match_exec(piped->command);
  if (match) return;
  RRI_ASSERT(match.error().column <= piped->command.size() + 1);
  const bool has_caret = match.error().reason == shell::ExecMisfit::Reason::Invalid;
  const char first = !has_caret ? '%' : match.error().column > 1 ? ' ' : '^';
  RRI_ASSERT(shell::render_misfit(match.error(), line, 0).front() == first);
}

void check_prompt(std::string_view payload) {
  const auto prompt = parse_prompt(payload);
  if (prompt) RRI_ASSERT(parse_prompt(render_prompt(*prompt)) == *prompt);
}

void check_status(std::string_view line) {
  check_prompt(line);
  const auto status = parse_status(line);
  if (status) RRI_ASSERT(parse_status(render_status(*status)).has_value());
}

void check_stream(FrameReader::Side side, std::string_view bytes, std::size_t step) {
  const auto whole = read_in_steps(side, bytes, bytes.size() + 1);
  RRI_ASSERT(whole == read_in_steps(side, bytes, step));
  std::string written;
  for (const auto& frame : whole.frames) {
    written += encode_frame(frame.type, frame.payload);
    side == FrameReader::Side::Daemon ? check_command(frame.payload) : check_status(frame.payload);
  }
  RRI_ASSERT(bytes.substr(0, written.size()) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t step = 1 + data[0] % 16;
  check_stream(FrameReader::Side::Daemon, bytes, step);
  check_stream(FrameReader::Side::Client, bytes, step);
  check_command(bytes);
  check_status(bytes);
  return 0;
}
