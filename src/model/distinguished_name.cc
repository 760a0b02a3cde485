#include "model/distinguished_name.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace rri {
namespace {

struct PartType {
  std::string_view written;  // in lower case
  std::string_view charon;
};

/// IOS's, OpenSSL's and charon's words; charon's own "S" and "SN" are surname and serial number.
constexpr std::array kTypes = {
    PartType{"cn", "CN"}, PartType{"o", "O"}, PartType{"ou", "OU"}, PartType{"c", "C"}, PartType{"st", "ST"}, PartType{"l", "L"},
    PartType{"dc", "DC"}, PartType{"e", "E"}, PartType{"ea", "E"}, PartType{"email", "E"}, PartType{"emailaddress", "E"},
    PartType{"t", "T"}, PartType{"title", "T"}, PartType{"g", "G"}, PartType{"gn", "G"}, PartType{"uid", "UID"},
    PartType{"serialnumber", "serialNumber"}, PartType{"unstructuredname", "unstructuredName"}, PartType{"hostname", "unstructuredName"},
};

std::string_view charon_type(std::string_view type) {
  const auto lower = to_lower(trim(type));
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const PartType& one) { return one.written == lower; });
  return found == kTypes.end() ? std::string_view() : found->charon;
}

std::string_view without_quotes(std::string_view text) {
  const auto inner = trim(text);
  const bool quoted = inner.size() > 1 && inner.front() == '"' && inner.back() == '"';
  return quoted ? inner.substr(1, inner.size() - 2) : inner;
}

}  // namespace

std::optional<DistinguishedName> DistinguishedName::parse(std::string_view text) {
  DistinguishedName name;
  for (const auto piece : split(without_quotes(text), ',')) {
    const auto equals = piece.find('=');
    if (equals == std::string_view::npos && !name.parts.empty()) {
      name.parts.back().second += ',';
      name.parts.back().second += piece;
      continue;
    }
    if (equals == std::string_view::npos || !name.add(piece.substr(0, equals), piece.substr(equals + 1))) return std::nullopt;
  }
  return name.parts.empty() ? std::nullopt : std::optional(std::move(name));
}

bool DistinguishedName::add(std::string_view type, std::string_view value) {
  const auto known = charon_type(type);
  if (known.empty() || trim(value).empty()) return false;
  parts.emplace_back(known, trim(value));
  return true;
}

void DistinguishedName::add_missing(const DistinguishedName& other) {
  for (const auto& part : other.parts) {
    if (!contains({{part}})) parts.push_back(part);
  }
}

bool DistinguishedName::contains(const DistinguishedName& other) const {
  return std::all_of(other.parts.begin(), other.parts.end(), [&](const auto& wanted) {
    return std::any_of(parts.begin(), parts.end(), [&](const auto& part) {
      return part.first == wanted.first && equal_ignoring_case(part.second, wanted.second);
    });
  });
}

std::string DistinguishedName::to_string() const {
  const bool has_comma = std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.second.find(',') != std::string::npos; });
  std::string text;
  for (const auto& [type, value] : parts) {
    text += has_comma ? "/" : text.empty() ? "" : ", ";
    text += type + '=';
    text += value;
  }
  return text;
}

}  // namespace rri
