#include "app/piped_answer.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace rri::app {

namespace {

using shell::FilterKind;

/// "flash:NAME" and "bootflash:/NAME" are IOS's ways to say NAME.
std::string_view plain_name(std::string_view name) {
  for (const std::string_view place : {"flash:", "bootflash:"}) {
    if (!name.starts_with(place)) continue;
    name.remove_prefix(place.size());
    if (name.starts_with('/')) name.remove_prefix(1);
  }
  return name;
}

/// Who has nothing but this shell must not come by another one: no file that a login
/// shell, ssh or a mailer reads has such a name.
bool is_plain(std::string_view name) { return !name.empty() && name.front() != '.' && name.find_first_of("/ \t") == std::string_view::npos; }

}  // namespace

Result<PipedAnswer> PipedAnswer::make(const std::optional<shell::FilterWords>& words, const Print& print) {
  PipedAnswer made(print);
  if (!words) return made;
  if (shell::writes_file(words->kind)) {
    const std::string name(plain_name(words->expression));
    if (!is_plain(name)) {
      return fail("write to {}: name a file without a path, it is made in the directory that rri was started in", printable(words->expression));
    }
    made.kind_ = words->kind;
    made.file_name_ = name;
    return made;
  }
  auto filter = shell::LineFilter::make(*words);
  if (!filter) return tl::make_unexpected(filter.error());
  made.filter_ = std::make_unique<shell::LineFilter>(std::move(*filter));
  return made;
}

void PipedAnswer::take(std::string_view bytes) {
  has_begun_ = true;
  if (!file_name_.empty()) write(bytes);
  if (!file_name_.empty() && kind_ != FilterKind::Tee) return;
  print_(filter_ ? filter_->feed(bytes) : bytes);
}

/// The first bytes open the file: a command that is wrong empties none.
void PipedAnswer::write(std::string_view bytes) {
  if (!file_ && trouble_.empty()) {
    constexpr mode_t kOnlyOwner = 0600;  // a configuration has secrets in it
    const int how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (kind_ == FilterKind::Append ? O_APPEND : O_TRUNC);
    const int descriptor = ::open(file_name_.c_str(), how, kOnlyOwner);
    if (descriptor >= 0) file_.reset(::fdopen(descriptor, "w"));
  }
  if (trouble_.empty() && (!file_ || std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())) {
    trouble_ = fmt::format("%Error opening {} ({})\n", printable(file_name_), std::strerror(errno));
  }
}

std::string PipedAnswer::finish() {
  if (filter_) print_(filter_->finish());
  if (file_name_.empty()) return {};
  write({});
  if (trouble_.empty() && std::fclose(file_.release()) != 0) trouble_ = fmt::format("%Error writing {} ({})\n", printable(file_name_), std::strerror(errno));
  return trouble_;
}

}  // namespace rri::app
