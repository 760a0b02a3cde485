#include "io/frr/ledger.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "io/frr/limits.h"

namespace rri::frr {
namespace {

constexpr std::string_view kDirectory = "directory ";
constexpr std::string_view kDaemon = "daemon ";

}  // namespace

LedgerText parse_ledger(std::string_view text) {
  LedgerText ledger;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++ledger.lines;
    if (line.starts_with(kDirectory)) ledger.directory = line.substr(kDirectory.size());
    if (line.starts_with(kDaemon)) ledger.daemon = parse_number<std::int32_t>(line.substr(kDaemon.size())).value_or(0);
    if (line.size() < 3 || line.size() > kMaxLineBytes) continue;
    if (line.starts_with("+ ")) ledger.identities.emplace(line.substr(2));
    if (line.starts_with("- ")) ledger.identities.erase(std::string(line.substr(2)));
  }
  return ledger;
}

Result<LedgerText> Ledger::read() {
  std::ifstream file(path_, std::ios::binary);
  if (!file && errno == ENOENT) return LedgerText{};
  if (!file) return fail("read {}: {}", path_, std::strerror(errno));
  std::string text;
  std::string piece(kReadBytes, '\0');
  while (file && text.size() < kMaxLedgerBytes) {
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    text.append(piece, 0, static_cast<std::size_t>(file.gcount()));
  }
  return parse_ledger(text);
}

Result<> Ledger::rewrite(const LedgerText& text) {
  const auto temporary = path_ + ".new";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << "frr-routes 1\n" << kDirectory << text.directory << '\n' << kDaemon << text.daemon << '\n';
    for (const auto& identity : text.identities) file << "+ " << identity << '\n';
    file.flush();
    if (!file) return fail("write {}: {}", temporary, std::strerror(errno));
  }
  if (std::rename(temporary.c_str(), path_.c_str()) != 0) return fail("rename {}: {}", temporary, std::strerror(errno));
  lines_ = text.identities.size() + 3;
  is_ready_ = true;
  return {};
}

Result<> Ledger::append(const std::vector<std::string>& gained, const std::vector<std::string>& lost) {
  if (gained.empty() && lost.empty()) return {};
  if (!is_ready_) return fail("write {}: it was not begun", path_);
  std::ofstream file(path_, std::ios::binary | std::ios::app);
  for (const auto& identity : gained) file << "+ " << identity << '\n';
  for (const auto& identity : lost) file << "- " << identity << '\n';
  file.flush();
  if (!file) return fail("write {}: {}", path_, std::strerror(errno));
  lines_ += gained.size() + lost.size();
  return {};
}

}  // namespace rri::frr
