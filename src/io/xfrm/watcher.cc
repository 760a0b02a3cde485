#include "io/xfrm/watcher.h"

#include <fmt/core.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>

#include <algorithm>
#include <optional>

#include "io/loop/turns.h"
#include "io/netlink/codec.h"
#include "io/netlink/dump.h"
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
};

Result<Sockets> open_sockets(const Options& options) {
  auto notifications = Socket::open_xfrm();
  auto dumps = Socket::open_xfrm();
  for (const auto* socket : {&notifications, &dumps}) {
    if (!*socket) return tl::make_unexpected(socket->error());
  }
  notifications->set_receive_buffer(options.notification_buffer_bytes);
  for (const int group : kGroups) {
    if (auto joined = notifications->join(group); !joined) return tl::make_unexpected(joined.error());
  }
  return Sockets{std::move(*notifications), std::move(*dumps)};
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
    if (dump_) {
      turn.more = dump_at_ <= Clock::now();
      turn.wake_at = dump_at_;
    } else {
      turn.wake_at = list_at_ ? *list_at_ : audit_at_;
    }
    deliver();
    return turn;
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
    auto& socket = sockets_->notifications;
    while (Clock::now() < deadline) {
      const auto read = socket.read();
      switch (read.kind) {
        case Socket::Read::Kind::Datagram:
          on_datagram(read.datagram);
          break;
        case Socket::Read::Kind::Empty:
          return false;
        case Socket::Read::Kind::Overrun:
        case Socket::Read::Kind::Truncated:
          ++status_.overruns;
          want_list(Clock::now());
          break;
        case Socket::Read::Kind::Failed:
          failed("read XFRM notifications: " + netlink::error_text(read.error));
          want_list(Clock::now());
          return false;
      }
    }
    socket.forget();
    return true;
  }

  void on_datagram(std::span<const std::uint8_t> datagram) {
    netlink::MessageReader reader(datagram);
    while (const auto message = reader.next()) {
      ++status_.notifications;
      take(*message);
    }
    if (reader.malformed()) ++status_.malformed;
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
Status Watcher::status() const { return impl_->status(); }

}  // namespace rri::xfrm
