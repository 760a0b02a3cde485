#include "shell/slips.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "config/grammar.h"
#include "config/ios_words.h"
#include "config/matcher.h"
#include "net/address.h"

namespace rri::shell {

namespace {

/// Commands of the exec mode that people type in the configuration mode by mistake.
constexpr std::array<std::string_view, 32> kExecWords = {
    "show", "ping", "traceroute", "telnet", "clear", "debug", "undebug", "reload", "copy", "dir", "more", "terminal", "configure", "logout",
    "disconnect", "write", "erase", "delete", "rename", "who", "where", "resume", "send", "test", "verify", "pwd", "cd", "mkdir", "rmdir", "format",
    "systat", "squeeze"};

/// Commands of our own sub-modes that no other sub-mode of IOS has under this name.
constexpr std::array<std::string_view, 6> kOtherModeWords = {"set", "match", "permit", "deny", "reverse-route", "rd"};

template <class Words>
bool is_beginning_of_one(const Words& words, std::string_view start) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return is_beginning_of(start, word); });
}

/// The keywords that lines of the mode begin with. They are asked for with each line of a file.
const std::vector<std::string>& first_keywords(Mode mode) {
  static std::map<Mode, std::vector<std::string>> known;
  const auto [place, is_new] = known.try_emplace(mode);
  if (!is_new) return place->second;
  for (auto& expected : expect_after(mode, lex_line(""), 0, false).words) {
    if (expected.is_keyword) place->second.push_back(std::move(expected.text));
  }
  return place->second;
}

/// How far `word` goes along with any command of the configuration mode.
std::size_t longest_beginning(std::string_view word, Mode mode) {
  std::size_t longest = 0;
  for (const auto of : {mode, Mode::Global}) {
    for (const auto& keyword : first_keywords(of)) longest = std::max(longest, common_length(word, keyword));
  }
  // `s` of `show` begins a command of the configuration mode; `sh` of ours does not.
  return longest;
}

/// One letter wrong, missing, too many, or two swapped; the word itself is no slip.
bool is_close(std::string_view a, std::string_view b, std::size_t shortest = 4) {
  if (equal_ignoring_case(a, b)) return false;
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1 || b.size() < shortest) return false;
  const auto start = common_length(a, b);
  if (a.size() < b.size()) return equal_ignoring_case(a.substr(start), b.substr(start + 1));
  if (start == a.size()) return true;
  if (equal_ignoring_case(a.substr(start + 1), b.substr(start + 1))) return true;
  return start + 1 < a.size() && a[start] == b[start + 1] && a[start + 1] == b[start] &&
         equal_ignoring_case(a.substr(start + 2), b.substr(start + 2));
}

bool is_close_to_command(std::string_view word, Mode mode) {
  const auto& keywords = first_keywords(mode);
  return std::any_of(keywords.begin(), keywords.end(), [&](const std::string& keyword) { return is_close(word, keyword); });
}

