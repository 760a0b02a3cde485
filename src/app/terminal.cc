#include "app/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "app/command_runner.h"
#include "base/text.h"
#include "io/control/limits.h"
#include "shell/line_editor.h"
#include "shell/pager.h"
#include "shell/pipe.h"
#include "shell/session.h"

namespace rri::app {

namespace {

constexpr char kEscape = '\x1b';

using control::Connection;
using control::FrameType;
using control::PromptKind;
using shell::KeyEvent;

void write_out(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the terminal is gone; reading will tell
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Keys one by one, without echo; lines of output still end with CR LF.
class RawMode {
 public:
  RawMode() {
    is_terminal_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    if (!is_terminal_) return;
    auto raw = before_;
    raw.c_iflag &= ~static_cast<tcflag_t>(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
    raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    raw.c_oflag |= OPOST | ONLCR;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  }
  ~RawMode() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;

 private:
  termios before_{};
  bool is_terminal_ = false;
};

class Terminal {
 public:
  explicit Terminal(Connection& connection) : connection_(connection), editor_(control::kMaxCommandBytes - 1) {}

  int run();

 private:
  /// The next key; nothing at the end of input or of the connection.
  std::optional<char> read_key(bool shows_messages);
  bool read_keys();
  bool show_messages();
  void show_line() { write_out(fmt::format("{}{}", prompt(), editor_.redraw())); }
  void show_line_again() {
    write_out("\n");
    show_line();
  }
  [[nodiscard]] std::size_t room() const;
  void begin_line();
  void on_key(char key);
  void on_event(KeyEvent event);
  void send_line();
  bool stop_was_pressed();
  void end_config();
  void take_confirmation(bool is_meant);
  void ask(FrameType type);
  void print_paged(shell::Pager& pager, std::string_view text);
  void skip_sequence();
  bool wait_at_more(shell::Pager& pager);
  void ask_for_search();
  void fail(const Error& error);
  [[nodiscard]] std::string_view prompt() const { return connection_.prompt().text; }
  [[nodiscard]] shell::Pager make_pager() const { return {connection_.prompt().length, connection_.prompt().width}; }

  Connection& connection_;
  shell::LineEditor editor_;
  std::string input_;  // keys that were pressed
  std::size_t read_ = 0;
  bool is_over_ = false;
  bool quit_page_ = false;
  std::optional<shell::LineFilter> search_;  // `/TEXT` at --More--
  bool begins_search_ = false;
  int status_ = 0;
};

void Terminal::fail(const Error& error) {
  write_out(fmt::format("\nrri: could not {}\n", error.text));
  is_over_ = true;
  status_ = 1;
}

bool Terminal::show_messages() {
  auto messages = connection_.take_messages();
  if (!messages) {
    fail(messages.error());
    return false;
  }
  if (messages->empty()) return true;
  write_out("\n");
  write_out(*messages);
  show_line();
  return true;
}

std::optional<char> Terminal::read_key(bool shows_messages) {
  while (read_ == input_.size()) {
    if (shows_messages && !show_messages()) return std::nullopt;
    // At a page, what is left of the answer waits; only that rrid closes the connection is of interest.
    std::array<pollfd, 2> waits{{{STDIN_FILENO, POLLIN, 0}, {connection_.descriptor(), static_cast<short>(shows_messages ? POLLIN : POLLRDHUP), 0}}};
    if (::poll(waits.data(), waits.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return std::nullopt;
    }
    if (!shows_messages && waits[1].revents != 0) {
      fail(Error{"go on with the answer: rrid closed the connection (its exec-timeout is over, or rrid stopped)"});
      return std::nullopt;
    }
    if (waits[0].revents == 0) continue;
    input_.clear();
    read_ = 0;
    if (!read_keys()) return std::nullopt;
  }
  return input_[read_++];
}

/// Takes what was pressed; false at the end of input.
bool Terminal::read_keys() {
  std::array<char, 4096> part;
  const auto got = ::read(STDIN_FILENO, part.data(), part.size());
  if (got > 0) input_.append(part.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

/// Whether ^C or ^^ (Ctrl-Shift-6) was pressed; what was typed before it is forgotten, the rest waits for the prompt.
bool Terminal::stop_was_pressed() {
  const auto known = input_.size();
  if (!read_keys()) return true;
  const auto stop = input_.find_last_of("\x03\x1e");
  if (stop == std::string::npos || stop < known) return false;
  input_.erase(0, stop + 1);
  read_ = 0;
  return true;
}

/// Columns for typing: the last one stays free, since terminals break the line behind it.
std::size_t Terminal::room() const {
  constexpr std::size_t kLeast = 20;
  const std::size_t width = connection_.prompt().width;
  return width > prompt().size() + kLeast ? width - prompt().size() - 1 : 0;
}

void Terminal::begin_line() {
  const auto kind = connection_.prompt().kind;
  editor_.begin(kind != PromptKind::Secret && kind != PromptKind::Confirm, kind == PromptKind::Exec || kind == PromptKind::Config, room());
  write_out(prompt());
}

int Terminal::run() {
  begin_line();
  while (!is_over_) {
    const auto key = read_key(true);
    if (!key) break;
    on_key(*key);
  }
  return status_;
}

void Terminal::on_key(char key) {
  std::string out;
  if (connection_.prompt().kind == PromptKind::Confirm) return take_confirmation(editor_.feed(key, out) == KeyEvent::Line || key == 'y' || key == 'Y');
  const auto event = editor_.feed(key, out);
  write_out(out);
  on_event(event);
}

void Terminal::on_event(KeyEvent event) {
  switch (event) {
    case KeyEvent::None: return;
    case KeyEvent::Line: return send_line();
    case KeyEvent::TooLong:
      write_out(fmt::format("% The line is longer than {} characters; it is left out\n", control::kMaxCommandBytes - 1));
      return begin_line();
    case KeyEvent::Help: return ask(FrameType::SessionHelp);
    case KeyEvent::Complete: return ask(FrameType::SessionComplete);
    case KeyEvent::Redisplay: return show_line_again();
    case KeyEvent::Interrupt:
      write_out("\n");
      if (connection_.prompt().kind != PromptKind::Exec) return end_config();
      return begin_line();
    case KeyEvent::EndConfig:
      write_out("^Z\n");
      if (connection_.prompt().kind != PromptKind::Config) return begin_line();
      if (trim(editor_.line()).empty()) return end_config();
      send_line();
      if (!is_over_ && connection_.prompt().kind == PromptKind::Config) end_config();
      return;
    case KeyEvent::EndOfInput:
      if (connection_.prompt().kind == PromptKind::Config) return write_out("\a");  // in exec it is `exit`
      is_over_ = true;
      return write_out("\n");
  }
}

/// ^Z and ^C leave every configuration mode; a question, a password or a text is given up.
void Terminal::end_config() {
  editor_.set_line(std::string(connection_.prompt().kind == PromptKind::Config ? "end" : shell::kInterrupt));
  send_line();
}

/// `[confirm]` takes one key.
void Terminal::take_confirmation(bool is_meant) {
  write_out("\n");
  editor_.set_line(std::string(is_meant ? "y" : shell::kInterrupt));
  send_line();
}

void Terminal::send_line() {
  const auto line = editor_.line();
  const auto kind = connection_.prompt().kind;
  if (kind == PromptKind::Exec || kind == PromptKind::Config) editor_.remember();
  auto pager = make_pager();
  quit_page_ = false;
  search_.reset();
  const auto trouble = run_line(connection_, FrameType::SessionLine, line, prompt().size(),
                                [&](std::string_view text) { print_paged(pager, text); }, {STDIN_FILENO, [this] { return stop_was_pressed(); }});
  if (!trouble) return fail(trouble.error());
  write_out(*trouble);
  is_over_ = is_over_ || connection_.prompt().kind == PromptKind::Closed;
  if (!is_over_) begin_line();
}

void Terminal::ask(FrameType type) {
  std::string answer;
  const auto status = connection_.run(type, editor_.before_cursor(), [&](std::string_view bytes) {
    answer += bytes;
    return true;
  });
  if (!status) return fail(status.error());
  if (type == FrameType::SessionHelp) {
    write_out("?\n");
    auto pager = make_pager();
    quit_page_ = false;
    search_.reset();
    print_paged(pager, answer);
    return answer.starts_with('%') ? show_line() : show_line_again();
  }
  const auto rest = editor_.line().substr(editor_.before_cursor().size());
  if (answer == editor_.before_cursor()) return write_out("\a");
  editor_.set_line(answer + rest);
  show_line_again();
}

void Terminal::print_paged(shell::Pager& pager, std::string_view text) {
  std::string found;
  if (search_) text = found = search_->feed(text);
  while (!text.empty() && !quit_page_ && !is_over_) {
    if (pager.is_full() && !wait_at_more(pager)) {
      quit_page_ = true;
      return;
    }
    if (std::exchange(begins_search_, false)) text = found = search_->feed(text);
    write_out(pager.take(text));
  }
}

/// What an arrow key sends behind its ESC, as far as it came with it: one key is one answer.
void Terminal::skip_sequence() {
  const auto is_there = [this](auto&& is_meant) { return read_ < input_.size() && is_meant(input_[read_]); };
  if (!is_there([](char byte) { return byte == '[' || byte == 'O'; })) return;
  ++read_;
  while (is_there([](char byte) { return byte >= '0' && byte <= '?'; })) ++read_;
  if (read_ < input_.size()) ++read_;
}

bool Terminal::wait_at_more(shell::Pager& pager) {
  write_out(shell::kMore);
  const auto key = read_key(false);
  write_out(shell::kEraseMore);
  if (!key) {
    is_over_ = true;
    return false;
  }
  if (*key == ' ') {
    pager.next_page();
    return true;
  }
  if (*key == '\r' || *key == '\n') {
    pager.next_line();
    return true;
  }
  if (*key == kEscape) skip_sequence();
  if (*key != '/') return false;
  ask_for_search();
  pager.next_page();
  return !is_over_;
}

/// `/TEXT` goes on at the next line that has it.
void Terminal::ask_for_search() {
  shell::LineEditor typed(control::kMaxCommandBytes - 1);
  typed.begin(true, false);
  write_out("/");
  for (auto event = KeyEvent::None; event == KeyEvent::None;) {
    const auto key = read_key(false);
    if (!key) {
      is_over_ = true;
      return;
    }
    std::string out;
    event = typed.feed(*key, out);
    write_out(out);
    if (event != KeyEvent::None && event != KeyEvent::Line) return write_out("\n");
  }
  auto filter = shell::LineFilter::make({shell::FilterKind::Begin, typed.line()});
  if (!filter || typed.line().empty()) return;
  write_out("filtering...\n");
  search_ = std::move(*filter);
  begins_search_ = true;
}

}  // namespace

std::string describe_terminal() {
  winsize size{};
  const bool known = ::ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0;
  const unsigned length = known && size.ws_row > 0 ? size.ws_row : 24;
  const unsigned width = known && size.ws_col > 0 ? size.ws_col : 80;
  const char* client = std::getenv("SSH_CONNECTION");
  std::string origin = client != nullptr ? std::string(client) : std::string();
  origin = origin.substr(0, origin.find(' '));
  if (origin.empty() && ::isatty(STDIN_FILENO) != 0) {
    const char* name = ::ttyname(STDIN_FILENO);
    origin = name != nullptr ? name : "";
  }
  return fmt::format("{} {} {}", length, width, origin.empty() ? "local" : origin);
}

int run_terminal(Connection& connection) {
  const RawMode raw;
  return Terminal(connection).run();
}

}  // namespace rri::app
