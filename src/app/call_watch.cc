#include "app/call_watch.h"

#include <algorithm>

#include "base/assert.h"

namespace rri::app {

namespace {

std::optional<IpAddress> peer_of(const CharonConnection& connection) {
  const auto& peers = connection.settings.list("remote_addrs");
  return peers.empty() ? std::nullopt : IpAddress::try_parse(peers.front());
}

bool takes(const std::vector<std::string>& selectors, const IpAddress& address) {
  return std::any_of(selectors.begin(), selectors.end(), [&](const std::string& text) {
    const auto selector = TrafficSelector::parse(text);
    const auto prefix = selector ? selector->to_prefix() : std::nullopt;
    return prefix && prefix->contains(address);
  });
}

}  // namespace

std::vector<std::string> children_with(const CharonConnection& connection, std::string_view start_action) {
  std::vector<std::string> names;
  const auto* children = connection.settings.find_section("children");
  if (children == nullptr) return names;
  for (const auto& child : children->settings) {
    if (children->find_section(child.name)->text("start_action") == start_action) names.push_back(child.name);
  }
  return names;
}

WaitingChildren find_waiting(const TunnelPlan& plan, const std::vector<netlink::AcquireMessage>& acquires) {
  WaitingChildren waiting;
  for (const auto& connection : plan.connections) {
    const auto peer = peer_of(connection);
    const auto* children = connection.settings.find_section("children");
    if (!connection.entry || !peer || children == nullptr) continue;
    for (const auto& acquire : acquires) {
      if (acquire.peer != *peer) continue;
      for (const auto& child : children->settings) {
        const auto& section = *children->find_section(child.name);
        const bool fits = takes(section.list("local_ts"), acquire.packet.source.address()) &&
                          takes(section.list("remote_ts"), acquire.packet.destination.address());
        if (fits) waiting[*connection.entry].insert(child.name);
      }
    }
  }
  return waiting;
}

vici::Request make_call_list(const std::vector<std::string>& connections) {
  vici::MessageWriter message;
  if (connections.size() == 1) message.value("ike", connections.front());
  auto bytes = message.take();
  RRI_ASSERT(bytes.has_value());  // a connection's name is bounded
  // noblock would leave out an IKE_SA that is busy: it would look as if it were gone.
  return {"list-sas", std::move(*bytes), "list-sa"};
}

core::CallView CallWatch::look(const vici::Reply& reply, const TunnelPlan& plan, const std::vector<std::string>& watched) {
  core::CallView view;
  for (const auto& ike : vici::ike_states(reply)) {
    if (ike.state == "CREATED" || ike.state == "CONNECTING") view.connecting.insert(ike.connection);
    if (ike.state == "ESTABLISHED" || ike.state == "REKEYING") view.established.insert(ike.connection);
  }
  std::set<EntryName> trapped;
  for (const auto& name : watched) {
    const auto* connection = plan.find(name);
    if (connection == nullptr || !connection->entry) continue;
    if (!children_with(*connection, "start").empty()) view.wanted.insert(name);
    if (!children_with(*connection, "trap").empty()) trapped.insert(*connection->entry);
  }
  std::vector<IpAddress> peers;
  for (const auto& connection : plan.connections) {
    const auto peer = peer_of(connection);
    if (peer && connection.entry && trapped.contains(*connection.entry)) peers.push_back(*peer);
  }
  const auto acquires = acquires_.read(peers);
  // Without sight nothing is wanted: a peer that refuses is noticed later.
  waiting_ = acquires ? find_waiting(plan, *acquires) : WaitingChildren();
  for (const auto& name : watched) {
    const auto* connection = plan.find(name);
    if (connection != nullptr && connection->entry && waiting_.contains(*connection->entry)) view.wanted.insert(name);
  }
  return view;
}

}  // namespace rri::app
