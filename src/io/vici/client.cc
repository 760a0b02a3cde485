#include "io/vici/client.h"

#include <algorithm>
#include <array>
#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include "base/text.h"
#include "io/vici/limits.h"
#include "io/vici/session.h"

namespace rri::vici {
namespace {

using Level = core::LogLine::Level;
using Socket = asio::local::stream_protocol::socket;

TimePoint read_clock() {
  return TimePoint(std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch()));
}

std::chrono::steady_clock::time_point to_steady(TimePoint at) {
  return std::chrono::steady_clock::time_point(at.time_since_epoch());
}

/// Why charon's socket cannot be used, and what to do about it.
Error connect_error(const std::string& path, const asio::error_code& error) {
  const auto text = fmt::format("connect to strongSwan at {}: {}", printable(path), error.message());
  if (error == asio::error::no_permission || error == asio::error::access_denied) {
    return {text + ": charon's socket must belong to rrid's group (the drop-in for strongswan.service that comes with "
                   "rrid does that; restart strongswan after installing it)"};
  }
  if (error.value() == ENOENT) {
    return {text + ": charon is not running, has no vici plugin, or listens elsewhere (`ike strongswan socket PATH`)"};
  }
  if (error.value() == ECONNREFUSED) {
    return {text + ": charon is not running, and left its socket behind"};
  }
  return {text};
}

/// One Unix socket: connects again and again, writes in order, hands on what it
/// reads. Each connection has a number, so that a completion that belongs to an
/// earlier one is recognised.
struct Link {
  Link(asio::io_context& context, Millis first_retry) : socket(context), retry(context), pause(first_retry) {}

  Socket socket;
  asio::steady_timer retry;
  Millis pause;
  std::uint64_t number = 0;
  bool connected = false;
  bool writing = false;
  std::string unsent;
  std::string sending;
  std::array<char, kReadBytes> received;
};

}  // namespace

struct Client::State : std::enable_shared_from_this<Client::State> {
  State(asio::io_context& context_in, ClientOptions options_in, EventCallback event, LogCallback log)
      : context(context_in), options(std::move(options_in)), on_event(std::move(event)), on_log(std::move(log)),
        session({options.list_timeout, options.audit_interval}), events(context, options.first_retry),
        commands(context, options.first_retry), story(context, options.first_retry), timer(context) {}

  // ---- one of the connections
  void connect(Link& link);
  void on_connected(Link& link, const asio::error_code& error);
  void read(Link& link);
  void on_read(Link& link, std::size_t count);
  void write(Link& link, std::string bytes);
  void flush(Link& link);
  /// Closes, tells the protocol, and connects again after a pause.
  void lose(Link& link, const Error& reason);
  void connect_later(Link& link);

  // ---- what the protocols say
  void tell(Output& out);
  void tell(CommandChannel::Output& out);
  void note_error(const Error& error);
  void arm();
  void on_timer();
  void beat();
  /// Whether bytes wait in the kernel: then charon did answer, and we were late.
  static bool has_unread(const Link& link);
  void close();

  asio::io_context& context;
  ClientOptions options;
  EventCallback on_event;
  LogCallback on_log;
  StoryCallback on_story;
  Session session;
  CommandChannel channel;
  Link events;
  Link commands;
  Link story;  // charon's log
  CharonLog charon_log;
  asio::steady_timer timer;
  std::optional<TimePoint> armed;
  TimePoint next_beat;
  bool beating = false;  // a heartbeat is unanswered
  bool closed = false;
  Status status;
};

// ---- connections ------------------------------------------------------------

void Client::State::connect(Link& link) {
  asio::error_code error;
  link.socket.close(error);
  // The endpoint's constructor throws on a path that does not fit.
  if (options.socket.empty() || options.socket.size() >= sizeof(sockaddr_un::sun_path)) {
    on_connected(link, asio::error::name_too_long);
    return;
  }
  const auto number = ++link.number;
  link.socket.async_connect(asio::local::stream_protocol::endpoint(options.socket),
                            [self = shared_from_this(), &link, number](const asio::error_code& result) {
                              if (!self->closed && link.number == number) self->on_connected(link, result);
                            });
}

