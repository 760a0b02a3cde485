// What a session asks back about: secrets, names of files, and whether it is meant.
#include <fmt/format.h>

#include "base/text.h"
#include "config/grammar.h"
#include "shell/session.h"
#include "shell/answers.h"
#include "show/json.h"

namespace rri::shell {

namespace {

constexpr int kSecretTries = 3;
constexpr const char* kReplaceWords =
    "This will apply all necessary additions and deletions\n"
    "to replace the current running configuration with the\n"
    "contents of the specified configuration file, which is\n"
    "assumed to be a complete configuration, not a partial\n";
constexpr const char* kReplaceQuestion = "configuration. Enter Y if you are sure you want to proceed. ? [no]: ";
constexpr const char* kNonePending = "% No Rollback Confirmed Change pending\n";

bool is_yes(std::string_view answer) { return answer.empty() || equal_ignoring_case(answer.substr(0, 1), "y"); }

/// "4 minutes 12 seconds".
std::string spoken(Seconds time) {
  const auto unit = [](std::int64_t count, std::string_view name) { return fmt::format("{} {}{}", count, name, count == 1 ? "" : "s"); };
  const auto minutes = time.count() / 60;
  const auto seconds = time.count() % 60;
  if (minutes == 0) return unit(seconds, "second");
  return seconds == 0 ? unit(minutes, "minute") : fmt::format("{} {}", unit(minutes, "minute"), unit(seconds, "second"));
}

}  // namespace

std::string find_enable_secret(const Document& document) {
  constexpr std::string_view kPassword = "enable password ";
  std::string password;
  for (const auto& line : document.lines) {
    if (line.kind == LineKind::Command && line.row != nullptr && line.row->row.action == Action::EnableSecret) {
      if (line.value("level").empty() || line.value("level") == "15") return std::string(line.value("secret"));
    }
    const auto text = line.kind == LineKind::Carried ? line.text() : std::string();
    const bool is_lower = text.starts_with("enable password level ") && !text.starts_with("enable password level 15 ");
    if (text.starts_with(kPassword) && !is_lower) password = "password " + text.substr(kPassword.size());
  }
  return password;
}

void Session::ask(std::string text, std::function<ExecAnswer(std::string_view answer)> take) {
  question_ = Question{SessionPrompt::Kind::Question, std::move(text), std::move(take)};
}

/// `TEXT [confirm]`: one key. Where nobody can be asked, it is meant.
ExecAnswer Session::confirm(std::string text, std::function<ExecAnswer()> act) {
  if (!asks_) return act();
  const auto take = [act = std::move(act)](std::string_view answer) { return is_yes(answer) ? act() : nothing(); };
  question_ = Question{SessionPrompt::Kind::Confirm, std::move(text), take};
  return nothing();
}

ExecAnswer Session::take_answer(std::string_view line) {
  const auto question = std::move(*question_);
  question_.reset();
  if (line == kInterrupt) return nothing();
  return question.take(question.kind == SessionPrompt::Kind::Secret ? line : trim(line));
}

// ---- enable -----------------------------------------------------------------

ExecAnswer Session::enable(const ExecMatch& match) {
  const auto level = number_of(match, "1-15");
  if (level == kUserLevel) {
    level_ = kUserLevel;
    return nothing();
  }
  if (level != 0 && level != kPrivilegedLevel) return refusal("% No password set");  // what IOS says of a level that nobody gave a secret
  if (level_ == kPrivilegedLevel) return nothing();
  if (user_.is_root || find_enable_secret(*host_.document).empty()) {
    level_ = kPrivilegedLevel;
    return nothing();
  }
  if (!asks_) return failure("enable: a secret is configured, and nobody is here to be asked for it (open a session, or run this as root)");
  ask_secret(kSecretTries);
  return nothing();
}

void Session::ask_secret(int tries_left) {
  const auto take = [this, tries_left](std::string_view secret) {
    if (host_.is_secret(find_enable_secret(*host_.document), secret)) {
      level_ = kPrivilegedLevel;
      return nothing();
    }
    if (tries_left == 1) return refusal("% Bad secrets\n");
    ask_secret(tries_left - 1);
    return nothing();
  };
  question_ = Question{SessionPrompt::Kind::Secret, "Password: ", take};
}

// ---- saving and reading again -----------------------------------------------

ExecAnswer Session::save() {
  host_.flush();
  std::string text;
  if (const auto pending = host_.pending_revert()) {
    text = fmt::format("% Warning: what is saved is not confirmed: the running configuration of {} goes back in {}, the saved one does not\n",
                       pending->who, spoken(pending->left));
  }
  if (auto saved = host_.save(); !saved) return failure(saved.error().text);
  return text_answer(text + "Building configuration...\n[OK]\n");
}

ExecAnswer Session::copy_running() {
  if (!asks_) return save();
  ask("Destination filename [startup-config]? ", [this](std::string_view name) {
    if (name.empty() || name == "startup-config") return save();
    return text_answer(fmt::format("% Only startup-config can be written, not {}\n", printable(name)));
  });
  return nothing();
}

ExecAnswer Session::begin_reload(const ExecMatch& match) {
  host_.flush();
  if (match.has("force")) return reload();
  const bool is_saved = host_.is_saved();
  if (!asks_ && !is_saved) return failure("reload unasked: the running configuration is not saved (enter `write memory` first, or `reload force`)");
  if (is_saved) return confirm_reload();
  ask_to_save();
  return nothing();
}

void Session::ask_to_save() {
  ask("System configuration has been modified. Save? [yes/no]: ", [this](std::string_view answer) {
    const bool is_no = is_beginning_of(answer, "no") && !answer.empty();
    if (!is_no && (answer.empty() || !is_beginning_of(answer, "yes"))) {
      ask_to_save();
      return text_answer("% Please answer 'yes' or 'no'.\n");
    }
    auto saved = is_no ? nothing() : save();
    if (saved.failure.empty()) confirm_reload();
    return saved;
  });
}

ExecAnswer Session::confirm_reload() {
  return confirm("Proceed with reload? [confirm]", [this] { return reload(); });
}

ExecAnswer Session::reload() {
  if (auto reloaded = host_.reload(); !reloaded) return failure(reloaded.error().text);
  return nothing();
}

std::optional<ExecAnswer> Session::take_asking_command(const ExecMatch& match, show::Format format) {
  switch (match.command) {
    case ExecCommand::WriteMemory: return save();
    case ExecCommand::CopyRunning: return copy_running();
    case ExecCommand::CopyToRunning: return merge(match);
    case ExecCommand::Reload: return begin_reload(match);
    case ExecCommand::ReloadIn: return begin_reload_in(match);
    case ExecCommand::ReloadCancel:
      return host_.cancel_reload() ? text_answer("\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n") : refusal("%No reload is scheduled.");
    case ExecCommand::ShowReload: {
      const auto pending = host_.pending_reload();
      if (format == show::Format::Json) return text_answer(pending ? fmt::format("{{\"reload\":{{\"seconds\":{},\"user\":{}}}}}\n", pending->left.count(), show::quoted_json(pending->who)) : "{\"reload\":null}\n");
      return text_answer(pending ? fmt::format("Reload scheduled in {} by {}\n", spoken(pending->left), pending->who) : "No reload is scheduled.\n");
    }
    case ExecCommand::EraseStartup: return erase();
    case ExecCommand::DebugAll: return debug_all();
    case ExecCommand::ClearLine: return clear_line(match);
    case ExecCommand::ClearLogging:
      return confirm("Clear logging buffer [confirm]", [this] {
        host_.clear_log();
        return nothing();
      });
    case ExecCommand::ClearKernels: return failure("clear what is the kernel's: rrid leaves its counters and neighbours alone (see `ip -s -s neigh flush all`)");
    default: return std::nullopt;
  }
}

ExecAnswer Session::begin_reload_in(const ExecMatch& match) {
  const auto minutes = number_of(match, "1-999");
  return confirm(fmt::format("Reload scheduled in {} by {}\nProceed with reload? [confirm]", spoken(Seconds(minutes * 60)), user_.name), [this, minutes] {
    host_.reload_in(user_, minutes);
    return nothing();
  });
}

ExecAnswer Session::merge(const ExecMatch& match) {
  const auto file = match.has("startup-config") ? std::string("startup-config") : match.words.at("file");
  const auto act = [this, file] {
    auto wrong = host_.merge(user_, file);
    return wrong ? text_answer(std::move(*wrong)) : failure(wrong.error().text);
  };
  if (!asks_) return act();
  ask("Destination filename [running-config]? ", [act](std::string_view name) {
    return name.empty() || name == "running-config" ? act() : refusal(fmt::format("% Only running-config can be the destination, not {}", printable(name)));
  });
  return nothing();
}

ExecAnswer Session::clear_line(const ExecMatch& match) {
  const auto line = number_of(match, "0-511");
  if (line == user_.line) return refusal("% Not allowed to clear current line");
  return confirm("[confirm]", [this, line] { return host_.clear_line(line) ? text_answer(" [OK]\n") : refusal(fmt::format("% Line {} has no session", line)); });
}

ExecAnswer Session::erase() {
  return confirm("Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]", [this] {
    if (auto erased = host_.erase(); !erased) return failure(erased.error().text);
    return text_answer("[OK]\nErase of nvram: complete\n");
  });
}

ExecAnswer Session::debug_all() {
  const auto act = [this] {
    debugs_ = debugs_isakmp_ = debugs_ikev2_ = true;
    return text_answer("All possible debugging has been turned on\n");
  };
  if (!asks_) return act();
  ask("This may severely impact network performance. Continue? (yes/[no]): ",
      [act](std::string_view answer) { return !answer.empty() && is_beginning_of(answer, "yes") ? act() : nothing(); });
  return nothing();
}

// ---- configure ----------------------------------------------------------------

ExecAnswer Session::take_configure_command(const ExecMatch& match) {
  if (match.command == ExecCommand::ConfigureReplace) return ask_to_replace(match);
  if (match.command == ExecCommand::ConfigureTerminal || !asks_) return begin_config({});
  ask("Configuring from terminal, memory, or network [terminal]? ", [this](std::string_view source) {
    if (is_beginning_of(source, "terminal")) return begin_config({});
    return is_beginning_of(source, "no") ? nothing() : text_answer("% Here the configuration comes from the terminal only\n");
  });
  return nothing();
}

ExecAnswer Session::begin_revert(const ExecMatch& match) {
  if (const auto pending = host_.pending_revert()) {
    return refusal(fmt::format("% A Rollback Confirmed Change of {} is pending, {} are left: enter `configure confirm` or `configure revert now` first",
                               pending->who, spoken(pending->left)));
  }
  const auto minutes = number_of(match, "1-120");
  host_.revert_in(user_, minutes);
  return begin_config(fmt::format("Rollback Confirmed Change: changes are undone in {} unless `configure confirm` is entered\n", spoken(Seconds(minutes * 60))));
}

ExecAnswer Session::take_revert_command(const ExecMatch& match) {
  if (match.command == ExecCommand::ConfigureRevert) return begin_revert(match);
  if (!host_.pending_revert()) return text_answer(kNonePending);
  if (match.command == ExecCommand::ConfigureRevertTimer) host_.revert_in(user_, number_of(match, "1-120"));
  if (match.command == ExecCommand::ConfigureConfirm) host_.confirm();
  if (match.command != ExecCommand::ConfigureRevertNow) return nothing();
  host_.revert_now();
  return text_answer("Rollback Confirmed Change: rolled back\n");
}

ExecAnswer Session::ask_to_replace(const ExecMatch& match) {
  const auto& file = match.words.at("file");
  if (match.has("force")) return replace(file);
  if (!asks_) return failure(fmt::format("replace the configuration unasked: enter `configure replace {} force`", file));
  ask(kReplaceQuestion, [this, file](std::string_view answer) { return !answer.empty() && is_yes(answer) ? replace(file) : nothing(); });
  return text_answer(kReplaceWords);
}

ExecAnswer Session::replace(const std::string& file) {
  auto told = host_.replace(user_, file);
  if (!told) return failure(told.error().text);
  return text_answer(*told + "Total number of passes: 1\nRollback Done\n\n");
}

}  // namespace rri::shell
