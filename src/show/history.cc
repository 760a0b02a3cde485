#include "show/history.h"

#include <fmt/format.h>

#include "base/text.h"
#include "show/json.h"

namespace rri::show {

namespace {

bool is_about(const HistoryEntry& entry, const Prefix& asked) {
  if (!entry.prefix || entry.prefix->family() != asked.family()) return false;
  return asked.contains(*entry.prefix) || entry.prefix->contains(asked);
}

}  // namespace

std::optional<Prefix> prefix_of_line(std::string_view text) {
  constexpr std::string_view kRoute = "route ";
  if (text.substr(0, kRoute.size()) == kRoute) text.remove_prefix(kRoute.size());
  const auto word = text.substr(0, text.find(' '));
  if (word.find('/') == std::string_view::npos) return std::nullopt;
  auto prefix = Prefix::parse(word);
  return prefix ? std::optional(*prefix) : std::nullopt;
}

std::string route_history(const std::vector<HistoryEntry>& entries, const std::optional<Prefix>& prefix, Format format) {
  std::string text;
  for (const auto& entry : entries) {
    if (prefix && !is_about(entry, *prefix)) continue;
    if (format == Format::Text) {
      text += fmt::format("{}: {}\n", entry.time, printable(entry.text));
      continue;
    }
    text += fmt::format("{}{{\"time\":{},\"prefix\":{},\"text\":{}}}", text.empty() ? "\n" : ",\n", quoted_json(entry.time),
                        entry.prefix ? quoted_json(entry.prefix->to_string()) : "null", quoted_json(entry.text));
  }
  return format == Format::Text ? text : fmt::format("{{\"history\":[{}]}}\n", text);
}

}  // namespace rri::show