void Client::State::on_connected(Link& link, const asio::error_code& error) {
  if (error) {
    // The others fail for the same reason; said once is enough.
    if (&link == &events) note_error(connect_error(options.socket, error));
    connect_later(link);
    return;
  }
  link.connected = true;
  if (&link == &events) {
    ++status.connects;
    Output out;
    session.start(read_clock(), out);
    tell(out);
  } else if (&link == &story) {
    write(link, charon_log.start());
  } else {
    link.pause = options.first_retry;
    next_beat = read_clock() + options.heartbeat_interval;
    CommandChannel::Output out;
    channel.start(out);
    tell(out);
  }
  read(link);
  arm();
}

void Client::State::read(Link& link) {
  const auto number = link.number;
  link.socket.async_read_some(asio::buffer(link.received),
                              [self = shared_from_this(), &link, number](const asio::error_code& error, std::size_t count) {
                                if (self->closed || link.number != number || !link.connected) return;
                                if (error) {
                                  self->lose(link, {fmt::format("read from strongSwan at {}: {}", self->options.socket,
                                                                error.message())});
                                } else {
                                  self->on_read(link, count);
                                }
                              });
}

void Client::State::on_read(Link& link, std::size_t count) {
  const std::string_view bytes(link.received.data(), count);
  const auto number = link.number;
  Result<void> result;
  if (&link == &events) {
    const bool was_synced = session.is_synced();
    Output out;
    result = session.receive(bytes, read_clock(), out);
    if (!was_synced && session.is_synced()) {
      link.pause = options.first_retry;
      status.last_error.clear();
    }
    tell(out);
  } else if (&link == &story) {
    link.pause = options.first_retry;
    result = charon_log.receive(bytes, [this](const CharonLogLine& line) {
      if (!closed) options.on_charon_log(line);
    });
  } else {
    CommandChannel::Output out;
    result = channel.receive(bytes, out);
    tell(out);
  }
  // A callback may have destroyed the client or the connection.
  if (closed || link.number != number || !link.connected) return;
  if (!result) {
    lose(link, result.error());
    return;
  }
  read(link);
  arm();
}

void Client::State::write(Link& link, std::string bytes) {
  if (bytes.empty() || !link.connected) return;
  link.unsent += bytes;
  if (!link.writing) flush(link);
}

void Client::State::flush(Link& link) {
  link.writing = true;
  link.sending = std::move(link.unsent);
  link.unsent.clear();
  const auto number = link.number;
  asio::async_write(link.socket, asio::buffer(link.sending),
                    [self = shared_from_this(), &link, number](const asio::error_code& error, std::size_t) {
                      if (self->closed || link.number != number) return;
                      link.writing = false;
                      // A failed write is told by the read that fails with it, after
                      // everything that charon said before it went.
                      if (!error && !link.unsent.empty()) self->flush(link);
                    });
}

void Client::State::lose(Link& link, const Error& reason) {
  asio::error_code ignored;
  link.socket.close(ignored);
  ++link.number;
  link.connected = link.writing = false;
  link.unsent.clear();
  if (&link == &events) {
    ++status.losses;
    note_error(reason);
    Output out;
    session.stop(out);
    tell(out);
  } else if (&link == &commands) {
    CommandChannel::Output out;
    channel.stop(reason, out);
    tell(out);
  }
  if (closed) return;
  connect_later(link);
  arm();
}

void Client::State::connect_later(Link& link) {
  const auto pause = link.pause;
  link.pause = std::min(link.pause * 2, options.longest_retry);
  link.retry.expires_after(pause);
  link.retry.async_wait([self = shared_from_this(), &link](const asio::error_code& error) {
    if (!error && !self->closed && !link.connected) self->connect(link);
  });
}

// ---- what the protocols say -------------------------------------------------

void Client::State::tell(Output& out) {
  write(events, std::move(out.send));
  for (auto& line : out.log) {
    if (!closed) on_log(std::move(line));
  }
  for (const auto& told : out.stories) {
    if (!closed && on_story) on_story(told);
  }
  for (const auto& connection : out.dead_peers) {
    if (!closed && options.on_peer_dead) options.on_peer_dead(connection);
  }
  for (auto& event : out.events) {
    if (!closed) on_event(std::move(event));
  }
}

void Client::State::tell(CommandChannel::Output& out) {
  write(commands, std::move(out.send));
  for (auto& [on_streamed, message] : out.streamed) {
    if (!closed) on_streamed(message);
  }
  for (auto& [on_reply, result] : out.done) {
    if (!closed) on_reply(std::move(result));
  }
}

