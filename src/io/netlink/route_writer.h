// io/netlink/route_writer.h -- carries out one RouteBatch at a time.
//
// Bulk: up to 256 messages a send, acknowledgement only for the last; an error
// names its operation by the sequence number. A batch of one is one message with
// acknowledgement. Nothing counts as done before the kernel has answered.
//
// Foreign routes are safe because an Add is exclusive, a Delete names our protocol,
// and a Change is sent only for keys that are known to be ours alone (OwnRoutes).
//
// What an answer leaves open (EEXIST, where the route may be our own; answers
// that were lost) is settled afterwards by one dump of our routes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/effects.h"
#include "core/events.h"
#include "io/netlink/dump.h"
#include "io/netlink/kernel_asker.h"
#include "io/netlink/link_table.h"
#include "io/netlink/own_routes.h"

namespace rri::netlink {

class RouteWriter {
 public:
  struct Parts {
    const LinkTable& links;
    OwnRoutes& own;
    KernelAsker& asker;
    Socket& dump_socket;
    const std::uint8_t& protocol;
    /// An `ip route` line was written or removed: the underlay changed.
    std::function<void(const Prefix&)> on_static_change;
    /// What had to be deleted was gone already, without a message.
    std::function<void(const KernelRoute&)> on_gone_before;
  };

  RouteWriter(Socket socket, Parts parts) : socket_(std::move(socket)), parts_(std::move(parts)) {}

  [[nodiscard]] std::uint32_t port() const { return socket_.port(); }
  [[nodiscard]] std::uint64_t operations() const { return operations_; }
  [[nodiscard]] std::uint64_t lost_acknowledgements() const { return lost_; }

  /// Whether this process may change routes; the error names the cure.
  Result<> check_rights();

  /// Adds a route that leads nowhere and deletes it at once. Not while a batch is begun.
  void poke(const Prefix& prefix, std::uint32_t table, std::uint32_t metric);
  /// Has the kernel notify of a route of ours that is there, without a moment without it:
  /// an equal IPv4 route in its place would go unnoticed. Not while a batch is begun.
  void tell_again(const KernelRoute& route);

  /// Takes a batch; the one before must be finished.
  void begin(core::RouteBatch batch);
  /// Goes on until `deadline`; the answer when all is done.
  std::optional<core::BatchDone> step(Deadline deadline);
  /// The batch that was finished last.
  [[nodiscard]] const core::RouteBatch& batch() const { return batch_; }

 private:
  enum class Phase : std::uint8_t { Send, Dump, Settle };
  /// What is not known yet of an operation.
  enum class Doubt : std::uint8_t { KeyTaken, NoAnswer };
  struct Sent {
    std::size_t index = 0;
    bool answered = false;  // with an error, or in doubt
  };

  void send_some();
  bool prepare(std::size_t index);
  bool prepare_change(std::size_t index, const RouteMessage& message);
  void collect(std::uint32_t last_sequence);
  void on_answer(const Acknowledgement& answer);
  void on_success(std::size_t index);
  void on_key_taken(std::size_t index);
  void adapt_pace(std::chrono::steady_clock::duration took);

  void begin_dump();
  void settle(std::size_t index, Doubt doubt);
  Acknowledgement send_one(RequestBuffer::RouteChange change, const RouteMessage& message);
  void redo(std::size_t index);
  void replace_shared(std::size_t index, const RouteMessage& message);

  void fail(std::size_t index, core::OpOutcome outcome, std::string text);
  void fail_with(std::size_t index, const Acknowledgement& answer);
  [[nodiscard]] OwnKey key_of(std::size_t index) const;
  core::BatchDone finish();

  Socket socket_;
  Parts parts_;
  core::RouteBatch batch_;
  std::vector<core::OpFailure> failures_;
  Phase phase_ = Phase::Send;
  std::size_t next_ = 0;
  std::size_t pace_ = 256;
  std::uint32_t sequence_ = 1;
  RequestBuffer buffer_;
  std::vector<Sent> sent_;              // of the send under way; sequence = first_sequence_ + position
  std::uint32_t first_sequence_ = 0;
  std::map<std::size_t, Doubt> doubts_;
  std::optional<Dump> dump_;
  std::map<OwnKey, RouteMessage> found_;  // of the dump: those in doubt that are there
  std::uint32_t dump_sequence_ = 1;
  std::string dump_error_;
  int dump_attempts_ = 0;
  std::uint64_t operations_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace rri::netlink
