// config/service_numbers.h -- numbers behind the names of access list lines, and
// the ports and options of one line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/config.h"

namespace rri {

/// "www" is 80, "isakmp" is 500; also plain numbers. Names that TCP and UDP give
/// different numbers ("syslog" is UDP's 514 in both) are told apart by `udp`.
std::optional<std::uint16_t> port_number(std::string_view name, bool udp);

/// Sets source_ports, destination_ports and options from the line's canonical text.
void set_services(AclLine& line);

}  // namespace rri
