#include "io/frr/sink.h"

#include <unistd.h>

#include <algorithm>
#include <deque>
#include <set>
#include <variant>

#include "base/text.h"
#include "io/frr/ledger.h"
#include "io/frr/limits.h"
#include "io/frr/static_table.h"
#include "io/frr/vty.h"

namespace rri::frr {
namespace {

using Clock = std::chrono::steady_clock;
using core::OpOutcome;
using Level = core::LogLine::Level;

constexpr std::uint8_t kUnknownCommand = 2;  // CMD_ERR_NO_MATCH
constexpr std::string_view kCommitFailed = "% Configuration failed";
/// Commands around the lines of a transaction: two before, two behind.
constexpr std::size_t kOpening = 2;

/// Identities that FRR lacks are remembered this long after it was met: its saved
/// configuration may come some time after its daemons (`vtysh -b`).
constexpr std::chrono::minutes kSettled{10};

/// FRR's words in one line: without "% ", without what it says of the whole transaction.
std::string words_of(const Answer& answer) {
  constexpr std::string_view kDescription = "Error description: ";
  std::string_view text = answer.text;
  if (const auto at = text.find(kDescription); at != std::string_view::npos) text.remove_prefix(at + kDescription.size());
  text = text.substr(0, text.find('\n'));
  if (text.starts_with("% ")) text.remove_prefix(2);
  return text.empty() ? fmt::format("FRR refused it with status {}", answer.status) : "FRR: " + printable(text);
}

}  // namespace

class Sink::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& loop, SinkOptions options, SinkCallbacks callbacks)
      : options_(std::move(options)), callbacks_(std::move(callbacks)), ledger_(options_.ledger),
        table_(callbacks_.vrf_of_device), retry_(loop), zebra_retry_(loop), hint_(loop), turn_(loop), away_(loop),
        vty_(loop, [this](std::int32_t pid) { on_connected(pid); }, [this](const Error& reason) { on_lost(reason); }),
        zebra_(loop, [this](std::int32_t) { on_zebra(true); }, [this](const Error&) { on_zebra(false); }) {}

  void start();
  void stop();
  void carry_out(core::RouteBatch batch);
  void dump(const std::string& device);
  void on_kernel_notice(const core::RouteNotice& notice);
  [[nodiscard]] core::SinkHealth health() const;

 private:
  struct DumpJob {
    std::string device;
  };
  using Job = std::variant<core::RouteBatch, DumpJob>;
  /// One operation of a batch of the group that is being written.
  struct Piece {
    std::size_t batch = 0;
    std::size_t index = 0;
  };
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  /// One operation of the transaction under way.
  struct Sent {
    Piece piece;
    std::size_t lines = 0;
    std::vector<std::string> gained;
    std::vector<std::string> lost;
  };

  // Being there.
  void connect();
  void connect_zebra();
  void on_connected(std::int32_t pid);
  void on_lost(const Error& reason);
  void on_zebra(bool is_there);
  void look_for_staticd();
  void tell_state();
  void answer_all_not_done();

  // Reading back.
  void read_back();
  void on_read(std::size_t known_before, const std::vector<KernelRoute>& before);
  void note_saved(std::size_t known_before);
  void tell_owners(const std::vector<KernelRoute>& before, const std::vector<KernelRoute>& now);
  [[nodiscard]] bool is_stale() const;

  // Writing.
  void schedule();
  void work();
  void begin_group();
  void write_next();
  void write(Range range);
  void try_in_halves(Range range);
  void on_written(Range range, const std::vector<Answer>& answers);
  void settle(const Sent& sent, std::size_t first_line, const std::vector<Answer>& answers);
  void fail(const Piece& piece, OpOutcome outcome, std::string text);
  void finish_group();
  [[nodiscard]] const core::RouteOp& operation(const Piece& piece) const { return group_[piece.batch].operations[piece.index]; }
  void keep(const Result<>& written);
  void warn(std::string text) { callbacks_.log({Level::Warning, std::move(text)}); }

  SinkOptions options_;
  SinkCallbacks callbacks_;
  Ledger ledger_;
  StaticTable table_;
  Alarm retry_;
  Alarm zebra_retry_;
  Alarm hint_;
  Alarm turn_;   // work() from the loop
  Alarm away_;   // answers while FRR is away
  Vty vty_;
  Vty zebra_;

  bool running_ = false;
  bool locks_ = false;         // mgmtd, and it knows `file-lock`
  bool connected_ = false;     // greeted and read back once
  bool busy_ = false;          // an exchange is under way
  bool scheduled_ = false;
  std::optional<bool> zebra_there_;  // nothing: not known yet
  bool statics_away_ = false;        // zebra came back, and staticd has not met it yet
  std::string version_;
  std::int32_t pid_ = 0;
  std::int32_t ledger_pid_ = 0;
  std::chrono::milliseconds pause_{kFirstRetry};
  std::string trouble_ = "FRR was not reached yet";
  std::optional<std::string> told_;  // trouble, as last delivered
  std::vector<Notice> notices_;
  bool notices_changed_ = false;

  bool must_read_ = true;
  bool hinted_ = false;
  bool reading_for_dump_ = false;
  ConfigReader reader_;
  Clock::time_point connected_at_{};
  Clock::time_point read_at_{};
  Clock::duration read_took_{};
  std::set<PathKey> removed_;  // by us since the last reading

  std::deque<Job> jobs_;
  std::vector<core::RouteBatch> group_;
  std::vector<std::vector<core::OpFailure>> failures_;  // for each batch of the group
  std::vector<Piece> pieces_;
  std::vector<Range> ranges_;  // of pieces_, still to be written; the last one first
  std::vector<Sent> sent_;
  std::vector<std::string> lost_;  // identities that the transaction took away, for the ledger
};

