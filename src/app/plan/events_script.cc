#include "app/plan/events_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/plan/limits.h"
#include "base/text.h"
#include "model/route.h"

namespace rri::plan {
namespace {

/// One word of a line; quotes around a value are gone.
struct Word {
  std::string text;
  std::uint32_t column = 0;
};

/// Where in a line something is wrong, and what.
struct Fault {
  std::uint32_t column = 0;
  std::string text;
};

template <class T>
using Parsed = tl::expected<T, Fault>;

tl::unexpected<Fault> fault(const Word& word, std::string text) {
  return tl::make_unexpected(Fault{word.column, std::move(text)});
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Cuts a line at blanks. Double quotes keep blanks inside a word; `#` at the
/// start of a word begins a comment.
Parsed<std::vector<Word>> cut_words(std::string_view line) {
  std::vector<Word> words;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && is_blank(line[at])) ++at;
    if (at == line.size() || line[at] == '#') return words;
    Word word{{}, static_cast<std::uint32_t>(at + 1)};
    bool quoted = false;
    for (; at < line.size() && (quoted || !is_blank(line[at])); ++at) {
      if (line[at] == '"') {
        quoted = !quoted;
      } else {
        word.text.push_back(line[at]);
      }
    }
    if (quoted) return fault(word, "a quote is not closed");
    words.push_back(std::move(word));
  }
}

/// The words of one line behind its keyword, taken one after the other.
class WordReader {
 public:
  WordReader(const std::vector<Word>& words, std::size_t first) : words_(words), at_(first) {}

  [[nodiscard]] bool empty() const { return at_ == words_.size(); }
  const Word& take() { return words_[at_++]; }

  /// The next word; a fault at the end of the line when there is none.
  Parsed<Word> need(std::string_view what) {
    if (!empty()) return take();
    return tl::make_unexpected(Fault{end_column(), fmt::format("{} is missing", what)});
  }
  [[nodiscard]] std::optional<Fault> unexpected_rest() const {
    if (empty()) return std::nullopt;
    return Fault{words_[at_].column, fmt::format("unexpected \"{}\"", printable(words_[at_].text))};
  }
  [[nodiscard]] std::uint32_t end_column() const {
    const auto& last = words_.back();
    return last.column + static_cast<std::uint32_t>(last.text.size());
  }

 private:
  const std::vector<Word>& words_;
  std::size_t at_;
};

/// `key=value` words in any order, each key at most once.
class KeyValues {
 public:
  static Parsed<KeyValues> read(WordReader& words, const std::vector<std::string_view>& known) {
    KeyValues result;
    result.end_column_ = words.end_column();
    while (!words.empty()) {
      const auto& word = words.take();
      const auto equals = word.text.find('=');
      const auto key = word.text.substr(0, equals);
      const bool is_known = std::find(known.begin(), known.end(), key) != known.end();
      if (equals == std::string::npos || !is_known)
        return fault(word, fmt::format("unexpected \"{}\"", printable(word.text)));
      if (result.find(key) != nullptr) return fault(word, fmt::format("{}= stands here twice", key));
      const auto column = word.column + static_cast<std::uint32_t>(equals) + 1;
      result.values_.emplace_back(key, Word{word.text.substr(equals + 1), column});
    }
    return result;
  }

  [[nodiscard]] const Word* find(std::string_view key) const {
    const auto found =
        std::find_if(values_.begin(), values_.end(), [&](const auto& v) { return v.first == key; });
    return found == values_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] Parsed<Word> need(std::string_view key) const {
    if (const auto* word = find(key)) return *word;
    return tl::make_unexpected(Fault{end_column_, fmt::format("{}= is missing", key)});
  }

