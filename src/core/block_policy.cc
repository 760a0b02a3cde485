#include "core/block_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "core/entry.h"
#include "core/limits.h"
#include "core/packet_sets.h"

namespace rri::core {
namespace {

using Action = BlockPolicy::Action;

constexpr std::uint32_t kLowestPriority = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint8_t kIcmp6 = 58;
constexpr PortBlock kNeighbourSolicitation{135, 0xffff};
constexpr PortBlock kNeighbourAdvertisement{136, 0xffff};

struct Rule {
  Action action{};
  PacketSet packets;
  TextPosition position{};  // of the line that it came from
};

/// Rules of which the first that matches decides.
class RuleList {
 public:
  /// Leaves out what earlier rules decide already.
  void add(Action action, const PacketSet& packets) {
    if (is_decided(packets) || !seen_.insert(packets).second) return;
    rules_.push_back({action, packets, {}});
    if (action == Action::Allow) allows_.push_back(packets);
  }
  /// Whether a rule that lets pass covers all of it. (A block that does costs nothing.)
  [[nodiscard]] bool is_decided(const PacketSet& packets) {
    comparisons_ += allows_.size();
    return std::any_of(allows_.begin(), allows_.end(), [&](const auto& allowed) { return covers(allowed, packets); });
  }
  [[nodiscard]] bool is_full() const {
    return rules_.size() >= kMaxBlockPolicies || allows_.size() >= kMaxBlockExemptions ||
           comparisons_ >= kMaxBlockComparisons;
  }
  void count_comparison() { ++comparisons_; }
  std::vector<Rule> take() { return std::move(rules_); }

 private:
  std::vector<Rule> rules_;
  std::vector<PacketSet> allows_;
  std::set<PacketSet> seen_;
  std::size_t comparisons_ = 0;
};

/// One entry's access list in policy terms; first match decides within it.
struct EntryRules {
  std::shared_ptr<const std::vector<Rule>> rules;  // Block: permitted by the list; Allow: denied
  std::string name;
  std::string map;
};

/// Walks the entries in the order in which IOS asks them.
class Flattener {
 public:
  Flattener(const std::vector<EntryRules>& entries, RuleList& out) : entries_(entries), out_(out) {}

  void walk(std::size_t entry, const PacketSet& region) {
    for (; entry < entries_.size(); ++entry) {
      for (const auto& rule : *entries_[entry].rules) {
        if (out_.is_full()) return note_full(entry);
        out_.count_comparison();
        const auto shared = intersect(rule.packets, region);
        if (!shared || out_.is_decided(*shared)) continue;
        if (rule.action == Action::Allow) walk(entry + 1, *shared);
        out_.add(rule.action, *shared);
        if (*shared == region) return;
      }
    }
  }

  [[nodiscard]] const std::string& cut_at() const { return cut_at_; }

 private:
  void note_full(std::size_t entry) {
    if (cut_at_.empty()) cut_at_ = entries_[entry].name;
  }

  const std::vector<EntryRules>& entries_;
  RuleList& out_;
  std::string cut_at_;
};

/// Gives the rules priorities: of two that share packets and disagree, the earlier
/// one comes before. Rules that let pass and stand before no block are left out.
std::vector<BlockPolicy> rank(const std::vector<Rule>& rules) {
  std::vector<BlockPolicy> ranked;
  std::vector<std::size_t> allows;  // indexes into `ranked`
  std::vector<std::size_t> blocks;
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
    const bool allows_it = rule->action == Action::Allow;
    auto priority = kLowestPriority;
    for (const auto index : allows_it ? blocks : allows) {
      const auto& later = ranked[index];
      if (later.priority <= priority && intersect(later.packets, rule->packets)) priority = later.priority - 1;
    }
    if (allows_it && priority == kLowestPriority) continue;
    (allows_it ? allows : blocks).push_back(ranked.size());
    ranked.push_back({rule->packets, priority, rule->action});
  }
  std::sort(ranked.begin(), ranked.end());
  return ranked;
}

class BlockPlanner {
 public:
  BlockPlanner(const Config& config, const Host& host, const std::set<WayOut>& ways)
      : config_(config), host_(host), ways_(ways), table_(expand_entries(config, host)) {}

