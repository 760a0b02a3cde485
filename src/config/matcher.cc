#include "config/matcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rri {
namespace {

using NodeKind = PatternNode::Kind;

/// How well a word fitted; lower is better when two rows take the same line.
enum class Fit : std::uint8_t { Exact, Typed, Abbreviated, Word, Text };

struct Step {
  std::uint16_t node = 0;
  Fit fit = Fit::Exact;
  std::string text;  // canonical, for arguments
};

struct SoftError {
  std::size_t word = 0;
  const ArgumentType* type = nullptr;
};

/// One way through one row so far.
struct Thread {
  const CompiledRow* row = nullptr;
  std::uint16_t node = 0;
  std::uint64_t used = 0;     // Once marks passed
  std::size_t resume = 0;     // the word this thread reads next
  bool committed = false;
  bool may_end = false;       // a `no` line may stop here
  std::optional<SoftError> error;  // a number out of range before the commit mark
  std::vector<Step> path;
};

bool knows_errors(const CompiledRow& row) { return acts(row.row); }

Fit fit_of(const ArgumentType& type) {
  if (type.kind == ArgumentType::Kind::Text) return Fit::Text;
  return type.kind == ArgumentType::Kind::Word ? Fit::Word : Fit::Typed;
}

class LineMatcher {
 public:
  LineMatcher(const LexedLine& line, std::size_t first, bool truncated)
      : line_(line), first_(first), truncated_(truncated) {}

  MatchResult run(Mode mode) {
    for (const auto* row : config_grammar().rows(mode)) {
      if (may_begin(*row)) start(*row);
    }
    for (std::size_t word = first_; word < line_.words.size() && !threads_.empty(); ++word) step(word);
    return finish();
  }

  Expectations expect(Mode mode) {
    for (const auto* row : config_grammar().rows(mode)) {
      if (may_begin(*row)) start(*row);
    }
    Expectations result;
    for (std::size_t word = first_; word < line_.words.size(); ++word) {
      const auto common = longest_common(word);
      step(word);
      if (!threads_.empty()) continue;
      result.fits = false;
      result.misfit_word = word;
      result.caret = line_.words[word].column + static_cast<std::uint32_t>(common);
      return result;
    }
    for (const auto& thread : threads_) expect_of(thread, result);
    std::sort(result.words.begin(), result.words.end(), [](const Expectation& a, const Expectation& b) {
      return a.is_keyword != b.is_keyword ? a.is_keyword : a.text < b.text;
    });
    return result;
  }

 private:
  void expect_of(const Thread& thread, Expectations& result) const {
    if (thread.resume > line_.words.size() || thread.error) return;
    const auto& node = node_of(thread);
    result.may_end = result.may_end || node.kind == NodeKind::Accept || (truncated_ && thread.may_end);
    if (node.kind == NodeKind::Accept) return;
    const bool is_keyword = node.kind == NodeKind::Keyword;
    Expectation made{is_keyword ? std::string(node.text) : describe_argument(node.argument),
                     std::string(thread.row->row.help), is_keyword, is_keyword ? std::string_view() : node.slot};
    for (auto& known : result.words) {
      if (known.text != made.text) continue;
      if (known.help != made.help) known.help.clear();
      return;
    }
    result.words.push_back(std::move(made));
  }

  /// How far the word goes along with any keyword that may stand there.
  std::size_t longest_common(std::size_t word) const {
    std::size_t longest = 0;
    for (const auto& thread : threads_) {
      if (thread.resume == word && node_of(thread).kind == NodeKind::Keyword) {
        longest = std::max(longest, common_length(word, node_of(thread).text));
      }
    }
    return longest;
  }

  /// Cheap test on the first word, so that most rows cost nothing.
  bool may_begin(const CompiledRow& row) const {
    const auto* node = &row.nodes[row.start];
    while (node->kind == NodeKind::Commit || node->kind == NodeKind::NoEnd) node = &row.nodes[node->next[0]];
    if (node->kind != NodeKind::Keyword || first_ >= line_.words.size()) return true;
    return is_beginning_of(line_.words[first_].text, node->text);
  }

  void start(const CompiledRow& row) {
    Thread thread;
    thread.row = &row;
    thread.node = row.start;
    thread.resume = first_;
    follow(std::move(thread), threads_);
  }

  /// Follows empty steps; ends at nodes that read a word, or accept.
  void follow(Thread thread, std::vector<Thread>& out) {
    const auto& node = thread.row->nodes[thread.node];
    switch (node.kind) {
      case NodeKind::Keyword:
      case NodeKind::Argument:
      case NodeKind::Accept: out.push_back(std::move(thread)); return;
      case NodeKind::Commit:
        thread.committed = true;
        if (thread.error) {
          note_soft_error(std::move(thread));
          return;
        }
        break;
      case NodeKind::NoEnd: thread.may_end = true; break;
      case NodeKind::Once:
        if ((thread.used & node.once_bit) != 0) return;
        thread.used |= node.once_bit;
        break;
      case NodeKind::Split: break;
    }
    for (const auto next : node.next) {
      Thread copy = thread;
      copy.node = next;
      follow(std::move(copy), out);
    }
  }

