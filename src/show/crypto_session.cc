// `show crypto session [detail | brief]`.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "show/cisco_words.h"
#include "show/crypto_sas.h"
#include "show/json.h"
#include "show/sa_text.h"
#include "show/tables.h"

namespace rri::show {

namespace {

/// One peer on one interface.
struct Session {
  std::string interface;
  std::string peer;
  std::vector<const IkeSa*> ikes;
  std::vector<Flow> flows;
  std::vector<IdleLine> idle;
};

using Sessions = std::vector<Session>;

bool is_wanted(const IkeSa& ike, const std::string& interface, const SaQuery& query) {
  return (!query.peer || ike.peer == query.peer) && (!query.interface || interface == *query.interface);
}

Sessions find_sessions(const SaPicture& picture, const SaQuery& query) {
  std::map<std::pair<std::string, std::string>, Session> found;
  const auto session_of = [&](const std::string& interface, const std::string& peer) -> Session& {
    auto& session = found[{interface, peer}];
    session.interface = interface;
    session.peer = peer;
    return session;
  };
  const auto flows = find_flows(picture, query);
  std::map<std::uint64_t, std::string> place_of_ike;  // where its SAs are
  for (const auto& flow : flows) {
    session_of(flow.interface, address_word(flow.ike->peer)).flows.push_back(flow);
    place_of_ike.emplace(flow.ike->id, flow.interface);
  }
  for (const auto& ike : picture.sas) {
    const auto place = place_of_ike.find(ike.id);
    const auto interface = place != place_of_ike.end() ? place->second : interface_of(*picture.summary, ike.local);
    if (ike.version != 0 && ike.peer && is_wanted(ike, interface, query)) session_of(interface, address_word(ike.peer)).ikes.push_back(&ike);
  }
  for (auto& idle : find_idle_lines(picture, find_flows(picture, {}), query)) {
    auto& session = session_of(idle.interface, idle.peer());
    session.idle.push_back(std::move(idle));
  }
  Sessions sessions;
  for (auto& [key, session] : found) sessions.push_back(std::move(session));
  return sessions;
}

std::string_view status_of(const Session& session) {
  const auto is_up = [](const IkeSa* ike) { return ike->is_established(); };
  const bool has_ike = std::any_of(session.ikes.begin(), session.ikes.end(), is_up);
  if (!session.flows.empty()) return has_ike ? "UP-ACTIVE" : "UP-NO-IKE";
  if (has_ike) return "UP-IDLE";
  return session.ikes.empty() ? "DOWN" : "DOWN-NEGOTIATING";
}

std::uint64_t uptime_of(const Session& session) {
  std::uint64_t longest = 0;
  if (session.ikes.empty()) {
    for (const auto& flow : session.flows) longest = std::max(longest, flow.child->age_seconds);
  }
  for (const auto* ike : session.ikes) longest = std::max(longest, ike->age_seconds);
  return longest;
}

/// The port and identity of the newest IKE SA.
const IkeSa* newest(const Session& session) {
  return session.ikes.empty() ? nullptr : session.ikes.back();
}

std::string capabilities_of(const IkeSa& ike) {
  std::string letters;
  if (ike.nat_local || ike.nat_peer) letters += 'N';
  if (ike.extended_authentication) letters += 'X';
  return letters.empty() ? "(none)" : letters;
}

std::string ike_lines(const IkeSa& ike, bool detail) {
  auto text = fmt::format("  Session ID: {}  \n  IKEv{} SA: local {}/{} remote {}/{} {} \n", ike.id, ike.version, address_word(ike.local), ike.local_port,
                          address_word(ike.peer), ike.peer_port, ike.is_established() ? "Active" : "Inactive");
  if (!detail) return text;
  const auto left = ike.reauth_seconds.value_or(ike.rekey_seconds.value_or(0));
  return text + fmt::format("          Capabilities:{} connid:{} lifetime:{}\n", capabilities_of(ike), ike.id,
                            left == 0 ? "0" : clock_word(left));
}

std::string protocol_word(const TrafficSelector& selector) {
  const auto protocol = service_of(selector).protocol;
  return protocol == 0 ? (selector.family() == Family::V4 ? "ip" : "ipv6") : fmt::format("{}", protocol);
}

std::string traffic_lines(const ChildSa& child) {
  const auto seconds = seconds_left(child);
  return fmt::format(
      "        Inbound:  #pkts dec'ed {} drop 0 life (KB/Sec) {}/{}\n"
      "        Outbound: #pkts enc'ed {} drop 0 life (KB/Sec) {}/{}\n",
      child.in.packets, kilobytes_left(child.in), seconds, child.out.packets, kilobytes_left(child.out), seconds);
}

std::string flow_lines(const Flow& flow, bool detail) {
  std::string text;
  for (const auto& local : flow.child->local) {
    for (const auto& remote : flow.child->remote) {
      if (remote.family() != local.family()) continue;
      text += fmt::format("  IPSEC FLOW: permit {} {} {} \n", protocol_word(remote), flow_of(local), flow_of(remote));
    }
  }
  const bool dynamic = flow.view != nullptr && !flow.view->dynamic_map.empty();
  text += fmt::format("        Active SAs: 2, origin: {}crypto map\n", dynamic ? "dynamic " : "");
  if (detail) text += traffic_lines(*flow.child);
  return text + fmt::format("Crypto map entry: {}\n", entry_of(flow.view));
}

constexpr std::string_view kNoTraffic =
    "        Inbound:  #pkts dec'ed 0 drop 0 life (KB/Sec) 0/0\n"
    "        Outbound: #pkts enc'ed 0 drop 0 life (KB/Sec) 0/0\n";

std::string failure_of(const SaPicture& picture, const IdleLine& idle) {
  return picture.last_failure ? picture.last_failure({idle.map, idle.entry->sequence}) : std::string();
}

std::string idle_lines(const SaPicture& picture, const IdleLine& idle, bool detail) {
  auto text = fmt::format("  IPSEC FLOW: permit {} {} {} \n        Active SAs: 0, origin: crypto map\n", protocol_word(idle.remote),
                          flow_of(idle.local), flow_of(idle.remote));
  if (detail) text += kNoTraffic;
  text += fmt::format("Crypto map entry: {} {}\n", idle.map, idle.entry->sequence);
  const auto failure = failure_of(picture, idle);
  return failure.empty() ? text : text + fmt::format("Crypto map entry: last failure {}\n", failure);
}

std::string vrf_word(const std::string& vrf) { return vrf.empty() ? "(none)" : vrf; }

std::string_view profile_of(const SaPicture& picture, const Session& session) {
  const auto* entry = session.flows.empty() ? nullptr : find_entry(*picture.summary->config, session.flows.front().view);
  if (entry == nullptr && !session.idle.empty()) entry = session.idle.front().entry;
  if (entry == nullptr) return {};
  return entry->ikev2_profile.empty() ? std::string_view(entry->isakmp_profile) : std::string_view(entry->ikev2_profile);
}

std::string description_of(const SaPicture& picture, const Session& session) {
  const auto* entry = session.flows.empty() ? nullptr : find_entry(*picture.summary->config, session.flows.front().view);
  return entry == nullptr || entry->description.empty() ? "(none)" : entry->description;
}

std::string peer_lines(const SaPicture& picture, const Session& session, bool detail) {
  const auto* ike = newest(session);
  const auto port = ike == nullptr ? 500 : ike->peer_port;
  if (!detail) return fmt::format("Peer: {} port {} \n", session.peer, port);
  const auto* view = session.flows.empty() ? nullptr : session.flows.front().view;
  const auto id = ike == nullptr ? std::string() : ike->peer_id;
  return fmt::format("Peer: {} port {} fvrf: {} ivrf: {}\n      Phase1_id: {}\n      Desc: {}\n", session.peer, port,
                     vrf_word(front_vrf_of(*picture.summary, session.interface)),
                     vrf_word(inside_vrf_of(*picture.summary, view, session.interface)), id.empty() ? "(none)" : id,
                     description_of(picture, session));
}

std::string session_text(const SaPicture& picture, const Session& session, bool detail) {
  auto text = fmt::format("Interface: {}\n", session.interface);
  if (const auto profile = profile_of(picture, session); !profile.empty()) text += fmt::format("Profile: {}\n", profile);
  const auto status = status_of(session);
  if (detail && status.starts_with("UP")) text += fmt::format("Uptime: {}\n", uptime_word(uptime_of(session)));
  text += fmt::format("Session status: {}     \n", status) + peer_lines(picture, session, detail);
  for (const auto* ike : session.ikes) text += ike_lines(*ike, detail);
  for (const auto& flow : session.flows) text += flow_lines(flow, detail);
  for (const auto& idle : session.idle) text += idle_lines(picture, idle, detail);
  return text + "\n";
}

std::string brief_status(const Session& session) {
  const auto status = status_of(session);
  if (status == "UP-ACTIVE") return "UA";
  if (status == "UP-IDLE") return "UI";
  if (status == "UP-NO-IKE") return "UK";
  return status == "DOWN" ? "D" : "DN";
}

std::string brief_text(const Session& session) {
  const auto* ike = newest(session);
  const bool is_user = ike != nullptr && ike->extended_authentication;
  const auto id = ike == nullptr ? std::string() : ike->peer_id;
  const auto uptime = status_of(session).starts_with("UP") ? uptime_word(uptime_of(session)) : std::string();
  return fmt::format("{:>15} {:<8} {:>12} {:>20} {:>10} {:>4}\n", session.peer, short_interface(session.interface), is_user ? id : "",
                     is_user ? "" : id, uptime, brief_status(session));
}

std::string head_of(SessionForm form) {
  constexpr std::string_view kCodes =
      "Code: C - IKE Configuration mode, D - Dead Peer Detection     \n"
      "K - Keepalives, N - NAT-traversal, T - cTCP encapsulation     \n"
      "X - IKE Extended Authentication, F - IKE Fragmentation\n"
      "R - IKE Auto Reconnect, U - IKE Dynamic Route Update\n"
      "S - SIP VPN\n\n";
  switch (form) {
    case SessionForm::Usual: return "Crypto session current status\n\n";
    case SessionForm::Detail: return "Crypto session current status\n\n" + std::string(kCodes);
    case SessionForm::Brief: break;
  }
  return "Status: A- Active, U - Up, D - Down, I - Idle, S - Standby, N - Negotiating \n        K - No IKE\nivrf = (none)\n" +
         fmt::format("{:>15} {:<8} {:>12} {:>20} {:>10} {}\n", "Peer", "I/F", "Username", "Group/Phase1_id", "Uptime", "Status");
}

std::string list_of(std::size_t count, const std::function<std::string(std::size_t)>& object) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += fmt::format("{}{}", i == 0 ? "" : ",", object(i));
  return text;
}

std::string session_json(const SaPicture& picture, const Session& session) {
  return fmt::format(R"({{"interface":{},"peer":{},"status":{},"uptime_seconds":{},"ike":[{}],"sas":[{}],"idle":[{}]}})",
                     quoted_json(session.interface), quoted_json(session.peer), quoted_json(status_of(session)), uptime_of(session),
                     list_of(session.ikes.size(), [&](std::size_t i) { return ike_json(picture, *session.ikes[i]); }),
                     list_of(session.flows.size(), [&](std::size_t i) { return flow_json(picture, session.flows[i]); }),
                     list_of(session.idle.size(), [&](std::size_t i) {
                       const auto& idle = session.idle[i];
                       const auto failure = failure_of(picture, idle);
                       return fmt::format(R"({{"map":{},"seq":{},"local":{},"remote":{},"last_failure":{}}})", quoted_json(idle.map),
                                          idle.entry->sequence, quoted_json(idle.local.to_string()), quoted_json(idle.remote.to_string()),
                                          failure.empty() ? "null" : quoted_json(failure));
                     }));
}

}  // namespace

Pieces crypto_sessions(SharedPicture picture, const SaQuery& query, SessionForm form, Format format) {
  const auto sessions = std::make_shared<const Sessions>(find_sessions(*picture, query));
  if (format == Format::Json) {
    return json_list("sessions", sessions->size(), [picture, sessions](std::size_t i) { return session_json(*picture, (*sessions)[i]); });
  }
  return each_piece(sessions->size() + 1, [picture, sessions, form](std::size_t i) {
    if (i == 0) return head_of(form);
    const auto& session = (*sessions)[i - 1];
    return form == SessionForm::Brief ? brief_text(session) : session_text(*picture, session, form == SessionForm::Detail);
  });
}

}  // namespace rri::show
