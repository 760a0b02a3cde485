// The shell: lines of a session, help for their beginnings, and keys of the line editor.
//
// Oracles: a line that is refused leaves the document as it was; help and
// completion change nothing, and completion only adds to the last word; the editor's
// screen (backspaces played out) shows the line; what a session made is read back
// as the same document.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "shell/line_editor.h"
#include "shell/session.h"

namespace {

using namespace rri;
using namespace rri::shell;

struct Daemon {
  Document document;
  std::uint64_t generation = 0;
  SessionHost host;

  Daemon() {
    host.document = &document;
    host.hostname = [] { return std::string("R1"); };
    host.generation = [this] { return generation; };
    host.on_change = [this](const SessionUser&, std::string_view) { ++generation; };
    host.flush = [] {};
    host.on_configured = [](const SessionUser&) {};
    host.save = []() -> Result<> { return {}; };
    host.reload = []() -> Result<> { return {}; };
    host.replace = [](const SessionUser&, const std::string&) -> Result<std::string> { return {}; };
    host.is_saved = [] { return true; };
    host.pending_revert = [] { return std::nullopt; };
    host.revert_in = [](const SessionUser&, unsigned) {};
    host.confirm = [] {};
    host.revert_now = [] {};
    host.pending_reload = [] { return std::nullopt; };
    host.reload_in = [](const SessionUser&, unsigned) {};
    host.cancel_reload = [] { return false; };
    host.merge = [](const SessionUser&, const std::string&) -> Result<std::string> { return {}; };
    host.erase = []() -> Result<> { return {}; };
    host.clear_log = [] {};
    host.clear_line = [](std::uint32_t) { return false; };
    host.users = [] { return std::vector<UserRow>(); };
    host.hash_secret = [](std::string_view) { return std::string("9 $6$x"); };
    host.is_secret = [](std::string_view, std::string_view) { return false; };
  }
};

void check_help(const Session& session, std::string_view line) {
  (void)session.help(line);
  const auto completed = session.complete(line);
  const auto blank = line.find_last_of(" \t");
  const auto kept = blank == std::string_view::npos ? 0 : blank + 1;
  RRI_ASSERT(std::string_view(completed).substr(0, kept) == line.substr(0, kept));
}

void check_session(std::string_view text) {
  Daemon daemon;
  Session one(daemon.host, {"root", "vty0", true});
  Session other(daemon.host, {"ann", "vty1", false});
  for (auto* session : {&one, &other}) {
    session->take_line("enable");
    session->take_line("configure terminal");
  }
  for (std::size_t number = 0; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    auto& session = number % 3 == 2 ? other : one;
    if (!session.is_configuring()) session.take_line("configure terminal");
    check_help(session, line);
    const auto before = daemon.document;
    const auto generation = daemon.generation;
    if (line.find("do") == std::string_view::npos) session.take_line(line);
    if (daemon.generation == generation) RRI_ASSERT(daemon.document == before);
  }
}

void check_editor(std::string_view keys) {
  LineEditor editor(64);
  editor.begin(true, true);
  std::string screen;
  std::size_t column = 0;
  for (const char key : keys) {
    std::string out;
    const auto event = editor.feed(key, out);
    if (event != KeyEvent::None) editor.begin(true, true);
    if (event != KeyEvent::None) {
      screen.clear();
      column = 0;
      continue;
    }
    for (const char byte : out) {
      if (byte == '\a') continue;
      if (byte == '\b') {
        RRI_ASSERT(column > 0);
        --column;
        continue;
      }
      if (column == screen.size()) screen += ' ';
      screen[column++] = byte;
    }
    RRI_ASSERT(column == editor.before_cursor().size());
    RRI_ASSERT(screen.size() >= editor.line().size());
    RRI_ASSERT(screen.find_first_not_of(' ', editor.line().size()) == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_editor(bytes);
  check_session(bytes);
  return 0;
}
