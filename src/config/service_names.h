// config/service_names.h -- the names IOS has in access lists for numbers.
//
// One row says how a name is read and how its number is printed, so that `eq 80` and
// `eq www` are one thing. Sources: "Cisco IOS Security Command Reference", commands
// `permit (IP)` and `permit (IPv6)`; the numbers are IANA's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace rri {

/// A name and its number. Of several names of one number, the first is printed.
struct Service {
  std::string_view name;
  int number = -1;  // -1: the name stands for no number
  int code = -1;    // of ICMP; -1: all
  bool is_printed = true;
};

std::span<const Service> protocol_names();
std::span<const Service> protocol6_names();
std::span<const Service> tcp_port_names();
std::span<const Service> udp_port_names();
std::span<const Service> icmp_type_names();
std::span<const Service> icmp6_type_names();
std::span<const Service> igmp_type_names();
std::span<const Service> dscp_names();
std::span<const Service> precedence_names();
std::span<const Service> tos_names();
std::span<const Service> option_names();
std::span<const Service> tcp_flag_names();

/// The row of this name, whatever its case; nullptr when there is none.
const Service* find_service(std::span<const Service> services, std::string_view name);

/// The name that is printed for a number; "" when it is printed as a number.
std::string_view service_name(std::span<const Service> services, int number, int code = -1);

}  // namespace rri
