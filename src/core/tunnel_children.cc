// Children of connections: selectors from access lists, proposals, lifetimes.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <set>

#include "base/text.h"
#include "core/packet_sets.h"
#include "core/tunnel_parts.h"

namespace rri::core {
namespace {

std::string selector_text(const Prefix& prefix, int protocol, const PortRange* ports) {
  auto text = prefix.to_string();
  if (ports != nullptr) {
    return ports->first == ports->last ? fmt::format("{}[{}/{}]", text, protocol, ports->first)
                                       : fmt::format("{}[{}/{}-{}]", text, protocol, ports->first, ports->last);
  }
  return protocol == 0 ? text : fmt::format("{}[{}]", text, protocol);
}

/// One end with each of its port ranges, or once without.
std::vector<std::string> end_texts(const Prefix& prefix, int protocol, const std::vector<PortRange>& ports) {
  if (ports.empty()) return {selector_text(prefix, protocol, nullptr)};
  std::vector<std::string> texts;
  texts.reserve(ports.size());
  for (const auto& range : ports) texts.push_back(selector_text(prefix, protocol, &range));
  return texts;
}

/// What a child is called: by what it protects, so that an edit elsewhere in the list, or another
/// sequence number, leaves it and its SA alone.
std::string name_of(const SelectorPair& pair) {
  constexpr std::size_t kLongest = 55;  // with map name and sequence less than VICI takes
  constexpr std::size_t kShown = kLongest - 17;
  std::string name;
  for (const auto* end : {&pair.local, &pair.remote}) {
    if (end == &pair.remote) name += "_to";
    for (const auto& text : *end) {
      if (!name.empty()) name += '_';
      name += text;
    }
  }
  const auto whole = name;
  std::erase(name, ']');
  std::replace_if(name.begin(), name.end(), [](unsigned char byte) { return std::isalnum(byte) == 0; }, '_');
  if (name.size() <= kLongest && pair.local.front().find(':') == std::string::npos) return name;
  return fmt::format("{}_{:016x}", name.substr(0, kShown), std::hash<std::string>{}(whole));
}

class PairMaker {
 public:
  PairMaker(const AccessList& list, const SelectorRules& rules, Remarks& remarks)
      : list_(list), rules_(rules), remarks_(remarks) {}

  std::vector<SelectorPair> take() {
    for (const auto& line : list_.lines) {
      if (line.permit) add_line(line);
    }
    return std::move(pairs_);
  }

 private:
  [[nodiscard]] std::string where(const AclLine& line) const {
    return fmt::format("{}: `{}` of access list {}", rules_.entry, line.text, printable(list_.name));
  }

  void add_line(const AclLine& line) {
    if (!protocol_number(line.protocol, list_.family)) {
      const std::string_view reason = line.protocol == "object-group" ? "services of an object group are not looked up here" : "its protocol has no number here";
      remarks_.refuse(line.position, where(line) + fmt::format(": {}; no tunnel for it", reason));
      return;
    }
    if (!is_only_logging(line.options)) {
      remarks_.warn(line.position, where(line) + fmt::format(": a tunnel's selector cannot say `{}`; it is wider", line.options));
    }
    warn_of_ranges(line);
    for (const auto& source : line.sources) {
      for (const auto& destination : line.destinations) add_pair(line, source, destination);
    }
  }

  void add_pair(const AclLine& line, const Wildcard& source, const Wildcard& destination) {
    const auto from = source.to_prefix();
    const auto to = destination.to_prefix();
    if (!from || !to) {
      remarks_.refuse(line.position, where(line) + ": a wildcard with holes is no traffic selector; no tunnel for it");
      return;
    }
    const int protocol = protocol_number(line.protocol, list_.family).value_or(0);
    if (!may_trap(line, *from, *to, protocol)) return;
    SelectorPair pair;
    pair.local = end_texts(*from, protocol, line.source_ports);
    pair.remote = end_texts(*to, protocol, line.destination_ports);
    if (from->is_host()) pair.local_host = from->address();
    if (to->is_host()) pair.remote_host = to->address();
    pair.position = line.position;
    if (!rules_.ikev1 || (pair.local.size() == 1 && pair.remote.size() == 1)) {
      return add(std::move(pair));
    }
    split_ports(pair);
  }

  /// IKEv1 has one selector a side: a child for each combination.
  void split_ports(const SelectorPair& pair) {
    for (const auto& local : pair.local) {
      for (const auto& remote : pair.remote) {
        auto one = pair;
        one.local = {local};
        one.remote = {remote};
        add(std::move(one));
      }
    }
  }

  /// A line that repeats the selectors of an earlier one protects nothing more.
  void add(SelectorPair pair) {
    pair.name = name_of(pair);
    if (names_.insert(pair.name).second) pairs_.push_back(std::move(pair));
  }

  /// A trap takes packets wherever they would have left: what it must not take, or is said to.
  bool may_trap(const AclLine& line, const Prefix& from, const Prefix& to, int protocol) {
    if (!rules_.holds_traps || to.length() != 0) return true;
    if (from.length() == 0 && protocol == 0) {
      remarks_.refuse(line.position,
                      where(line) + " would send all traffic of this host into the tunnel, its own included; no tunnel for it");
      return false;
    }
    remarks_.warn(line.position, fmt::format("{}: a tunnel's policy knows no interface, so it also takes what {} sends to networks of this side",
                                             where(line), from.length() == 0 ? "anybody, this host included," : from.to_string()));
    return true;
  }