bool is_address_like(std::string_view word) {
  return std::count(word.begin(), word.end(), '.') >= 2 &&
         word.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// `logging 0255.255.1`: commands that take an address and get no good one.
std::optional<std::uint32_t> find_bad_address(const LexedLine& line, std::size_t first) {
  constexpr std::array<std::string_view, 4> kTakeAddress = {"logging", "ntp", "radius-server", "tacacs-server"};
  const bool takes = is_beginning_of_one(kTakeAddress, line.words[first].text);
  for (auto i = first + 1; takes && i < line.words.size(); ++i) {
    if (is_address_like(line.words[i].text) && !IpAddress::try_parse(line.words[i].text)) return line.words[i].column;
  }
  return std::nullopt;
}

bool is_keyword_of(std::string_view word, Mode mode) {
  const auto& keywords = first_keywords(mode);
  return std::any_of(keywords.begin(), keywords.end(), [&](const std::string& keyword) { return equal_ignoring_case(keyword, word); });
}

/// `ip adress`: a command of ours whose second word is nearly one of its words.
std::optional<std::uint32_t> find_close_second(const LexedLine& line, std::size_t first, Mode mode) {
  if (line.words.size() < first + 2 || !is_keyword_of(line.words[first].text, mode)) return std::nullopt;
  const auto& second = line.words[first + 1];
  if (mode == Mode::Global && global_words(line, first) > 1) return std::nullopt;  // `ip dns`, which is near `ip ddns`
  for (const auto& item : expect_after(mode, lex_line(line.words[first].text), 0, false).words) {
    if (!item.is_keyword || !is_close(second.text, item.text)) continue;
    return second.column + static_cast<std::uint32_t>(common_length(second.text, item.text));
  }
  return std::nullopt;
}

/// `sh run`: abbreviations count where they are no beginning of a command here, and
/// those that everybody types also where they are.
bool is_exec_command(std::string_view word, Mode mode) {
  constexpr std::size_t kShortest = 2;
  constexpr std::array<std::string_view, 6> kTyped = {"sh", "sho", "wr", "wri", "writ", "cop"};
  const auto is_one_of = [&](const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view known) { return equal_ignoring_case(known, word); });
  };
  if (is_one_of(kExecWords) || is_one_of(kTyped)) return true;
  if (mode == Mode::Opaque || word.size() < kShortest || !is_beginning_of_one(kExecWords, word) || begins_global_command(word)) return false;
  const auto& keywords = first_keywords(mode);
  return std::none_of(keywords.begin(), keywords.end(), [&](const std::string& keyword) { return is_beginning_of(word, keyword); });
}

/// Modes whose lines act: what begins like a command there and goes on otherwise was meant
/// to act. IOS's other lines of such modes are few.
bool is_other_line(const LexedLine& line, std::size_t first) {
  constexpr std::array<std::string_view, 31> kOthers = {
      "set session-key", "set security-policy", "set nat", "set ip", "set aggressive-mode", "set isakmp", "set df-bit", "set tunnel", "set group",
      "set mode", "set mixed-mode", "set security-association esn", "mode * require", "match certificate", "match any", "evaluate", "standby bfd", "standby mac-refresh", "standby use-bia", "standby redirect",
      "qos", "responder-only", "dialer", "standby redirects", "standby follow", "standby * follow", "standby * mac-address", "standby arp", "standby * sso", "standby * bfd", "client"};
  return std::any_of(kOthers.begin(), kOthers.end(), [&](std::string_view phrase) {
    const auto words = split_words(phrase);
    if (line.words.size() < first + words.size()) return false;
    return std::equal(words.begin(), words.end(), line.words.begin() + static_cast<std::ptrdiff_t>(first), [](auto want, const LexedWord& word) {
      return want == "*" || (word.text.size() >= 3 && is_beginning_of(word.text, want));
    });
  });
}

bool acts_line_by_line(Mode mode) {
  switch (mode) {
    case Mode::AclStandard:
    case Mode::AclExtended:
    case Mode::AclIpv6:
    case Mode::CryptoMap:
    case Mode::DynamicMap:
    case Mode::TransformSet:
    case Mode::IsakmpPolicy:
    case Mode::CryptoIdentity:
    case Mode::CertificateMap:
    case Mode::Ikev2Proposal:
    case Mode::Ikev2Keyring:
    case Mode::Ikev2Peer:
    case Mode::IpsecProfile: return true;
    default: return false;
  }
}

bool is_crypto_entry(Mode mode) {
  return mode == Mode::CryptoMap || mode == Mode::DynamicMap || mode == Mode::TransformSet || mode == Mode::IsakmpPolicy || mode == Mode::IpsecProfile;
}

/// `no logging`, `aaa`: commands that are none without a word more.
bool is_never_alone(std::string_view word) {
  constexpr std::array<std::string_view, 30> kNeverAlone = {
      "aaa", "access-list", "alias", "banner", "boot", "class-map", "clock", "crypto", "enable", "event", "flow", "ip", "ipv6", "key", "logging",
      "ntp", "object-group", "policy-map", "radius", "radius-server", "route-map", "router", "service", "snmp", "spanning-tree", "tacacs",
      "tacacs-server", "track", "username", "vrf"};
  return std::find(kNeverAlone.begin(), kNeverAlone.end(), word) != kNeverAlone.end();
}

