// What a line that a row took does to the Document.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/assert.h"
#include "base/text.h"
#include "config/acl_entry.h"
#include "config/line_applier.h"
#include "net/address.h"
#include "net/ios_text.h"
#include "net/prefix.h"

namespace rri {
namespace {

constexpr std::uint32_t kAclStep = 10;        // IOS's own default
constexpr std::uint64_t kLastSequence = 2147483647;
constexpr std::uint64_t kLastSequence6 = 4294967294;
constexpr std::uint32_t kPrefixListStep = 5;  // IOS's own default

/// Takes `slot` and the keyword in front of it out of the words.
void drop_words(Line& line, std::string_view slot, std::string_view keyword) {
  auto& words = line.words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].slot != slot) continue;
    const bool with_keyword = !keyword.empty() && i > 0 && words[i - 1].text == keyword;
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(with_keyword ? i - 1 : i);
    words.erase(first, words.begin() + static_cast<std::ptrdiff_t>(i + 1));
    return;
  }
}

/// Remarks have no number of their own: they have that of the entry behind them.
std::uint32_t last_sequence(const std::vector<Line>& lines) {
  std::uint32_t last = 0;
  for (auto it = lines.rbegin(); it != lines.rend() && last == 0; ++it) {
    if (is_command(*it) && !it->has_keyword("remark")) last = it->sequence;
  }
  return last;
}

/// Why nothing is ever equal to a secret; "" for a good one.
std::string find_wrong_secret(const Line& line) {
  const auto type = line.value("type");
  const auto secret = line.value("secret");
  const auto blank = secret.find(' ');
  if (type.empty() && blank != std::string_view::npos && parse_number<unsigned>(secret.substr(0, blank))) {
    return fmt::format("ERROR: a secret of type {} cannot be used; enter it in clear, or with type 5, 8 or 9", secret.substr(0, blank));
  }
  if (type == "4") return "ERROR: a secret of type 4 cannot be checked here; enter it in clear, or with type 5, 8 or 9";
  if (type.empty() || type == "0" || secret == "*") return {};
  constexpr std::size_t kSaltEnd = 17;  // $8$ and 14 letters
  constexpr std::size_t kLength = kSaltEnd + 1 + 43;
  const bool is_cisco = secret.size() == kLength && secret[kSaltEnd] == '$' && secret.starts_with(fmt::format("${}$", type));
  const bool is_crypt = type == "5" ? secret.starts_with("$1$") && std::count(secret.begin(), secret.end(), '$') == 3
                                    : type == "9" && secret.starts_with("$6$");  // as rrid makes them
  if (is_crypt || (type != "5" && is_cisco)) return {};
  return "ERROR: The secret you entered is not a valid encrypted secret.";
}

}  // namespace

Line make_line(const RowMatch& match, TextPosition position) {
  Line line;
  line.row = match.row;
  line.words = match.words;
  line.position = position;
  return line;
}

Line make_command(Mode mode, std::string_view text, TextPosition position) {
  const auto lexed = lex_line(text);
  const auto matched = match_line(mode, lexed, 0, false);
  RRI_ASSERT(matched.fits());
  return make_line(matched.matches.front(), position);
}

void LineApplier::fail(std::size_t word, std::string reason) {
  const auto column = word < lexed_.words.size() ? lexed_.words[word].column : lexed_.end_column();
  refuse(editor_.frames_.size() - 1, {number_, column}, std::move(reason), nullptr);
}

/// An error that the rest of the Document causes: another time the line might
/// fit, so keeping its text would change what the text means when read again.
void LineApplier::fail_here(std::size_t word, std::string reason) {
  const auto column = word < lexed_.words.size() ? lexed_.words[word].column : lexed_.end_column();
  result_.outcome = LineResult::Outcome::Refused;
  result_.caret_column = column;
  result_.diagnostics.push_back({Severity::Error, {number_, column}, std::move(reason)});
}

void LineApplier::fail_incomplete(std::string_view reason) {
  fail_here(lexed_.words.size(), fmt::format("incomplete command: {}", reason));
  result_.refusal = LineResult::Refusal::Incomplete;
}

void LineApplier::fail_cut_entry() { fail_incomplete("an entry is named by its sequence number or whole"); }

std::uint64_t LineApplier::seen_key(std::uint64_t section, const Line& line) {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;
  const auto text = is_command(line) ? identity_of(line) : line.text();
  return std::hash<std::string>{}(text) ^ (section * kMix);
}

