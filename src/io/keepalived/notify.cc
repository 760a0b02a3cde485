#include "io/keepalived/notify.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace rri::keepalived {

namespace {

/// A name of 255 bytes and the words around it.
constexpr std::size_t kMaxLineBytes = 512;

/// How often a FIFO that is missing or was replaced is looked for.
constexpr std::chrono::seconds kLookInterval{1};

struct StateName {
  std::string_view name;
  Word word;
};

constexpr StateName kStateNames[] = {
    {"MASTER", Word::Master},           {"BACKUP", Word::Backup},
    {"FAULT", Word::Fault},             {"STOP", Word::Stop},
    {"DELETED", Word::Deleted},         {"MASTER_RX_LOWER_PRI", Word::Master},
    {"MASTER_PRIORITY", Word::Master},  {"BACKUP_PRIORITY", Word::Backup},
};

std::string explain_open(const std::string& path, int error) {
  const auto cure = error == EACCES || error == EPERM
                        ? fmt::format(" (let this user read it: `vrrp_notify_fifo {} USER` in keepalived.conf)", path)
                        : std::string();
  return fmt::format("could not read keepalived's notify FIFO {}: {}{}", path, std::strerror(error), cure);
}

/// Names are written as they stand in keepalived.conf, where a character that
/// keepalived cannot read is `\\ooo` (app/render_keepalived.h).
std::string without_octal(std::string_view name) {
  constexpr std::size_t kDigits = 3;
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto number = name.substr(i + 1, kDigits);
    if (name[i] != '\\' || number.size() < kDigits || !std::all_of(number.begin(), number.end(), is_octal)) {
      plain += name[i];
      continue;
    }
    plain += static_cast<char>((number[0] - '0') * 64 + (number[1] - '0') * 8 + (number[2] - '0'));
    i += kDigits;
  }
  return plain;
}

}  // namespace

std::string_view to_string(Word word) { return kStateNames[static_cast<std::size_t>(word)].name; }

std::optional<NotifyLine> parse_notify_line(std::string_view line) {
  line = trim(line);
  const auto open = line.find('"');
  const auto close = line.rfind('"');
  if (open == std::string_view::npos || close == open) return std::nullopt;
  const auto type = trim(line.substr(0, open));
  if (type != "INSTANCE" && type != "GROUP") return std::nullopt;
  const auto name = line.substr(open + 1, close - open - 1);
  const auto words = split_words(line.substr(close + 1));
  if (name.empty() || words.empty() || words.size() > 2) return std::nullopt;
  if (words.size() == 2 && !parse_number<std::uint32_t>(words[1])) return std::nullopt;
  for (const auto& [state, word] : kStateNames) {
    if (words[0] == state) return NotifyLine{without_octal(name), word};
  }
  return std::nullopt;
}

std::vector<std::string> LineCutter::feed(std::string_view bytes) {
  std::vector<std::string> lines;
  for (const char c : bytes) {
    if (c == '\n') {
      if (!dropping_) lines.push_back(rest_);
      rest_.clear();
      dropping_ = false;
    } else if (rest_.size() >= kMaxLineBytes) {
      dropping_ = true;
    } else {
      rest_ += c;
    }
  }
  return lines;
}

struct NotifyFifo::State : std::enable_shared_from_this<NotifyFifo::State> {
  State(asio::io_context& context, std::string path_, Callbacks callbacks_)
      : fifo(context), timer(context), path(std::move(path_)), callbacks(std::move(callbacks_)) {}

  /// Opens the FIFO, making it if need be. The reader before it is closed after
  /// that, so that the pipe never is without one and loses no line.
  void open() {
    if (::mkfifo(path.c_str(), 0600) < 0 && errno != EEXIST) return trouble(errno);
    const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return trouble(errno);
    struct stat status {};
    if (::fstat(fd, &status) < 0 || !S_ISFIFO(status.st_mode)) {
      ::close(fd);
      return trouble(EINVAL);
    }
    last_trouble = 0;
    inode = status.st_ino;
    asio::error_code ignored;
    fifo.close(ignored);
    cutter = {};
    fifo.assign(fd, ignored);
    read_now();
  }

  void trouble(int error) {
    asio::error_code ignored;
    fifo.close(ignored);
    hang_up();
    if (std::exchange(last_trouble, error) != error && callbacks.on_trouble) callbacks.on_trouble(explain_open(path, error));
  }

  /// What the pipe holds by now. Reading 0 bytes says that nobody has it open for
  /// writing; that is known at once, before anything is waited for.
  void read_now() {
    std::array<char, 4096> buffer;
    auto got = ::read(fifo.native_handle(), buffer.data(), buffer.size());
    // A pipe holds at most 64 KiB, so this ends.
    for (; got > 0; got = ::read(fifo.native_handle(), buffer.data(), buffer.size())) {
      fresh_after_hang_up = false;
      for (const auto& line : cutter.feed({buffer.data(), static_cast<std::size_t>(got)})) take(line);
    }
    if (got == 0 && !std::exchange(fresh_after_hang_up, false)) {
      hang_up();
      // A reader opened after the last writer left waits quietly for the next one.
      fresh_after_hang_up = true;
      return open();
    }
    wait();
  }

  void wait() {
    fifo.async_wait(asio::posix::stream_descriptor::wait_read, [self = shared_from_this()](asio::error_code error) {
      if (!error && self->is_running) self->read_now();
    });
  }

  void take(const std::string& line) {
    if (auto parsed = parse_notify_line(line)) callbacks.on_line(*parsed);
  }

  void hang_up() {
    if (callbacks.on_hang_up) callbacks.on_hang_up();
  }

  /// keepalived may have made the FIFO anew, or somebody removed it.
  void look_later() {
    timer.expires_after(kLookInterval);
    timer.async_wait([self = shared_from_this()](asio::error_code error) {
      if (error || !self->is_running) return;
      struct stat status {};
      const bool same = ::lstat(self->path.c_str(), &status) == 0 && status.st_ino == self->inode;
      if (!same || !self->fifo.is_open()) self->open();
      self->look_later();
    });
  }

  asio::posix::stream_descriptor fifo;
  asio::steady_timer timer;
  std::string path;
  Callbacks callbacks;
  LineCutter cutter;
  ino_t inode = 0;
  int last_trouble = 0;
  bool fresh_after_hang_up = false;
  bool is_running = true;
};

NotifyFifo::NotifyFifo(asio::io_context& context, std::string path, Callbacks callbacks)
    : state_(std::make_shared<State>(context, std::move(path), std::move(callbacks))) {
  asio::post(context, [state = state_] {
    if (!state->is_running) return;
    state->open();
    state->look_later();
  });
}

NotifyFifo::~NotifyFifo() {
  state_->is_running = false;
  asio::error_code ignored;
  state_->fifo.close(ignored);
  state_->timer.cancel();
}

}  // namespace rri::keepalived
