// config/siblings.h -- the lines of one section, kept in canonical order.
//
// Commands are ordered by row and key. Carried and refused lines have no order
// of their own: each belongs behind the command that was entered before it. So a
// section is a list of commands, each with a trail.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/document.h"
#include "config/grammar.h"

namespace rri {

/// A view of one section that keeps `touched` right while lines come and go.
struct Siblings {
  std::vector<Line>& lines;
  std::ptrdiff_t& touched;  // index of the command entered last; -1 for none
  std::size_t& trail;       // at least so many carried lines follow it: saves counting

  void touch(std::size_t index) {
    touched = static_cast<std::ptrdiff_t>(index);
    trail = 0;
  }
  /// Puts a command at its place, behind equals, and touches it.
  std::size_t insert_command(Line line);
  /// Puts a carried or refused line behind the touched command's trail.
  std::size_t insert_carried(Line line);
  void remove(std::size_t index);
  /// Removes every line for which `matches` holds; how many there were.
  std::size_t remove_if(const std::function<bool(const Line&)>& matches);
  /// The one line for which `matches` holds. A paste has the order of what is there, so
  /// the search begins behind the touched line.
  [[nodiscard]] std::optional<std::size_t> find_near(const std::function<bool(const Line&)>& matches) const;
  [[nodiscard]] std::optional<std::size_t> find_if(const std::function<bool(const Line&)>& matches) const;
};

[[nodiscard]] inline bool is_command(const Line& line) {
  return line.kind == LineKind::Command || line.kind == LineKind::Negated;
}

/// A line that is never written itself: it holds the entries of one prefix list.
[[nodiscard]] inline bool is_container(const Line& line) {
  return line.row != nullptr && line.row->row.modes == in(Mode::Opaque);
}

/// The opener of an access list; `v4_only`: standard or extended.
[[nodiscard]] inline bool is_access_list(const Line& line, bool v4_only = false) {
  const auto opens = line.row != nullptr ? line.row->row.opens : std::nullopt;
  return opens == Mode::AclStandard || opens == Mode::AclExtended || (!v4_only && opens == Mode::AclIpv6);
}

/// The values of the row's key slots, in the row's order.
std::vector<std::string_view> key_of(const Line& line);

/// Text that two lines of one section share exactly when they are one setting.
std::string identity_of(const Line& line);

/// Canonical order of two commands of one section.
bool is_before(const Line& a, const Line& b);

}  // namespace rri
