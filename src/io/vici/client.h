// io/vici/client.h -- the live SAs of strongSwan, over its VICI socket.
//
// Two connections. The event connection registers for events, lists everything
// and then only follows: charon puts events and lists for one client into one
// queue, so what comes on it is exact in stream order (session.h has the
// rules). The command connection carries requests of others and a heartbeat,
// so that a command that waits for a peer never holds up an event. A third one
// follows charon's log, where somebody wants it.
//
// Threading: everything runs on the io_context that is handed in; callbacks are
// called from there, never from inside a method of Client.
// Failure: a connection that cannot be made or is lost, bytes that are no VICI,
// and a charon that does not answer are all the same to the reader: SourceLost
// once, then attempts with growing pauses, then a fresh full SaList.
// Limits: limits.h. Reading never stops, since charon queues without limit.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "core/effects.h"
#include "core/events.h"
#include "io/vici/charon_log.h"
#include "io/vici/command_channel.h"
#include "io/vici/ike_story.h"

namespace asio {
class io_context;
}

namespace rri::vici {

struct ClientOptions {
  std::string socket = "/run/charon.vici";
  Millis first_retry = std::chrono::milliseconds(100);  // doubles up to longest_retry
  Millis longest_retry = std::chrono::seconds(1);
  /// A list that makes no progress for so long means a hung charon, unless the
  /// heartbeat was answered meanwhile (one busy IKE_SA holds up a list).
  Millis list_timeout = std::chrono::seconds(15);
  Millis heartbeat_interval = std::chrono::seconds(5);
  Millis heartbeat_timeout = std::chrono::seconds(10);
  /// A full list finds what no event told.
  Millis audit_interval = std::chrono::minutes(10);
  /// Told the connection of each IKE_SA whose peer fell silent, before its children go down.
  std::function<void(const std::string&)> on_peer_dead;
  /// Told the lines of charon's log that are about an IKE SA; empty: they are not asked for.
  CharonLog::OnLine on_charon_log;
};

/// For `show rri` and the metrics.
struct Status {
  std::string socket;
  bool connected = false;      // the first full list of this connection is in
  std::string daemon;          // "charon-systemd"
  std::string charon_version;  // "5.9.8", "" before the first connection
  std::uint64_t connects = 0;  // connections made; reconnects are one less
  std::uint64_t losses = 0;
  std::uint64_t events = 0;    // VICI events, lists not counted
  std::uint64_t lists = 0;     // full lists
  std::uint64_t rereads = 0;   // lists of one SA after an event
  std::uint64_t sas = 0;       // SAs known now
  std::string last_error;      // "" while all is well
};

class Client {
 public:
  using EventCallback = std::function<void(core::Event)>;
  using LogCallback = std::function<void(core::LogLine)>;
  using StoryCallback = std::function<void(const IkeStory&)>;

  /// Connects as soon as `context` runs, and goes on trying until destroyed.
  Client(asio::io_context& context, ClientOptions options, EventCallback on_event, LogCallback on_log);
  /// Closes all connections. No callback is called any more; open requests are dropped.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Runs one command after those asked for before it. `on_reply` is called
  /// exactly once: with the answer (`success=no` is for the caller to judge), or
  /// with why there is none. Commands are not repeated after a lost connection.
  void request(Request request, ReplyCallback on_reply);

  /// Reads everything again; ends in a SaList.
  void refresh();

  /// Hears what every event of charon tells people, before the core events that follow from it.
  void on_story(StoryCallback callback);

  [[nodiscard]] Status status() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rri::vici
