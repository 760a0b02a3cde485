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
    WordHelp{"any", "Any host"},
    WordHelp{"brief", "Brief summary"},
    WordHelp{"clear", "Reset functions"},
    WordHelp{"configuration", "Configuration lines that nothing acts on"},
    WordHelp{"configure", "Enter configuration mode"},
    WordHelp{"confirm", "Keep the changes"},
    WordHelp{"connected", "Connected"},
    WordHelp{"copy", "Copy from one file to another"},
    WordHelp{"crypto", "Encryption module"},
    WordHelp{"debug", "Debugging functions (see also 'undebug')"},
    WordHelp{"default", "Set a command to its defaults"},
    WordHelp{"deny", "Specify packets to reject"},
    WordHelp{"detail", "Display more detail"},
    WordHelp{"distance", "Distance metric"},
    WordHelp{"dynamic", "Enter a dynamic crypto map entry"},
    WordHelp{"enable", "Turn on privileged commands"},
    WordHelp{"engine", "Crypto engine"},
    WordHelp{"eq", "Match only packets on a given port number"},
    WordHelp{"extended", "Extended access list"},
    WordHelp{"force", "Do not ask"},
    WordHelp{"forwarding", "Configure forwarding table"},
    WordHelp{"gateway", "Gateway"},
    WordHelp{"gt", "Match only packets with a greater port number"},
    WordHelp{"history", "What happened before"},
    WordHelp{"host", "A single host"},
    WordHelp{"ikev2", "Internet Key Exchange, version 2"},
    WordHelp{"interface", "Select an interface"},
    WordHelp{"inventory", "Show the physical inventory"},
    WordHelp{"ip", "IP information and configuration"},
    WordHelp{"ipsec", "IPSEC policy"},
    WordHelp{"ipsec-isakmp", "IPSEC w/ISAKMP"},
    WordHelp{"ipv6", "IPv6 information and configuration"},
    WordHelp{"isakmp", "ISAKMP policy"},
    WordHelp{"keyring", "Key ring commands"},
    WordHelp{"length", "Set number of lines on a screen"},
    WordHelp{"lifetime", "Security association lifetime"},
    WordHelp{"linux", "What belongs to Linux"},
    WordHelp{"log", "Log matches against this entry"},
    WordHelp{"lt", "Match only packets with a lower port number"},
    WordHelp{"map", "Crypto map"},
    WordHelp{"match", "Match values"},
    WordHelp{"memory", "Write to NV memory"},
    WordHelp{"more", "Display the contents of a file"},
    WordHelp{"name", "Name"},
    WordHelp{"neq", "Match only packets not on a given port number"},
    WordHelp{"no", "Negate a command or set its defaults"},
    WordHelp{"now", "At once"},
    WordHelp{"nvram:startup-config", "Startup configuration"},
    WordHelp{"object-group", "Configure Object Group"},
    WordHelp{"peer", "Allowed Encryption/Decryption peer"},
    WordHelp{"permanent", "Permanent route"},
    WordHelp{"permit", "Specify packets to forward"},
    WordHelp{"prefix-list", "Build a prefix list"},
    WordHelp{"profile", "Profile"},
    WordHelp{"range", "Match only packets in the range"},
    WordHelp{"redundancy", "Redundancy"},
    WordHelp{"remark", "Access list entry comment"},
    WordHelp{"replace", "Replace the running-config with a new config file"},
    WordHelp{"revert", "Parameters for reverting the configuration"},
    WordHelp{"route", "Routes"},
    WordHelp{"routing", "Enable IP routing"},
    WordHelp{"rri", "Reverse Route Injection on Linux"},
    WordHelp{"running-config", "Current operating configuration"},
    WordHelp{"security-association", "Security association parameters"},
    WordHelp{"seq", "Sequence number of an entry"},
    WordHelp{"set", "Set values for encryption/decryption"},
    WordHelp{"show", "Show running system information"},
    WordHelp{"size", "Set history buffer size"},
    WordHelp{"standard", "Standard access list"},
    WordHelp{"standby", "HSRP information and configuration"},
    WordHelp{"startup-config", "Startup configuration"},
    WordHelp{"static", "Static routes"},
    WordHelp{"system:running-config", "Current operating configuration"},
    WordHelp{"tag", "Tag"},
    WordHelp{"tcp", "Transmission Control Protocol"},
    WordHelp{"terminal", "Terminal line parameters"},
    WordHelp{"timer", "Time until the changes are undone"},
    WordHelp{"track", "Object tracking"},
    WordHelp{"transform-set", "Transform sets"},
    WordHelp{"udp", "User Datagram Protocol"},
    WordHelp{"undebug", "Disable debugging functions (see also 'debug')"},
    WordHelp{"vrf", "VPN Routing/Forwarding instance"},
    WordHelp{"width", "Set width of the display terminal"},
    WordHelp{"write", "Write running configuration to memory"},
    WordHelp{"|", "Output modifiers"},
};

