#include <fmt/format.h>

#include <set>

#include "app/doctor/checks.h"

namespace rri::doctor {

namespace {

/// Groups that a `crypto map ... redundancy` waits for.
std::set<std::string> groups_in_use(const Config& config) {
  std::set<std::string> groups;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& map : interface.maps) {
      if (map.redundancy_group) groups.insert(*map.redundancy_group);
    }
  }
  return groups;
}

}  // namespace

void check_keepalived(const Facts& facts, Report& report) {
  const auto groups = groups_in_use(facts.config);
  if (groups.empty() || facts.config.settings.redundancy.address_only) return;
  if (facts.host.named("keepalived").empty()) {
    report.wrong("keepalived does not run: no redundancy group is ever active here, so its crypto maps make no routes",
                 "rri render keepalived > /etc/keepalived/keepalived.conf && systemctl restart keepalived");
  } else {
    report.ok("keepalived runs");
  }
  if (facts.host.keepalived_file.empty()) return;
  for (const auto& group : groups) {
    if (facts.host.keepalived_instances.contains(group)) {
      report.ok(fmt::format("keepalived has an instance {} ({})", group, facts.host.keepalived_file));
    } else {
      report.wrong(fmt::format("keepalived has no vrrp_instance {} ({})", group, facts.host.keepalived_file),
                   "rri render keepalived > /etc/keepalived/keepalived.conf && systemctl reload keepalived");
    }
  }
}

void check_fifo(const Facts& facts, Report& report) {
  if (groups_in_use(facts.config).empty() || facts.config.settings.redundancy.address_only) return;
  const auto& fifo = facts.fifo;
  if (!fifo.exists) {
    return report.wrong(fmt::format("there is no notify FIFO {}: keepalived makes it when its `vrrp_notify_fifo` names it", fifo.path),
                        "rri render keepalived > /etc/keepalived/keepalived.conf && systemctl restart keepalived");
  }
  if (!fifo.is_fifo) return report.wrong(fmt::format("{} is no FIFO", fifo.path), fmt::format("rm {} && systemctl restart keepalived", fifo.path));
  if (!fifo.readers_known) return report.unseen(fmt::format("who reads {}: that needs root", fifo.path), "sudo rri doctor");
  if (fifo.readers.empty()) {
    return report.wrong(fmt::format("nobody reads {}: rrid does not see which router is active", fifo.path), "systemctl restart rrid");
  }
  if (fifo.readers.size() > 1) {
    std::string list;
    for (const auto& reader : fifo.readers) list += fmt::format("{}{}", list.empty() ? "" : ", ", reader);
    return report.wrong(fmt::format("{} processes read {} ({}): each line reaches only one of them", fifo.readers.size(), fifo.path, list),
                        "rri, then: configure terminal / rri / redundancy keepalived fifo PATH, with a FIFO of its own for each");
  }
  report.ok(fmt::format("{} reads {}", fifo.readers.front(), fifo.path));
}

}  // namespace rri::doctor
