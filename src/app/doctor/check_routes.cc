#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/doctor/checks.h"
#include "core/host.h"
#include "model/route.h"

namespace rri::doctor {

namespace {

constexpr std::uint32_t kMainTable = 254;

std::uint8_t protocol_of(const Config& config) {
  const auto* sink = std::get_if<KernelSink>(&config.settings.route);
  return sink == nullptr ? KernelSink{}.protocol : sink->protocol;
}

bool is_frr_sink(const Config& config) { return std::holds_alternative<FrrSink>(config.settings.route); }

/// Tables that rrid writes to: the main one and those of the VRF devices.
std::set<std::uint32_t> right_tables(const Facts& facts) {
  std::set<std::uint32_t> tables{kMainTable};
  for (const auto& link : facts.kernel.links) {
    if (link.vrf_table) tables.insert(*link.vrf_table);
  }
  return tables;
}

/// Devices of the configuration that `managed` holds too.
std::vector<std::string> shared_devices(const Facts& facts, const std::set<std::string>& managed) {
  core::Host host;
  host.replace_all(facts.kernel.links);
  std::set<std::string> devices;
  for (const auto& [name, interface] : facts.config.interfaces) {
    const auto binding = host.bind(interface);
    if (managed.contains(binding.device)) devices.insert(binding.device);
  }
  return {devices.begin(), devices.end()};
}

}  // namespace

void check_our_routes(const Facts& facts, Report& report) {
  if (!facts.has_config) return;
  if (!facts.kernel.error.empty()) return report.unseen(fmt::format("routes: could not {}", facts.kernel.error));
  const auto protocol = protocol_of(facts.config);
  const auto right = right_tables(facts);
  std::map<std::pair<std::uint32_t, Family>, std::size_t> stray;
  for (const auto& route : facts.kernel.ours) {
    if (!right.contains(route.table)) ++stray[{route.table, route.prefix.family()}];
  }
  for (const auto& [place, count] : stray) {
    report.wrong(fmt::format("{} route{} of ours (protocol {}) in table {}, which belongs to no VRF", count, count == 1 ? "" : "s", protocol, place.first),
                 fmt::format("ip -{} route flush table {} proto {}", place.second == Family::V4 ? 4 : 6, place.first, protocol));
  }
  const auto count = facts.kernel.ours.size() + facts.kernel.ours_beyond;
  if (is_frr_sink(facts.config) && count > 0) {
    return report.wrong(fmt::format("{} kernel routes of ours (protocol {}) although routes go to FRR: left from `route kernel`", count, protocol),
                        fmt::format("ip route flush table all proto {0}; ip -6 route flush table all proto {0}", protocol));
  }
  if (!facts.daemon.answers && count > 0) {
    return report.note(fmt::format("{} route{} of ours in the kernel, and rrid does not answer: nobody keeps them right", count, count == 1 ? "" : "s"),
                       "systemctl start rrid, or `rri flush` to take them out");
  }
  if (stray.empty()) report.ok(fmt::format("{} route{} of ours (protocol {}), each in a table of a VRF", count, count == 1 ? "" : "s", protocol));
}

void check_protocol_number(const Facts& facts, Report& report) {
  const auto protocol = protocol_of(facts.config);
  const auto daemons = facts.host.named("rrid");
  if (daemons.size() > 1) {
    report.wrong(fmt::format("{} processes rrid run in this network namespace: each takes the other's routes out", daemons.size()),
                 fmt::format("kill {}", daemons.front().pid));
  }
  const auto names = facts.host.protocol_names.find(protocol);
  const auto cure = fmt::format("install -d /etc/iproute2/rt_protos.d && echo '{} rri' > /etc/iproute2/rt_protos.d/rri.conf", protocol);
  if (names == facts.host.protocol_names.end()) return report.note(fmt::format("`ip route` has no name for protocol {}", protocol), cure);
  bool collides = false;
  for (const auto& name : names->second) {
    if (name.value == "rri") continue;
    collides = true;
    report.wrong(fmt::format("protocol {} is also that of {} ({}): rrid would take its routes for ours", protocol, name.value, name.place),
                 "rri, then: configure terminal / rri / route kernel protocol N, with an N of 200-254 that nobody uses");
  }
  if (!collides) report.ok(fmt::format("protocol {} is named rri, and nobody else's", protocol));
}

void check_networkd(const Facts& facts, Report& report) {
  if (facts.host.named("systemd-network").empty()) return;  // the kernel cuts names to 15 bytes
  const auto& setting = facts.host.manage_foreign_routes;
  if (setting && (setting->value == "no" || setting->value == "false" || setting->value == "0" || setting->value == "off")) {
    return report.ok(fmt::format("systemd-networkd leaves our routes alone: ManageForeignRoutes={} ({})", setting->value, setting->place));
  }
  const auto shared = shared_devices(facts, facts.host.networkd_devices);
  const std::string cure =
      "install -d /etc/systemd/networkd.conf.d && printf '[Network]\\nManageForeignRoutes=no\\n' > "
      "/etc/systemd/networkd.conf.d/rri.conf && systemctl restart systemd-networkd";
  if (shared.empty()) return report.note("systemd-networkd runs with ManageForeignRoutes=yes, and manages none of our devices", cure);
  report.wrong(fmt::format("systemd-networkd manages {} and removes routes that it did not make (ManageForeignRoutes is {})", shared.front(),
                           setting ? "yes" : "not set, `yes` is the default"),
               cure);
}

void check_network_manager(const Facts& facts, Report& report) {
  if (facts.host.named("NetworkManager").empty()) return;
  const auto shared = shared_devices(facts, facts.host.network_manager_devices);
  if (shared.empty()) return report.ok("NetworkManager manages none of our devices");
  for (const auto& device : shared) {
    report.note(fmt::format("NetworkManager manages {}: a reapplied profile takes the device down and its routes with it", device),
                fmt::format("nmcli device set {} managed no", device));
  }
}

}  // namespace rri::doctor
