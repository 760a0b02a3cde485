#include "io/vici/ike_story.h"

#include "base/text.h"
#include "io/vici/ike_sas.h"

namespace rri::vici {
namespace {

/// "ISAKMP:(12):" or "IKEv2:(SESSION ID = 12,SA ID = 12):".
std::string head_of(const IkeSa& ike) {
  return ike.version == 1 ? fmt::format("ISAKMP:({}):", ike.id) : fmt::format("IKEv2:(SESSION ID = {0},SA ID = {0}):", ike.id);
}

std::string peer_of(const IkeSa& ike) {
  return fmt::format("{} port {}", ike.peer ? ike.peer->to_string() : "an unknown peer", ike.peer_port);
}

IkeStory story(const IkeSa& ike, const std::string& text) { return {ike.version, ike.peer, ike.peer_port, head_of(ike) + text}; }

std::string selectors_of(const std::vector<TrafficSelector>& selectors) {
  std::string text;
  for (const auto& selector : selectors) text += fmt::format("{}{}", text.empty() ? "" : ",", selector.to_string());
  return text;
}

std::string child_of(const ChildSa& child) {
  return fmt::format("spi in/out 0x{:X}/0x{:X}, local {}, remote {}", child.spi_in, child.spi_out, selectors_of(child.local), selectors_of(child.remote));
}

void tell_ike(const IkeSa& ike, bool is_up, std::vector<IkeStory>& stories) {
  const auto identity = ike.peer_id.empty() ? std::string("unknown") : ike.peer_id;
  if (is_up) {
    stories.push_back(story(ike, fmt::format("SA has been authenticated with {}, identity {}", peer_of(ike), identity)));
  } else {
    stories.push_back(story(ike, fmt::format("Deleting SA with {}, identity {}", peer_of(ike), identity)));
  }
}

void tell_children(const IkeSa& ike, bool is_up, std::vector<IkeStory>& stories) {
  for (const auto& child : ike.children) {
    stories.push_back(story(ike, fmt::format("{} IPsec SAs with {}: {}", is_up ? "Creating" : "Deleting", peer_of(ike), child_of(child))));
  }
}

void tell_child_rekeys(const IkeSa& ike, const SectionView& section, std::vector<IkeStory>& stories) {
  const auto children = section.find_section("child-sas");
  if (!children) return;
  children->for_each_section([&](std::string_view name, const SectionView& pair) {
    const auto after = pair.find_section("new");
    if (!after) return;
    stories.push_back(story(ike, fmt::format("Rekeyed IPsec SAs {} with {}: spi in/out 0x{}/0x{}", printable(name), peer_of(ike),
                                             printable(after->value_or_empty("spi-in")), printable(after->value_or_empty("spi-out")))));
  });
}

void tell_ike_rekey(std::string_view name, const SectionView& pair, std::vector<IkeStory>& stories) {
  const auto before = pair.find_section("old");
  const auto after = pair.find_section("new");
  const auto old_ike = before ? read_ike_sa(name, *before) : std::nullopt;
  const auto new_ike = after ? read_ike_sa(name, *after) : std::nullopt;
  if (old_ike && new_ike) stories.push_back(story(*new_ike, fmt::format("Rekeyed SA {} with {}", old_ike->id, peer_of(*new_ike))));
}

}  // namespace

std::vector<IkeStory> make_stories(std::string_view event, const SectionView& root) {
  std::vector<IkeStory> stories;
  const bool is_up = root.value_or_empty("up") == "yes";
  root.for_each_section([&](std::string_view name, const SectionView& section) {
    if (event == "ike-rekey") return tell_ike_rekey(name, section, stories);
    const auto ike = read_ike_sa(name, section);
    if (!ike) return;
    if (event == "ike-updown") tell_ike(*ike, is_up, stories);
    if (event == "child-updown") tell_children(*ike, is_up, stories);
    if (event == "child-rekey") tell_child_rekeys(*ike, section, stories);
    if (event == "ike-update") {
      stories.push_back(story(*ike, fmt::format("Peer {} is now at {} port {}", peer_of(*ike), printable(root.value_or_empty("remote-host")),
                                                printable(root.value_or_empty("remote-port")))));
    }
  });
  return stories;
}

}  // namespace rri::vici
