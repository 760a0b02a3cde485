// Canonical text of a Document: it only walks, order is the Document's own.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "config/config.h"
#include "config/document_text.h"
#include "config/grammar.h"
#include "config/siblings.h"

namespace rri {
namespace {

constexpr std::uint32_t kDefaultStep = 10;

bool is_section(const Line& line) {
  const bool opens = line.row != nullptr && line.row->row.opens.has_value();
  return opens || line.opens_carried || !line.children.empty();
}

/// IOS leaves numbers out while they are the ones it would give itself.
bool has_default_sequences(const Line& list) {
  std::uint32_t expected = 0;
  return std::all_of(list.children.begin(), list.children.end(), [&](const Line& entry) {
    if (!is_command(entry)) return true;
    const bool is_right = entry.sequence == expected + kDefaultStep;
    if (!entry.has_keyword("remark")) expected += kDefaultStep;
    return is_right;
  });
}

/// IOS writes a `!` before such a section, and its end.
bool is_family_of_vrf(const Line& line) { return line.row != nullptr && line.row->row.opens == Mode::VrfFamily; }

bool is_numbered_list(const Line& line) {
  const auto name = line.value("name");
  return !name.empty() && name.front() >= '0' && name.front() <= '9';
}

/// As much of the section as tells what reading its lines leaves open.
Line trimmed(const Line& section) {
  Line kept;
  kept.kind = section.kind;
  kept.row = section.row;
  kept.words = section.words;
  kept.opens_carried = section.opens_carried;
  const auto& children = section.children;
  auto i = children.size();
  if (section.kind != LineKind::Carried) {
    while (i > 0 && !is_command(children[i - 1]) && !is_section(children[i - 1])) --i;
    for (auto at = i > 0 ? i - 1 : 0; at < children.size(); ++at) kept.children.push_back(is_section(children[at]) ? trimmed(children[at]) : children[at]);
    return kept;
  }
  for (auto depth = UINT32_MAX; i > 0; --i) {  // the last line, and what it stands in
    if (children[i - 1].depth >= depth) continue;
    depth = children[i - 1].depth;
    kept.children.insert(kept.children.begin(), children[i - 1]);
  }
  return kept;
}

/// Whether nothing of the section but itself is open behind its last line.
bool is_plain(const Line& section) {
  return is_command(section) && std::none_of(section.children.begin(), section.children.end(), is_section);
}

}  // namespace

/// Walks with a cursor for each section that it is in: it can rest behind any line.
class DocumentText::Renderer {
 public:
  void begin(const Document& document) { push({Cursor::Kind::Lines, &document.lines, 0, 0}); }

  /// Prints the next line, or the end of a section; false: there was none.
  bool step() {
    if (stack_.empty()) return false;
    if (std::exchange(stack_.back().is_inside, false)) close_line(stack_.back());
    auto& at = stack_.back();
    if (at.next == at.lines->size()) {
      close(at);
      return true;
    }
    const auto& line = (*at.lines)[at.next++];
    at.is_inside = true;
    switch (at.kind) {
      case Cursor::Kind::Lines: put_line(at, line); break;
      case Cursor::Kind::Entries: put_entry(at, line); break;
      case Cursor::Kind::Carried: put(at.depth + std::max<std::size_t>(line.depth, 1), line.words[0].text); break;
      case Cursor::Kind::PrefixList: put(at.depth, prefix_list_text(line)); break;
      case Cursor::Kind::NumberedList: put(at.depth, fmt::format("access-list {} {}", owner(stack_.size() - 1)->value("name"), line.text())); break;
    }
    return true;
  }

  /// Finds the places again after a rest, in which lines may have moved in memory; false: they are gone.
  bool find_again(const Document& document) {
    parents_.clear();
    for (std::size_t i = 0; i < stack_.size(); ++i) {
      auto& at = stack_[i];
      const auto* line = i == 0 ? nullptr : owner(i);
      if (line != nullptr && at.is_section) parents_.push_back(line);
      at.lines = line == nullptr ? &document.lines : &line->children;
      const bool is_there = at.next <= at.lines->size() && (i + 1 == stack_.size() || at.next > 0);
      if (!is_there) return false;
      if (at.open.section != nullptr) at.open.section = &(*at.lines)[at.open.index];
    }
    return true;
  }

  std::string take() { return std::move(out_); }

 private:
  /// A document of the last section alone, to try how what comes behind it is read.
  struct Trial {
    Document document;
    Editor editor{document};

