#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "app/doctor/checks.h"
#include "app/plan/outlets.h"
#include "base/text.h"
#include "model/route.h"

namespace rri::doctor {

namespace {

bool is_frr_sink(const Config& config) { return std::holds_alternative<FrrSink>(config.settings.route); }

std::string_view sink_word(const Config& config) { return is_frr_sink(config) ? "static" : "kernel"; }

std::string_view family_name(Family family) { return family == Family::V4 ? "ipv4" : "ipv6"; }

/// "vtysh -c 'configure terminal' -c 'router ospf' -c 'redistribute kernel route-map RRI'".
std::string redistribute_cure(const std::string& router, std::string_view word, Family family, bool is_bgp) {
  const auto map = family == Family::V4 ? "RRI" : "RRI6";
  const auto inside = is_bgp ? fmt::format(" -c 'address-family {} unicast'", family_name(family)) : "";
  return fmt::format("vtysh -c 'configure terminal' -c '{}'{} -c 'redistribute {} route-map {}' (`rri render frr` prints the route-map)", router,
                     inside, word, map);
}

bool may_carry(const FrrRouter& router, Family family) {
  if (router.daemon == "ospfd") return family == Family::V4;
  if (router.daemon == "ospf6d") return family == Family::V6;
  return router.daemon == "bgpd";
}

void judge_outlet(const Facts& facts, const plan::Outlet& outlet, Report& report) {
  const auto word = sink_word(facts.config);
  const auto what = fmt::format("{} routes of VRF {}", family_name(outlet.family), outlet.vrf);
  std::vector<const FrrRouter*> able;
  for (const auto& router : facts.frr.routers) {
    if (router.vrf != outlet.vrf || !may_carry(router, outlet.family)) continue;
    able.push_back(&router);
    for (const auto& line : router.redistributions) {
      if (line.what != word || line.family != family_name(outlet.family)) continue;
      const auto said = fmt::format("FRR carries the {} away: `redistribute {}` in `{}`", what, word, router.name);
      if (line.route_map.empty()) {
        return report.note(said + ", without a route-map: pins and default routes go along",
                           redistribute_cure(router.name, word, outlet.family, router.daemon == "bgpd"));
      }
      if (!facts.frr.route_maps.contains(line.route_map)) {
        return report.wrong(fmt::format("{}, whose route-map {} is not defined", said, line.route_map), "rri render frr prints it");
      }
      return report.ok(fmt::format("{} (route-map {})", said, line.route_map));
    }
  }
  if (able.empty()) {
    const std::string router = outlet.family == Family::V4 ? "router ospf" : "router ospf6";
    const auto vrf = outlet.vrf == kDefaultVrf ? "" : " vrf " + outlet.vrf;
    return report.wrong(fmt::format("FRR runs no protocol that could carry the {} away", what),
                        redistribute_cure(router + vrf, word, outlet.family, false));
  }
  report.wrong(fmt::format("FRR does not carry the {} away: `{}` has no `redistribute {}`", what, able.front()->name, word),
               redistribute_cure(able.front()->name, word, outlet.family, able.front()->daemon == "bgpd"));
}

/// Protocols that take kernel routes and lose sight of them when zebra alone comes back.
std::vector<std::string> left_behind(const FrrFacts& frr) {
  const auto zebra = frr.starts.find("zebra");
  std::vector<std::string> names;
  if (zebra == frr.starts.end()) return names;
  for (const auto& [name, start] : frr.starts) {
    const bool redistributes = std::any_of(frr.routers.begin(), frr.routers.end(), [&name = name](const auto& router) {
      return router.daemon == name && !router.redistributions.empty();
    });
    if (redistributes && start < zebra->second) names.push_back(name);
  }
  return names;
}

}  // namespace

void check_frr(const Facts& facts, Report& report) {
  if (!facts.frr.is_running) {
    if (facts.has_config && is_frr_sink(facts.config)) {
      report.wrong("routes go to FRR (`route frr`), and FRR does not run here", "systemctl start frr");
    }
    return;
  }
  report.ok(fmt::format("FRR {} runs here", facts.frr.version.empty() ? "(version not seen)" : facts.frr.version));
  if (!facts.has_config || !is_frr_sink(facts.config)) return;
  if (!facts.frr.static_socket || !facts.frr.static_socket->exists) {
    return report.wrong(fmt::format("FRR has no socket for static routes in {}: staticd does not run", facts.frr.directory),
                        "sed -i 's/^staticd=no/staticd=yes/' /etc/frr/daemons && systemctl restart frr");
  }
  const auto& socket = *facts.frr.static_socket;
  const bool root = !facts.daemon.uid || *facts.daemon.uid == 0;
  if (!root && !facts.daemon.groups.contains(socket.gid) && (socket.mode & 0002U) == 0) {
    return report.wrong(fmt::format("rrid's user may not use {} (group {})", socket.path, socket.gid),
                        "adduser rrid frrvty && systemctl restart rrid");
  }
  report.ok(fmt::format("rrid may use {}", socket.path));
  if (facts.frr.statics_away) {
    report.wrong("staticd has not met zebra again since zebra was restarted: no static route is in a table",
                 "wait 10 s, as long as staticd waits between two attempts, or systemctl restart frr");
  }
}

void check_redistribution(const Facts& facts, Report& report) {
  if (!facts.frr.is_running || !facts.has_config) return;
  if (facts.frr.configuration_source.empty()) {
    return report.unseen("what FRR redistributes: its sockets and its frr.conf could not be read", "sudo rri doctor");
  }
  for (const auto& outlet : plan::find_outlets(facts.config)) judge_outlet(facts, outlet, report);
}

void check_zebra_restart(const Facts& facts, Report& report) {
  if (!facts.frr.is_running || facts.frr.starts.empty()) return;
  const auto names = left_behind(facts.frr);
  if (names.empty()) return report.ok("zebra is not younger than the protocols that redistribute");
  std::string list;
  for (const auto& name : names) list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
  report.wrong(fmt::format("zebra was restarted alone, after {}: FRR (seen with 8.4.4) then never learns or withdraws kernel routes again, so "
                           "what it tells the neighbours is out of date",
                           list),
               "systemctl restart frr (all daemons together, as watchfrr does)");
}

void check_dead_routes(const Facts& facts, Report& report) {
  if (!facts.frr.is_running || is_frr_sink(facts.config)) return;
  if (!facts.frr.dead_unseen.empty()) {
    return report.unseen(fmt::format("whether FRR shows routes that the kernel has not: {}", facts.frr.dead_unseen), "sudo rri doctor");
  }
  if (facts.frr.dead.empty()) return report.ok("every kernel route that FRR shows is in the kernel");
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < facts.frr.dead.size() && i < kShown; ++i) {
    const auto& route = facts.frr.dead[i];
    const auto key = fmt::format("{} metric {} table {} proto {}", route.prefix.to_string(), route.metric, route.table, route.protocol);
    const auto v = route.prefix.family() == Family::V4 ? 4 : 6;
    report.wrong(fmt::format("FRR shows {} (table {}), which the kernel has not, and goes on announcing it", route.prefix.to_string(), route.table),
                 fmt::format("ip -{0} route add unreachable {1} && ip -{0} route del unreachable {1}", v, key));
  }
  if (facts.frr.dead.size() > kShown) report.wrong(fmt::format("and {} more such routes", facts.frr.dead.size() - kShown), "systemctl restart frr");
}

}  // namespace rri::doctor
