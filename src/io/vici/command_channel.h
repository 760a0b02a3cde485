// io/vici/command_channel.h -- the command connection without its socket.
//
// VICI has no request ids, so one command runs at a time and the others wait in
// order. A command that streams (`list-conns`) has its event registered before
// and unregistered after it.
//
// A command that gets no answer in time leaves the stream out of step: its
// caller gets the error, and the connection has to be closed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "io/vici/codec.h"

namespace rri::vici {

/// The answer to a command: VICI messages for codec.h's MessageView.
struct Reply {
  std::string response;
  std::vector<std::string> streamed;  // the events named by `stream_event`, in order
};

struct Request {
  std::string command;       // "load-conn"
  std::string message;       // from MessageWriter; "" for none
  std::string stream_event;  // "list-conn": registered while the command runs; "" for none
  Millis timeout = std::chrono::seconds(10);  // from asking to answer, waiting included
  /// Gets each event as it comes, instead of Reply::streamed: a long list is read some at a time.
  std::function<void(std::string_view message)> on_streamed = nullptr;
};

using ReplyCallback = std::function<void(Result<Reply>)>;

class CommandChannel {
 public:
  struct Output {
    std::string send;
    /// Events for Request::on_streamed, before `done`.
    std::vector<std::pair<std::function<void(std::string_view)>, std::string>> streamed;
    /// Callbacks to call, in order, when the channel is not in use any more.
    std::vector<std::pair<ReplyCallback, Result<Reply>>> done;
  };

  /// Runs the request after those before it, now or once there is a connection.
  void ask(Request request, ReplyCallback on_reply, TimePoint now, Output& out);

  void start(Output& out);
  /// After an error: close the connection and call stop().
  Result<void> receive(std::string_view bytes, Output& out);
  Result<void> tick(TimePoint now, Output& out);
  /// When tick() wants to be called; may be too early.
  [[nodiscard]] std::optional<TimePoint> wake_at() const { return wake_at_; }
  /// The connection is gone: the running command fails with `reason`, others wait on.
  void stop(const Error& reason, Output& out);

  [[nodiscard]] bool is_idle() const { return connected_ && waiting_.empty(); }

 private:
  enum class Step : std::uint8_t { Idle, Registering, Running, Unregistering };
  struct Entry {
    Request request;
    ReplyCallback on_reply;
    TimePoint deadline;
  };

  Result<void> on_packet(const Packet& packet, Output& out);
  void begin_next(Output& out);
  /// Sends the command, or fails it when it cannot be sent.
  void send_command(Output& out);
  void end_command(Result<Reply> result, Output& out);
  void finish_front(Output& out);
  bool send_packet(const Packet& packet, Output& out);

  bool connected_ = false;
  Step step_ = Step::Idle;
  std::deque<Entry> waiting_;  // the front one runs unless step_ is Idle
  std::optional<TimePoint> wake_at_;
  FrameReader frames_;
  Reply reply_;
  std::size_t streamed_bytes_ = 0;
  std::optional<Result<Reply>> result_;  // known while unregistering
};

}  // namespace rri::vici
