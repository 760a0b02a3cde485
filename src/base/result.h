// base/result.h -- errors as values.
//
// The world (bad text, a refused route, a lost peer) is a Result<T>. A bug is
// an RRI_ASSERT (base/assert.h). There are no exceptions in our own code.
#pragma once

#include <fmt/core.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace rri {

/// Why something could not be done. The text completes "could not ...", and
/// names the object, the operation and the reason:
/// *install 10.1.0.0/24 in table RED: network is unreachable*.
struct Error {
  std::string text;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T = void>
using Result = tl::expected<T, Error>;

/// An Error ready to be returned from any function that gives a Result.
[[nodiscard]] inline tl::unexpected<Error> fail(std::string text) {
  return tl::make_unexpected(Error{std::move(text)});
}

template <class... Args>
[[nodiscard]] tl::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return tl::make_unexpected(Error{fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace rri
