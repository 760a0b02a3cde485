#include "shell/word_help.h"

#include <algorithm>
#include <array>

namespace rri::shell {

namespace {

struct WordHelp {
  std::string_view word;
  std::string_view help;
};

/// By word.
constexpr std::array kHelp = {
    WordHelp{"A.B.C.D", "IP address or network"},
    WordHelp{"LINE", "Text up to the end of the line"},
    WordHelp{"WORD", "Name"},
    WordHelp{"X:X:X:X::X", "IPv6 address"},
    WordHelp{"access-list", "Add an access list entry"},
    WordHelp{"address", "Address"},
    WordHelp{"address-family", "Enter Address Family command mode"},
    WordHelp{"all", "All of them"},
    WordHelp{"brief", "Brief summary"},
    WordHelp{"clear", "Reset functions"},
    WordHelp{"configure", "Enter configuration mode"},
    WordHelp{"copy", "Copy from one file to another"},
    WordHelp{"crypto", "Encryption module"},
    WordHelp{"debug", "Debugging functions (see also 'undebug')"},
    WordHelp{"deny", "Specify packets to reject"},
    WordHelp{"detail", "Display more detail"},
    WordHelp{"enable", "Turn on privileged commands"},
    WordHelp{"host", "A single host"},
    WordHelp{"engine", "Crypto engine"},
    WordHelp{"ikev2", "Internet Key Exchange, version 2"},
    WordHelp{"interface", "Select an interface"},
    WordHelp{"ip", "IP information and configuration"},
    WordHelp{"ipsec", "IPSEC policy"},
    WordHelp{"ipv6", "IPv6 information and configuration"},
    WordHelp{"isakmp", "ISAKMP policy"},
    WordHelp{"linux", "What belongs to Linux"},
    WordHelp{"map", "Crypto map"},
    WordHelp{"match", "Match values"},
    WordHelp{"no", "Negate a command or set its defaults"},
    WordHelp{"permit", "Specify packets to forward"},
    WordHelp{"prefix-list", "Build a prefix list"},
    WordHelp{"route", "Routes"},
    WordHelp{"rri", "Reverse Route Injection on Linux"},
    WordHelp{"set", "Set values for encryption/decryption"},
    WordHelp{"show", "Show running system information"},
    WordHelp{"standby", "HSRP information and configuration"},
    WordHelp{"static", "Static routes"},
    WordHelp{"terminal", "Terminal line parameters"},
    WordHelp{"undebug", "Disable debugging functions (see also 'debug')"},
    WordHelp{"vrf", "VPN Routing/Forwarding instance"},
    WordHelp{"write", "Write running configuration to memory"},
};

}  // namespace

std::string_view word_help(std::string_view word) {
  const auto found = std::find_if(kHelp.begin(), kHelp.end(), [&](const WordHelp& entry) { return entry.word == word; });
  return found == kHelp.end() ? std::string_view() : found->help;
}

}  // namespace rri::shell