  const PatternNode& node_of(const Thread& thread) const { return thread.row->nodes[thread.node]; }

  /// Rows that only carry are abbreviated no further than rows that act: the
  /// line `class X` of a section we do not know is no `class-map X`. (Threads
  /// that were moved on already still tell where they stood.)
  bool fits_keyword(const Thread& thread, std::size_t word) const {
    const auto text = line_.words[word].text;
    const auto keyword = node_of(thread).text;
    if (!is_beginning_of(text, keyword)) return false;
    if (text.size() == keyword.size() || acts(thread.row->row)) return true;
    return std::any_of(threads_.begin(), threads_.end(), [&](const Thread& other) {
      const auto& node = node_of(other);
      return other.resume == word && acts(other.row->row) && node.kind == NodeKind::Keyword && node.text == keyword;
    });
  }

  /// What keywords make of `word`: an exact one, or the abbreviated ones.
  struct Keywords {
    bool exact = false;
    std::vector<std::string_view> abbreviated;
    std::size_t acting = 0;  // how many of them belong to rows that something acts on
  };

  Keywords find_keywords(std::size_t word) const {
    Keywords found;
    for (const auto& thread : threads_) {
      const auto& node = node_of(thread);
      if (thread.resume != word || node.kind != NodeKind::Keyword) continue;
      if (!fits_keyword(thread, word)) continue;
      if (node.text.size() == line_.words[word].text.size()) found.exact = true;
      const auto known = std::find(found.abbreviated.begin(), found.abbreviated.end(), node.text);
      if (known != found.abbreviated.end()) continue;
      found.abbreviated.push_back(node.text);
      if (knows_errors(*thread.row)) ++found.acting;
    }
    return found;
  }

  void step(std::size_t word) {
    const auto keywords = find_keywords(word);
    const bool ambiguous = !keywords.exact && keywords.abbreviated.size() > 1;
    std::vector<Thread> next;
    for (auto& thread : threads_) {
      if (thread.resume != word) {
        next.push_back(std::move(thread));
        continue;
      }
      const auto& node = node_of(thread);
      if (node.kind == NodeKind::Keyword) {
        step_keyword(thread, node, word, keywords.exact, ambiguous, next);
      } else if (node.kind == NodeKind::Argument) {
        step_argument(thread, node, word, next);
      } else {
        note(thread, Misfit::Reason::Invalid, word, {});
      }
    }
    threads_ = std::move(next);
    if (ambiguous && keywords.acting > 1 && threads_.empty()) note_ambiguous(word, keywords.abbreviated);
  }

  /// An ambiguous word is an error even where nothing is committed yet: no
  /// complete word of IOS is the beginning of two others without being one.
  void note_ambiguous(std::size_t word, const std::vector<std::string_view>& keywords) {
    if (best_ && best_->word >= word) return;
    best_ = Misfit{Misfit::Reason::Ambiguous, nullptr, word, 0, 0, {}};
    expected_.assign(keywords.begin(), keywords.end());
    common_ = 0;
  }

  void step_keyword(Thread& thread, const PatternNode& node, std::size_t word, bool has_exact, bool ambiguous,
                    std::vector<Thread>& next) {
    const auto text = line_.words[word].text;
    const bool exact = text.size() == node.text.size();
    const bool fits = fits_keyword(thread, word);
    if (!fits || (has_exact && !exact)) return note(thread, Misfit::Reason::Invalid, word, node.text);
    if (ambiguous) return note(thread, Misfit::Reason::Ambiguous, word, node.text);
    advance(std::move(thread), {0, exact ? Fit::Exact : Fit::Abbreviated, {}}, word + 1, next);
  }

  void step_argument(Thread& thread, const PatternNode& node, std::size_t word, std::vector<Thread>& next) {
    auto match = match_argument(node.argument, line_, word);
    if (match.words != 0) {
      const auto end = word + match.words;
      return advance(std::move(thread), {0, fit_of(node.argument), std::move(match.text)}, end, next);
    }
    const auto reason = match.number_out_of_range ? Misfit::Reason::OutOfRange : Misfit::Reason::Invalid;
    note(thread, reason, word, describe_argument(node.argument));
    if (match.number_out_of_range && !thread.committed) {
      thread.error = SoftError{word, &node.argument};
      advance(std::move(thread), {0, Fit::Typed, {}}, word + 1, next);
    }
  }

  void advance(Thread thread, Step step, std::size_t resume, std::vector<Thread>& next) {
    step.node = thread.node;
    thread.path.push_back(std::move(step));
    thread.node = node_of(thread).next[0];
    thread.resume = resume;
    follow(std::move(thread), next);
  }