// ---- being there -----------------------------------------------------------

void Sink::Impl::start() {
  running_ = true;
  auto known = ledger_.read();
  if (!known) warn(fmt::format("could not {}; static routes of an earlier run count as somebody else's", known.error().text));
  if (known) {
    for (const auto& identity : known->identities) table_.adopt(identity);
    ledger_pid_ = known->daemon;
  }
  connect();
  connect_zebra();
}

void Sink::Impl::stop() {
  running_ = false;
  vty_.close();
  zebra_.close();
  retry_.cancel();
  zebra_retry_.cancel();
  hint_.cancel();
  turn_.cancel();
  away_.cancel();
}

void Sink::Impl::connect() {
  const auto path = static_socket(options_.directory);
  locks_ = is_mgmtd(path);
  vty_.connect(path);
}

void Sink::Impl::connect_zebra() { zebra_.connect(options_.directory + "/zebra.vty"); }

void Sink::Impl::on_zebra(bool is_there) {
  statics_away_ = is_there && zebra_there_ == false;
  zebra_there_ = is_there;
  if (is_there) look_for_staticd();
  if (!is_there) {
    zebra_retry_.after(kFirstRetry, [self = shared_from_this()] {
      if (self->running_) self->connect_zebra();
    });
  }
  if (told_) tell_state();  // before that, nothing is known of the static routes either
}

/// staticd tries to meet a zebra that was restarted every 10 s only; until then nothing
/// of its configuration is in a table.
void Sink::Impl::look_for_staticd() {
  Exchange question;
  question.commands = {"enable", std::string(kClientSummary)};
  question.on_done = [this](const std::vector<Answer>& answers) {
    const bool was_away = std::exchange(statics_away_, !has_static_client(answers.back().text));
    if (was_away && !statics_away_ && connected_) dump({});
    if (told_) tell_state();
    if (!statics_away_) return;
    zebra_retry_.after(kStaticdRetry, [self = shared_from_this()] {
      if (self->running_ && self->zebra_there_ == true) self->look_for_staticd();
    });
  };
  zebra_.run(std::move(question));
}

void Sink::Impl::on_connected(std::int32_t pid) {
  pid_ = pid;
  busy_ = true;
  Exchange greeting;
  greeting.commands = {"enable", "show version"};
  greeting.on_done = [this](const std::vector<Answer>& answers) {
    busy_ = false;
    const auto words = split_words(std::string_view(answers[1].text).substr(0, answers[1].text.find('\n')));
    version_ = words.size() > 1 ? std::string(words[1]) : std::string{};
    connected_at_ = Clock::now();
    read_back();
  };
  vty_.run(std::move(greeting));
}

void Sink::Impl::on_lost(const Error& reason) {
  busy_ = connected_ = false;
  trouble_ = fmt::format("FRR is not reachable: could not {}", reason.text);
  must_read_ = true;
  reading_for_dump_ = false;
  tell_state();
  answer_all_not_done();
  pause_ = std::min(pause_ * 2, std::chrono::milliseconds(kLongestRetry));
  retry_.after(pause_, [self = shared_from_this()] {
    if (self->running_) self->connect();
  });
}

