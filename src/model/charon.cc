#include "model/charon.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace rri {

bool operator==(const CharonSetting& a, const CharonSetting& b) { return a.name == b.name && a.value == b.value; }

void CharonSection::set(std::string name, std::string value) {
  settings.push_back({std::move(name), std::move(value)});
}

void CharonSection::set_list(std::string name, std::vector<std::string> values) {
  settings.push_back({std::move(name), std::move(values)});
}

CharonSection& CharonSection::section(std::string name) {
  settings.push_back({std::move(name), std::vector<CharonSection>(1)});
  return std::get<std::vector<CharonSection>>(settings.back().value).front();
}

const CharonSetting* CharonSection::find(std::string_view name) const {
  const auto found =
      std::find_if(settings.begin(), settings.end(), [&](const CharonSetting& setting) { return setting.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

std::string_view CharonSection::text(std::string_view name) const {
  const auto* setting = find(name);
  const auto* value = setting != nullptr ? std::get_if<std::string>(&setting->value) : nullptr;
  return value != nullptr ? std::string_view(*value) : std::string_view();
}

const std::vector<std::string>& CharonSection::list(std::string_view name) const {
  static const std::vector<std::string> kNone;
  const auto* setting = find(name);
  const auto* values = setting != nullptr ? std::get_if<std::vector<std::string>>(&setting->value) : nullptr;
  return values != nullptr ? *values : kNone;
}

const CharonSection* CharonSection::find_section(std::string_view name) const {
  const auto* setting = find(name);
  const auto* value = setting != nullptr ? std::get_if<std::vector<CharonSection>>(&setting->value) : nullptr;
  return value != nullptr ? &value->front() : nullptr;
}

const std::set<std::string>* TunnelPlan::find_configured(std::string_view connection) const {
  for (;;) {
    if (const auto found = configured.find(std::string(connection)); found != configured.end()) return &found->second;
    const auto tail = connection.rfind('_');
    if (tail == std::string_view::npos) return nullptr;
    connection = connection.substr(0, tail);
  }
}

const CharonConnection* TunnelPlan::find(std::string_view connection) const {
  const auto found = std::find_if(connections.begin(), connections.end(), [&](const auto& one) { return one.name == connection; });
  return found == connections.end() ? nullptr : &*found;
}

namespace {

bool is_plain(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; }

std::optional<std::string> decode_name(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '+') {
      text += name[i];
      continue;
    }
    constexpr std::size_t kDigits = 2;
    unsigned value = 0;
    const auto digits = name.substr(i + 1, kDigits);
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != kDigits || error != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
    text += static_cast<char>(value);
    i += kDigits;
  }
  return text;
}

}  // namespace

std::string charon_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    if (is_plain(c)) {
      name += c;
    } else {
      name += fmt::format("+{:02x}", static_cast<unsigned char>(c));
    }
  }
  return name;
}

std::string charon_address_name(std::string_view address) {
  std::string name;
  for (const char c : address) {
    if (c == '.' || c == ':') {
      name += '_';
    } else if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      name += c;
    } else {
      name += fmt::format("+{:02x}", static_cast<unsigned char>(c));
    }
  }
  return name;
}

std::string charon_connection_name(const EntryName& entry, std::string_view tail) {
  return fmt::format("{}{}-{}-{}", kCharonPrefix, charon_name(entry.map), entry.sequence, tail);
}

std::optional<EntryName> entry_of_connection(std::string_view name) {
  if (!name.starts_with(kCharonPrefix)) return std::nullopt;
  name.remove_prefix(kCharonPrefix.size());
  const auto tail = name.rfind('-');
  if (tail == std::string_view::npos || tail == 0) return std::nullopt;
  const auto before = name.rfind('-', tail - 1);
  if (before == std::string_view::npos || before == 0) return std::nullopt;
  const auto sequence = parse_number<std::uint32_t>(name.substr(before + 1, tail - before - 1));
  auto map = decode_name(name.substr(0, before));
  if (!sequence || !map) return std::nullopt;
  return EntryName{std::move(*map), *sequence};
}

namespace {
constexpr std::string_view kTemplateTail = "any_";
}

std::string charon_template_tail(std::uint32_t sequence) { return fmt::format("{}{}", kTemplateTail, sequence); }

std::optional<std::uint32_t> template_of_connection(std::string_view name) {
  if (!entry_of_connection(name)) return std::nullopt;
  name.remove_prefix(name.rfind('-') + 1);
  if (!name.starts_with(kTemplateTail)) return std::nullopt;
  name.remove_prefix(kTemplateTail.size());
  return parse_number<std::uint32_t>(name.substr(0, name.find('_')));
}

}  // namespace rri
