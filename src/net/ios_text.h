// net/ios_text.h -- addresses as IOS writes them: IPv6 in capitals.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>

#include "net/address.h"
#include "net/prefix.h"

namespace rri {

inline std::string in_capitals(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

inline std::string ios_text(const IpAddress& address) { return in_capitals(address.to_string()); }
inline std::string ios_text(const Prefix& prefix) { return in_capitals(prefix.to_string()); }

}  // namespace rri
