// io/frr/codec.h -- what travels over the vty socket of an FRR daemon. Pure.
//
// A command is its text and a NUL. The answer is text, three NULs and one status
// byte: 0 done, else a CMD_* code of FRR's lib/command.h (2: unknown command). The
// text comes line by line, because the running configuration may be very long.
// There is no banner. A status of 0 does not always mean that it worked: a failed
// commit is told in the text alone ("% Configuration failed.").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace rri::frr {

/// The bytes of one command. NULs and line ends, which no line of ours has, are left out.
std::string encode_command(std::string_view line);

/// Cuts the bytes that a daemon sends into lines and ends of answers.
class AnswerReader {
 public:
  struct Line {
    std::string_view text;  // without its line end; valid until the next call
  };
  struct End {
    std::uint8_t status = 0;
  };
  using Item = std::variant<Line, End>;

  void feed(std::string_view bytes) { buffer_.append(bytes); }
  /// The next item; nothing until more bytes come. A line that is too long, or a NUL
  /// where none belongs, is an error: this is not an FRR daemon.
  Result<std::optional<Item>> next();

 private:
  std::string buffer_;
  std::size_t begin_ = 0;  // of what was not given yet
};

}  // namespace rri::frr