 private:
  std::vector<std::pair<std::string, Word>> values_;
  std::uint32_t end_column_ = 0;
};

template <class T>
Parsed<T> to_number(const Word& word, std::string_view what) {
  const auto number = parse_number<T>(word.text);
  if (!number) return fault(word, fmt::format("{} must be a number, not \"{}\"", what, printable(word.text)));
  return *number;
}

Parsed<SaId> to_id(const Parsed<Word>& word) {
  if (!word) return tl::make_unexpected(word.error());
  return to_number<std::uint64_t>(*word, "an SA id").map([](std::uint64_t number) { return SaId{number}; });
}

Parsed<IpAddress> to_address(const Parsed<Word>& word) {
  if (!word) return tl::make_unexpected(word.error());
  const auto address = IpAddress::try_parse(word->text);
  if (!address) return fault(*word, fmt::format("\"{}\" is no address", printable(word->text)));
  return *address;
}

/// Nobody has an SA with an address that is no single host's.
Parsed<IpAddress> to_peer(const Parsed<Word>& word) {
  auto peer = to_address(word);
  if (!peer) return peer;
  const bool is_broadcast = *peer == Prefix::all(Family::V4).last();
  if (peer->is_multicast() || peer->is_unspecified() || is_broadcast) {
    return fault(*word, fmt::format("{} cannot be a peer", peer->to_string()));
  }
  return peer;
}

Parsed<Prefix> to_prefix(const Parsed<Word>& word) {
  if (!word) return tl::make_unexpected(word.error());
  const auto prefix = Prefix::parse(word->text);
  if (!prefix) return fault(*word, fmt::format("\"{}\" is no prefix", printable(word->text)));
  return *prefix;
}

Parsed<std::vector<TrafficSelector>> to_selectors(const Word& word) {
  std::vector<TrafficSelector> selectors;
  std::uint32_t column = word.column;
  for (const auto piece : split(word.text, ',')) {
    const auto selector = TrafficSelector::parse(piece);
    if (!selector) {
      return tl::make_unexpected(
          Fault{column, fmt::format("\"{}\" is no traffic selector", printable(piece))});
    }
    selectors.push_back(*selector);
    column += static_cast<std::uint32_t>(piece.size()) + 1;
  }
  return selectors;
}

// ---- one event each ------------------------------------------------------

/// `map=` and `seq=` stand together or not at all.
std::optional<Fault> take_entry(const KeyValues& values, Sa& sa) {
  const auto* map = values.find("map");
  const auto* sequence = values.find("seq");
  if (map == nullptr && sequence == nullptr) return std::nullopt;
  if (map == nullptr) return Fault{sequence->column, "seq= needs map="};
  if (sequence == nullptr) return Fault{map->column, "map= needs seq="};
  if (map->text.empty()) return Fault{map->column, "map= needs a name"};
  const auto number = to_number<std::uint32_t>(*sequence, "seq=");
  if (!number) return number.error();
  sa.entry = EntryName{map->text, *number};
  return std::nullopt;
}

Parsed<Action> read_sa_up(WordReader& words) {
  const auto values =
      KeyValues::read(words, {"id", "peer", "remote", "local", "map", "seq", "identity", "if_id"});
  if (!values) return tl::make_unexpected(values.error());
  Sa sa;
  const auto id = to_id(values->need("id"));
  if (!id) return tl::make_unexpected(id.error());
  const auto peer = to_peer(values->need("peer"));
  if (!peer) return tl::make_unexpected(peer.error());
  const auto remote = values->need("remote").and_then(to_selectors);
  if (!remote) return tl::make_unexpected(remote.error());
  sa.id = *id;
  sa.peer = *peer;
  sa.remote = *remote;
  if (const auto* local = values->find("local")) {
    const auto selectors = to_selectors(*local);
    if (!selectors) return tl::make_unexpected(selectors.error());
    sa.local = *selectors;
  }
  if (const auto* if_id = values->find("if_id")) {
    const auto number = to_number<std::uint32_t>(*if_id, "if_id=");
    if (!number) return tl::make_unexpected(number.error());
    sa.if_id = *number;
  }
  if (const auto* identity = values->find("identity")) sa.identity = identity->text;
  if (const auto wrong = take_entry(*values, sa)) return tl::make_unexpected(*wrong);
  return SaUpStep{std::move(sa)};
}

Parsed<Action> read_sa_down(WordReader& words) {
  const auto values = KeyValues::read(words, {"id"});
  if (!values) return tl::make_unexpected(values.error());
  return to_id(values->need("id")).map([](SaId id) -> Action { return SaDownStep{id}; });
}

Parsed<Action> read_sa_rekey(WordReader& words) {
  const auto values = KeyValues::read(words, {"id", "new"});
  if (!values) return tl::make_unexpected(values.error());
  const auto id = to_id(values->need("id"));
  if (!id) return tl::make_unexpected(id.error());
  return to_id(values->need("new")).map([&](SaId new_id) -> Action { return SaRekeyStep{*id, new_id}; });
}

Parsed<Action> read_sa(WordReader& words) {
  const auto verb = words.need("up, down or rekey");
  if (!verb) return tl::make_unexpected(verb.error());
  if (verb->text == "up") return read_sa_up(words);
  if (verb->text == "down") return read_sa_down(words);
  if (verb->text == "rekey") return read_sa_rekey(words);
  return fault(*verb, fmt::format("\"sa {}\" is no event", printable(verb->text)));
}

Parsed<Action> read_source(WordReader& words) {
  const auto verb = words.need("lost or back");
  if (!verb) return tl::make_unexpected(verb.error());
  if (verb->text == "lost") return SourceLostStep{};
  if (verb->text == "back") return SourceBackStep{};
  return fault(*verb, fmt::format("\"source {}\" is no event", printable(verb->text)));
}

Parsed<Action> read_ha(WordReader& words) {
  const auto group = words.need("a group name");
  if (!group) return tl::make_unexpected(group.error());
  const auto state = words.need("active or standby");
  if (!state) return tl::make_unexpected(state.error());
  if (state->text == "active") return GroupStep{group->text, true};
  if (state->text == "standby") return GroupStep{group->text, false};
  return fault(*state, fmt::format("a group is active or standby, not \"{}\"", printable(state->text)));
}

/// An IOS interface may be written in two words: `link FastEthernet 0/0/1 down`.
Parsed<Action> read_link(WordReader& words) {
  const auto name = words.need("a device or interface");
  if (!name) return tl::make_unexpected(name.error());
  auto state = words.need("down or up");
  std::string full = name->text;
  if (state && !words.empty()) {
    full += state->text;
    state = words.need("down or up");
  }
  if (!state) return tl::make_unexpected(state.error());
  if (state->text == "up") return LinkStep{full, true};
  if (state->text == "down") return LinkStep{full, false};
  return fault(*state, fmt::format("a link goes down or up, not \"{}\"", printable(state->text)));
}

/// `[dev DEVICE] [vrf V]`, in any order.
std::optional<Fault> read_route_tail(WordReader& words, RouteStep& route) {
  while (!words.empty()) {
    const auto key = words.take();
    const bool is_device = key.text == "dev" && route.add && route.device.empty();
    const bool is_vrf = key.text == "vrf" && route.vrf.empty();
    if (!is_device && !is_vrf)
      return Fault{key.column, fmt::format("unexpected \"{}\"", printable(key.text))};
    const auto value = words.need(is_device ? "a device" : "a VRF");
    if (!value) return value.error();
    (is_device ? route.device : route.vrf) = value->text;
  }
  if (route.vrf.empty()) route.vrf = kDefaultVrf;
  return std::nullopt;
}

Parsed<Action> read_route(WordReader& words) {
  const auto verb = words.need("add or del");
  if (!verb) return tl::make_unexpected(verb.error());
  RouteStep route;
  route.add = verb->text == "add";
  if (!route.add && verb->text != "del")
    return fault(*verb, fmt::format("\"route {}\" is no event", printable(verb->text)));
  const auto prefix = to_prefix(words.need("a prefix"));
  if (!prefix) return tl::make_unexpected(prefix.error());
  route.prefix = *prefix;
  if (route.add) {
    const auto via = words.need("via");
    if (!via) return tl::make_unexpected(via.error());
    if (via->text != "via") return fault(*via, fmt::format("expected via, not \"{}\"", printable(via->text)));
    const auto word = words.need("a gateway");
    const auto gateway = to_address(word);
    if (!gateway) return tl::make_unexpected(gateway.error());
    if (gateway->family() != prefix->family())
      return fault(*word, "prefix and gateway are of different families");
    route.gateway = *gateway;
  }
  if (const auto wrong = read_route_tail(words, route)) return tl::make_unexpected(*wrong);
  return route;
}

Parsed<Action> read_tick(WordReader& words) {
  const auto word = words.need("a number of seconds");
  if (!word) return tl::make_unexpected(word.error());
  const auto seconds = to_number<std::int64_t>(*word, "SECONDS");
  if (!seconds) return tl::make_unexpected(seconds.error());
  if (*seconds < 0 || *seconds > kMaxTickSeconds) {
    return fault(*word, fmt::format("SECONDS is 0 to {}", kMaxTickSeconds));
  }
  return TickStep{Seconds{*seconds}};
}

Parsed<Action> read_event(const std::vector<Word>& words) {
  using Reader = Parsed<Action> (*)(WordReader&);
  static constexpr std::array<std::pair<std::string_view, Reader>, 6> kEvents = {{
      {"sa", read_sa},
      {"source", read_source},
      {"ha", read_ha},
      {"link", read_link},
      {"route", read_route},
      {"tick", read_tick},
  }};
  for (const auto& [name, read] : kEvents) {
    if (words[0].text != name) continue;
    WordReader rest(words, 1);
    auto action = read(rest);
    if (!action) return action;
    if (const auto wrong = rest.unexpected_rest()) return tl::make_unexpected(*wrong);
    return action;
  }
  return fault(words[0], fmt::format("\"{}\" is no event", printable(words[0].text)));
}

// ---- the file ------------------------------------------------------------

class ScriptParser {
 public:
  Script parse(std::string_view text) {
    while (!text.empty() && line_ < kMaxLines) {
      ++line_;
      const auto end = text.find('\n');
      add_line(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    if (!text.empty()) error(1, fmt::format("more than {} lines", kMaxLines));
    if (block_start_ != 0) script_.errors.push_back({{block_start_, 1}, "`config` without `end`"});
    return std::move(script_);
  }

 private:
  void add_line(std::string_view line) {
    if (line.size() > kMaxLineBytes) {
      error(1, fmt::format("the line is longer than {} bytes", kMaxLineBytes));
    } else if (block_start_ != 0) {
      add_config_line(line);
    } else {
      add_event_line(line);
    }
  }

  void add_config_line(std::string_view line) {
    const auto content = trim(line);
    if (content.empty() || content.front() == '#') return;
    if (content == "end") {
      block_start_ = 0;
      return;
    }
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    step(1, ConfigLineStep{std::string(line), first_of_block_});
    first_of_block_ = false;
  }

  void add_event_line(std::string_view line) {
    const auto words = cut_words(line);
    if (!words) return error(words.error().column, words.error().text);
    if (words->empty()) return;
    if (words->front().text == "config" && words->size() == 1) {
      block_start_ = line_;
      first_of_block_ = true;
      list_is_open_ = false;
      return;
    }
    auto action = read_event(*words);
    if (!action) return error(action.error().column, action.error().text);
    if (auto* up = std::get_if<SaUpStep>(&*action); up != nullptr && list_is_open_) {
      std::get<SourceBackStep>(script_.steps.back().action).sas.push_back(std::move(up->sa));
      return;
    }
    list_is_open_ = std::holds_alternative<SourceBackStep>(*action);
    step(words->front().column, std::move(*action));
  }

  void step(std::uint32_t column, Action action) {
    script_.steps.push_back({{line_, column}, std::move(action)});
  }

  void error(std::uint32_t column, std::string text) {
    script_.errors.push_back({{line_, column}, std::move(text)});
  }

  Script script_;
  std::uint32_t line_ = 0;
  std::uint32_t block_start_ = 0;  // line of the open `config`, 0: none
  bool first_of_block_ = false;
  bool list_is_open_ = false;  // the last step is a `source back` that takes `sa up` lines
};

}  // namespace

Script parse_script(std::string_view text) { return ScriptParser().parse(text); }

std::string render_error(const ScriptError& error, std::string_view file) {
  return fmt::format("{}:{}:{}: error: {}", file, error.position.line, error.position.column, error.text);
}

}  // namespace rri::plan
