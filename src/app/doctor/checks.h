// app/doctor/checks.h -- from facts to findings. Pure.
//
// One row a check; each looks at one thing and says what is right, what is wrong
// and what to type against it. A check that does not apply (no VRF configured, no
// FRR here) says nothing. Nothing here changes anything.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/doctor/facts.h"

namespace rri::doctor {

enum class Verdict : std::uint8_t {
  Ok,
  Wrong,   // routes or traffic suffer, or will
  Note,    // worth knowing; may be meant so
  Unseen,  // could not be looked at
};

struct Finding {
  std::string check;  // stable name: "ip-forward"
  Verdict verdict{};
  std::string text;
  std::string cure;  // a command to type, "" where there is none

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// What one check has to say.
class Report {
 public:
  void ok(std::string text) { put(Verdict::Ok, std::move(text), {}); }
  void wrong(std::string text, std::string cure) { put(Verdict::Wrong, std::move(text), std::move(cure)); }
  void note(std::string text, std::string cure = {}) { put(Verdict::Note, std::move(text), std::move(cure)); }
  void unseen(std::string text, std::string cure = {}) { put(Verdict::Unseen, std::move(text), std::move(cure)); }

  std::vector<Finding> findings;

 private:
  void put(Verdict verdict, std::string text, std::string cure) {
    findings.push_back({{}, verdict, std::move(text), std::move(cure)});
  }
};

struct Check {
  std::string_view name;
  void (*judge)(const Facts& facts, Report& report);
};

/// All checks in the order in which they are printed.
std::span<const Check> checks();

/// Everything that all checks say.
std::vector<Finding> judge(const Facts& facts);

// ike: rrid and charon
void check_rrid(const Facts& facts, Report& report);
void check_configuration(const Facts& facts, Report& report);
void check_source(const Facts& facts, Report& report);
void check_charon(const Facts& facts, Report& report);
void check_charon_socket(const Facts& facts, Report& report);
void check_install_routes(const Facts& facts, Report& report);
void check_make_before_break(const Facts& facts, Report& report);
void check_process_route(const Facts& facts, Report& report);
void check_retransmission(const Facts& facts, Report& report);
void check_subjects(const Facts& facts, Report& report);
// kernel: what Linux must do for routed tunnels
void check_esp(const Facts& facts, Report& report);
void check_ip_forward(const Facts& facts, Report& report);
void check_rp_filter(const Facts& facts, Report& report);
// interfaces: configuration against Linux
void check_bindings(const Facts& facts, Report& report);
void check_addresses(const Facts& facts, Report& report);
void check_shutdown(const Facts& facts, Report& report);
void check_vrf_devices(const Facts& facts, Report& report);
void check_vrf_members(const Facts& facts, Report& report);
void check_vrf_leaks(const Facts& facts, Report& report);
/// charon sends by the main table, whatever VRF its peers are in.
void check_front_door(const Facts& facts, Report& report);
// routes: ours where they should not be, and others who touch them
void check_our_routes(const Facts& facts, Report& report);
void check_protocol_number(const Facts& facts, Report& report);
void check_networkd(const Facts& facts, Report& report);
void check_network_manager(const Facts& facts, Report& report);
// frr
void check_frr(const Facts& facts, Report& report);
void check_redistribution(const Facts& facts, Report& report);
void check_zebra_restart(const Facts& facts, Report& report);
void check_dead_routes(const Facts& facts, Report& report);
// redundancy
void check_keepalived(const Facts& facts, Report& report);
void check_fifo(const Facts& facts, Report& report);

}  // namespace rri::doctor
