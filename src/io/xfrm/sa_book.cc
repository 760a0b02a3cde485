#include "io/xfrm/sa_book.h"

#include <fmt/core.h>
#include <netinet/in.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "io/xfrm/limits.h"

namespace rri::xfrm {
namespace {

using netlink::PolicySelector;

std::string protocol_word(std::uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_ICMP:
      return "icmp";
    case IPPROTO_TCP:
      return "tcp";
    case IPPROTO_UDP:
      return "udp";
    case IPPROTO_ICMPV6:
      return "ipv6-icmp";
    default:
      return std::to_string(protocol);
  }
}

/// "", "tcp", "tcp/443": as charon prints it, but for names of ports.
std::string service_of(std::uint8_t protocol, std::uint16_t port, std::uint16_t mask) {
  if (protocol == 0 && mask == 0) return {};
  return mask == 0 ? protocol_word(protocol) : fmt::format("{}/{}", protocol_word(protocol), port);
}

TrafficSelector remote_of(const PolicySelector& selector) {
  return {selector.destination.range(),
          service_of(selector.protocol, selector.destination_port, selector.destination_port_mask)};
}

TrafficSelector local_of(const PolicySelector& selector) {
  return {selector.source.range(),
          service_of(selector.protocol, selector.source_port, selector.source_port_mask)};
}

void sort_unique(std::vector<TrafficSelector>& selectors) {
  std::sort(selectors.begin(), selectors.end());
  selectors.erase(std::unique(selectors.begin(), selectors.end()), selectors.end());
}

/// Of two SAs with one of these, the later took over what the earlier protected.
auto protected_by(const Sa& sa) {
  return std::tie(sa.peer, sa.local_endpoint, sa.if_id, sa.mark, sa.remote);
}

}  // namespace

// ---- what is there -----------------------------------------------------------

std::optional<SaBook::Policy> SaBook::tunnel_policy(const netlink::PolicyMessage& message) {
  const auto out = static_cast<std::uint8_t>(netlink::PolicyDirection::Out);
  if (message.key.direction != out || message.key.type != 0 ||
      message.action != netlink::PolicyAction::Allow) {
    return std::nullopt;
  }
  for (const auto& wanted : message.templates) {
    if (wanted.mode != netlink::XfrmMode::Tunnel) continue;
    if (wanted.destination.is_unspecified()) return std::nullopt;
    const Tunnel tunnel{wanted.destination, wanted.reqid,      wanted.source,
                        wanted.protocol,    message.key.if_id, message.key.mark};
    return Policy{tunnel, wanted.spi};
  }
  return std::nullopt;
}

void SaBook::take(const netlink::XfrmNews& news) {
  if (const auto* policy = std::get_if<netlink::PolicyNews>(&news)) take(*policy);
  if (const auto* state = std::get_if<netlink::SaNews>(&news)) take(*state);
}

void SaBook::take(const netlink::PolicyNews& news) {
  const auto& key = news.policy.key;
  forget_policy(key);
  if (news.gone) return;
  const auto policy = tunnel_policy(news.policy);
  if (!policy) return;
  if (policies_.size() == kMaxPolicies) {
    over_limit_ = true;
    return;
  }
  policies_.emplace(key, *policy);
  members_[policy->tunnel].insert(key);
  touched_.insert(policy->tunnel);
}

void SaBook::take(const netlink::SaNews& news) {
  const auto& sa = news.sa;
  forget_state(sa.key);
  // The kernel keeps larval states, without an SPI, while it waits for the IKE daemon.
  if (news.gone || sa.mode != netlink::XfrmMode::Tunnel || sa.key.spi == 0) return;
  if (states_.size() == kMaxSas) {
    over_limit_ = true;
    return;
  }
  const Place place{sa.key.destination, sa.reqid};
  states_.emplace(sa.key, State{place.first, place.second, sa.source, sa.if_id});
  states_at_[place].insert(sa.key);
  touch(place);
}

