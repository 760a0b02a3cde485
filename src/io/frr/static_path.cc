#include "io/frr/static_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace rri::frr {
namespace {

std::string render_hop(const PathKey& key, const Hop& hop) {
  auto text = fmt::format("{} route {}", key.prefix.family() == Family::V4 ? "ip" : "ipv6", key.prefix.to_string());
  if (hop.blackhole) text += " blackhole";
  if (hop.gateway) text += fmt::format(" {}", hop.gateway->to_string());
  if (!hop.device.empty()) text += fmt::format(" {}", hop.device);
  return text;
}

std::string render_vrfs(const PathKey& key, const Hop& hop) {
  std::string text;
  if (key.vrf != kDefaultVrf) text += fmt::format(" vrf {}", key.vrf);
  if (!hop.blackhole && hop.vrf != key.vrf) text += fmt::format(" nexthop-vrf {}", hop.vrf);
  return text;
}

/// The words behind the prefix that say where to, at least one; how many they are.
std::size_t read_target(const std::vector<std::string_view>& words, StaticPath& path) {
  const auto first = words[0];
  if (first == "blackhole" || first == "Null0" || first == "reject") {
    path.hop.blackhole = true;
    path.has_more = first == "reject";
    return 1;
  }
  if (const auto gateway = IpAddress::parse(first)) path.hop.gateway = *gateway;
  if (!path.hop.gateway) path.hop.device = first;
  if (!path.hop.gateway || words.size() < 2) return 1;
  constexpr std::string_view kOptions[] = {"tag", "onlink", "vrf", "nexthop-vrf", "table", "label", "color", "bfd", "segments"};
  const auto second = words[1];
  const bool is_option = std::find(std::begin(kOptions), std::end(kOptions), second) != std::end(kOptions);
  if (is_option || parse_number<std::uint8_t>(second)) return 1;
  path.hop.device = second;
  return 2;
}

/// One option at `at`; gives where the next one begins.
std::size_t read_option(const std::vector<std::string_view>& words, std::size_t at, StaticPath& path) {
  const auto word = words[at];
  const auto value = at + 1 < words.size() ? words[at + 1] : std::string_view{};
  if (word == "onlink") {
    path.onlink = true;
    return at + 1;
  }
  if (word == "tag") {
    const auto tag = parse_number<std::uint32_t>(value);
    path.tag = tag.value_or(0);
    path.has_more = path.has_more || !tag;
    return at + 2;
  }
  if (word == "vrf" || word == "nexthop-vrf") {
    (word == "vrf" ? path.key.vrf : path.hop.vrf) = value;
    return at + 2;
  }
  const auto distance = parse_number<std::uint8_t>(word);
  if (distance) path.distance = *distance;
  path.has_more = path.has_more || !distance;
  return at + 1;
}

}  // namespace

std::string render_identity(const PathKey& key, const Hop& hop) { return render_hop(key, hop) + render_vrfs(key, hop); }

std::string render_removal(const PathKey& key, const Hop& hop) { return fmt::format("no {}", render_identity(key, hop)); }

std::string render_path(const StaticPath& path) {
  auto text = render_hop(path.key, path.hop);
  if (path.tag != 0) text += fmt::format(" tag {}", path.tag);
  if (path.distance != 1) text += fmt::format(" {}", path.distance);
  text += render_vrfs(path.key, path.hop);
  if (path.onlink) text += " onlink";
  return text;
}

std::optional<StaticPath> parse_path(std::string_view line, const std::string& vrf) {
  auto words = split_words(trim(line));
  const bool is_route = words.size() >= 4 && (words[0] == "ip" || words[0] == "ipv6") && words[1] == "route";
  if (!is_route) return std::nullopt;
  const auto prefix = Prefix::parse(words[2]);
  if (!prefix || words[2].find('/') == std::string_view::npos) return std::nullopt;
  if ((prefix->family() == Family::V4) != (words[0] == "ip")) return std::nullopt;
  words.erase(words.begin(), words.begin() + 3);
  StaticPath path;
  path.key = {vrf, *prefix};
  path.hop.vrf.clear();
  if (words[0] == "from") {  // source-specific IPv6
    if (words.size() < 3) return std::nullopt;
    path.has_more = true;
    words.erase(words.begin(), words.begin() + 2);
  }
  for (auto at = read_target(words, path); at < words.size();) at = read_option(words, at, path);
  if (path.key.vrf.empty()) return std::nullopt;
  if (path.hop.vrf.empty() || path.hop.blackhole) path.hop.vrf = path.hop.blackhole ? std::string(kDefaultVrf) : path.key.vrf;
  return path;
}

std::optional<StaticPath> ConfigReader::read(std::string_view line) {
  const auto words = split_words(trim(line));
  if (words.size() == 2 && words[0] == "vrf") vrf_ = words[1];
  const bool leaves = words.size() == 1 && (words[0] == "exit-vrf" || words[0] == "exit" || words[0] == "end");
  if (leaves) vrf_ = kDefaultVrf;
  return parse_path(line, vrf_);
}

}  // namespace rri::frr
