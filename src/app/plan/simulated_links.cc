#include "app/plan/simulated_links.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "config/config.h"
#include "model/route.h"

namespace rri::plan {
namespace {

/// Tables of VRF devices start here; the numbers are shown nowhere.
constexpr std::uint32_t kFirstVrfTable = 1001;

/// The N of ipsecN, xfrmN or TunnelN; 0 when it is none of them.
std::uint32_t if_id_of(std::string_view device) {
  for (const std::string_view stem : {"ipsec", "xfrm", "Tunnel"}) {
    if (device.substr(0, stem.size()) != stem) continue;
    return parse_number<std::uint32_t>(device.substr(stem.size())).value_or(0);
  }
  return 0;
}

void add_address(Link& link, const IpAddress& address, int length) {
  link.addresses.push_back({address, length});
  std::sort(link.addresses.begin(), link.addresses.end());
  link.addresses.erase(std::unique(link.addresses.begin(), link.addresses.end()), link.addresses.end());
}

}  // namespace

const std::string& device_of(const Interface& interface) {
  return interface.linux_device.empty() ? interface.name : interface.linux_device;
}

void SimulatedLinks::set_config(const Config& config) {
  links_.clear();
  devices_.clear();
  std::uint32_t table = kFirstVrfTable;
  for (const auto& [name, vrf] : config.vrfs) add(name).vrf_table = table++;
  for (const auto& [name, interface] : config.interfaces) add_interface(config, interface);
  const auto& form = config.settings.route_form;
  if (form.form == RouteForm::Device) add(form.device);
  for (const auto& [name, interface] : config.interfaces) {
    if (interface.route_form && interface.route_form->form == RouteForm::Device)
      add(interface.route_form->device);
  }
  for (const auto if_id : tunnels_) add_tunnel(if_id);
  for (auto& [name, link] : links_) {
    if (const auto state = states_.find(name); state != states_.end()) link.up = state->second;
  }
}

Link& SimulatedLinks::add(const std::string& name) {
  auto [at, is_new] = links_.try_emplace(name);
  auto& link = at->second;
  if (!is_new) return link;
  link.index = indexes_.try_emplace(name, static_cast<std::uint32_t>(indexes_.size() + 1)).first->second;
  link.name = name;
  link.up = true;
  link.vrf = kDefaultVrf;
  link.xfrm_if_id = if_id_of(name);
  return link;
}

void SimulatedLinks::add_interface(const Config& config, const Interface& interface) {
  const auto& device = device_of(interface);
  devices_[interface.name] = device;
  Link& link = add(device);
  link.vrf = interface.vrf;
  link.up = !interface.shutdown;
  if (link.xfrm_if_id == 0 && !interface.ipsec_profile.empty()) link.xfrm_if_id = if_id_of(interface.name);
  for (const auto& address : interface.addresses) add_address(link, address.address, address.length);
  if (const auto lender = config.interfaces.find(interface.unnumbered); lender != config.interfaces.end()) {
    for (const auto& address : lender->second.addresses)
      add_address(link, address.address, address.address.bits());
  }
  // `shutdown` that changes is a newer word than an event of before.
  const auto known = shutdown_.find(device);
  if (known != shutdown_.end() && known->second != interface.shutdown) states_.erase(device);
  shutdown_[device] = interface.shutdown;
}

void SimulatedLinks::add_tunnel(std::uint32_t if_id) {
  const bool known = std::any_of(links_.begin(), links_.end(),
                                 [&](const auto& item) { return item.second.xfrm_if_id == if_id; });
  if (!known) add(fmt::format("ipsec{}", if_id));
}

void SimulatedLinks::need_tunnel(std::uint32_t if_id) {
  if (if_id == 0) return;
  tunnels_.insert(if_id);
  add_tunnel(if_id);
}

std::string SimulatedLinks::find_device(std::string_view name) const {
  const std::string typed(name);
  if (links_.contains(typed)) return typed;
  if (const auto found = devices_.find(typed); found != devices_.end()) return found->second;
  const auto found = devices_.find(canonical_interface(name));
  return found == devices_.end() ? std::string{} : found->second;
}

const Link* SimulatedLinks::find(const std::string& device) const {
  const auto found = links_.find(device);
  return found == links_.end() ? nullptr : &found->second;
}

bool SimulatedLinks::is_up(const std::string& device) const {
  const auto* link = find(device);
  return link != nullptr && link->up;
}

void SimulatedLinks::set_up(const std::string& device, bool up) {
  states_[device] = up;
  links_.at(device).up = up;
}

bool SimulatedLinks::has_vrf(const std::string& vrf) const {
  if (vrf == kDefaultVrf) return true;
  const auto* link = find(vrf);
  return link != nullptr && link->vrf_table.has_value();
}

std::vector<Link> SimulatedLinks::list() const {
  std::vector<Link> all;
  for (const auto& [name, link] : links_) all.push_back(link);
  std::sort(all.begin(), all.end(), [](const Link& a, const Link& b) { return a.index < b.index; });
  return all;
}

}  // namespace rri::plan
