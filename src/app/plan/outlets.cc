#include "app/plan/outlets.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "app/plan/simulated_links.h"
#include "core/entry.h"
#include "core/host.h"

namespace rri::plan {

namespace {

using core::Entry;

constexpr int shortest(Family family) { return family == Family::V4 ? 8 : 16; }  // rule 1 of the guard

struct Key {
  std::string vrf;
  Family family;
  // The default VRF first.
  [[nodiscard]] auto rank() const { return std::tuple(vrf != kDefaultVrf, vrf, family); }
  friend bool operator<(const Key& a, const Key& b) { return a.rank() < b.rank(); }
};

class Finder {
 public:
  explicit Finder(const Config& config) : config_(config) {
    SimulatedLinks links;
    links.set_config(config);
    core::Host host;
    host.replace_all(links.list());
    table_ = core::expand_entries(config, host);
  }

  std::vector<Outlet> take() {
    for (const auto& entry : table_.entries) {
      if (entry.injects) add(entry);
    }
    for (const auto& route : config_.static_routes) add(route);
    std::vector<Outlet> all;
    for (auto& [key, found] : found_) all.push_back(finish(key, found));
    return all;
  }

 private:
  struct Found {
    std::map<std::uint32_t, std::vector<PrefixRule>> proxies;
    std::set<Prefix> statics, null0;
    std::set<std::string> devices;
    std::uint8_t distance = 255;  // the smallest of the entries
    bool is_unbounded = false;
  };
  struct Pins {
    std::set<Prefix> known;
    bool unknown = false;
  };

  void add(const Entry& entry) {
    for (const auto family : {Family::V4, Family::V6}) {
      if (takes(entry, family)) add_proxies(entry, family);
    }
    if (entry.pin == core::PinMode::None) return;
    if (entry.peers.empty()) {
      pins_[{entry.front_vrf, Family::V4}].unknown = pins_[{entry.front_vrf, Family::V6}].unknown = true;
    }
    for (const auto& peer : entry.peers) {
      if (peer.address) {
        pins_[{entry.front_vrf, peer.address->family()}].known.insert(Prefix::host(*peer.address));
      } else {
        pins_[{entry.front_vrf, Family::V4}].unknown = pins_[{entry.front_vrf, Family::V6}].unknown = true;
      }
    }
  }

  /// Without an ACL and an accept list an entry takes what comes; IPv6 only where there is some.
  [[nodiscard]] bool takes(const Entry& entry, Family family) const {
    const auto of_family = [&](const auto* list) { return list->family == family; };
    if (!entry.acls.empty()) return std::any_of(entry.acls.begin(), entry.acls.end(), of_family);
    if (entry.has_accept) return std::any_of(entry.accept.begin(), entry.accept.end(), of_family);
    return family == Family::V4 || has_ipv6(entry.inside_vrf);
  }

  /// Whether an inside interface of the VRF has IPv6.
  [[nodiscard]] bool has_ipv6(const std::string& vrf) const {
    return std::any_of(config_.interfaces.begin(), config_.interfaces.end(), [&](const auto& item) {
      const auto& [name, interface] = item;
      return interface.vrf == vrf && interface.maps.empty() &&
             std::any_of(interface.addresses.begin(), interface.addresses.end(), [](const auto& owned) { return !owned.address.is_v4(); });
    });
  }

  void add_proxies(const Entry& entry, Family family) {
    auto& found = found_[{entry.inside_vrf, family}];
    const auto& device = entry.form.form == RouteForm::Device ? entry.form.device : entry.device;
    found.devices.insert(entry.inside_vrf == entry.front_vrf ? device : std::string());
    found.distance = std::min(found.distance, entry.distance);
    auto& rules = found.proxies[entry.tag];
    const auto before = rules.size();
    for (const auto* list : entry.acls) {
      if (list->family == family) add_acl(*list, entry.acl_driven, rules);
    }
    if (!entry.acls.empty()) return;
    for (const auto* list : entry.accept) {
      if (list->family != family) continue;
      for (const auto& line : list->lines) put(rules, {line.permit, line.prefix, line.ge, line.le});
    }
    if (entry.has_accept) return;
    put(rules, {true, Prefix::all(family), shortest(family), address_bits(family)});
    found.is_unbounded = found.is_unbounded || rules.size() > before;
  }

