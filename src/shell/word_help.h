// shell/word_help.h -- one-line help for words that several commands share.
//
// A word that only one command has is explained by that command's own row; these
// are the ones in front of many commands, with IOS's texts, and the values.
#pragma once

#include <string_view>

namespace rri::shell {

/// "" when the word has no text of its own.
std::string_view word_help(std::string_view word);

/// In place of a command's help: the names of protocols.
inline constexpr std::string_view kProtocol = "protocol";
/// What it is in one command only, which is known by its help.
std::string_view word_help_in(std::string_view command_help, std::string_view word);

/// What a value is, by the name that its row gives it; "" when that says it all.
std::string_view value_help(std::string_view slot);

}  // namespace rri::shell