  void note(const Thread& thread, Misfit::Reason reason, std::size_t word, std::string_view expected) {
    if (!thread.committed || thread.error || !knows_errors(*thread.row)) return;
    if (best_ && (best_->word > word || (best_->word == word && best_->reason > reason))) return;
    if (!best_ || best_->word < word || best_->reason < reason) {
      best_ = Misfit{reason, thread.row, word, 0, 0, {}};
      expected_.clear();
      common_ = 0;
    }
    if (!expected.empty() && std::find(expected_.begin(), expected_.end(), expected) == expected_.end()) {
      expected_.emplace_back(expected);
    }
    if (node_of(thread).kind == NodeKind::Keyword) common_ = std::max(common_, common_length(word, expected));
  }

  /// How many characters of the word are the beginning of `keyword`.
  std::size_t common_length(std::size_t word, std::string_view keyword) const {
    if (word >= line_.words.size()) return 0;
    const auto text = line_.words[word].text;
    const auto length = rri::common_length(text, keyword);
    return length == text.size() ? 0 : length;
  }

  /// A number out of range turned out to stand in a line of ours.
  void note_soft_error(Thread thread) {
    const auto error = *thread.error;
    thread.error.reset();
    note(thread, Misfit::Reason::OutOfRange, error.word, describe_argument(*error.type));
  }

  static bool better(const Thread& a, const Thread& b) {
    const auto by_fit = [](const Step& x, const Step& y) { return x.fit < y.fit; };
    if (std::lexicographical_compare(a.path.begin(), a.path.end(), b.path.begin(), b.path.end(), by_fit)) return true;
    if (std::lexicographical_compare(b.path.begin(), b.path.end(), a.path.begin(), a.path.end(), by_fit)) return false;
    return a.row->position < b.row->position;
  }

  RowMatch make_match(const Thread& thread) const {
    RowMatch match;
    match.row = thread.row;
    for (const auto& step : thread.path) {
      const auto& node = thread.row->nodes[step.node];
      const bool is_keyword = node.kind == NodeKind::Keyword;
      match.words.push_back({is_keyword ? std::string(node.text) : step.text, node.slot, is_keyword});
    }
    return match;
  }

  MatchResult finish() {
    MatchResult result;
    std::vector<const Thread*> done;
    for (const auto& thread : threads_) {
      const bool accepted = node_of(thread).kind == NodeKind::Accept || (truncated_ && thread.may_end);
      if (accepted && !thread.error && !thread.path.empty()) done.push_back(&thread);
    }
    std::sort(done.begin(), done.end(), [](const Thread* a, const Thread* b) { return better(*a, *b); });
    for (const auto* thread : done) {
      const bool known = std::any_of(result.matches.begin(), result.matches.end(),
                                     [&](const RowMatch& match) { return match.row == thread->row; });
      if (!known) result.matches.push_back(make_match(*thread));
    }
    if (result.matches.empty()) result.misfit = finish_misfit();
    return result;
  }

  std::optional<Misfit> finish_misfit() {
    for (const auto& thread : threads_) {
      const auto& node = node_of(thread);
      const auto expected = node.kind == NodeKind::Argument ? describe_argument(node.argument) : std::string(node.text);
      note(thread, Misfit::Reason::Incomplete, line_.words.size(), expected);
    }
    if (!best_) return std::nullopt;
    if (best_->word < line_.words.size()) {
      best_->column = line_.words[best_->word].column;
      best_->caret = best_->column + static_cast<std::uint32_t>(common_);
    } else {
      best_->column = best_->caret = line_.end_column();
    }
    best_->text = describe();
    return best_;
  }

  std::string describe() const {
    constexpr std::size_t kMaxShown = 8;
    std::string expected;
    for (std::size_t i = 0; i < expected_.size() && i < kMaxShown; ++i) {
      expected += (i == 0 ? "" : ", ") + expected_[i];
    }
    if (expected_.size() > kMaxShown) expected += ", ...";
    if (best_->reason == Misfit::Reason::Incomplete) return fmt::format("incomplete command, expected {}", expected);
    const auto word = printable(line_.words[best_->word].text);
    switch (best_->reason) {
      case Misfit::Reason::Ambiguous: return fmt::format("\"{}\" is ambiguous: {}", word, expected);
      case Misfit::Reason::OutOfRange: return fmt::format("{} is out of range, expected {}", word, expected);
      case Misfit::Reason::Incomplete:
      case Misfit::Reason::Invalid: break;
    }
    if (expected.empty()) return fmt::format("\"{}\" is one word too many", word);
    return fmt::format("\"{}\" does not fit, expected {}", word, expected);
  }

  const LexedLine& line_;
  std::size_t first_;
  bool truncated_;
  std::vector<Thread> threads_;
  std::optional<Misfit> best_;
  std::vector<std::string> expected_;  // at best_->word
  std::size_t common_ = 0;             // characters of that word that begin some keyword
};

}  // namespace

MatchResult match_line(Mode mode, const LexedLine& line, std::size_t first, bool truncated) {
  if (first >= line.words.size()) return {};
  return LineMatcher(line, first, truncated).run(mode);
}

Expectations expect_after(Mode mode, const LexedLine& line, std::size_t first, bool truncated) {
  return LineMatcher(line, first, truncated).expect(mode);
}

}  // namespace rri
