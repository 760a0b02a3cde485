#include "app/doctor/checks.h"

#include <array>
#include <iterator>
#include <utility>

namespace rri::doctor {

namespace {

constexpr std::array kChecks = {
    Check{"rrid", check_rrid},
    Check{"configuration", check_configuration},
    Check{"source", check_source},
    Check{"charon", check_charon},
    Check{"charon-socket", check_charon_socket},
    Check{"install-routes", check_install_routes},
    Check{"make-before-break", check_make_before_break},
    Check{"process-route", check_process_route},
    Check{"retransmission", check_retransmission},
    Check{"rdn-matching", check_subjects},
    Check{"kernel-esp", check_esp},
    Check{"ip-forward", check_ip_forward},
    Check{"rp-filter", check_rp_filter},
    Check{"interface-binding", check_bindings},
    Check{"interface-address", check_addresses},
    Check{"interface-shutdown", check_shutdown},
    Check{"vrf-device", check_vrf_devices},
    Check{"vrf-member", check_vrf_members},
    Check{"vrf-leak", check_vrf_leaks},
    Check{"front-door-vrf", check_front_door},
    Check{"our-routes", check_our_routes},
    Check{"protocol-number", check_protocol_number},
    Check{"networkd", check_networkd},
    Check{"network-manager", check_network_manager},
    Check{"frr", check_frr},
    Check{"frr-redistribute", check_redistribution},
    Check{"frr-zebra-restart", check_zebra_restart},
    Check{"frr-dead-routes", check_dead_routes},
    Check{"keepalived", check_keepalived},
    Check{"vrrp-fifo", check_fifo},
};

}  // namespace

std::span<const Check> checks() { return kChecks; }

std::vector<Finding> judge(const Facts& facts) {
  std::vector<Finding> all;
  for (const auto& check : kChecks) {
    Report report;
    check.judge(facts, report);
    for (auto& finding : report.findings) {
      finding.check = check.name;
      all.push_back(std::move(finding));
    }
  }
  return all;
}

}  // namespace rri::doctor
