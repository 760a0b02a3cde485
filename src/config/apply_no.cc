// `no` and `default`: what a line takes out of the Document.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/acl_entry.h"
#include "config/line_applier.h"

namespace rri {
namespace {

bool is_route(const Row& row) { return row.action == Action::StaticRoute || row.pattern.starts_with("ipv6 route"); }

/// Slots that mean their default when a line leaves them out, so that `no ip
/// route P M` touches only the global table.
bool absent_means_default(std::string_view slot, const Row& row) {
  const bool route = is_route(row);
  return (slot == "vrf" && route) || slot == "cast" || (slot == "group" && row.action == Action::StandbyLine) || slot == "level";
}

/// Values that IOS does not compare: `no description anything`, `no hold-down 5`.
bool is_compared(const Word& word, const Row& row) {
  if (word.slot.empty()) return false;
  if (row.identity == Identity::List) return true;
  constexpr std::array<std::string_view, 6> kFree = {"text", "name", "secret", "authentication", "options", "type"};
  if (std::find(kFree.begin(), kFree.end(), word.slot) != kFree.end()) return false;
  return !parse_number<std::uint64_t>(word.text).has_value();
}

/// A `standby 0` group is written without its number, and `level 15` of a secret not at all.
std::string_view canonical_value(const Word& word, const Row& row) {
  if (row.action == Action::EnableSecret && word.slot == "level" && word.text == "15") return {};
  const bool group_zero = row.action == Action::StandbyLine && word.slot == "group" && word.text == "0";
  return group_zero ? std::string_view() : std::string_view(word.text);
}

/// A route that is named with a distance is only the one of that distance.
bool agrees_in_distance(const Line& line, const RowMatch& match) {
  const auto given = std::find_if(match.words.begin(), match.words.end(),
                                  [](const Word& word) { return word.slot == "distance"; });
  if (!is_route(match.row->row) || given == match.words.end()) return true;
  return given->text == (line.has("distance") ? line.value("distance") : "1");
}

/// Keywords that tell lines of one row apart: `authentication remote rsa-sig` is not the one with `pre-share`,
/// and a route by `dhcp` not the one by an address.
bool agrees_in_keywords(const Line& line, const RowMatch& match) {
  const auto& row = match.row->row;
  const bool is_list = row.identity == Identity::List && row.action == Action::Store;
  const auto tells_apart = [&](const Word& word) { return word.is_keyword && (is_list || word.text == "dhcp"); };
  return std::all_of(match.words.begin(), match.words.end(), [&](const Word& word) { return !tells_apart(word) || line.has_keyword(word.text); });
}

bool agrees(const Line& line, const RowMatch& match) {
  const auto& row = match.row->row;
  if (!agrees_in_distance(line, match) || !agrees_in_keywords(line, match)) return false;
  for (const auto key : match.row->keys) {
    const auto given = std::find_if(match.words.begin(), match.words.end(),
                                    [&](const Word& word) { return word.slot == key; });
    if (given == match.words.end()) {
      if (absent_means_default(key, row) && !line.value(key).empty()) return false;
    } else if (line.value(key) != canonical_value(*given, row)) {
      return false;
    }
  }
  return std::all_of(match.words.begin(), match.words.end(), [&](const Word& word) {
    const bool is_key = std::find(match.row->keys.begin(), match.row->keys.end(), word.slot) != match.row->keys.end();
    if (is_key || word.slot == "seq" || !is_compared(word, row)) return true;
    const auto values = line.values(word.slot);
    return std::find(values.begin(), values.end(), word.text) != values.end();
  });
}

}  // namespace

namespace {

/// `crypto ipsec profile default` and its like, which are there without a line.
bool is_smart_default(const RowMatch& match) {
  return match.words[0].text == "crypto" && !match.words.back().is_keyword && match.words.back().text == "default" && match.row->row.opens.has_value();
}

}  // namespace

/// Entries of lists are named by their list, by a sequence number, or whole: a line cut short in
/// the middle of one would take away what it does not name.
bool LineApplier::is_cut_entry(std::size_t frame, const RowMatch& match) const {
  constexpr std::size_t kList = 3;  // ip prefix-list NAME
  const auto& words = match.words;
  const bool ends_with_sequence = !words.empty() && words.back().slot == "seq";
  switch (match.row->row.action) {
    case Action::AclEntry:
      if (words.size() <= 2 && ends_with_sequence) return false;  // 10; sequence 10
      break;
    case Action::NumberedAclEntry:
      if (words.size() == 2) return false;
      break;
    case Action::PrefixListEntry:
      if (words.size() == kList || ends_with_sequence) return false;
      break;
    default: return false;
  }
  return !match_line(editor_.frames_[frame].mode, lexed_, first_word(), false).fits();
}

void LineApplier::apply_no(std::size_t frame, const std::vector<RowMatch>& matches) {
  if (std::all_of(matches.begin(), matches.end(), [&](const RowMatch& match) { return is_cut_entry(frame, match); })) {
    return fail_cut_entry();
  }
  const bool is_refused = editor_.options_.is_typed && std::any_of(matches.begin(), matches.end(), [&](const RowMatch& match) { return objects_to_no(frame, match); });
  if (is_refused) return;
  const bool one_acts = std::any_of(matches.begin(), matches.end(), [](const RowMatch& match) { return acts(match.row->row); });
  // `no ip prefix-list sequence-number`: the words themselves, and no list of that name.
  const auto& best = matches.front();
  const bool is_said = std::all_of(best.words.begin(), best.words.end(), [](const Word& word) { return word.is_keyword; });
  if (best.row->row.action == Action::Carry && is_said) return carry_known(frame, *best.row);
  for (const auto& match : matches) {
    if (acts(match.row->row) || !one_acts) remove_match(frame, match);
  }
}

void LineApplier::store_negated(std::size_t frame, const RowMatch& match) {
  auto list = siblings(frame);
  Line line = make_line(match, position());
  line.kind = LineKind::Negated;
  if (!is_default_ && touch_same(list, line)) return;
  list.remove_if([&](const Line& other) { return is_command(other) && other.row == match.row; });
  if (is_default_) return;
  editor_.may_exist(seen_key(editor_.frames_[frame], line));
  list.insert_command(std::move(line));
}

void LineApplier::remove_match(std::size_t frame, const RowMatch& given) {
  auto match = given;
  const auto& row = match.row->row;
  if (row.opens == Mode::Interface) prefer_known_interface(match.words);
  if (row.opens == Mode::ObjectGroup && is_group_used(match)) return;
  auto list = siblings(frame);
  switch (row.action) {
    case Action::StoreDefaultOn:
    case Action::StoreEitherWay: return store_negated(frame, match);
    case Action::Carry:
    case Action::OpenCarried: return carry_known(frame, *match.row);
    case Action::ReverseRoute: return remove_reverse_route(frame, match);
    case Action::AclEntry: return remove_acl_entry(list, match);
    case Action::NumberedAclEntry: return remove_numbered(frame, match);
    case Action::PrefixListEntry: return remove_prefix_list_entry(frame, match);
    case Action::InterfaceAddress:
      if (match.words.size() == 2) return store_negated(frame, match);
      break;
    case Action::InterfaceRange: return remove_range(match);
    case Action::ExecTimeout:
      if (!is_default_) return store_exec_timeout(frame, "0", "0");
      break;
    case Action::LeaveMode:
    case Action::Resequence: return;
    case Action::Store:
    case Action::CryptoMapEntry:
    case Action::StandbyLine:
    case Action::StaticRoute:
    case Action::EnableSecret: break;
  }
  const auto is_meant = [&](const Line& other) {
    return is_command(other) && other.row == match.row && agrees(other, match);
  };
  if (is_default_ && row.opens) {  // `default interface X` empties it
    if (const auto found = list.find_if(is_meant)) list.lines[*found].children.clear();
    return;
  }
  const auto removed = list.remove_if(is_meant);
  // What IOS has by itself: that it is not to be there is kept.
  if (removed == 0 && !is_default_ && frame == 0 && is_smart_default(match)) return carry();
  if (removed == 0 && is_route(row) && !is_default_) result_.notes.emplace_back("%No matching route to delete");
}

/// SPEC.md 2.2: `no reverse-route static` drops only `static`; `no reverse-route
/// tag N` drops the tag; any other form drops the line.
void LineApplier::remove_reverse_route(std::size_t frame, const RowMatch& match) {
  const auto said = make_line(match, {});
  auto list = siblings(frame);
  const auto is_line = [&](const Line& other) { return is_command(other) && other.row == match.row; };
  const auto found = list.find_if(is_line);
  const bool only_static = match.words.size() == 2 && said.has_keyword("static");
  if (only_static) {
    if (!found) return;
    auto& words = list.lines[*found].words;
    words.erase(std::remove_if(words.begin(), words.end(), [](const Word& word) { return word.text == "static"; }),
                words.end());
    return list.touch(*found);
  }
  if (said.has_keyword("tag")) {
    list.remove_if([&](const Line& other) {
      const bool is_tag = is_command(other) && other.row->row.pattern.starts_with("set reverse-route ^ tag");
      return is_tag && (!said.has("tag") || said.value("tag") == other.value("tag"));
    });
    if (match.words.size() <= 3) return;
  }
  list.remove_if(is_line);
}

void LineApplier::remove_acl_entry(Siblings list, const RowMatch& match) {
  auto said = make_line(match, {});
  canonicalise_entry(said);
  if (const auto sequence = parse_number<std::uint32_t>(said.value("seq"))) {
    // A remark has the number of the entry that it stands before.
    const bool names_remark = said.has_keyword("remark");
    const auto is_meant = [&](const Line& other) {
      if (!is_command(other) || other.sequence != *sequence) return false;
      return !names_remark || (other.has_keyword("remark") && (!said.has("remark") || other.value("remark") == said.value("remark")));
    };
    list.remove_if(is_meant);
    return;
  }
  list.remove_if([&](const Line& other) { return is_command(other) && other.words == said.words; });
}

void LineApplier::remove_numbered(std::size_t frame, const RowMatch& match) {
  auto list = siblings(frame);
  const auto& number = match.words[1].text;
  const auto found = list.find_if([&](const Line& other) {
    return is_command(other) && is_access_list(other, true) && other.value("name") == number;
  });
  if (!found) return;
  if (match.words.size() == 2) return list.remove(*found);
  const auto entry = entry_of(match).words;
  auto& children = list.lines[*found].children;
  children.erase(std::remove_if(children.begin(), children.end(),
                                [&](const Line& other) { return is_command(other) && other.words == entry; }),
                 children.end());
}

/// Without more than a name the whole list goes; with its last entry it goes too.
void LineApplier::remove_prefix_list_entry(std::size_t frame, const RowMatch& match) {
  const auto said = make_line(match, {});
  auto list = siblings(frame);
  const auto found = list.find_if([&](const Line& other) {
    return is_command(other) && is_container(other) && other.words[0].text == said.words[0].text &&
           other.value("list") == said.value("list");
  });
  if (!found) return;
  const auto sequence = parse_number<std::uint32_t>(said.value("seq"));
  auto& entries = list.lines[*found].children;
  const auto is_meant = [&](const Line& entry) {
    if (sequence && entry.sequence != *sequence) return false;
    return agrees(entry, match);
  };
  entries.erase(std::remove_if(entries.begin(), entries.end(), is_meant), entries.end());
  if (entries.empty()) list.remove(*found);
}

}  // namespace rri
