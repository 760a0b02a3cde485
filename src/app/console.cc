#include "app/console.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "app/command_runner.h"
#include "app/terminal.h"
#include "base/text.h"
#include "io/control/client.h"
#include "io/control/limits.h"
#include "show/json.h"

namespace rri::app {

namespace {

using control::Connection;
using control::FrameType;
using control::PromptKind;

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int complain(const Error& error) {
  std::fprintf(stderr, "rri: could not %s\n", error.text.c_str());
  return 1;
}

/// What rrid says unasked: warnings, and the log for those who monitor.
void show_messages(Connection& connection) {
  if (const auto messages = connection.take_messages()) std::fputs(messages->c_str(), stderr);
}

/// `trouble`: what IOS prints, perhaps with a line for the marker in front.
std::string error_json(const std::string& command, std::string_view trouble) {
  const auto words = trouble.find('%');
  const auto marker = trouble.substr(0, words).find('^');
  return fmt::format("{{\"command\":{},\"error\":{},\"column\":{}}}\n", show::quoted_json(command),
                     show::quoted_json(trim(words == std::string_view::npos ? trouble : trouble.substr(words))),
                     marker == std::string_view::npos ? "null" : std::to_string(marker + 1));
}

/// All are carried out, as lines from a pipe are; the status tells of one that failed.
int run_commands(Connection& connection, const std::vector<std::string>& commands, bool json) {
  int status = 0;
  for (const auto& command : commands) {
    const auto trouble = run_line(connection, json ? FrameType::RunJson : FrameType::RunText, command, 0, print);
    std::fflush(stdout);
    show_messages(connection);
    if (!trouble && json) print(error_json(command, fmt::format("% Could not {}", trouble.error().text)));
    if (!trouble) return complain(trouble.error());
    if (trouble->empty()) continue;
    if (json) print(error_json(command, *trouble));
    std::fprintf(stderr, "%s\n%s", printable(command).c_str(), trouble->c_str());
    status = 1;
  }
  return status;
}

/// The next line of standard input; one that is too long comes back as nothing.
std::optional<std::string> read_line(bool& at_end) {
  std::string line;
  bool too_long = false;
  at_end = true;
  for (int byte = std::getchar(); byte != EOF; byte = std::getchar()) {
    at_end = false;
    if (byte == '\n') break;
    if (line.size() < control::kMaxCommandBytes) {
      line += static_cast<char>(byte);
    } else {
      too_long = true;
    }
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return too_long ? std::nullopt : std::optional(std::move(line));
}

/// Whether something was asked that nobody answered.
bool end_at_question(const Connection& connection) {
  const auto kind = connection.prompt().kind;
  const bool is_question = kind == PromptKind::Secret || kind == PromptKind::Question || kind == PromptKind::Confirm;
  if (is_question) std::fprintf(stderr, "rri: the input ended at: %s\n", connection.prompt().text.c_str());
  return is_question;
}

/// Lines from a file or a pipe: no prompts, no pages. All are carried out; one that was wrong is told in the end.
int run_lines(Connection& connection) {
  bool at_end = false;
  int status = 0;
  while (connection.prompt().kind != PromptKind::Closed) {
    const auto line = read_line(at_end);
    if (at_end) return end_at_question(connection) ? 1 : status;
    if (!line) {
      print(fmt::format("% The line is longer than {} characters; it is left out\n", control::kMaxCommandBytes));
      continue;
    }
    const auto trouble = run_line(connection, FrameType::SessionLine, *line, 0, print);
    if (!trouble) return complain(trouble.error());
    print(*trouble);
    if (!trouble->empty()) status = 1;
    std::fflush(stdout);
    show_messages(connection);
  }
  return status;
}

int run_session(Connection& connection) {
  const auto opened = connection.run(FrameType::OpenSession, describe_terminal(), [](std::string_view) { return true; });
  if (!opened) return complain(opened.error());
  const bool is_terminal = ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
  return is_terminal ? run_terminal(connection) : run_lines(connection);
}

}  // namespace

int run_console(const ConsoleOptions& options) {
  auto connection = Connection::open(options.socket);
  if (!connection && options.json && !options.commands.empty()) print(error_json(options.commands.front(), fmt::format("% Could not {}", connection.error().text)));
  if (!connection) return complain(connection.error());
  if (!options.commands.empty()) return run_commands(*connection, options.commands, options.json);
  // `ssh HOST 'show crypto route'` under ForceCommand.
  const char* asked = std::getenv("SSH_ORIGINAL_COMMAND");
  if (asked != nullptr && *asked != '\0') return run_commands(*connection, {asked}, options.json);
  return run_session(*connection);
}

}  // namespace rri::app
