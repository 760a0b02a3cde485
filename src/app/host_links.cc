#include "app/host_links.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <map>
#include <optional>
#include <string>

#include "core/host.h"

namespace rri::app {

namespace {

std::optional<IpAddress> address_of(const sockaddr* from) {
  if (from == nullptr || (from->sa_family != AF_INET && from->sa_family != AF_INET6)) return std::nullopt;
  const void* bytes = from->sa_family == AF_INET ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(from)->sin_addr)
                                                 : &reinterpret_cast<const sockaddr_in6*>(from)->sin6_addr;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_ntop(from->sa_family, bytes, text.data(), text.size()) == nullptr) return std::nullopt;
  return IpAddress::try_parse(text.data());
}

}  // namespace

std::vector<Link> read_host_links() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  std::map<std::string, Link> links;
  for (const auto* item = list; item != nullptr; item = item->ifa_next) {
    auto& link = links[item->ifa_name];
    link.name = item->ifa_name;
    link.index = ::if_nametoindex(item->ifa_name);
    link.up = (item->ifa_flags & IFF_UP) != 0 && (item->ifa_flags & IFF_RUNNING) != 0;
    link.vrf = "default";  // the one that a binding does not ask for
    if (auto address = address_of(item->ifa_addr)) link.addresses.push_back({*address, address_bits(address->family())});
  }
  ::freeifaddrs(list);
  std::vector<Link> found;
  for (auto& [name, link] : links) found.push_back(std::move(link));
  return found;
}

void tie_to_devices(Config& config, const std::vector<Link>& links) {
  core::Host host;
  host.replace_all(links);
  for (auto& [name, interface] : config.interfaces) {
    if (!interface.linux_device.empty()) continue;
    const auto binding = host.bind(interface);
    if (binding.is_bound()) interface.linux_device = binding.device;
  }
}

}  // namespace rri::app
