#include "app/console.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <optional>

#include "base/text.h"
#include "io/control/client.h"
#include "shell/exec_grammar.h"
#include "shell/pipe.h"

namespace rri::app {

namespace {

using control::Connection;
using control::FrameType;
using control::Status;
using shell::ExecMisfit;

bool print(std::string_view text) { return std::fwrite(text.data(), 1, text.size(), stdout) == text.size(); }

/// What was wrong with a command; nothing when it was carried out.
struct Trouble {
  std::optional<ExecMisfit> misfit;
  std::string text;  // when there is no misfit
};

std::optional<Trouble> trouble_of(const Status& status) {
  using Reason = ExecMisfit::Reason;
  switch (status.kind) {
    case Status::Kind::Ok: return std::nullopt;
    case Status::Kind::Failed: return Trouble{std::nullopt, fmt::format("% Could not {}", status.text)};
    case Status::Kind::Invalid: return Trouble{ExecMisfit{Reason::Invalid, status.column}, {}};
    case Status::Kind::Incomplete: return Trouble{ExecMisfit{Reason::Incomplete, 0}, {}};
    case Status::Kind::Ambiguous: return Trouble{ExecMisfit{Reason::Ambiguous, 0}, {}};
  }
  return std::nullopt;
}

class Console {
 public:
  Console(Connection connection, bool json) : connection_(std::move(connection)), json_(json) {}

  /// Runs one typed line. An error of the connection is final.
  Result<std::optional<Trouble>> run(std::string_view line) {
    const auto piped = shell::split_pipe(line);
    if (!piped) {
      const auto reason = piped.error().column == 0 ? ExecMisfit::Reason::Incomplete : ExecMisfit::Reason::Invalid;
      return Trouble{ExecMisfit{reason, piped.error().column}, {}};
    }
    std::optional<shell::LineFilter> filter;
    if (piped->filter) {
      auto made = shell::LineFilter::make(*piped->filter);
      if (!made) return Trouble{std::nullopt, fmt::format("% Could not {}", made.error().text)};
      filter = std::move(*made);
    }
    const auto status = connection_.run(json_ ? FrameType::RunJson : FrameType::RunText, piped->command,
                                        [&](std::string_view bytes) { return print(filter ? filter->feed(bytes) : bytes); });
    if (!status) return tl::make_unexpected(status.error());
    if (filter && status->kind == Status::Kind::Ok) print(filter->finish());
    std::fflush(stdout);
    return trouble_of(*status);
  }

  /// What the prompt begins with; "rri" when rrid does not say.
  std::string hostname() {
    std::string name;
    const auto status = connection_.run(FrameType::RunText, "show hostname", [&](std::string_view bytes) {
      name += bytes;
      return true;
    });
    const auto trimmed = trim(name);
    return status && !trimmed.empty() ? std::string(trimmed) : "rri";
  }

 private:
  Connection connection_;
  bool json_;
};

int complain(const Error& error) {
  std::fprintf(stderr, "rri: could not %s\n", error.text.c_str());
  return 1;
}

std::string render(const Trouble& trouble, std::string_view line, std::size_t prompt_width) {
  if (trouble.misfit) return shell::render_misfit(*trouble.misfit, line, prompt_width);
  return trouble.text + "\n";
}

int run_commands(Console& console, const std::vector<std::string>& commands) {
  for (const auto& command : commands) {
    const auto trouble = console.run(command);
    if (!trouble) return complain(trouble.error());
    if (!*trouble) continue;
    std::fprintf(stderr, "%s\n%s", printable(command).c_str(), render(**trouble, command, 0).c_str());
    return 1;
  }
  return 0;
}

bool is_exit(std::string_view line) {
  const auto word = trim(line);
  return word == "exit" || word == "quit" || word == "logout" || word == "end";
}

int run_lines(Console& console) {
  const bool interactive = ::isatty(STDIN_FILENO) != 0;
  const auto prompt = interactive ? console.hostname() + ">" : std::string();
  std::string line;
  while ((!interactive || print(prompt)) && std::fflush(stdout) == 0 && std::getline(std::cin, line)) {
    if (is_exit(line)) break;
    const auto trouble = console.run(line);
    if (!trouble) return complain(trouble.error());
    if (*trouble) print(render(**trouble, line, interactive ? prompt.size() : 0));
  }
  return 0;
}

}  // namespace

int run_console(const ConsoleOptions& options) {
  auto connection = Connection::open(options.socket);
  if (!connection) return complain(connection.error());
  Console console(std::move(*connection), options.json);
  return options.commands.empty() ? run_lines(console) : run_commands(console, options.commands);
}

}  // namespace rri::app
