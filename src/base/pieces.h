// base/pieces.h -- an answer that is made piece by piece.
//
// `show crypto route` may have a million lines. Nobody makes them in one go on
// the event loop, and nobody keeps them all while a slow reader reads.
#pragma once

#include <functional>
#include <string>
#include <utility>

namespace rri {

/// Appends the next piece (some ten kilobytes at most) to `out`. False: that was
/// the last one, do not call again.
using Pieces = std::function<bool(std::string& out)>;

/// A short answer as a single piece.
inline Pieces one_piece(std::string text) {
  return [text = std::move(text)](std::string& out) {
    out += text;
    return false;
  };
}

/// All pieces at once, for tests and for answers that are known to be short.
inline std::string collect(Pieces pieces) {
  std::string out;
  while (pieces(out)) {
  }
  return out;
}

}  // namespace rri
