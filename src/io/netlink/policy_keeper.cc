#include "io/netlink/policy_keeper.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <utility>

#include "io/loop/turns.h"
#include "io/netlink/codec.h"
#include "io/netlink/dump.h"
#include "io/netlink/hearing.h"
#include "io/netlink/limits.h"
#include "io/netlink/policy_diff.h"
#include "io/netlink/socket.h"
#include "io/netlink/xfrm_codec.h"

namespace rri::netlink {
namespace {

using Clock = io::Turns::Clock;

PolicyMessage to_message(const BlockPolicy& policy) {
  const auto& packets = policy.packets;
  PolicyMessage message;
  message.key.selector = {packets.source,
                          packets.destination,
                          packets.protocol,
                          packets.source_port.value,
                          packets.source_port.mask,
                          packets.destination_port.value,
                          packets.destination_port.mask,
                          packets.device,
                          kPolicyOwner};
  message.key.direction = static_cast<std::uint8_t>(PolicyDirection::Out);
  message.action = policy.action == BlockPolicy::Action::Allow ? PolicyAction::Allow : PolicyAction::Block;
  message.priority = policy.priority;
  return message;
}

bool is_ours(const PolicyKey& key) { return key.selector.user == kPolicyOwner; }

}  // namespace

class PolicyKeeper::Impl : public std::enable_shared_from_this<PolicyKeeper::Impl> {
 public:
  Impl(asio::io_context& loop, Callbacks callbacks) : turns_(loop), callbacks_(std::move(callbacks)) {}

  void keep(std::vector<BlockPolicy> policies) {
    wanted_.clear();
    for (const auto& policy : policies) {
      auto message = to_message(policy);
      wanted_.emplace(message.key, std::move(message));
    }
    status_.wanted = wanted_.size();
    status_.settled = false;
    is_told_ = true;
    look_again(Clock::now());
    if (!turns_.running()) return open();
    turns_.schedule();
  }

  void stop() { turns_.stop(); }

  [[nodiscard]] const PolicyStatus& status() const { return status_; }

 private:
  using Turn = io::Turns::Turn;

  void open() {
    auto opened = open_sockets();
    const auto why = opened ? std::string() : opened.error().text;
    if (!opened && why != status_.unavailable) {
      log(core::LogLine::Level::Warning, "fail-closed is not possible: could not " + why);
    }
    status_.unavailable = why;
  }

  Result<> open_sockets() {
    auto notifications = Socket::open_xfrm();
    auto requests = Socket::open_xfrm();
    if (!notifications) return tl::make_unexpected(notifications.error());
    if (!requests) return tl::make_unexpected(requests.error());
    notifications->ignore_changes_by(requests->port());
    if (auto joined = notifications->join(XFRMNLGRP_POLICY); !joined) return joined;
    notifications_.emplace(std::move(*notifications));
    requests_.emplace(std::move(*requests));
    return turns_.start(notifications_->descriptor(), [self = weak_from_this()] {
      const auto alive = self.lock();
      return alive ? alive->turn() : Turn{};
    });
  }

  void look_again(Clock::time_point when) { look_at_ = std::min(when, look_at_.value_or(when)); }

  Turn turn() {
    const auto deadline = Clock::now() + kJobTime;
    Turn turn;
    turn.more = read_notifications(deadline);
    if (look_at_ && *look_at_ <= Clock::now() && !dump_) begin_look();
    if (dump_) step_dump(deadline);
    while (!dump_ && at_ < operations_.size() && Clock::now() < deadline) send_some();
    if (!dump_ && at_ == operations_.size() && looking_) finish_look();
    turn.more = turn.more || looking_;
    turn.wake_at = look_at_;
    return turn;
  }

  // ---- hearing ------------------------------------------------------------

  bool read_notifications(Clock::time_point deadline) {
    const auto heard = hear(*notifications_, deadline, [this](const Message& message) { on_message(message); });
    if (heard.losses > 0) look_again(Clock::now() + kPolicyRepairPause);
    return heard.more;
  }

  void on_message(const Message& message) {
    const auto news = parse_xfrm(message);
    if (!news) return;
    const auto* policy = std::get_if<PolicyNews>(&*news);
    const auto* flush = std::get_if<FlushNews>(&*news);
    const bool concerns = policy != nullptr ? is_ours(policy->policy.key) : flush != nullptr && *flush == FlushNews::Policies;
    if (concerns) look_again(std::max(Clock::now(), last_look_ + kPolicyRepairPause));
  }

  // ---- a look: dump, compare, mend ------------------------------------------

  void begin_look() {
    look_at_.reset();
    looking_ = true;
    there_.clear();
    operations_.clear();
    at_ = 0;
    failures_ = 0;
    Dump::Steps steps;
    steps.requests = {[](RequestBuffer& request, std::uint32_t sequence) { write_policy_dump(request, sequence); }};
    steps.begin = [this] { there_.clear(); };
    steps.on_message = [this](const Message& message) {
      const auto news = parse_xfrm(message);
      const auto* policy = news ? std::get_if<PolicyNews>(&*news) : nullptr;
      if (policy == nullptr || policy->gone || !is_ours(policy->policy.key)) return;
      auto found = policy->policy;
      found.index = 0;
      there_.insert_or_assign(found.key, std::move(found));
    };
    dump_.emplace(std::move(steps));
  }

  void step_dump(Clock::time_point deadline) {
    switch (dump_->step(*requests_, sequence_, deadline)) {
      case Dump::Progress::Running:
      case Dump::Progress::Interrupted:
        return;
      case Dump::Progress::Failed:
        fail_look("could not read the XFRM policies: " + dump_->error());
        dump_.reset();
        return;
      case Dump::Progress::Finished:
        dump_.reset();
        break;
    }
    operations_ = diff_policies(wanted_, there_);
    if (!has_looked_) status_.adopted = there_.size();
  }