/// `vlan`, `ntp server`: carried commands that are none without a word more.
bool breaks_off(const LexedLine& line) {
  constexpr std::array<std::string_view, 19> kUnfinished = {
      "vlan", "line", "ntp server", "ntp peer", "ip nat", "ip nat inside", "ip nat inside source", "ip nat inside source list", "ip nat inside source static",
      "ip nat pool", "ip dhcp pool", "ip name-server", "logging host", "snmp-server community", "snmp-server host", "key chain", "radius server",
      "tacacs server", "ip domain name"};
  constexpr std::size_t kMostWords = 5;
  if (line.words.size() > kMostWords) return false;
  std::string said;
  for (const auto& word : line.words) said += said.empty() ? std::string(word.text) : fmt::format(" {}", word.text);
  return std::any_of(kUnfinished.begin(), kUnfinished.end(), [&](std::string_view phrase) { return equal_ignoring_case(phrase, said); });
}

/// `x`, `conf t lock`, `ip addres 10.0.0.1 255.0.0.0`, `logging bufferd 4096`: slips in the global mode.
std::optional<std::uint32_t> find_global_slip(const LexedLine& line, std::size_t first) {
  constexpr std::array<std::string_view, 14> kLogging = {"buffered", "console", "monitor", "trap", "synchronous", "facility", "source-interface",
                                                         "origin-id", "userinfo", "rate-limit", "history", "discriminator", "persistent", "host"};
  const auto count = line.words.size() - first;
  const auto word = line.words[first].text;
  if (count < 2) return std::nullopt;
  const auto& second = line.words[first + 1];
  const bool configures = word.size() >= 4 && is_beginning_of(word, "configure") && is_beginning_of(second.text, "terminal");
  if (configures && first == 0) return line.words[first].column;
  const bool is_address = equal_ignoring_case(word, "ip") && second.text.size() >= 3 && is_beginning_of(second.text, "address");
  if (is_address && count > 2 && IpAddress::try_parse(line.words[first + 2].text)) return second.column;
  const bool is_logging = equal_ignoring_case(word, "logging") && !is_beginning_of_one(kLogging, second.text);
  if (!is_logging) return std::nullopt;
  const auto meant = std::find_if(kLogging.begin(), kLogging.end(), [&](std::string_view keyword) { return is_close(second.text, keyword); });
  if (meant == kLogging.end()) return std::nullopt;
  return second.column + static_cast<std::uint32_t>(common_length(second.text, *meant));
}

/// Our own mode has no lines but those of our grammar.
Editor::Slip slip_of_own_mode(const LexedLine& line, std::size_t first, Mode mode) {
  const auto expected = expect_after(mode, line, first, first > 0);
  if (expected.fits && !expected.may_end) return {line.end_column(), true};
  const auto& word = line.words[first];
  const bool is_first = expected.fits || expected.misfit_word == first;
  return {is_first ? word.column + static_cast<std::uint32_t>(longest_beginning(word.text, mode)) : expected.caret, false};
}

/// Modes of which the table of IOS's words has the first ones.
bool has_known_words(Mode mode) {
  return mode == Mode::Interface || mode == Mode::VrfDefinition || mode == Mode::VrfFamily || mode == Mode::IpVrf || mode == Mode::Line ||
         mode == Mode::Ikev2Profile;
}

