#include "app/render_frr.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "app/plan/outlets.h"
#include "app/plan/simulated_links.h"
#include "base/text.h"
#include "model/route.h"
#include "net/wildcard.h"

namespace rri::app {

namespace {

std::string_view family_word(Family family) { return family == Family::V4 ? "ip" : "ipv6"; }

/// RRI, RRI6, RRI-RED, RRI6-RED.
std::string map_name(const std::string& vrf, Family family) {
  return fmt::format("RRI{}{}", family == Family::V4 ? "" : "6", vrf == kDefaultVrf ? "" : "-" + vrf);
}

std::string vrf_words(const std::string& vrf) { return vrf == kDefaultVrf ? "" : " vrf " + vrf; }

/// A `router` section of an IOS file, as far as FRR needs it.
struct RouterSection {
  enum class Protocol : std::uint8_t { Ospf, Bgp };
  Protocol protocol{};
  std::string number;  // BGP: the AS
  std::string vrf{kDefaultVrf};
  std::vector<std::string> lines;         // in FRR's words
  std::vector<std::string> untranslated;  // as written
  bool has_networks = false;
  bool has_external_peer = false;
};

class RouterReader {
 public:
  explicit RouterReader(const Document& document) {
    for (const auto& line : document.lines) {
      if (line.kind != LineKind::Carried) continue;
      const auto words = split_words(line.words.front().text);
      if (words.size() < 3 || words[0] != "router") continue;
      if (words[1] == "ospf") open(RouterSection::Protocol::Ospf, words, line);
      if (words[1] == "bgp") open(RouterSection::Protocol::Bgp, words, line);
    }
  }
  std::vector<RouterSection> sections;

 private:
  using Words = std::vector<std::string_view>;

  void open(RouterSection::Protocol protocol, const Words& words, const Line& line) {
    RouterSection section{protocol, std::string(words[2]), std::string(kDefaultVrf), {}, {}, false, false};
    if (words.size() >= 5 && words[3] == "vrf") section.vrf = words[4];
    for (const auto& child : line.children) {
      const auto& text = child.words.front().text;
      if (!take(section, split_words(text))) section.untranslated.push_back(text);
    }
    sections.push_back(std::move(section));
  }

  static bool take(RouterSection& section, const Words& words) {
    if (words.empty() || words[0] == "redistribute") return true;  // below, with our route-map
    return section.protocol == RouterSection::Protocol::Ospf ? take_ospf(section, words) : take_bgp(section, words);
  }

  static bool take_ospf(RouterSection& section, const Words& words) {
    if (words.size() == 2 && words[0] == "router-id") {
      section.lines.push_back(fmt::format("ospf router-id {}", words[1]));
      return true;
    }
    if (words.size() != 5 || words[0] != "network" || words[3] != "area") return false;
    const auto address = IpAddress::try_parse(words[1]);
    const auto bits = IpAddress::try_parse(words[2]);
    if (!address || !bits || !address->is_v4() || !bits->is_v4()) return false;
    const auto network = make_wildcard(*address, *bits).to_prefix();
    if (!network) return false;
    section.lines.push_back(fmt::format("network {} area {}", network->to_string(), words[4]));
    section.has_networks = true;
    return true;
  }

  static bool take_bgp(RouterSection& section, const Words& words) {
    if (words.size() == 3 && words[0] == "bgp" && words[1] == "router-id") {
      section.lines.push_back(fmt::format("bgp router-id {}", words[2]));
      return true;
    }
    if (words.size() == 2 && words[0] == "bgp" && words[1] == "log-neighbor-changes") return true;  // FRR's default
    if (words.size() != 4 || words[0] != "neighbor" || words[2] != "remote-as") return false;
    section.lines.push_back(fmt::format("neighbor {} remote-as {}", words[1], words[3]));
    section.has_external_peer = section.has_external_peer || words[3] != section.number;
    return true;
  }
};

class Renderer {
 public:
  explicit Renderer(const ParseResult& parsed)
      : config_(parsed.config), outlets_(plan::find_outlets(parsed.config)), routers_(RouterReader(parsed.document).sections) {}

