// tests/unit/app/tunnel_texts.h -- one crypto map entry as IOS text, and looks into its plan.
#pragma once

#include <algorithm>
#include <string>

#include "config/config.h"
#include "core/tunnel_plan.h"

namespace rri::app {

inline constexpr const char* kBase = R"(hostname HUB
crypto isakmp policy 10
 encryption aes 256
 hash sha256
 authentication pre-share
 group 14
crypto isakmp key secret1 address 198.51.100.2
crypto isakmp key secret2 address 198.51.100.3
crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac
access-list 102 permit ip 10.0.0.0 0.0.0.255 10.1.0.0 0.0.255.255
)";
inline constexpr const char* kInterface = R"(interface GigabitEthernet0/1
 ip address 203.0.113.1 255.255.255.252
 crypto map mymap
)";

inline std::string with_entry(const std::string& lines, const std::string& more = {}) {
  return kBase + more + "crypto map mymap 10 ipsec-isakmp\n" + lines + kInterface;
}

inline TunnelPlan plan_of(const std::string& text, const core::TunnelWorld& world = {}) {
  return core::plan_tunnels(parse_document(text).config, world);
}

inline const CharonSection* child_of(const CharonConnection& connection, std::string_view name) {
  const auto* children = connection.settings.find_section("children");
  return children == nullptr ? nullptr : children->find_section(name);
}

inline bool has_remark(const TunnelPlan& plan, std::string_view words, bool is_error) {
  return std::any_of(plan.remarks.begin(), plan.remarks.end(), [&](const TunnelRemark& remark) {
    return remark.is_error == is_error && remark.position.line > 0 && remark.text.find(words) != std::string::npos;
  });
}

inline constexpr const char* kEntry = " set peer 198.51.100.2\n set transform-set T\n match address 102\n";

}  // namespace rri::app
