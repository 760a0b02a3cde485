#include "app/doctor/probe.h"

#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "app/doctor/limits.h"
#include "io/control/path.h"

namespace rri::doctor {

namespace {

using Clock = std::chrono::steady_clock;

timeval as_timeval(std::chrono::seconds time) { return {time.count(), 0}; }

/// Reads until the end, the deadline or the bound.
std::string read_until(int fd, Clock::time_point deadline) {
  std::string text;
  std::array<char, 65536> buffer{};
  while (text.size() < kMaxAnswerBytes) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{fd, POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) break;
    const auto count = ::read(fd, buffer.data(), buffer.size());
    if (count <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

[[noreturn]] void become(const std::vector<std::string>& argv, int output, bool in_own_network) {
  if (in_own_network && ::unshare(CLONE_NEWNET) != 0) ::_exit(126);
  const int null = ::open("/dev/null", O_RDWR);
  ::dup2(null, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(null, STDERR_FILENO);
  std::vector<char*> words;
  for (const auto& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words.front(), words.data());
  ::_exit(127);
}

/// The exit status of `child`, which is ended at `deadline`.
int wait_for(pid_t child, Clock::time_point deadline) {
  int status = 0;
  while (Clock::now() < deadline) {
    if (::waitpid(child, &status, WNOHANG) == child) return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ::poll(nullptr, 0, 5);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, &status, 0);
  return -1;
}

}  // namespace

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text;
  std::array<char, 65536> chunk{};
  while (file.read(chunk.data(), chunk.size()), file.gcount() > 0) {
    text.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() >= kMaxFileBytes) break;
  }
  return file.bad() ? std::nullopt : std::optional(std::move(text));
}

std::vector<NamedText> find_files(const std::string& pattern) {
  std::vector<NamedText> found;
  glob_t matches{};
  if (::glob(pattern.c_str(), 0, nullptr, &matches) == 0) {
    for (std::size_t i = 0; i < matches.gl_pathc && i < kMaxFiles; ++i) {
      struct stat about {};
      if (::stat(matches.gl_pathv[i], &about) != 0 || !S_ISREG(about.st_mode)) continue;
      if (auto text = read_text(matches.gl_pathv[i])) found.push_back({matches.gl_pathv[i], std::move(*text)});
    }
  }
  ::globfree(&matches);
  return found;
}

SocketFacts look_at_socket(const std::string& path) {
  SocketFacts facts;
  facts.path = path;
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    facts.error = errno;
    return facts;
  }
  facts.exists = true;
  facts.mode = about.st_mode;
  facts.uid = about.st_uid;
  facts.gid = about.st_gid;
  const auto address = control::make_address(path);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (address && fd >= 0) {
    facts.connects = ::connect(fd, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0;
    facts.error = facts.connects ? 0 : errno;
  }
  if (fd >= 0) ::close(fd);
  return facts;
}

int find_listener(const std::string& path) {
  const auto stream = Stream::open(path);
  return stream ? stream->peer().pid : 0;
}

Result<Stream> Stream::open(const std::string& path) {
  const auto address = control::make_address(path);
  if (!address) return tl::make_unexpected(address.error());
  Stream stream(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (stream.fd_ < 0) return fail("connect to {}: {}", path, std::strerror(errno));
  const auto time = as_timeval(kAnswerTime);
  ::setsockopt(stream.fd_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
  ::setsockopt(stream.fd_, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
  if (::connect(stream.fd_, reinterpret_cast<const sockaddr*>(&*address), sizeof *address) < 0) {
    return fail("connect to {}: {}", path, std::strerror(errno));
  }
  return stream;
}

Stream::Stream(Stream&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Stream::~Stream() {
  if (fd_ >= 0) ::close(fd_);
}

Result<> Stream::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return fail("write: {}", std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::string> Stream::receive() {
  std::array<char, 65536> buffer{};
  const auto count = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (count < 0) return fail("read: no answer within {} s", kAnswerTime.count());
  return std::string(buffer.data(), static_cast<std::size_t>(count));
}

Stream::Peer Stream::peer() const {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(fd_, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  return {credentials.pid, credentials.uid};
}

CommandResult run_command(const std::vector<std::string>& argv, bool in_own_network) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) become(argv, ends[1], in_own_network);
  ::close(ends[1]);
  CommandResult result;
  if (child > 0) {
    const auto deadline = Clock::now() + kCommandTime;
    result.output = read_until(ends[0], deadline);
    result.status = wait_for(child, deadline);
  }
  ::close(ends[0]);
  return result;
}

}  // namespace rri::doctor
