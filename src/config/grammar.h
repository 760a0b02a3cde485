// config/grammar.h -- the one table that says what the configuration language is.
//
// A Row is one command of one or more modes. Reading, `no` forms, rendering
// order, help and completion all come from the same rows. The pattern language:
//
//   word                 a keyword; any unambiguous abbreviation fits
//   slot=word            a keyword that a Line finds under the name `slot`
//   <slot:type>          a value; types are listed in arguments.h
//   { a | b }  [ a | b ] one of; one of or nothing
//   *( a | b | c )       any of them in any order, each at most once
//   x...                 x once or more
//   $name                a fragment of kFragments, put in place
//   !                    commit: once a line got here, a misfit is an error and
//                        not an unknown command. Without it: behind the leading
//                        keywords.
//   ^                    the `no` form may stop from here on. Without it: behind
//                        the last key slot, or behind the leading keywords.
//
// The order of rows is the canonical order of lines (IOS's own, where it has one).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/arguments.h"
#include "config/mode.h"

namespace rri {

/// When two lines of a row are the same setting.
enum class Identity : std::uint8_t {
  Single,  // a later one replaces the earlier one
  Keyed,   // a later one with equal key slots does
  List,    // all stay; an equal one is not entered twice
};

/// What entering a line does beyond what Identity says.
enum class Action : std::uint8_t {
  Store,
  StoreDefaultOn,    // only the `no` form is kept: the plain one is the default
  StoreEitherWay,    // both forms are kept
  Carry,             // a known command that nothing here acts on
  OpenCarried,       // the same, and lines follow that belong to it
  LeaveMode,         // `exit-address-family`
  AclEntry,          // a line of an access list section
  NumberedAclEntry,  // `access-list 102 permit ...`
  Resequence,
  PrefixListEntry,
  ReverseRoute,
  CryptoMapEntry,
  InterfaceAddress,
  StandbyLine,
  StaticRoute,
  EnableSecret,
  InterfaceRange,    // `interface range G0/0/0 - 3`: stands for each of them
  ExecTimeout,       // IOS writes the seconds out, and "never" as 0 0
};

using ModeSet = std::uint32_t;
constexpr ModeSet in(Mode mode) { return 1U << static_cast<unsigned>(mode); }

struct Row {
  ModeSet modes = 0;
  std::string_view pattern;
  std::string_view help;               // what the command does, one line
  Identity identity = Identity::Single;
  std::string_view key;                // slots, separated by blanks
  std::optional<Mode> opens;
  Action action = Action::Store;
  std::string_view group;              // rows of one group replace each other
  bool sorted = false;                 // by key instead of as written
  std::string_view block;              // rows of one block are ordered as if they were one row
};

/// Whether something acts on the row's lines; the others are carried.
constexpr bool acts(const Row& row) { return row.action != Action::Carry && row.action != Action::OpenCarried; }

/// A pattern in executable form: consuming nodes and the empty steps between.
struct PatternNode {
  enum class Kind : std::uint8_t { Keyword, Argument, Split, Once, Commit, NoEnd, Accept };
  Kind kind = Kind::Accept;
  std::string_view text;  // keyword
  std::string_view slot;
  ArgumentType argument;
  std::uint64_t once_bit = 0;
  std::vector<std::uint16_t> next;
};

struct CompiledRow {
  Row row;
  std::uint32_t position = 0;  // in canonical order
  std::uint32_t block = 0;     // position of the first row of its block
  std::shared_ptr<const std::string> pattern;  // fragments put in; nodes point into it
  std::uint16_t start = 0;
  std::vector<PatternNode> nodes;
  std::vector<std::string_view> keys;
};

class Grammar {
 public:
  explicit Grammar(const std::vector<Row>& rows);
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  [[nodiscard]] const std::vector<CompiledRow>& rows() const { return rows_; }
  /// The rows of one mode, in canonical order.
  [[nodiscard]] const std::vector<const CompiledRow*>& rows(Mode mode) const {
    return by_mode_[static_cast<std::size_t>(mode)];
  }

 private:
  std::vector<CompiledRow> rows_;
  std::vector<std::vector<const CompiledRow*>> by_mode_;
};

/// The configuration language. Built once, never changed.
const Grammar& config_grammar();

// The tables, by area, in canonical order of the areas.
std::span<const Row> system_rows();
std::span<const Row> ike_rows();
std::span<const Row> crypto_map_rows();
std::span<const Row> interface_rows();
std::span<const Row> routing_rows();
std::span<const Row> acl_rows();
std::span<const Row> rri_rows();
std::span<const Row> carried_rows();

/// Patterns used in several rows, by the name behind `$`; "" when unknown.
std::string_view pattern_fragment(std::string_view name);

}  // namespace rri
