// app/flush.h -- `rri flush`: every route of ours out of the kernel, every tunnel out of charon.
//
// For removing the program. Uses the same Kernel as the daemon: what it dumps as
// ours is deleted, and a second dump proves it.
#pragma once

#include <cstdint>
#include <string>

namespace rri::app {

struct FlushOptions {
  std::uint8_t protocol = 213;
  std::string vici = "/run/charon.vici";
  std::string socket;  // refused while a daemon answers here: it would put all back
};

/// 0 when no route of ours is left, else 1.
int run_flush(const FlushOptions& options);

}  // namespace rri::app
