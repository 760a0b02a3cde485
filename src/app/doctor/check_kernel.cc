#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/doctor/checks.h"
#include "base/text.h"
#include "core/host.h"
#include "model/route.h"

namespace rri::doctor {

namespace {

constexpr std::string_view kPersist = "/etc/sysctl.d/90-rri.conf";

std::optional<std::string> find_sysctl(const Facts& facts, const std::string& name) {
  const auto found = facts.kernel.sysctls.find(name);
  if (found == facts.kernel.sysctls.end()) return std::nullopt;
  return found->second;
}

/// "net/ipv4/ip_forward" as sysctl(8) writes it. A device name may hold a dot, so the slashes stay there.
std::string set_sysctl(const std::string& name, std::string_view value) {
  return fmt::format("sysctl -w {0}={1} && echo '{0} = {1}' >> {2}", name, value, kPersist);
}

core::Host host_of(const Facts& facts) {
  core::Host host;
  host.replace_all(facts.kernel.links);
  return host;
}

/// Devices of the configuration's interfaces, and its VRF devices.
std::set<std::string> devices_in_use(const Facts& facts) {
  const auto host = host_of(facts);
  std::set<std::string> devices;
  for (const auto& [name, interface] : facts.config.interfaces) {
    if (interface.shutdown) continue;
    if (const auto binding = host.bind(interface); binding.is_bound()) devices.insert(binding.device);
  }
  for (const auto& [name, vrf] : facts.config.vrfs) {
    if (host.has_vrf(name)) devices.insert(name);
  }
  return devices;
}

bool has_ipv6(const Config& config) {
  if (!config.ipv6_access_lists.empty()) return true;
  return std::any_of(config.interfaces.begin(), config.interfaces.end(), [](const auto& item) {
    const auto& addresses = item.second.addresses;
    return std::any_of(addresses.begin(), addresses.end(), [](const auto& owned) { return !owned.address.is_v4(); });
  });
}

/// Whether all proxies leave by a device of user-space IPsec.
bool is_user_space(const Config& config) { return config.settings.route_form.form == RouteForm::Device; }

void forward_everywhere(const Facts& facts, Report& report) {
  const auto v4 = find_sysctl(facts, "net/ipv4/ip_forward");
  if (!v4) return report.unseen("net/ipv4/ip_forward could not be read");
  if (*v4 == "1") {
    report.ok("net/ipv4/ip_forward = 1");
  } else {
    report.wrong(fmt::format("net/ipv4/ip_forward = {}: this host forwards nothing", *v4), set_sysctl("net/ipv4/ip_forward", "1"));
  }
  if (!has_ipv6(facts.config)) return;
  const auto v6 = find_sysctl(facts, "net/ipv6/conf/all/forwarding");
  if (!v6) return report.unseen("net/ipv6/conf/all/forwarding could not be read");
  if (*v6 == "1") return report.ok("net/ipv6/conf/all/forwarding = 1");
  report.wrong(fmt::format("net/ipv6/conf/all/forwarding = {}: this host forwards no IPv6", *v6),
               set_sysctl("net/ipv6/conf/all/forwarding", "1"));
}

/// The effective value: the larger of `all` and the device's (Documentation/networking/ip-sysctl).
int rp_filter_of(const Facts& facts, const std::string& device) {
  int value = 0;
  for (const auto& name : {std::string("all"), device}) {
    const auto text = find_sysctl(facts, fmt::format("net/ipv4/conf/{}/rp_filter", name));
    value = std::max(value, text ? parse_number<int>(*text).value_or(0) : 0);
  }
  return value;
}

/// Devices that packets come out of after decryption.
std::set<std::string> tunnel_devices(const Facts& facts) {
  std::set<std::string> devices;
  if (is_user_space(facts.config)) devices.insert(facts.config.settings.route_form.device);
  for (const auto& link : facts.kernel.links) {
    if (link.xfrm_if_id != 0 || link.vti_key != 0) devices.insert(link.name);
  }
  return devices;
}

std::string loosen(const Facts& facts, const std::string& device) {
  const bool by_all = find_sysctl(facts, "net/ipv4/conf/all/rp_filter") == "1";
  return set_sysctl(fmt::format("net/ipv4/conf/{}/rp_filter", by_all ? "all" : device), "2");
}

/// With it the kernel asks no policy for what leaves by a device: neither the IKE daemon's nor ours.
void find_disabled_xfrm(const Facts& facts, Report& report) {
  for (const auto& device : devices_in_use(facts)) {
    for (const auto& place : {std::string("all"), device}) {
      const auto name = fmt::format("net/ipv4/conf/{}/disable_xfrm", place);
      if (find_sysctl(facts, name).value_or("0") == "0") continue;
      report.wrong(fmt::format("{} = 1: what leaves by {} is neither encrypted nor held back (fail-closed)", name, device), set_sysctl(name, "0"));
    }
  }
}

}  // namespace

std::set<std::pair<std::string, IpAddress>> front_door_peers(const Config& config) {
  std::set<std::pair<std::string, IpAddress>> peers;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& attached : interface.maps) {
      const auto map = config.crypto_maps.find(attached.map);
      if (interface.vrf == kDefaultVrf || map == config.crypto_maps.end()) continue;
      for (const auto& [sequence, entry] : map->second.entries) {
        for (const auto& peer : entry.peers) {
          if (peer.address) peers.emplace(interface.vrf, *peer.address);
        }
      }
    }
    const auto tunnel = config.ike.tunnels.find(name);
    if (tunnel == config.ike.tunnels.end() || tunnel->second.vrf.empty() || !tunnel->second.destination) continue;
    peers.emplace(tunnel->second.vrf, *tunnel->second.destination);
  }
  return peers;
}

