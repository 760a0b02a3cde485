// io/vici/charon_log.h -- charon's log as it goes by: why a tunnel did not come up.
//
// No other event tells of an IKE SA that never came up. charon raises `log` with the
// lines of its level 1, each with the IKE SA that it is about.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/vici/codec.h"

namespace rri::vici {

struct CharonLogLine {
  std::string connection;  // of the IKE SA; "(unnamed)" before charon has chosen one
  std::uint64_t ike = 0;
  std::string text;
};

/// The bytes of a connection that asks for the log and for nothing else.
class CharonLog {
 public:
  using OnLine = std::function<void(const CharonLogLine&)>;

  /// A connection was made. Gives what to send.
  std::string start();
  /// An error means that the stream is out of step.
  Result<> receive(std::string_view bytes, const OnLine& on_line);

 private:
  FrameReader frames_;
  MessageView message_;
};

}  // namespace rri::vici
