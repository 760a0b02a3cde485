// io/frr/sink.h -- FRR's static routes as a RouteSink (`route frr`).
//
// Routes are typed into FRR's own configuration, as an operator would: over the vty
// socket of staticd (8.x), or of mgmtd, where newer releases keep the static routes.
// zebra's socket is held open too, for nothing but to see that zebra is there.
//
//   read back   the running configuration is read when FRR is met, before
//               something is written after a while, at each audit, and when the
//               kernel shows that somebody else changed a static route;
//   write       all batches that wait go in one transaction (XFRR_start_configuration:
//               line by line FRR takes a second for each line in the end). A line
//               that FRR refuses fails alone. A transaction that it refuses is read
//               back and tried in halves, so that one bad route fails alone;
//   ours        see static_table.h and ledger.h.
//
// Threading and order: as core/ports.h says, everything from the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/ports.h"

namespace asio {
class io_context;
}

namespace rri::frr {

struct SinkOptions {
  std::string directory = "/var/run/frr";
  std::string ledger;  // path of the file that remembers what is ours
};

/// Whose a static route of FRR is.
struct PathOwner {
  std::string vrf;
  Prefix prefix;
  std::optional<RouteKind> purpose;
  bool is_there = true;
};

struct SinkCallbacks {
  std::function<void(core::Event)> deliver;
  std::function<void(core::LogLine)> log;
  /// The VRF that a device is in.
  std::function<std::string(const std::string&)> vrf_of_device;
  /// A route of ours is in FRR's configuration (and so, soon, in the kernel), or is not.
  /// Without `purpose` it was found there.
  std::function<void(const PathOwner&)> on_route;
};

class Sink : public core::RouteSink {
 public:
  Sink(asio::io_context& loop, SinkOptions options, SinkCallbacks callbacks);
  ~Sink() override;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;

  /// Begins to connect, and goes on until the object goes.
  void start();

  void carry_out(core::RouteBatch batch) override;
  void dump_routes() override;
  void dump_device(const std::string& device) override;
  void announce_gone(const std::vector<KernelRoute>&) override {}
  [[nodiscard]] core::SinkHealth health() const override;

  /// The kernel shows a static route of FRR that came or went: perhaps not by us.
  void on_kernel_notice(const core::RouteNotice& notice);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace rri::frr
