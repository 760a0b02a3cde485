#include "app/render_bird.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "app/plan/outlets.h"
#include "app/plan/simulated_links.h"
#include "app/router_sections.h"
#include "model/route.h"

namespace rri::app {

namespace {

using plan::find_outlets;
using plan::Outlet;
using plan::PrefixRule;
using plan::TaggedProxies;

constexpr std::uint32_t kMostRealm = 65535;
/// Tables for VRFs whose number this host has to fill in.
constexpr int kFirstTable = 1001;

std::string digits(Family family) { return family == Family::V4 ? "4" : "6"; }
std::string channel(Family family) { return family == Family::V4 ? "ipv4" : "ipv6"; }

/// "", or "_RED": BIRD's names are letters, digits and underscores.
std::string suffix(const std::string& vrf) {
  if (vrf == kDefaultVrf) return {};
  std::string made = "_";
  for (const char c : vrf) made += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return made;
}

/// A member of a prefix set: 10.0.0.0/8{16,32}.
std::string member(const PrefixRule& rule) {
  const auto text = rule.prefix.to_string();
  if (!rule.ge && !rule.le) return text;
  const int bits = address_bits(rule.prefix.family());
  return fmt::format("{}{{{},{}}}", text, rule.ge.value_or(rule.prefix.length()), rule.le.value_or(bits));
}

class Writer {
 public:
  Writer(const ParseResult& parsed, const std::map<std::string, std::uint32_t>& tables)
      : parsed_(parsed), config_(parsed.config), tables_(tables), outlets_(find_outlets(parsed.config)), routers_(find_router_sections(parsed.document, plan::vrfs_of(outlets_))) {}

  Result<std::string> run() {
    if (std::holds_alternative<FrrSink>(config_.settings.route)) return fail("render bird: `route frr` puts the routes into FRR, where BIRD does not see them");
    if (outlets_.empty()) return fail("render bird: the configuration injects no routes");
    header();
    for (const auto& outlet : outlets_) filter(outlet);
    for (const auto& vrf : plan::vrfs_of(outlets_)) kernels(vrf);
    for (const auto& router : routers_) {
      is_bgp(router) ? bgp(router) : ospf(router);
    }
    if (std::none_of(routers_.begin(), routers_.end(), is_bgp)) bgp_template();
    return std::move(text_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...);
    text_ += '\n';
  }

  [[nodiscard]] const Outlet* find(const std::string& vrf, Family family) const {
    const auto found = std::find_if(outlets_.begin(), outlets_.end(), [&](const Outlet& outlet) { return outlet.vrf == vrf && outlet.family == family; });
    return found == outlets_.end() ? nullptr : &*found;
  }

  [[nodiscard]] int protocol() const { return std::get<KernelSink>(config_.settings.route).protocol; }

  void header() {
    line("# bird.conf of {} for BIRD 2, made by `rri render bird`", config_.hostname);
    line("log syslog all;");
    if (const auto id = router_id(); !id.empty()) line("router id {};", id);
    line("");
    line("define RRI = {};  # protocol number of injected routes", protocol());
    int table = kFirstTable;
    for (const auto& vrf : plan::vrfs_of(outlets_)) {
      if (vrf == kDefaultVrf) continue;
      const auto known = tables_.find(vrf);
      if (known != tables_.end()) line("define TABLE{} = {};  # VRF device {}", suffix(vrf), known->second, vrf);
      if (known == tables_.end()) line("define TABLE{} = {};  # NOTICE: write the table of VRF device {} (`ip vrf`)", suffix(vrf), table++, vrf);
    }
    line("");
    line("protocol device {{ scan time 10; }}");
  }

  /// That of the file, else the inside address: it stays while outside ones move between two routers.
  [[nodiscard]] std::string router_id() const {
    for (const auto& router : routers_) {
      if (router.vrf == kDefaultVrf && !router.router_id.empty()) return router.router_id;
    }
    std::string any;
    for (const auto& [name, interface] : config_.interfaces) {
      for (const auto& own : interface.addresses) {
        if (!own.address.is_v4()) continue;
        if (interface.maps.empty()) return own.address.to_string();
        if (any.empty()) any = own.address.to_string();
      }
    }
    return any.empty() ? find_router_id6(config_) : any;
  }

  void filter(const Outlet& outlet) {
    const bool v4 = outlet.family == Family::V4;
    line("");
    line("# Only injected routes; those to peers (pins), the default route and `ip route` lines stay at home.");
    line("filter rri_in{}{}", digits(outlet.family), suffix(outlet.vrf));
    line("{{");
    line("  if krt_source != RRI || dest != RTD_UNICAST then reject;");
    line("  if net.len = 0 then reject;");
    std::string home;
    for (const auto* stay : {&outlet.pins, &outlet.statics}) {
      for (const auto& prefix : *stay) home += fmt::format("{}{}", home.empty() ? "" : ", ", prefix.to_string());
    }
    if (!home.empty()) line("  if net ~ [ {} ] then reject;", home);
    if (outlet.hosts_stay) line("  if net.len = {} then reject;  # a pin is a host route, and nothing tells it from a proxy", v4 ? 32 : 128);
    line("  # 16777216 is 1 << 24: the distance. 1 gives 254; 105 is level with OSPF's 150.");
    line("  preference = 255 - krt_metric / 16777216;");
    line("  ospf_metric2 = 20;");
    for (const auto& tagged : outlet.proxies) tags(tagged, v4, community_as(outlet.vrf));
    line("  reject;");
    line("}}");
  }

