#include "app/doctor/neighbour_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/doctor/limits.h"
#include "base/text.h"
#include "model/route.h"

namespace rri::doctor {

namespace {

using Words = std::vector<std::string_view>;

std::string_view without_comment(std::string_view line, std::string_view marks) {
  return trim(line.substr(0, line.find_first_of(marks)));
}

std::optional<FrrRouter> parse_router(const Words& words, std::string_view line) {
  if (words.size() < 2 || words[0] != "router") return std::nullopt;
  FrrRouter router{{}, std::string(trim(line)), std::string(kDefaultVrf), {}};
  if (words[1] == "ospf") router.daemon = "ospfd";
  if (words[1] == "ospf6") router.daemon = "ospf6d";
  if (words[1] == "bgp") router.daemon = "bgpd";
  if (router.daemon.empty()) return std::nullopt;
  const auto vrf = std::find(words.begin(), words.end(), "vrf");
  if (vrf != words.end() && vrf + 1 != words.end()) router.vrf = std::string(vrf[1]);
  return router;
}

std::string family_of(const FrrRouter& router, const std::string& address_family) {
  if (router.daemon == "ospf6d") return "ipv6";
  return router.daemon == "bgpd" && !address_family.empty() ? address_family : "ipv4";
}

FrrRouter::Redistribution parse_redistribution(const Words& words, std::string family) {
  FrrRouter::Redistribution found{std::string(words[1]), {}, std::move(family)};
  const auto map = std::find(words.begin(), words.end(), "route-map");
  if (map != words.end() && map + 1 != words.end()) found.route_map = std::string(map[1]);
  return found;
}

/// "[1/0]" as the kernel's metric; nothing where it cannot be a route of ours.
std::optional<std::uint32_t> parse_metric(std::string_view word) {
  if (word.size() < 5 || word.front() != '[') return std::nullopt;
  const auto end = word.find(']');
  const auto parts = split(word.substr(1, end == std::string_view::npos ? end : end - 1), '/');
  if (parts.size() != 2) return std::nullopt;
  const auto distance = parse_number<std::uint8_t>(parts[0]);
  if (!distance || *distance == 0 || parts[1] != "0") return std::nullopt;
  return metric_of_distance(*distance);
}

std::optional<std::uint32_t> parse_any_base(std::string_view text) {
  if (!text.starts_with("0x")) return parse_number<std::uint32_t>(text);
  std::uint32_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 2, end, value, 16);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

class InstanceReader {
 public:
  explicit InstanceReader(const FindFiles& find_files) : find_files_(find_files) {}

  void read(const std::string& pattern, int depth) {
    if (depth > kMaxDepth) return;
    for (const auto& file : find_files_(pattern)) {
      if (++files_ > kMaxFiles) return;
      for (const auto line : split(file.text, '\n')) take(split_words(without_comment(line, "#!")), file.name, depth);
    }
  }
  std::set<std::string> names;

 private:
  void take(const Words& words, const std::string& file, int depth) {
    if (words.size() < 2) return;
    std::string value(words[1].substr(0, words[1].find('{')));
    std::erase(value, '"');
    if (words[0] == "vrrp_instance") names.insert(value);
    if (words[0] != "include") return;
    const auto slash = file.rfind('/');
    read(value.starts_with('/') || slash == std::string::npos ? value : file.substr(0, slash + 1) + value, depth + 1);
  }

  const FindFiles& find_files_;
  std::size_t files_ = 0;
};

}  // namespace

FrrConfiguration parse_frr_configuration(std::string_view text) {
  FrrConfiguration found;
  bool in_router = false;
  std::string address_family;
  for (const auto line : split(text, '\n')) {
    const auto words = split_words(trim(line));
    if (words.empty()) continue;
    const bool is_inner = line.front() == ' ' || line.front() == '\t';
    if (!is_inner) {
      auto router = parse_router(words, line);
      in_router = router.has_value();
      address_family.clear();
      if (router) found.routers.push_back(std::move(*router));
      if (words[0] == "route-map" && words.size() >= 2) found.route_maps.insert(std::string(words[1]));
      continue;
    }
    if (!in_router || words.size() < 2) continue;
    if (words[0] == "address-family") address_family = std::string(words[1]);
    auto& router = found.routers.back();
    if (words[0] == "redistribute") router.redistributions.push_back(parse_redistribution(words, family_of(router, address_family)));
  }
  return found;
}

std::vector<RouteFact> parse_zebra_kernel_routes(std::string_view text, std::uint32_t table, std::uint8_t protocol) {
  std::vector<RouteFact> routes;
  for (const auto line : split(text, '\n')) {
    if (!line.starts_with('K')) continue;
    const auto words = split_words(trim(line));
    for (std::size_t i = 1; i + 1 < words.size() && i < 4; ++i) {
      const auto prefix = Prefix::parse(words[i]);
      const auto metric = parse_metric(words[i + 1]);
      if (!prefix || !metric) continue;
      routes.push_back({*prefix, table, *metric, protocol, {}, {}});
      break;
    }
  }
  return routes;
}

void parse_protocol_names(const NamedText& file, std::map<std::uint32_t, std::vector<PlacedValue>>& names) {
  std::size_t number = 0;
  for (const auto line : split(file.text, '\n')) {
    ++number;
    const auto words = split_words(without_comment(line, "#"));
    if (words.size() < 2) continue;
    if (const auto protocol = parse_any_base(words[0])) {
      names[*protocol].push_back({std::string(words[1]), fmt::format("{}:{}", file.name, number)});
    }
  }
}

std::optional<PlacedValue> parse_ini_value(const NamedText& file, std::string_view section, std::string_view key) {
  std::optional<PlacedValue> found;
  bool in_section = false;
  std::size_t number = 0;
  for (const auto raw : split(file.text, '\n')) {
    ++number;
    const auto line = trim(raw);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') in_section = line == fmt::format("[{}]", section);
    const auto equals = line.find('=');
    if (!in_section || equals == std::string_view::npos || trim(line.substr(0, equals)) != key) continue;
    found = PlacedValue{to_lower(trim(line.substr(equals + 1))), fmt::format("{}:{}", file.name, number)};
  }
  return found;
}

std::set<std::string> read_keepalived_instances(const std::string& path, const FindFiles& find_files) {
  InstanceReader reader(find_files);
  reader.read(path, 0);
  return std::move(reader.names);
}

}  // namespace rri::doctor
