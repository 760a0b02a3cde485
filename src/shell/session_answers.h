// shell/session_answers.h -- short answers of a session.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "shell/exec.h"

namespace rri::shell {

inline ExecAnswer text_answer(std::string text) { return {one_piece(std::move(text)), std::nullopt, {}}; }
inline ExecAnswer nothing() { return text_answer({}); }
/// "% Could not TEXT".
inline ExecAnswer failure(std::string text) { return {nullptr, std::nullopt, std::move(text)}; }
/// IOS's own words, without the last line end.
inline ExecAnswer refusal(std::string text) { return {nullptr, std::nullopt, {}, std::move(text)}; }

/// The number that was typed for a slot; 0 for none.
inline std::uint32_t number_of(const ExecMatch& match, std::string_view slot) {
  const auto found = match.words.find(slot);
  return found == match.words.end() ? 0 : parse_number<std::uint32_t>(found->second).value_or(0);
}

}  // namespace rri::shell