  BlockPlan take() {
    if (!config_.settings.fail_closed) return {};
    for (const auto& entry : table_.entries) {
      if (is_closed(entry)) devices_.insert(index_of(entry.device));
    }
    for (const auto& way : ways_) devices_.insert(index_of(way.device));
    const bool any_unbound = devices_.erase(0) > 0;
    for (const auto device : devices_) close_device(device);
    close_own_ipv6();
    if (any_unbound) close_unbound();
    plan_.policies = rank(rules_.take());
    std::sort(plan_.notices.begin(), plan_.notices.end());
    plan_.notices.erase(std::unique(plan_.notices.begin(), plan_.notices.end()), plan_.notices.end());
    return std::move(plan_);
  }

 private:
  /// 0: there is no such device.
  [[nodiscard]] std::uint32_t index_of(const std::string& device) const {
    const auto* link = host_.find(device);
    return link == nullptr ? 0 : link->index;
  }

  /// An entry that lacks a peer is off, as IOS says when it is made. One with a refused
  /// line was meant to protect: it stays closed.
  [[nodiscard]] bool is_closed(const Entry& entry) const {
    return !entry.is_tunnel && !entry.acls.empty() && (entry.usable || has_refused_line(entry));
  }

  [[nodiscard]] bool has_refused_line(const Entry& entry) const {
    const auto& outer = config_.crypto_maps.at(entry.map).entries.at(entry.sequence);
    if (outer.has_error || !entry.reference_error.empty()) return true;
    return !entry.is_static_entry() &&
           config_.dynamic_maps.at(entry.dynamic_map).entries.at(entry.template_sequence).has_error;
  }

  void close_device(std::uint32_t device) {
    let_link_traffic_pass(device);
    for (const auto family : {Family::V4, Family::V6}) {
      const auto entries = rules_of(device, family, device);
      for (const auto& own : endpoints_on(device)) let_tunnels_pass(own, entries, device);
      flatten(entries, {Prefix::all(family), Prefix::all(family), 0, {}, {}, device});
      warn_of_lockout(entries, device, family);
    }
  }

  /// The VRFs of unbound interfaces; none where one of them is not on this host: its packets may be anywhere.
  [[nodiscard]] std::set<std::string> unbound_vrfs() const {
    std::set<std::string> vrfs;
    for (const auto& entry : table_.entries) {
      if (!is_closed(entry) || index_of(entry.device) != 0) continue;
      if (!host_.has_vrf(entry.front_vrf)) return {};
      vrfs.insert(entry.front_vrf);
    }
    return vrfs;
  }

  /// Devices of other VRFs than those of unbound interfaces.
  [[nodiscard]] std::set<std::uint32_t> devices_elsewhere() const {
    std::set<std::uint32_t> elsewhere;
    const auto vrfs = unbound_vrfs();
    for (const auto& [index, link] : host_.links()) {
      if (!vrfs.empty() && !vrfs.contains(link.vrf_table ? link.name : link.vrf)) elsewhere.insert(index);
    }
    // Each takes a policy, and is compared with every line.
    return elsewhere.size() < kMaxBlockExemptions / 2 ? elsewhere : std::set<std::uint32_t>();
  }

