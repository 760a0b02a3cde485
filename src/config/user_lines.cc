#include "config/user_lines.h"

#include "base/text.h"
#include "config/line_applier.h"

namespace rri {

std::string UserLine::text() const {
  auto text = "username " + name;
  if (!privilege.empty()) text += " privilege " + privilege;
  return secret.empty() ? text : text + ' ' + secret;
}

std::optional<UserLine> parse_user_line(const LexedLine& line) {
  const auto& words = line.words;
  if (words.size() < 3 || words[0].text != "username") return std::nullopt;
  UserLine user;
  user.name = words[1].text;
  std::size_t at = 2;
  if (words[at].text == "privilege" && words.size() > 3) {
    user.privilege = words[3].text;
    at = 4;
  }
  if (at == words.size()) return user;
  if (at + 1 >= words.size() || (words[at].text != "secret" && words[at].text != "password")) return std::nullopt;
  user.secret = line.rest_from(at);
  return user;
}

void hash_user_secret(UserLine& user, const std::function<std::string(std::string_view clear)>& hash) {
  constexpr std::string_view kSecret = "secret ";
  if (!user.secret.starts_with(kSecret)) return;
  auto clear = std::string_view(user.secret).substr(kSecret.size());
  const auto type = clear.substr(0, clear.find(' '));
  const bool is_typed = type.size() < clear.size() && parse_number<unsigned>(type).has_value();
  if (is_typed && type != "0") return;
  if (is_typed) clear = trim(clear.substr(type.size()));
  user.secret = std::string(kSecret) + (hash ? hash(clear) : "5 *");
}

/// A new privilege or secret of a user that is there goes into that line. False: the
/// line is carried as any other (its text may be another now).
bool LineApplier::merge_username() {
  auto user = parse_user_line(lexed_);
  if (!user || negated_) return false;
  auto list = siblings(0);
  const auto whole = lexed_.rest_from(0);
  for (auto& line : list.lines) {
    if (line.kind != LineKind::Carried || !line.words[0].text.starts_with("username ")) continue;
    if (line.words[0].text == whole) break;
    if (line.words[0].text.find(user->name) == std::string::npos) continue;  // most lines, of thousands: not worth taking apart
    const auto known = parse_user_line(lex_line(line.words[0].text));
    if (!known || known->name != user->name) continue;
    hash_user_secret(*user, editor_.options_.hash_secret);
    if (user->privilege.empty()) user->privilege = known->privilege;
    if (user->secret.empty()) user->secret = known->secret;
    line.words[0].text = user->text();
    remember(editor_, editor_.frames_[0].identity, line);
    result_.outcome = LineResult::Outcome::Carried;
    return true;
  }
  const auto written = user->secret;
  hash_user_secret(*user, editor_.options_.hash_secret);
  if (user->secret != written) text_ = user->text();
  return false;
}

/// `key config-key password-encrypt`: the device keeps it, its configuration does not.
bool LineApplier::is_secret_of_the_device() const {
  const auto first = first_word();
  return lexed_.words.size() > first + 1 && lexed_.words[first].text == "key" && lexed_.words[first + 1].text == "config-key";
}

}  // namespace rri
