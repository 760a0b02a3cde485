#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "app/doctor/collect.h"
#include "app/doctor/limits.h"
#include "app/doctor/neighbour_files.h"
#include "app/doctor/probe.h"
#include "base/text.h"
#include "io/frr/vty.h"
#include "model/route.h"

namespace rri::doctor {

namespace {

constexpr std::array kDaemons = {"zebra", "staticd", "ospfd", "ospf6d", "bgpd"};
constexpr std::uint32_t kMainTable = 254;

/// Where a daemon of FRR has its sockets: --vty_socket DIR, or -N NAME below the usual place.
std::string directory_of(const ProcessFact& process) {
  const auto& words = process.arguments;
  const auto value = [&](std::string_view longer, std::string_view shorter) -> std::string {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (words[i].starts_with(fmt::format("{}=", longer))) return words[i].substr(longer.size() + 1);
      if ((words[i] == longer || words[i] == shorter) && i + 1 < words.size()) return words[i + 1];
    }
    return {};
  };
  if (auto directory = value("--vty_socket", "--vty_socket"); !directory.empty()) return directory;
  const auto name = value("--pathspace", "-N");
  return name.empty() ? "/var/run/frr" : "/var/run/frr/" + name;
}

/// One command on a daemon's vty socket. The answer ends in three zeros and a status.
Result<std::string> ask_vty(const std::string& path, const std::vector<std::string>& commands) {
  auto stream = Stream::open(path);
  if (!stream) return tl::make_unexpected(stream.error());
  std::string answer;
  for (const auto& command : commands) {
    if (auto sent = stream->send(command + '\0'); !sent) return tl::make_unexpected(sent.error());
    answer.clear();
    const auto is_whole = [&] { return answer.size() >= 4 && answer.compare(answer.size() - 4, 3, std::string(3, '\0')) == 0; };
    while (!is_whole()) {
      const auto bytes = stream->receive();
      if (!bytes) return tl::make_unexpected(bytes.error());
      if (bytes->empty()) return fail("read {}: it was closed", path);
      answer += *bytes;
      if (answer.size() > kMaxAnswerBytes) return fail("read {}: the answer is longer than {} bytes", path, kMaxAnswerBytes);
    }
    if (answer.back() != '\0') return fail("run `{}` on {}: {}", command, path, printable(trim(answer.substr(0, answer.size() - 4))));
    answer.resize(answer.size() - 4);
  }
  return answer;
}

std::string socket_of(const FrrFacts& frr, std::string_view daemon) { return fmt::format("{}/{}.vty", frr.directory, daemon); }

void take_configuration(FrrFacts& frr, const std::string& text) {
  auto parsed = parse_frr_configuration(text);
  frr.route_maps.merge(parsed.route_maps);
  for (auto& router : parsed.routers) {
    const bool known = std::any_of(frr.routers.begin(), frr.routers.end(),
                                   [&](const auto& other) { return other.name == router.name && other.daemon == router.daemon; });
    if (!known) frr.routers.push_back(std::move(router));
  }
}

void read_configuration(FrrFacts& frr) {
  for (const auto* daemon : {"ospfd", "ospf6d", "bgpd"}) {
    if (!frr.daemons.contains(daemon)) continue;
    const auto text = ask_vty(socket_of(frr, daemon), {"enable", "show running-config"});
    if (!text) continue;
    frr.configuration_source = "its daemons";
    take_configuration(frr, *text);
  }
  if (!frr.configuration_source.empty()) return;
  const bool has_protocol = frr.daemons.contains("ospfd") || frr.daemons.contains("ospf6d") || frr.daemons.contains("bgpd");
  if (!has_protocol) {
    frr.configuration_source = "no protocol runs";
    return;
  }
  if (const auto text = read_text("/etc/frr/frr.conf")) {
    frr.configuration_source = "/etc/frr/frr.conf";
    take_configuration(frr, *text);
  }
}

/// "FRRouting 8.4.4 (...)" in `show version`.
std::string parse_version(const std::string& text) {
  const auto words = split_words(text);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] == "FRRouting") return std::string(words[i + 1]);
  }
  return {};
}

using RouteKey = std::tuple<std::uint32_t, Prefix, std::uint32_t>;

RouteKey key_of(const RouteFact& route) { return {route.table, route.prefix, route.metric}; }

/// What zebra shows as kernel routes of ours, against what the kernel has.
void find_dead(Facts& facts) {
  if (facts.kernel.ours_beyond > 0) {
    facts.frr.dead_unseen = fmt::format("there are more than {} routes", kMaxRoutes);
    return;
  }
  std::set<RouteKey> there;
  for (const auto& route : facts.kernel.ours) there.insert(key_of(route));
  std::vector<std::pair<std::string, std::uint32_t>> vrfs{{"", kMainTable}};
  for (const auto& link : facts.kernel.links) {
    if (link.vrf_table) vrfs.emplace_back(" vrf " + link.name, *link.vrf_table);
  }
  const auto* sink = std::get_if<KernelSink>(&facts.config.settings.route);
  const auto protocol = sink == nullptr ? KernelSink{}.protocol : sink->protocol;
  for (const auto& [vrf, table] : vrfs) {
    for (const auto* family : {"ip", "ipv6"}) {
      const auto text = ask_vty(socket_of(facts.frr, "zebra"), {fmt::format("show {} route{} kernel", family, vrf)});
      if (!text) {
        facts.frr.dead_unseen = fmt::format("could not {}", text.error().text);
        return;
      }
      for (auto& route : parse_zebra_kernel_routes(*text, table, protocol)) {
        if (!there.contains(key_of(route))) facts.frr.dead.push_back(std::move(route));
      }
    }
  }
}

}  // namespace

void collect_frr(const Places& places, Facts& facts) {
  auto& frr = facts.frr;
  const auto* sink = std::get_if<FrrSink>(&facts.config.settings.route);
  for (const auto* daemon : kDaemons) {
    for (const auto& process : facts.host.named(daemon)) {
      frr.daemons.insert(daemon);
      frr.starts[daemon] = std::max(frr.starts[daemon], process.start);
      if (process.name == "zebra") frr.directory = directory_of(process);
    }
  }
  frr.is_running = frr.daemons.contains("zebra");
  if (!places.frr_directory.empty()) frr.directory = places.frr_directory;
  if (frr.directory.empty()) frr.directory = sink == nullptr ? FrrSink{}.directory : sink->directory;
  if (!frr.is_running) return;
  if (const auto text = ask_vty(socket_of(frr, "zebra"), {"show version"})) frr.version = parse_version(*text);
  if (sink != nullptr) {
    frr.static_socket = look_at_socket(frr::static_socket(sink->directory));
    const auto clients = ask_vty(socket_of(frr, "zebra"), {"enable", std::string(frr::kClientSummary)});
    frr.statics_away = clients && frr.daemons.contains("staticd") && !frr::has_static_client(*clients);
  }
  read_configuration(frr);
  find_dead(facts);
}

}  // namespace rri::doctor
