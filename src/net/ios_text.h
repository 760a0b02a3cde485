// net/ios_text.h -- addresses as IOS writes them: IPv6 in capitals.
#pragma once

#include <string>

#include "base/text.h"
#include "net/address.h"
#include "net/prefix.h"

namespace rri {

inline std::string ios_text(const IpAddress& address) { return to_upper(address.to_string()); }
inline std::string ios_text(const Prefix& prefix) { return to_upper(prefix.to_string()); }

}  // namespace rri
