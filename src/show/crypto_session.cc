// `show crypto session [detail | brief]`.
#include <fmt/format.h>

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>

#include "show/cisco_words.h"
#include "show/crypto_sas.h"
#include "show/json.h"
#include "show/sa_text.h"
#include "show/step_sort.h"
#include "show/tables.h"

namespace rri::show {

namespace {

/// What stands in a session: its IKE SAs, then its CHILD_SAs, then lines without one.
struct Item {
  enum class Kind : std::uint8_t { Ike, Flow, Idle };

  std::string_view interface;
  std::string peer;
  Kind kind{};
  const IkeSa* ike = nullptr;
  const Flow* flow = nullptr;
  const IdleLine* idle = nullptr;

  friend bool operator<(const Item& a, const Item& b) {
    const auto place = [](const Item& item) { return std::tie(item.interface, item.peer, item.kind); };
    if (place(a) != place(b)) return place(a) < place(b);
    return a.kind == Kind::Flow && a.flow->rank() < b.flow->rank();
  }
};

/// One peer on one interface: items from `begin` on.
struct Session {
  std::size_t begin = 0;
  std::string_view interface;
  std::string_view peer;
  const IkeSa* newest = nullptr;   // for port and identity
  const Flow* flow = nullptr;      // the first one
  const IdleLine* idle = nullptr;  // likewise
  bool has_ike = false;            // one that is established
  std::uint64_t oldest_ike = 0;    // seconds
  std::uint64_t oldest_flow = 0;

  [[nodiscard]] std::uint64_t uptime() const { return newest == nullptr ? oldest_flow : oldest_ike; }
  [[nodiscard]] std::string_view status() const {
    if (flow != nullptr) return has_ike ? "UP-ACTIVE" : "UP-NO-IKE";
    if (has_ike) return "UP-IDLE";
    return newest == nullptr ? "DOWN" : "DOWN-NEGOTIATING";
  }
  void add(const Item& item) {
    if (item.ike != nullptr) {
      newest = item.ike;
      has_ike = has_ike || item.ike->is_established();
      oldest_ike = std::max(oldest_ike, item.ike->age_seconds);
    }
    if (item.flow != nullptr) {
      flow = flow == nullptr ? item.flow : flow;
      oldest_flow = std::max(oldest_flow, item.flow->child->age_seconds);
    }
    if (idle == nullptr) idle = item.idle;
  }
};

/// The sessions of a query, found some at a time: what stands in them, in order, and where each begins.
class Listing {
 public:
  Listing(SharedPicture picture, const SaQuery& query) : picture_(picture), query_(query), search_(std::move(picture), query), ike_(picture_->sas->begin()) {}

  /// False: all were found.
  bool step() {
    if (search_.step()) return true;
    if (next_ == 0) items_.reserve(search_.flows().size() + picture_->sas->size() + search_.idle().size());
    for (auto left = kAtATime; left > 0 && next_ < search_.flows().size(); --left) add_flow(search_.flows()[next_++]);
    if (next_ < search_.flows().size()) return true;
    for (auto left = kAtATime; left > 0 && ike_ != picture_->sas->end(); --left, ++ike_) add_ike(ike_->second);
    if (ike_ != picture_->sas->end()) return true;
    if (!sort_) {
      for (const auto& idle : search_.idle()) items_.push_back({idle.interface, idle.peer(), Item::Kind::Idle, nullptr, nullptr, &idle});
      sort_.emplace(items_, std::less<Item>());
    }
    return sort_->step() || group();
  }

  [[nodiscard]] const SaPicture& picture() const { return *picture_; }
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] const std::vector<Session>& sessions() const { return sessions_; }
  [[nodiscard]] const Session& session_of(std::size_t item) const {
    const auto behind = std::upper_bound(sessions_.begin(), sessions_.end(), item, [](std::size_t i, const Session& session) { return i < session.begin; });
    return *std::prev(behind);
  }
  [[nodiscard]] bool begins(std::size_t item) const { return session_of(item).begin == item; }
  [[nodiscard]] bool ends(std::size_t item) const { return item + 1 == items_.size() || begins(item + 1); }

 private:
  static constexpr std::size_t kAtATime = 256;

  void add_flow(const Flow& flow) {
    items_.push_back({flow.interface, address_word(flow.ike->peer), Item::Kind::Flow, nullptr, &flow, nullptr});
    place_of_ike_.emplace(flow.ike, flow.interface);
  }
  void add_ike(const IkeSa& ike) {
    if (ike.version == 0 || !ike.peer || (query_.peer && ike.peer != query_.peer)) return;
    const auto place = place_of_ike_.find(&ike);
    const auto interface = place != place_of_ike_.end() ? place->second : interface_of(*picture_->summary, ike);
    if (query_.interface && interface != *query_.interface) return;
    items_.push_back({interface, address_word(ike.peer), Item::Kind::Ike, &ike, nullptr, nullptr});
  }
  bool group() {
    for (auto left = kAtATime; left > 0 && grouped_ < items_.size(); --left, ++grouped_) {
      const auto& item = items_[grouped_];
      const bool is_new = sessions_.empty() || sessions_.back().interface != item.interface || sessions_.back().peer != item.peer;
      if (is_new) sessions_.push_back({grouped_, item.interface, item.peer});
      sessions_.back().add(item);
    }
    return grouped_ < items_.size();
  }

