#include "app/sessions.h"

#include <pwd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include "app/control_answers.h"
#include "app/log.h"
#include "base/text.h"
#include "config/grammar.h"
#include "config/lexer.h"
#include "io/control/limits.h"

namespace rri::app {

namespace {

using control::FrameType;
using shell::SessionPrompt;

std::string name_of(uid_t uid) {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, room.data(), room.size(), &found) != 0 || found == nullptr) return fmt::format("uid{}", uid);
  return entry.pw_name;
}

control::PromptKind kind_of(SessionPrompt::Kind kind) {
  switch (kind) {
    case SessionPrompt::Kind::Exec: return control::PromptKind::Exec;
    case SessionPrompt::Kind::Config: return control::PromptKind::Config;
    case SessionPrompt::Kind::Text: return control::PromptKind::Text;
    case SessionPrompt::Kind::Secret: return control::PromptKind::Secret;
    case SessionPrompt::Kind::Question: return control::PromptKind::Question;
    case SessionPrompt::Kind::Confirm: return control::PromptKind::Confirm;
    case SessionPrompt::Kind::Closed: return control::PromptKind::Closed;
  }
  return control::PromptKind::Closed;
}

control::Prompt prompt_of(const shell::Session& session) {
  auto prompt = session.prompt();
  return {kind_of(prompt.kind), prompt.length, prompt.width, std::move(prompt.text)};
}

/// "LENGTH WIDTH ORIGIN"; what does not fit is taken as usual. Gives the location.
std::string open_session(shell::Session& session, std::string_view payload, std::uint32_t line) {
  const auto words = split(payload, ' ');
  const auto number = [&](std::size_t i) { return i < words.size() ? parse_number<std::uint32_t>(words[i]) : std::nullopt; };
  session.set_terminal(number(0).value_or(24), number(1).value_or(80));
  constexpr std::size_t kMaxOrigin = 64;
  auto from = words.size() > 2 ? printable(words[2].substr(0, kMaxOrigin)) : std::string("local");
  session.set_origin(fmt::format("vty{} ({})", line, from));
  return from;
}

}  // namespace

Sessions::Sessions(shell::SessionHost host, Send send, Close close) : host_(std::move(host)), send_(std::move(send)), close_(std::move(close)) {
  host_.users = [this] { return users(); };
  host_.clear_line = [this](std::uint32_t line) { return clear_line(line); };
}

std::uint32_t Sessions::free_line() const {
  std::set<std::uint32_t> taken;
  for (const auto& [id, entry] : sessions_) taken.insert(entry.line);
  std::uint32_t line = 0;
  while (taken.count(line) > 0) ++line;
  return line;
}

shell::Session& Sessions::session_of(const control::Command& command) {
  auto found = sessions_.find(command.connection);
  if (found == sessions_.end()) {
    const auto line = free_line();
    shell::SessionUser user{name_of(command.peer.uid), fmt::format("vty{} (local)", line), command.peer.uid == 0, line};
    auto session = std::make_unique<shell::Session>(host_, std::move(user));
    const bool is_typed = command.type == FrameType::OpenSession;
    if (!is_typed) session->run_unattended();
    found = sessions_.emplace(command.connection, Entry{std::move(session), line, "local", {}}).first;
  }
  found->second.last_used = std::chrono::steady_clock::now();
  return *found->second.session;
}

control::Answer Sessions::answer(const control::Command& command) {
  auto& session = session_of(command);
  switch (command.type) {
    case FrameType::OpenSession: {
      auto& entry = sessions_.at(command.connection);
      entry.location = open_session(session, command.line, entry.line);
      return {{}, nullptr, prompt_of(session)};
    }
    case FrameType::SessionHelp: return {{}, one_piece(session.help(command.line)), prompt_of(session)};
    case FrameType::SessionComplete: return {{}, one_piece(session.complete(command.line)), prompt_of(session)};
    default: return run_line(command, session);
  }
}

control::Answer Sessions::run_line(const control::Command& command, shell::Session& session) {
  const auto format = command.type == FrameType::RunJson ? show::Format::Json : show::Format::Text;
  auto answer = make_answer(session.take_line(command.line, format));
  if (command.type == FrameType::SessionLine) answer.prompt = prompt_of(session);
  return answer;
}

