#include "app/router_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "base/text.h"
#include "net/wildcard.h"

namespace rri::app {

namespace {

using Words = std::vector<std::string_view>;
using Protocol = RouterSection::Protocol;

bool take_router_id(RouterSection& section, const Words& words) {
  const std::size_t at = section.protocol == Protocol::Bgp ? 1 : 0;
  if (words.size() != at + 2 || words[at] != "router-id" || (at == 1 && words[0] != "bgp")) return false;
  section.router_id = words[at + 1];
  return true;
}

/// Ours comes with our own route-map; what a filter of the file kept at home must not leave unseen.
bool take_redistribution(const Words& words) {
  return words[0] == "redistribute" && std::find(words.begin(), words.end(), "route-map") == words.end();
}

bool take_network(RouterSection& section, const Words& words) {
  if (words.size() != 5 || words[0] != "network" || words[3] != "area") return false;
  const auto address = IpAddress::try_parse(words[1]);
  const auto bits = IpAddress::try_parse(words[2]);
  if (!address || !bits || !address->is_v4() || !bits->is_v4()) return false;
  const auto network = make_wildcard(*address, *bits).to_prefix();
  if (network) section.networks.emplace_back(*network, words[4]);
  return network.has_value();
}

/// One `router bgp` section with its address families, each VRF a section of its own.
class BgpReader {
 public:
  explicit BgpReader(std::string number) : number_(std::move(number)) { in_vrf(std::string(kDefaultVrf)); }

  void read(const std::string& text) {
    if (!take(split_words(text))) section_->untranslated.push_back(text);
  }

  std::deque<RouterSection> take_sections() { return std::move(sections_); }

 private:
  void in_vrf(const std::string& vrf) {
    const auto found = std::find_if(sections_.begin(), sections_.end(), [&](const auto& section) { return section.vrf == vrf; });
    if (found == sections_.end()) {
      sections_.emplace_back();
      sections_.back().protocol = Protocol::Bgp;
      sections_.back().number = number_;
      sections_.back().vrf = vrf;
    }
    section_ = found == sections_.end() ? &sections_.back() : &*found;
  }

  bool take(const Words& words) {
    if (words.empty() || take_redistribution(words)) return true;
    // What FRR and BIRD do anyway.
    if (words == Words{"bgp", "log-neighbor-changes"} || words == Words{"no", "synchronization"} || words == Words{"no", "auto-summary"}) return true;
    if (words[0] == "address-family") return enter_family(words);
    if (words[0] == "exit-address-family") {
      family_ = Family::V4;
      in_vrf(std::string(kDefaultVrf));
      return true;
    }
    if (take_router_id(*section_, words)) return true;
    const bool is_negated = words[0] == "no";
    const Words rest(words.begin() + (is_negated ? 1 : 0), words.end());
    return rest.size() >= 3 && rest[0] == "neighbor" && take_neighbor(rest, is_negated);
  }

  bool enter_family(const Words& words) {
    const bool is_known = words.size() >= 2 && (words[1] == "ipv4" || words[1] == "ipv6");
    const bool is_unicast = words.size() == 2 || (words.size() == 3 && words[2] == "unicast");
    const bool has_vrf = words.size() >= 4 && words[words.size() - 2] == "vrf";
    if (!is_known || (!is_unicast && !has_vrf)) return false;
    family_ = words[1] == "ipv4" ? Family::V4 : Family::V6;
    in_vrf(has_vrf ? std::string(words.back()) : std::string(kDefaultVrf));
    return true;
  }

  bool take_neighbor(const Words& words, bool is_negated) {
    const auto address = IpAddress::try_parse(words[1]);
    if (!address) return false;
    auto& all = section_->neighbors;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& known) { return known.address == *address; });
    if (words.size() == 4 && words[2] == "remote-as" && !is_negated) {
      const std::string as(words[3]);
      // As its own address says, until a family speaks of it.
      if (found == all.end()) all.push_back({*address, as, as != number_, address->is_v4(), !address->is_v4()});
      return true;
    }
    if (words.size() != 3 || words[2] != "activate" || found == all.end()) return false;
    (family_ == Family::V4 ? found->carries_v4 : found->carries_v6) = !is_negated;
    return true;
  }

  std::string number_;
  std::deque<RouterSection> sections_;  // stay where they are
  RouterSection* section_ = nullptr;
  Family family_ = Family::V4;
};

/// Several processes of one VRF become one: FRR and BIRD have one table for them anyway.
void read_ospf(const Line& line, const Words& words, std::vector<RouterSection>& sections) {
  RouterSection added;
  if (words.size() >= 5 && words[3] == "vrf") added.vrf = words[4];
  auto found = std::find_if(sections.begin(), sections.end(), [&](const auto& one) { return one.protocol == Protocol::Ospf && one.vrf == added.vrf; });
  if (found == sections.end()) found = sections.insert(found, std::move(added));
  auto& section = *found;
  for (const auto& child : line.children) {
    const auto& text = child.words.front().text;
    const auto parts = split_words(text);
    const bool is_done = parts.empty() || take_redistribution(parts) || take_router_id(section, parts) || take_network(section, parts);
    if (!is_done) section.untranslated.push_back(text);
  }
}

