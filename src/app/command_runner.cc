#include "app/command_runner.h"

#include "app/ping.h"
#include "app/piped_answer.h"
#include "base/text.h"
#include "config/config.h"
#include "config/lexer.h"
#include "shell/exec_grammar.h"
#include "shell/pipe.h"
#include "show/lines_json.h"

namespace rri::app {

namespace {

using control::FrameType;
using control::PromptKind;
using control::Status;
using shell::ExecMisfit;

std::string render(const ExecMisfit& misfit, std::string_view line, std::size_t prompt_width) {
  return shell::render_misfit(misfit, printable(line), prompt_width);
}

std::string trouble_of(const Status& status, std::string_view line, std::size_t prompt_width) {
  using Reason = ExecMisfit::Reason;
  switch (status.kind) {
    case Status::Kind::Ok: return {};
    case Status::Kind::Failed: return fmt::format("% Could not {}\n", status.text);
    case Status::Kind::Refused: return status.text + '\n';
    case Status::Kind::Invalid: return render({Reason::Invalid, status.column}, line, prompt_width);
    case Status::Kind::Incomplete: return render({Reason::Incomplete, 0}, line, prompt_width);
    case Status::Kind::Ambiguous: return render({Reason::Ambiguous, status.column}, line, prompt_width);
  }
  return {};
}

/// A bar begins a filter behind exec commands; in a description it is a bar.
bool may_filter(const control::Connection& connection, FrameType type, std::string_view line) {
  if (type != FrameType::SessionLine || connection.prompt().kind == PromptKind::Exec) return true;
  return connection.prompt().kind == PromptKind::Config && equal_ignoring_case(trim(line).substr(0, 3), "do ");
}

/// `ping` and `traceroute` where an exec command may stand: they run here.
std::optional<shell::ExecMatch> find_probe(const control::Connection& connection, FrameType type, std::string_view line) {
  const bool is_do = type == FrameType::SessionLine && connection.prompt().kind == PromptKind::Config;
  if (!may_filter(connection, type, line)) return std::nullopt;
  auto match = shell::match_exec(is_do ? trim(line).substr(std::string_view("do ").size()) : line);
  const bool is_probe = match && (match->command == shell::ExecCommand::Ping || match->command == shell::ExecCommand::Traceroute);
  return is_probe ? std::optional(std::move(*match)) : std::nullopt;
}

/// The IPv4 address of an interface, from `show ip interface brief`.
std::optional<std::string> address_of_interface(control::Connection& connection, FrameType type, const std::string& interface) {
  const bool is_do = type == FrameType::SessionLine && connection.prompt().kind == PromptKind::Config;
  std::string answer;
  const auto status = connection.run(type == FrameType::SessionLine ? type : FrameType::RunText, is_do ? "do show ip interface brief" : "show ip interface brief", [&](std::string_view bytes) {
    answer += bytes;
    return true;
  });
  if (!status) return std::nullopt;
  const auto name = canonical_interface(interface);
  for (const auto line : split(answer, '\n')) {
    const auto words = lex_line(line).words;
    if (words.size() > 1 && words[0].text == name && words[1].text != "unassigned") return std::string(words[1].text);
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> run_line(control::Connection& connection, FrameType type, std::string_view line,
                             std::size_t prompt_width, const Print& print, const StopKeys& keys) {
  auto piped = tl::expected<shell::PipedLine, shell::PipeMisfit>(shell::PipedLine{std::string(line), std::nullopt});
  if (may_filter(connection, type, line)) piped = shell::split_pipe(line);
  if (!piped) {
    const auto reason = piped.error().column == 0 ? ExecMisfit::Reason::Incomplete : ExecMisfit::Reason::Invalid;
    return render({reason, piped.error().column}, line, prompt_width);
  }
  if (type == FrameType::RunJson && piped->filter && !shell::writes_file(piped->filter->kind)) {
    return "% Could not filter an answer in JSON: leave out what stands behind the `|`, or leave out --json\n";
  }
  auto answer = PipedAnswer::make(piped->filter, print);
  if (!answer) return fmt::format("% Could not {}\n", answer.error().text);
  if (const auto probe = find_probe(connection, type, piped->command)) {
    std::string lines;
    const auto add = [&lines](std::string_view text) { lines += text; };
    const bool is_json = type == FrameType::RunJson;
    auto trouble = run_probe(*probe, [&](const std::string& interface) { return address_of_interface(connection, type, interface); }, is_json ? Print(add) : print, keys);
    if (is_json && trouble.empty()) print(collect(show::lines_json(trim(piped->command), one_piece(std::move(lines)))) + "\n");
    return trouble;
  }
  // The whole line: `show history` shows it as it was typed.
  const auto status = connection.run(type, line, [&](std::string_view bytes) {
    answer->take(bytes);
    return true;
  });
  if (!status) return tl::make_unexpected(status.error());
  const bool is_ok = status->kind == Status::Kind::Ok;
  return (is_ok || answer->has_begun() ? answer->finish() : std::string()) + trouble_of(*status, line, prompt_width);
}

}  // namespace rri::app
