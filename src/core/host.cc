#include "core/host.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/route.h"

namespace rri::core {
namespace {

template <class Predicate>
const Link* find_link(const std::map<std::uint32_t, Link>& links, Predicate matches) {
  const auto found = std::find_if(links.begin(), links.end(), [&](const auto& item) { return matches(item.second); });
  return found == links.end() ? nullptr : &found->second;
}

bool has_address(const Link& link, const IpAddress& address) {
  return std::any_of(link.addresses.begin(), link.addresses.end(),
                     [&](const LinkAddress& owned) { return owned.address == address; });
}

}  // namespace

bool Host::put(const Link& link) {
  auto [at, is_new] = links_.try_emplace(link.index, link);
  if (is_new) return true;
  if (at->second == link) return false;
  at->second = link;
  return true;
}

bool Host::remove(std::uint32_t index) { return links_.erase(index) > 0; }

bool Host::replace_all(const std::vector<Link>& links) {
  std::map<std::uint32_t, Link> fresh;
  for (const auto& link : links) fresh[link.index] = link;
  if (fresh == links_) return false;
  links_ = std::move(fresh);
  return true;
}

const Link* Host::find(std::string_view name) const {
  return find_link(links_, [&](const Link& link) { return link.name == name; });
}

const Link* Host::find_index(std::uint32_t index) const {
  const auto found = links_.find(index);
  return found == links_.end() ? nullptr : &found->second;
}

const Link* Host::find_xfrm(std::uint32_t if_id) const {
  return find_link(links_, [&](const Link& link) { return link.xfrm_if_id == if_id; });
}

const Link* Host::find_vti(std::uint32_t mark) const {
  return find_link(links_, [&](const Link& link) { return link.vti_key == mark; });
}

bool Host::has_vrf(std::string_view vrf) const {
  if (vrf == kDefaultVrf) return true;
  const auto* link = find(vrf);
  return link != nullptr && link->vrf_table.has_value();
}

bool Host::is_up(std::string_view device) const {
  const auto* link = find(device);
  return link != nullptr && link->up;
}

bool Host::owns(std::string_view device, const IpAddress& address) const {
  const auto* link = find(device);
  return link != nullptr && has_address(*link, address);
}

Binding Host::bind(const Interface& interface) const {
  if (!interface.linux_device.empty()) {
    if (find(interface.linux_device) != nullptr) return {interface.linux_device, {}};
    return {{}, fmt::format("there is no Linux device {}", interface.linux_device)};
  }
  if (find(interface.name) != nullptr) return {interface.name, {}};
  std::set<std::string> owners;
  for (const auto& [index, link] : links_) {
    for (const auto& address : interface.addresses) {
      if (has_address(link, address.address)) owners.insert(link.name);
    }
  }
  if (owners.size() == 1) return {*owners.begin(), {}};
  if (owners.empty()) return {{}, "no Linux device has its name or one of its addresses; write `linux device DEV`"};
  return {{}, fmt::format("{} and {} both have addresses of it; write `linux device DEV`", *owners.begin(),
                          *owners.rbegin())};
}

}  // namespace rri::core