/// ` no`, ` ip`, ` exot`: wrong in whatever section.
std::optional<Editor::Slip> find_lone_slip(const LexedLine& line, std::size_t first, Mode mode) {
  const auto word = line.words[first].text;
  if (line.words.size() > first + 1) return std::nullopt;
  const bool is_prefix = word == "no" || word == "default" || word == "ip" || word == "ipv6";
  if (is_prefix || (mode != Mode::Opaque && is_never_alone(word))) return Editor::Slip{line.end_column(), true};
  constexpr std::size_t kSameStart = 2;
  if (first == 0 && is_close(word, "exit")) return Editor::Slip{line.words[0].column + kSameStart, false};
  return std::nullopt;
}

/// `set foo` in a crypto map, `10 permit` in a list, `standby 1 prioritty 3`, `crypto mpa`.
std::optional<Editor::Slip> find_broken(const LexedLine& line, std::size_t first, Mode mode) {
  if (first >= line.words.size()) return std::nullopt;
  const auto word = line.words[first].text;
  const bool is_standby = mode == Mode::Interface && is_beginning_of(word, "standby") && word.size() >= 3;
  const bool is_crypto = mode == Mode::Global && is_beginning_of(word, "crypto") && word.size() >= 3;
  // A keyword, and the line ends where it only begins: `ip`, `crypto`. (`netconf-yang` may stand alone on IOS.)
  const bool is_alone = line.words.size() == first + 1 && (word == "ip" || word == "ipv6" || is_crypto || acts_line_by_line(mode));
  const bool is_judged = acts_line_by_line(mode) || is_standby || is_crypto;
  if (!is_alone && !is_judged) return std::nullopt;
  const auto expected = expect_after(mode, line, first, first > 0);
  if (is_alone && expected.fits && !expected.may_end) return Editor::Slip{line.end_column(), true};
  if (!is_judged || is_other_line(line, first)) return std::nullopt;
  if (expected.fits) return expected.may_end ? std::nullopt : std::optional(Editor::Slip{line.end_column(), true});
  const bool is_list = mode == Mode::AclStandard || mode == Mode::AclExtended || mode == Mode::AclIpv6;
  if (is_crypto) {
    constexpr std::array<std::string_view, 8> kOtherCrypto = {"ctcp", "call", "mib", "wui", "xauth", "vpn", "eap", "entropy"};
    const bool is_second = expected.misfit_word == first + 1 && !is_beginning_of_one(kOtherCrypto, line.words[first + 1].text);
    return is_second ? std::optional(Editor::Slip{expected.caret, false}) : std::nullopt;
  }
  const bool is_first = expected.misfit_word == first;
  // The word itself is not ours: of IOS's others there are few, and they are listed.
  if (is_first && !is_list && !is_crypto_entry(mode)) return std::nullopt;
  if (is_first && !is_list && begins_global_command(word)) return std::nullopt;
  const bool is_number = std::isdigit(static_cast<unsigned char>(word.front())) != 0;
  if (is_first && !is_number) return Editor::Slip{line.words[first].column + static_cast<std::uint32_t>(longest_beginning(word, mode)), false};
  return Editor::Slip{expected.caret, false};
}

/// The keyword that the word `at` of the line may have been meant for; "" when none is near.
std::string nearest_keyword(const LexedLine& line, std::size_t at, std::size_t first, Mode mode) {
  const auto& word = line.words[at];
  const auto before = lex_line(line.text.substr(0, word.offset));
  const auto expected = expect_after(mode, before, first, false);
  constexpr std::size_t kShortest = 3;  // it is only a guess
  for (const auto& item : expected.words) {
    if (item.is_keyword && is_close(word.text, item.text, kShortest)) return item.text;
  }
  return {};
}