void check_esp(const Facts& facts, Report& report) {
  if (!facts.has_config) return;
  find_disabled_xfrm(facts, report);
  if (is_user_space(facts.config)) return report.ok("IPsec runs in user space (`route form device`): no kernel ESP is needed");
  switch (facts.kernel.esp) {
    case Answer::Yes: return report.ok("the kernel does ESP");
    case Answer::No:
      return report.wrong("the kernel has no ESP: an SA cannot be installed (found by trying, in a namespace of its own)",
                          "modprobe -a esp4 esp6 xfrm_user; with kernel-libipsec instead: `route form device ipsec0`");
    case Answer::Unknown: return report.unseen("whether the kernel does ESP: that needs root", "sudo rri doctor");
  }
}

void check_ip_forward(const Facts& facts, Report& report) {
  forward_everywhere(facts, report);
  for (const auto& device : devices_in_use(facts)) {
    const auto name = fmt::format("net/ipv4/conf/{}/forwarding", device);
    if (find_sysctl(facts, name) == "0" && find_sysctl(facts, "net/ipv4/ip_forward") == "1") {
      report.wrong(fmt::format("{} = 0: what comes in by {} is not forwarded", name, device), set_sysctl(name, "1"));
    }
  }
}

void check_front_door(const Facts& facts, Report& report) {
  if (!facts.has_config || !std::holds_alternative<StrongSwanSource>(facts.config.settings.ike)) return;
  std::set<std::string> open;  // VRFs that charon is not in
  for (const auto& [vrf, peer] : front_door_peers(facts.config)) {
    if (vrf == facts.kernel.charon_vrf) continue;
    open.insert(vrf);
    const bool has_way = std::any_of(facts.kernel.to_front_peers.begin(), facts.kernel.to_front_peers.end(),
                                     [&peer = peer](const RouteFact& route) { return route.prefix.contains(peer); });
    if (has_way) continue;
    report.wrong(fmt::format("strongSwan sends by the main table, which has no route to {}, a peer in front-door VRF {}: no tunnel comes up", peer.to_string(), vrf),
                 fmt::format("ip route add {} via GATEWAY dev DEVICE (of VRF {}), or start strongSwan with `ip vrf exec {}`", Prefix::host(peer).to_string(), vrf, vrf));
  }
  constexpr const char* kAccept = "net/ipv4/udp_l3mdev_accept";
  for (const auto& vrf : open) {
    if (find_sysctl(facts, kAccept).value_or("1") == "1") continue;
    report.wrong(fmt::format("{} = 0: strongSwan hears no peer in front-door VRF {}", kAccept, vrf), set_sysctl(kAccept, "1"));
  }
}

void check_rp_filter(const Facts& facts, Report& report) {
  bool strict = false;
  for (const auto& device : tunnel_devices(facts)) {
    if (rp_filter_of(facts, device) != 1) continue;
    strict = true;
    report.wrong(fmt::format("rp_filter is strict on {}: what was decrypted is dropped until, and unless, its route leads there", device),
                 loosen(facts, device));
  }
  for (const auto& device : devices_in_use(facts)) {
    if (rp_filter_of(facts, device) != 1 || tunnel_devices(facts).contains(device)) continue;
    strict = true;
    report.note(fmt::format("rp_filter is strict on {}: decrypted packets of kernel ESP pass it, asymmetric ones between two hubs do not", device),
                loosen(facts, device));
  }
  if (!strict && !facts.kernel.sysctls.empty()) report.ok("rp_filter is strict nowhere that matters");
}

}  // namespace rri::doctor
