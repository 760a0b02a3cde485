#include "shell/exec_files.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "shell/answers.h"

namespace rri::shell {

namespace {

/// "flash:/NAME" in its parts; a name alone is one of flash.
struct Place {
  std::string system = "flash";
  std::string name;
};

std::optional<Place> read_place(std::string_view typed) {
  constexpr std::array<std::string_view, 3> kSystems = {"nvram", "flash", "bootflash"};
  const auto colon = typed.find(':');
  Place place;
  if (colon != std::string_view::npos) place.system = typed.substr(0, colon);
  auto name = typed.substr(colon == std::string_view::npos ? 0 : colon + 1);
  if (name.starts_with('/')) name.remove_prefix(1);
  place.name = name;
  const bool is_known = std::find(kSystems.begin(), kSystems.end(), place.system) != kSystems.end();
  return is_known ? std::optional(std::move(place)) : std::nullopt;
}

ExecAnswer error_opening(std::string_view typed, std::string_view why) {
  return refusal(fmt::format("%Error opening {} ({})", printable(typed), why));
}

constexpr std::string_view kNoFile = "No such file or directory";

}  // namespace

ExecAnswer list_files(const ExecMatch& match, const Environment& environment) {
  const auto typed = match.has("file") ? match.words.at("file") : std::string("flash:");
  const auto place = read_place(typed);
  if (!place) return error_opening(typed, "No such device");
  const auto store = environment.files();
  if (!store) return failure(store.error().text);
  std::string rows;
  std::size_t number = 0;
  for (const auto& file : store->files) {
    ++number;
    if (!place->name.empty() && file.name != place->name) continue;
    rows += fmt::format("{:5}  -rw-  {:>14}  {:%b %d %Y %H:%M:%S} +00:00  {}\n", number, file.bytes, fmt::gmtime(file.changed), printable(file.name));
  }
  if (rows.empty() && !place->name.empty()) return error_opening(typed, kNoFile);
  if (rows.empty()) rows = "No files in directory\n";
  return text_answer(
      fmt::format("Directory of {}:/{}\n\n{}\n{} bytes total ({} bytes free)\n", place->system, printable(place->name), rows, store->total, store->free));
}

ExecAnswer show_file(const ExecMatch& match, const Environment& environment) {
  const auto& typed = match.words.at("file");
  const auto place = read_place(typed);
  if (!place) return error_opening(typed, "No such device");
  const auto store = environment.files();
  if (!store) return failure(store.error().text);
  const bool is_there = std::any_of(store->files.begin(), store->files.end(), [&](const StoredFile& file) { return file.name == place->name; });
  if (!is_there) return error_opening(typed, kNoFile);
  auto text = environment.read_file(place->name);
  if (!text) return failure(text.error().text);
  return {sliced(std::move(*text)), std::nullopt, {}};
}

}  // namespace rri::shell