  void warn_of_ranges(const AclLine& line) {
    const auto is_range = [](const PortRange& ports) { return ports.first != ports.last; };
    const bool has_range = std::any_of(line.source_ports.begin(), line.source_ports.end(), is_range) ||
                           std::any_of(line.destination_ports.begin(), line.destination_ports.end(), is_range);
    if (!rules_.ikev1 || !has_range) return;
    remarks_.warn(line.position, where(line) + ": IKEv1 tells the peer one port and no range, so only the first one gets through; write a "
                                               "line for each port, or one without ports");
  }

  const AccessList& list_;
  const SelectorRules& rules_;
  Remarks& remarks_;
  std::vector<SelectorPair> pairs_;
  std::set<std::string> names_;
};

std::string seconds(std::uint64_t value) { return fmt::format("{}s", value); }

void write_lifetimes(CharonSection& child, const SaSettings& sa) {
  // IOS renews before the end, strongSwan too: a tenth of the lifetime before it.
  constexpr std::uint64_t kTenth = 10;
  constexpr std::uint64_t kKilobyte = 1024;
  const std::uint64_t life = sa.lifetime_seconds.value_or(kDefaultIpsecSeconds);
  child.set("life_time", seconds(life));
  child.set("rekey_time", seconds(life - life / kTenth));
  const auto bytes = sa.lifetime_kilobytes.value_or(kDefaultIpsecKilobytes) * kKilobyte;
  if (bytes > 0) {
    child.set("life_bytes", std::to_string(bytes));
    child.set("rekey_bytes", std::to_string(bytes - bytes / kTenth));
  }
  if (sa.idle_seconds) child.set("inactivity", seconds(*sa.idle_seconds));
  child.set("replay_window", std::to_string(sa.replay_window.value_or(kDefaultReplayWindow)));
}

}  // namespace

bool is_only_logging(std::string_view options) {
  return options.empty() || options == "log" || options == "log-input" || options.starts_with("log ");
}

bool is_any_protocol(std::string_view protocol) { return protocol_number(protocol, Family::V4) == 0; }

std::vector<SelectorPair> selector_pairs(const std::vector<const AccessList*>& lists, const SelectorRules& rules,
                                         Remarks& remarks) {
  std::vector<SelectorPair> all;
  for (const auto* list : lists) {
    auto pairs = PairMaker(*list, rules, remarks).take();
    std::move(pairs.begin(), pairs.end(), std::back_inserter(all));
  }
  return all;
}

CharonSection& write_child(CharonSection& children, const std::string& name, const SelectorPair& pair,
                           const ChildSettings& settings, bool transport) {
  auto& child = children.section(name);
  child.set_list("local_ts", pair.local);
  child.set_list("remote_ts", pair.remote);
  if (!settings.ah.empty()) child.set_list("ah_proposals", settings.ah);
  if (!settings.esp.empty()) child.set_list("esp_proposals", settings.esp);
  child.set("mode", transport ? "transport" : "tunnel");
  write_lifetimes(child, settings.sa);
  child.set("start_action", settings.start_action);
  if (settings.starts_again) {
    // No `close_action`: of two tunnels that both ends called for, one is closed, and to start it again
    // at once would go on for ever. rrid calls again where none is left.
    child.set("dpd_action", "restart");
  }
  return child;
}

bool set_transforms(ChildSettings& out, const std::vector<std::string>& names, const EntryTunnels& entry,
                    const Config& config, const std::string& entry_name, Remarks& remarks) {
  std::vector<std::pair<std::string, const TransformSet*>> sets;
  for (const auto& name : names) {
    const auto found = config.ike.transform_sets.find(name);
    if (found != config.ike.transform_sets.end()) {
      sets.emplace_back(name, &found->second);
    } else {
      remarks.refuse(entry.transform_position, fmt::format("{}: transform set {} is not defined", entry_name, printable(name)));
    }
  }
  if (names.empty()) sets.emplace_back("default", &default_transform_set());
  std::size_t usable = 0, transports = 0;
  for (const auto& [name, set] : sets) {
    const auto made = esp_proposals(*set, entry.pfs_group);
    const auto position = set->position.line != 0 ? set->position : entry.position;
    for (const auto& problem : made.problems) {
      remarks.warn(position, fmt::format("transform set {}: {}", printable(name), problem));
    }
    for (const auto& weak : made.weak) {
      remarks.warn(weak.starts_with("group") ? entry.position : position,
                   fmt::format("{}: {} is weak; Cisco advises against it", weak.starts_with("group") ? entry_name : "transform set " + printable(name), weak));
    }
    if (made.texts.empty()) continue;
    auto& into = made.is_ah ? out.ah : out.esp;
    into.insert(into.end(), made.texts.begin(), made.texts.end());
    transports += set->transport ? 1 : 0;
    ++usable;
    out.transport_required = out.transport_required || set->transport_required;
  }
  out.transport = transports > 0 && transports == usable;
  if (transports > 0 && !out.transport) {
    remarks.warn(entry.transform_position, fmt::format("{}: its transform sets have different modes, and strongSwan has one for a tunnel: here "
                                                       "tunnel mode",
                                                       entry_name));
  }
  if (!out.esp.empty() || !out.ah.empty()) return true;
  remarks.refuse(entry.transform_position, fmt::format("{}: no usable transform set, no tunnel", entry_name));
  return false;
}

}  // namespace rri::core
