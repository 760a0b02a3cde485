// Canonical text of a Document: it only walks, order is the Document's own.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "config/config.h"
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

/// IOS writes the end of such a section.
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

class Renderer {
 public:
  std::string run(const Document& document) {
    render_lines(document.lines, 0);
    out_ += "end\n";
    return std::move(out_);
  }

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
  };

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

  void render_lines(const std::vector<Line>& lines, std::size_t depth) {
    Open open;
    const CompiledRow* previous = nullptr;
    bool is_in_section = false;
    for (const auto& line : lines) {
      if (is_command(line)) {
        if (depth == 0 && previous != nullptr && previous != line.row && !is_in_section) put(0, "!");
        previous = line.row;
      }
      leave(open, line, depth);
      if (is_command(line)) is_in_section = false;
      render_line(line, depth);
      const bool may_open = line.kind == LineKind::Carried && line.words[0].text.starts_with("aaa accounting ");
      if (!is_section(line)) {
        if (may_open) open = {&line, {}, nullptr, 0};
        continue;
      }
      if (is_family_of_vrf(line)) put(depth, "exit-address-family");
      put(depth, "!");
      is_in_section = !is_family_of_vrf(line) && !is_container(line) && !(is_command(line) && is_numbered_flat(line));
      open = {is_in_section ? &line : nullptr, {}, nullptr, 0};
    }
    if (depth == 0 && !is_in_section) put(0, "!");
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
    one.render_line(line, depth);
    return std::move(one.out_);
  }

  static bool is_numbered_flat(const Line& line) {
    return is_access_list(line, true) && is_numbered_list(line) && !line.children.empty() &&
           has_default_sequences(line) && std::all_of(line.children.begin(), line.children.end(), is_command);
  }

  void render_line(const Line& line, std::size_t depth) {
    switch (line.kind) {
      case LineKind::Carried:
      case LineKind::Refused: put(depth, line.words[0].text); break;
      case LineKind::Negated: put(depth, "no " + line.text()); break;
      case LineKind::Command: return render_command(line, depth);
    }
    if (line.kind != LineKind::Carried) {  // refused: its lines are kept as those of the section it almost was
      const auto opens = line.row != nullptr ? line.row->row.opens : std::nullopt;
      const bool is_list = opens == Mode::AclExtended || opens == Mode::AclIpv6;
      return is_list ? render_entries(line, depth + 1) : render_section(line, depth + 1);
    }
    for (const auto& child : line.children) {
      put(depth + std::max<std::size_t>(child.depth, 1), child.words[0].text);
    }
  }

  void render_section(const Line& section, std::size_t depth) {
    parents_.push_back(&section);
    render_lines(section.children, depth);
    parents_.pop_back();
  }

  void render_command(const Line& line, std::size_t depth) {
    if (is_container(line)) {
      for (const auto& entry : line.children) put(depth, prefix_list_text(entry));
      return;
    }
    if (!is_access_list(line)) {
      put(depth, line.text());
      return render_section(line, depth + 1);
    }
    if (!is_numbered_flat(line)) {
      put(depth, line.text());
      return render_entries(line, depth + 1);
    }
    for (const auto& entry : line.children) {
      put(depth, fmt::format("access-list {} {}", line.value("name"), entry.text()));
    }
  }

  void render_entries(const Line& list, std::size_t depth) {
    const bool default_sequences = has_default_sequences(list);
    for (const auto& entry : list.children) {
      if (!is_command(entry)) {
        render_line(entry, depth);
      } else if (list.row->row.opens == Mode::AclIpv6) {
        put(depth, fmt::format("sequence {} {}", entry.sequence, entry.text()));
      } else {
        put(depth, default_sequences ? entry.text() : fmt::format("{} {}", entry.sequence, entry.text()));
      }
    }
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
  std::vector<const Line*> parents_;  // the sections around what is printed
};

}  // namespace

std::string render_document(const Document& document) { return Renderer().run(document); }

}  // namespace rri
