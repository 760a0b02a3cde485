// tests/support/slower.h -- how much longer than usual things may take under a sanitizer.
#pragma once

namespace rri::testing {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kSlower = 30;
#else
inline constexpr int kSlower = 1;
#endif

}  // namespace rri::testing
