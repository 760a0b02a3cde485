#include "app/running_config.h"

#include <crypt.h>
#include <fmt/format.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "app/cisco_secret.h"
#include "base/text.h"

namespace rri::app {

namespace {

/// The loop has this many times the cost of a commit for other work before the next.
constexpr int kRestPerCommit = 4;
/// Until a paste is over, and how long one is waited for.
constexpr std::chrono::milliseconds kQuiet{100};
constexpr std::chrono::milliseconds kLongestPaste{500};
/// The mode of a configuration file: keys may be in it.
constexpr mode_t kFileMode = 0640;

Result<> write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail("write {}: {}", path, std::strerror(errno));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(fd) < 0) return fail("write {}: {}", path, std::strerror(errno));
  return {};
}

/// A new file with `text`, on the disk when this comes back.
Result<> write_file(const std::string& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  if (fd < 0) return fail("write {}: {} (let rrid's user write there)", path, std::strerror(errno));
  auto written = write_all(fd, text, path);
  ::close(fd);
  if (!written) ::unlink(path.c_str());
  return written;
}

/// Whether the file is `text` already.
bool is_content(const std::string& path, std::string_view text) {
  std::ifstream file(path, std::ios::binary);
  return file && std::string(std::istreambuf_iterator<char>(file), {}) == text;
}

Seconds time_left(const asio::steady_timer& timer) { return std::chrono::ceil<Seconds>(timer.expiry() - std::chrono::steady_clock::now()); }

/// Where a link leads, also when there is nothing yet.
std::string resolve_links(const std::string& path) {
  constexpr int kMostLinks = 40;  // of the kernel
  std::filesystem::path at = path;
  std::error_code error;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(at, error); ++i) {
    const auto target = std::filesystem::read_symlink(at, error);
    if (error) break;
    at = at.parent_path() / target;
  }
  return at.string();
}

void sync_directory(const std::string& path) {
  const auto slash = path.find_last_of('/');
  const auto directory = slash == std::string::npos ? std::string(".") : path.substr(0, slash + 1);
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

struct RunningConfig::Timers {
  explicit Timers(asio::io_context& loop) : commit(loop), revert(loop), reload(loop) {}
  asio::steady_timer commit;
  asio::steady_timer revert;
  asio::steady_timer reload;
  Clock::time_point not_before;
  Clock::time_point first_change;  // since the last commit
};

RunningConfig::RunningConfig(asio::io_context& loop, Document& document, std::string file, Commit commit,
                             std::chrono::milliseconds minute)
    : document_(&document), file_(std::move(file)), commit_(std::move(commit)), minute_(minute), timers_(std::make_unique<Timers>(loop)) {}

RunningConfig::~RunningConfig() = default;

void RunningConfig::on_change() {
  ++generation_;
  const auto now = Clock::now();
  if (!std::exchange(dirty_, true)) timers_->first_change = now;
  commit_at(std::max(timers_->not_before, std::min(now + kQuiet, timers_->first_change + kLongestPaste)));
}

void RunningConfig::commit_at(Clock::time_point when) {
  timers_->commit.expires_at(when);
  timers_->commit.async_wait([this](asio::error_code error) {
    if (!error) flush();
  });
}

void RunningConfig::flush() {
  if (!std::exchange(dirty_, false)) return;
  const auto start = Clock::now();
  commit_(lower_document(*document_));
  rest_after(start);
  // Others have put what follows from it into the queue of the loop (block policies): that is its cost as well.
  asio::post(timers_->commit.get_executor(), [this, start] { rest_after(start); });
}

void RunningConfig::rest_after(Clock::time_point start) {
  const auto end = Clock::now();
  timers_->not_before = end + (end - start) * kRestPerCommit;
}

void RunningConfig::replace(Document document) {
  *document_ = std::move(document);
  ++generation_;
  dirty_ = true;
  flush();
}

void RunningConfig::revert_in(unsigned minutes, std::string who) {
  if (!before_) {
    before_ = *document_;
    who_ = std::move(who);
  }
  timers_->revert.expires_after(minute_ * minutes);
  timers_->revert.async_wait([this](asio::error_code error) {
    if (error || !before_) return;
    revert_now();
    if (on_revert_) on_revert_(who_);
  });
}

std::optional<shell::Pending> RunningConfig::pending_revert() const {
  if (!before_) return std::nullopt;
  return shell::Pending{who_, time_left(timers_->revert)};
}

void RunningConfig::confirm() {
  timers_->revert.cancel();
  before_.reset();
}

void RunningConfig::revert_now() {
  timers_->revert.cancel();
  if (before_) replace(std::move(*std::exchange(before_, std::nullopt)));
}

void RunningConfig::reload_in(unsigned minutes, std::string who, std::function<void()> reload) {
  reloader_ = std::move(who);
  timers_->reload.expires_after(minute_ * minutes);
  timers_->reload.async_wait([this, reload = std::move(reload)](asio::error_code error) {
    if (error || !cancel_reload()) return;
    reload();
  });
}

std::optional<shell::Pending> RunningConfig::pending_reload() const {
  if (reloader_.empty()) return std::nullopt;
  return shell::Pending{reloader_, time_left(timers_->reload)};
}

bool RunningConfig::cancel_reload() {
  timers_->reload.cancel();
  return !std::exchange(reloader_, {}).empty();
}

Result<> RunningConfig::erase() const {
  const auto file = resolve_links(file_);
  if (::rename(file.c_str(), (file + ".previous").c_str()) < 0 && errno != ENOENT) return fail("erase {}: {}", file, std::strerror(errno));
  sync_directory(file);
  return {};
}

Result<> RunningConfig::save() const {
  const auto file = resolve_links(file_);
  const auto fresh = file + ".new";
  const auto previous = file + ".previous";
  const auto text = render_document(*document_);
  if (is_content(file, text)) return {};  // who saves twice keeps what was before
  if (auto written = write_file(fresh, text); !written) return written;
  // Renamed over the older one, so that at every moment both files are there.
  const auto kept = previous + ".new";
  ::unlink(kept.c_str());
  const bool linked = ::link(file.c_str(), kept.c_str()) == 0;
  if ((!linked && errno != ENOENT) || (linked && ::rename(kept.c_str(), previous.c_str()) < 0)) {
    return fail("keep {} as {}: {}", file, previous, std::strerror(errno));
  }
  if (::rename(fresh.c_str(), file.c_str()) < 0) return fail("write {}: {}", file, std::strerror(errno));
  sync_directory(file);
  return {};
}

std::string hash_secret(std::string_view clear) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> salt{};
  if (::crypt_gensalt_rn("$6$", 0, nullptr, 0, salt.data(), static_cast<int>(salt.size())) == nullptr) return "5 *";
  auto room = std::make_unique<crypt_data>();
  const auto* hash = ::crypt_r(std::string(clear).c_str(), salt.data(), room.get());
  if (hash == nullptr || hash[0] == '*') return "5 *";
  return fmt::format("9 {}", hash);
}

