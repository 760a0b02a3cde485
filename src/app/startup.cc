#include "app/startup.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "base/text.h"
#include "config/limits.h"
#include "shell/slips.h"

namespace rri::app {

bool is_not_there(const std::string& path) {
  std::error_code error;
  return std::filesystem::status(path, error).type() == std::filesystem::file_type::not_found;
}

Result<std::string> read_config_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) < 0) return fail("read {}: {}", path, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) return fail("read {}: it is a directory", path);
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("read {}: {}", path, std::strerror(errno));
  std::string text;
  std::array<char, 65536> part;
  do {
    file.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxTextBytes) return fail("read {}: it is longer than {} bytes", path, kMaxTextBytes);
  } while (file);
  if (file.bad()) return fail("read {}: {}", path, std::strerror(errno));
  return text;
}

Result<shell::FileStore> list_config_files(const std::string& startup) {
  namespace fs = std::filesystem;
  constexpr std::size_t kMostFiles = 1000;
  const auto directory = fs::path(startup).parent_path();
  std::error_code error;
  shell::FileStore store;
  for (fs::directory_iterator at(directory, error), end; !error && at != end && store.files.size() < kMostFiles; at.increment(error)) {
    struct stat status {};
    const auto name = at->path().filename().string();
    if (name.starts_with('.') || ::stat(at->path().c_str(), &status) < 0 || !S_ISREG(status.st_mode)) continue;
    const bool is_startup = at->path().filename() == fs::path(startup).filename();
    store.files.push_back({is_startup ? "startup-config" : name, static_cast<std::uint64_t>(status.st_size), status.st_mtime});
  }
  if (error) return fail("list {}: {}", directory.string(), error.message());
  std::sort(store.files.begin(), store.files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  const auto space = fs::space(directory, error);
  if (error) return store;  // the files are known all the same
  store.total = space.capacity;
  store.free = space.available;
  return store;
}

namespace {

/// Whether the text goes on to its `end`: one that was cut off does not.
bool has_end(std::string_view text) {
  const auto lines = split(text, '\n');
  const auto last = std::find_if(lines.rbegin(), lines.rend(), [](std::string_view line) { return !trim(line).empty() && trim(line).front() != '!'; });
  return last != lines.rend() && equal_ignoring_case(trim(*last), "end");
}

}  // namespace

std::string find_config_file(std::string_view typed, const std::string& startup) {
  const auto colon = typed.find(':');
  const auto system = colon == std::string_view::npos ? std::string_view() : typed.substr(0, colon);
  auto name = typed.substr(colon == std::string_view::npos ? 0 : colon + 1);
  if (system == "file") return std::string(name.starts_with("//") ? name.substr(2) : name);
  constexpr std::array<std::string_view, 5> kOwnSystems = {"nvram", "flash", "bootflash", "disk0", "harddisk"};
  const bool is_own = std::find(kOwnSystems.begin(), kOwnSystems.end(), system) != kOwnSystems.end();
  if (typed == "startup-config" || (is_own && name == "startup-config")) return startup;
  if (!is_own) return std::string(typed);
  while (name.starts_with('/')) name.remove_prefix(1);
  return startup.substr(0, startup.find_last_of('/') + 1) + std::string(name);
}

std::optional<Editor::Slip> find_unfinished(const LexedLine& line, Mode mode) {
  const auto slip = shell::find_slip(line, mode);
  return slip && slip->is_incomplete ? slip : std::nullopt;
}

Result<> check_replacement(std::string_view text, const ParseResult& parsed, const std::string& file) {
  constexpr std::size_t kMostListed = 20;
  const auto kept = std::string("the running configuration stays as it is (Rollback aborted)");
  // Anything else may stand in a banner, or come from an 8-bit terminal.
  if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n');
    return fail("replace the configuration by {}: line {} is no text; {}", file, line, kept);
  }
  if (trim(text).empty()) return fail("replace the configuration by {}: it is empty; {}", file, kept);
  const auto& lines = parsed.document.lines;
  const bool is_known = std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.row != nullptr || line.opens_carried; });
  if (!lines.empty() && !is_known) return fail("replace the configuration by {}: no line of it is a command known here; {}", file, kept);
  // What several lines together say may be wrong in a running configuration too: such an entry makes no routes,
  // and its file can be put back.
  const auto& refused = parsed.refused;
  if (refused.empty()) {
    if (has_end(text)) return {};
    return fail("replace the configuration by {}: it does not go on to its `end`: it is no whole configuration; {}", file, kept);
  }
  std::string found;
  for (std::size_t i = 0; i < std::min(refused.size(), kMostListed); ++i) found += fmt::format("\n{}", render_diagnostic(refused[i], file));
  if (refused.size() > kMostListed) found += fmt::format("\n... and {} more", refused.size() - kMostListed);
  return fail("replace the configuration by {}: {} {} in error; {}{}", file, refused.size(), refused.size() == 1 ? "line is" : "lines are", kept, found);
}

}  // namespace rri::app
