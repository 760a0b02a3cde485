#include "shell/pipe.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rri::shell {

namespace {

/// A line longer than this is filtered in parts; nothing we print comes near.
constexpr std::size_t kMaxFilteredLineBytes = 1024UL * 1024;

constexpr std::array kFilterNames = {
    FilterName{"append", FilterKind::Append, "Append redirected output to a file"},
    FilterName{"begin", FilterKind::Begin, "Begin with the line that matches"},
    FilterName{"count", FilterKind::Count, "Count number of lines which match regexp"},
    FilterName{"exclude", FilterKind::Exclude, "Exclude lines that match"},
    FilterName{"include", FilterKind::Include, "Include lines that match"},
    FilterName{"redirect", FilterKind::Redirect, "Redirect output to a file"},
    FilterName{"section", FilterKind::Section, "Filter a section of output"},
    FilterName{"tee", FilterKind::Tee, "Copy output to a file"},
};

std::optional<FilterKind> find_filter(std::string_view word) {
  for (const auto& [name, kind, help] : kFilterNames) {
    if (!word.empty() && word.size() <= name.size() && equal_ignoring_case(word, name.substr(0, word.size()))) return kind;
  }
  return std::nullopt;
}

/// `section include REGEX` is `section REGEX`, `section exclude REGEX` the rest.
FilterWords section_words(std::string_view expression) {
  const auto blank = expression.find_first_of(" \t");
  const auto word = expression.substr(0, blank);
  const auto rest = blank == std::string_view::npos ? std::string_view() : trim(expression.substr(blank));
  const auto kind = rest.empty() ? std::nullopt : find_filter(word);
  if (kind == FilterKind::Include) return {FilterKind::Section, std::string(rest)};
  if (kind == FilterKind::Exclude) return {FilterKind::SectionExclude, std::string(rest)};
  return {FilterKind::Section, std::string(expression)};
}

std::size_t indentation(std::string_view line) { return std::min(line.find_first_not_of(" \t"), line.size()); }

}  // namespace

std::span<const FilterName> filter_names() { return kFilterNames; }

tl::expected<PipedLine, PipeMisfit> split_pipe(std::string_view line) {
  const auto bar = line.find('|');
  PipedLine piped{std::string(trim(line.substr(0, bar))), std::nullopt};
  if (bar == std::string_view::npos) {
    piped.command = line;  // columns of errors count from the start of what was typed
    return piped;
  }
  piped.command = line.substr(0, bar);
  const auto behind = line.substr(bar + 1);
  const auto word = trim(behind).substr(0, trim(behind).find_first_of(" \t"));
  if (word.empty()) return tl::make_unexpected(PipeMisfit{0});
  const auto word_offset = static_cast<std::size_t>(word.data() - line.data());
  const auto kind = find_filter(word);
  if (!kind) return tl::make_unexpected(PipeMisfit{static_cast<std::uint32_t>(word_offset + 1)});
  const auto expression = trim(line.substr(word_offset + word.size()));
  if (expression.empty()) return tl::make_unexpected(PipeMisfit{0});
  piped.filter = *kind == FilterKind::Section ? section_words(expression) : FilterWords{*kind, std::string(expression)};
  return piped;
}

Result<LineFilter> LineFilter::make(const FilterWords& words) {
  LineFilter filter(words.kind);
  auto* compiled = new regex_t;
  const int error = regcomp(compiled, words.expression.c_str(), REG_EXTENDED | REG_NOSUB);
  if (error != 0) {
    std::array<char, 128> text{};
    regerror(error, compiled, text.data(), text.size());
    delete compiled;
    return fail("use the expression '{}': {}", printable(words.expression), text.data());
  }
  filter.expression_ = std::shared_ptr<regex_t>(compiled, [](regex_t* expression) {
    regfree(expression);
    delete expression;
  });
  return filter;
}

bool LineFilter::passes(const std::string& line) {
  const bool matches = regexec(expression_.get(), line.c_str(), 0, nullptr, 0) == 0;
  switch (kind_) {
    case FilterKind::Include: return matches;
    case FilterKind::Exclude: return !matches;
    case FilterKind::Begin: open_ = open_ || matches; return open_;
    case FilterKind::Count: count_ += matches ? 1 : 0; return false;
    case FilterKind::Section: return is_in_section(line, matches);
    case FilterKind::SectionExclude: return !is_in_section(line, matches);
    case FilterKind::Append:
    case FilterKind::Redirect:
    case FilterKind::Tee: return true;
  }
  return false;
}

bool LineFilter::is_in_section(const std::string& line, bool matches) {
  if (open_ && indentation(line) > section_indent_) return true;
  open_ = matches;
  section_indent_ = indentation(line);
  return matches;
}

void LineFilter::take_line(std::string line, std::string& out) {
  if (passes(line)) out += line + '\n';
}

std::string LineFilter::feed(std::string_view bytes) {
  std::string out;
  rest_ += bytes;
  std::size_t start = 0;
  for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', start)) {
    take_line(rest_.substr(start, end - start), out);
    start = end + 1;
  }
  rest_.erase(0, start);
  if (rest_.size() > kMaxFilteredLineBytes) take_line(std::exchange(rest_, {}), out);
  return out;
}

std::string LineFilter::finish() {
  std::string out;
  if (!rest_.empty()) take_line(std::exchange(rest_, {}), out);
  if (kind_ == FilterKind::Count) out += fmt::format("Number of lines which match regexp = {}\n", count_);
  return out;
}

}  // namespace rri::shell
