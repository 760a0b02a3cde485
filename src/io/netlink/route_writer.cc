#include "io/netlink/route_writer.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cerrno>

#include "io/netlink/limits.h"
#include "io/netlink/translate.h"

namespace rri::netlink {
namespace {

using core::OpOutcome;
using core::RouteOp;
using RouteChange = RequestBuffer::RouteChange;

/// "network is unreachable (Nexthop has invalid gateway)".
std::string text_of(const Acknowledgement& answer) {
  auto text = error_text(answer.error);
  if (!answer.extended.empty()) text += " (" + answer.extended + ")";
  return text;
}

constexpr const char* kTakenText = "another route has this prefix and metric";

}  // namespace

/// Deletes what cannot be there: the kernel checks the right before it looks.
Result<> RouteWriter::check_rights() {
  RouteMessage nothing;
  nothing.destination = Prefix::host(IpAddress::highest(Family::V4));
  nothing.protocol = parts_.protocol;
  nothing.table = RT_TABLE_MAIN;
  nothing.metric = UINT32_MAX;
  const auto answer = send_one(RouteChange::Delete, nothing);
  if (answer.error != EPERM && answer.error != EACCES) return {};
  return rri::fail("change routes: {}; run this as root or give it CAP_NET_ADMIN "
              "(AmbientCapabilities=CAP_NET_ADMIN in the unit)", error_text(answer.error));
}

void RouteWriter::poke(const Prefix& prefix, std::uint32_t table, std::uint32_t metric) {
  RouteMessage nowhere;
  nowhere.destination = prefix;
  nowhere.protocol = parts_.protocol;
  nowhere.type = RTN_UNREACHABLE;
  nowhere.table = table;
  nowhere.metric = metric;
  if (send_one(RouteChange::Add, nowhere).error == 0) send_one(RouteChange::Delete, nowhere);
}

void RouteWriter::tell_again(const KernelRoute& route) {
  auto message = to_message(route, parts_.links, parts_.protocol);
  const OwnKey key{route.key.prefix, parts_.links.table_of(route.key.vrf).value_or(0), route.key.metric};
  if (!message || !parts_.own.contains(key) || parts_.own.is_shared(key)) return;
  for (const bool differs : {true, false}) {
    message->states_reordering = differs;
    send_one(RouteChange::Change, *message);
  }
}

void RouteWriter::begin(core::RouteBatch batch) {
  batch_ = std::move(batch);
  failures_.clear();
  doubts_.clear();
  found_.clear();
  phase_ = Phase::Send;
  next_ = 0;
}

OwnKey RouteWriter::key_of(std::size_t index) const {
  const auto& key = batch_.operations[index].route.key;
  return {key.prefix, parts_.links.table_of(key.vrf).value_or(0), key.metric};
}

void RouteWriter::fail(std::size_t index, OpOutcome outcome, std::string text) {
  failures_.push_back({index, outcome, std::move(text)});
}

void RouteWriter::fail_with(std::size_t index, const Acknowledgement& answer) {
  const bool change = batch_.operations[index].kind == RouteOp::Kind::Change;
  const bool missing = change && (answer.error == ENOENT || answer.error == ESRCH);
  if (missing) parts_.own.erase(key_of(index));
  fail(index, missing ? OpOutcome::Missing : OpOutcome::Failed, text_of(answer));
}

// ---- sending ----------------------------------------------------------------

bool RouteWriter::prepare_change(std::size_t index, const RouteMessage& message) {
  const auto key = key_of(index);
  if (!parts_.own.contains(key)) {
    fail(index, OpOutcome::Missing, "there is no route of ours to change");
    return false;
  }
  if (!parts_.own.is_shared(key)) return true;
  replace_shared(index, message);
  return false;
}

/// Appends the message of an operation; false when it is answered without one.
bool RouteWriter::prepare(std::size_t index) {
  const auto& operation = batch_.operations[index];
  const auto sequence = first_sequence_ + static_cast<std::uint32_t>(sent_.size());
  if (operation.kind == RouteOp::Kind::Delete) {
    const auto message = to_delete_message(operation.route, parts_.links, parts_.protocol);
    if (!message) return false;  // its VRF is gone: absent
    buffer_.route({RouteChange::Delete, sequence}, *message);
    return true;
  }
  const auto message = to_message(operation.route, parts_.links, parts_.protocol);
  if (!message) {
    fail(index, OpOutcome::Failed, message.error().text);
    return false;
  }
  const bool change = operation.kind == RouteOp::Kind::Change;
  if (change && !prepare_change(index, *message)) return false;
  buffer_.route({change ? RouteChange::Change : RouteChange::Add, sequence}, *message);
  return true;
}

void RouteWriter::send_some() {
  buffer_.clear();
  sent_.clear();
  first_sequence_ = sequence_;
  const auto end = batch_.operations.size();
  while (next_ < end && sent_.size() < pace_) {
    const auto index = next_++;
    if (prepare(index)) sent_.push_back({index});
  }
  if (sent_.empty()) return;
  sequence_ = first_sequence_ + static_cast<std::uint32_t>(sent_.size());
  operations_ += sent_.size();
  buffer_.acknowledge_last();
  const auto before = std::chrono::steady_clock::now();
  const auto result = socket_.send(buffer_.bytes());
  if (!result) {
    for (const auto& one : sent_) fail(one.index, OpOutcome::Failed, result.error().text);
    return;
  }
  collect(sequence_ - 1);
  adapt_pace(std::chrono::steady_clock::now() - before);
}

void RouteWriter::adapt_pace(std::chrono::steady_clock::duration took) {
  if (took > kSlowSend) pace_ = std::max(pace_ / 2, kMinMessagesPerSend);
  if (took < kFastSend) pace_ = std::min(pace_ * 2, kMaxMessagesPerSend);
}

void RouteWriter::collect(std::uint32_t last_sequence) {
  bool complete = false;
  bool lost = false;
  while (!complete) {
    const auto read = socket_.read();
    if (read.kind == Socket::Read::Kind::Empty || read.kind == Socket::Read::Kind::Failed) break;
    if (read.kind != Socket::Read::Kind::Datagram) {
      lost = true;
      continue;
    }
    MessageReader reader(read.datagram);
    while (const auto message = reader.next()) {
      const auto answer = message->type == NLMSG_ERROR ? parse_acknowledgement(*message) : std::nullopt;
      if (!answer) continue;
      complete = complete || answer->sequence == last_sequence;
      on_answer(*answer);
    }
  }
  if (complete && !lost) {
    for (const auto& one : sent_) {
      if (!one.answered) on_success(one.index);
    }
    return;
  }
  ++lost_;
  for (const auto& one : sent_) {
    if (!one.answered) doubts_[one.index] = Doubt::NoAnswer;
  }
}

void RouteWriter::on_answer(const Acknowledgement& answer) {
  const auto position = answer.sequence - first_sequence_;
  if (answer.error == 0 || position >= sent_.size() || sent_[position].answered) return;
  auto& one = sent_[position];
  const auto kind = batch_.operations[one.index].kind;
  if (kind == RouteOp::Kind::Delete && answer.error == ESRCH) {  // absent: done
    parts_.on_gone_before(batch_.operations[one.index].route);
    return;
  }
  one.answered = true;
  if (kind == RouteOp::Kind::Add && answer.error == EEXIST) return on_key_taken(one.index);
  fail_with(one.index, answer);
}

void RouteWriter::on_success(std::size_t index) {
  const auto& operation = batch_.operations[index];
  const auto key = key_of(index);
  bool is_static = operation.purpose == RouteKind::Static;
  if (operation.kind == RouteOp::Kind::Delete) {
    is_static = is_static || parts_.own.purpose(key) == RouteKind::Static;
    parts_.own.erase(key);
  } else {
    is_static = is_static || (operation.kind == RouteOp::Kind::Change && parts_.own.purpose(key) == RouteKind::Static);
    parts_.own.put(key, operation.purpose);
  }
  if (is_static) parts_.on_static_change(key.prefix);
}

/// EEXIST. Mostly the route that leads to the prefix shows whose it is; where
/// another one answers, the dump has to tell.
void RouteWriter::on_key_taken(std::size_t index) {
  const auto& key = batch_.operations[index].route.key;
  if (!parts_.own.contains(key_of(index))) {
    const auto answer = parts_.asker.find_route(key.prefix.address(), parts_.links.device_of_vrf(key.vrf));
    const auto& route = answer.route;
    if (route && route->destination == key.prefix && route->metric == key.metric && route->protocol != 0 &&
        route->protocol != parts_.protocol) {
      return fail(index, OpOutcome::Occupied, kTakenText);
    }
  }
  doubts_[index] = Doubt::KeyTaken;
}

// ---- settling what is in doubt ----------------------------------------------

Acknowledgement RouteWriter::send_one(RouteChange change, const RouteMessage& message) {
  const auto sequence = sequence_++;
  ++operations_;
  RequestBuffer request;
  request.route({change, sequence}, message);
  request.acknowledge_last();
  if (const auto sent = socket_.send(request.bytes()); !sent) return {sequence, EIO, sent.error().text};
  for (;;) {
    const auto read = socket_.read();
    if (read.kind == Socket::Read::Kind::Empty || read.kind == Socket::Read::Kind::Failed) break;
    MessageReader reader(read.datagram);
    while (const auto answer = reader.next()) {
      if (answer->type != NLMSG_ERROR || answer->sequence != sequence) continue;
      return parse_acknowledgement(*answer).value_or(Acknowledgement{sequence, EBADMSG, {}});
    }
  }
  ++lost_;
  return {sequence, ENOBUFS, "the acknowledgement was lost"};
}

/// A foreign route shares our key. REPLACE might hit it, so ours goes, and comes
/// back only if the key is free then.
void RouteWriter::replace_shared(std::size_t index, const RouteMessage& message) {
  auto old = message;
  old.type = RTN_UNSPEC;
  old.hops.clear();
  const auto removed = send_one(RouteChange::Delete, old);
  if (removed.error != 0 && removed.error != ESRCH) return fail_with(index, removed);
  parts_.own.erase(key_of(index));
  const auto added = send_one(RouteChange::Add, message);
  if (added.error == 0) return on_success(index);
  if (added.error == EEXIST) return fail(index, OpOutcome::Occupied, kTakenText);
  fail_with(index, added);
}

void RouteWriter::begin_dump() {
  std::map<OwnKey, std::size_t> wanted;
  for (const auto& [index, doubt] : doubts_) wanted[key_of(index)] = index;
  Dump::Steps steps;
  for (const auto family : {Family::V4, Family::V6}) {
    steps.requests.push_back([this, family](RequestBuffer& request, std::uint32_t sequence) {
      request.dump_routes(sequence, {family, parts_.protocol});
    });
  }
  steps.begin = [this] { found_.clear(); };
  steps.on_message = [this, wanted = std::move(wanted)](const Message& message) {
    auto route = parse_route(message);
    if (!route || route->protocol != parts_.protocol) return;
    const OwnKey key{route->destination, route->table, route->metric};
    if (wanted.contains(key)) found_[key] = std::move(*route);
  };
  dump_.emplace(std::move(steps));
  dump_attempts_ = 0;
  dump_error_.clear();
}

/// The route of an operation in doubt is written again, each with its own answer.
void RouteWriter::redo(std::size_t index) {
  const auto& operation = batch_.operations[index];
  const auto message = to_message(operation.route, parts_.links, parts_.protocol);
  if (!message) return fail(index, OpOutcome::Failed, message.error().text);
  const auto there = found_.contains(key_of(index));
  const auto answer = send_one(there ? RouteChange::Change : RouteChange::Add, *message);
  if (answer.error == 0) return on_success(index);
  if (answer.error == EEXIST) return fail(index, OpOutcome::Occupied, kTakenText);
  fail_with(index, answer);
}

void RouteWriter::settle(std::size_t index, Doubt doubt) {
  const auto& operation = batch_.operations[index];
  if (!dump_error_.empty()) return fail(index, OpOutcome::Failed, dump_error_);
  const auto found = found_.find(key_of(index));
  const bool there = found != found_.end();
  if (operation.kind == RouteOp::Kind::Delete) {
    if (!there) return on_success(index);
    const auto message = to_delete_message(operation.route, parts_.links, parts_.protocol);
    const auto answer = message ? send_one(RouteChange::Delete, *message) : Acknowledgement{};
    if (answer.error == 0 || answer.error == ESRCH) return on_success(index);
    return fail_with(index, answer);
  }
  if (there && from_message(found->second, parts_.links) == operation.route) return on_success(index);
  if (!there && doubt == Doubt::KeyTaken) return fail(index, OpOutcome::Occupied, kTakenText);
  if (!there && operation.kind == RouteOp::Kind::Change) {
    parts_.own.erase(key_of(index));
    return fail(index, OpOutcome::Missing, "there is no route of ours to change");
  }
  redo(index);
}

core::BatchDone RouteWriter::finish() {
  std::sort(failures_.begin(), failures_.end(), [](const auto& a, const auto& b) { return a.index < b.index; });
  return {batch_.id, std::move(failures_)};
}

std::optional<core::BatchDone> RouteWriter::step(Deadline deadline) {
  while (std::chrono::steady_clock::now() < deadline) {
    if (phase_ == Phase::Send) {
      if (next_ < batch_.operations.size()) {
        send_some();
        continue;
      }
      if (doubts_.empty()) return finish();
      begin_dump();
      phase_ = Phase::Dump;
    }
    if (phase_ == Phase::Dump) {
      const auto progress = dump_->step(parts_.dump_socket, dump_sequence_, deadline);
      if (progress == Dump::Progress::Running) return std::nullopt;
      if (progress == Dump::Progress::Interrupted && ++dump_attempts_ <= kMaxDumpRestarts) continue;
      if (progress == Dump::Progress::Interrupted) dump_error_ = "the table changed while it was read";
      if (progress == Dump::Progress::Failed) dump_error_ = dump_->error();
      phase_ = Phase::Settle;
    }
    if (doubts_.empty()) return finish();
    const auto [index, doubt] = *doubts_.begin();
    doubts_.erase(doubts_.begin());
    settle(index, doubt);
  }
  return std::nullopt;
}

}  // namespace rri::netlink
