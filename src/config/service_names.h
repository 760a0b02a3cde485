// config/service_names.h -- the names IOS takes in access lists for numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace rri {

std::span<const std::string_view> protocol_names();
std::span<const std::string_view> protocol6_names();
std::span<const std::string_view> tcp_port_names();
std::span<const std::string_view> udp_port_names();
std::span<const std::string_view> icmp_type_names();
std::span<const std::string_view> icmp6_type_names();
std::span<const std::string_view> dscp_names();
std::span<const std::string_view> precedence_names();
std::span<const std::string_view> tos_names();
std::span<const std::string_view> tcp_flag_names();

}  // namespace rri
