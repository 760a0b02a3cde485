#include "app/doctor/strongswan_conf.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/doctor/limits.h"
#include "base/text.h"

namespace rri::doctor {

namespace {

class Reader {
 public:
  Reader(StrongswanSettings& settings, const FindFiles& find_files) : settings_(settings), find_files_(find_files) {}

  void include(const std::string& pattern, int depth) {
    if (depth > kMaxDepth) return problem(fmt::format("read {}: includes go deeper than {}", pattern, kMaxDepth));
    for (const auto& file : find_files_(pattern)) {
      if (settings_.files.size() >= kMaxFiles) return problem(fmt::format("read {}: more than {} files", file.name, kMaxFiles));
      settings_.files.push_back(file.name);
      read(file, depth);
    }
  }

 private:
  void problem(std::string text) {
    if (settings_.problems.size() < kMaxFiles) settings_.problems.push_back(std::move(text));
  }

  /// Cuts the text into words up to `{`, `}`, `=` and line ends, and acts on each piece.
  void read(const NamedText& file, int depth) {
    const auto base = path_.size();
    std::size_t line = 1;
    std::string pending;
    const std::string& text = file.text;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '#') {
        while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
      } else if (c == '=') {
        const auto start = line;
        i = read_value(text, i + 1, line);
        put(std::string(trim(pending)), {value_, fmt::format("{}:{}", file.name, start)});
        pending.clear();
      } else if (c == '{') {
        open(std::string(trim(pending)));
        pending.clear();
      } else if (c == '}' || c == '\n') {
        end_piece(std::string(trim(pending)), file, depth);
        pending.clear();
        if (c == '\n') ++line;
        if (c == '}' && path_.size() > base) path_.pop_back();
      } else {
        pending += c;
      }
    }
    end_piece(std::string(trim(pending)), file, depth);
    if (path_.size() != base) problem(fmt::format("read {}: a section is not closed", file.name));
    path_.resize(std::min(path_.size(), base));
  }

  /// The value from `at` on into value_; gives the index of its last character.
  std::size_t read_value(const std::string& text, std::size_t at, std::size_t& line) {
    value_.clear();
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at < text.size() && text[at] == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        if (text[at] == '\n') ++line;
        value_ += text[at];
      }
      return at;
    }
    while (at < text.size() && text[at] != '\n' && text[at] != '#' && text[at] != '{' && text[at] != '}') value_ += text[at++];
    value_ = std::string(trim(value_));
    return at - 1;
  }

  /// A piece without value or braces: an include, the opener of a section whose brace
  /// stands on the next line, or nothing.
  void end_piece(const std::string& piece, const NamedText& file, int depth) {
    if (piece.empty()) return;
    const auto words = split_words(piece);
    if (words.front() == "include" && words.size() >= 2) return include(beside(file.name, unquoted(words[1])), depth + 1);
    opener_ = piece;
  }

  void open(const std::string& piece) {
    const auto& text = piece.empty() ? opener_ : piece;
    path_.push_back(std::string(trim(text.substr(0, text.find(':')))));
    opener_.clear();
    if (path_.size() > static_cast<std::size_t>(kMaxDepth) * 4) path_.resize(static_cast<std::size_t>(kMaxDepth) * 4);
  }

  void put(const std::string& name, PlacedValue value) {
    std::string full;
    for (const auto& part : path_) full += part + ".";
    settings_.values[full + name] = std::move(value);
  }

  static std::string unquoted(std::string_view word) {
    if (word.size() >= 2 && word.front() == '"' && word.back() == '"') word = word.substr(1, word.size() - 2);
    return std::string(word);
  }

  static std::string beside(const std::string& file, const std::string& pattern) {
    const auto slash = file.rfind('/');
    if (pattern.starts_with('/') || slash == std::string::npos) return pattern;
    return file.substr(0, slash + 1) + pattern;
  }

  StrongswanSettings& settings_;
  const FindFiles& find_files_;
  std::vector<std::string> path_;
  std::string value_;
  std::string opener_;
};

}  // namespace

StrongswanSettings read_strongswan_conf(const std::string& path, const FindFiles& find_files) {
  StrongswanSettings settings;
  Reader(settings, find_files).include(path, 0);
  return settings;
}

}  // namespace rri::doctor