void Sink::Impl::answer_all_not_done() {
  for (auto& job : jobs_) {
    if (auto* batch = std::get_if<core::RouteBatch>(&job)) group_.push_back(std::move(*batch));
  }
  jobs_.clear();
  for (const auto& batch : std::exchange(group_, {})) {
    core::BatchDone done{batch.id, {}};
    for (std::size_t i = 0; i < batch.operations.size(); ++i) done.failures.push_back({i, OpOutcome::NotDone, trouble_});
    callbacks_.deliver(std::move(done));
  }
  pieces_.clear();
  ranges_.clear();
  failures_.clear();
}

void Sink::Impl::tell_state() {
  auto text = trouble_;
  if (connected_ && statics_away_) text = "FRR's staticd has not met zebra again since zebra was restarted (it tries every 10 s)";
  if (connected_ && zebra_there_ == false) text = fmt::format("FRR's zebra is not running ({}/zebra.vty)", options_.directory);
  if (told_ == text && !notices_changed_) return;
  told_ = text;
  notices_changed_ = false;
  callbacks_.deliver(core::SinkChanged{std::move(text), notices_});
}

core::SinkHealth Sink::Impl::health() const {
  const auto version = version_.empty() ? std::string{} : version_ + " ";
  return {fmt::format("FRR {}at {}", version, options_.directory), told_.value_or(trouble_), table_.size(), jobs_.size() + group_.size()};
}

// ---- reading back ------------------------------------------------------------

bool Sink::Impl::is_stale() const {
  const auto allowed = std::max<Clock::duration>(kFreshness, read_took_ * kFreshnessFactor);
  return must_read_ || Clock::now() - read_at_ > allowed;
}

void Sink::Impl::read_back() {
  busy_ = true;
  must_read_ = hinted_ = false;
  reader_ = {};
  removed_.clear();
  const auto began = Clock::now();
  auto before = table_.routes({});
  const auto known_before = table_.size();
  table_.begin_reading();
  Exchange reading;
  reading.commands = {"show running-config"};
  reading.on_line = [this](std::string_view line) {
    if (auto path = reader_.read(line)) table_.put(std::move(*path));
  };
  reading.on_done = [this, began, known_before, before = std::move(before)](const std::vector<Answer>&) {
    read_at_ = Clock::now();
    read_took_ = read_at_ - began;
    busy_ = false;
    on_read(known_before, before);
  };
  vty_.run(std::move(reading));
}

void Sink::Impl::on_read(std::size_t known_before, const std::vector<KernelRoute>& before) {
  auto foreign = table_.end_reading();
  const auto now = table_.routes({});
  note_saved(known_before);
  if (connected_ && read_at_ - connected_at_ > kSettled) table_.forget_absent();
  if (!connected_ || ledger_.lines() > 2 * table_.identities().size() + kLedgerSlack) {
    keep(ledger_.rewrite({options_.directory, pid_, table_.identities(), 0}));
    ledger_pid_ = pid_;
  }
  tell_owners(before, now);
  for (auto& notice : foreign) callbacks_.deliver(std::move(notice));
  if (!connected_ || now != before) callbacks_.deliver(core::RouteDump{now, {}});
  if (!connected_) {
    connected_ = true;
    pause_ = std::chrono::milliseconds(kFirstRetry);
    trouble_.clear();
  }
  tell_state();
  schedule();
}

/// Routes of ours that FRR has without our having typed them into this process.
void Sink::Impl::note_saved(std::size_t known_before) {
  const bool typed_elsewhere = !connected_ && ledger_pid_ != 0 && ledger_pid_ != pid_ && table_.size() > 0;
  const bool appeared = connected_ && table_.size() > known_before;
  if (!typed_elsewhere && !appeared) return;
  notices_ = {{NoticeCode::FrrSaved, fmt::format("{} static routes of ours came from FRR's saved configuration (`write memory`): FRR will "
                                                 "install them at its start without rrid; `rri flush` and another `write memory` take them out",
                                                 connected_ ? table_.size() - known_before : table_.size())}};
  notices_changed_ = true;
}

