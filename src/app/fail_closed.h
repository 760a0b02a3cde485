// app/fail_closed.h -- from what the daemon hears to the block policies in the kernel.
//
// A configuration that closes the host's own way out takes effect a second late, so
// that the words about it reach a terminal on the other side of that way (decision 15).
//
// Plans anew (core/block_policy.h) after each configuration and each change of a
// device or of the ways to peers, once for all events of one turn, and hands the plan to the keeper
// (io/netlink/policy_keeper.h). Nothing is planned before the configuration and the
// first list of devices are in: a restart takes no policy out and puts it back.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "base/clock.h"
#include "core/block_policy.h"
#include "core/effects.h"
#include "core/events.h"
#include "io/netlink/policy_keeper.h"

namespace rri::app {

class FailClosed {
 public:
  struct Callbacks {
    std::function<void(core::LogLine)> log;
    std::function<void(const Notice&)> notice;            // each once, for as long as it holds
    std::function<void(const std::string&)> warn;         // for everybody who is at a terminal, and the log
    std::function<void(std::function<void()>)> post;      // runs a task from the loop, soon
    std::function<void(Millis, std::function<void()>)> after;
  };
  FailClosed(asio::io_context& loop, Callbacks callbacks);

  /// Looks at configurations and devices; ignores all other events.
  void on_event(const core::Event& event);

  /// Devices that routes of ours lead by, see core/way_out.h.
  void on_ways(const core::Effects& effects);

  /// `on-exit withdraw`: takes all policies out, and heeds no event any more.
  void withdraw();
  [[nodiscard]] bool is_withdrawn() const;

  /// "12 policies in the kernel, 3 put back", for `show rri`.
  [[nodiscard]] std::string summary() const;
  /// What cannot be closed now.
  [[nodiscard]] std::vector<Notice> notices() const;

 private:
  void plan_soon();
  void plan();
  void keep_later();
  void tell(const core::BlockPlan& plan);

  Callbacks callbacks_;
  netlink::PolicyKeeper keeper_;
  std::shared_ptr<const Config> config_;
  core::Host host_;
  std::set<core::WayOut> ways_;
  bool has_links_ = false;
  bool is_planning_ = false;
  bool is_configured_ = false;  // since the last plan
  bool is_held_ = false;        // last_ waits for its words to arrive
  bool is_over_ = false;
  std::shared_ptr<const core::BlockPlan> last_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rri::app
