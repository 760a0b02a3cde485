// config/editor.h -- applies configuration lines to a Document, one by one.
//
// The one way text gets into a Document: parse_document() feeds it a file, the
// shell what is typed, `rri plan` its `config` blocks. It is a mode stack and
// the rules of SPEC.md 2.1: modes are found by command, a line goes to the
// innermost mode that takes it whole, a line that only partly fits is an error,
// all else is carried in place.
//
// Indentation never decides where a line that fits belongs, with one exception:
// a section that is itself carried (`router bgp 1`) keeps every line that stands
// deeper than its opener (docs/decisions/0008-carried-sections.md). Else it only
// tells which section an unknown line is shown in.
#pragma once

#include <cstdint>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "config/address_index.h"
#include "config/diagnostic.h"
#include "config/document.h"
#include "config/lexer.h"
#include "config/mode.h"

namespace rri {

/// What became of one line.
struct LineResult {
  enum class Outcome : std::uint8_t {
    Nothing,  // blank, comment, or a command of the exec mode (`enable`, `conf t`, `write memory`)
    Applied,  // a mode took the whole line
    Carried,  // no mode knows it; kept in place
    Refused,  // located error, see diagnostics
    End,      // `end`: configuration mode is left
    Exit,     // `exit` left the current mode; at top level: configuration mode
  };
  Outcome outcome = Outcome::Nothing;
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> notes;  // lines that IOS prints, "% NOTE: ..."
  std::uint32_t caret_column = 0;  // Refused: the first character that fits nothing (1-based)
  bool mode_changed = false;
  /// Why a line was refused, as far as IOS has a message of its own for it.
  enum class Refusal : std::uint8_t { Other, Invalid, Incomplete, Ambiguous };
  Refusal refusal = Refusal::Other;
};

class Editor {
 public:
  /// What is wrong with a line that no mode knows.
  struct Slip {
    std::uint32_t column = 0;  // of the caret
    bool is_incomplete = false;
  };
  struct Options {
    /// Refused lines stay in the Document as text, so that a file loses nothing.
    /// The shell turns this off: there a refused line is simply not entered.
    bool keep_refused = true;
    /// A person types: what IOS refuses or warns of is refused or warned of, though a
    /// file may say it. Such words are in LineResult::notes.
    bool is_typed = false;
    /// Gives the type and the hash to store for `enable secret [0] WORD`, as
    /// "5 $1$..."; without it "5 *" is stored, which no password matches.
    std::function<std::string(std::string_view clear)> hash_secret;
    /// Asked about each line that no mode knows: whether it is better refused than
    /// carried (the shell does so with slips of the finger).
    std::function<std::optional<Slip>(const LexedLine& line, Mode mode)> refuse_unknown;
  };

  /// Edits `document` in place; it must outlive the editor.
  explicit Editor(Document& document) : Editor(document, Options()) {}
  Editor(Document& document, Options options);

  /// Applies one line (no line end needed). `line_number` is for diagnostics.
  LineResult apply(std::string_view line, std::uint32_t line_number = 0);

  /// To be called at the end of a file: a banner that is not closed is left out with an
  /// error, and what was taken for its text is read as configuration.
  std::vector<Diagnostic> finish();
  /// Takes over the text that `other` is in the middle of; both are in the same section.
  void adopt_text(Editor& other) { block_ = std::exchange(other.block_, std::nullopt); }

  /// The mode the next line is tried in first. `Opaque` inside carried sections.
  [[nodiscard]] Mode mode() const;
  /// What IOS shows in the prompt: "config", "config-if", "config-crypto-map".
  [[nodiscard]] std::string_view prompt() const;
  /// The lines that opened the current sections, outermost first: applied to
  /// another editor of the same document, they lead to the same place.
  [[nodiscard]] std::vector<std::string> section() const;
  /// Whether the next line is text (a banner, a certificate) and no command.
  [[nodiscard]] bool is_reading_text() const { return block_.has_value(); }
  /// ^C while text is read: the end of a text that it delimits; another text is given
  /// up, and what it would have replaced stays.
  void interrupt_text();

 private:
  friend class LineApplier;

  /// One open section; the first frame is the configuration itself.
  struct Frame {
    Mode mode = Mode::Global;
    std::vector<std::size_t> path;   // of the opener: index by index from the Document's lines
    std::uint64_t identity = 0;      // of the section, for seen_
    std::uint32_t column = 0;        // of the opener; 0 for the configuration
    std::ptrdiff_t touched = -1;     // the command of it that was entered last; carried lines go behind it
    std::size_t trail = 0;           // see Siblings
    bool has_indented = false;       // some line of it stood right of the opener
    /// Carried sections: the lines that what comes next may belong to, outermost first.
    struct OpenLine {
      std::size_t index = 0;
      std::uint32_t column = 0;
      bool opens = false;  // known to open a section of its own
    };
    std::vector<OpenLine> open;
    std::size_t last = 0;            // carried sections: the line entered last
  };
  /// A carried line that turns out to open a section when the next one is deeper.
  struct Candidate {
    std::vector<std::size_t> path;
    std::string indentation;  // as written: tabs next to blanks tell nothing about depth
    std::uint32_t column = 0;
    std::size_t frames = 0;  // how many frames stay when it opens
  };
  /// Text that is taken whole: a banner, or a certificate. It is no part of the document
  /// before its end has come: nobody may save half of it.
  struct Block {
    std::string end;                 // delimiter; "quit" for certificates
    bool is_certificate = false;
    std::vector<std::string> lines;  // as they came, the command first
    std::uint32_t line = 0;
  };

  /// The interfaces of `interface range`: the last one is in frames_, here are the others.
  struct Range {
    struct Member {
      std::vector<Frame> frames;
      std::optional<Candidate> candidate;
    };
    std::string command;  // "interface range ..."
    std::string last;     // "interface GigabitEthernet0/0/3"
    std::vector<Member> others;
  };
  /// Applies to the other interfaces what the last one took; ends the range behind a
  /// line that left it.
  void repeat_in_range(Range range, std::string_view line, std::uint32_t line_number, LineResult::Outcome outcome);

  [[nodiscard]] const Line& opener_of(const Frame& frame) const;
  /// `exit` inside a section of a carried section.
  bool leave_inner();

  /// Where in which access list the last entry went: the next remark is looked for there.
  struct ListCursor {
    std::uint64_t list = 0;
    std::size_t next = 0;
  };

  static constexpr std::uint32_t kSearchesBeforeLearning = 64;

  /// Whether a line of this identity may be there; remembers that it is now.
  bool may_exist(std::uint64_t identity) { return !seen_.insert(identity).second || seen_all_; }

  [[nodiscard]] bool may_have_seen(std::uint64_t identity) const { return seen_all_ || seen_.count(identity) > 0; }

  Document* document_;
  Options options_;
  std::vector<Frame> frames_;
  std::optional<Candidate> candidate_;
  std::optional<Block> block_;
  std::optional<Range> range_;
  ListCursor list_cursor_;
  std::map<std::string, std::uint32_t> highest_entries_;  // of each route map, at least what is there
  std::optional<AddressIndex> addresses_;  // from the first typed address on
  /// Takes the identities of everything in the document into seen_.
  void learn_document();

  // Identities that may exist, so that a new one needs no search. Of a document
  // that was there before nothing is known: then lines are searched for, until
  // there are so many of them that learning the document is cheaper.
  std::unordered_set<std::uint64_t> seen_;
  bool seen_all_ = false;
  std::uint32_t searches_left_ = kSearchesBeforeLearning;
};

}  // namespace rri
