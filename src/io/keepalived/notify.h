// io/keepalived/notify.h -- keepalived's notify FIFO, read-only.
//
// keepalived writes a line for every change of a VRRP instance:
//
//   INSTANCE "group1" MASTER 150
//
// It opens the FIFO for reading and writing and never notices a missing reader,
// so lines wait in the pipe while nobody reads. We open it for reading only:
// then a hang-up means that keepalived is gone (a killed one leaves MASTER and
// the address behind). After a hang-up the FIFO is opened afresh, which makes
// the kernel wait for the next writer.
//
// Only one process may read a FIFO. A FIFO that is missing is made, so that it
// does not matter who starts first; one that was replaced is followed.
// Threading: all callbacks come from the io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace asio {
class io_context;
}

namespace rri::keepalived {

/// The last word about one VRRP instance.
enum class Word : std::uint8_t { Master, Backup, Fault, Stop, Deleted };

std::string_view to_string(Word word);

struct NotifyLine {
  std::string name;
  Word word{};

  friend bool operator==(const NotifyLine&, const NotifyLine&) = default;
};

/// `INSTANCE "NAME" STATE PRIORITY` and `GROUP ...`. The notices of priority
/// changes say the state too. Nothing for anything else.
std::optional<NotifyLine> parse_notify_line(std::string_view line);

/// Cuts bytes into lines. A line beyond the bound is dropped as a whole.
class LineCutter {
 public:
  std::vector<std::string> feed(std::string_view bytes);

 private:
  std::string rest_;
  bool dropping_ = false;
};

class NotifyFifo {
 public:
  struct Callbacks {
    std::function<void(const NotifyLine&)> on_line;
    /// keepalived holds the FIFO open no longer (or does not yet).
    std::function<void()> on_hang_up;
    /// Once for each new reason: the FIFO cannot be made or opened; with the cure.
    std::function<void(const std::string&)> on_trouble;
  };

  NotifyFifo(asio::io_context& context, std::string path, Callbacks callbacks);
  ~NotifyFifo();
  NotifyFifo(const NotifyFifo&) = delete;
  NotifyFifo& operator=(const NotifyFifo&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// A process, told apart from a later one of the same number.
struct ProcessMark {
  std::int32_t pid = 0;
  std::uint64_t start_time = 0;  // field 22 of /proc/PID/stat

  friend auto operator<=>(const ProcessMark&, const ProcessMark&) = default;
};

/// The keepalived processes that hold `fifo` open; where /proc does not tell who
/// does (other users' processes), every keepalived of our network namespace. Not
/// those that are about to become a script: they are gone soon. Ascending.
std::vector<ProcessMark> find_keepalived(const std::string& fifo);

bool is_alive(const ProcessMark& mark);

}  // namespace rri::keepalived
