#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <vector>

#include "app/doctor/checks.h"
#include "base/text.h"

namespace rri::doctor {

namespace {

constexpr std::string_view kRestartCharon = "systemctl restart strongswan";
constexpr std::string_view kOurFile = "/etc/strongswan.d/rri.conf";

const StrongSwanSource* strongswan(const Facts& facts) { return std::get_if<StrongSwanSource>(&facts.config.settings.ike); }

/// charon-systemd reads its own section first, then that of charon (strongswan.conf(5)).
std::optional<PlacedValue> find_setting(const Facts& facts, std::string_view name) {
  for (const std::string_view section : {"charon-systemd", "charon"}) {
    if (section == "charon-systemd" && facts.charon.daemon == "charon") continue;
    const auto found = facts.strongswan.values.find(fmt::format("{}.{}", section, name));
    if (found != facts.strongswan.values.end()) return found->second;
  }
  return std::nullopt;
}

/// As strongSwan's settings_t reads a boolean; Unknown: it is not set, or no boolean.
Answer as_answer(const std::optional<PlacedValue>& setting) {
  const auto lower = setting ? to_lower(setting->value) : std::string{};
  if (lower == "yes" || lower == "true" || lower == "enabled" || lower == "1") return Answer::Yes;
  if (lower == "no" || lower == "false" || lower == "disabled" || lower == "0") return Answer::No;
  return Answer::Unknown;
}

std::string looked_at(const Facts& facts) {
  std::string text;
  for (std::size_t i = 0; i < facts.strongswan.files.size() && i < 3; ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", facts.strongswan.files[i]);
  }
  if (facts.strongswan.files.size() > 3) text += fmt::format(" and {} more", facts.strongswan.files.size() - 3);
  return text;
}

std::string set_and_restart(std::string_view setting, std::string_view value) {
  return fmt::format("printf 'charon {{\\n  {} = {}\\n}}\\n' >> {} && {}", setting, value, kOurFile, kRestartCharon);
}

int major_version(const std::string& version) {
  return parse_number<int>(version.substr(0, version.find('.'))).value_or(0);
}

/// Whether the user of rrid may connect: that needs the right to write.
bool may_use(const DaemonFacts& daemon, const SocketFacts& socket) {
  if (!daemon.uid || *daemon.uid == 0) return true;
  if (*daemon.uid == socket.uid) return (socket.mode & 0200U) != 0;
  if (daemon.groups.contains(socket.gid)) return (socket.mode & 0020U) != 0;
  return (socket.mode & 0002U) != 0;
}

/// Whether a rule leads to table 220 for such a route; where that is not known, charon's own does.
bool is_looked_up(const Facts& facts, const RouteFact& route) {
  return !facts.kernel.rules_220 || facts.kernel.rules_220->contains(route.prefix.family());
}

/// The routes of table 220, those first that a rule leads to.
std::vector<RouteFact> strays_first(const Facts& facts) {
  auto routes = facts.kernel.charon_routes;
  std::stable_partition(routes.begin(), routes.end(), [&](const auto& route) { return is_looked_up(facts, route); });
  return routes;
}

}  // namespace

void check_rrid(const Facts& facts, Report& report) {
  const auto& daemon = facts.daemon;
  if (daemon.answers) return report.ok(fmt::format("rrid answers on {}", daemon.socket));
  if (daemon.error.find("ermission") != std::string::npos || daemon.error.find("may not") != std::string::npos) {
    return report.unseen(fmt::format("rrid was not asked: could not {}", daemon.error), "adduser $USER rrid, and log in anew");
  }
  report.wrong(fmt::format("rrid does not answer: could not {}", daemon.error), "systemctl start rrid");
}

void check_configuration(const Facts& facts, Report& report) {
  if (!facts.has_config) {
    return report.wrong(fmt::format("there is no configuration: could not {}", facts.config_error),
                        "rri doctor --config FILE, or write /etc/rri/startup-config");
  }
  for (const auto& error : facts.config_errors) report.wrong(error, "rrid --check FILE names every error with its line");
  for (const auto& error : facts.tunnel_errors) report.wrong(error, "rrid --check FILE names all that strongSwan cannot do of it");
  if (facts.config_errors.empty()) report.ok(fmt::format("the configuration ({}) has no errors", facts.config_name));
}

void check_source(const Facts& facts, Report& report) {
  if (!facts.daemon.answers) return;
  for (const auto& notice : facts.daemon.notices) report.note(fmt::format("notice {}", notice));
  if (facts.daemon.source_state == "connected") {
    return facts.daemon.in_sync ? report.ok("rrid has a full list of SAs and routes") : report.note("rrid is still reading SAs and routes");
  }
  report.wrong(fmt::format("rrid is not connected to the IKE daemon ({}){}{}", facts.daemon.source_state,
                           facts.daemon.source_error.empty() ? "" : ": could not ", facts.daemon.source_error),
               "rri -c 'show rri' tells more; the lines on charon below tell why");
}

void check_charon(const Facts& facts, Report& report) {
  if (!facts.has_config || strongswan(facts) == nullptr) return;
  const auto& socket = facts.charon.socket;
  if (socket.connects && !facts.charon.version.empty()) {
    return report.ok(fmt::format("{} {} answers on {}", facts.charon.daemon, facts.charon.version, socket.path));
  }
  if (socket.connects) {
    return report.wrong(fmt::format("what listens on {} does not answer like charon within some seconds", socket.path),
                        std::string(kRestartCharon));
  }
  if (!socket.exists) {
    return report.wrong(fmt::format("charon is not running, or without its vici plugin: there is no {}", socket.path),
                        "apt-get install charon-systemd strongswan-swanctl && systemctl start strongswan");
  }
  if (socket.error == ECONNREFUSED) {
    return report.wrong(fmt::format("nobody listens on {}: charon died and left it behind", socket.path),
                        std::string(kRestartCharon));
  }
  if (socket.error == EACCES || socket.error == EPERM) {
    return report.unseen(fmt::format("charon was not asked: this user may not connect to {}", socket.path), "sudo rri doctor");
  }
  report.wrong(fmt::format("charon cannot be reached on {} (error {})", socket.path, socket.error), std::string(kRestartCharon));
}

void check_charon_socket(const Facts& facts, Report& report) {
  if (!facts.has_config || strongswan(facts) == nullptr || !facts.charon.socket.exists) return;
  if (!facts.daemon.answers || !facts.daemon.uid) return;
  const auto& socket = facts.charon.socket;
  if (may_use(facts.daemon, socket)) return report.ok(fmt::format("rrid's user may connect to {}", socket.path));
  report.wrong(fmt::format("rrid's user (uid {}) may not connect to {} (mode {:04o}, group {})", *facts.daemon.uid, socket.path,
                           socket.mode & 07777U, socket.gid),
               fmt::format("chgrp rrid {0} now; for good, install packaging/systemd/strongswan.service.d/rri.conf "
                           "(docs/install.md) and restart strongswan",
                           socket.path));
}

void check_install_routes(const Facts& facts, Report& report) {
  if (!facts.has_config || strongswan(facts) == nullptr) return;
  const auto stray = strays_first(facts);
  const auto setting = find_setting(facts, "install_routes");
  const auto value = as_answer(setting);
  const auto table = fmt::format("table 220 has {} route{} (the first: {}{})", stray.size(), stray.size() == 1 ? "" : "s",
                                 stray.empty() ? "" : stray.front().prefix.to_string(),
                                 stray.empty() || stray.front().device.empty() ? "" : " dev " + stray.front().device);
  if (value == Answer::No && stray.empty()) {
    return report.ok(fmt::format("charon installs no routes: install_routes = {} ({}), and table 220 is empty", setting->value, setting->place));
  }
  if (value == Answer::No && !is_looked_up(facts, stray.front())) {
    return report.note(fmt::format("{}, but no rule leads there", table), "ip route flush table 220");
  }
  if (value == Answer::No) {
    return report.wrong(fmt::format("{} although install_routes = no ({}): left from before, or by kernel-libipsec, which ignores it; "
                                    "they win over the routes of rrid", table, setting->place),
                        fmt::format("ip -{0} route flush table 220; ip -{0} rule del pref 220", stray.front().prefix.family() == Family::V4 ? 4 : 6));
  }
  if (!stray.empty()) {
    return report.wrong(fmt::format("charon installs routes of its own: {}; they win over those of rrid", table),
                        set_and_restart("install_routes", "no") + " && ip route flush table 220");
  }
  if (facts.strongswan.files.empty()) {
    return report.unseen("install_routes of charon: no strongswan.conf could be read; table 220 is empty", "sudo rri doctor");
  }
  report.wrong(fmt::format("charon will install routes of its own: install_routes is {} (looked at {})",
                           setting ? fmt::format("{} ({})", setting->value, setting->place) : "not set, and `yes` is the default", looked_at(facts)),
               set_and_restart("install_routes", "no"));
}

void check_make_before_break(const Facts& facts, Report& report) {
  if (!facts.has_config || strongswan(facts) == nullptr || facts.strongswan.files.empty()) return;
  const auto setting = find_setting(facts, "make_before_break");
  const auto value = as_answer(setting);
  if (value == Answer::Yes) return report.ok(fmt::format("make_before_break = {} ({})", setting->value, setting->place));
  if (value == Answer::Unknown && major_version(facts.charon.version) >= 6) return report.ok("make_before_break is the default since strongSwan 6.0");
  report.wrong(fmt::format("make_before_break is {}: each reauthentication takes the tunnel down for a moment", value == Answer::No ? "no" : "not set"),
               set_and_restart("make_before_break", "yes"));
}

void check_process_route(const Facts& facts, Report& report) {
  if (!facts.has_config || strongswan(facts) == nullptr || facts.strongswan.files.empty()) return;
  const auto setting = find_setting(facts, "process_route");
  if (as_answer(setting) == Answer::No) return report.ok(fmt::format("process_route = {} ({})", setting->value, setting->place));
  report.note("process_route is not `no`: each injected route makes charon look at each of its IKE SAs again (right for a hub with "
              "fixed addresses)",
              set_and_restart("process_route", "no"));
}

/// How long charon calls a peer that does not answer (strongswan.conf(5), retransmit_*).
void check_retransmission(const Facts& facts, Report& report) {
  if (!facts.has_config || strongswan(facts) == nullptr || facts.strongswan.files.empty()) return;
  const auto& profiles = facts.config.ike.ikev2_profiles;
  const auto asks = std::find_if(profiles.begin(), profiles.end(), [](const auto& item) { return item.second.keepalive.has_value(); });
  if (asks == profiles.end()) return;
  const auto number = [&](std::string_view name, double otherwise) {
    const auto setting = find_setting(facts, name);
    return setting ? std::strtod(setting->value.c_str(), nullptr) : otherwise;
  };
  double pause = number("retransmit_timeout", 4.0);
  double total = 0;
  constexpr double kMostTries = 100;
  const double tries = std::clamp(number("retransmit_tries", 5), 0.0, kMostTries);
  for (int i = 0; i <= static_cast<int>(tries); ++i, pause *= number("retransmit_base", 1.8)) total += pause;
  constexpr double kLong = 90;
  const auto text = fmt::format("charon gives up a silent IKEv2 peer {:.0f} s after `dpd` of profile {} asked it", total, printable(asks->first));
  if (total <= kLong) return report.ok(text);
  if (!strongswan(facts)->observe) return report.ok(text + "; rrid, whose connections they are, ends its tunnels when `dpd` says so");
  report.note(text, set_and_restart("retransmit_tries", "3"));
}

/// `dn` and `subject-name` name parts of a subject: charon compares whole subjects, if it is not told otherwise.
void check_subjects(const Facts& facts, Report& report) {
  if (!facts.has_config || strongswan(facts) == nullptr || strongswan(facts)->observe || facts.strongswan.files.empty()) return;
  const auto has_subject = [](const std::vector<IdentityMatch>& matches) {
    return std::any_of(matches.begin(), matches.end(), [](const IdentityMatch& match) { return match.kind == IdentityMatch::Kind::Subject; });
  };
  const auto& config = facts.config;
  bool any = std::any_of(config.identities.begin(), config.identities.end(), [&](const auto& item) { return has_subject(item.second); });
  for (const auto* profiles : {&config.isakmp_profiles, &config.ikev2_profiles}) {
    any = any || std::any_of(profiles->begin(), profiles->end(), [&](const auto& item) { return has_subject(item.second.identities); });
  }
  if (!any) return;
  const auto setting = find_setting(facts, "rdn_matching");
  if (setting && setting->value == "relaxed") return report.ok(fmt::format("rdn_matching = {} ({})", setting->value, setting->place));
  report.wrong(fmt::format("rdn_matching is {}: charon takes a subject of `dn` and `subject-name` lines only when they name all its parts",
                           setting ? setting->value : "not set"),
               set_and_restart("rdn_matching", "relaxed"));
}

}  // namespace rri::doctor
