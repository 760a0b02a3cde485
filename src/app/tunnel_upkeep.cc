#include "app/tunnel_upkeep.h"

#include <algorithm>
#include <unordered_set>

#include "app/call_watch.h"
#include "base/assert.h"
#include "io/vici/codec.h"

namespace rri::app {
namespace {

vici::Request request_of(std::string command, vici::MessageWriter& message, std::string stream = {}) {
  auto bytes = message.take();
  RRI_ASSERT(bytes.has_value());  // names are bounded
  return {std::move(command), std::move(*bytes), std::move(stream)};
}

std::set<std::string> active_children(const IkeSa& ike) {
  std::set<std::string> names;
  for (const auto& child : ike.children) {
    if (child.is_active()) names.insert(child.name);
  }
  return names;
}

/// Whether these are the SA's addresses, with protocol and ports where it has some: charon has other words for these.
bool are_selectors(const std::vector<std::string>& texts, const std::vector<TrafficSelector>& of_sa) {
  return std::equal(texts.begin(), texts.end(), of_sa.begin(), of_sa.end(), [](const std::string& text, const TrafficSelector& selector) {
    const auto parsed = TrafficSelector::parse(text);
    return parsed && parsed->range == selector.range && parsed->service.empty() == selector.service.empty();
  });
}

/// The one of two that goes; nullptr where that is the peer's to say.
const IkeSa* loser_of(const IkeSa& a, const IkeSa& b) {
  if (a.initiator != b.initiator) {
    const bool we_are_lower = *a.local < *a.peer;
    return a.initiator == we_are_lower ? &b : &a;
  }
  if (!a.initiator) return nullptr;
  return a.id < b.id ? &a : &b;
}

}  // namespace

vici::Request list_traps() {
  vici::MessageWriter message;
  message.value("trap", "yes").value("pass", "yes");
  return request_of("list-policies", message, "list-policy");
}

std::set<ChildName> read_traps(const vici::Reply& reply) {
  std::set<ChildName> there;
  vici::MessageView view;
  for (const auto& message : reply.streamed) {
    if (!view.parse(message)) continue;
    view.root().for_each_section([&](std::string_view, const vici::SectionView& policy) {
      there.emplace(policy.value_or_empty("ike"), policy.value_or_empty("child"));
    });
  }
  return there;
}

std::set<ChildName> missing_traps(const TunnelPlan& plan, const std::set<ChildName>& there) {
  std::set<ChildName> missing;
  for (const auto& connection : plan.connections) {
    for (auto& child : children_with(connection, "trap")) {
      if (!there.contains({connection.name, child})) missing.emplace(connection.name, std::move(child));
    }
  }
  return missing;
}

vici::Request install_trap(const ChildName& name) {
  vici::MessageWriter message;
  message.value("ike", name.first).value("child", name.second);
  return request_of("install", message);
}

bool is_of_older_rrid(std::string_view child) {
  const auto tail = child.substr(child.rfind('-') + 1);
  return tail.starts_with("line") || tail.starts_with("v6line");
}

std::string child_by_selectors(const TunnelPlan& plan, const Sa& older) {
  const auto* connection = plan.find(older.connection);
  const auto* children = connection == nullptr ? nullptr : connection->settings.find_section("children");
  if (children == nullptr) return {};
  for (const auto& child : children->settings) {
    const auto* section = children->find_section(child.name);
    if (are_selectors(section->list("local_ts"), older.local) && are_selectors(section->list("remote_ts"), older.remote)) return child.name;
  }
  return {};
}

std::set<ChildName> find_orphans(const TunnelPlan& plan, const std::map<SaId, ChildName>& sas, const std::map<SaId, Sa>& older) {
  std::unordered_set<std::string_view> planned;
  for (const auto& connection : plan.connections) {
    const auto* children = connection.settings.find_section("children");
    if (children == nullptr) continue;
    for (const auto& child : children->settings) planned.insert(child.name);
  }
  for (const auto& [connection, children] : plan.configured) planned.insert(children.begin(), children.end());
  std::set<ChildName> orphans;
  for (const auto& [id, name] : sas) {
    if (!name.first.starts_with(kCharonPrefix) || planned.contains(name.second) || plan.undecided.contains(name.first)) continue;
    const auto found = older.find(id);
    if (found == older.end() || child_by_selectors(plan, found->second).empty()) orphans.insert(name);
  }
  return orphans;
}

std::vector<std::uint64_t> find_doubles(const std::vector<IkeSa>& ikes, Seconds settled) {
  std::map<std::string, std::vector<const IkeSa*>> by_connection;
  for (const auto& ike : ikes) {
    const bool counts = ike.version == 2 && ike.is_established() && ike.local && ike.peer && Seconds(ike.age_seconds) >= settled;
    if (counts && ike.connection.starts_with(kCharonPrefix)) by_connection[ike.connection].push_back(&ike);
  }
  std::vector<std::uint64_t> doubles;
  for (const auto& [connection, all] : by_connection) {
    const auto other = std::find_if(all.begin() + 1, all.end(), [&](const IkeSa* one) { return one->peer == all.front()->peer; });
    if (other == all.end()) continue;
    const auto children = active_children(*all.front());
    if (children.empty() || children != active_children(**other)) continue;
    if (const auto* loser = loser_of(*all.front(), **other)) doubles.push_back(loser->id);
  }
  return doubles;
}

}  // namespace rri::app