void LineApplier::learn(Editor& editor, std::uint64_t section, const std::vector<Line>& lines) {
  for (const auto& line : lines) {
    const auto identity = seen_key(section, line);
    remember(editor, section, line);
    if (line.sequence != 0) editor.may_exist(sequence_key(section, line.sequence));
    // Entries of a prefix list are asked for under the section that the list is in.
    if (is_container(line)) learn(editor, section, line.children);
    if (!line.children.empty()) learn(editor, identity, line.children);
  }
}

/// The key of "some entry of this list has that number".
std::uint64_t LineApplier::sequence_key(std::uint64_t list, std::uint32_t sequence) {
  constexpr std::uint64_t kMix = 0xD6E8FEB86659FD93U;
  return std::hash<std::string>{}(fmt::format("\x1e{}", sequence)) ^ (list * kMix);
}

void LineApplier::enter(std::size_t frame, std::size_t index) {
  const auto opens = siblings(frame).lines[index].row->row.opens;
  if (opens) push_frame(*opens, frame, index);
}

/// Lines of the same group (`vrf forwarding`, `ip vrf forwarding`) give way.
void LineApplier::replace_conflicting(std::size_t frame, const Line& line) {
  const auto& group = line.row->row.group;
  if (group.empty()) return;
  const auto identity = identity_of(line);
  siblings(frame).remove_if([&](const Line& other) {
    return is_command(other) && other.row != line.row && other.row->row.group == group &&
           identity_of(other) == identity;
  });
}

void LineApplier::store(std::size_t frame, Line line) {
  replace_conflicting(frame, line);
  if (line.value("name") == "default") remove_carried_opposite(frame);
  auto list = siblings(frame);
  const auto identity = identity_of(line);
  std::optional<std::size_t> existing;
  if (editor_.may_exist(seen_key(editor_.frames_[frame], line))) {
    existing = list.find_near([&](const Line& other) {
      return is_command(other) && other.row == line.row && other.sequence == line.sequence &&
             identity_of(other) == identity;
    });
  }
  if (!existing) {
    enter(frame, list.insert_command(std::move(line)));
    return;
  }
  auto& kept = list.lines[*existing];
  kept.kind = line.kind;
  // `interface Virtual-Template1` goes back into what was made with a type.
  const bool goes_back = line.row->row.opens == Mode::Interface && line.words.size() < kept.words.size();
  if (!goes_back) kept.words = std::move(line.words);
  if (line.position.line != 0) kept.position = line.position;  // a typed line has none
  list.touch(*existing);
  enter(frame, *existing);
}

void LineApplier::carry_known(std::size_t frame, const CompiledRow& row) {
  if (row.row.action != Action::OpenCarried || negated_) {
    return carry();
  }
  remove_carried_opposite(frame);
  auto line = make_carried(LineKind::Carried);
  line.opens_carried = true;
  auto list = siblings(frame);
  const auto& text = line.words[0].text;
  std::optional<std::size_t> index;
  if (editor_.may_exist(seen_key(editor_.frames_[frame], line))) {
    index = list.find_if([&](const Line& other) {
      return other.kind == LineKind::Carried && other.opens_carried && other.words[0].text == text;
    });
  }
  const bool is_route_map = text.starts_with("route-map ") && lexed_.words.size() > 1;
  const bool is_new_map = is_route_map && !may_have(frame, fmt::format("route-map {}", lexed_.words[1].text));
  remember(editor_, editor_.frames_[frame].identity, line);
  if (!index) index = is_route_map ? insert_route_map(frame, std::move(line), is_new_map) : list.insert_carried(std::move(line));
  result_.outcome = LineResult::Outcome::Carried;
  push_frame(Mode::Opaque, frame, *index);
}

