#include "io/xfrm/watcher.h"

#include <fmt/core.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <vector>

#include "io/loop/turns.h"
#include "io/netlink/codec.h"
#include "io/netlink/dump.h"
#include "io/netlink/hearing.h"
#include "io/netlink/socket.h"
#include "io/netlink/xfrm_codec.h"
#include "io/xfrm/limits.h"
#include "io/xfrm/sa_book.h"

namespace rri::xfrm {
namespace {

using Clock = io::Turns::Clock;
using netlink::Dump;
using netlink::Message;
using netlink::Socket;

constexpr int kGroups[] = {XFRMNLGRP_POLICY, XFRMNLGRP_SA, XFRMNLGRP_EXPIRE, XFRMNLGRP_MIGRATE};

struct Sockets {
  Socket notifications;
  Socket dumps;
  Socket reports;
};

Result<Sockets> open_sockets(const Options& options) {
  auto notifications = Socket::open_xfrm();
  auto dumps = Socket::open_xfrm();
  auto reports = Socket::open_xfrm();
  for (const auto* socket : {&notifications, &dumps, &reports}) {
    if (!*socket) return tl::make_unexpected(socket->error());
  }
  notifications->set_receive_buffer(options.notification_buffer_bytes);
  for (const int group : kGroups) {
    if (auto joined = notifications->join(group); !joined) return tl::make_unexpected(joined.error());
  }
  return Sockets{std::move(*notifications), std::move(*dumps), std::move(*reports)};
}

}  // namespace

class Watcher::Impl : public std::enable_shared_from_this<Watcher::Impl> {
 public:
  Impl(asio::io_context& loop, Options options, EventCallback on_event, LogCallback on_log)
      : options_(options), on_event_(std::move(on_event)), on_log_(std::move(on_log)), turns_(loop) {}

  Result<> start() {
    auto opened = open_sockets(options_);
    if (!opened) return not_started(opened.error());
    sockets_.emplace(std::move(*opened));
    auto started = turns_.start(sockets_->notifications.descriptor(), [weak = weak_from_this()] {
      const auto self = weak.lock();
      return self ? self->turn() : io::Turns::Turn{};
    });
    return started ? started : not_started(started.error());
  }
  void stop() { turns_.stop(); }
  void refresh() {
    want_list(Clock::now());
    turns_.schedule();
  }

  void report(ReportCallback done) {
    if (!turns_.running()) return done(fail("read the kernel's SAs: {}", status_.last_error));
    waiting_.push_back(std::move(done));
    if (waiting_.size() == 1) begin_report();
    turns_.schedule();
  }

  [[nodiscard]] Status status() const {
    auto status = status_;
    status.policies = book_.policies();
    status.sas = book_.states();
    status.tunnels = book_.tunnels();
    return status;
  }

 private:
  Result<> not_started(const Error& error) {
    status_.last_error = error.text;
    return tl::make_unexpected(error);
  }

  io::Turns::Turn turn() {
    const auto now = Clock::now();
    io::Turns::Turn turn;
    if (now >= audit_at_) want_list(now);
    if (!dump_ && list_at_ && *list_at_ <= now) begin_dump();
    if (dump_ && dump_at_ <= now) step_dump(now);
    if (!dump_) turn.more = read_notifications(now + kReadTime);
    // What waits is newer than what was read, and than a dump: it is told together,
    // unless it never ends.
    if (!turn.more || dump_ || list_at_) busy_since_.reset();
    if (turn.more && !busy_since_) busy_since_ = now;
    if (!dump_ && !list_at_ && (!turn.more || now - *busy_since_ > kLongestSilence)) tell();
    if (report_) step_report();
    if (dump_) {
      turn.more = dump_at_ <= Clock::now();
      turn.wake_at = dump_at_;
    } else {
      turn.wake_at = list_at_ ? *list_at_ : audit_at_;
    }
    turn.more = turn.more || report_;
    deliver();
    return turn;
  }

  // ---- for people --------------------------------------------------------------

  void begin_report() {
    Dump::Steps steps;
    steps.requests = {netlink::write_sa_dump};
    steps.begin = [this] { details_.clear(); };
    steps.on_message = [this](const Message& message) {
      if (const auto details = netlink::parse_sa_details(message)) details_.take(*details);
    };
    report_.emplace(std::move(steps));
  }

  void step_report() {
    const auto progress = report_->step(sockets_->reports, report_sequence_, Clock::now() + kReportTime);
    sockets_->reports.forget();
    if (progress == Dump::Progress::Running) return;
    if (progress == Dump::Progress::Interrupted && report_->interruptions() < kMaxReportRestarts) return;
    auto sas = progress == Dump::Progress::Finished
                   ? Result<std::vector<IkeSa>>(book_.report(details_, static_cast<std::uint64_t>(std::time(nullptr))))
                   : fail("read the kernel's SAs: {}", report_->error().empty() ? "they change too fast" : report_->error());
    report_.reset();
    details_.clear();
    for (const auto& done : std::exchange(waiting_, {})) done(sas);
  }

