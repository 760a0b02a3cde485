// app/daemon.h -- rrid: everything wired together.
//
//   VICI client ──┐                                  ┌── Kernel (routes, watched paths)
//   Kernel ───────┤                                  ├── host resolver
//   notify FIFO ──┼── event ─► Controller ─► effects ┼── log
//   timers ───────┤                                  └── timer
//   control ──────┘
//
// One thread, one loop. Every event goes through handle(); what follows from it
// is carried out by carry_out(), and nothing else changes anything. The
// controller decides; this file only connects.
#pragma once

#include <memory>

#include "app/options.h"
#include "base/result.h"

namespace rri::app {

class Daemon {
 public:
  /// Opens all that must be there: configuration, control socket, state
  /// directory. After that only CAP_NET_ADMIN is left of our rights. An error
  /// makes starting impossible, and names the cure.
  static Result<Daemon> open(const DaemonOptions& options);

  Daemon(Daemon&&) noexcept;
  Daemon& operator=(Daemon&&) noexcept;
  ~Daemon();

  /// Runs until SIGTERM or SIGINT. Gives the exit status.
  int run();

 private:
  struct State;
  explicit Daemon(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace rri::app
