#include "core/differences.h"

#include <fmt/format.h>

#include <algorithm>

namespace rri::core {

namespace {

bool has_address(const Link& link, const InterfaceAddress& said) {
  return std::any_of(link.addresses.begin(), link.addresses.end(), [&](const LinkAddress& owned) {
    return owned.address == said.address && owned.prefix_length == said.length;
  });
}

}  // namespace

std::vector<Notice> find_differences(const Config& config, const Host& host) {
  std::vector<Notice> notices;
  const auto tell = [&](std::string text) { notices.push_back({NoticeCode::InterfaceDiffers, std::move(text)}); };
  for (const auto& [name, interface] : config.interfaces) {
    const auto* link = host.find(host.bind(interface).device);
    if (link == nullptr) continue;
    if (interface.vrf != link->vrf) tell(fmt::format("interface {} is in VRF {}, and {} is in {}", name, interface.vrf, link->name, link->vrf));
    if (interface.shutdown && link->up) tell(fmt::format("interface {} is shut down, and {} is up", name, link->name));
    for (const auto& said : interface.addresses) {
      if (has_address(*link, said)) continue;
      tell(fmt::format("interface {} has `ip address` {}/{}, which {} has not", name, said.address.to_string(), said.length, link->name));
    }
  }
  return notices;
}

}  // namespace rri::core
