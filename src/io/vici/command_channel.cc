#include "io/vici/command_channel.h"

#include <algorithm>

#include "base/text.h"
#include "io/vici/limits.h"

namespace rri::vici {

void CommandChannel::ask(Request request, ReplyCallback on_reply, TimePoint now, Output& out) {
  if (waiting_.size() >= kMaxQueuedRequests) {
    out.done.emplace_back(std::move(on_reply), fail("ask charon for {}: {} commands are waiting already",
                                                    request.command, waiting_.size()));
    return;
  }
  const auto deadline = now + request.timeout;
  waiting_.push_back({std::move(request), std::move(on_reply), deadline});
  wake_at_ = wake_at_ ? std::min(*wake_at_, deadline) : deadline;
  begin_next(out);
}

void CommandChannel::start(Output& out) {
  connected_ = true;
  step_ = Step::Idle;
  begin_next(out);
}

void CommandChannel::begin_next(Output& out) {
  while (connected_ && step_ == Step::Idle && !waiting_.empty()) {
    const Request& request = waiting_.front().request;
    reply_ = {};
    streamed_bytes_ = 0;
    if (request.stream_event.empty()) {
      send_command(out);
    } else if (send_packet({PacketType::EventRegister, request.stream_event, {}}, out)) {
      step_ = Step::Registering;
    }
  }
}

void CommandChannel::send_command(Output& out) {
  const Request& request = waiting_.front().request;
  if (send_packet({PacketType::CommandRequest, request.command, request.message}, out)) step_ = Step::Running;
}

bool CommandChannel::send_packet(const Packet& packet, Output& out) {
  auto frame = make_frame(packet);
  if (frame) {
    out.send += *frame;
    return true;
  }
  result_ = tl::make_unexpected(frame.error());
  finish_front(out);
  return false;
}

Result<void> CommandChannel::receive(std::string_view bytes, Output& out) {
  return for_each_packet(frames_, bytes, [&](const Packet& packet) { return on_packet(packet, out); });
}

Result<void> CommandChannel::on_packet(const Packet& packet, Output& out) {
  const bool registration = packet.type == PacketType::EventConfirm || packet.type == PacketType::EventUnknown;
  if (step_ == Step::Registering && registration) {
    if (packet.type == PacketType::EventConfirm) {
      send_command(out);
    } else {
      result_ = fail("ask charon for {}: it has no event {}", waiting_.front().request.command,
                     waiting_.front().request.stream_event);
      finish_front(out);
    }
    begin_next(out);
    return {};
  }
  if (step_ == Step::Unregistering && registration) {
    finish_front(out);
    begin_next(out);
    return {};
  }
  // Events of the list that were on their way may still come while unregistering.
  if (packet.type == PacketType::Event && step_ != Step::Idle) {
    if (step_ != Step::Running) return {};
    if (const auto& on_streamed = waiting_.front().request.on_streamed) {
      out.streamed.emplace_back(on_streamed, packet.message);
      return {};
    }
    streamed_bytes_ += packet.message.size();
    if (streamed_bytes_ > kMaxStreamedBytes) return fail("read what charon lists: more than {} bytes", kMaxStreamedBytes);
    reply_.streamed.emplace_back(packet.message);
    return {};
  }
  if (step_ == Step::Running && packet.type == PacketType::CommandResponse) {
    reply_.response = packet.message;
    end_command(std::move(reply_), out);
    return {};
  }
  if (step_ == Step::Running && packet.type == PacketType::CommandUnknown) {
    end_command(fail("ask charon for {}: it does not know this command", waiting_.front().request.command), out);
    return {};
  }
  return fail("talk to charon: {} comes out of turn", to_text(packet.type));
}

void CommandChannel::end_command(Result<Reply> result, Output& out) {
  result_ = std::move(result);
  const auto event = waiting_.front().request.stream_event;
  if (event.empty()) {
    finish_front(out);
    begin_next(out);
  } else if (send_packet({PacketType::EventUnregister, event, {}}, out)) {
    step_ = Step::Unregistering;
  }
}

void CommandChannel::finish_front(Output& out) {
  out.done.emplace_back(std::move(waiting_.front().on_reply), std::move(*result_));
  result_.reset();
  waiting_.pop_front();
  step_ = Step::Idle;
}

Result<void> CommandChannel::tick(TimePoint now, Output& out) {
  const bool running = step_ != Step::Idle;
  const bool front_late = running && waiting_.front().deadline <= now;
  std::deque<Entry> kept;
  wake_at_.reset();
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    Entry& entry = waiting_[i];
    if (entry.deadline > now || (running && i == 0)) {
      wake_at_ = wake_at_ ? std::min(*wake_at_, entry.deadline) : entry.deadline;
      kept.push_back(std::move(entry));
    } else {
      out.done.emplace_back(std::move(entry.on_reply), fail("ask charon for {}: no answer in {} ms", entry.request.command,
                                                            entry.request.timeout.count()));
    }
  }
  waiting_ = std::move(kept);
  if (!front_late) return {};
  return fail("ask charon for {}: no answer in {} ms", waiting_.front().request.command,
              waiting_.front().request.timeout.count());
}

void CommandChannel::stop(const Error& reason, Output& out) {
  if (step_ != Step::Idle) {
    if (!result_) result_ = tl::make_unexpected(reason);
    finish_front(out);
  }
  connected_ = false;
  frames_.clear();
}

}  // namespace rri::vici
