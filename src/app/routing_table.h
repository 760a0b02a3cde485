// app/routing_table.h -- where routes go: into the kernel, or into FRR (`route frr`).
//
// The kernel is there in both cases, for links, addresses and the underlay. With
// `route frr` the sink is FRR, and the kernel's view is sorted out here:
//
//   - FRR's static routes (protocol 196) are no foreign routes: some are ours, and
//     of the others FRR itself tells. They are hints that something changed;
//   - routes of ours in the kernel are left over from `route kernel`: they go when
//     FRR has what is wanted, so that there is no gap.
//
// The other way round, static routes in FRR that the ledger remembers go when the
// kernel has what is wanted.
//
// The setting may change while we run. The controller then hears what a table does that
// goes out of reach and comes back as another one: what was under way is answered
// NotDone, and after the new table's dump it begins anew. Another protocol number is
// written over the old one, route by route, without a gap; a state file remembers it, so
// that it may change while rrid does not run. To another FRR directory the way leads over
// the kernel, so that the former one is emptied.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/state_file.h"
#include "core/ports.h"
#include "io/frr/sink.h"
#include "io/netlink/kernel.h"
#include "model/config.h"

namespace rri::app {

/// The file that remembers which static routes of FRR are ours.
std::string ledger_path(const std::string& state_dir);

class RoutingTable {
 public:
  struct Callbacks {
    std::function<void(const core::Event&)> deliver;
    std::function<void(const core::LogLine&)> log;
    /// Whether all that is wanted is in the table, and nothing is unknown.
    std::function<bool()> is_settled;
  };

  RoutingTable(asio::io_context& loop, const Settings& settings, const std::string& state_dir, Callbacks callbacks);

  Result<> start();
  netlink::Kernel& kernel() { return kernel_; }
  /// Another `route` setting.
  void use(const Settings& settings);
  void carry_out(core::RouteBatch batch);
  core::RouteSink& sink();
  [[nodiscard]] core::SinkHealth health() const { return uses_frr() ? frr_->health() : kernel_.health(); }
  /// Takes out what another setting of `route` left behind, when its time has come.
  /// Call it now and then.
  void remove_leftovers();

 private:
  [[nodiscard]] bool uses_frr() const { return frr_ != nullptr && !is_draining_; }
  void on_kernel_event(const core::Event& event);
  void on_frr_event(const core::Event& event);
  void on_kernel_is_the_table_again(const core::RouteDump& dump);
  void deliver(const core::Event& event);
  void begin_anew(std::string trouble);
  void go_out_of_reach(const std::string& trouble);
  void renumber(std::uint8_t protocol);
  void follow_wish();
  void drain_frr();
  void fill_frr(const std::string& directory);
  void keep_protocol() const;
  frr::SinkCallbacks frr_callbacks();

  asio::io_context& loop_;
  Callbacks callbacks_;
  frr::SinkOptions frr_options_;
  StateFile protocol_file_;
  decltype(Settings::route) wanted_;
  std::uint8_t protocol_;  // of our routes in the kernel
  netlink::Kernel kernel_;
  std::unique_ptr<frr::Sink> frr_;
  bool is_draining_ = false;  // FRR is here only to be emptied
  bool is_drained_ = false;
  bool is_renumbering_ = false;
  bool is_returning_ = false;  // to the kernel, whose dump is not in yet
  std::map<std::uint64_t, std::size_t> unanswered_;  // batch: its operations
  std::vector<KernelRoute> leftovers_;
};

/// Deletes these, for a sink whose controller does not know of them.
core::RouteBatch deletion_of(const std::vector<KernelRoute>& routes);

}  // namespace rri::app