void Sink::Impl::tell_owners(const std::vector<KernelRoute>& before, const std::vector<KernelRoute>& now) {
  std::set<PathKey> there;
  for (const auto& route : now) {
    there.insert({route.key.vrf, route.key.prefix});
    callbacks_.on_route({route.key.vrf, route.key.prefix, std::nullopt, true});
  }
  for (const auto& route : before) {
    if (!there.contains({route.key.vrf, route.key.prefix})) callbacks_.on_route({route.key.vrf, route.key.prefix, std::nullopt, false});
  }
}

void Sink::Impl::on_kernel_notice(const core::RouteNotice& notice) {
  const PathKey key{notice.route.key.vrf, notice.route.key.prefix};
  const bool expected = table_.has_ours(key) ? notice.present : !notice.present && removed_.contains(key);
  if (expected || !connected_ || hinted_) return;
  hinted_ = true;
  hint_.after(kHintDelay, [self = shared_from_this()] {
    if (!self->running_) return;
    self->must_read_ = true;
    self->schedule();
  });
}

// ---- writing -----------------------------------------------------------------

void Sink::Impl::carry_out(core::RouteBatch batch) {
  jobs_.emplace_back(std::move(batch));
  if (connected_) return schedule();
  away_.after({}, [self = shared_from_this()] {
    if (self->running_ && !self->connected_) self->answer_all_not_done();
  });
}

void Sink::Impl::dump(const std::string& device) {
  if (!connected_ || jobs_.size() >= kMaxJobs) return;  // the next meeting begins with a dump
  jobs_.emplace_back(DumpJob{device});
  schedule();
}

void Sink::Impl::schedule() {
  if (scheduled_ || !running_) return;
  scheduled_ = true;
  turn_.after({}, [self = shared_from_this()] {
    self->scheduled_ = false;
    if (self->running_) self->work();
  });
}

void Sink::Impl::work() {
  if (busy_ || !connected_) return;
  if (!ranges_.empty()) return must_read_ ? read_back() : write_next();
  if (jobs_.empty()) return must_read_ ? read_back() : void();
  if (const auto* dump_job = std::get_if<DumpJob>(&jobs_.front())) {
    if (!std::exchange(reading_for_dump_, !reading_for_dump_)) return read_back();
    const auto device = dump_job->device;
    jobs_.pop_front();
    callbacks_.deliver(core::RouteDump{table_.routes(device), device});
    return schedule();
  }
  if (is_stale()) return read_back();
  begin_group();
}

/// All batches that wait, up to the bound, in one transaction.
void Sink::Impl::begin_group() {
  while (!jobs_.empty() && pieces_.size() < kMaxTransaction) {
    auto* batch = std::get_if<core::RouteBatch>(&jobs_.front());
    if (batch == nullptr) break;
    for (std::size_t i = 0; i < batch->operations.size(); ++i) pieces_.push_back({group_.size(), i});
    group_.push_back(std::move(*batch));
    jobs_.pop_front();
  }
  failures_.assign(group_.size(), {});
  ranges_ = {{0, pieces_.size()}};
  write_next();
}

void Sink::Impl::write_next() {
  const auto range = ranges_.back();
  ranges_.pop_back();
  write(range);
}

void Sink::Impl::write(Range range) {
  Exchange exchange;
  exchange.commands = {locks_ ? "configure terminal file-lock" : "configure terminal", "XFRR_start_configuration"};
  sent_.clear();
  std::vector<std::string> gained;
  for (auto at = range.begin; at < range.end; ++at) {
    const auto& piece = pieces_[at];
    auto plan = table_.plan(operation(piece));
    if (plan.outcome != OpOutcome::Done) {
      fail(piece, plan.outcome, std::move(plan.text));
      continue;
    }
    table_.apply(operation(piece));
    gained.insert(gained.end(), plan.gained.begin(), plan.gained.end());
    sent_.push_back({piece, plan.lines.size(), std::move(plan.gained), std::move(plan.lost)});
    for (auto& line : plan.lines) exchange.commands.push_back(std::move(line));
  }
  if (exchange.commands.size() == kOpening) {
    for (const auto& sent : sent_) settle(sent, 0, {});
    return ranges_.empty() ? finish_group() : schedule();
  }
  keep(ledger_.append(gained, {}));
  exchange.commands.insert(exchange.commands.end(), {"XFRR_end_configuration", "end"});
  exchange.on_done = [this, range](const std::vector<Answer>& answers) {
    busy_ = false;
    on_written(range, answers);
  };
  busy_ = true;
  vty_.run(std::move(exchange));
}

