// base/pieces.h -- an answer that is made piece by piece.
//
// `show crypto route` may have a million lines. Nobody makes them in one go on
// the event loop, and nobody keeps them all while a slow reader reads.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace rri {

/// Appends the next piece (some ten kilobytes at most, perhaps nothing yet) to `out`.
/// False: that was the last one, do not call again.
using Pieces = std::function<bool(std::string& out)>;

/// A short answer as a single piece.
inline Pieces one_piece(std::string text) {
  return [text = std::move(text)](std::string& out) {
    out += text;
    return false;
  };
}

/// An answer that takes some reading first: `step` is called until it gives false, then
/// comes what `make` gives. A step costs the loop well under a millisecond.
inline Pieces prepared(std::function<bool()> step, std::function<Pieces()> make) {
  return [step = std::move(step), make = std::move(make), made = Pieces()](std::string& out) mutable {
    if (made) return made(out);
    if (!step()) made = make();
    return true;
  };
}

/// One answer behind the other.
inline Pieces joined(std::vector<Pieces> parts) {
  return [parts = std::move(parts), next = std::size_t{0}](std::string& out) mutable {
    if (next < parts.size() && !parts[next](out)) parts[next++] = nullptr;
    return next < parts.size();
  };
}

/// A long text that is there already, a slice at a time.
inline Pieces sliced(std::string text) {
  constexpr std::size_t kSlice = 32768;
  return [text = std::move(text), at = std::size_t{0}](std::string& out) mutable {
    out.append(text, at, kSlice);
    at += kSlice;
    return at < text.size();
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