/// Entries of a route map stand by their numbers; one that is there gets the new action.
std::size_t LineApplier::insert_route_map(std::size_t frame, Line line, bool is_new) {
  auto list = siblings(frame);
  const auto number_of = [&](const Line& other) -> std::optional<std::uint32_t> {
    if (!other.opens_carried || !other.words[0].text.starts_with("route-map ")) return std::nullopt;  // saves splitting the words
    const auto words = split_words(other.words[0].text);
    const bool is_of_map = words.size() == 4 && words[0] == "route-map" && words[1] == lexed_.words[1].text;
    return is_of_map ? parse_number<std::uint32_t>(words[3]) : std::nullopt;
  };
  const auto number = number_of(line);
  const auto [highest, is_unknown] = editor_.highest_entries_.try_emplace(std::string(lexed_.words[1].text), 0);
  if (is_unknown && !is_new) {
    for (const auto& other : list.lines) highest->second = std::max(highest->second, number_of(other).value_or(0));
  }
  const bool may_have_next = number && *number <= highest->second;
  highest->second = std::max(highest->second, number.value_or(0));
  const auto next = may_have_next ? list.find_if([&](const Line& other) { return number_of(other).value_or(0) >= *number; }) : std::nullopt;
  if (!next) return list.insert_carried(std::move(line));
  if (number_of(list.lines[*next]) == number) {
    list.lines[*next].words = std::move(line.words);
  } else {
    list.lines.insert(list.lines.begin() + static_cast<std::ptrdiff_t>(*next), std::move(line));
    if (list.touched >= static_cast<std::ptrdiff_t>(*next)) ++list.touched;
    list.trail = 0;
  }
  return *next;
}

/// Who types `interface tun100` means the Tunnel100 that is there, unless there is a tun100 as well.
void LineApplier::prefer_known_interface(std::vector<Word>& words) {
  if (!editor_.options_.is_typed || words.size() < 2) return;
  const auto& lines = editor_.document_->lines;
  const auto is_there = [&](std::string_view name) {
    return std::any_of(lines.begin(), lines.end(), [&](const Line& line) {
      return is_command(line) && line.row->row.opens == Mode::Interface && line.value("name") == name;
    });
  };
  const auto full = ios_interface(words[1].text);
  if (!full.empty() && is_there(full) && !is_there(words[1].text)) words[1].text = full;
}

void LineApplier::apply_match(std::size_t frame, const RowMatch& match) {
  Line line = make_line(match, position());
  if (match.row->row.opens == Mode::Interface) prefer_known_interface(line.words);
  if (editor_.options_.is_typed && objects_to(frame, line)) return;
  switch (match.row->row.action) {
    case Action::Store:
    case Action::StoreEitherWay:
      if (is_group_in_itself(frame, line) || is_bad_macro(line)) return;
      return store(frame, std::move(line));
    case Action::StoreDefaultOn:
      siblings(frame).remove_if([&](const Line& other) { return is_command(other) && other.row == match.row; });
      return;
    case Action::Carry:
    case Action::OpenCarried: return carry_known(frame, *match.row);
    case Action::LeaveMode: return pop_to(frame - 1);
    case Action::AclEntry: return store_acl_entry(frame, std::move(line));
    case Action::NumberedAclEntry: return store_numbered_entry(frame, match);
    case Action::Resequence: return resequence(frame, line);
    case Action::PrefixListEntry: return store_prefix_list_entry(frame, std::move(line));
    case Action::ReverseRoute: return store_reverse_route(frame, line);
    case Action::CryptoMapEntry: return store_crypto_map_entry(frame, std::move(line));
    case Action::InterfaceAddress: return store_address(frame, std::move(line));
    case Action::StandbyLine: return store_standby(frame, std::move(line));
    case Action::StaticRoute: return store_static_route(frame, std::move(line));
    case Action::EnableSecret: return store_secret(frame, std::move(line));
    case Action::InterfaceRange: return enter_range(match);
    case Action::ExecTimeout: return store_exec_timeout(frame, line.value("minutes"), line.has("seconds") ? line.value("seconds") : "0");
  }
}

void LineApplier::store_acl_entry(std::size_t frame, Line line) {
  insert_acl_entry(siblings(frame), std::move(line));
}

