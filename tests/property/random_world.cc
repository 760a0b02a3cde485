#include "property/random_world.h"

#include <fmt/format.h>

#include <iterator>

namespace rri::property {
namespace {

const std::vector<std::string> kLinks = {"eth0", "eth1"};
const std::vector<std::string> kGateways = {"192.168.0.1", "192.168.0.9", "192.168.5.1", "172.31.0.1"};
constexpr int kPeers = 6;
constexpr int kEntries = 4;

/// Peers 0-3 are IPv4, the others IPv6.
std::string peer(std::size_t number) {
  return number < 4 ? fmt::format("203.0.113.{}", 7 + number) : fmt::format("2001:db8:f::{}", number);
}

std::string interfaces() {
  return "interface GigabitEthernet0/0/1\n linux device eth0\n ip address 192.168.0.2 255.255.255.0\n"
         " ipv6 address 2001:db8:0:1::2/64\n standby 1 ip 192.168.0.3\n standby 1 name g1\n crypto map m "
         "redundancy g1\n"
         "interface GigabitEthernet0/0/2\n linux device eth1\n ip address 192.168.5.2 255.255.255.0\n crypto "
         "map m\n"
         "vrf definition RED\n address-family ipv4\n exit-address-family\n address-family ipv6\n "
         "exit-address-family\n"
         "crypto isakmp profile red\n vrf RED\n match identity address 203.0.113.8 255.255.255.255\n";
}

}  // namespace

std::string RandomWorld::reverse_route_words() {
  std::string words = " reverse-route";
  if (chance(30)) words += " static";
  const auto kind = below(4);
  if (kind == 1) words += " remote-peer";
  if (kind == 2) words += " remote-peer " + pick(kGateways);
  if (kind == 3) words += " remote-peer " + pick(kGateways) + " gateway";
  return words + "\n";
}

std::string RandomWorld::make_entry(int sequence) {
  const auto number = static_cast<std::size_t>(sequence);
  std::string body;
  if (chance(80)) body += reverse_route_words();
  if (chance(30)) body += fmt::format(" set reverse-route distance {}\n", 1 + below(3) * 127);
  if (chance(30)) body += fmt::format(" set reverse-route tag {}\n", 1 + below(3));
  if (chance(30)) body += " set isakmp-profile red\n";
  const bool is_template = chance(40);
  if (is_template) {
    return fmt::format("crypto dynamic-map d{0} 1\n{1}crypto map m {0} ipsec-isakmp dynamic d{0}\n", sequence,
                       body);
  }
  std::string text = fmt::format("crypto map m {} ipsec-isakmp\n set peer {}\n", sequence, peer(number - 1));
  if (chance(40)) text += fmt::format(" set peer {}\n", peer(number % kPeers));
  text += fmt::format(" match address A{}\n{}ip access-list extended A{}\n", sequence, body, sequence);
  text += fmt::format(" permit ip any 10.{}.0.0 0.0.255.255\n", 10 + sequence);
  if (chance(50)) text += fmt::format(" permit ip any 10.{}.1.0 0.0.0.255\n", 10 + below(kPeers));
  if (chance(30)) text += " permit ip any 10.0.0.0 0.255.255.255\n";
  return text;
}

std::string RandomWorld::make_config() {
  std::string text = interfaces();
  for (int sequence = 1; sequence <= kEntries; ++sequence) text += make_entry(sequence);
  if (chance(80)) text += "ip route 0.0.0.0 0.0.0.0 192.168.0.1\n";
  if (chance(40)) text += "ip route 0.0.0.0 0.0.0.0 192.168.5.1 200\n";
  if (chance(40)) text += "ip route 203.0.113.9 255.255.255.255 192.168.5.1\n";
  if (chance(40)) text += "ip route 10.11.1.0 255.255.255.0 192.168.0.9 tag 7\n";
  if (chance(60)) text += "ipv6 route ::/0 2001:db8:0:1::1\n";
  const std::vector<std::string> forms = {"peer", "gateway", "interface", "device tun0"};
  return text + "rri\n route form " + pick(forms) + "\n";
}

std::string RandomWorld::sa_up() {
  const auto number = below(kPeers);
  // Known to this peer only, so that no two peers of one entry claim one prefix.
  std::string remote = fmt::format("10.{}.{}.0/24", 10 + number, below(3));
  if (chance(30)) remote += fmt::format(",10.{}.0.0/16", 10 + number);
  if (chance(20)) remote += fmt::format(",2001:db8:1{}::/48", number);
  if (number == 0 && chance(40)) remote += ",203.0.113.0/24";
  if (number == 1 && chance(40)) remote += ",192.168.5.0/24";
  auto words = fmt::format("peer={} remote={}", peer(number), remote);
  const bool again = !live_.empty() && chance(15);
  const auto id =
      again ? std::next(live_.begin(), static_cast<std::ptrdiff_t>(below(live_.size())))->first : next_id_++;
  live_[id] = words;
  return fmt::format("sa up id={} {}\n", id, words);
}

std::string RandomWorld::sa_down() {
  if (live_.empty()) return "sa down id=999999\n";
  const auto at = std::next(live_.begin(), static_cast<std::ptrdiff_t>(below(live_.size())));
  const auto id = at->first;
  live_.erase(at);
  return fmt::format("sa down id={}\n", id);
}

std::string RandomWorld::sa_rekey() {
  if (live_.empty()) return "sa rekey id=999999 new=999998\n";
  const auto at = std::next(live_.begin(), static_cast<std::ptrdiff_t>(below(live_.size())));
  const auto id = at->first;
  const auto words = at->second;
  live_.erase(at);
  live_[next_id_] = words;
  return fmt::format("sa rekey id={} new={}\n", id, next_id_++);
}

std::string RandomWorld::link_event() {
  const auto& link = pick(kLinks);
  if (links_down_.erase(link) > 0) return fmt::format("link {} up\n", link);
  links_down_.insert(link);
  return fmt::format("link {} down\n", link);
}

std::string RandomWorld::group_event() {
  if (groups_active_.erase("g1") > 0) return "ha g1 standby\n";
  groups_active_.insert("g1");
  return "ha g1 active\n";
}

std::string RandomWorld::route_event() {
  const std::vector<std::string> prefixes = {"0.0.0.0/0", "203.0.113.0/24", "203.0.113.7/32", "10.11.0.0/16",
                                             "10.12.1.0/24"};
  const auto& prefix = pick(prefixes);
  if (routes_.contains(prefix) && chance(50)) {
    routes_.erase(prefix);
    return fmt::format("route del {}\n", prefix);
  }
  // On-link ones: whether a gateway behind other routes is refused depends on when it comes.
  const std::vector<std::string> gateways = {"192.168.0.1", "192.168.0.9", "192.168.5.1"};
  routes_[prefix] = "via " + pick(gateways);
  return fmt::format("route add {} {}\n", prefix, routes_[prefix]);
}

/// Each kind of edit sets one thing, whatever it was before.
std::string RandomWorld::config_event() {
  const auto sequence = 1 + below(kEntries);
  const std::vector<std::string> forms = {"peer", "gateway", "interface", "device tun0"};
  std::string what;
  std::string block;
  switch (below(4)) {
    case 0:
      what = "form";
      block = "rri\n route form " + pick(forms) + "\n";
      break;
    case 1:
      what = "acl" + std::to_string(sequence);
      block = fmt::format("ip access-list extended A{}\n {} 500\n", sequence, chance(50) ? "no" : "default");
      if (chance(50))
        block = fmt::format("ip access-list extended A{}\n 500 permit ip any 10.{}.2.0 0.0.0.255\n", sequence,
                            10 + below(kPeers));
      break;
    case 2:
      what = "attachment";
      block = fmt::format("interface GigabitEthernet0/0/2\n {}crypto map m\n", chance(50) ? "no " : "");
      break;
    default:
      what = "static";
      block = fmt::format("{}ip route 10.13.0.0 255.255.0.0 192.168.0.9\n", chance(50) ? "no " : "");
      break;
  }
  edits_[what] = block;
  return "config\n" + block + "end\n";
}

std::string RandomWorld::make_event() {
  const auto kind = below(100);
  if (kind < 35) return sa_up();
  if (kind < 55) return sa_down();
  if (kind < 65) return sa_rekey();
  if (kind < 72) return link_event();
  if (kind < 77) return group_event();
  if (kind < 87) return route_event();
  if (kind < 94) return config_event();
  return fmt::format("tick {}\n", below(5));
}

std::string RandomWorld::shortest_script() const {
  std::string text;
  for (const auto& [what, block] : edits_) text += "config\n" + block + "end\n";
  for (const auto& link : links_down_) text += fmt::format("link {} down\n", link);
  for (const auto& [prefix, words] : routes_) text += fmt::format("route add {} {}\n", prefix, words);
  for (const auto& group : groups_active_) text += fmt::format("ha {} active\n", group);
  for (const auto& [id, words] : live_) text += fmt::format("sa up id={} {}\n", id, words);
  return text + "tick 100\n";
}

}  // namespace rri::property
