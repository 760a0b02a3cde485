// config/ios_words.h -- where a line of IOS belongs that no row of ours knows.
//
// Modes are found by command (SPEC.md 2.1), also those of commands that are only
// carried. Two small tables say what indentation would say in a saved file: the
// commands of the global mode, and, for the sections that are carried, what
// their lines begin with where the global mode has such a word as well, which
// lines open sections inside them, and what the prompt there is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/lexer.h"

namespace rri {

/// How many words of the line, from `first` on, say that it is one of the global
/// mode and of no section; 0: nothing says so.
std::size_t global_words(const LexedLine& line, std::size_t first);

/// The same for lines of the section that `opener` opens ("router bgp 65000").
std::size_t section_words(std::string_view opener, const LexedLine& line, std::size_t first);

/// Whether `word` is the first word, perhaps abbreviated, of a command of IOS's global mode.
bool begins_global_command(std::string_view word);

/// Whether `word` begins a command, perhaps abbreviated, of any mode that is told of
/// here: else a line of an interface or a routing protocol is nothing that IOS knows.
bool begins_any_command(std::string_view word);

/// What a line does inside the carried section that `opener` opens.
struct InnerLine {
  enum class Kind : std::uint8_t {
    Opens,   // lines of its own follow: `class C` of a policy map
    Closes,  // the last line of such a section: `exit-address-family`
    Stands,  // at this level, whatever is open
  };
  Kind kind = Kind::Opens;
  std::uint32_t level = 1;
  std::string_view prompt;  // Opens
};
std::optional<InnerLine> inner_line(std::string_view opener, const LexedLine& line, std::size_t first);

/// Whether any line may stand deeper than the one above it; elsewhere only behind
/// lines that open something.
bool nests_freely(std::string_view opener);

/// "config-router"; "config-carried" for sections that are in no table.
std::string_view carried_prompt(std::string_view opener);

/// The setting that a carried line sets when there is one of it only ("ip mtu" of
/// `ip mtu 1400`): how many words name it; 0: the line may be one of a list.
std::size_t single_setting_words(const LexedLine& line);

/// Whether `no X` only takes things away that have names or stand in lists: then
/// it says nothing where there is no such thing.
bool names_a_thing(const LexedLine& line, std::size_t first);

/// How much a `no` of these words may take away of what begins with them.
enum class NoReach : std::uint8_t {
  TooShort,  // nothing: more words must say what
  OneLine,   // one line, as long as no other begins like it
  OneThing,  // all of it: the words name a thing (`no route-map X`)
};
NoReach reach_of_no(const LexedLine& line, std::size_t first, bool is_global);

/// How older releases, or newer ones, begin the same line (`logging 10.0.0.1` for
/// `logging host 10.0.0.1`); "" when there is one way only.
std::string other_spelling(const LexedLine& line);

/// A command that is on or off, while longer ones that begin like it are settings of
/// their own: `no ip domain lookup` leaves `ip domain lookup source-interface X`.
bool is_switch(const LexedLine& line, std::size_t first);

}  // namespace rri