/// By slot.
constexpr std::array kValues = {
    WordHelp{"0-256", "Number of commands; 0 for none"},
    WordHelp{"1-120", "Minutes"},
    WordHelp{"acl", "Access-list name or number"},
    WordHelp{"address", "IP address"},
    WordHelp{"answer_file", "Name of a file where rri runs"},
    WordHelp{"cookie", "Log cookie"},
    WordHelp{"destination", "Destination address"},
    WordHelp{"destination_bits", "Destination wildcard bits"},
    WordHelp{"destination_group", "Destination object group"},
    WordHelp{"device", "Name of a Linux device"},
    WordHelp{"distance", "Distance metric for this route"},
    WordHelp{"dynamic", "Name of dynamic-map"},
    WordHelp{"expression", "Regular Expression"},
    WordHelp{"file", "Path of a file of this host, or startup-config"},
    WordHelp{"first", "First address"},
    WordHelp{"gateway", "Forwarding router's address"},
    WordHelp{"ge", "Minimum prefix length to be matched"},
    WordHelp{"group", "Group number or name"},
    WordHelp{"hello", "Hello interval in seconds"},
    WordHelp{"hold", "Hold time in seconds"},
    WordHelp{"host", "Host name or address"},
    WordHelp{"if", "Interface name"},
    WordHelp{"interface", "Interface name"},
    WordHelp{"isakmp", "ISAKMP profile"},
    WordHelp{"kept", "What IOS takes here: it is kept, and nothing here acts on it"},
    WordHelp{"keyring", "Keyring name"},
    WordHelp{"last", "Last address"},
    WordHelp{"le", "Maximum prefix length to be matched"},
    WordHelp{"length", "Prefix length"},
    WordHelp{"level", "Level number"},
    WordHelp{"list", "Name or number of a list"},
    WordHelp{"map", "Crypto Map tag"},
    WordHelp{"map-name", "Crypto Map tag"},
    WordHelp{"mask", "IP mask"},
    WordHelp{"maximum", "Number of prefixes"},
    WordHelp{"minimum", "Number of seconds for minimum delay"},
    WordHelp{"minutes", "Minutes"},
    WordHelp{"name", "Name"},
    WordHelp{"network", "Destination prefix"},
    WordHelp{"number", "Number of the object"},
    WordHelp{"object", "Tracked object number"},
    WordHelp{"peer", "IP address or host name of the peer"},
    WordHelp{"port", "Port number or name"},
    WordHelp{"prefix", "Network, or address"},
    WordHelp{"priority", "Priority"},
    WordHelp{"profile", "Profile name"},
    WordHelp{"proto", "An IP protocol number"},
    WordHelp{"rd", "ASN:nn or IP-address:nn"},
    WordHelp{"reload", "Number of seconds for reload delay"},
    WordHelp{"remark", "Comment up to the end of the line"},
    WordHelp{"seconds", "Seconds"},
    WordHelp{"secret", "The secret, or its hash"},
    WordHelp{"seq", "Sequence number"},
    WordHelp{"source", "Source address"},
    WordHelp{"source_bits", "Source wildcard bits"},
    WordHelp{"source_group", "Source object group"},
    WordHelp{"start", "Starting sequence number"},
    WordHelp{"step", "Step to increment the sequence number"},
    WordHelp{"sync", "Number of seconds for sync delay"},
    WordHelp{"tag", "Tag value"},
    WordHelp{"text", "Text up to the end of the line"},
    WordHelp{"track", "Tracked object number"},
    WordHelp{"value", "Value"},
    WordHelp{"vrf", "VPN Routing/Forwarding instance name"},
    WordHelp{"vrid", "VRRP id"},
};

struct CommandHelp {
  std::string_view command;  // its help
  std::string_view word;
  std::string_view help;
};

/// Words that mean something of their own in one command.
constexpr std::array kInCommand = {
    CommandHelp{"Allowed Encryption/Decryption peer", "default", "Peer is the default peer"},
    CommandHelp{"Allowed Encryption/Decryption peer", "dynamic", "Resolve the host name when the tunnel is started"},
    CommandHelp{kProtocol, "ahp", "Authentication Header Protocol"},
    CommandHelp{kProtocol, "eigrp", "Cisco's EIGRP routing protocol"},
    CommandHelp{kProtocol, "esp", "Encapsulation Security Payload"},
    CommandHelp{kProtocol, "gre", "Cisco's GRE tunneling"},
    CommandHelp{kProtocol, "hbh", "Hop by Hop options header"},
    CommandHelp{kProtocol, "icmp", "Internet Control Message Protocol"},
    CommandHelp{kProtocol, "igmp", "Internet Gateway Message Protocol"},
    CommandHelp{kProtocol, "ip", "Any Internet Protocol"},
    CommandHelp{kProtocol, "ipinip", "IP in IP tunneling"},
    CommandHelp{kProtocol, "ipv6", "Any IPv6"},
    CommandHelp{kProtocol, "nos", "KA9Q NOS compatible IP over IP tunneling"},
    CommandHelp{kProtocol, "object-group", "Service object group"},
    CommandHelp{kProtocol, "ospf", "OSPF routing protocol"},
    CommandHelp{kProtocol, "pcp", "Payload Compression Protocol"},
    CommandHelp{kProtocol, "pim", "Protocol Independent Multicast"},
    CommandHelp{kProtocol, "sctp", "Stream Control Transmission Protocol"},
    CommandHelp{kProtocol, "tcp", "Transmission Control Protocol"},
    CommandHelp{kProtocol, "udp", "User Datagram Protocol"},
};

template <class Table>
std::string_view find_help(const Table& table, std::string_view word) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const WordHelp& entry) { return entry.word == word; });
  return found == table.end() ? std::string_view() : found->help;
}

}  // namespace

std::string_view word_help(std::string_view word) { return find_help(kHelp, word); }

std::string_view word_help_in(std::string_view command_help, std::string_view word) {
  const auto found = std::find_if(kInCommand.begin(), kInCommand.end(), [&](const CommandHelp& row) { return row.command == command_help && row.word == word; });
  return found == kInCommand.end() ? std::string_view() : found->help;
}

std::string_view value_help(std::string_view slot) { return find_help(kValues, slot); }

}  // namespace rri::shell