  static void add_acl(const AccessList& list, bool exact, std::vector<PrefixRule>& rules) {
    for (const auto& line : list.lines) {
      if (!line.permit) continue;
      for (const auto& destination : line.destinations) {
        const auto prefix = destination.to_prefix();
        if (!prefix || (exact && prefix->length() == 0)) continue;
        const int bits = address_bits(prefix->family());
        const bool alone = exact || prefix->is_host();
        const bool too_short = prefix->length() < shortest(prefix->family());
        put(rules, {true, *prefix, !alone && too_short ? std::optional(shortest(prefix->family())) : std::nullopt,
                    alone ? std::nullopt : std::optional(bits)});
      }
    }
  }

  static void put(std::vector<PrefixRule>& rules, PrefixRule rule) {
    if (std::find(rules.begin(), rules.end(), rule) == rules.end()) rules.push_back(std::move(rule));
  }

  /// An `ip route` line goes out like the proxies whose tag it has, as in the Cisco text, and others stay.
  void add(const StaticRoute& route) {
    const auto at = found_.find({route.vrf, route.prefix.family()});
    if (at == found_.end()) return;
    auto& found = at->second;
    const auto tagged = route.tag == 0 ? found.proxies.end() : found.proxies.find(route.tag);
    if (tagged != found.proxies.end()) return put(tagged->second, {true, route.prefix, std::nullopt, std::nullopt});
    if (route.null0) found.null0.insert(route.prefix);
    if (!route.null0 && route.distance <= found.distance) found.statics.insert(route.prefix);
  }

  static bool permits(const PrefixRule& rule, const Prefix& prefix) {
    const int shortest = rule.ge.value_or(rule.prefix.length());
    const int longest = rule.le.value_or(rule.ge ? address_bits(prefix.family()) : rule.prefix.length());
    return rule.permit && rule.prefix.contains(prefix) && prefix.length() >= shortest && prefix.length() <= longest;
  }

  static std::vector<Prefix> let_out(const std::set<Prefix>& prefixes, const Outlet& outlet) {
    std::vector<Prefix> all;
    std::copy_if(prefixes.begin(), prefixes.end(), std::back_inserter(all), [&](const Prefix& prefix) {
      return std::any_of(outlet.proxies.begin(), outlet.proxies.end(), [&](const TaggedProxies& proxies) {
        return std::any_of(proxies.rules.begin(), proxies.rules.end(), [&](const PrefixRule& rule) { return permits(rule, prefix); });
      });
    });
    return all;
  }

  Outlet finish(const Key& key, Found& found) const {
    Outlet outlet{key.vrf, key.family, {}, false, {}, {}, {}, std::move(found.devices)};
    if (const auto pins = pins_.find(key); pins != pins_.end()) {
      outlet.pins.assign(pins->second.known.begin(), pins->second.known.end());
      outlet.hosts_stay = pins->second.unknown && found.is_unbounded;
    }
    for (auto& [tag, rules] : found.proxies) outlet.proxies.push_back({tag, std::move(rules)});
    outlet.statics = let_out(found.statics, outlet);
    outlet.null0 = let_out(found.null0, outlet);
    return outlet;
  }

  const Config& config_;
  core::EntryTable table_;
  std::map<Key, Found> found_;
  std::map<Key, Pins> pins_;
};

}  // namespace

std::vector<Outlet> find_outlets(const Config& config) { return Finder(config).take(); }

std::vector<std::string> vrfs_of(const std::vector<Outlet>& outlets) {
  std::vector<std::string> names;
  for (const auto& outlet : outlets) {
    if (names.empty() || names.back() != outlet.vrf) names.push_back(outlet.vrf);
  }
  return names;
}

}  // namespace rri::plan
