// app/doctor/probe.h -- small questions to files, sockets and programs, each bounded.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/doctor/facts.h"
#include "app/doctor/strongswan_conf.h"
#include "base/result.h"

namespace rri::doctor {

/// At most kMaxFileBytes of a file; nothing when it cannot be read.
std::optional<std::string> read_text(const std::string& path);

/// The readable files of a shell pattern, sorted.
std::vector<NamedText> find_files(const std::string& pattern);

/// Owner and mode of a socket, and whether somebody listens.
SocketFacts look_at_socket(const std::string& path);

/// The process that listens on a Unix socket; 0 when that is not known.
int find_listener(const std::string& path);

/// A connected Unix stream socket that never waits longer than kAnswerTime.
class Stream {
 public:
  static Result<Stream> open(const std::string& path);
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&&) = delete;
  ~Stream();

  Result<> send(std::string_view bytes);
  /// What comes next, "" at the end.
  Result<std::string> receive();
  /// Process and user at the other end: what listen(2) was called with.
  struct Peer {
    int pid = 0;
    std::uint32_t uid = 0;
  };
  [[nodiscard]] Peer peer() const;

 private:
  explicit Stream(int fd) : fd_(fd) {}
  int fd_;
};

struct CommandResult {
  int status = -1;  // exit status, -1 when it did not end in time or could not start
  std::string output;
};

/// Runs a program with its output read, for at most kCommandTime.
/// `in_own_network`: in a network namespace of its own, which ends with it.
CommandResult run_command(const std::vector<std::string>& argv, bool in_own_network = false);

}  // namespace rri::doctor