namespace {

/// `enable password [level 15] [0 | 7] WORD`; what this host cannot read is locked.
std::string read_password(std::string_view stored) {
  constexpr std::string_view kKey = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";  // of type 7, everybody's
  auto words = split_words(stored);
  if (words.size() > 2 && words[0] == "level") words.erase(words.begin(), words.begin() + 2);
  if (words.size() == 1) return std::string(words[0]);
  if (words.size() != 2 || (words[0] != "0" && words[0] != "7")) return {};
  if (words[0] == "0") return std::string(words[1]);
  const auto text = words[1];
  const auto salt = text.size() >= 4 && text.size() % 2 == 0 ? parse_number<std::size_t>(text.substr(0, 2)) : std::nullopt;
  if (!salt) return {};
  std::string clear;
  for (std::size_t at = 2; at < text.size(); at += 2) {
    unsigned byte = 0;
    const auto [stop, error] = std::from_chars(text.data() + at, text.data() + at + 2, byte, 16);
    if (error != std::errc{} || stop != text.data() + at + 2) return {};
    clear += static_cast<char>(byte ^ static_cast<unsigned char>(kKey[(*salt + at / 2 - 1) % kKey.size()]));
  }
  return clear;
}

/// What `stored` would be if `clear` were the secret; "" when nobody can say.
std::string expected_secret(std::string_view stored, std::string_view clear) {
  if (is_cisco_secret(stored)) return cisco_hash(stored, clear);
  auto room = std::make_unique<crypt_data>();
  const auto* hash = ::crypt_r(std::string(clear).c_str(), std::string(stored).c_str(), room.get());
  return hash == nullptr || hash[0] == '*' ? std::string() : std::string(hash);
}

}  // namespace

bool is_secret(std::string_view stored, std::string_view clear) {
  constexpr std::string_view kPassword = "password ";
  const bool is_password = stored.starts_with(kPassword);
  const auto wanted = is_password ? read_password(stored.substr(kPassword.size())) : std::string(stored);
  const auto made = is_password ? std::string(clear) : expected_secret(stored, clear);
  if (made.empty() || wanted.empty()) return false;
  stored = wanted;
  if (made.size() != stored.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < made.size(); ++i) difference |= static_cast<unsigned char>(made[i] ^ stored[i]);
  return difference == 0;
}

}  // namespace rri::app