  /// Entries whose interface has no device: whatever it is called now, nothing of theirs leaves by it.
  void close_unbound() {
    const auto elsewhere = devices_elsewhere();
    auto open = elsewhere;
    for (const auto& entry : table_.entries) {  // what goes into tunnels is encrypted
      if (entry.is_tunnel || entry.form.form == RouteForm::Device) open.insert(index_of(entry.is_tunnel ? entry.device : entry.form.device));
    }
    for (const auto& [index, link] : host_.links()) {
      if (link.xfrm_if_id != 0 || link.vti_key != 0) open.insert(index);
    }
    open.erase(0);
    for (const auto family : {Family::V4, Family::V6}) {
      const auto all = Prefix::all(family);
      for (const auto index : open) rules_.add(Action::Allow, {all, all, 0, {}, {}, index});
      rules_.add(Action::Allow, {all, family == Family::V4 ? link_multicast4() : link_multicast6(), 0, {}, {}, 0});
      const auto entries = rules_of(0, family, 0);
      for (const auto& [index, link] : host_.links()) {
        for (const auto& own : link.addresses) {
          if (own.address.family() != family) continue;
          if (!elsewhere.contains(index)) rules_.add(Action::Allow, {all, own.network(), 0, {}, {}, 0});
          // Own IPv6, for which the kernel names no device.
          if (elsewhere.contains(index) && family == Family::V6) rules_.add(Action::Allow, {Prefix::host(own.address), all, 0, {}, {}, 0});
          let_tunnels_pass(own.address, entries, 0);
        }
      }
      flatten(entries, {all, all, 0, {}, {}, 0});
    }
  }

  void let_link_traffic_pass(std::uint32_t device) {
    const Prefix all4 = Prefix::all(Family::V4);
    const Prefix all6 = Prefix::all(Family::V6);
    rules_.add(Action::Allow, {all4, link_multicast4(), 0, {}, {}, device});
    rules_.add(Action::Allow, {all6, link_multicast6(), 0, {}, {}, device});
    rules_.add(Action::Allow, {all6, link_local6(), 0, {}, {}, device});
    for (const auto& address : host_.find_index(device)->addresses) {
      if (address.address.is_v4()) continue;
      rules_.add(Action::Allow, {all6, address.network(), kIcmp6, kNeighbourSolicitation, {}, device});
      rules_.add(Action::Allow, {all6, address.network(), kIcmp6, kNeighbourAdvertisement, {}, device});
    }
  }

  /// Own addresses that tunnels by this device may begin at.
  [[nodiscard]] std::set<IpAddress> endpoints_on(std::uint32_t device) const {
    std::set<IpAddress> own;
    const auto add_addresses_of = [&](const Link* link) {
      if (link == nullptr) return;
      for (const auto& address : link->addresses) own.insert(address.address);
    };
    add_addresses_of(host_.find_index(device));
    for (const auto& entry : table_.entries) {
      const auto* link = host_.find(entry.device);
      if (link == nullptr || link->index != device) continue;
      own.insert(entry.local_addresses.begin(), entry.local_addresses.end());
      add_addresses_of(host_.find(entry.local_device));
    }
    return own;
  }