    void read(std::string_view text) {
      while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        editor.apply(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
      }
    }
    [[nodiscard]] const std::vector<Line>& siblings(std::size_t depth) const {
      const auto* lines = &document.lines;
      while (depth-- > 0 && !lines->empty()) lines = &lines->front().children;
      return *lines;
    }
  };
  /// The last section of its siblings, while reading may still be in it.
  struct Open {
    const Line* section = nullptr;
    std::string behind;  // what was printed behind it since
    std::unique_ptr<Trial> trial;
    std::size_t lines = 0;  // that were printed behind it
    std::size_t index = 0;  // of the section among its siblings
  };
  /// Lines of one section, and how far they are printed.
  struct Cursor {
    enum class Kind : std::uint8_t { Lines, Entries, Carried, PrefixList, NumberedList };
    Kind kind = Kind::Lines;
    const std::vector<Line>* lines = nullptr;
    std::size_t depth = 0;
    std::size_t next = 0;
    bool is_section = false;   // its opener is in parents_
    bool is_inside = false;    // the lines below the last line were printed next
    bool is_default = false;   // Entries: their numbers are left out
    bool is_ipv6 = false;      // Entries
    bool is_in_section = false;
    const CompiledRow* previous = nullptr;
    Open open;
  };

  void push(Cursor cursor) { stack_.push_back(std::move(cursor)); }

  /// The line that the lines of stack_[i] stand below.
  [[nodiscard]] const Line* owner(std::size_t i) const {
    if (i == 0) return alone_;
    const auto& around = stack_[i - 1];
    return &(*around.lines)[around.next - 1];
  }

  /// The line alone; of a list that is printed by its entries, with one of them.
  static Line opener_of(const Line& line) {
    Line opener;
    opener.kind = line.kind;
    opener.row = line.row;
    opener.words = line.words;
    const bool is_by_entries = is_command(line) && (is_container(line) || is_numbered_flat(line));
    if (is_by_entries) opener.children.push_back(line.children.front());
    return opener;
  }

  void put(std::size_t depth, std::string_view text) {
    const bool after_bang = out_.empty() || out_ == "!\n" || out_.ends_with("\n!\n");
    if (text == "!" && depth == 0 && after_bang) return;
    out_.append(depth, ' ');
    out_ += text;
    out_ += '\n';
  }

  void put_line(Cursor& at, const Line& line) {
    if (is_command(line)) {
      if (at.depth == 0 && at.previous != nullptr && at.previous != line.row && !at.is_in_section) put(0, "!");
      at.previous = line.row;
    }
    leave(at.open, line, at.depth);
    if (is_command(line)) at.is_in_section = false;
    if (is_family_of_vrf(line)) put(at.depth, "!");
    begin_line(line, at.depth);
  }

  /// Behind the last line and all below it.
  void close_line(Cursor& at) {
    if (at.kind != Cursor::Kind::Lines) return;
    const auto index = at.next - 1;
    const auto& line = (*at.lines)[index];
    const bool may_open = line.kind == LineKind::Carried && line.words[0].text.starts_with("aaa accounting ");
    if (!is_section(line)) {
      if (may_open) at.open = {&line, {}, nullptr, 0, index};
      return;
    }
    put(at.depth, is_family_of_vrf(line) ? "exit-address-family" : "!");
    at.is_in_section = !is_family_of_vrf(line) && !is_container(line) && !(is_command(line) && is_numbered_flat(line));
    at.open = {at.is_in_section ? &line : nullptr, {}, nullptr, 0, index};
  }

  /// Behind the last line of a section.
  void close(const Cursor& at) {
    if (stack_.size() == 1 && alone_ == nullptr) {
      if (!at.is_in_section) put(0, "!");
      out_ += "end\n";
    }
    if (at.is_section) parents_.pop_back();
    stack_.pop_back();
  }

  /// Prints one `exit` for each section that `next` would be read into and is no line of.
  void leave(Open& open, const Line& next, std::size_t depth) {
    if (open.section == nullptr) return;
    const bool is_alike = is_command(next) && next.row == open.section->row && is_plain(*open.section);
    const auto text = is_alike ? std::string() : text_of(opener_of(next), depth);
    constexpr std::size_t kMostExits = 8;
    std::size_t exits = 0;
    while (!is_alike && exits <= kMostExits && !lands(open, exits, next, depth, text)) ++exits;
    if (exits > 0 || is_command(next)) open = {};
    open.behind += text;
    // How a line is read depends on the section and on the line before it: thousands may follow.
    constexpr std::size_t kMostLines = 32;
    if (open.section != nullptr && ++open.lines % kMostLines == 0 && next.depth == 0) {
      open.behind = text;
      open.trial.reset();
    }
    if (exits > kMostExits) return;
    for (; exits > 0; --exits) put(depth, "exit");
  }

