// Small configurations for the tests of core/, without the IOS text around them.
#pragma once

#include <memory>
#include <string>

#include "model/config.h"
#include "model/link.h"
#include "model/sa.h"

namespace rri::core::test {

inline IpAddress ip(const std::string& text) { return IpAddress::parse(text).value(); }
inline Prefix net(const std::string& text) { return Prefix::parse(text).value(); }

inline AclLine permit(const std::string& source, const std::string& destination, bool permits = true) {
  AclLine line;
  line.permit = permits;
  line.protocol = "ip";
  line.sources = {make_wildcard(net(source))};
  line.destinations = {make_wildcard(net(destination))};
  line.text = (permits ? "permit ip " : "deny ip ") + source + " " + destination;
  return line;
}

inline Sa make_sa(std::uint64_t id, const std::string& peer, const std::string& remote, const std::string& identity = {}) {
  Sa sa;
  sa.id = SaId(id);
  sa.peer = ip(peer);
  sa.remote = {TrafficSelector::of(net(remote))};
  sa.identity = identity;
  return sa;
}

inline Link make_link(std::uint32_t index, const std::string& name, const std::string& address) {
  Link link;
  link.index = index;
  link.name = name;
  link.up = true;
  link.vrf = "default";
  const auto slash = address.find('/');
  if (slash != std::string::npos) {
    link.addresses = {{ip(address.substr(0, slash)), std::stoi(address.substr(slash + 1))}};
  }
  return link;
}

/// The common set-up of CASES.md: mymap on eth0, entry 1 with peer 10.1.1.1 and
/// access list 102; a second interface stands for the inside.
inline Config common_config() {
  Config config;
  Interface outside;
  outside.name = "GigabitEthernet0/0/1";
  outside.linux_device = "eth0";
  outside.vrf = "default";
  outside.addresses = {{ip("192.168.0.2"), 24, false}};
  outside.maps = {{"mymap", {}, false, false}};
  config.interfaces[outside.name] = outside;
  auto& acl = config.access_lists["102"];
  acl.name = "102";
  acl.lines = {permit("192.168.1.0/24", "10.0.0.0/16")};
  auto& map = config.crypto_maps["mymap"];
  map.name = "mymap";
  auto& entry = map.entries[1];
  entry.sequence = 1;
  entry.match_address = "102";
  entry.peers = {{ip("10.1.1.1"), "", false, false}};
  entry.reverse_route.enabled = true;
  return config;
}

}  // namespace rri::core::test