/// An entry that is there already is not entered twice; a sequence number that
/// another entry has is an error, as in IOS.
bool LineApplier::insert_acl_entry(Siblings list, Line line) {
  const auto written = parse_number<std::uint32_t>(line.value("seq"));
  const bool is_remark = line.has_keyword("remark");
  drop_words(line, "seq", "sequence");
  canonicalise_entry(line);
  const auto next = std::uint64_t{last_sequence(list.lines)} + kAclStep;
  const bool is_ipv6 = line.row->row.modes == in(Mode::AclIpv6);
  if (!written && next > (is_ipv6 ? kLastSequence6 : kLastSequence)) {
    fail_here(0, fmt::format("there is no sequence number left behind {}; resequence the list", last_sequence(list.lines)));
    return false;
  }
  line.sequence = written ? *written : static_cast<std::uint32_t>(next);
  const auto& opened = editor_.frames_.back();
  auto& cursor = editor_.list_cursor_;
  if (cursor.list != opened.identity) cursor = {opened.identity, 0};
  const auto same = find_same_entry(list, line, written.has_value());
  if (same) {
    cursor.next = *same + 1;
    return true;
  }
  if (editor_.may_exist(sequence_key(opened.identity, line.sequence)) && (!is_remark || written)) {
    // IOS XE gives remarks the number of the entry behind them.
    const auto taken = list.find_if([&](const Line& other) {
      return is_command(other) && other.sequence == line.sequence && other.has_keyword("remark") == is_remark && !is_remark;
    });
    if (taken) {
      fail_here(0, fmt::format("sequence number {} is taken by another entry of this list", line.sequence));
      if (editor_.options_.is_typed) result_.notes.emplace_back("% Duplicate sequence number");
      return false;
    }
  }
  cursor.next = list.insert_command(std::move(line)) + 1;
  return true;
}

/// The same entry, whatever its number. Of remarks there may be many alike: only the
/// one that comes next is meant, so that a list pasted onto itself stays as it is.
std::optional<std::size_t> LineApplier::find_same_entry(const Siblings& list, const Line& line, bool is_numbered) {
  const auto& opened = editor_.frames_.back();
  const bool was_seen = editor_.may_exist(seen_key(opened, line));
  const bool is_remark = line.has_keyword("remark");
  if (is_remark && !is_numbered) {
    auto next = editor_.list_cursor_.next;
    while (next < list.lines.size() && !is_command(list.lines[next])) ++next;
    const bool is_same = next < list.lines.size() && is_command(list.lines[next]) && list.lines[next].words == line.words;
    return is_same ? std::optional(next) : std::nullopt;
  }
  if (!was_seen) return std::nullopt;
  return list.find_if([&](const Line& other) {
    return is_command(other) && other.row == line.row && other.words == line.words && (!is_remark || other.sequence == line.sequence);
  });
}

/// The entry that `access-list N ENTRY` puts into list N.
Line LineApplier::entry_of(const RowMatch& match) const {
  std::string text;
  for (std::size_t i = 2; i < match.words.size(); ++i) text += match.words[i].text + " ";
  auto entry = make_command(is_standard_number(match.words[1].text) ? Mode::AclStandard : Mode::AclExtended, text, position());
  canonicalise_entry(entry);
  return entry;
}

void LineApplier::store_numbered_entry(std::size_t frame, const RowMatch& match) {
  const auto& number = match.words[1].text;
  const bool is_standard = is_standard_number(number);
  const auto index = find_or_add_list(frame, Mode::Global, fmt::format("ip access-list {} {}", is_standard ? "standard" : "extended", number));
  push_frame(is_standard ? Mode::AclStandard : Mode::AclExtended, frame, index);
  insert_acl_entry(siblings(frame + 1), entry_of(match));
  pop_to(frame);
}

void LineApplier::resequence(std::size_t frame, const Line& line) {
  auto list = siblings(frame);
  const auto found = list.find_if([&](const Line& other) {
    return is_command(other) && is_access_list(other, true) && other.value("name") == line.value("name");
  });
  if (!found) return fail_here(3, fmt::format("there is no access list {}", line.value("name")));
  const auto start = parse_number<std::uint32_t>(line.value("start")).value_or(kAclStep);
  const auto step = parse_number<std::uint32_t>(line.value("step")).value_or(kAclStep);
  const auto identity = seen_key(editor_.frames_[frame], list.lines[*found]);
  std::uint64_t next = start;
  for (auto& entry : list.lines[*found].children) {
    if (!is_command(entry)) continue;
    entry.sequence = static_cast<std::uint32_t>(std::min<std::uint64_t>(next, UINT32_MAX));
    editor_.may_exist(sequence_key(identity, entry.sequence));
    if (!entry.has_keyword("remark")) next += step;
  }
}

/// The list with this opener: the one entered last, as a rule, or a new one.
std::size_t LineApplier::find_or_add_list(std::size_t frame, Mode mode, const std::string& opener) {
  auto list = siblings(frame);
  Line line = make_command(mode, opener, position());
  const auto is_same = [&](const Line& other) {
    return is_command(other) && other.row == line.row && other.words == line.words;
  };
  if (list.touched >= 0 && is_same(list.lines[static_cast<std::size_t>(list.touched)])) {
    return static_cast<std::size_t>(list.touched);
  }
  const auto existing = list.find_if(is_same);
  editor_.may_exist(seen_key(editor_.frames_[frame], line));
  if (!existing) return list.insert_command(std::move(line));
  list.touch(*existing);
  return *existing;
}

