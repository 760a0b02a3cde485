#include "app/router_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
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

RouterSection read_ospf(const Line& line, const Words& words) {
  RouterSection section;
  section.number = words[2];
  if (words.size() >= 5 && words[3] == "vrf") section.vrf = words[4];
  for (const auto& child : line.children) {
    const auto& text = child.words.front().text;
    const auto parts = split_words(text);
    const bool is_done = parts.empty() || take_redistribution(parts) || take_router_id(section, parts) || take_network(section, parts);
    if (!is_done) section.untranslated.push_back(text);
  }
  return section;
}

}  // namespace

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

std::vector<RouterSection> find_router_sections(const Document& document) {
  std::vector<RouterSection> sections;
  for (const auto& line : document.lines) {
    if (line.kind != LineKind::Carried) continue;
    const auto words = split_words(line.words.front().text);
    if (words.size() < 3 || words[0] != "router") continue;
    if (words[1] == "ospf") sections.push_back(read_ospf(line, words));
    if (words[1] != "bgp") continue;
    BgpReader reader{std::string(words[2])};
    for (const auto& child : line.children) reader.read(child.words.front().text);
    for (auto& section : reader.take_sections()) sections.push_back(std::move(section));
  }
  return sections;
}

}  // namespace rri::app
