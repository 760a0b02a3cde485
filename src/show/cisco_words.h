// show/cisco_words.h -- Cisco's names for what strongSwan calls otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/ike_sa.h"
#include "net/selector.h"

namespace rri::show {

/// "esp-256-aes esp-sha256-hmac", as `show crypto ipsec sa` prints the transform of
/// an SA (key size in the middle, none for 128 bits).
std::string transform_of(const ChildSa& child);

/// Bytes of the initialisation vector.
unsigned iv_size(std::string_view encryption);

/// "AES-CBC", "AES-GCM", "3DES"; "SHA256"; "19" for "ECP_256", the name itself for
/// what Cisco has no number for.
std::string encryption_word(std::string_view encryption);
std::string hash_word(std::string_view integrity_or_prf);
std::string group_word(std::string_view group);

/// "PSK", "RSA", "EAP"...; "Unknown" where nothing is known.
std::string authentication_word(std::string_view authentication);

/// "00:10:25", "1d02h", "3w4d": how IOS writes how long something is up.
std::string uptime_word(std::uint64_t seconds);
/// "23:59:51", hours as many as there are.
std::string clock_word(std::uint64_t seconds);

/// Protocol and port of a selector: numbers, 0 for any. The names that strongSwan
/// prints are those of /etc/protocols and /etc/services; what is no name that
/// Cisco's lists have is 0.
struct Service {
  unsigned protocol = 0;
  unsigned port = 0;
};
Service service_of(const TrafficSelector& selector);

/// "10.1.0.0/255.255.0.0/0/0", or "10.1.0.5-10.1.0.9/0/0" for what is no network,
/// "2001:DB8::/32/0/0" for IPv6.
std::string ident_of(const TrafficSelector& selector);
/// "10.1.0.0/255.255.0.0", "host 10.1.0.1", "host 10.1.0.1 port 80".
std::string flow_of(const TrafficSelector& selector);

}  // namespace rri::show