/// IOS puts the network in order and wants length <= ge <= le.
bool LineApplier::canonicalise_prefix(Line& line) {
  const auto prefix = Prefix::parse(line.value("prefix"));
  RRI_ASSERT(prefix.has_value());
  const auto ge = parse_number<int>(line.value("ge"));
  const auto le = parse_number<int>(line.value("le"));
  if ((ge && *ge < prefix->length()) || (le && *le < ge.value_or(prefix->length()))) {
    const bool is_ge = ge && *ge < prefix->length();
    const auto wrong = std::find_if(line.words.begin(), line.words.end(),
                                    [&](const Word& word) { return word.slot == (is_ge ? "ge" : "le"); });
    fail(static_cast<std::size_t>(wrong - line.words.begin()), "a prefix list entry needs length <= ge <= le");
    return false;
  }
  for (auto& word : line.words) {
    if (word.slot == "prefix") word.text = ios_text(*prefix);
  }
  return true;
}

void LineApplier::store_prefix_list_entry(std::size_t frame, Line line) {
  const auto written = parse_number<std::uint32_t>(line.value("seq"));
  if (!canonicalise_prefix(line)) return;
  drop_words(line, "seq", "seq");
  const auto name = fmt::format("{} prefix-list {}", line.words[0].text, line.value("list"));
  const auto index = find_or_add_list(frame, Mode::Opaque, name);
  auto& entries = siblings(frame).lines[index].children;
  const auto last = last_sequence(entries);
  line.sequence = written.value_or(last / kPrefixListStep * kPrefixListStep + kPrefixListStep);
  std::ptrdiff_t touched = -1;
  std::size_t trail = 0;
  Siblings list{entries, touched, trail};
  if (editor_.may_exist(seen_key(editor_.frames_[frame], line)) && !written) {
    if (list.find_if([&](const Line& other) { return other.words == line.words; })) return;
  }
  const auto identity = seen_key(editor_.frames_[frame], siblings(frame).lines[index]);
  if (editor_.may_exist(sequence_key(identity, line.sequence))) {
    const auto taken = list.find_if([&](const Line& other) { return other.sequence == line.sequence; });
    if (taken && entries[*taken].words == line.words) return;
    if (taken) return fail_here(3, fmt::format("sequence number {} of {} is taken", line.sequence, printable(name)));
  }
  list.insert_command(std::move(line));
}

/// SPEC.md 2.2: a later line replaces an earlier one, but one without `static`
/// never cancels `static`; a tag is a setting of its own.
void LineApplier::store_reverse_route(std::size_t frame, const Line& line) {
  if (line.has_keyword("gateway") && !line.has("peer")) {
    return fail(lexed_.words.size(), "`gateway` needs `remote-peer ADDRESS`");
  }
  auto list = siblings(frame);
  const auto existing = list.find_if([&](const Line& other) { return is_command(other) && other.row == line.row; });
  const bool was_static = existing && list.lines[*existing].has_keyword("static");
  std::string text = "reverse-route";
  if (line.has("rrp")) text += " remote-peer";
  if (line.has("peer")) text += fmt::format(" {}", line.value("peer"));
  if (line.has_keyword("gateway")) text += " gateway";
  if (was_static || line.has_keyword("static")) text += " static";
  const std::string tag(line.value("tag"));
  store(frame, make_command(editor_.frames_[frame].mode, text, position()));
  if (!tag.empty()) {
    store(frame, make_command(editor_.frames_[frame].mode, "set reverse-route tag " + tag, position()));
  }
}

