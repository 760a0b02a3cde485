// io/netlink/kernel.h -- the Linux kernel as the controller sees it: one object
// that turns rtnetlink into core::Event and RouteBatch into routes.
//
// Threading: one thread, that of the io_context. Every event is delivered from
// the loop, never from inside a call to Kernel, so a receiver may call Kernel again.
//
// Order: batches and dumps are carried out strictly one after the other, in the
// order in which they were asked for. When a RouteDump is delivered, each batch
// was either carried out in full and answered before, or not begun.
//
// Losing sight: when the kernel dropped notifications (overrun), Kernel by itself
// delivers a fresh LinkList and RouteDump and asks for all watched paths again.
// The same RouteDump follows when a next-hop object goes or a VRF device comes or
// goes, because routes vanish or change their VRF then without a message.
//
// Names: a route in a table that belongs to no VRF device is shown in the VRF
// "table N"; a device that has gone is "if N". Both are understood in a Delete.
//
// Everything but status() does nothing before start() and after stop().
//
// Work per turn of the loop is bounded in time (limits.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/effects.h"
#include "core/events.h"
#include "core/ports.h"

namespace asio {
class io_context;
}

namespace rri::netlink {

struct Options {
  std::uint8_t protocol = 213;                  // rtm_protocol of our routes
  int notification_buffer_bytes = 32 << 20;     // SO_RCVBUFFORCE of the notification socket
  std::string frr_directory = "/var/run/frr";   // where zebra's socket is when FRR is around
};

/// Counted since start().
struct Status {
  bool in_sync = false;                  // no resync is waiting or running
  std::uint64_t notifications = 0;       // read, those about our own changes not counted
  std::uint64_t overruns = 0;            // times the kernel dropped notifications
  std::uint64_t malformed = 0;           // messages that did not parse
  std::uint64_t interrupted_dumps = 0;   // dumps begun again because the table changed
  std::uint64_t lost_acknowledgements = 0;
  std::uint64_t path_requests = 0;
  std::uint64_t operations = 0;          // route operations sent
  std::size_t watched_paths = 0;
  std::size_t own_routes = 0;            // keys of ours that are known to be in the kernel
  std::size_t jobs_waiting = 0;          // batches and dumps not finished
};

class Kernel : public core::RouteSink {
 public:
  using Deliver = std::function<void(core::Event)>;
  using Log = std::function<void(core::LogLine)>;

  Kernel(asio::io_context& loop, Options options, Deliver deliver, Log log);
  ~Kernel() override;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  /// Opens the sockets, joins the groups, and has the first LinkList and then the
  /// first RouteDump delivered from the loop. An error names the cure where it is
  /// a missing right.
  Result<> start();
  /// Closes everything; nothing is delivered after it. Routes stay.
  void stop();

  /// Delivers PathChanged once, and again whenever the answer changes.
  void watch(const core::PathQuery& query);
  void unwatch(const core::PathQuery& query);

  /// Answered by one BatchDone.
  void carry_out(core::RouteBatch batch) override;

  /// RouteDump of all routes of ours, or of those that leave by `device`.
  void dump_routes() override;
  void dump_device(const std::string& device) override;

  /// Another protocol number from now on. Routes of ours get it in place, which is answered
  /// by one BatchDone without a number.
  void renumber(std::uint8_t protocol);

  /// Where FRR is around: it drops these from its table and stops to advertise them.
  void announce_gone(const std::vector<KernelRoute>& routes) override;

  [[nodiscard]] core::SinkHealth health() const override;

  /// `ip route` lines that are standby only because of an RRI route: they are not
  /// in the table and still count as underlay. Replaces the list.
  void set_underlay_statics(std::vector<KernelRoute> routes);

  /// Keys of the `ip route` lines of the configuration. A route of ours that was
  /// adopted at start counts as underlay when its key is here; for routes that
  /// went through carry_out() their purpose decides. Replaces the list; after start().
  void set_static_keys(std::vector<KernelKey> keys);

  /// With `route frr`, routes of ours are in the kernel under FRR's protocol number:
  /// (is_there) this one is, and RRI's do not count as underlay. Without `purpose` the
  /// keys of set_static_keys() decide.
  struct FrrRoute {
    std::string vrf;
    Prefix prefix;
    std::optional<RouteKind> purpose;
    bool is_there = true;
  };
  void set_frr_route(const FrrRoute& route);

  /// The VRF that a device is in; kDefaultVrf for one that is not known.
  [[nodiscard]] std::string vrf_of_device(const std::string& device) const;

  [[nodiscard]] Status status() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rri::netlink