  // ---- lists -----------------------------------------------------------------

  void want_list(Clock::time_point now) {
    if (list_at_) return;
    pause_ = now - last_list_ > kPauseForgotten
                 ? kFirstPause
                 : std::min<std::chrono::milliseconds>(2 * pause_, kLongestPause);
    list_at_ = now + pause_;
  }

  void begin_dump() {
    list_at_.reset();
    audit_at_ = Clock::now() + kAuditInterval;
    Dump::Steps steps;
    steps.requests = {netlink::write_policy_dump, netlink::write_sa_dump};
    steps.begin = [this] { book_.begin_list(); };
    steps.on_message = [this](const Message& message) { take(message); };
    dump_.emplace(std::move(steps));
    dump_at_ = Clock::now();
  }

  void step_dump(Clock::time_point now) {
    const auto progress = dump_->step(sockets_->dumps, sequence_, now + kDumpTime);
    sockets_->dumps.forget();
    switch (progress) {
      case Dump::Progress::Running:
        return;
      case Dump::Progress::Interrupted:
        dump_at_ = Clock::now() + kFirstPause;
        return;
      case Dump::Progress::Finished:
        listing_ = true;
        last_list_ = Clock::now();
        break;
      case Dump::Progress::Failed:
        failed("read XFRM policies and SAs: " + dump_->error());
        last_list_ = Clock::now();
        want_list(last_list_);
        break;
    }
    dump_.reset();
  }

  void tell() {
    busy_since_.reset();
    if (!listing_) return book_.tell(out_);
    listing_ = false;
    ++status_.lists;
    status_.connected = true;
    status_.last_error.clear();
    book_.tell_list(out_);
  }

  void failed(std::string text) {
    if (status_.last_error != text) out_.log.push_back({core::LogLine::Level::Warning, "could not " + text});
    status_.last_error = std::move(text);
    status_.connected = false;
    book_.tell_lost(out_);
  }

  // ---- notifications -----------------------------------------------------------

  /// Gives whether more wait.
  bool read_notifications(Clock::time_point deadline) {
    const auto heard = netlink::hear(sockets_->notifications, deadline, [this](const Message& message) { take(message); });
    status_.notifications += heard.messages;
    status_.malformed += heard.malformed;
    status_.overruns += heard.losses;
    if (heard.failed) failed("read XFRM notifications: " + heard.loss);
    if (heard.losses > 0) want_list(Clock::now());
    return heard.more;
  }

  void take(const Message& message) {
    // MIGRATE changes endpoints of many policies and SAs with one message.
    if (message.type == XFRM_MSG_MIGRATE) return want_list(Clock::now());
    const auto news = netlink::parse_xfrm(message);
    if (!news) return;
    if (std::holds_alternative<netlink::FlushNews>(*news)) return want_list(Clock::now());
    book_.take(*news);
  }

  void deliver() {
    auto out = std::exchange(out_, {});
    for (auto& line : out.log) on_log_(std::move(line));
    for (auto& event : out.events) {
      if (!turns_.running()) return;  // given up by a receiver
      on_event_(std::move(event));
    }
  }

  Options options_;
  EventCallback on_event_;
  LogCallback on_log_;
  std::optional<Sockets> sockets_;
  SaBook book_;
  Output out_;
  Status status_;
  std::optional<Dump> dump_;
  Clock::time_point dump_at_{};  // its next step
  std::uint32_t sequence_ = 1;
  std::vector<ReportCallback> waiting_;  // for the report that is being made
  std::optional<Dump> report_;
  SaReport details_;
  std::uint32_t report_sequence_ = 1;
  bool listing_ = false;                                            // a dump is in and was not told
  std::optional<Clock::time_point> list_at_ = Clock::time_point{};  // when the next is due
  Clock::time_point last_list_{};
  std::optional<Clock::time_point> busy_since_;  // news wait behind what was read, since then
  Clock::time_point audit_at_ = Clock::time_point::max();
  std::chrono::milliseconds pause_ = kFirstPause;
  io::Turns turns_;
};

Watcher::Watcher(asio::io_context& loop, Options options, EventCallback on_event, LogCallback on_log)
    : impl_(std::make_shared<Impl>(loop, options, std::move(on_event), std::move(on_log))) {}
Watcher::~Watcher() { impl_->stop(); }
Result<> Watcher::start() { return impl_->start(); }
void Watcher::refresh() { impl_->refresh(); }
void Watcher::report(ReportCallback done) { impl_->report(std::move(done)); }
Status Watcher::status() const { return impl_->status(); }

}  // namespace rri::xfrm