void LineApplier::store_crypto_map_entry(std::size_t frame, Line line) {
  auto list = siblings(frame);
  const auto existing = list.find_if([&](const Line& other) {
    return is_command(other) && other.row == line.row && other.value("name") == line.value("name") &&
           other.value("seq") == line.value("seq");
  });
  const bool written_in_full = line.has_keyword("ipsec-isakmp");
  if (existing && !written_in_full) {  // `crypto map M 10` goes back into the entry
    list.touch(*existing);
    return enter(frame, *existing);
  }
  if (existing && editor_.options_.is_typed && list.lines[*existing].value("dynamic") != line.value("dynamic")) {
    return refuse_in_words("% Attempt to change dynamic map tag for existing crypto map is not permitted.");
  }
  if (!written_in_full) line.words.push_back({"ipsec-isakmp", {}, true});
  const bool needs_peer = !existing && !line.has("dynamic") && !line.has("profile");
  const bool is_dynamic = line.has("dynamic");
  store(frame, std::move(line));
  if (is_dynamic) pop_to(frame);  // IOS stays where it is: the template says the rest
  if (!needs_peer) return;
  result_.notes.emplace_back("% NOTE: This new crypto map will remain disabled until a peer");
  result_.notes.emplace_back("        and a valid access list have been configured.");
}

/// A line that is there as it is stays where it stands, with what is carried behind it.
bool LineApplier::touch_same(Siblings list, const Line& line) {
  const auto same = list.find_if([&](const Line& other) {
    return is_command(other) && other.row == line.row && other.kind == line.kind && other.sequence == line.sequence && other.words == line.words;
  });
  if (same) list.touch(*same);
  return same.has_value();
}

/// One primary address, which a new primary one replaces, `dhcp` too.
void LineApplier::store_address(std::size_t frame, Line line) {
  auto list = siblings(frame);
  const bool secondary = line.has_keyword("secondary");
  const auto address = line.value("address");
  line.sequence = secondary ? 1 : 0;
  if (touch_same(list, line)) return;
  list.remove_if([&](const Line& other) {
    if (!is_command(other) || other.row != line.row) return false;
    const bool same = !address.empty() && other.value("address") == address;
    return other.kind == LineKind::Negated || same || (!secondary && other.sequence == 0);
  });
  list.insert_command(std::move(line));
}

void LineApplier::store_standby(std::size_t frame, Line line) {
  if (line.value("group") == "0") drop_words(line, "group", "");
  const bool is_address = line.words.size() > 1 && line.has_keyword("ip");
  if (is_address) {
    const bool secondary = line.has_keyword("secondary");
    line.sequence = secondary ? 1 : 0;
    auto list = siblings(frame);
    if (touch_same(list, line)) return;
    list.remove_if([&](const Line& other) {
      if (!is_command(other) || other.row != line.row || other.value("group") != line.value("group")) return false;
      return secondary ? other.value("address") == line.value("address") : other.sequence == 0;
    });
  }
  store(frame, std::move(line));
}

void LineApplier::store_static_route(std::size_t frame, Line line) {
  const auto network = IpAddress::try_parse(line.value("network"));
  const auto mask = IpAddress::try_parse(line.value("mask"));
  const auto prefix = network && mask ? Prefix::from_mask(*network, *mask) : std::nullopt;
  if (!prefix || prefix->address() != *network) {
    if (editor_.options_.is_typed) result_.notes.emplace_back("%Inconsistent address and mask");
    return fail(2, "the address has bits that the mask leaves out");
  }
  store(frame, std::move(line));
}

void LineApplier::store_exec_timeout(std::size_t frame, std::string_view minutes, std::string_view seconds) {
  store(frame, make_command(Mode::Line, fmt::format("exec-timeout {} {}", minutes, seconds), position()));
}

/// A secret in clear is never kept: it is hashed, or locked when nobody can hash.
void LineApplier::store_secret(std::size_t frame, Line line) {
  if (line.value("level") == "15") {  // IOS's `enable secret` without a level
    std::erase_if(line.words, [](const Word& word) { return word.slot == "level" || (word.is_keyword && word.text == "level"); });
  }
  const auto type = line.value("type");
  if (const auto wrong = find_wrong_secret(line); !wrong.empty()) {
    // In a file it is kept, and nobody knows the word: a line that is left out would open the door.
    if (editor_.options_.is_typed) return fail_here(lexed_.words.size() - 1, wrong);
    result_.diagnostics.push_back({Severity::Warning, position(), wrong});
  } else if (type.empty() || type == "0") {
    const std::string clear(line.value("secret"));
    const auto& hash = editor_.options_.hash_secret;
    const auto level = line.has("level") ? fmt::format("level {} ", line.value("level")) : std::string();
    const auto stored = hash ? hash(clear) : std::string("5 *");
    line = make_command(Mode::Global, fmt::format("enable secret {}{}", level, stored), position());
  }
  store(frame, std::move(line));
}

}  // namespace rri