void SaBook::forget_policy(const netlink::PolicyKey& key) {
  const auto known = policies_.find(key);
  if (known == policies_.end()) return;
  const auto members = members_.find(known->second.tunnel);
  members->second.erase(key);
  if (members->second.empty()) members_.erase(members);
  touched_.insert(known->second.tunnel);
  policies_.erase(known);
}

void SaBook::forget_state(const netlink::SaKey& key) {
  const auto known = states_.find(key);
  if (known == states_.end()) return;
  const Place place{known->second.peer, known->second.reqid};
  const auto at = states_at_.find(place);
  at->second.erase(key);
  if (at->second.empty()) states_at_.erase(at);
  states_.erase(known);
  touch(place);
}

/// All tunnels to this peer with this reqid; they are neighbours in the map.
void SaBook::touch(const Place& place) {
  const Tunnel first{place.first, place.second, {}, 0, 0, {}};
  for (auto at = members_.lower_bound(first); at != members_.end(); ++at) {
    if (at->first.peer != place.first || at->first.reqid != place.second) return;
    touched_.insert(at->first);
  }
}

/// As xfrm_state_find() of net/xfrm/xfrm_state.c chooses a state for a template.
bool SaBook::has_state(const Policy& policy) const {
  const auto& tunnel = policy.tunnel;
  const auto at = states_at_.find({tunnel.peer, tunnel.reqid});
  if (at == states_at_.end()) return false;
  const auto mark = tunnel.mark.value & tunnel.mark.mask;
  return std::any_of(at->second.begin(), at->second.end(), [&](const netlink::SaKey& key) {
    const auto& state = states_.at(key);
    return key.protocol == tunnel.protocol && (policy.spi == 0 || key.spi == policy.spi) &&
           state.local == tunnel.local && state.if_id == tunnel.if_id &&
           (mark & key.mark.mask) == key.mark.value;
  });
}

std::optional<Sa> SaBook::derive(const Tunnel& tunnel) {
  const auto members = members_.find(tunnel);
  if (members == members_.end()) return std::nullopt;
  Sa sa;
  for (const auto& key : members->second) {
    if (!has_state(policies_.at(key))) continue;
    if (sa.remote.size() == kMaxSelectors) {
      over_limit_ = true;
      break;
    }
    sa.remote.push_back(remote_of(key.selector));
    sa.local.push_back(local_of(key.selector));
  }
  if (sa.remote.empty()) return std::nullopt;
  sort_unique(sa.remote);
  sort_unique(sa.local);
  sa.peer = tunnel.peer;
  if (!tunnel.local.is_unspecified()) sa.local_endpoint = tunnel.local;
  sa.if_id = tunnel.if_id;
  sa.mark = tunnel.mark.value & tunnel.mark.mask;
  sa.connection = fmt::format("reqid {}", tunnel.reqid);
  return sa;
}

// ---- what is told --------------------------------------------------------------

/// Brings `told_` up to date for one tunnel.
void SaBook::follow(const Tunnel& tunnel, Output& out, std::vector<Sa>& ended, std::vector<Sa>& begun) {
  auto now = derive(tunnel);
  const auto before = told_.find(tunnel);
  if (!now) {
    if (before == told_.end()) return;
    ended.push_back(std::move(before->second));
    told_.erase(before);
    return;
  }
  if (before == told_.end()) {
    now->id = SaId{next_id_++};
    begun.push_back(*now);
    told_.emplace(tunnel, *std::move(now));
    return;
  }
  now->id = before->second.id;
  if (*now == before->second) return;
  before->second = *now;
  out.events.push_back(core::SaUp{*std::move(now)});
}

