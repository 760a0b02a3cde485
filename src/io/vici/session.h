// io/vici/session.h -- the event connection without its socket.
//
// Bytes and times go in; bytes for charon, core events and log lines come out.
// Deterministic, so that recordings replay and cuts do not matter.
//
//   start() --> version --> register 7 events, one by one --> list-sas (all)
//                                                              |
//       events in stream order, lists of one SA, a full list now and then
//
// Why lists go over this connection too: charon queues events and lists for a
// client in one order. A list that came over another connection could be older
// or newer than an event that is still unread, and a rekey between the two
// would look like a loss. Here, whatever a list says is exactly as old as its
// place in the stream.
//
// Events are hints that are acted on at once, for latency: `up` and `rekey` carry
// all data. After each, the IKE_SA is read again, coalesced and at a bounded
// share of charon's time. A child that such a list does not mention, and that
// no event has told of, is looked for by its own id (an IKEv1 reauthentication
// moves children in silence) before it is told to be down.
//
// Known limits: an IKE_SA whose list-sa message exceeds 512 KiB (about 1000
// CHILD_SAs) is sent in no list by charon; its children are known from events
// only, and are down after the next full list, with a warning.
// A standby IKE_SA of the ha plugin that becomes active is found by the audit.
#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "io/vici/codec.h"
#include "io/vici/sa_book.h"

namespace rri::vici {

struct SessionOptions {
  Millis list_timeout = std::chrono::seconds(15);
  Millis audit_interval = std::chrono::minutes(10);
};

/// Counted since the start of the program.
struct SessionCounters {
  std::uint64_t events = 0;
  std::uint64_t lists = 0;
  std::uint64_t rereads = 0;
};

class Session {
 public:
  explicit Session(SessionOptions options) : options_(options) {}

  /// A connection was made: begins the conversation.
  void start(TimePoint now, Output& out);
  /// Takes bytes in any cut. After an error the stream is out of step: close it
  /// and call stop(). What `out` holds already is valid.
  Result<void> receive(std::string_view bytes, TimePoint now, Output& out);
  /// Time has passed. An error means that charon does not answer.
  Result<void> tick(TimePoint now, Output& out);
  /// When tick() wants to be called, at the latest.
  [[nodiscard]] std::optional<TimePoint> wake_at() const;
  /// The connection is gone: SourceLost, once after each SaList.
  void stop(Output& out);

  /// Asks for a full list as soon as the connection is free for it.
  void refresh(TimePoint now, Output& out);
  /// charon answered somewhere else: it lives, and only a busy IKE_SA holds up the list.
  void note_alive(TimePoint now);

  [[nodiscard]] bool is_synced() const { return synced_; }
  [[nodiscard]] const std::string& daemon() const { return daemon_; }
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] const SessionCounters& counters() const { return counters_; }
  [[nodiscard]] std::size_t sas() const { return book_.size(); }

 private:
  enum class Phase : std::uint8_t { Closed, Version, Registering, Ready };
  /// What a `list-sas` is for. `id` is that of an IKE_SA or a CHILD_SA.
  struct Job {
    enum class Kind : std::uint8_t { All, Ike, Child };
    Kind kind{};
    std::uint64_t id = 0;
  };

  Result<void> on_packet(const Packet& packet, TimePoint now, Output& out);
  Result<void> on_response(const Packet& packet, TimePoint now, Output& out);
  Result<void> on_registered(bool known, Output& out);
  Result<void> on_event(const Packet& packet, TimePoint now, Output& out);
  void on_child_updown(const SectionView& root, TimePoint now, Output& out);
  void on_child_rekey(const SectionView& root, TimePoint now, Output& out);
  void on_ike_updown(const SectionView& root, TimePoint now, Output& out);
  void on_ike_rekey(const SectionView& root, TimePoint now);
  void on_ike_update(const SectionView& root, TimePoint now);
  void on_list_sa(const SectionView& root, TimePoint now, Output& out);

  void register_next(Output& out);
  void send_packet(const Packet& packet, Output& out);
  void queue(Job::Kind kind, std::uint64_t id, TimePoint not_before);
  void look_for(const std::vector<std::uint64_t>& children, TimePoint now);
  /// When the next job may start; nothing when there is none.
  [[nodiscard]] std::optional<TimePoint> next_job_at() const;
  void start_due_job(TimePoint now, Output& out);
  void start_job(Job job, TimePoint now, Output& out);
  void finish_job(TimePoint now, Output& out);
  void finish_full_list(TimePoint now, Output& out);

  SessionOptions options_;
  Phase phase_ = Phase::Closed;
  FrameReader frames_;
  MessageView message_;
  SaBook book_;
  std::size_t registered_ = 0;  // events of kEventNames that were answered

  std::optional<Job> job_;      // the list that runs
  TimePoint job_started_;
  TimePoint progress_at_;       // last sign of life of what we wait for
  bool job_found_ = false;      // the SA it asks for was in it
  bool moved_during_job_ = false;          // an IKE rekey may have hidden it
  std::vector<std::uint64_t> owed_;        // IKE_SAs to read before a full list is complete
  std::deque<Job> waiting_;
  absl::flat_hash_set<std::pair<int, std::uint64_t>> waiting_keys_;
  TimePoint may_start_;         // pacing and settling of single lists
  bool want_all_ = false;
  TimePoint all_may_start_;     // pacing of full lists
  std::optional<TimePoint> audit_at_;

  bool synced_ = false;
  bool told_list_ = false;      // SaList was told and SourceLost was not
  std::string daemon_;
  std::string version_;
  SessionCounters counters_;
};

}  // namespace rri::vici
