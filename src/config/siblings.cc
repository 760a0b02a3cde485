#include "config/siblings.h"

#include <algorithm>
#include <compare>

#include "base/text.h"

namespace rri {
namespace {

/// Numbers as numbers, all else bytewise; numbers first.
std::strong_ordering compare_naturally(std::string_view a, std::string_view b) {
  const auto number_a = parse_number<std::uint64_t>(a);
  const auto number_b = parse_number<std::uint64_t>(b);
  if (number_a && number_b) return *number_a <=> *number_b;
  if (number_a.has_value() != number_b.has_value()) {
    return number_a ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.compare(b) <=> 0;
}

std::strong_ordering compare_keys(const Line& a, const Line& b) {
  // HSRP lines are ordered by group first and then as the rows stand.
  const bool first_only = a.row->row.action == Action::StandbyLine;
  const auto keys_a = first_only ? std::vector<std::string_view>{a.value("group")} : key_of(a);
  const auto keys_b = first_only ? std::vector<std::string_view>{b.value("group")} : key_of(b);
  for (std::size_t i = 0; i < keys_a.size() && i < keys_b.size(); ++i) {
    const auto order = compare_naturally(keys_a[i], keys_b[i]);
    if (order != 0) return order;
  }
  return keys_a.size() <=> keys_b.size();
}

/// The first line behind `index` that is a command again.
std::size_t end_of_trail(const std::vector<Line>& lines, std::size_t index) {
  while (index < lines.size() && !is_command(lines[index])) ++index;
  return index;
}

/// The first command that `line` has to stand before, or the end.
std::size_t find_place(const std::vector<Line>& lines, const Line& line) {
  auto last = lines.size();
  while (last > 0 && !is_command(lines[last - 1])) --last;
  if (last == 0 || !is_before(line, lines[last - 1])) return lines.size();
  std::size_t low = 0;
  std::size_t high = last - 1;  // always a command behind `line`
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    auto probe = middle;
    while (probe > low && !is_command(lines[probe])) --probe;
    if (is_command(lines[probe]) && is_before(line, lines[probe])) {
      high = probe;
    } else {
      low = middle + 1;
    }
  }
  return high;
}

}  // namespace

std::vector<std::string_view> key_of(const Line& line) {
  std::vector<std::string_view> keys;
  keys.reserve(line.row->keys.size());
  for (const auto slot : line.row->keys) keys.push_back(line.value(slot));
  return keys;
}

std::string identity_of(const Line& line) {
  const auto& row = line.row->row;
  std::string identity = row.group.empty() ? std::to_string(line.row->position) : std::string(row.group);
  const auto append = [&](std::string_view text) {
    identity += '\x1f';
    identity += text;
  };
  switch (row.identity) {
    case Identity::Single: break;
    case Identity::Keyed:
      for (const auto key : key_of(line)) append(key);
      break;
    case Identity::List:
      for (const auto& word : line.words) append(word.text);
      break;
  }
  return identity;
}

bool is_before(const Line& a, const Line& b) {
  if (a.row->block != b.row->block) return a.row->block < b.row->block;
  if (a.row->row.sorted && b.row->row.sorted) {
    const auto order = compare_keys(a, b);
    if (order != 0) return order < 0;
  }
  const bool by_sequence = a.row->row.action == Action::AclEntry || a.row->row.action == Action::PrefixListEntry;
  if (!by_sequence && a.row->position != b.row->position) return a.row->position < b.row->position;
  if (by_sequence && a.sequence == b.sequence) return a.has_keyword("remark") && !b.has_keyword("remark");
  return a.sequence < b.sequence;
}

std::size_t Siblings::insert_command(Line line) {
  const auto at = find_place(lines, line);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::move(line));
  touch(at);
  return at;
}

std::size_t Siblings::insert_carried(Line line) {
  const auto first = static_cast<std::size_t>(touched + 1);
  const auto at = end_of_trail(lines, first + trail);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::move(line));
  trail = at + 1 - first;
  return at;
}

void Siblings::remove(std::size_t index) {
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(index));
  const auto removed = static_cast<std::ptrdiff_t>(index);
  trail = 0;
  if (touched >= removed) --touched;
  while (touched >= 0 && !is_command(lines[static_cast<std::size_t>(touched)])) --touched;
}

std::size_t Siblings::remove_if(const std::function<bool(const Line&)>& matches) {
  std::size_t count = 0;
  for (std::size_t i = lines.size(); i-- > 0;) {
    if (!matches(lines[i])) continue;
    remove(i);
    ++count;
  }
  return count;
}

std::optional<std::size_t> Siblings::find_near(const std::function<bool(const Line&)>& matches) const {
  const auto behind = static_cast<std::size_t>(touched + 1);
  for (std::size_t step = 0; step < lines.size(); ++step) {
    const auto index = (behind + step) % lines.size();
    if (matches(lines[index])) return index;
  }
  return std::nullopt;
}

std::optional<std::size_t> Siblings::find_if(const std::function<bool(const Line&)>& matches) const {
  const auto found = std::find_if(lines.begin(), lines.end(), matches);
  if (found == lines.end()) return std::nullopt;
  return static_cast<std::size_t>(found - lines.begin());
}

}  // namespace rri
