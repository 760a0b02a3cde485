#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "app/doctor/collect.h"
#include "app/doctor/limits.h"
#include "app/doctor/probe.h"
#include "base/text.h"
#include "io/netlink/link_dump.h"
#include "io/netlink/link_table.h"
#include "model/route.h"

namespace rri::doctor {

namespace {

using netlink::Dump;

constexpr std::uint32_t kCharonTable = 220;
constexpr std::uint32_t kMainTable = 254;

/// Reads the kernel's tables; its first failure is kept.
class Reader {
 public:
  explicit Reader(KernelFacts& facts) : facts_(facts) {
    if (auto socket = netlink::Socket::open()) {
      socket_ = std::move(*socket);
    } else {
      facts_.error = socket.error().text;
    }
  }

  void links() {
    const auto found = std::make_shared<netlink::FoundLinks>();
    run(netlink::link_dump(found));
    table_.replace(found->links, found->addresses);
    facts_.links = table_.list();
    for (const auto& link : found->links) {
      if ((link.flags & IFF_UP) != 0) facts_.admin_up.insert(link.name);
    }
  }

  /// Every unicast or other route of both families that the filter lets through.
  void routes(std::uint8_t protocol, std::uint32_t table, const std::function<void(RouteFact)>& take) {
    Dump::Steps steps;
    for (const auto family : {Family::V4, Family::V6}) {
      const netlink::RequestBuffer::RouteFilter filter{family, protocol, table, 0};
      steps.requests.emplace_back([filter](auto& request, auto sequence) { request.dump_routes(sequence, filter); });
    }
    std::vector<RouteFact> found;  // a dump that begins anew forgets
    steps.begin = [&] { found.clear(); };
    steps.on_message = [&](const netlink::Message& message) {
      if (message.type != RTM_NEWROUTE) return;
      const auto route = netlink::parse_route(message);
      if (!route || (route->flags & RTM_F_CLONED) != 0 || (table != 0 && route->table != table)) return;
      if (protocol != 0 && route->protocol != protocol) return;
      if (keeps_ && !keeps_(*route, table_)) return;
      if (found.size() < kMaxRoutes) found.push_back(fact_of(*route));
    };
    run(std::move(steps));
    for (auto& route : found) take(std::move(route));
  }

  /// Only routes that hold this are kept, until it is set anew.
  void keep_only(std::function<bool(const netlink::RouteMessage&, const netlink::LinkTable&)> keeps) { keeps_ = std::move(keeps); }

  [[nodiscard]] bool is_open() const { return socket_.has_value(); }

 private:
  [[nodiscard]] RouteFact fact_of(const netlink::RouteMessage& route) const {
    RouteFact fact{route.destination, route.table, route.metric, route.protocol, {}, {}};
    if (route.hops.empty() || route.hops.front().device == 0) return fact;
    fact.device = table_.name_of(route.hops.front().device);
    if (const auto* link = table_.find(route.hops.front().device)) fact.vrf = link->vrf_table ? link->name : link->vrf;
    return fact;
  }

  void run(Dump::Steps steps) {
    if (!socket_) return;
    auto read = netlink::run_dump(*socket_, sequence_, std::move(steps), std::chrono::steady_clock::now() + kDumpTime);
    if (!read) facts_.error = read.error().text;
  }

