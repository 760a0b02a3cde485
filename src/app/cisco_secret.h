// app/cisco_secret.h -- secrets of type 8 and 9, as IOS XE writes them.
#pragma once

#include <string>
#include <string_view>

namespace rri::app {

/// Whether `stored` is `$8$SALT$HASH` or `$9$SALT$HASH` in Cisco's form.
bool is_cisco_secret(std::string_view stored);

/// What `clear` becomes with the type and the salt of `stored`; "" when this host cannot say.
std::string cisco_hash(std::string_view stored, std::string_view clear);

}  // namespace rri::app
