// base/assert.h -- assertions that stay on in release builds.
//
// A bug aborts: a restart is safe (DESIGN.md invariant 12), going on is not.
#pragma once

#include <cstdio>
#include <cstdlib>

#define RRI_ASSERT(condition)                                                         \
  do {                                                                                \
    if (!(condition)) {                                                               \
      std::fprintf(stderr, "%s:%d: bug: %s does not hold\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                   \
    }                                                                                 \
  } while (false)
