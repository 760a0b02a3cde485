#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/doctor/checks.h"
#include "app/plan/simulated_links.h"
#include "core/entry.h"
#include "core/host.h"
#include "model/route.h"

namespace rri::doctor {

namespace {

core::Host host_of(const Facts& facts) {
  core::Host host;
  host.replace_all(facts.kernel.links);
  return host;
}

/// Calls fn(interface, link) for every interface that is tied to a device.
template <class Fn>
void for_each_bound(const Facts& facts, Fn fn) {
  const auto host = host_of(facts);
  for (const auto& [name, interface] : facts.config.interfaces) {
    const auto binding = host.bind(interface);
    const auto* link = binding.is_bound() ? host.find(binding.device) : nullptr;
    if (link != nullptr) fn(interface, *link);
  }
}

bool is_used(const Interface& interface) { return !interface.maps.empty() || !interface.ipsec_profile.empty(); }

/// Whether anything of the configuration needs this VRF's table.
bool is_needed(const Config& config, const std::string& vrf) {
  const auto in_interface = [&](const auto& item) { return item.second.vrf == vrf; };
  const auto in_profile = [&](const auto& item) { return item.second.inside_vrf == vrf; };
  const auto in_route = [&](const auto& route) { return route.vrf == vrf; };
  return std::any_of(config.interfaces.begin(), config.interfaces.end(), in_interface) ||
         std::any_of(config.isakmp_profiles.begin(), config.isakmp_profiles.end(), in_profile) ||
         std::any_of(config.ikev2_profiles.begin(), config.ikev2_profiles.end(), in_profile) ||
         std::any_of(config.static_routes.begin(), config.static_routes.end(), in_route);
}

std::set<std::string> vrf_names(const Config& config) {
  std::set<std::string> names;
  for (const auto& [name, vrf] : config.vrfs) names.insert(name);
  for (const auto& [name, interface] : config.interfaces) names.insert(interface.vrf);
  names.erase(std::string(kDefaultVrf));
  return names;
}

/// A table number that no VRF has.
std::uint32_t free_table(const Facts& facts) {
  std::set<std::uint32_t> taken;
  for (const auto& link : facts.kernel.links) {
    if (link.vrf_table) taken.insert(*link.vrf_table);
  }
  std::uint32_t table = 100;
  while (taken.contains(table) || table == 220) ++table;
  return table;
}

std::string make_vrf(const Facts& facts, const std::string& name) {
  const auto table = free_table(facts);
  return fmt::format("ip link add {0} type vrf table {1} && ip link set {0} up && ip route add table {1} unreachable default metric 4278198272",
                     name, table);
}

void judge_vrf(const Facts& facts, const std::string& name, Report& report) {
  const auto host = host_of(facts);
  const auto* link = host.find(name);
  const bool needed = is_needed(facts.config, name);
  if (link == nullptr && !needed) return report.note(fmt::format("VRF {} is defined and nothing uses it; Linux has no such device", name));
  if (link == nullptr) {
    return report.wrong(fmt::format("there is no VRF device {}: the routes of that VRF wait", name), make_vrf(facts, name));
  }
  if (!link->vrf_table) {
    return report.wrong(fmt::format("device {} is no VRF device, so VRF {} has no table", name, name),
                        fmt::format("ip link set {0} name {0}-old; {1}", name, make_vrf(facts, name)));
  }
  if (!facts.kernel.admin_up.contains(name)) {
    return report.wrong(fmt::format("VRF device {} is down: nothing is looked up in its table", name), fmt::format("ip link set {} up", name));
  }
  report.ok(fmt::format("VRF {} is device {} with table {}", name, name, *link->vrf_table));
}

/// An entry whose proxies lie in another VRF than its peers.
struct Crossing {
  std::string inside;
  std::string front;
  Prefix local;
  auto operator<=>(const Crossing&) const = default;
};

std::set<Crossing> find_crossings(const Config& config) {
  plan::SimulatedLinks links;
  links.set_config(config);
  core::Host host;
  host.replace_all(links.list());
  std::set<Crossing> crossings;
  const auto table = core::expand_entries(config, host);
  for (const auto& entry : table.entries) {
    if (!entry.injects || entry.inside_vrf == entry.front_vrf) continue;
    for (const auto* acl : entry.acls) {
      for (const auto& line : acl->lines) {
        for (const auto& source : line.sources) {
          const auto prefix = source.to_prefix();
          if (line.permit && prefix && prefix->length() > 0) crossings.insert({entry.inside_vrf, entry.front_vrf, *prefix});
        }
      }
    }
  }
  return crossings;
}

}  // namespace

void check_bindings(const Facts& facts, Report& report) {
  if (!facts.has_config) return;
  if (!facts.kernel.error.empty()) return report.unseen(fmt::format("devices: could not {}", facts.kernel.error));
  const auto host = host_of(facts);
  std::size_t bound = 0;
  for (const auto& [name, interface] : facts.config.interfaces) {
    const auto binding = host.bind(interface);
    if (binding.is_bound()) {
      ++bound;
      continue;
    }
    const auto text = fmt::format("interface {} is unbound: {}", name, binding.reason);
    const auto cure = fmt::format("rri, then: configure terminal / interface {} / linux device DEV (`ip -br link` lists the devices)", name);
    is_used(interface) ? report.wrong(text + (facts.config.settings.fail_closed
                                                    ? "; its crypto map makes no routes, and what its access lists permit is dropped on every device"
                                                    : "; its crypto map makes no routes"),
                                            cure) : report.note(text, cure);
  }
  if (bound > 0) report.ok(fmt::format("{} interface{} tied to Linux devices", bound, bound == 1 ? " is" : "s are"));
}

void check_addresses(const Facts& facts, Report& report) {
  for_each_bound(facts, [&](const Interface& interface, const Link& link) {
    for (const auto& said : interface.addresses) {
      const bool there = std::any_of(link.addresses.begin(), link.addresses.end(), [&](const LinkAddress& owned) {
        return owned.address == said.address && owned.prefix_length == said.length;
      });
      if (there) continue;
      report.wrong(fmt::format("interface {} has `ip address` {}/{}, which {} has not", interface.name, said.address.to_string(),
                               said.length, link.name),
                   fmt::format("ip address add {}/{} dev {}", said.address.to_string(), said.length, link.name));
    }
  });
}

void check_shutdown(const Facts& facts, Report& report) {
  for_each_bound(facts, [&](const Interface& interface, const Link& link) {
    const bool up = facts.kernel.admin_up.contains(link.name);
    if (interface.shutdown && up) {
      report.note(fmt::format("interface {} is shut down, and {} is up", interface.name, link.name),
                  fmt::format("ip link set {} down", link.name));
    }
    if (interface.shutdown) return;
    if (!up) {
      report.wrong(fmt::format("interface {} is not shut down, and {} is", interface.name, link.name),
                   fmt::format("ip link set {} up", link.name));
    } else if (!link.up) {
      report.wrong(fmt::format("{} ({}) has no carrier", link.name, interface.name), fmt::format("ethtool {}; look at the cable and the far end", link.name));
    }
  });
}

void check_vrf_devices(const Facts& facts, Report& report) {
  if (!facts.kernel.error.empty()) return;
  const auto names = vrf_names(facts.config);
  if (!names.empty() && facts.kernel.vrf_devices == Answer::No) {
    report.wrong("the kernel has no VRF devices (found by trying, in a namespace of its own)",
                 "modprobe vrf; Debian's cloud kernels lack it: apt-get install linux-image-amd64");
  }
  for (const auto& name : names) judge_vrf(facts, name, report);
  const bool needs_xfrm = std::any_of(facts.config.interfaces.begin(), facts.config.interfaces.end(),
                                      [](const auto& item) { return !item.second.ipsec_profile.empty(); });
  if (needs_xfrm && facts.kernel.xfrm_interfaces == Answer::No) {
    report.note("the kernel has no XFRM interfaces, so tunnel interfaces need VTIs here", "modprobe xfrm_interface");
  }
}

void check_vrf_members(const Facts& facts, Report& report) {
  for_each_bound(facts, [&](const Interface& interface, const Link& link) {
    if (interface.vrf == link.vrf) return;
    const auto cure = interface.vrf == kDefaultVrf ? fmt::format("ip link set {} nomaster", link.name)
                                                   : fmt::format("ip link set {} master {}", link.name, interface.vrf);
    report.wrong(fmt::format("interface {} is in VRF {}, and {} is in {}", interface.name, interface.vrf, link.name, link.vrf), cure);
  });
}

void check_vrf_leaks(const Facts& facts, Report& report) {
  if (!facts.has_config || !facts.kernel.error.empty()) return;
  const auto host = host_of(facts);
  for (const auto& crossing : find_crossings(facts.config)) {
    const auto* front = host.find(crossing.front);
    const auto table = crossing.front == kDefaultVrf ? 254U : front == nullptr ? 0U : front->vrf_table.value_or(0);
    if (table == 0 || !host.has_vrf(crossing.inside)) continue;  // said elsewhere
    const bool leads = std::any_of(facts.kernel.leaks.begin(), facts.kernel.leaks.end(), [&](const RouteFact& route) {
      return route.table == table && route.prefix.overlaps(crossing.local) && (route.vrf == crossing.inside || route.device == crossing.inside);
    });
    const auto local = crossing.local.to_string();
    if (leads) {
      report.ok(fmt::format("{} of VRF {} can be reached from front-door VRF {}", local, crossing.inside, crossing.front));
      continue;
    }
    const auto into = crossing.inside == kDefaultVrf ? "DEV (the inside device)" : crossing.inside;
    report.wrong(fmt::format("decrypted packets arrive in VRF {} and find no way to {} in VRF {}", crossing.front, local, crossing.inside),
                 fmt::format("ip {}route add {} dev {} table {}", crossing.local.family() == Family::V6 ? "-6 " : "", local, into, table));
  }
}

}  // namespace rri::doctor
