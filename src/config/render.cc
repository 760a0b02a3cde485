// Canonical text of a Document: it only walks, order is the Document's own.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "config/config.h"
#include "config/grammar.h"
#include "config/ios_words.h"
#include "config/lexer.h"
#include "config/matcher.h"
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

class Renderer {
 public:
  std::string run(const Document& document) {
    render_lines(document.lines, 0);
    out_ += "end\n";
    return std::move(out_);
  }

 private:
  void put(std::size_t depth, std::string_view text) {
    const bool after_bang = out_.empty() || out_ == "!\n" || out_.ends_with("\n!\n");
    if (text == "!" && depth == 0 && after_bang) return;
    out_.append(depth, ' ');
    out_ += text;
    out_ += '\n';
  }

  void render_lines(const std::vector<Line>& lines, std::size_t depth) {
    const Line* section = nullptr;  // the last one that is still open when read again
    const CompiledRow* previous = nullptr;
    for (const auto& line : lines) {
      if (is_command(line)) {
        if (section != nullptr && is_taken_by_words(*section, line)) leave(*section, depth);
        if (depth == 0 && previous != nullptr && previous != line.row && section == nullptr) put(0, "!");
        previous = line.row;
        section = nullptr;
      } else if (section != nullptr && would_be_taken(*section, line)) {
        leave(*section, depth);
        section = nullptr;
      }
      render_line(line, depth);
      if (!is_section(line)) continue;
      if (is_family_of_vrf(line)) put(depth, "exit-address-family");
      put(depth, "!");
      section = is_family_of_vrf(line) ? nullptr : &line;
      if (is_command(line) && is_numbered_flat(line)) section = nullptr;
    }
    if (depth == 0 && section == nullptr) put(0, "!");
  }

  /// Whether a command behind a carried section without lines would be read as one of it: `interface` behind `router bgp 1`.
  static bool is_taken_by_words(const Line& section, const Line& line) {
    if (section.kind != LineKind::Carried || !section.children.empty()) return false;
    const auto text = line.text();
    const auto lexed = lex_line(text);
    const auto own = section_words(section.text(), lexed, 0);
    return own > 0 && own >= global_words(lexed, 0);
  }

  /// Whether a carried line behind `section` would be read as a line of it.
  static bool would_be_taken(const Line& section, const Line& line) {
    const std::string_view text = line.words[0].text;
    const auto lexed = lex_line(text.substr(0, text.find('\n')));
    const bool is_flat = section.children.empty();
    if (lexed.blank() || lexed.binary || lexed.too_long) return is_flat && line.kind == LineKind::Refused;  // no words to go by
    const bool negated = lexed.words[0].text == "no" || lexed.words[0].text == "default";
    const std::size_t first = negated ? 1 : 0;
    if (section.row != nullptr && section.row->row.opens) {
      const auto matched = match_line(*section.row->row.opens, lexed, first, negated);
      if (matched.fits() || matched.misfit) return true;
    }
    const auto global = global_words(lexed, first);
    const auto own = section_words(section.text(), lexed, first);
    if (own > 0 && own >= global && (is_flat || global == 0)) return true;
    if (is_flat && global == 0 && !match_line(Mode::Global, lexed, first, negated).fits()) return true;
    const auto* child = find_open_child(section);
    return child != nullptr && would_be_taken(*child, line);
  }

  /// The section inside `section` that reading its last lines leaves open.
  static const Line* find_open_child(const Line& section) {
    if (section.kind == LineKind::Carried) return nullptr;
    for (auto child = section.children.rbegin(); child != section.children.rend(); ++child) {
      const bool is_last = child == section.children.rbegin();
      if (is_family_of_vrf(*child)) return nullptr;
      if (is_section(*child) && (child->kind != LineKind::Carried || is_last)) return &*child;
      if (is_command(*child)) return nullptr;
    }
    return nullptr;
  }

  /// How many sections inside a carried one are still open behind its last line.
  static std::size_t count_open_inside(const Line& section) {
    std::vector<std::uint32_t> open;
    for (const auto& child : section.children) {
      const auto inner = inner_line(section.text(), lex_line(child.text()), 0);
      while (!open.empty() && open.back() >= child.depth) open.pop_back();
      if (inner && inner->kind == InnerLine::Kind::Opens) open.push_back(child.depth);
    }
    return open.size();
  }

  /// One `exit` for each section that reading would still be in.
  void leave(const Line& section, std::size_t depth) {
    if (const auto* child = find_open_child(section)) leave(*child, depth);
    if (section.kind == LineKind::Carried) {
      for (auto left = count_open_inside(section); left > 0; --left) put(depth, "exit");
    }
    put(depth, "exit");
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
      return is_access_list(line) ? render_entries(line, depth + 1) : render_lines(line.children, depth + 1);
    }
    for (const auto& child : line.children) {
      put(depth + std::max<std::size_t>(child.depth, 1), child.words[0].text);
    }
  }

  void render_command(const Line& line, std::size_t depth) {
    if (is_container(line)) {
      for (const auto& entry : line.children) put(depth, prefix_list_text(entry));
      return;
    }
    if (!is_access_list(line)) {
      put(depth, line.text());
      return render_lines(line.children, depth + 1);
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
};

}  // namespace

std::string render_document(const Document& document) { return Renderer().run(document); }

}  // namespace rri
