// io/control/frame.h -- the language of the control socket.
//
// A Unix stream socket. Both sides send frames:
//
//   u8 type, u32 big-endian length of the payload, payload
//
//   client -> daemon   'x' run a command, answer as text      payload: the command line
//                      'j' run a command, answer as JSON      payload: the command line
//                      's' open a session                     payload: LENGTH WIDTH ORIGIN
//                      'l' a line typed in the session        payload: the line
//                      'h' `?` was typed                      payload: the line up to there
//                      't' TAB was typed                      payload: the line up to there
//   daemon -> client   'o' a piece of the answer              payload: bytes
//                      'p' what the session asks for next     payload: a prompt
//                      'e' the end of the answer              payload: a status line
//                      'm' a message, at any time             payload: bytes
//
// One answer for each command, in order: any number of 'o', for a frame of the
// session one 'p', then one 'e'. A session lives as long as its connection; the
// commands of 'x' and 'j' run in one too, without a prompt. A prompt is
//
//   KIND LENGTH WIDTH TEXT    KIND: one character (PromptKind); lines of a page, 0 for
//                             no paging; columns; what stands before the cursor
//
// A status line is one of
//
//   ok
//   failed TEXT           the command could not be carried out
//   refused TEXT          IOS's own words why not, one line or several
//   invalid COLUMN        the command line is wrong at this 1-based column
//   incomplete            words are missing
//   ambiguous COLUMN      a word is short for several commands; it ends before the
//                         column, 0 when that is not known
//
// A frame of another type, or one that is too long, ends the connection: who
// sends it does not speak this language, and there is no way back into step.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rri::control {

enum class FrameType : char {
  RunText = 'x',
  RunJson = 'j',
  OpenSession = 's',
  SessionLine = 'l',
  SessionHelp = 'h',
  SessionComplete = 't',
  Output = 'o',
  PromptChange = 'p',
  End = 'e',
  Message = 'm',
};

struct Frame {
  FrameType type{};
  std::string payload;

  friend bool operator==(const Frame&, const Frame&) = default;
};

/// The bytes of one frame. The payload must fit the bound of its type.
std::string encode_frame(FrameType type, std::string_view payload);

/// Cuts a byte stream into frames, however the bytes arrive.
class FrameReader {
 public:
  enum class Side : std::uint8_t { Daemon, Client };

  /// `side`: who reads. Only the frames that the other side may send are taken.
  explicit FrameReader(Side side) : side_(side) {}

  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /// The next whole frame; nothing while bytes are missing; an error when the
  /// stream is not this language, from then on for ever.
  Result<std::optional<Frame>> next();
  /// Bytes that wait for the rest of their frame.
  [[nodiscard]] std::size_t waiting() const { return buffer_.size() - read_; }

 private:
  Side side_;
  std::string buffer_;
  std::size_t read_ = 0;  // bytes of buffer_ that were given out
};

/// How a command ended.
struct Status {
  enum class Kind : std::uint8_t { Ok, Failed, Refused, Invalid, Incomplete, Ambiguous };
  Kind kind = Kind::Ok;
  std::uint32_t column = 0;  // Invalid, Ambiguous
  std::string text;          // Failed

  friend bool operator==(const Status&, const Status&) = default;
};

/// What a session asks for: decides how the reader's side treats the next line.
enum class PromptKind : char {
  Exec = 'e',      // a command; `|` begins a filter
  Config = 'c',    // a configuration line
  Text = 't',      // text of a banner: no help, no filter
  Secret = 's',    // not echoed
  Question = 'q',  // an answer, which is no command
  Confirm = 'k',   // one key
  Closed = 'x',    // the session is over
};

struct Prompt {
  PromptKind kind = PromptKind::Exec;
  std::uint32_t length = 24;
  std::uint32_t width = 80;
  std::string text;

  friend bool operator==(const Prompt&, const Prompt&) = default;
};

std::string render_prompt(const Prompt& prompt);
Result<Prompt> parse_prompt(std::string_view payload);

std::string render_status(const Status& status);
Result<Status> parse_status(std::string_view line);

}  // namespace rri::control
