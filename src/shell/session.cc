#include "shell/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "config/grammar.h"
#include "net/address.h"
#include "shell/answers.h"
#include "shell/session_help.h"
#include "shell/slips.h"
#include "show/json.h"

namespace rri::shell {

namespace {

/// IOS cuts the host name in the prompts of the configuration modes.
constexpr std::size_t kMaxConfigHostname = 20;

bool begins_with_word(std::string_view line, std::string_view word) {
  return equal_ignoring_case(line.substr(0, word.size()), word) && (line.size() == word.size() || line[word.size()] == ' ');
}

bool may_change_hostname(std::string_view line) {
  const auto words = split_words(line);
  const std::size_t first = words.size() > 1 && (equal_ignoring_case(words[0], "no") || equal_ignoring_case(words[0], "default")) ? 1 : 0;
  return words.size() > first && equal_ignoring_case(words[first].substr(0, 2), "ho");
}

/// `ip route 10.0.0.0 255.0.255.0 ...`: what stands at `column` is a mask with holes.
bool is_bad_route_mask(std::string_view line, std::size_t column) {
  const auto words = split_words(line);
  const bool is_route = words.size() > 3 && is_beginning_of(words[0], "ip") && words[1].size() > 3 && is_beginning_of(words[1], "route");
  if (!is_route) return false;
  const std::size_t mask = is_beginning_of(words[2], "vrf") ? 5 : 3;
  if (mask >= words.size() || !IpAddress::try_parse(words[mask]) || !IpAddress::try_parse(words[mask - 1])) return false;
  const auto start = static_cast<std::size_t>(words[mask].data() - line.data());
  return column > start && column <= start + words[mask].size() + 1;
}

}  // namespace

Session::Session(const SessionHost& host, SessionUser user) : host_(host), user_(std::move(user)) {}

void Session::set_terminal(std::uint32_t length, std::uint32_t width) {
  constexpr std::uint32_t kMost = 512;
  length_ = std::min(length, kMost);
  width_ = std::min(width, kMost);
}

void Session::run_unattended() {
  asks_ = false;
  if (user_.is_root || find_enable_secret(*host_.document).empty()) level_ = kPrivilegedLevel;
}

ExecAnswer Session::take_line(std::string_view line, show::Format format) {
  if (question_) return take_answer(line);
  const bool is_text = editor_ && editor_->is_reading_text();
  if (!is_text) remember(line);
  return editor_ ? take_config(line, format) : take_exec(line, format);
}

void Session::remember(std::string_view line) {
  if (trim(line).empty() || (!history_.empty() && history_.back() == trim(line))) return;
  history_.emplace_back(trim(line));
  if (history_.size() > history_size_) history_.pop_front();
}

SessionPrompt Session::prompt() const {
  using Kind = SessionPrompt::Kind;
  SessionPrompt made{Kind::Exec, {}, length_, width_};
  if (closed_) {
    made.kind = Kind::Closed;
    return made;
  }
  if (question_) {
    made.kind = question_->kind;
    made.text = question_->text;
    return made;
  }
  if (!editor_) {
    made.text = host_.hostname() + (level_ == kPrivilegedLevel ? "#" : ">");
    return made;
  }
  made.kind = editor_->is_reading_text() ? Kind::Text : Kind::Config;
  if (made.kind == Kind::Config) {
    made.text = fmt::format("{}({})#", host_.hostname().substr(0, kMaxConfigHostname), editor_->prompt());
  }
  return made;
}

// ---- exec mode --------------------------------------------------------------

ExecAnswer Session::take_exec(std::string_view line, show::Format format) {
  line = line.substr(0, line.find('|'));  // what the reader's side does with the answer
  const auto words = trim(line);
  if (words.empty() || words.front() == '!') return in_lines(words, nothing(), format);
  const auto match = match_exec(line, level_);
  if (!match) return {nullptr, match.error(), {}};
  auto answer = take_session_command(*match, format);
  if (!answer) {
    host_.flush();
    answer = run_exec(line, format, host_.environment);
  }
  return is_show(match->command) ? std::move(*answer) : in_lines(words, std::move(*answer), format);
}

std::optional<ExecAnswer> Session::take_session_command(const ExecMatch& match, show::Format format) {
  switch (match.command) {
    case ExecCommand::Enable: return enable(match);
    case ExecCommand::Disable:
      if (editor_) leave_config();  // nobody configures at the user's level
      level_ = kUserLevel;
      return nothing();
    case ExecCommand::Exit: closed_ = true; return nothing();
    case ExecCommand::Help:
      return text_answer("Help may be requested at any point in a command by entering\na question mark '?'.\n");
    case ExecCommand::ConfigureAsk:
    case ExecCommand::ConfigureTerminal:
    case ExecCommand::ConfigureReplace: return take_configure_command(match);
    case ExecCommand::ConfigureRevert:
    case ExecCommand::ConfigureConfirm:
    case ExecCommand::ConfigureRevertTimer:
    case ExecCommand::ConfigureRevertNow: return take_revert_command(match);
    case ExecCommand::TerminalDefault:
    case ExecCommand::TerminalHistory:
    case ExecCommand::TerminalLength:
    case ExecCommand::TerminalWidth:
    case ExecCommand::TerminalMonitor:
    case ExecCommand::TerminalNoMonitor: return take_terminal_command(match);
    case ExecCommand::ShowPrivilege:
    case ExecCommand::ShowHistory:
    case ExecCommand::ShowTerminal:
    case ExecCommand::ShowDebugging:
    case ExecCommand::ShowUsers: return take_show_command(match.command, format);
    default: break;
  }
  auto answer = take_debug_command(match);
  return answer ? std::move(answer) : take_asking_command(match, format);
}

/// What only the session itself knows.
ExecAnswer Session::take_show_command(ExecCommand command, show::Format format) const {
  if (command == ExecCommand::ShowHistory) return text_answer(history(format));
  if (command == ExecCommand::ShowTerminal) return text_answer(terminal(format));
  if (command == ExecCommand::ShowDebugging) return text_answer(debugging(format));
  if (command == ExecCommand::ShowUsers) return text_answer(users(format));
  return text_answer(format == show::Format::Json ? fmt::format("{{\"privilege\":{}}}\n", level_)
                                                  : fmt::format("Current privilege level is {}\n", level_));
}

std::optional<ExecAnswer> Session::take_debug_command(const ExecMatch& match) {
  const auto turn = [](bool& flag, bool on, std::string_view what) {
    flag = on;
    return text_answer(fmt::format("{} debugging is {}\n", what, on ? "on" : "off"));
  };
  switch (match.command) {
    case ExecCommand::DebugIpsec: return turn(debugs_, true, "Crypto IPSEC");
    case ExecCommand::UndebugIpsec: return turn(debugs_, false, "Crypto IPSEC");
    case ExecCommand::DebugIsakmp: return turn(debugs_isakmp_, true, "Crypto ISAKMP");
    case ExecCommand::UndebugIsakmp: return turn(debugs_isakmp_, false, "Crypto ISAKMP");
    case ExecCommand::DebugIkev2: return turn(debugs_ikev2_, true, "IKEv2 default");
    case ExecCommand::UndebugIkev2: return turn(debugs_ikev2_, false, "IKEv2 default");
    case ExecCommand::UndebugAll: debugs_ = debugs_isakmp_ = debugs_ikev2_ = false; return text_answer("All possible debugging has been turned off\n");
    default: return std::nullopt;
  }
}

ExecAnswer Session::take_terminal_command(const ExecMatch& match) {
  if (match.command == ExecCommand::TerminalMonitor) monitors_ = true;
  if (match.command == ExecCommand::TerminalNoMonitor) monitors_ = false;
  constexpr std::uint32_t kDefaultLength = 24;
  constexpr std::uint32_t kDefaultWidth = 80;
  const bool is_default = match.command == ExecCommand::TerminalDefault;
  if (is_default && match.has("length")) length_ = kDefaultLength;
  if (is_default && match.has("width")) width_ = kDefaultWidth;
  if (is_default && match.has("history")) history_size_ = kDefaultHistory;
  if (match.command == ExecCommand::TerminalLength) length_ = number_of(match, "0-512");
  if (match.command == ExecCommand::TerminalWidth) width_ = number_of(match, "0-512");
  if (match.command == ExecCommand::TerminalHistory) {
    history_size_ = number_of(match, "0-256");
    while (history_.size() > history_size_) history_.pop_front();
  }
  return nothing();
}

std::string Session::history(show::Format format) const {
  if (format == show::Format::Json) return fmt::format("{{\"commands\":{}}}\n", show::list_json({history_.begin(), history_.end()}));
  std::string text;
  for (const auto& line : history_) text += fmt::format("  {}\n", printable(line));
  return text;
}

std::string Session::terminal(show::Format format) const {
  if (format == show::Format::Json) {
    return fmt::format("{{\"line\":{},\"length\":{},\"width\":{},\"history_size\":{},\"monitor\":{}}}\n", user_.line, length_, width_,
                       history_size_, monitors_);
  }
  return fmt::format("Line {}, Location: \"{}\"\nLength: {} lines, Width: {} columns\nHistory is enabled, history size is {}.\nMonitor is {}\n",
                     user_.line, user_.origin, length_, width_, history_size_, monitors_ ? "on" : "off");
}

std::string Session::debugging(show::Format format) const {
  if (format == show::Format::Json) {
    std::vector<std::string> on;
    if (debugs_isakmp_) on.emplace_back("crypto isakmp");
    if (debugs_ikev2_) on.emplace_back("crypto ikev2");
    if (debugs_) on.emplace_back("crypto ipsec");
    return fmt::format("{{\"debugging\":{}}}\n", show::list_json(on));
  }
  std::string text;
  if (debugs_isakmp_) text += "Cryptographic Subsystem:\n  Crypto ISAKMP debugging is on\n";
  if (debugs_ikev2_) text += "IKEV2:\n  IKEv2 default debugging is on\n";
  if (debugs_) text += "IPSEC:\n  Crypto IPSEC debugging is on\n";
  return text.empty() ? "\n" : text;
}

std::string Session::users(show::Format format) const {
  std::string text;
  for (const auto& row : host_.users()) {
    const bool is_self = row.line == user_.line;
    const auto* host = row.is_configuring ? "configuring" : "idle";
    const auto idle = row.idle.count();
    if (format == show::Format::Json) {
      text += fmt::format("{}{{\"line\":{},\"user\":{},\"state\":\"{}\",\"idle\":{},\"location\":{},\"self\":{}}}", text.empty() ? "\n" : ",\n",
                          row.line, show::quoted_json(row.name), host, idle, show::quoted_json(row.location), is_self);
      continue;
    }
    text += fmt::format("{}{:3} vty {:<4} {:10} {:20} {:02}:{:02}:{:02}   {}\n", is_self ? "*" : " ", row.line, row.line, row.name, host,
                        idle / 3600, idle / 60 % 60, idle % 60, row.location);
  }
  if (format == show::Format::Json) return fmt::format("{{\"users\":[{}]}}\n", text);
  return "    Line       User       Host(s)              Idle       Location\n" + text;
}

// ---- configuration mode -------------------------------------------------------

Editor::Options Session::editor_options() const {
  Editor::Options options;
  options.keep_refused = false;
  options.is_typed = true;
  options.hash_secret = host_.hash_secret;
  options.refuse_unknown = find_slip;
  return options;
}

ExecAnswer Session::begin_config(std::string text) {
  editor_ = std::make_unique<Editor>(*host_.document, editor_options());
  seen_generation_ = host_.generation();
  section_.clear();
  return text_answer(text + "Enter configuration commands, one per line.  End with CNTL/Z.\n");
}

void Session::leave_config() {
  editor_.reset();
  host_.flush();
  host_.on_configured(user_);
}

/// Somebody else changed the document: places of the old editor may be gone.
void Session::renew_editor() {
  if (seen_generation_ == host_.generation()) return;
  const auto options = editor_options();
  const auto before = std::exchange(editor_, std::make_unique<Editor>(*host_.document, options));
  if (!section_.empty()) reenter_section(options);
  editor_->adopt_text(*before);
  seen_generation_ = host_.generation();
}

/// A section that is gone is made again by entering it, as on IOS. One that cannot
/// be entered by its opener alone (carried text) is left for the global mode.
void Session::reenter_section(const Editor::Options& options) {
  auto before = *host_.document;
  for (const auto& opener : section_) editor_->apply(opener);
  if (editor_->section() != section_) {
    *host_.document = std::move(before);
    editor_ = std::make_unique<Editor>(*host_.document, options);
    section_.clear();
  } else if (!(*host_.document == before)) {
    host_.on_change(user_, section_.back());
  }
}

/// ^C in a text: it ends one that it delimits, and gives up any other.
ExecAnswer Session::interrupt_text() {
  editor_->interrupt_text();
  host_.on_change(user_, "^C");
  seen_generation_ = host_.generation();
  return nothing();
}

ExecAnswer Session::take_config(std::string_view line, show::Format format) {
  renew_editor();
  const auto words = trim(line);
  if (editor_->is_reading_text() && line == kInterrupt) return in_lines(words, interrupt_text(), format);
  if (!editor_->is_reading_text()) {
    const auto offset = static_cast<std::size_t>(words.data() - line.data());
    if (begins_with_word(words, "do")) return run_do(line, offset + 2, format);
  }
  const auto depth = editor_->section().size();
  const auto result = editor_->apply(line);
  return in_lines(words, after_line(line, result, depth), format);
}

ExecAnswer Session::run_do(std::string_view line, std::size_t offset, show::Format format) {
  auto answer = take_exec(line.substr(offset), format);
  if (answer.misfit && answer.misfit->column > 0) answer.misfit->column += static_cast<std::uint32_t>(offset);
  return answer;
}

ExecAnswer Session::after_line(std::string_view line, const LineResult& result, std::size_t depth_before) {
  using Outcome = LineResult::Outcome;
  using Refusal = LineResult::Refusal;
  using Reason = ExecMisfit::Reason;
  if (result.outcome == Outcome::Applied || result.outcome == Outcome::Carried) {
    host_.on_change(user_, line);
    seen_generation_ = host_.generation();
  }
  section_ = editor_->section();
  // The next prompt shows it. (`host 10.0.0.1` of an object group is in a section.)
  const bool is_applied = result.outcome == Outcome::Applied || result.outcome == Outcome::Carried;
  if (is_applied && section_.empty() && may_change_hostname(line)) host_.flush();
  std::string notes;
  for (const auto& note : result.notes) notes += note + "\n";
  switch (result.outcome) {
    case Outcome::End: leave_config(); return nothing();
    case Outcome::Exit:
      if (depth_before == 0) leave_config();
      return nothing();
    case Outcome::Refused: break;
    default: return text_answer(std::move(notes));
  }
  const auto column = std::max<std::uint32_t>(result.caret_column, 1);
  switch (result.refusal) {
    case Refusal::Invalid:
      if (is_bad_route_mask(line, column)) return refusal("%Inconsistent address and mask");
      return {nullptr, ExecMisfit{Reason::Invalid, column}, {}};
    case Refusal::Incomplete: return {nullptr, ExecMisfit{Reason::Incomplete, 0}, {}};
    case Refusal::Ambiguous: {
      const auto end = std::min(line.find_first_of(" \t", column - 1), line.size());
      return {nullptr, ExecMisfit{Reason::Ambiguous, static_cast<std::uint32_t>(end + 1)}, {}};
    }
    case Refusal::Other: break;
  }
  if (notes.empty() && !result.diagnostics.empty()) notes = fmt::format("% {}\n", result.diagnostics.front().text);
  return {nullptr, std::nullopt, {}, std::string(trim(notes))};
}

// ---- help -----------------------------------------------------------------------

std::string Session::help(std::string_view text) const {
  if (question_) return {};
  return render_help({editor_ != nullptr, editor_ ? editor_->mode() : Mode::Global, level_}, text);
}

std::string Session::complete(std::string_view text) const {
  if (question_) return std::string(text);
  return complete_line({editor_ != nullptr, editor_ ? editor_->mode() : Mode::Global, level_}, text);
}

}  // namespace rri::shell