  /// Whether `next` is read as a sibling of the open section when so many `exit` stand between.
  bool lands(Open& open, std::size_t exits, const Line& next, std::size_t depth, const std::string& text) const {
    if (!open.trial || exits > 0) {
      open.trial = std::make_unique<Trial>();
      for (std::size_t i = 0; i < parents_.size(); ++i) open.trial->read(std::string(i, ' ') + parents_[i]->text() + "\n");
      open.trial->read(text_of(trimmed(*open.section), depth) + open.behind);
    }
    auto& trial = *open.trial;
    const auto count = trial.siblings(depth).size();
    const auto before = sections_of(trial.siblings(depth));
    for (auto left = exits; left > 0; --left) trial.read(std::string(depth, ' ') + "exit\n");
    trial.read(text);
    const auto& after = trial.siblings(depth);
    const auto is_next = [&](const Line& line) { return line.kind == next.kind && line.row == next.row && line.words == next.words; };
    const auto found = std::find_if(after.rbegin(), after.rend(), is_next);
    if (after.size() != count + 1 || found == after.rend()) return false;
    const auto is_there = [&](const Line& section) { return std::find(after.begin(), after.end(), section) != after.end(); };
    return std::all_of(before.begin(), before.end(), is_there);
  }

  /// What a line could have landed in.
  static std::vector<Line> sections_of(const std::vector<Line>& lines) {
    std::vector<Line> sections;
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(sections), is_section);
    return sections;
  }

  [[nodiscard]] std::string text_of(const Line& line, std::size_t depth) const {
    Renderer one;
    one.parents_ = parents_;
    one.alone_ = &line;
    one.begin_line(line, depth);
    while (one.step()) {
    }
    return std::move(one.out_);
  }

  static bool is_numbered_flat(const Line& line) {
    return is_access_list(line, true) && is_numbered_list(line) && !line.children.empty() &&
           has_default_sequences(line) && std::all_of(line.children.begin(), line.children.end(), is_command);
  }

  /// Prints the line; what stands below it comes next.
  void begin_line(const Line& line, std::size_t depth) {
    switch (line.kind) {
      case LineKind::Carried:
      case LineKind::Refused: put(depth, line.words[0].text); break;
      case LineKind::Negated: put(depth, "no " + line.text()); break;
      case LineKind::Command: return begin_command(line, depth);
    }
    if (line.kind == LineKind::Carried) return push({Cursor::Kind::Carried, &line.children, depth, 0});
    // Refused: its lines are kept as those of the section it almost was.
    const auto opens = line.row != nullptr ? line.row->row.opens : std::nullopt;
    const bool is_list = opens == Mode::AclExtended || opens == Mode::AclIpv6;
    is_list ? begin_entries(line, depth + 1) : begin_section(line, depth + 1);
  }

  void begin_section(const Line& section, std::size_t depth) {
    parents_.push_back(&section);
    push({Cursor::Kind::Lines, &section.children, depth, 0, true});
  }

  void begin_command(const Line& line, std::size_t depth) {
    if (is_container(line)) return push({Cursor::Kind::PrefixList, &line.children, depth, 0});
    const bool is_list = is_access_list(line);
    if (is_list && is_numbered_flat(line)) return push({Cursor::Kind::NumberedList, &line.children, depth, 0});
    put(depth, line.text());
    is_list ? begin_entries(line, depth + 1) : begin_section(line, depth + 1);
  }

  void begin_entries(const Line& list, std::size_t depth) {
    push({Cursor::Kind::Entries, &list.children, depth, 0, false, false, has_default_sequences(list), list.row->row.opens == Mode::AclIpv6});
  }

  void put_entry(const Cursor& at, const Line& entry) {
    if (!is_command(entry)) return begin_line(entry, at.depth);
    if (at.is_ipv6) return put(at.depth, fmt::format("sequence {} {}", entry.sequence, entry.text()));
    put(at.depth, at.is_default ? entry.text() : fmt::format("{} {}", entry.sequence, entry.text()));
  }

  /// `ip prefix-list NAME seq N ...`, as IOS prints it.
  static std::string prefix_list_text(const Line& line) {
    std::string text;
    for (const auto& word : line.words) {
      if (!text.empty()) text += ' ';
      text += word.text;
      if (word.slot == "list") text += fmt::format(" seq {}", line.sequence);
    }
    return text;
  }

  std::string out_;
  std::vector<Cursor> stack_;
  std::vector<const Line*> parents_;  // the sections around what is printed
  const Line* alone_ = nullptr;       // what is printed, when it is no document
};

DocumentText::DocumentText() : renderer_(std::make_unique<Renderer>()) {}
DocumentText::DocumentText(DocumentText&&) noexcept = default;
DocumentText& DocumentText::operator=(DocumentText&&) noexcept = default;
DocumentText::~DocumentText() = default;

bool DocumentText::add(const Document& document, std::size_t lines) {
  if (!std::exchange(has_begun_, true)) renderer_->begin(document);
  if (!renderer_->find_again(document)) {
    *this = DocumentText();
    return true;
  }
  for (; lines > 0; --lines) {
    if (!renderer_->step()) return false;
  }
  return true;
}

std::string DocumentText::take() { return renderer_->take(); }

std::string render_document(const Document& document) {
  DocumentText text;
  while (text.add(document, SIZE_MAX)) {
  }
  return text.take();
}

}  // namespace rri
