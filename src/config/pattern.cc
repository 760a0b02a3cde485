#include "config/pattern.h"

#include <algorithm>
#include <memory>
#include <string>

#include "base/assert.h"
#include "base/text.h"

namespace rri {
namespace {

/// A pattern as written, before it becomes nodes.
struct Part {
  enum class Kind : std::uint8_t { Sequence, Choice, AnyOrder, Repeat, Keyword, Argument, Commit, NoEnd };
  Kind kind = Kind::Sequence;
  bool optional = false;  // Choice
  std::string_view text;
  std::string_view slot;
  ArgumentType argument;
  std::vector<Part> parts;
};

/// The pattern with every $fragment put in its place, nested ones too.
std::string expand_fragments(std::string_view pattern) {
  std::string out;
  while (!pattern.empty()) {
    const auto dollar = pattern.find('$');
    out += pattern.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    pattern.remove_prefix(dollar + 1);
    const auto end = std::min(pattern.find_first_of(" }])|"), pattern.size());
    out += expand_fragments(pattern_fragment(pattern.substr(0, end)));
    pattern.remove_prefix(end);
  }
  return out;
}

/// Recursive descent over the pattern text; all views point into it.
class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : text_(text) {}

  Part read_all() {
    Part part = read_sequence();
    RRI_ASSERT(at_ == text_.size());
    return part;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool at_closer() const {
    return at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']' || text_[at_] == ')' || text_[at_] == '|';
  }

  Part read_sequence() {
    Part sequence;
    for (skip_blanks(); !at_closer(); skip_blanks()) {
      Part item = read_item();
      if (text_.substr(at_, 3) == "...") {
        at_ += 3;
        Part repeat;
        repeat.kind = Part::Kind::Repeat;
        repeat.parts.push_back(std::move(item));
        item = std::move(repeat);
      }
      sequence.parts.push_back(std::move(item));
    }
    return sequence;
  }

  Part read_choice(Part::Kind kind, bool optional, char closer) {
    Part choice;
    choice.kind = kind;
    choice.optional = optional;
    do {
      ++at_;  // the opener, or '|'
      choice.parts.push_back(read_sequence());
    } while (at_ < text_.size() && text_[at_] == '|');
    RRI_ASSERT(at_ < text_.size() && text_[at_] == closer);
    ++at_;
    return choice;
  }

  Part read_item() {
    switch (text_[at_]) {
      case '{': return read_choice(Part::Kind::Choice, false, '}');
      case '[': return read_choice(Part::Kind::Choice, true, ']');
      case '*': ++at_; return read_choice(Part::Kind::AnyOrder, true, ')');
      case '!': ++at_; return marker(Part::Kind::Commit);
      case '^': ++at_; return marker(Part::Kind::NoEnd);
      case '<': return read_argument();
      default: return read_keyword();
    }
  }

  static Part marker(Part::Kind kind) {
    Part part;
    part.kind = kind;
    return part;
  }

  std::string_view read_token() {
    const auto start = at_;
    while (!at_closer() && text_[at_] != ' ' && text_[at_] != '=' && text_.substr(at_, 3) != "...") ++at_;
    RRI_ASSERT(at_ > start);
    return text_.substr(start, at_ - start);
  }

  Part read_keyword() {
    Part part;
    part.kind = Part::Kind::Keyword;
    part.text = read_token();
    if (at_ < text_.size() && text_[at_] == '=') {
      ++at_;
      part.slot = part.text;
      part.text = read_token();
    }
    return part;
  }

  Part read_argument() {
    const auto close = text_.find('>', at_);
    RRI_ASSERT(close != std::string_view::npos);
    const auto inside = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    const auto colon = inside.find(':');
    RRI_ASSERT(colon != std::string_view::npos);
    Part part;
    part.kind = Part::Kind::Argument;
    part.slot = inside.substr(0, colon);
    part.argument = argument_type(inside.substr(colon + 1));
    return part;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Turns parts into nodes from the end to the beginning, so that each part knows
/// where to go on.
class NodeBuilder {
 public:
  std::uint16_t add(PatternNode node) {
    nodes_.push_back(std::move(node));
    return static_cast<std::uint16_t>(nodes_.size() - 1);
  }

  std::uint16_t build(const Part& part, std::uint16_t next) {
    switch (part.kind) {
      case Part::Kind::Sequence: {
        for (auto it = part.parts.rbegin(); it != part.parts.rend(); ++it) next = build(*it, next);
        return next;
      }
      case Part::Kind::Choice: return build_choice(part, next);
      case Part::Kind::AnyOrder: return build_any_order(part, next);
      case Part::Kind::Repeat: {
        const auto again = add({PatternNode::Kind::Split, {}, {}, {}, 0, {next}});
        const auto item = build(part.parts.front(), again);
        nodes_[again].next.push_back(item);
        return item;
      }
      case Part::Kind::Keyword: return add({PatternNode::Kind::Keyword, part.text, part.slot, {}, 0, {next}});
      case Part::Kind::Argument:
        return add({PatternNode::Kind::Argument, {}, part.slot, part.argument, 0, {next}});
      case Part::Kind::Commit: return add({PatternNode::Kind::Commit, {}, {}, {}, 0, {next}});
      case Part::Kind::NoEnd: return add({PatternNode::Kind::NoEnd, {}, {}, {}, 0, {next}});
    }
    return next;
  }

  std::vector<PatternNode> take() { return std::move(nodes_); }

 private:
  std::uint16_t build_choice(const Part& part, std::uint16_t next) {
    PatternNode split{PatternNode::Kind::Split, {}, {}, {}, 0, {}};
    for (const auto& option : part.parts) split.next.push_back(build(option, next));
    if (part.optional) split.next.push_back(next);
    return add(std::move(split));
  }

  std::uint16_t build_any_order(const Part& part, std::uint16_t next) {
    const auto loop = add({PatternNode::Kind::Split, {}, {}, {}, 0, {}});
    for (const auto& option : part.parts) {
      RRI_ASSERT(once_bits_ < 64);
      const auto entry = build(option, loop);
      const auto once = add({PatternNode::Kind::Once, {}, {}, {}, std::uint64_t{1} << once_bits_++, {entry}});
      nodes_[loop].next.push_back(once);
    }
    nodes_[loop].next.push_back(next);
    return loop;
  }

  std::vector<PatternNode> nodes_;
  int once_bits_ = 0;
};

bool contains_kind(const Part& part, Part::Kind kind) {
  if (part.kind == kind) return true;
  for (const auto& inner : part.parts) {
    if (contains_kind(inner, kind)) return true;
  }
  return false;
}

bool contains_slot(const Part& part, std::string_view slot) {
  if (!part.slot.empty() && part.slot == slot) return true;
  for (const auto& inner : part.parts) {
    if (contains_slot(inner, slot)) return true;
  }
  return false;
}

Part make_marker(Part::Kind kind) {
  Part part;
  part.kind = kind;
  return part;
}

/// Puts in the markers that the pattern leaves to the default.
void add_default_markers(Part& root, const CompiledRow& compiled) {
  const auto& keys = compiled.keys;
  auto& parts = root.parts;
  std::size_t keywords = 0;
  while (keywords < parts.size() && parts[keywords].kind == Part::Kind::Keyword) ++keywords;
  if (!contains_kind(root, Part::Kind::NoEnd)) {
    std::size_t end = compiled.row.identity == Identity::List ? parts.size() : keywords;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (const auto key : keys) {
        if (contains_slot(parts[i], key)) end = std::max(end, i + 1);
      }
    }
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(end), make_marker(Part::Kind::NoEnd));
  }
  if (!contains_kind(root, Part::Kind::Commit)) {
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(keywords), make_marker(Part::Kind::Commit));
  }
}

}  // namespace

CompiledRow compile_row(const Row& row, std::uint32_t position) {
  CompiledRow compiled;
  compiled.row = row;
  compiled.position = position;
  for (const auto key : split_words(row.key)) compiled.keys.push_back(key);
  compiled.pattern = std::make_shared<const std::string>(expand_fragments(row.pattern));
  Part root = PatternReader(*compiled.pattern).read_all();
  add_default_markers(root, compiled);
  NodeBuilder builder;
  const auto accept = builder.add({PatternNode::Kind::Accept, {}, {}, {}, 0, {}});
  compiled.start = builder.build(root, accept);
  compiled.nodes = builder.take();
  return compiled;
}

}  // namespace rri
