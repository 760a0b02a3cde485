// Canonical interface names: IOS types in full, Linux names as they are.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "config/config.h"
#include "config/line_applier.h"

namespace rri {
namespace {

// Order matters: of several types that an abbreviation fits, the first wins, as
// IOS users expect of `g0/0` and `t0/0/0`.
constexpr std::array<std::string_view, 53> kInterfaceTypes = {
    "GigabitEthernet", "FastEthernet", "Ethernet", "TenGigabitEthernet", "TwentyFiveGigE", "FortyGigabitEthernet",
    "HundredGigE", "TwoGigabitEthernet", "FiveGigabitEthernet", "FourHundredGigE", "AppGigabitEthernet",
    "Serial", "Loopback", "Tunnel", "Vlan", "Port-channel", "Dialer", "Virtual-Template", "Virtual-Access",
    "Virtual-PPP", "VirtualPortGroup", "BVI", "BDI", "BRI", "Null", "Multilink", "MFR", "Async", "Group-Async",
    "ATM", "POS", "Cellular", "Dot11Radio", "nve", "LISP", "Hssi", "Fddi", "TokenRing", "pseudowire",
    "Embedded-Service-Engine", "Service-Engine", "Integrated-Service-Engine", "Content-Engine", "ucse", "ISM", "SM",
    "Wlan-GigabitEthernet", "wlan-ap", "CEM", "NVI", "EOBC", "Management",
    "Ethernet-Internal"};

// Lower-case Linux names that look like abbreviations of an IOS type.
constexpr std::array<std::string_view, 8> kLinuxNames = {"eth", "vlan", "tun", "br", "nve", "wlan", "bond", "em"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_unit(std::string_view text) {  // 0/0/1.100, 0/1/0:0
  if (text.empty() || !is_digit(text.front()) || !is_digit(text.back())) return false;
  while (true) {
    const auto end = std::min(text.find_first_of("/.:"), text.size());
    if (!parse_number<std::uint32_t>(text.substr(0, end))) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_linux_name(std::string_view name) {
  constexpr std::size_t kMaxDeviceName = 15;  // IFNAMSIZ - 1
  if (name.empty() || name.size() > kMaxDeviceName) return false;
  if (std::isalpha(static_cast<unsigned char>(name.front())) == 0 && name.front() != '_') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_' || c == '@';
  });
}

std::string_view find_type(std::string_view letters) {
  for (const auto type : kInterfaceTypes) {
    if (equal_ignoring_case(letters, type)) return type;
  }
  for (const auto type : kInterfaceTypes) {
    if (is_beginning_of(letters, type)) return type;
  }
  return {};
}

}  // namespace

bool is_bare_interface_type(std::string_view name) {
  const bool has_digit = std::any_of(name.begin(), name.end(), is_digit);
  return !name.empty() && !has_digit && name != "lo" && !find_type(name).empty();
}

std::string ios_interface(std::string_view name) {
  const auto first = static_cast<std::size_t>(std::find_if(name.begin(), name.end(), is_digit) - name.begin());
  const auto type = first > 0 ? find_type(name.substr(0, first)) : std::string_view();
  return !type.empty() && is_unit(name.substr(first)) ? std::string(type) + std::string(name.substr(first)) : std::string();
}

bool is_virtual_interface(std::string_view name) {
  constexpr std::array<std::string_view, 14> kVirtual = {"Loopback", "Tunnel", "Vlan", "Port-channel", "Dialer", "Virtual-", "VirtualPortGroup",
                                                         "BVI", "BDI", "Null", "Multilink", "nve", "LISP", "NVI"};
  const auto letters = name.substr(0, name.find_first_of("0123456789"));
  const bool is_linux = std::find(kInterfaceTypes.begin(), kInterfaceTypes.end(), letters) == kInterfaceTypes.end();
  if (is_linux || name.find('.') != std::string_view::npos) return true;
  return std::any_of(kVirtual.begin(), kVirtual.end(), [&](std::string_view type) { return name.starts_with(type); });
}

std::string canonical_interface(std::string_view name) {
  const auto blank = name.find_first_of(" \t");
  const bool in_two_words = blank != std::string_view::npos;
  auto letters = in_two_words ? name.substr(0, blank) : name;
  auto unit = in_two_words ? trim(name.substr(blank)) : std::string_view();
  if (!in_two_words) {
    const auto first = std::find_if(name.begin(), name.end(), is_digit);
    const auto at = static_cast<std::size_t>(first - name.begin());
    letters = name.substr(0, at);
    unit = name.substr(at);
    const bool known_to_linux = std::find(kLinuxNames.begin(), kLinuxNames.end(), letters) != kLinuxNames.end();
    if (known_to_linux && is_linux_name(name)) return std::string(name);
  }
  const auto type = letters.empty() ? std::string_view() : find_type(letters);
  if (!type.empty() && is_unit(unit)) return std::string(type) + std::string(unit);
  return !in_two_words && is_linux_name(name) ? std::string(name) : std::string();
}

}  // namespace rri
