// config/line_applier.h -- one line on its way into the Document.
//
// Editor::apply() makes one LineApplier for each line. Finding the mode is in
// editor.cc, what a matched row does is in apply_action.cc and apply_no.cc, and
// what becomes of lines that no row knows in apply_carried.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/editor.h"
#include "config/lexer.h"
#include "config/matcher.h"
#include "config/siblings.h"

namespace rri {

class LineApplier {
 public:
  LineApplier(Editor& editor, std::string_view raw, std::uint32_t number);

  LineResult run();

  /// Tells `editor` of all lines of a section of this identity, and of those below.
  static void learn(Editor& editor, std::uint64_t section, const std::vector<Line>& lines);

  /// Leaves out the command whose text is in progress: its end does not come. What was
  /// taken for the text of a banner may be all of the configuration, so it is read as such.
  static std::vector<Diagnostic> abandon_block(Editor& editor);

 private:
  using Frame = Editor::Frame;

  // text_block.cc: banners and certificates
  bool take_block_line();
  bool begin_block();
  void close_block();
  static bool opens_again(const Editor::Block& block);
  [[nodiscard]] bool ends_unclosed() const;
  // editor.cc: which mode, which section
  bool run_exec_command();
  bool is_quit_of_key(const Frame& frame);
  bool take_whole();
  bool refuse_misfit();
  void refuse_unreadable();
  void note_placed(std::size_t frame);
  void pop_to(std::size_t frame);
  void push_frame(Mode mode, std::size_t parent, std::size_t index);
  void refuse(std::size_t frame, TextPosition position, std::string reason, const CompiledRow* row);
  [[nodiscard]] Siblings siblings(std::size_t frame);
  [[nodiscard]] Line* line_at(const std::vector<std::size_t>& path);
  /// Behind `no` and `default`.
  [[nodiscard]] std::size_t first_word() const { return negated_ ? 1 : 0; }
  [[nodiscard]] TextPosition position() const { return {number_, lexed_.words.empty() ? 1 : lexed_.words[0].column}; }

  // apply_carried.cc: lines that no row knows
  struct Span {  // lines [first, end) of one section, those of `depth` meant
    std::size_t first = 0;
    std::size_t end = 0;
    std::uint32_t depth = 0;
  };
  struct NegatedMeaning {
    bool exactly = false;   // the line may be there
    bool by_words = false;  // lines that begin with it may
  };
  static void remember(Editor& editor, std::uint64_t section, const Line& line);
  [[nodiscard]] bool may_have(std::size_t frame, std::string text) const;
  void find_home();
  void leave_by_command();
  [[nodiscard]] bool acts_globally() const;
  void open_candidate();
  void carry();
  bool refuse_slip(std::size_t frame);
  bool refuse_cut_entry(std::size_t frame);
  std::size_t carry_in(std::size_t frame);
  std::size_t carry_in_opaque(std::size_t frame, LineKind kind = LineKind::Carried);
  void carry_banner();
  void carry_certificate_line();
  void drop_certificate_text(std::size_t index);
  [[nodiscard]] bool belongs_to_opaque(const Frame& frame) const;
  [[nodiscard]] std::size_t carrying_frame() const;
  [[nodiscard]] std::optional<std::size_t> find_carried(std::size_t frame, const std::vector<Line>& lines, Span within);
  std::size_t insert_behind_negated(std::size_t frame, Line line);
  std::uint32_t find_level(Frame& frame);
  [[nodiscard]] Span open_span(const Frame& frame, const std::vector<Line>& lines, std::size_t levels) const;
  [[nodiscard]] Line make_carried(LineKind kind) const;
  [[nodiscard]] NegatedMeaning meaning_of_no(std::size_t frame) const;
  [[nodiscard]] bool is_meant_by_no(const Line& line, bool exactly) const;
  bool is_done_without(bool removed);
  [[nodiscard]] std::optional<std::vector<std::size_t>> find_named(std::size_t frame, const std::vector<Line>& lines, Span within);
  bool remove_carried(std::size_t frame);
  // user_lines.cc
  bool merge_username();
  [[nodiscard]] bool is_secret_of_the_device() const;
  bool remove_inside(std::size_t frame, const Span& span);
  void erase_inside(Frame& frame, std::size_t index);
  void remove_carried_opposite(std::size_t frame);
  [[nodiscard]] std::vector<std::string> opposites() const;
  void remove_opposite_inside(std::size_t frame, Span& span);
  void remove_carried_at(std::size_t frame, std::size_t found);
  bool remove_carried_text(std::size_t frame, std::string_view text);

