#include "io/netlink/link_table.h"

#include <fmt/format.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <algorithm>

#include "base/text.h"
#include "model/route.h"

namespace rri::netlink {
namespace {

constexpr std::string_view kTablePrefix = "table ";

/// Without carrier IFF_LOWER_UP is clear. A device that tells no operational state
/// (TUN, dummy: IF_OPER_UNKNOWN) counts as up.
bool is_up(const LinkMessage& link) {
  const bool dead = link.operstate == IF_OPER_DOWN || link.operstate == IF_OPER_LOWERLAYERDOWN ||
                    link.operstate == IF_OPER_NOTPRESENT;
  return (link.flags & IFF_UP) != 0 && (link.flags & IFF_LOWER_UP) != 0 && !dead;
}

bool is_vrf(const LinkMessage& link) { return link.kind == "vrf" && link.vrf_table != 0; }

void insert_sorted(std::vector<LinkAddress>& addresses, const LinkAddress& address) {
  const auto at = std::lower_bound(addresses.begin(), addresses.end(), address);
  if (at == addresses.end() || *at != address) addresses.insert(at, address);
}

}  // namespace

Link LinkTable::link_of(const Device& device) const {
  Link link = device.link;  // keeps the addresses
  const auto& said = device.said;
  link.index = said.index;
  link.name = said.name;
  link.up = is_up(said);
  link.xfrm_if_id = said.xfrm_if_id;
  link.vti_key = said.vti_key;
  link.vrf_table = is_vrf(said) ? std::optional(said.vrf_table) : std::nullopt;
  link.vrf = is_vrf(said) ? said.name : std::string(kDefaultVrf);
  const auto master = devices_.find(said.master);
  if (master != devices_.end() && is_vrf(master->second.said)) link.vrf = master->second.said.name;
  return link;
}

void LinkTable::index_names() {
  by_name_.clear();
  vrf_by_table_.clear();
  for (const auto& [index, device] : devices_) {
    by_name_[device.said.name] = index;
    if (is_vrf(device.said)) vrf_by_table_.try_emplace(device.said.vrf_table, index);
  }
}

LinkTable::Changes LinkTable::settle(std::uint32_t index, bool new_vrfs) {
  Changes changes;
  changes.vrfs = new_vrfs;
  for (auto& [other, device] : devices_) {
    if (other != index && !(new_vrfs && device.said.master == index)) continue;
    auto link = link_of(device);
    if (link == device.link) continue;
    device.link = link;
    changes.changed.push_back(std::move(link));
  }
  return changes;
}

LinkTable::Changes LinkTable::put(const LinkMessage& link) {
  const auto [at, is_new] = devices_.try_emplace(link.index);
  auto& device = at->second;
  const bool renamed = is_new || device.said.name != link.name;
  const bool vrfs = (is_vrf(link) || is_vrf(device.said)) && (renamed || device.said.vrf_table != link.vrf_table);
  device.said = link;
  if (renamed || vrfs) index_names();
  return settle(link.index, vrfs);
}

LinkTable::Changes LinkTable::remove_link(std::uint32_t index) {
  const auto at = devices_.find(index);
  if (at == devices_.end()) return {};
  const bool vrfs = is_vrf(at->second.said);
  devices_.erase(at);
  index_names();
  auto changes = settle(index, vrfs);
  changes.gone = index;
  return changes;
}

LinkTable::Changes LinkTable::put(const AddressMessage& address) {
  if (!address.usable) return remove_address(address);
  const auto at = devices_.find(address.device);
  if (at == devices_.end()) return {};
  auto& link = at->second.link;
  const auto before = link.addresses.size();
  insert_sorted(link.addresses, address.address);
  Changes changes;
  if (link.addresses.size() != before) changes.changed.push_back(link);
  return changes;
}

LinkTable::Changes LinkTable::remove_address(const AddressMessage& address) {
  const auto at = devices_.find(address.device);
  if (at == devices_.end()) return {};
  Changes changes;
  if (std::erase(at->second.link.addresses, address.address) > 0) changes.changed.push_back(at->second.link);
  return changes;
}

bool LinkTable::replace(const std::vector<LinkMessage>& links, const std::vector<AddressMessage>& addresses) {
  const auto vrfs_before = vrf_by_table_;
  devices_.clear();
  for (const auto& link : links) devices_[link.index].said = link;
  for (const auto& address : addresses) {
    const auto at = devices_.find(address.device);
    if (at != devices_.end() && address.usable) insert_sorted(at->second.link.addresses, address.address);
  }
  for (auto& [index, device] : devices_) device.link = link_of(device);
  index_names();
  return vrf_by_table_ != vrfs_before;
}

std::vector<Link> LinkTable::list() const {
  std::vector<Link> links;
  links.reserve(devices_.size());
  for (const auto& [index, device] : devices_) links.push_back(device.link);
  return links;
}

const Link* LinkTable::find(std::uint32_t index) const {
  const auto at = devices_.find(index);
  return at == devices_.end() ? nullptr : &at->second.link;
}

const Link* LinkTable::find(std::string_view name) const {
  const auto at = by_name_.find(name);
  return at == by_name_.end() ? nullptr : find(at->second);
}

std::optional<std::uint32_t> LinkTable::table_of(std::string_view vrf) const {
  if (vrf == kDefaultVrf) return RT_TABLE_MAIN;
  if (const auto* link = find(vrf)) return link->vrf_table;
  if (vrf.starts_with(kTablePrefix)) return parse_number<std::uint32_t>(vrf.substr(kTablePrefix.size()));
  return std::nullopt;
}

std::string LinkTable::vrf_of(std::uint32_t table) const {
  if (table == RT_TABLE_MAIN) return std::string(kDefaultVrf);
  const auto at = vrf_by_table_.find(table);
  return at == vrf_by_table_.end() ? fmt::format("{}{}", kTablePrefix, table) : name_of(at->second);
}

std::uint32_t LinkTable::device_of_vrf(std::string_view vrf) const {
  const auto* link = vrf == kDefaultVrf ? nullptr : find(vrf);
  return link != nullptr && link->vrf_table ? link->index : 0;
}

bool LinkTable::is_routed(std::uint32_t table) const {
  return table == RT_TABLE_MAIN || vrf_by_table_.contains(table);
}

std::string LinkTable::name_of(std::uint32_t index) const {
  const auto at = devices_.find(index);
  return at == devices_.end() ? fmt::format("if {}", index) : at->second.said.name;
}

}  // namespace rri::netlink