void Client::State::note_error(const Error& error) {
  // The same reason at each attempt is news once.
  const bool is_news = status.last_error != error.text;
  status.last_error = error.text;
  if (is_news) on_log({Level::Warning, "could not " + error.text});
}

void Client::State::arm() {
  std::optional<TimePoint> at = session.wake_at();
  const auto sooner = [&](std::optional<TimePoint> other) {
    if (other && (!at || *other < *at)) at = other;
  };
  sooner(channel.wake_at());
  if (commands.connected) sooner(next_beat);
  // A timer that fires too early does no harm; setting it anew for each read would cost.
  if (!at || closed || (armed && *armed <= *at)) return;
  armed = at;
  timer.expires_at(to_steady(*at));
  timer.async_wait([self = shared_from_this()](const asio::error_code& error) {
    if (!error && !self->closed) self->on_timer();
  });
}

bool Client::State::has_unread(const Link& link) {
  asio::error_code ignored;
  return link.connected && link.socket.available(ignored) > 0;
}

void Client::State::on_timer() {
  armed.reset();
  const auto now = read_clock();
  beat();
  if (has_unread(events)) session.note_alive(now);
  Output out;
  const auto followed = session.tick(now, out);
  tell(out);
  if (!closed && !followed) lose(events, followed.error());
  if (!closed && !has_unread(commands)) {
    CommandChannel::Output replies;
    const bool hung = beating;
    const auto answered = channel.tick(now, replies);
    tell(replies);
    if (!closed && !answered) lose(commands, answered.error());
    if (!closed && !answered && hung && events.connected) {
      lose(events, {fmt::format("follow strongSwan at {}: it does not answer", options.socket)});
    }
  }
  if (!closed) arm();
}

void Client::State::beat() {
  const auto now = read_clock();
  if (!commands.connected || now < next_beat) return;
  next_beat = now + options.heartbeat_interval;
  if (!channel.is_idle()) return;  // a running command has its own deadline
  beating = true;
  CommandChannel::Output out;
  channel.ask({"version", {}, {}, options.heartbeat_timeout},
              [self = weak_from_this()](const Result<Reply>& reply) {
                const auto state = self.lock();
                if (!state) return;
                state->beating = false;
                if (reply) state->session.note_alive(read_clock());
              },
              now, out);
  tell(out);
}

void Client::State::close() {
  closed = true;
  asio::error_code ignored;
  for (Link* link : {&events, &commands, &story}) {
    link->socket.close(ignored);
    link->retry.cancel();
  }
  timer.cancel();
}

// ---- the client -------------------------------------------------------------

Client::Client(asio::io_context& context, ClientOptions options, EventCallback on_event, LogCallback on_log)
    : state_(std::make_shared<State>(context, std::move(options), std::move(on_event), std::move(on_log))) {
  asio::post(context, [state = state_] {
    if (state->closed) return;
    state->connect(state->events);
    state->connect(state->commands);
    if (state->options.on_charon_log) state->connect(state->story);
  });
}

Client::~Client() { state_->close(); }

void Client::request(Request request, ReplyCallback on_reply) {
  // Posted, so that no callback runs inside this call.
  asio::post(state_->context, [state = state_, request = std::move(request), on_reply = std::move(on_reply)]() mutable {
    if (state->closed) return;
    CommandChannel::Output out;
    state->channel.ask(std::move(request), std::move(on_reply), read_clock(), out);
    state->tell(out);
    state->arm();
  });
}

void Client::refresh() {
  asio::post(state_->context, [state = state_] {
    if (state->closed || !state->events.connected) return;
    Output out;
    state->session.refresh(read_clock(), out);
    state->tell(out);
    state->arm();
  });
}

void Client::on_story(StoryCallback callback) { state_->on_story = std::move(callback); }

Status Client::status() const {
  Status status = state_->status;
  const Session& session = state_->session;
  status.socket = state_->options.socket;
  status.connected = session.is_synced();
  status.daemon = session.daemon();
  status.charon_version = session.version();
  status.events = session.counters().events;
  status.lists = session.counters().lists;
  status.rereads = session.counters().rereads;
  status.sas = session.sas();
  return status;
}

}  // namespace rri::vici