void Sink::Impl::on_written(Range range, const std::vector<Answer>& answers) {
  const auto& opened = answers.front();
  const auto& committed = answers[answers.size() - 2];
  if (opened.status == kUnknownCommand && std::exchange(locks_, false)) {
    must_read_ = true;
    ranges_.push_back(range);
    return schedule();
  }
  const bool refused = opened.status != 0 || committed.status != 0 || committed.text.starts_with(kCommitFailed);
  if (refused) {
    must_read_ = true;
    for (const auto& sent : sent_) {
      for (const auto& identity : sent.lost) table_.adopt(identity);
    }
    const bool alone = sent_.size() == 1 || opened.status != 0;
    if (!alone) {
      try_in_halves(range);
      return schedule();
    }
    for (const auto& sent : sent_) fail(sent.piece, OpOutcome::Failed, words_of(opened.status != 0 ? opened : committed));
  } else {
    std::size_t line = kOpening;
    for (const auto& sent : sent_) {
      settle(sent, line, answers);
      line += sent.lines;
    }
    keep(ledger_.append({}, std::exchange(lost_, {})));
  }
  ranges_.empty() ? finish_group() : schedule();
}

/// What was occupied is looked at again, with its half.
void Sink::Impl::try_in_halves(Range range) {
  const auto middle = range.begin + (range.end - range.begin) / 2;
  ranges_.push_back({middle, range.end});
  ranges_.push_back({range.begin, middle});
  for (auto at = range.begin; at < range.end; ++at) {
    const auto& piece = pieces_[at];
    std::erase_if(failures_[piece.batch], [&](const auto& failure) { return failure.index == piece.index; });
  }
}

/// One operation of a transaction that was committed: its own lines may have been refused.
void Sink::Impl::settle(const Sent& sent, std::size_t first_line, const std::vector<Answer>& answers) {
  for (std::size_t i = 0; i < sent.lines; ++i) {
    const auto& answer = answers[first_line + i];
    if (answer.status == 0) continue;
    must_read_ = true;
    for (const auto& identity : sent.lost) table_.adopt(identity);
    return fail(sent.piece, OpOutcome::Failed, words_of(answer));
  }
  const auto& done = operation(sent.piece);
  const PathKey key{done.route.key.vrf, done.route.key.prefix};
  lost_.insert(lost_.end(), sent.lost.begin(), sent.lost.end());
  const bool is_there = table_.has_ours(key);
  if (!is_there) removed_.insert(key);
  callbacks_.on_route({key.vrf, key.prefix, done.purpose, is_there});
}

void Sink::Impl::fail(const Piece& piece, OpOutcome outcome, std::string text) {
  failures_[piece.batch].push_back({piece.index, outcome, std::move(text)});
}

void Sink::Impl::finish_group() {
  auto group = std::exchange(group_, {});
  auto failures = std::exchange(failures_, {});
  pieces_.clear();
  for (std::size_t i = 0; i < group.size(); ++i) {
    std::sort(failures[i].begin(), failures[i].end(), [](const auto& a, const auto& b) { return a.index < b.index; });
    callbacks_.deliver(core::BatchDone{group[i].id, std::move(failures[i])});
  }
  schedule();
}

/// Without the ledger the routes are right, and a later run does not know that they are ours.
void Sink::Impl::keep(const Result<>& written) {
  if (!written) warn(fmt::format("could not {}; after a restart these routes count as somebody else's", written.error().text));
}

// ---- the outside ---------------------------------------------------------------

Sink::Sink(asio::io_context& loop, SinkOptions options, SinkCallbacks callbacks)
    : impl_(std::make_shared<Impl>(loop, std::move(options), std::move(callbacks))) {}
Sink::~Sink() { impl_->stop(); }
void Sink::start() { impl_->start(); }
void Sink::carry_out(core::RouteBatch batch) { impl_->carry_out(std::move(batch)); }
void Sink::dump_routes() { impl_->dump({}); }
void Sink::dump_device(const std::string& device) { impl_->dump(device); }
core::SinkHealth Sink::health() const { return impl_->health(); }
void Sink::on_kernel_notice(const core::RouteNotice& notice) { impl_->on_kernel_notice(notice); }

}  // namespace rri::frr
