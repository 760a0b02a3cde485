#include "app/render_frr.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/plan/outlets.h"
#include "app/plan/simulated_links.h"
#include "app/router_sections.h"
#include "base/text.h"
#include "model/route.h"

namespace rri::app {

namespace {

std::string_view family_word(Family family) { return family == Family::V4 ? "ip" : "ipv6"; }

/// RRI, RRI6, RRI-RED, RRI6-RED.
std::string map_name(const std::string& vrf, Family family) {
  return fmt::format("RRI{}{}", family == Family::V4 ? "" : "6", vrf == kDefaultVrf ? "" : "-" + vrf);
}

std::string vrf_words(const std::string& vrf) { return vrf == kDefaultVrf ? "" : " vrf " + vrf; }

constexpr std::uint32_t kMostCommunity = 65535;

class Renderer {
 public:
  explicit Renderer(const ParseResult& parsed)
      : parsed_(parsed), config_(parsed.config), outlets_(plan::find_outlets(config_)), routers_(find_router_sections(parsed.document, plan::vrfs_of(outlets_))) {}

  std::string take() {
    head();
    for (const auto& outlet : outlets_) filters(outlet);
    for (const auto& router : routers_) {
      if (!is_ospf(router)) bgp(router);
      if (!is_ospf(router)) continue;
      ospf(router);
      if (has_ospf6(router)) ospf6(router.vrf);
    }
    interfaces();
    return std::move(text_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }

  [[nodiscard]] bool is_frr_sink() const { return std::holds_alternative<FrrSink>(config_.settings.route); }
  [[nodiscard]] std::string_view source() const { return is_frr_sink() ? "static" : "kernel"; }

  void head() {
    line("! Made by `rri render frr` from the configuration of {}.", config_.hostname);
    line("! Add it to /etc/frr/frr.conf. /etc/frr/daemons needs zebra and:{}", daemons());
    line("!");
  }

  [[nodiscard]] static bool is_ospf(const RouterSection& router) { return router.protocol == RouterSection::Protocol::Ospf; }
  [[nodiscard]] bool has_ospf6(const RouterSection& router) const {
    return is_ospf(router) && find_outlet(router.vrf, Family::V6) != nullptr && !find_ospf_interfaces(parsed_, router, Family::V6).empty();
  }

  [[nodiscard]] std::string daemons() const {
    std::set<std::string> names;
    for (const auto& router : routers_) {
      names.insert(is_ospf(router) ? "ospfd" : "bgpd");
      if (has_ospf6(router)) names.insert("ospf6d");
    }
    if (is_frr_sink()) names.insert("staticd");
    std::string text;
    for (const auto& name : names) text += " " + name;
    return text;
  }

  [[nodiscard]] const plan::Outlet* find_outlet(const std::string& vrf, Family family) const {
    const auto found = std::find_if(outlets_.begin(), outlets_.end(),
                                    [&](const auto& outlet) { return outlet.vrf == vrf && outlet.family == family; });
    return found == outlets_.end() ? nullptr : &*found;
  }

  // ---- filters --------------------------------------------------------

  void prefix_list(const plan::Outlet& outlet, const std::string& name, const std::vector<plan::PrefixRule>& rules) {
    std::uint32_t sequence = 0;
    for (const auto& rule : rules) {
      line("{} prefix-list {} seq {} {} {}{}{}", family_word(outlet.family), name, sequence += 5,
           rule.permit ? "permit" : "deny", rule.prefix.to_string(), rule.ge ? fmt::format(" ge {}", *rule.ge) : "",
           rule.le ? fmt::format(" le {}", *rule.le) : "");
    }
  }

  /// What stays at home: the default route always, pins, and `ip route` lines.
  [[nodiscard]] static std::vector<plan::PrefixRule> home_rules(const plan::Outlet& outlet) {
    std::vector<plan::PrefixRule> rules{{true, Prefix::all(outlet.family), std::nullopt, std::nullopt}};
    for (const auto* stay : {&outlet.pins, &outlet.statics}) {
      for (const auto& prefix : *stay) rules.push_back({true, prefix, std::nullopt, std::nullopt});
    }
    if (outlet.hosts_stay) rules.push_back({true, Prefix::all(outlet.family), address_bits(outlet.family), std::nullopt});
    return rules;
  }

  void filters(const plan::Outlet& outlet) {
    const auto name = map_name(outlet.vrf, outlet.family);
    if (outlet.hosts_stay) {
      line("! The host routes of unknown peers stay at home, and with them every other host");
      line("! route: a `match address` on the entries with `remote-peer` would tell them apart.");
    }
    if (!outlet.null0.empty() && !sole_device(outlet)) {
      line("! With tunnels by several devices or another VRF nothing tells a Null0 line from a tunnel of its prefix:");
      for (const auto& prefix : outlet.null0) line("!   {} goes out either way", prefix.to_string());
    }
    prefix_list(outlet, name + "-HOME", home_rules(outlet));
    for (const auto& proxies : outlet.proxies) {
      if (!is_matched_by_tag(proxies)) prefix_list(outlet, list_name(name, proxies), proxies.rules);
    }
    line("!");
    std::uint32_t sequence = 10;
    line("route-map {} deny {}", name, sequence);
    line(" match {} address prefix-list {}-HOME", family_word(outlet.family), name);
    line("exit");
    auto ordered = outlet.proxies;
    // Those without a tag may permit everything: they are asked last.
    std::stable_partition(ordered.begin(), ordered.end(), [](const auto& proxies) { return proxies.tag != 0; });
    for (const auto& proxies : ordered) clause(outlet, proxies, sequence += 10);
    line("!");
  }

  [[nodiscard]] bool is_matched_by_tag(const plan::TaggedProxies& proxies) const { return is_frr_sink() && proxies.tag != 0; }

  /// By which all tunnels of the outlet go; FRR knows the devices of one VRF at a time.
  static std::optional<std::string> sole_device(const plan::Outlet& outlet) {
    if (outlet.devices.size() != 1 || outlet.devices.begin()->empty()) return std::nullopt;
    return *outlet.devices.begin();
  }

  static std::string list_name(const std::string& name, const plan::TaggedProxies& proxies) {
    return proxies.tag == 0 ? name + "-PROXIES" : fmt::format("{}-PROXIES-{}", name, proxies.tag);
  }

  void clause(const plan::Outlet& outlet, const plan::TaggedProxies& proxies, std::uint32_t sequence) {
    const auto name = map_name(outlet.vrf, outlet.family);
    line("route-map {} permit {}", name, sequence);
    if (is_matched_by_tag(proxies)) {
      line(" match tag {}", proxies.tag);
    } else {
      line(" match {} address prefix-list {}", family_word(outlet.family), list_name(name, proxies));
      // A Null0 line of the same prefix has no device (ospfd and ospf6d match no blackholes).
      if (!outlet.null0.empty() && sole_device(outlet)) line(" match interface {}", *sole_device(outlet));
      if (proxies.tag != 0) line(" set tag {}", proxies.tag);
    }
    // BGP carries no tags.
    if (const auto as = find_community_as(routers_, outlet.vrf); proxies.tag != 0 && proxies.tag <= kMostCommunity && !as.empty()) {
      line(" set community {}:{} additive", as, proxies.tag);
    }
    line("exit");
  }

  // ---- protocols ------------------------------------------------------

  void untranslated(const RouterSection& router) {
    for (const auto& text : router.untranslated) line(" ! not translated: {}", text);
  }

  void ospf(const RouterSection& router) {
    line("router ospf{}", vrf_words(router.vrf));
    if (!router.router_id.empty()) line(" ospf router-id {}", router.router_id);
    if (!has_ospf_lines(parsed_, router.vrf, Family::V4)) {
      for (const auto& [network, area] : router.networks) line(" network {} area {}", network.to_string(), area);
    }
    if (find_outlet(router.vrf, Family::V4) != nullptr) {
      line(" redistribute {} route-map {}", source(), map_name(router.vrf, Family::V4));
    }
    untranslated(router);
    line("exit");
    line("!");
  }

  void ospf6(const std::string& vrf) {
    line("router ospf6{}", vrf_words(vrf));
    if (const auto id = find_router_id6(config_); !id.empty()) line(" ospf6 router-id {}", id);
    line(" redistribute {} route-map {}", source(), map_name(vrf, Family::V6));
    line("exit");
    line("!");
  }

  void bgp(const RouterSection& router) {
    line("router bgp {}{}", router.number, vrf_words(router.vrf));
    const bool is_external = std::any_of(router.neighbors.begin(), router.neighbors.end(), [](const auto& neighbor) { return neighbor.is_external; });
    // FRR sends an external neighbour nothing without a policy; the policy is on the redistribution.
    if (is_external) line(" no bgp ebgp-requires-policy");
    const auto id = router.router_id.empty() ? find_router_id6(config_) : router.router_id;
    if (!id.empty()) line(" bgp router-id {}", id);
    for (const auto& neighbor : router.neighbors) line(" neighbor {} remote-as {}", neighbor.address.to_string(), neighbor.remote_as);
    for (const auto family : {Family::V4, Family::V6}) bgp_family(router, family);
    const bool tells = find_outlet(router.vrf, Family::V4) != nullptr || find_outlet(router.vrf, Family::V6) != nullptr;
    if (router.neighbors.empty() && tells) line(" ! write the neighbors of VRF {} here: neighbor ADDRESS remote-as NUMBER", router.vrf);
    untranslated(router);
    line("exit");
    line("!");
  }

  void bgp_family(const RouterSection& router, Family family) {
    if (find_outlet(router.vrf, family) == nullptr) return;
    line(" address-family {} unicast", family == Family::V4 ? "ipv4" : "ipv6");
    line("  redistribute {} route-map {}", source(), map_name(router.vrf, family));
    // FRR takes every neighbour for IPv4 and none for IPv6.
    for (const auto& neighbor : router.neighbors) {
      if (neighbor.carries(family) != (family == Family::V4)) {
        line("  {}neighbor {} activate", neighbor.carries(family) ? "" : "no ", neighbor.address.to_string());
      }
    }
    line(" exit-address-family");
  }

  // ---- interfaces -----------------------------------------------------

  void interfaces() {
    std::map<const Interface*, std::string> lines;
    for (const auto& router : routers_) {
      if (!is_ospf(router)) continue;
      // `network` lines and `ip ospf area` exclude each other in one instance.
      const bool by_network = !router.networks.empty() && !has_ospf_lines(parsed_, router.vrf, Family::V4);
      // What a neighbour missed of a hub that takes over is told again after 1 s, not 5.
      if (find_outlet(router.vrf, Family::V4) != nullptr) {
        for (const auto& [interface, area] : find_ospf_interfaces(parsed_, router, Family::V4)) {
          lines[interface] += fmt::format("{} ip ospf retransmit-interval 1\n", by_network ? "" : fmt::format(" ip ospf area {}\n", area));
        }
      }
      if (!has_ospf6(router)) continue;
      for (const auto& [interface, area] : find_ospf_interfaces(parsed_, router, Family::V6)) {
        lines[interface] += fmt::format(" ipv6 ospf6 area {}\n ipv6 ospf6 retransmit-interval 1\n", area);
      }
    }
    for (const auto& [name, interface] : config_.interfaces) {
      const auto found = lines.find(&interface);
      if (found == lines.end()) continue;
      if (interface.linux_device.empty() && name != to_lower(name)) {
        line("! {}: write the name of its Linux device here (`linux device DEV` tells it)", name);
      }
      line("interface {}\n{}exit\n!", plan::device_of(interface), found->second);
    }
  }

  const ParseResult& parsed_;
  const Config& config_;
  std::vector<plan::Outlet> outlets_;
  std::vector<RouterSection> routers_;
  std::string text_;
};

}  // namespace

Result<std::string> render_frr(const ParseResult& parsed) {
  if (plan::find_outlets(parsed.config).empty()) {
    return fail("render frr: no crypto map entry on an interface injects routes (`reverse-route`)");
  }
  return Renderer(parsed).take();
}

}  // namespace rri::app