/// What is told of a slip in a carried line: the words up to it, and what it may have been.
Diagnostic told_slip(const Line& line, const LexedLine& lexed, const Editor::Slip& slip, Mode mode) {
  std::size_t at = 0;
  while (at + 1 < lexed.words.size() && lexed.words[at + 1].column <= slip.column) ++at;
  const auto& word = lexed.words[at];
  const bool is_cut = at + 1 < lexed.words.size();
  const auto shown = printable(lexed.text.substr(0, word.offset + word.text.size())) + (is_cut ? " ..." : "");
  Diagnostic told{Severity::Warning, {line.position.line, line.position.column + word.column - 1}, {}};
  if (slip.is_incomplete) {
    told.text = fmt::format("words are missing at the end of `{}`; it is kept and does nothing", shown);
    return told;
  }
  const auto meant = nearest_keyword(lexed, at, std::min(at, command_word(lexed)), mode);
  const auto guess = meant.empty() ? std::string() : fmt::format(" (did you mean `{}`?)", meant);
  told.text = fmt::format("`{}` is no command of IOS known here{}; it is kept and does nothing", shown, guess);
  return told;
}

void add_slips(const std::vector<Line>& lines, Mode mode, std::vector<Diagnostic>& found) {
  for (const auto& line : lines) {
    if (line.kind == LineKind::Command && line.row->row.opens) add_slips(line.children, *line.row->row.opens, found);
    if (line.kind != LineKind::Carried || line.opens_carried) continue;
    const auto& text = line.words[0].text;
    const auto lexed = lex_line(std::string_view(text).substr(0, text.find('\n')));
    if (lexed.blank()) continue;
    if (const auto slip = find_slip(lexed, mode)) found.push_back(told_slip(line, lexed, *slip, mode));
  }
}

bool is_known(std::string_view word, Mode mode) {
  const auto is_one_of = [&](const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view known) { return equal_ignoring_case(known, word); });
  };
  if (mode != Mode::Global) {
    if (is_one_of(kOtherModeWords)) return is_keyword_of(word, mode);
    if (has_known_words(mode) && !begins_any_command(word) && longest_beginning(word, mode) < word.size()) return false;
    return !is_close_to_command(word, mode) && !is_close_to_command(word, Mode::Global);
  }
  return begins_global_command(word) || longest_beginning(word, mode) == word.size();
}

}  // namespace

std::optional<Editor::Slip> find_slip(const LexedLine& line, Mode mode) {
  const bool negated = line.words.size() > 1 && command_word(line) > 0;
  const std::size_t first = negated ? 1 : 0;
  const auto& word = line.words[first];
  // In carried sections any word may stand, but who types `wr` there has saved nothing.
  if (is_exec_command(word.text, mode) && !negated) return Editor::Slip{word.column + static_cast<std::uint32_t>(longest_beginning(word.text, mode)), false};
  if (const auto lone = find_lone_slip(line, first, mode)) return lone;
  if (mode == Mode::Opaque) return std::nullopt;
  if (mode == Mode::Rri) return slip_of_own_mode(line, first, mode);
  if (mode == Mode::Global && !negated && breaks_off(line)) return Editor::Slip{line.end_column(), true};
  // One letter is the beginning of many commands.
  if (word.text.size() == 1 && std::isalpha(static_cast<unsigned char>(word.text.front())) != 0) return Editor::Slip{word.column, false};
  // `^Z` that was typed as two characters, a prompt that was pasted along: no command of IOS begins so.
  if (std::isalnum(static_cast<unsigned char>(word.text.front())) == 0) return Editor::Slip{word.column, false};
  if (const auto broken = find_broken(line, first, mode)) return broken;
  if (const auto slip = mode == Mode::Global ? find_global_slip(line, first) : std::nullopt) return Editor::Slip{*slip, false};
  const auto at = [](std::optional<std::uint32_t> column) { return column ? std::optional(Editor::Slip{*column, false}) : std::nullopt; };
  const bool known_above = mode != Mode::Global && is_known(word.text, Mode::Global);
  if (known_above || is_known(word.text, mode)) {
    const auto bad = find_bad_address(line, first);
    return at(bad ? bad : find_close_second(line, first, mode));
  }
  return Editor::Slip{word.column + static_cast<std::uint32_t>(longest_beginning(word.text, mode)), false};
}

std::vector<Diagnostic> find_slips(const Document& document) {
  std::vector<Diagnostic> found;
  add_slips(document.lines, Mode::Global, found);
  return found;
}

}  // namespace rri::shell