  void send_some() {
    const auto end = std::min(operations_.size(), at_ + kMaxPoliciesPerSend);
    MessageWriter request;
    const auto first = sequence_;
    for (auto i = at_; i < end; ++i) write_policy(request, operations_[i].change, sequence_++, operations_[i].policy);
    request.acknowledge_last();
    std::map<std::uint32_t, Acknowledgement> refused;
    if (const auto sent = requests_->send(request.bytes()); !sent) {
      fail_look("could not " + sent.error().text);
    } else if (!read_answers(sequence_ - 1, refused)) {
      fail_look("the kernel's answers were lost");
    }
    for (auto i = at_; i < end; ++i) {
      const auto answer = refused.find(first + static_cast<std::uint32_t>(i - at_));
      if (answer == refused.end()) {
        count(operations_[i].change);
      } else {
        on_refused(operations_[i], answer->second);
      }
    }
    at_ = end;
  }

  /// False when the answer to the last request did not come.
  bool read_answers(std::uint32_t last, std::map<std::uint32_t, Acknowledgement>& refused) {
    for (;;) {
      const auto read = requests_->read();
      if (read.kind != Socket::Read::Kind::Datagram) return false;
      MessageReader reader(read.datagram);
      while (const auto message = reader.next()) {
        if (message->type != NLMSG_ERROR) continue;
        const auto answer = parse_acknowledgement(*message);
        if (!answer) return false;
        if (answer->error != 0) refused.emplace(answer->sequence, *answer);
        if (answer->sequence == last) return true;
      }
    }
  }

  void count(PolicyChange change) {
    switch (change) {
      case PolicyChange::Add: ++status_.added; break;
      case PolicyChange::Update: ++status_.changed; break;
      case PolicyChange::Delete: ++status_.removed; break;
    }
  }

  void on_refused(const PolicyOperation& operation, const Acknowledgement& answer) {
    if (operation.change == PolicyChange::Delete && answer.error == ENOENT) return;
    const auto& selector = operation.policy.key.selector;
    const auto* verb = operation.change == PolicyChange::Delete ? "delete" : "add";
    fail_look(fmt::format("could not {} the block policy {} to {}: {}{}", verb, selector.source.to_string(),
                          selector.destination.to_string(), error_text(answer.error),
                          answer.extended.empty() ? "" : fmt::format(" ({})", answer.extended)));
  }

  void fail_look(std::string why) {
    if (failures_++ == 0) first_failure_ = std::move(why);
  }

  void finish_look() {
    looking_ = false;
    last_look_ = Clock::now();
    tell_look();
    status_.installed = wanted_.size() - std::min(wanted_.size(), failures_);
    if (failures_ > 0) {
      status_.failed += failures_;
      retry_pause_ = std::clamp(retry_pause_ * 2, kFirstPolicyRetry, kLongestPolicyRetry);
      look_again(last_look_ + retry_pause_);
      if (first_failure_ != status_.last_error) log(core::LogLine::Level::Warning, "fail-closed: " + first_failure_);
      status_.last_error = first_failure_;
      return;
    }
    status_.last_error.clear();
    retry_pause_ = {};
    if (look_at_) return;  // something happened meanwhile
    status_.settled = true;
    look_again(last_look_ + kPolicyAudit);
    if (callbacks_.settled) callbacks_.settled();
  }

  void tell_look() {
    std::size_t added = 0;
    std::size_t removed = 0;
    for (const auto& operation : operations_) {
      if (operation.change == PolicyChange::Add) ++added;
      if (operation.change == PolicyChange::Delete) ++removed;
    }
    const bool is_first = !std::exchange(has_looked_, true);
    const bool was_told = std::exchange(is_told_, false);
    if (!was_told && added > 0) {
      status_.repaired += added;
      log(core::LogLine::Level::Warning, fmt::format("fail-closed: {} block policies were removed by somebody else and are back", added));
    } else if (!operations_.empty() || (is_first && !there_.empty())) {
      log(core::LogLine::Level::Info,
          fmt::format("fail-closed: {} policies, {} of them new, {} changed, {} removed", wanted_.size(), added,
                      operations_.size() - added - removed, removed));
    }
  }

  void log(core::LogLine::Level level, std::string text) { callbacks_.log({level, std::move(text)}); }

  io::Turns turns_;
  Callbacks callbacks_;
  std::optional<Socket> notifications_;
  std::optional<Socket> requests_;
  std::uint32_t sequence_ = 1;
  Policies wanted_;
  PolicyStatus status_;

  std::optional<Clock::time_point> look_at_;
  Clock::time_point last_look_{};
  std::chrono::milliseconds retry_pause_{0};
  bool is_told_ = false;     // wanted_ was set since the last look began
  bool has_looked_ = false;

  // The look under way.
  bool looking_ = false;
  std::optional<Dump> dump_;
  Policies there_;
  std::vector<PolicyOperation> operations_;
  std::size_t at_ = 0;  // next operation
  std::size_t failures_ = 0;
  std::string first_failure_;
};

PolicyKeeper::PolicyKeeper(asio::io_context& loop, Callbacks callbacks)
    : impl_(std::make_shared<Impl>(loop, std::move(callbacks))) {}

PolicyKeeper::~PolicyKeeper() { impl_->stop(); }

void PolicyKeeper::keep(std::vector<BlockPolicy> policies) { impl_->keep(std::move(policies)); }

PolicyStatus PolicyKeeper::status() const { return impl_->status(); }

}  // namespace rri::netlink