  /// IKE, ESP and AH of this host: what protects is not protected. strongSwan's and Libreswan's
  /// sockets have a bypass with kernel ESP, but not those of user-space IPsec.
  void let_tunnels_pass(const IpAddress& own, const std::vector<EntryRules>& entries, std::uint32_t device) {
    constexpr std::uint8_t kUdp = 17;
    constexpr std::uint8_t kEsp = 50;
    constexpr std::uint8_t kAh = 51;
    constexpr PortBlock kIke{500, 0xffff};
    constexpr PortBlock kIkeBehindNat{4500, 0xffff};
    const auto to = Prefix::all(own.family());
    for (const auto& [protocol, port] : {std::pair{kUdp, kIke}, {kUdp, kIkeBehindNat}, {kEsp, PortBlock{}}, {kAh, PortBlock{}}}) {
      const PacketSet packets{Prefix::host(own), to, protocol, port, {}, device};
      const auto concerns = [&](const Rule& rule) { return rule.action == Action::Block && intersect(rule.packets, packets); };
      const bool is_closed = std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
        return std::any_of(entry.rules->begin(), entry.rules->end(), concerns);
      });
      if (is_closed) rules_.add(Action::Allow, packets);
    }
  }

  /// Packets of this host itself, for which the kernel looks without a device.
  void close_own_ipv6() {
    std::vector<EntryRules> entries;
    for (const auto device : devices_) {
      auto more = rules_of(device, Family::V6, 0);
      std::move(more.begin(), more.end(), std::back_inserter(entries));
    }
    const bool any = std::any_of(entries.begin(), entries.end(), [](const auto& entry) { return !entry.rules->empty(); });
    if (!any) return;
    const auto own = own_ipv6();
    const Prefix all = Prefix::all(Family::V6);
    rules_.add(Action::Allow, {all, link_multicast6(), 0, {}, {}, 0});
    rules_.add(Action::Allow, {all, link_local6(), 0, {}, {}, 0});
    for (const auto& address : own) rules_.add(Action::Allow, {all, Prefix::host(address), 0, {}, {}, 0});
    for (const auto& source : own) {
      let_tunnels_pass(source, entries, 0);
      for (const auto& network : open_networks6()) {
        rules_.add(Action::Allow, {Prefix::host(source), network, 0, {}, {}, 0});
      }
      flatten(entries, {Prefix::host(source), all, 0, {}, {}, 0});
    }
  }

  static Prefix link_multicast4() { return {IpAddress::v4(0xe0000000), 24}; }
  static Prefix link_multicast6() { return *Prefix::parse("ff02::/16"); }
  static Prefix link_local6() { return *Prefix::parse("fe80::/10"); }

  [[nodiscard]] std::set<IpAddress> own_ipv6() const {
    std::set<IpAddress> own;
    for (const auto& [index, link] : host_.links()) {
      for (const auto& address : link.addresses) {
        if (!address.address.is_v4() && !address.address.is_link_local()) own.insert(address.address);
      }
    }
    return own;
  }

  /// Networks that this host is on by devices without a crypto map.
  [[nodiscard]] std::set<Prefix> open_networks6() const {
    std::set<Prefix> networks;
    for (const auto& [index, link] : host_.links()) {
      if (devices_.contains(index)) continue;
      for (const auto& address : link.addresses) {
        if (!address.address.is_v4()) networks.insert(address.network());
      }
    }
    return networks;
  }

  /// Whether the entry's packets may leave by a device that is not its interface's; 0: by any.
  [[nodiscard]] bool leads_by(const Entry& entry, std::uint32_t device) const {
    if (device == 0) return index_of(entry.device) == 0;
    return std::any_of(ways_.begin(), ways_.end(), [&](const WayOut& way) {
      return std::tie(way.map, way.sequence, way.template_sequence, way.interface) == entry.rank() && index_of(way.device) == device;
    });
  }

  /// The lists of all entries on `device` (0: those without one); their packets leave by `named` (0: any).
  std::vector<EntryRules> rules_of(std::uint32_t device, Family family, std::uint32_t named) {
    std::vector<EntryRules> made;
    for (const auto& entry : table_.entries) {
      const bool is_home = device != 0 && index_of(entry.device) == device;
      if (!is_closed(entry) || (!is_home && !leads_by(entry, device))) continue;
      EntryRules rules{no_rules_, entry.name(), entry.map};
      for (const auto* acl : entry.acls) {
        if (acl->family == family) rules.rules = rules_of_list(*acl, named, rules.name, is_home);
      }
      made.push_back(std::move(rules));
    }
    return made;
  }

  /// Made once for each list: thousands of entries may share one of thousands of lines.
  std::shared_ptr<const std::vector<Rule>> rules_of_list(const AccessList& acl, std::uint32_t named, const std::string& entry, bool is_home) {
    auto& known = lists_[{&acl, named, is_home}];
    if (known) return known;
    auto made = std::make_shared<std::vector<Rule>>();
    for (const auto& line : acl.lines) {
      const auto packets = packets_of(line, acl.family, named);
      if (!packets.complete) note_holes(entry, acl, line);
      // A deny that policies cannot say as narrowly as it is meant would open too much.
      if (!line.permit && (!packets.exact || !packets.complete)) continue;
      const bool to_anybody = std::any_of(packets.sets.begin(), packets.sets.end(), [](const auto& set) { return set.destination.length() == 0; });
      if (line.permit && to_anybody && !is_home) {
        note_any(entry, acl, line);
        continue;
      }
      for (const auto& set : packets.sets) made->push_back({line.permit ? Action::Block : Action::Allow, set, line.position});
    }
    return known = std::move(made);
  }

  void flatten(const std::vector<EntryRules>& entries, const PacketSet& region) {
    Flattener flattener(entries, rules_);
    flattener.walk(0, region);
    if (flattener.cut_at().empty()) return;
    notice(fmt::format("more than {} block policies, or too many `deny` lines, would be needed: traffic of crypto map {} and of entries after it "
                       "can leave in clear while its SA is down",
                       kMaxBlockPolicies, flattener.cut_at()));
  }

  void note_holes(const std::string& entry, const AccessList& acl, const AclLine& line) {
    if (line.permit) {
      notice(fmt::format("access list {} `{}` of crypto map {} has a wildcard with too many holes for a policy: its "
                         "traffic can leave in clear while its SA is down",
                         acl.name, line.text, entry));
    }
  }

  void note_any(const std::string& entry, const AccessList& acl, const AclLine& line) {
    notice(fmt::format("access list {} `{}` of crypto map {} permits any destination and is closed on the map's own interface only: its traffic "
                       "can leave in clear by other devices",
                       acl.name, line.text, entry));
  }

  /// Whether a line closes what the host itself sends to anybody by this device: then
  /// nobody logs in by it any more.
  static bool locks_out(const Rule& rule, const Link& link) {
    constexpr std::uint8_t kTcp = 6;
    const auto& packets = rule.packets;
    if (rule.action != Action::Block || packets.destination.length() != 0) return false;
    if ((packets.protocol != 0 && packets.protocol != kTcp) || packets.source_port.mask != 0 || packets.destination_port.mask != 0) return false;
    return packets.source.length() == 0 || std::any_of(link.addresses.begin(), link.addresses.end(), [&](const auto& own) {
             return packets.source.contains(own.address);
           });
  }

  void warn_of_lockout(const std::vector<EntryRules>& entries, std::uint32_t device, Family family) {
    const auto& link = *host_.find_index(device);
    for (const auto& entry : entries) {
      const auto found = std::find_if(entry.rules->begin(), entry.rules->end(), [&](const Rule& rule) { return locks_out(rule, link); });
      if (found == entry.rules->end()) continue;
      plan_.warnings.push_back(
          {found->position,
           fmt::format("crypto map {} permits any destination: nothing {} leaves {} unencrypted, this host's own traffic by it "
                       "included (SSH sessions, DHCP, name lookups). Cure: `deny` lines before that `permit` for what "
                       "shall pass in clear, or `no crypto map {}` on the interface",
                       entry.name, family == Family::V4 ? "of IPv4" : "of IPv6", link.name, entry.map)});
      return;
    }
  }

  void notice(std::string text) { plan_.notices.push_back({NoticeCode::LeakPossible, std::move(text)}); }

  const Config& config_;
  const Host& host_;
  const std::set<WayOut>& ways_;
  EntryTable table_;
  std::shared_ptr<const std::vector<Rule>> no_rules_ = std::make_shared<const std::vector<Rule>>();
  std::map<std::tuple<const AccessList*, std::uint32_t, bool>, std::shared_ptr<const std::vector<Rule>>> lists_;  // by the device named; at home?
  std::set<std::uint32_t> devices_;  // indexes of those that carry a crypto map
  RuleList rules_;
  BlockPlan plan_;
};

}  // namespace

BlockPlan plan_blocks(const Config& config, const Host& host, const std::set<WayOut>& ways) {
  return BlockPlanner(config, host, ways).take();
}

}  // namespace rri::core