std::optional<Seconds> Sessions::idle_limit(control::ConnectionId connection) const {
  const auto found = sessions_.find(connection);
  for (const auto& timeout : timeouts_) {
    const bool is_its_line = found != sessions_.end() && found->second.line >= timeout.first_line && found->second.line <= timeout.last_line;
    if (is_its_line) return timeout.limit;
  }
  return control::kIdleTimeout;
}

std::string Sessions::who(control::ConnectionId connection) const {
  const auto found = sessions_.find(connection);
  if (found == sessions_.end()) return {};
  return fmt::format("tty {} ({})), user {}", found->second.line, found->second.location, found->second.session->user().name);
}

std::vector<ExecTimeout> find_exec_timeouts(const Document& document) {
  std::vector<ExecTimeout> timeouts;
  for (const auto& section : document.lines) {
    const bool is_vty = section.kind == LineKind::Command && section.row->row.opens == Mode::Line && section.has_keyword("vty");
    if (!is_vty) continue;
    const auto first = parse_number<std::uint32_t>(section.value("first")).value_or(0);
    const auto last = parse_number<std::uint32_t>(section.value("last")).value_or(first);
    for (const auto& line : section.children) {
      if (line.row == nullptr || !line.has_keyword("exec-timeout")) continue;
      const auto minutes = parse_number<std::uint32_t>(line.value("minutes")).value_or(0);
      const Seconds limit(std::int64_t{minutes} * 60 + parse_number<std::uint32_t>(line.value("seconds")).value_or(0));
      timeouts.push_back({first, last, limit.count() == 0 ? std::nullopt : std::optional(limit)});
    }
  }
  return timeouts;
}

void Sessions::forget(control::ConnectionId connection) { sessions_.erase(connection); }

void Sessions::tell(std::string_view line) const {
  for (const auto& [id, entry] : sessions_) {
    if (entry.session->monitors()) send_(id, fmt::format("{}\n", line));
  }
}

void Sessions::warn(std::string_view line) const {
  for (const auto& [id, entry] : sessions_) {
    if (!entry.session->monitors()) send_(id, fmt::format("% Warning: {}\n", line));
  }
}

void Sessions::tell_debug(std::string_view line) const {
  tell_if(line, [](const shell::Session& session) { return session.debugs(); });
}

void Sessions::tell_ike_debug(int version, std::string_view line) const {
  if (version == 1) tell_if(line, [](const shell::Session& session) { return session.debugs_ike(1); });
  if (version != 1) tell_if(line, [](const shell::Session& session) { return session.debugs_ike(2); });
}

void Sessions::tell_if(std::string_view line, bool (*wants)(const shell::Session&)) const {
  const bool wanted = std::any_of(sessions_.begin(), sessions_.end(), [&](const auto& item) { return wants(*item.second.session); });
  if (wanted) tell(fmt::format("{}: {}", render_log_time(std::chrono::system_clock::now()), line));
}

std::vector<shell::UserRow> Sessions::users() const {
  std::vector<shell::UserRow> rows;
  const auto now = std::chrono::steady_clock::now();
  for (const auto& [id, entry] : sessions_) {
    const auto idle = std::chrono::duration_cast<Seconds>(now - entry.last_used);
    rows.push_back({entry.line, entry.session->user().name, entry.session->is_configuring(), idle, entry.location});
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return rows;
}

bool Sessions::clear_line(std::uint32_t line) {
  const auto found = std::find_if(sessions_.begin(), sessions_.end(), [&](const auto& item) { return item.second.line == line; });
  if (found == sessions_.end()) return false;
  close_(found->first);
  return true;
}

bool notifies_of_commands(const Document& document) {
  return std::any_of(document.lines.begin(), document.lines.end(), [](const Line& section) {
    const bool is_archive = section.kind == LineKind::Carried && section.opens_carried && section.text() == "archive";
    return is_archive && std::any_of(section.children.begin(), section.children.end(), [](const Line& line) { return line.text().starts_with("notify syslog"); });
  });
}

}  // namespace rri::app