  // apply_action.cc: what a matched row does
  void apply_match(std::size_t frame, const RowMatch& match);
  // object_groups.cc: groups that others use, and groups within groups
  bool is_group_used(const RowMatch& match);
  bool is_group_in_itself(std::size_t frame, const Line& line);
  void store(std::size_t frame, Line line);
  void replace_conflicting(std::size_t frame, const Line& line);
  void carry_known(std::size_t frame, const CompiledRow& row);
  [[nodiscard]] std::size_t insert_route_map(std::size_t frame, Line line, bool is_new);
  void prefer_known_interface(std::vector<Word>& words);
  void store_acl_entry(std::size_t frame, Line line);
  bool insert_acl_entry(Siblings list, Line line);
  std::optional<std::size_t> find_same_entry(const Siblings& list, const Line& line, bool is_numbered);
  static bool touch_same(Siblings list, const Line& line);
  [[nodiscard]] Line entry_of(const RowMatch& match) const;
  void store_numbered_entry(std::size_t frame, const RowMatch& match);
  void resequence(std::size_t frame, const Line& line);
  std::size_t find_or_add_list(std::size_t frame, Mode mode, const std::string& opener);
  bool canonicalise_prefix(Line& line);
  void store_prefix_list_entry(std::size_t frame, Line line);
  void store_reverse_route(std::size_t frame, const Line& line);
  void store_crypto_map_entry(std::size_t frame, Line line);
  void store_address(std::size_t frame, Line line);
  void store_standby(std::size_t frame, Line line);
  void store_static_route(std::size_t frame, Line line);
  void store_secret(std::size_t frame, Line line);
  void store_exec_timeout(std::size_t frame, std::string_view minutes, std::string_view seconds);
  void enter(std::size_t frame, std::size_t index);
  void fail(std::size_t word, std::string reason);
  void fail_here(std::size_t word, std::string reason);
  void fail_incomplete(std::string_view reason);
  void fail_cut_entry();

  // interface_range.cc
  [[nodiscard]] std::string_view members_of(std::string_view members) const;
  bool is_bad_macro(const Line& line);
  void enter_range(const RowMatch& match);
  void remove_range(const RowMatch& match);

  // session_rules.cc: what IOS says to a person; true: the line is refused
  bool objects_to(std::size_t frame, const Line& line);
  bool objects_to_crypto(const Line& line);
  bool objects_to_transforms(const Line& line);
  bool objects_to_no(std::size_t frame, const RowMatch& match);
  void warn_of_missing_map(const Line& line);
  void warn_of_missing_interface(const Line& line);
  bool objects_to_interface_line(std::size_t frame, const Line& line);
  bool objects_to_address(std::size_t frame, const Line& line);
  bool objects_to_range(const Line& line);
  bool objects_to_no_address(std::size_t frame, const RowMatch& match);
  bool objects_to_group(std::size_t frame, const Line& line);
  void take_addresses_off(std::size_t frame, std::string_view why);
  void empty_vrf(std::string_view vrf);
  void refuse_in_words(std::string text);

  // apply_no.cc: `no` and `default`
  void apply_no(std::size_t frame, const std::vector<RowMatch>& matches);
  [[nodiscard]] bool is_cut_entry(std::size_t frame, const RowMatch& match) const;
  void remove_match(std::size_t frame, const RowMatch& match);
  void remove_reverse_route(std::size_t frame, const RowMatch& match);
  void remove_acl_entry(Siblings list, const RowMatch& match);
  void remove_numbered(std::size_t frame, const RowMatch& match);
  void remove_prefix_list_entry(std::size_t frame, const RowMatch& match);
  void store_negated(std::size_t frame, const RowMatch& match);

  [[nodiscard]] static std::uint64_t seen_key(std::uint64_t section, const Line& line);
  [[nodiscard]] static std::uint64_t seen_key(const Frame& frame, const Line& line) { return seen_key(frame.identity, line); }
  [[nodiscard]] static std::uint64_t sequence_key(std::uint64_t list, std::uint32_t sequence);

  Editor& editor_;
  std::string_view raw_;
  std::uint32_t number_;
  LexedLine lexed_;
  std::string text_;         // of a banner: the command and all that came up to its end
  bool negated_ = false;     // begins with `no` or `default`
  bool is_default_ = false;
  std::optional<std::size_t> home_;  // the frame that the line's words say it belongs to
  LineResult result_;
};

/// The line that a match stands for, not yet in any section.
Line make_line(const RowMatch& match, TextPosition position);

/// `g`, `vlan`: the type of an IOS interface whose number is missing (interface_name.cc).
bool is_bare_interface_type(std::string_view name);

/// "Tunnel100" for "tun100", though Linux may have a device of that name (interface_name.cc).
std::string ios_interface(std::string_view name);
/// Whether IOS interfaces of this name come and go by configuration.
bool is_virtual_interface(std::string_view name);

/// A command of `mode` from text of our own making; a bug if it does not fit.
Line make_command(Mode mode, std::string_view text, TextPosition position);

}  // namespace rri
