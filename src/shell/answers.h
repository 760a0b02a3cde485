// shell/answers.h -- short answers of commands and sessions.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "shell/exec.h"
#include "show/lines_json.h"

namespace rri::shell {

inline ExecAnswer text_answer(std::string text) { return {one_piece(std::move(text)), std::nullopt, {}}; }
inline ExecAnswer nothing() { return text_answer({}); }
/// "% Could not TEXT".
inline ExecAnswer failure(std::string text) { return {nullptr, std::nullopt, std::move(text)}; }
/// IOS's own words, without the last line end.
inline ExecAnswer refusal(std::string text) { return {nullptr, std::nullopt, {}, std::move(text)}; }

/// The answer of a command that has no object of its own, as docs/json.md promises one for all.
inline ExecAnswer in_lines(std::string_view command, ExecAnswer answer, show::Format format) {
  if (format == show::Format::Text || answer.misfit || !answer.refusal.empty() || !answer.failure.empty()) return answer;
  if (answer.later) {
    answer.later = [ask = std::move(answer.later), command = std::string(command), format](std::function<void(ExecAnswer)> done) {
      ask([command, format, done = std::move(done)](ExecAnswer made) { done(in_lines(command, std::move(made), format)); });
    };
    return answer;
  }
  answer.pieces = joined({show::lines_json(command, std::move(answer.pieces)), one_piece("\n")});
  return answer;
}

/// The number that was typed for a slot; 0 for none.
inline std::uint32_t number_of(const ExecMatch& match, std::string_view slot) {
  const auto found = match.words.find(slot);
  return found == match.words.end() ? 0 : parse_number<std::uint32_t>(found->second).value_or(0);
}

}  // namespace rri::shell