  SharedPicture picture_;
  SaQuery query_;
  SaSearch search_;
  std::size_t next_ = 0;  // of the flows
  IkeSas::const_iterator ike_;
  absl::flat_hash_map<const IkeSa*, std::string_view> place_of_ike_;  // where its SAs are
  std::vector<Item> items_;
  std::optional<StepSort<Item, std::less<Item>>> sort_;
  std::size_t grouped_ = 0;
  std::vector<Session> sessions_;
};

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

std::string traffic_lines(const Config& config, const Flow& flow) {
  const auto& [in, out] = std::tie(flow.child->in, flow.child->out);
  return fmt::format(
      "        Inbound:  #pkts dec'ed {} drop 0 life (KB/Sec) {}\n"
      "        Outbound: #pkts enc'ed {} drop 0 life (KB/Sec) {}\n",
      in.packets, life_words(config, flow, in), out.packets, life_words(config, flow, out));
}

std::string flow_lines(const Config& config, const Flow& flow, bool detail) {
  std::string text;
  for (const auto& local : flow.child->local) {
    for (const auto& remote : flow.child->remote) {
      if (remote.family() != local.family()) continue;
      text += fmt::format("  IPSEC FLOW: permit {} {} {} \n", protocol_word(remote), flow_of(local), flow_of(remote));
    }
  }
  const bool dynamic = flow.view != nullptr && !flow.view->dynamic_map.empty();
  const auto active = (flow.child->spi_in != 0 ? 1 : 0) + (flow.child->spi_out != 0 ? 1 : 0);
  text += fmt::format("        Active SAs: {}, origin: {}crypto map\n", active, dynamic ? "dynamic " : "");
  if (detail) text += traffic_lines(config, flow);
  return text + fmt::format("Crypto map entry: {}\n", entry_of(flow.view));
}

constexpr std::string_view kNoTraffic =
    "        Inbound:  #pkts dec'ed 0 drop 0 life (KB/Sec) 0/0\n"
    "        Outbound: #pkts enc'ed 0 drop 0 life (KB/Sec) 0/0\n";

std::string failure_of(const SaPicture& picture, const IdleLine& idle) {
  return picture.last_failure ? picture.last_failure({std::string(idle.map), idle.entry->sequence}) : std::string();
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
  const auto* entry = session.flow == nullptr ? nullptr : find_entry(*picture.summary->config, session.flow->view);
  if (entry == nullptr && session.idle != nullptr) entry = session.idle->entry;
  if (entry == nullptr) return {};
  return entry->ikev2_profile.empty() ? std::string_view(entry->isakmp_profile) : std::string_view(entry->ikev2_profile);
}

std::string description_of(const SaPicture& picture, const Session& session) {
  const auto* entry = session.flow == nullptr ? nullptr : find_entry(*picture.summary->config, session.flow->view);
  return entry == nullptr || entry->description.empty() ? "(none)" : entry->description;
}

std::string peer_lines(const SaPicture& picture, const Session& session, bool detail) {
  const auto* ike = session.newest;
  const auto port = ike == nullptr ? 500 : ike->peer_port;
  if (!detail) return fmt::format("Peer: {} port {} \n", session.peer, port);
  const auto* view = session.flow == nullptr ? nullptr : session.flow->view;
  const auto id = ike == nullptr ? std::string() : ike->peer_id;
  return fmt::format("Peer: {} port {} fvrf: {} ivrf: {}\n      Phase1_id: {}\n      Desc: {}\n", session.peer, port,
                     vrf_word(front_vrf_of(*picture.summary, session.interface)),
                     vrf_word(inside_vrf_of(*picture.summary, view, session.interface)), id.empty() ? "(none)" : id,
                     description_of(picture, session));
}

std::string session_head(const SaPicture& picture, const Session& session, bool detail) {
  auto text = fmt::format("Interface: {}\n", session.interface);
  if (const auto profile = profile_of(picture, session); !profile.empty()) text += fmt::format("Profile: {}\n", profile);
  const auto status = session.status();
  if (detail && status.starts_with("UP")) text += fmt::format("Uptime: {}\n", uptime_word(session.uptime()));
  return text + fmt::format("Session status: {}     \n", status) + peer_lines(picture, session, detail);
}

std::string item_text(const Listing& listing, std::size_t i, bool detail) {
  const auto& item = listing.items()[i];
  auto text = listing.begins(i) ? session_head(listing.picture(), listing.session_of(i), detail) : std::string();
  switch (item.kind) {
    case Item::Kind::Ike: text += ike_lines(*item.ike, detail); break;
    case Item::Kind::Flow: text += flow_lines(*listing.picture().summary->config, *item.flow, detail); break;
    case Item::Kind::Idle: text += idle_lines(listing.picture(), *item.idle, detail); break;
  }
  return listing.ends(i) ? text + "\n" : text;
}

std::string brief_status(const Session& session) {
  const auto status = session.status();
  if (status == "UP-ACTIVE") return "UA";
  if (status == "UP-IDLE") return "UI";
  if (status == "UP-NO-IKE") return "UK";
  return status == "DOWN" ? "D" : "DN";
}

std::string brief_text(const Session& session) {
  const auto* ike = session.newest;
  const bool is_user = ike != nullptr && ike->extended_authentication;
  const auto id = ike == nullptr ? std::string() : ike->peer_id;
  const auto uptime = session.status().starts_with("UP") ? uptime_word(session.uptime()) : std::string();
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
  return "Status: A- Active, U - Up, D - Down, I - Idle, S - Standby, N - Negotiating \n        K - No IKE\n";
}

std::string vrf_of(const SaPicture& picture, const Session& session) {
  return inside_vrf_of(*picture.summary, session.flow == nullptr ? nullptr : session.flow->view, session.interface);
}

std::string brief_head(const std::string& vrf) {
  return fmt::format("ivrf = {}\n{:>15} {:<8} {:>12} {:>20} {:>10} {}\n", vrf_word(vrf), "Peer", "I/F", "Username", "Group/Phase1_id", "Uptime", "Status");
}

/// With the head of its VRF, where the one before lies in another.
std::string brief_item(const Listing& listing, std::size_t i) {
  const auto& sessions = listing.sessions();
  const auto vrf = vrf_of(listing.picture(), sessions[i]);
  const bool begins = i == 0 || vrf_of(listing.picture(), sessions[i - 1]) != vrf;
  return (begins ? brief_head(vrf) : std::string()) + brief_text(sessions[i]);
}

std::string object_json(const Listing& listing, const Item& item) {
  switch (item.kind) {
    case Item::Kind::Ike: return ike_json(listing.picture(), *item.ike);
    case Item::Kind::Flow: return flow_json(listing.picture(), *item.flow);
    case Item::Kind::Idle: break;
  }
  const auto failure = failure_of(listing.picture(), *item.idle);
  return fmt::format(R"({{"map":{},"seq":{},"local":{},"remote":{},"last_failure":{}}})", quoted_json(item.idle->map),
                     item.idle->entry->sequence, quoted_json(item.idle->local.to_string()), quoted_json(item.idle->remote.to_string()),
                     failure.empty() ? "null" : quoted_json(failure));
}

/// One item with what stands around it: each session has three lists, for each kind one.
std::string item_json(const Listing& listing, std::size_t i) {
  constexpr std::array<std::string_view, 3> kNextList = {R"("ike":[)", R"(],"sas":[)", R"(],"idle":[)"};
  const auto& item = listing.items()[i];
  const bool begins = listing.begins(i);
  std::string text = i == 0 ? "\n" : begins ? ",\n" : "";
  if (begins) {
    const auto& session = listing.session_of(i);
    text += fmt::format(R"({{"interface":{},"peer":{},"status":{},"uptime_seconds":{},)", quoted_json(session.interface), quoted_json(session.peer),
                        quoted_json(session.status()), session.uptime());
  }
  const auto number = static_cast<std::size_t>(item.kind);
  const auto open = begins ? 0 : static_cast<std::size_t>(listing.items()[i - 1].kind) + 1;  // lists that are open or closed
  for (auto list = open; list <= number; ++list) text += kNextList[list];
  if (open > number) text += ',';
  text += object_json(listing, item);
  if (!listing.ends(i)) return text;
  for (auto list = number + 1; list < kNextList.size(); ++list) text += kNextList[list];
  return text + "]}";
}

Pieces sessions_json(const std::shared_ptr<Listing>& listing) {
  return joined({one_piece(R"({"sessions":[)"), each_piece(listing->items().size(), [listing](std::size_t i) { return item_json(*listing, i); }),
                 one_piece("]}\n")});
}

}  // namespace

Pieces crypto_sessions(SharedPicture picture, const SaQuery& query, SessionForm form, Format format) {
  const auto listing = std::make_shared<Listing>(std::move(picture), query);
  return prepared([listing] { return listing->step(); }, [listing, form, format] {
    if (format == Format::Json) return sessions_json(listing);
    if (form == SessionForm::Brief) {
      return joined({one_piece(head_of(form)), each_piece(listing->sessions().size(), [listing](std::size_t i) { return brief_item(*listing, i); })});
    }
    const bool detail = form == SessionForm::Detail;
    return joined({one_piece(head_of(form)), each_piece(listing->items().size(), [listing, detail](std::size_t i) { return item_text(*listing, i, detail); })});
  });
}

}  // namespace rri::show
