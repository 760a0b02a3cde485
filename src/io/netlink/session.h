// io/netlink/session.h -- everything behind Kernel but the event loop: sockets,
// tables and the queue of jobs, worked off in turns of bounded time.
//
// A turn reads notifications first, so that what is decided next rests on the
// newest state; then asks for paths; then goes on with the first job.
//
// A socket for each use: notifications, route writing, dumps, single questions, and
// the dump in the background. An overrun of one cannot lose an answer of another.
//
// In the background: the search for foreign routes next to ours after many were
// added. It reads whole tables, so it waits for a pause and gives way to jobs.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "io/loop/turns.h"
#include "io/netlink/dump.h"
#include "io/netlink/kernel.h"
#include "io/netlink/kernel_asker.h"
#include "io/netlink/link_table.h"
#include "io/netlink/own_routes.h"
#include "io/netlink/path_finder.h"
#include "io/netlink/route_writer.h"

namespace rri::netlink {

class Session {
 public:
  using Clock = std::chrono::steady_clock;

  static Result<std::unique_ptr<Session>> open(const Options& options, Kernel::Deliver deliver, Kernel::Log log);

  /// Readable when notifications wait.
  [[nodiscard]] int descriptor() const { return notifications_.descriptor(); }

  using Turn = io::Turns::Turn;
  Turn turn();

  PathFinder& paths() { return paths_; }
  void carry_out(core::RouteBatch batch);
  void dump_routes(const std::string& device);
  void renumber(std::uint8_t protocol);
  void announce_gone(const std::vector<KernelRoute>& routes);
  [[nodiscard]] std::string vrf_of_device(const std::string& device) const;
  [[nodiscard]] Status status() const;

 private:
  struct Sockets {
    Socket notifications, writer, dumps, questions, background;
  };
  struct DumpJob {
    Dump dump;
    std::function<void()> finish;
    std::function<void()> give_up;  // after an error; may be empty
    std::string what;               // "read the routes of device eth0"
    Clock::time_point not_before{};
    int attempts = 0;
  };
  struct BatchJob {
    core::RouteBatch batch;
    bool begun = false;
  };
  using Job = std::variant<BatchJob, DumpJob>;
  using Bytes = std::span<const std::uint8_t>;

  Session(Sockets sockets, const Options& options, Kernel::Deliver deliver, Kernel::Log log);

  // Notifications.
  bool read_notifications(Clock::time_point deadline);
  void on_message(const Message& message);
  void on_link_changes(LinkTable::Changes changes);
  void on_route(const Message& message);
  void on_own_route(const RouteMessage& route, bool present);
  void on_foreign_route(const RouteMessage& route, const PathFinder::RouteChange& change);
  void on_overrun(const char* why);
  void resync_when_due();

  // Jobs.
  void begin_resync();
  DumpJob links_job();
  DumpJob routes_job(const std::string& device);
  DumpJob routes_job(const std::string& device, std::function<void(core::RouteDump)> take);
  DumpJob table_job(const PathFinder::TableWanted& table);
  DumpJob foreign_job();
  /// Gives whether there is more to do at once.
  bool work_in_background(Clock::time_point deadline);
  void work_on_jobs(Clock::time_point deadline);
  bool work_on(BatchJob& job, Clock::time_point deadline);
  bool work_on(DumpJob& job, Clock::time_point deadline);
  void settle_kernel();

  // Foreign routes that hide ours, or share a key with them.
  void look_for_foreign(const core::BatchDone& done);
  void note_foreign(const RouteMessage& route, bool present);

  // FRR next to us.
  [[nodiscard]] bool is_frr_present() const;
  void note_other_distances(const core::BatchDone& done);
  void note_other_distance(const core::RouteOp& operation);
  void poke_frr(Clock::time_point deadline);

  void warn(std::string text) const;

  Options options_;
  Kernel::Deliver deliver_;
  Kernel::Log log_;
  Socket notifications_;
  Socket dumps_;
  Socket background_;
  KernelAsker asker_;
  LinkTable links_;
  OwnRoutes own_;
  RouteWriter writer_;
  PathFinder paths_;
  std::deque<Job> jobs_;
  Status status_;
  std::uint32_t dump_sequence_ = 1u << 31;
  bool changes_under_way_ = false;  // a link or address event: see KernelAsker
  std::optional<Clock::time_point> foreign_at_;  // when the search for foreign routes is due
  std::optional<DumpJob> foreign_;               // under way
  std::deque<KernelRoute> gone_;                 // for FRR to drop: see poke_frr()
  std::map<KernelKey, KernelRoute> beside_;      // written while another distance has the prefix, too
  std::map<KernelKey, KernelRoute> told_again_;  // for FRR to take up again: see note_other_distances()
  bool frr_seen_ = false;                        // a route with one of its protocol numbers
  bool resync_wanted_ = false;
  std::size_t resync_jobs_ = 0;     // of a resync, still to be done
  Clock::time_point resync_at_{};
  Clock::time_point last_resync_{};
  std::chrono::milliseconds resync_pause_{0};
};

}  // namespace rri::netlink