  KernelFacts& facts_;
  std::optional<netlink::Socket> socket_;
  std::uint32_t sequence_ = 1;
  netlink::LinkTable table_;
  std::function<bool(const netlink::RouteMessage&, const netlink::LinkTable&)> keeps_;
};

/// Routes of a front-door table that leave by a device of another VRF.
bool is_leak(const netlink::RouteMessage& route, const netlink::LinkTable& table) {
  if (route.hops.empty() || route.type != RTN_UNICAST) return false;
  const auto* link = table.find(route.hops.front().device);
  if (link == nullptr) return false;
  return (link->vrf_table ? link->name : link->vrf) != table.vrf_of(route.table);
}

void read_leaks(Reader& reader, Facts& facts) {
  if (facts.config.vrfs.empty()) return;
  reader.keep_only(is_leak);
  const auto keep = [&](RouteFact route) {
    if (facts.kernel.leaks.size() < kMaxStrayRoutes) facts.kernel.leaks.push_back(std::move(route));
  };
  reader.routes(0, kMainTable, keep);
  for (const auto& link : facts.kernel.links) {
    if (link.vrf_table) reader.routes(0, *link.vrf_table, keep);
  }
  reader.keep_only({});
}

void read_ways_to_peers(Reader& reader, Facts& facts) {
  constexpr std::string_view kOfVrfs = "/vrf/";  // iproute2's cgroups
  const auto peers = front_door_peers(facts.config);
  if (peers.empty()) return;
  reader.keep_only([&](const netlink::RouteMessage& route, const netlink::LinkTable&) {
    return route.type == RTN_UNICAST && std::any_of(peers.begin(), peers.end(), [&](const auto& one) { return route.destination.contains(one.second); });
  });
  reader.routes(0, kMainTable, [&](RouteFact route) { facts.kernel.to_front_peers.push_back(std::move(route)); });
  reader.keep_only({});
  for (const auto* name : {"charon-systemd", "charon"}) {
    for (const auto& process : facts.host.named(name)) {
      const auto groups = read_text(fmt::format("/proc/{}/cgroup", process.pid)).value_or("");
      const auto at = groups.rfind(kOfVrfs);
      if (at != std::string::npos) facts.kernel.charon_vrf = std::string(trim(groups.substr(at + kOfVrfs.size())));
    }
  }
}

void read_sysctls(Facts& facts) {
  std::vector<std::string> names{"net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding", "net/ipv4/conf/all/rp_filter",
                                 "net/ipv4/conf/all/disable_xfrm", "net/ipv4/udp_l3mdev_accept"};
  for (const auto& link : facts.kernel.links) {
    for (const auto* name : {"forwarding", "rp_filter", "disable_xfrm"}) names.push_back(fmt::format("net/ipv4/conf/{}/{}", link.name, name));
  }
  for (const auto& name : names) {
    if (const auto text = read_text("/proc/sys/" + name)) facts.kernel.sysctls[name] = std::string(trim(*text));
  }
}

Answer answer_of(const std::string& output, std::string_view word) {
  return output.find(word) != std::string::npos ? Answer::Yes : Answer::No;
}

/// Tries it: adding an ESP state or a device loads the module where there is one.
void try_features(Facts& facts) {
  if (!facts.host.is_root) return;
  const auto tried = run_command(
      {"sh", "-c",
       "ip -V >&2 && echo tried;"
       "ip xfrm state add src 192.0.2.1 dst 192.0.2.2 proto esp spi 0x1001 reqid 1 mode tunnel "
       "aead 'rfc4106(gcm(aes))' 0x0123456789012345678901234567890123456789 128 && echo has-esp;"
       "ip link add probe0 type vrf table 100 && echo has-vrf;"
       "ip link add probe1 type xfrm if_id 1 && echo has-xfrm; true"},
      true);
  if (tried.status != 0 || answer_of(tried.output, "tried") == Answer::No) return;
  facts.kernel.esp = answer_of(tried.output, "has-esp");
  facts.kernel.vrf_devices = answer_of(tried.output, "has-vrf");
  facts.kernel.xfrm_interfaces = answer_of(tried.output, "has-xfrm");
}

/// The families whose rules lead to charon's table.
std::optional<std::set<Family>> find_rules() {
  std::set<Family> families;
  for (const auto family : {Family::V4, Family::V6}) {
    const auto rules = run_command({"ip", family == Family::V4 ? "-4" : "-6", "rule", "show"});
    if (rules.status != 0) return std::nullopt;
    if (rules.output.find("lookup 220") != std::string::npos) families.insert(family);
  }
  return families;
}

}  // namespace

void collect_kernel(Facts& facts) {
  const auto* sink = std::get_if<KernelSink>(&facts.config.settings.route);
  const auto protocol = sink == nullptr ? KernelSink{}.protocol : sink->protocol;
  Reader reader(facts.kernel);
  if (reader.is_open()) {
    reader.links();
    reader.routes(protocol, 0, [&](RouteFact route) {
      if (facts.kernel.ours.size() < kMaxRoutes) {
        facts.kernel.ours.push_back(std::move(route));
      } else {
        ++facts.kernel.ours_beyond;
      }
    });
    reader.routes(0, kCharonTable, [&](RouteFact route) {
      if (facts.kernel.charon_routes.size() < kMaxStrayRoutes) facts.kernel.charon_routes.push_back(std::move(route));
    });
    read_leaks(reader, facts);
    read_ways_to_peers(reader, facts);
  }
  read_sysctls(facts);
  if (!facts.kernel.charon_routes.empty()) facts.kernel.rules_220 = find_rules();
  try_features(facts);
}

}  // namespace rri::doctor