  std::string take() {
    head();
    for (const auto& outlet : outlets_) filters(outlet);
    const bool has_ospf = is_carried(RouterSection::Protocol::Ospf);
    for (const auto& router : routers_) {
      router.protocol == RouterSection::Protocol::Ospf ? ospf(router) : bgp(router);
    }
    if (routers_.empty()) {
      for (const auto& vrf : vrfs(Family::V4)) ospf({RouterSection::Protocol::Ospf, "1", vrf, {}, {}, false, false});
    }
    if (routers_.empty() || has_ospf) {
      for (const auto& vrf : vrfs(Family::V6)) ospf6(vrf);
      interfaces();
    }
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

  [[nodiscard]] std::string daemons() const {
    std::set<std::string> names;
    for (const auto& router : routers_) names.insert(router.protocol == RouterSection::Protocol::Bgp ? "bgpd" : "ospfd");
    const bool runs_ospf = routers_.empty() || names.contains("ospfd");
    if (routers_.empty() && !vrfs(Family::V4).empty()) names.insert("ospfd");
    if (runs_ospf && !vrfs(Family::V6).empty()) names.insert("ospf6d");
    if (is_frr_sink()) names.insert("staticd");
    std::string text;
    for (const auto& name : names) text += " " + name;
    return text;
  }

  [[nodiscard]] std::vector<std::string> vrfs(Family family) const {
    std::vector<std::string> names;
    for (const auto& outlet : outlets_) {
      if (outlet.family == family) names.push_back(outlet.vrf);
    }
    return names;
  }

  [[nodiscard]] const plan::Outlet* find_outlet(const std::string& vrf, Family family) const {
    const auto found = std::find_if(outlets_.begin(), outlets_.end(),
                                    [&](const auto& outlet) { return outlet.vrf == vrf && outlet.family == family; });
    return found == outlets_.end() ? nullptr : &*found;
  }

  [[nodiscard]] bool is_carried(RouterSection::Protocol protocol) const {
    return std::any_of(routers_.begin(), routers_.end(), [&](const auto& router) { return router.protocol == protocol; });
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

  /// What stays at home: the default route always, and pins.
  [[nodiscard]] static std::vector<plan::PrefixRule> home_rules(const plan::Outlet& outlet) {
    std::vector<plan::PrefixRule> rules{{true, Prefix::all(outlet.family), std::nullopt, std::nullopt}};
    for (const auto& pin : outlet.pins) rules.push_back({true, pin, std::nullopt, std::nullopt});
    if (outlet.hosts_stay) rules.push_back({true, Prefix::all(outlet.family), address_bits(outlet.family), std::nullopt});
    return rules;
  }

  void filters(const plan::Outlet& outlet) {
    const auto name = map_name(outlet.vrf, outlet.family);
    if (outlet.hosts_stay) {
      line("! The host routes of unknown peers stay at home, and with them every other host");
      line("! route: a `match address` on the entries with `remote-peer` would tell them apart.");
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
    for (const auto& proxies : outlet.proxies) clause(outlet, proxies, sequence += 10);
    line("!");
  }

  [[nodiscard]] bool is_matched_by_tag(const plan::TaggedProxies& proxies) const { return is_frr_sink() && proxies.tag != 0; }

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
      if (proxies.tag != 0) line(" set tag {}", proxies.tag);
    }
    line("exit");
  }

  // ---- protocols ------------------------------------------------------

  void untranslated(const RouterSection& router) {
    for (const auto& text : router.untranslated) line(" ! not translated: {}", text);
  }

  void ospf(const RouterSection& router) {
    line("router ospf{}", vrf_words(router.vrf));
    for (const auto& text : router.lines) line(" {}", text);
    if (find_outlet(router.vrf, Family::V4) != nullptr) {
      line(" redistribute {} route-map {}", source(), map_name(router.vrf, Family::V4));
    }
    untranslated(router);
    line("exit");
    line("!");
  }

  void ospf6(const std::string& vrf) {
    line("router ospf6{}", vrf_words(vrf));
    line(" redistribute {} route-map {}", source(), map_name(vrf, Family::V6));
    line("exit");
    line("!");
  }

  void bgp(const RouterSection& router) {
    bgp_instance(router, router.vrf);
    for (const auto& outlet : outlets_) {
      if (outlet.vrf == router.vrf || outlet.vrf == kDefaultVrf || router.vrf != kDefaultVrf) continue;
      if (outlet.family == Family::V6 && find_outlet(outlet.vrf, Family::V4) != nullptr) continue;  // said already
      bgp_instance({router.protocol, router.number, outlet.vrf, {}, {}, false, false}, outlet.vrf);
    }
  }

  void bgp_instance(const RouterSection& router, const std::string& vrf) {
    line("router bgp {}{}", router.number, vrf_words(vrf));
    // FRR sends an external neighbour nothing without a policy; the policy is on the redistribution.
    if (router.has_external_peer) line(" no bgp ebgp-requires-policy");
    for (const auto& text : router.lines) line(" {}", text);
    for (const auto family : {Family::V4, Family::V6}) {
      if (find_outlet(vrf, family) == nullptr) continue;
      line(" address-family {} unicast", family == Family::V4 ? "ipv4" : "ipv6");
      line("  redistribute {} route-map {}", source(), map_name(vrf, family));
      line(" exit-address-family");
    }
    untranslated(router);
    line("exit");
    line("!");
  }

  // ---- interfaces -----------------------------------------------------

  [[nodiscard]] static bool is_inside(const Interface& interface) {
    return interface.maps.empty() && interface.ipsec_profile.empty() && !interface.shutdown && !interface.addresses.empty();
  }

  /// OSPF's `network` lines and `ip ospf area` exclude each other in one instance.
  [[nodiscard]] bool has_networks(const std::string& vrf) const {
    return std::any_of(routers_.begin(), routers_.end(),
                       [&](const auto& router) { return router.vrf == vrf && router.has_networks; });
  }

  void interfaces() {
    for (const auto& [name, interface] : config_.interfaces) {
      if (!is_inside(interface)) continue;
      const bool v4 = find_outlet(interface.vrf, Family::V4) != nullptr && !has_networks(interface.vrf);
      const bool v6 = find_outlet(interface.vrf, Family::V6) != nullptr;
      if (!v4 && !v6) continue;
      if (interface.linux_device.empty() && name != to_lower(name)) {
        line("! {}: write the name of its Linux device here (`linux device DEV` tells it)", name);
      }
      line("interface {}", plan::device_of(interface));
      if (v4) line(" ip ospf area 0");
      if (v6) line(" ipv6 ospf6 area 0");
      line("exit");
      line("!");
    }
  }

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