/// Takes those that were replaced out of `ended`.
void SaBook::tell_rekeys(std::vector<Sa>& ended, const std::vector<Sa>& begun, Output& out) {
  if (ended.empty() || begun.empty()) return;
  const auto is_less = [](const Sa& a, const Sa& b) { return protected_by(a) < protected_by(b); };
  std::stable_sort(ended.begin(), ended.end(), is_less);  // all of them at once, after an IKE daemon's restart
  std::vector<bool> replaced(ended.size());
  for (const auto& sa : begun) {
    auto old = static_cast<std::size_t>(std::lower_bound(ended.begin(), ended.end(), sa, is_less) - ended.begin());
    while (old < ended.size() && replaced[old]) ++old;
    if (old == ended.size() || is_less(sa, ended[old])) continue;
    out.events.push_back(core::SaRekeyed{ended[old].id, sa.id});
    replaced[old] = true;
  }
  std::vector<Sa> left;
  for (std::size_t i = 0; i < ended.size(); ++i) {
    if (!replaced[i]) left.push_back(std::move(ended[i]));
  }
  ended = std::move(left);
}

void SaBook::tell(Output& out) {
  std::vector<Sa> ended;
  std::vector<Sa> begun;
  for (const auto& tunnel : touched_) follow(tunnel, out, ended, begun);
  touched_.clear();
  tell_rekeys(ended, begun, out);
  for (auto& sa : begun) out.events.push_back(core::SaUp{std::move(sa)});
  for (const auto& sa : ended) out.events.push_back(core::SaDown{sa.id});
  warn_of_limits(out);
}

void SaBook::begin_list() {
  policies_.clear();
  members_.clear();
  states_.clear();
  states_at_.clear();
  over_limit_ = false;
  for (const auto& [tunnel, sa] : told_) touched_.insert(tunnel);
}

void SaBook::tell_list(Output& out) {
  std::vector<Sa> ended;
  std::vector<Sa> begun;
  Output replaced;  // all of it is in the list
  for (const auto& tunnel : touched_) follow(tunnel, replaced, ended, begun);
  touched_.clear();
  tell_rekeys(ended, begun, out);
  core::SaList list;
  for (const auto& [tunnel, sa] : told_) list.sas.push_back(sa);
  std::sort(list.sas.begin(), list.sas.end(), [](const Sa& a, const Sa& b) { return a.id < b.id; });
  out.events.emplace_back(std::move(list));
  told_list_ = true;
  warn_of_limits(out);
}

void SaBook::tell_lost(Output& out) {
  if (!std::exchange(told_list_, false)) return;
  out.events.emplace_back(core::SourceLost{});
}

void SaBook::warn_of_limits(Output& out) {
  if (over_limit_ && !warned_) {
    out.log.push_back(
        {core::LogLine::Level::Warning,
         fmt::format("more than {} tunnel policies, {} SAs or {} selectors of one tunnel: the rest is "
                     "not seen and makes no routes",
                     kMaxPolicies, kMaxSas, kMaxSelectors)});
  }
  warned_ = over_limit_;
}

void SaBook::split_by_policy(const Tunnel& tunnel, IkeSa& ike) const {
  const auto members = members_.find(tunnel);
  if (members == members_.end()) return;
  const auto whole = ike.children.front();
  std::vector<ChildSa> children;
  for (const auto& key : members->second) {
    if (!has_state(policies_.at(key))) continue;
    auto& child = children.emplace_back(whole);
    child.local = {local_of(key.selector)};
    child.remote = {remote_of(key.selector)};
  }
  const bool is_each_with_each = children.size() >= whole.local.size() * whole.remote.size();
  if (!children.empty() && !is_each_with_each) ike.children = std::move(children);
}

std::vector<IkeSa> SaBook::report(const SaReport& states, std::uint64_t now) const {
  std::vector<IkeSa> sas;
  sas.reserve(told_.size());
  for (const auto& [tunnel, sa] : told_) {
    sas.push_back(states.describe({sa, tunnel.reqid, tunnel.protocol}, now));
    split_by_policy(tunnel, sas.back());
  }
  std::sort(sas.begin(), sas.end(), [](const IkeSa& a, const IkeSa& b) { return a.id < b.id; });
  return sas;
}

}  // namespace rri::xfrm
