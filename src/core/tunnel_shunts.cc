#include "core/tunnel_shunts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/applied.h"

namespace rri::core {
namespace {

bool share_addresses(const std::vector<Wildcard>& a, const std::vector<Wildcard>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Wildcard& one) {
    return std::any_of(b.begin(), b.end(), [&](const Wildcard& other) {
      const auto prefix = other.to_prefix();
      return !prefix || one.overlaps(*prefix);
    });
  });
}

bool share_packets(const AclLine& a, const AclLine& b) {
  const bool any_protocol = is_any_protocol(a.protocol) || is_any_protocol(b.protocol);
  return (any_protocol || a.protocol == b.protocol) && share_addresses(a.sources, b.sources) &&
         share_addresses(a.destinations, b.destinations);
}

}  // namespace

ShuntPlanner::ShuntPlanner(const Config& config) {
  const auto applied = applied_maps(config);
  std::set<const AccessList*> lists;
  const auto add = [&](const std::string& name) {
    for (const auto* all : {&config.access_lists, &config.ipv6_access_lists}) {
      const auto found = all->find(name);
      if (found == all->end() || !lists.insert(&found->second).second) continue;
      for (const auto& line : found->second.lines) {
        if (line.permit) permits_.push_back({&found->second, &line});
      }
    }
  };
  for (const auto& [name, map] : config.crypto_maps) {
    if (!applied.contains(name)) continue;
    for (const auto& [sequence, entry] : map.entries) {
      add(entry.match_address);
      const auto dynamic = config.dynamic_maps.find(entry.dynamic_map);
      if (dynamic == config.dynamic_maps.end()) continue;
      for (const auto& [number, tmpl] : dynamic->second.entries) {
        add(tmpl.match_address);
        takes_everything_ = takes_everything_ || tmpl.match_address.empty();
      }
    }
  }
}

/// Whether what the line denies is permitted before it, or by another list.
ShuntPlanner::Overlap ShuntPlanner::find_overlap(const AccessList& list, std::size_t index) {
  const auto& deny = list.lines[index];
  comparisons_ += permits_.size();
  if (comparisons_ > kMaxShuntComparisons) return Overlap::TooMany;
  const bool found = std::any_of(permits_.begin(), permits_.end(), [&](const Permit& permit) {
    const bool is_later = permit.list == &list && permit.line > &deny;
    return !is_later && share_packets(deny, *permit.line);
  });
  return found ? Overlap::Other : Overlap::None;
}

std::vector<SelectorPair> ShuntPlanner::plan(const std::vector<const AccessList*>& lists, const std::string& entry, bool traps,
                                             Remarks& remarks) {
  std::vector<SelectorPair> shunts;
  for (const auto* list : lists) {
    for (std::size_t i = 0; i < list->lines.size(); ++i) {
      const auto& deny = list->lines[i];
      if (deny.permit) continue;
      const bool matters = std::any_of(list->lines.begin() + static_cast<std::ptrdiff_t>(i), list->lines.end(),
                                       [&](const AclLine& later) { return later.permit && share_packets(deny, later); });
      if (!matters) continue;
      std::string reason;
      if (!traps) reason = "with IPsec in user space routes decide";
      if (takes_everything_) reason = "a dynamic map without `match address` may permit it";
      if (!is_only_logging(deny.options)) reason = fmt::format("a policy cannot say `{}`", deny.options);
      const auto overlap = reason.empty() ? find_overlap(*list, i) : Overlap::None;
      if (overlap == Overlap::Other) reason = "another line permits some of it";
      if (overlap == Overlap::TooMany) reason = "there are too many lines to compare it with";
      if (!reason.empty()) {
        remarks.warn(deny.position, fmt::format("{}: `{}` of access list {} is without effect: IOS would send this traffic in clear, and "
                                                "strongSwan encrypts it, as later permit lines have it: {}",
                                                entry, deny.text, printable(list->name), reason));
        continue;
      }
      AccessList one{list->name, list->family, {deny}, {}};
      one.lines.front().permit = true;
      for (auto& pair : selector_pairs({&one}, {entry, false, false}, remarks)) {
        pair.name = "deny_" + pair.name;
        shunts.push_back(std::move(pair));
      }
    }
  }
  return shunts;
}

CharonConnection make_shunts(const EntryName& entry, const std::string& tail, const std::vector<SelectorPair>& pairs) {
  CharonConnection connection;
  connection.name = charon_connection_name(entry, tail);
  connection.settings.set_list("remote_addrs", {"127.0.0.1"});
  auto& children = connection.settings.section("children");
  for (const auto& pair : pairs) {
    auto& child = children.section(charon_connection_name(entry, pair.name));
    child.set_list("local_ts", pair.local);
    child.set_list("remote_ts", pair.remote);
    child.set("mode", "pass");
    child.set("start_action", "trap");
  }
  return connection;
}

}  // namespace rri::core