/// Interface to area.
std::map<std::string, std::string> find_ospf_lines(const ParseResult& parsed, const std::string& vrf, Family family) {
  std::map<std::string, std::string> found;
  for (const auto& line : parsed.document.lines) {
    const auto interface = parsed.config.interfaces.find(std::string(line.value("name")));
    if (line.words.front().text != "interface" || interface == parsed.config.interfaces.end() || interface->second.vrf != vrf) continue;
    for (const auto& child : line.children) {
      const auto words = split_words(child.words.front().text);
      if (words.size() < 5 || words[words.size() - 2] != "area") continue;
      const std::string_view wanted = family == Family::V4 ? "ip" : "ipv6";
      const bool is_own = words[0] == "ospfv3" ? words[2] == (family == Family::V4 ? "ipv4" : "ipv6") : words[0] == wanted && words[1] == "ospf";
      if (is_own) found[interface->first] = words.back();
    }
  }
  return found;
}

bool is_covered(const Interface& interface, const Prefix& network) {
  return std::any_of(interface.addresses.begin(), interface.addresses.end(), [&](const auto& own) { return network.contains(own.address); });
}

bool has_address(const Interface& interface, Family family) {
  return std::any_of(interface.addresses.begin(), interface.addresses.end(), [&](const auto& own) { return own.address.family() == family; });
}

}  // namespace

std::string find_community_as(const std::vector<RouterSection>& routers, const std::string& vrf) {
  const auto found = std::find_if(routers.begin(), routers.end(), [&](const RouterSection& router) {
    return router.protocol == RouterSection::Protocol::Bgp && router.vrf == vrf;
  });
  if (found == routers.end()) return {};
  return parse_number<std::uint16_t>(found->number) ? found->number : "65000";
}

bool has_ospf_lines(const ParseResult& parsed, const std::string& vrf, Family family) { return !find_ospf_lines(parsed, vrf, family).empty(); }

std::vector<std::pair<const Interface*, std::string>> find_ospf_interfaces(const ParseResult& parsed, const RouterSection& router, Family family) {
  const auto said = find_ospf_lines(parsed, router.vrf, family);
  std::vector<std::pair<const Interface*, std::string>> found;
  for (const auto& [name, interface] : parsed.config.interfaces) {
    if (interface.vrf != router.vrf || interface.shutdown) continue;
    if (!said.empty()) {
      if (const auto own = said.find(name); own != said.end()) found.emplace_back(&interface, own->second);
    } else if (family == Family::V4 && !router.networks.empty()) {
      const auto network = std::find_if(router.networks.begin(), router.networks.end(), [&](const auto& one) { return is_covered(interface, one.first); });
      if (network != router.networks.end()) found.emplace_back(&interface, network->second);
    } else if (interface.maps.empty() && interface.ipsec_profile.empty() && has_address(interface, family)) {
      found.emplace_back(&interface, "0");
    }
  }
  return found;
}

std::string find_router_id6(const Config& config) {
  std::optional<IpAddress> chosen;
  bool is_inside = false;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& own : interface.addresses) {
      if (own.address.is_v4()) return {};
      if (chosen && (is_inside || !interface.maps.empty())) continue;
      chosen = own.address;
      is_inside = interface.maps.empty();
    }
  }
  if (!chosen) return {};
  const auto bytes = chosen->bytes();
  return fmt::format("{}.{}.{}.{}", bytes[12], bytes[13], bytes[14], bytes[15]);
}

std::vector<RouterSection> find_router_sections(const Document& document, const std::vector<std::string>& vrfs) {
  std::vector<RouterSection> sections;
  for (const auto& line : document.lines) {
    if (line.kind != LineKind::Carried) continue;
    const auto words = split_words(line.words.front().text);
    if (words.size() < 3 || words[0] != "router") continue;
    if (words[1] == "ospf") read_ospf(line, words, sections);
    if (words[1] != "bgp") continue;
    BgpReader reader{std::string(words[2])};
    for (const auto& child : line.children) reader.read(child.words.front().text);
    for (auto& section : reader.take_sections()) sections.push_back(std::move(section));
  }
  RouterSection plain;
  const auto bgp = std::find_if(sections.begin(), sections.end(), [](const auto& section) { return section.protocol == Protocol::Bgp; });
  if (bgp != sections.end()) {
    plain.protocol = Protocol::Bgp;
    plain.number = bgp->number;
  }
  for (const auto& vrf : vrfs) {
    plain.vrf = vrf;
    const bool is_said = std::any_of(sections.begin(), sections.end(), [&](const auto& section) { return section.vrf == vrf; });
    if (!is_said) sections.push_back(plain);
  }
  return sections;
}

}  // namespace rri::app
