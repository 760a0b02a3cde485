// io/xfrm/watcher.h -- the live SAs of any IKE daemon, from the kernel's XFRM tables.
//
// For daemons that have no event interface of their own (SPEC.md 2.3, `ike xfrm`).
//
//   join groups --> dump policies and SAs --> read what waited meanwhile --> SaList
//        ^              on another socket                                      |
//        |                                                                     v
//        `-- overrun, flush, MIGRATE, audit --- notifications --> SaUp, SaDown
//
// Race-free: the groups are joined before the dump, and nothing is read of them
// while it runs. What a notification says twice changes nothing (sa_book.h).
// From an overrun or flush to the end of the dump that follows nothing is told, so
// that nothing is withdrawn for want of a message.
//
// Threading: everything runs on the io_context that is handed in; callbacks are
// called from there, never from inside a method.
// Failure: sockets that cannot be read or dumps that are refused are SourceLost, once,
// then attempts with growing pauses, then a fresh SaList. An IKE daemon that dies is
// no failure: its SAs stay in the kernel and carry traffic until they expire.
// Rights: CAP_NET_ADMIN. Keys pass through the sockets' buffers, which are wiped.
// Limits: limits.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/effects.h"
#include "core/events.h"
#include "model/ike_sa.h"

namespace asio {
class io_context;
}

namespace rri::xfrm {

struct Options {
  /// SO_RCVBUFFORCE of the notification socket: while a dump runs nothing is read.
  int notification_buffer_bytes = 32 << 20;
};

/// Counted since the start.
struct Status {
  bool connected = false;  // the first list is in, and sight was not lost since
  std::uint64_t notifications = 0;
  std::uint64_t lists = 0;      // full dumps
  std::uint64_t overruns = 0;   // times the kernel dropped notifications
  std::uint64_t malformed = 0;  // messages that did not parse
  std::size_t policies = 0;     // outbound tunnel policies
  std::size_t sas = 0;          // states of the kernel, both directions
  std::size_t tunnels = 0;      // told as SAs
  std::string last_error;       // "" while all is well
};

class Watcher {
 public:
  using EventCallback = std::function<void(core::Event)>;
  using LogCallback = std::function<void(core::LogLine)>;
  using ReportCallback = std::function<void(Result<std::vector<IkeSa>>)>;

  Watcher(asio::io_context& loop, Options options, EventCallback on_event, LogCallback on_log);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Opens the sockets. The first SaList comes from the loop. An error means that
  /// this kernel has no XFRM, or that a right is missing.
  Result<> start();
  /// Reads everything again; ends in a SaList.
  void refresh();
  /// Reads counters, SPIs, algorithms and lifetimes of all SAs that were told, by id.
  /// `done` is called once, from the loop; it is dropped with this object.
  void report(ReportCallback done);
  [[nodiscard]] Status status() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rri::xfrm
