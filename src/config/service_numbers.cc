#include "config/service_numbers.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace rri {
namespace {

using Service = std::pair<std::string_view, std::uint16_t>;

// As "Cisco IOS Security Command Reference, access-list (IP extended)" lists them; IANA's numbers.
constexpr std::array<Service, 62> kServices = {{
    {"bgp", 179}, {"biff", 512}, {"bootpc", 68}, {"bootps", 67}, {"chargen", 19}, {"cmd", 514},
    {"connectedapps-plain", 15001}, {"connectedapps-tls", 15002}, {"daytime", 13}, {"discard", 9}, {"dnsix", 195},
    {"domain", 53}, {"drip", 3949}, {"echo", 7}, {"exec", 512}, {"finger", 79}, {"ftp", 21}, {"ftp-data", 20},
    {"gopher", 70}, {"hostname", 101}, {"https", 443}, {"ident", 113}, {"irc", 194}, {"isakmp", 500},
    {"klogin", 543}, {"kshell", 544}, {"login", 513}, {"lpd", 515}, {"mobile-ip", 434}, {"msrpc", 135},
    {"nameserver", 42}, {"netbios-dgm", 138}, {"netbios-ns", 137}, {"netbios-ss", 139}, {"nntp", 119},
    {"non500-isakmp", 4500}, {"ntp", 123}, {"onep-plain", 15001}, {"onep-tls", 15002}, {"pim-auto-rp", 496},
    {"pop2", 109}, {"pop3", 110}, {"rip", 520}, {"ripv6", 521}, {"smtp", 25}, {"snmp", 161}, {"snmptrap", 162},
    {"sunrpc", 111}, {"syslog", 514}, {"tacacs", 49}, {"talk", 517}, {"telnet", 23}, {"tftp", 69}, {"time", 37},
    {"uucp", 540}, {"who", 513}, {"whois", 43}, {"www", 80}, {"xdmcp", 177}, {"radius", 1812}, {"ldap", 389},
    {"ssh", 22},
}};

constexpr std::uint16_t kLastPort = 65535;

/// Walks over the words of one line.
class Words {
 public:
  explicit Words(std::string_view text) : words_(split_words(text)) {}
  [[nodiscard]] std::string_view peek() const { return at_ < words_.size() ? words_[at_] : std::string_view(); }
  std::string_view next() { return at_ < words_.size() ? words_[at_++] : std::string_view(); }
  void skip_to_protocol() {
    while (!peek().empty() && peek() != "permit" && peek() != "deny") next();
    next();
  }
  [[nodiscard]] std::string rest() const {
    std::string text;
    for (std::size_t i = at_; i < words_.size(); ++i) {
      if (!text.empty()) text += ' ';
      text += words_[i];
    }
    return text;
  }

 private:
  std::vector<std::string_view> words_;
  std::size_t at_ = 0;
};

/// any, host A, object-group G, A W, or P/L.
void skip_end(Words& words) {
  const auto first = words.next();
  if (first == "any" || first.find('/') != std::string_view::npos) return;
  words.next();
}

std::vector<PortRange> read_ports(Words& words, bool udp) {
  const auto relation = words.peek();
  std::vector<PortRange> ports;
  if (relation != "eq" && relation != "neq" && relation != "gt" && relation != "lt" && relation != "range") return ports;
  words.next();
  std::vector<std::uint16_t> numbers;
  while (const auto number = port_number(words.peek(), udp)) {
    numbers.push_back(*number);
    words.next();
  }
  if (numbers.empty()) return ports;
  const auto one = numbers.front();
  if (relation == "gt" && one < kLastPort) ports.push_back({static_cast<std::uint16_t>(one + 1), kLastPort});
  if (relation == "lt" && one > 0) ports.push_back({0, static_cast<std::uint16_t>(one - 1)});
  if (relation == "range") ports.push_back({std::min(one, numbers.back()), std::max(one, numbers.back())});
  if (relation == "eq") {
    for (const auto number : numbers) ports.push_back({number, number});
  }
  if (relation == "neq") {
    if (one > 0) ports.push_back({0, static_cast<std::uint16_t>(one - 1)});
    if (one < kLastPort) ports.push_back({static_cast<std::uint16_t>(one + 1), kLastPort});
  }
  return ports;
}

}  // namespace

std::optional<std::uint16_t> port_number(std::string_view name, bool udp) {
  if (const auto number = parse_number<std::uint16_t>(name)) return number;
  if (name == "exec" && udp) return std::nullopt;
  const auto* found = std::find_if(kServices.begin(), kServices.end(), [&](const Service& one) { return one.first == name; });
  if (found == kServices.end()) return std::nullopt;
  return found->second;
}

void set_services(AclLine& line) {
  Words words(line.text);
  words.skip_to_protocol();
  const auto protocol = words.next();
  if (protocol == "object-group") {
    line.options = "object-group " + std::string(words.peek());
    return;
  }
  const bool udp = protocol == "udp" || protocol == "17";
  const bool has_ports = udp || protocol == "tcp" || protocol == "6" || protocol == "sctp" || protocol == "132";
  skip_end(words);
  if (has_ports) line.source_ports = read_ports(words, udp);
  skip_end(words);
  if (has_ports) line.destination_ports = read_ports(words, udp);
  line.options = words.rest();
}

}  // namespace rri