  void tags(const TaggedProxies& tagged, bool v4, const std::string& as) {
    for (const auto& rule : tagged.rules) {
      if (!rule.permit) {
        line("  if net ~ [ {} ] then reject;", member(rule));
        continue;
      }
      line("  if net ~ [ {} ] then {{", member(rule));
      if (v4) line("    if defined(krt_realm) then {{ ospf_tag = krt_realm; bgp_community.add(({}, krt_realm)); }}{}", as, tagged.tag > kMostRealm ? " else" : "");
      if (tagged.tag != 0 && (!v4 || tagged.tag > kMostRealm)) {
        const auto community = tagged.tag <= kMostRealm ? fmt::format(" bgp_community.add(({}, {}));", as, tagged.tag) : "";
        line("    {{ ospf_tag = {};{} }}", tagged.tag, community);
      }
      line("    accept;");
      line("  }}");
    }
  }

  void kernels(const std::string& vrf) {
    for (const auto family : {Family::V4, Family::V6}) {
      if (find(vrf, family) == nullptr) continue;
      const auto tail = suffix(vrf);
      line("");
      if (vrf != kDefaultVrf) line("{} table rri{}{};", channel(family), digits(family), tail);
      line("protocol kernel rri_kernel{}{} {{", digits(family), tail);
      if (vrf != kDefaultVrf) {
        line("  vrf \"{}\";", vrf);
        line("  kernel table TABLE{};", tail);
      }
      line("  learn;");
      line("  scan time 10;               # after a burst of routes the kernel may drop messages: then this finds them");
      line("  netlink rx buffer 33554432; # and this keeps it from dropping them");
      line("  {} {{", channel(family));
      if (vrf != kDefaultVrf) line("    table rri{}{};", digits(family), tail);
      line("    import filter rri_in{}{};", digits(family), tail);
      line("    export where source != RTS_INHERIT;");
      line("  }};");
      line("}}");
    }
  }

  void ospf(const RouterSection& router) {
    for (const auto family : {Family::V4, Family::V6}) {
      if (find(router.vrf, family) != nullptr) ospf(router, family);
    }
    for (const auto& text : router.untranslated) line("# not translated: {}", text);
  }

  void ospf(const RouterSection& router, Family family) {
    const auto tail = suffix(router.vrf);
    std::map<std::string, std::string> areas;
    for (const auto& [interface, area] : find_ospf_interfaces(parsed_, router, family)) {
      areas[area] += fmt::format("    interface \"{}\" {{ }};\n", plan::device_of(*interface));
    }
    if (areas.empty() && family == Family::V6) return;
    if (areas.empty()) areas["0"];  // BIRD takes no OSPF without an area
    line("");
    line("protocol ospf {} rri_ospf{}{} {{", family == Family::V4 ? "v2" : "v3", digits(family), tail);
    if (router.vrf != kDefaultVrf) line("  vrf \"{}\";", router.vrf);
    line("  {} {{", channel(family));
    if (router.vrf != kDefaultVrf) line("    table rri{}{};", digits(family), tail);
    line("    import all;");
    line("    export where source = RTS_INHERIT;");
    line("  }};");
    for (const auto& [area, interfaces] : areas) line("  area {} {{\n{}  }};", area, interfaces);
    line("}}");
  }

  /// Of the file's BGP, else of the template.
  [[nodiscard]] std::string community_as(const std::string& vrf) const {
    auto as = find_community_as(routers_, vrf);
    return as.empty() ? "65000" : as;
  }

  static bool is_bgp(const RouterSection& router) { return router.protocol == RouterSection::Protocol::Bgp; }

  void bgp_template() {
    line("");
    line("# For BGP: `protocol bgp up from rri_bgp {{ neighbor ADDRESS as NUMBER; }}`. The tag N is community 65000:N.");
    line("template bgp rri_bgp {{");
    line("  local as 65000;");
    for (const auto family : {Family::V4, Family::V6}) bgp_channel(std::string(kDefaultVrf), family);
    line("}}");
  }

  void bgp_channel(const std::string& vrf, Family family) {
    if (find(vrf, family) == nullptr) return;
    const auto table = vrf == kDefaultVrf ? "" : fmt::format("table rri{}{}; ", digits(family), suffix(vrf));
    line("  {} {{ {}import all; export where source = RTS_INHERIT; next hop self; }};", channel(family), table);
  }

  /// The `router bgp` section that the configuration carries, a protocol for each neighbour.
  void bgp(const RouterSection& router) {
    int number = 0;
    for (const auto& neighbor : router.neighbors) {
      const bool is_used = (neighbor.carries_v4 && find(router.vrf, Family::V4) != nullptr) ||
                           (neighbor.carries_v6 && find(router.vrf, Family::V6) != nullptr);
      if (!is_used) continue;
      line("");
      line("# The tag N is community {}:N.", community_as(router.vrf));
      line("protocol bgp rri_bgp{}{} {{", ++number, suffix(router.vrf));
      if (router.vrf != kDefaultVrf) line("  vrf \"{}\";", router.vrf);
      line("  local as {};", router.number);
      line("  neighbor {} as {};", neighbor.address.to_string(), neighbor.remote_as);
      for (const auto family : {Family::V4, Family::V6}) {
        if (neighbor.carries(family)) bgp_channel(router.vrf, family);
      }
      line("}}");
    }
  }

  const ParseResult& parsed_;
  const Config& config_;
  const std::map<std::string, std::uint32_t>& tables_;
  std::vector<Outlet> outlets_;
  std::vector<RouterSection> routers_;
  std::string text_;
};

}  // namespace

Result<std::string> render_bird(const ParseResult& parsed, const std::map<std::string, std::uint32_t>& vrf_tables) {
  return Writer(parsed, vrf_tables).run();
}

}  // namespace rri::app
