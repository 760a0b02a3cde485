#include "show/sa_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace rri::show {

namespace {

constexpr std::string_view kNone = "(none)";

const core::SaPlace* find_view(const SaPicture& picture, std::uint64_t id) {
  const auto found = picture.places.find(id);
  return found == picture.places.end() ? nullptr : &found->second;
}

bool is_wanted(const Flow& flow, const SaQuery& query) {
  return (!query.peer || flow.ike->peer == query.peer) && (!query.interface || flow.interface == *query.interface) &&
         (!query.map || flow.map == *query.map);
}

auto rank(const Flow& flow) {
  const auto sequence = flow.view != nullptr && flow.view->entry ? flow.view->entry->sequence : 0;
  return std::tuple(std::string_view(flow.interface), std::string_view(flow.map), sequence, flow.child->id);
}

bool has_address(const core::Summary& snapshot, const Interface& interface, const IpAddress& address) {
  const auto owns = [&](const auto& item) { return item.address == address; };
  if (std::any_of(interface.addresses.begin(), interface.addresses.end(), owns)) return true;
  for (const auto& group : interface.standby) {
    const auto& virtuals = group.virtual_addresses;
    if (std::find(virtuals.begin(), virtuals.end(), address) != virtuals.end()) return true;
  }
  for (const auto& view : snapshot.interfaces) {
    if (view.name != interface.name || view.device.empty()) continue;
    return std::any_of(snapshot.links.begin(), snapshot.links.end(), [&](const Link& link) {
      return link.name == view.device && std::any_of(link.addresses.begin(), link.addresses.end(), owns);
    });
  }
  return false;
}

/// The VRF of the inside that a profile names, "" when there is none.
std::string profile_vrf(const std::map<std::string, IkeProfile>& profiles, const std::string& name) {
  const auto found = profiles.find(name);
  return found == profiles.end() ? std::string() : found->second.inside_vrf;
}

}  // namespace

std::string interface_of(const core::Summary& snapshot, const std::optional<IpAddress>& local) {
  if (local) {
    for (const auto& [name, interface] : snapshot.config->interfaces) {
      if (has_address(snapshot, interface, *local)) return name;
    }
  }
  return std::string(kNone);
}

std::vector<Flow> find_flows(const SaPicture& picture, const SaQuery& query) {
  std::vector<Flow> flows;
  for (const auto& ike : picture.sas) {
    for (const auto& child : ike.children) {
      if (!child.is_active()) continue;
      Flow flow{&ike, &child, find_view(picture, child.id), {}, std::string(kNone)};
      const bool matched = flow.view != nullptr && flow.view->entry;
      flow.interface = matched ? flow.view->interface : interface_of(*picture.summary, ike.local);
      if (matched) flow.map = flow.view->entry->map;
      if (is_wanted(flow, query)) flows.push_back(std::move(flow));
    }
  }
  std::sort(flows.begin(), flows.end(), [](const Flow& a, const Flow& b) { return rank(a) < rank(b); });
  return flows;
}

const core::SaPlace* find_matched_view(const SaPicture& picture, const IkeSa& ike) {
  for (const auto& child : ike.children) {
    const auto* view = find_view(picture, child.id);
    if (view != nullptr && view->entry) return view;
  }
  return nullptr;
}

std::string IdleLine::peer() const {
  if (entry->peers.empty()) return {};
  const auto& first = entry->peers.front();
  return first.address ? first.address->to_string() : first.host;
}

namespace {

/// Whether an active SA of the line's entry has just its selectors.
bool is_covered(const IdleLine& idle, const std::vector<Flow>& flows) {
  return std::any_of(flows.begin(), flows.end(), [&](const Flow& flow) {
    if (flow.view == nullptr || !flow.view->entry) return false;
    if (flow.interface != idle.interface || flow.map != idle.map || flow.view->entry->sequence != idle.entry->sequence) return false;
    const auto has = [](const std::vector<TrafficSelector>& selectors, const TrafficSelector& wanted) {
      return std::any_of(selectors.begin(), selectors.end(), [&](const auto& item) { return item.range == wanted.range; });
    };
    return has(flow.child->local, idle.local) && has(flow.child->remote, idle.remote);
  });
}

bool is_wanted(const IdleLine& idle, const SaQuery& query) {
  return (!query.peer || idle.peer() == query.peer->to_string()) && (!query.interface || idle.interface == *query.interface) &&
         (!query.map || idle.map == *query.map);
}

const AccessList* find_list(const Config& config, const std::string& name) {
  for (const auto* lists : {&config.access_lists, &config.ipv6_access_lists}) {
    if (const auto found = lists->find(name); found != lists->end()) return &found->second;
  }
  return nullptr;
}

void add_idle_lines(const AccessList& list, const IdleLine& place, const std::vector<Flow>& flows, std::vector<IdleLine>& idle) {
  for (const auto& line : list.lines) {
    if (!line.permit || line.sources.empty() || line.destinations.empty() || idle.size() >= kMaxIdleLines) continue;
    const auto source = line.sources.front().to_prefix();
    const auto destination = line.destinations.front().to_prefix();
    if (!source || !destination) continue;
    auto made = place;
    made.line = &line;
    made.local = TrafficSelector::of(*source);
    made.remote = TrafficSelector::of(*destination);
    if (line.protocol != "ip" && line.protocol != "ipv6") made.local.service = made.remote.service = line.protocol;
    if (!is_covered(made, flows)) idle.push_back(std::move(made));
  }
}

}  // namespace

std::vector<IdleLine> find_idle_lines(const SaPicture& picture, const std::vector<Flow>& flows, const SaQuery& query) {
  const auto& config = *picture.summary->config;
  std::vector<IdleLine> idle;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& attachment : interface.maps) {
      const auto map = config.crypto_maps.find(attachment.map);
      if (map == config.crypto_maps.end()) continue;
      for (const auto& [sequence, entry] : map->second.entries) {
        const auto* list = find_list(config, entry.match_address);
        const IdleLine place{name, attachment.map, &entry, nullptr, {}, {}};
        if (list != nullptr && entry.dynamic_map.empty() && !entry.peers.empty() && is_wanted(place, query)) add_idle_lines(*list, place, flows, idle);
      }
    }
  }
  return idle;
}

std::string entry_of(const core::SaPlace* view) {
  if (view == nullptr) return "none (not reported to the routes yet)";
  if (!view->entry) return fmt::format("none ({})", view->unmatched_reason);
  auto text = fmt::format("{} {}", view->entry->map, view->entry->sequence);
  if (!view->dynamic_map.empty()) text += fmt::format(" (dynamic {} {})", view->dynamic_map, view->template_sequence);
  return text;
}

std::string front_vrf_of(const core::Summary& snapshot, const std::string& interface) {
  const auto found = snapshot.config->interfaces.find(interface);
  return found == snapshot.config->interfaces.end() || found->second.vrf == kDefaultVrf ? std::string() : found->second.vrf;
}

const CryptoEntry* find_entry(const Config& config, const core::SaPlace* view) {
  if (view == nullptr || !view->entry) return nullptr;
  const auto pick = [](const auto& maps, const std::string& name, std::uint32_t sequence) -> const CryptoEntry* {
    const auto map = maps.find(name);
    if (map == maps.end()) return nullptr;
    const auto entry = map->second.entries.find(sequence);
    return entry == map->second.entries.end() ? nullptr : &entry->second;
  };
  if (!view->dynamic_map.empty()) return pick(config.dynamic_maps, view->dynamic_map, view->template_sequence);
  return pick(config.crypto_maps, view->entry->map, view->entry->sequence);
}

std::string inside_vrf_of(const core::Summary& snapshot, const core::SaPlace* view, const std::string& interface) {
  const auto& config = *snapshot.config;
  if (const auto* entry = find_entry(config, view)) {
    const auto map = config.crypto_maps.find(view->entry->map);
    auto isakmp = entry->isakmp_profile;
    if (isakmp.empty() && map != config.crypto_maps.end()) isakmp = map->second.isakmp_profile;
    for (const auto& vrf : {profile_vrf(config.isakmp_profiles, isakmp), profile_vrf(config.ikev2_profiles, entry->ikev2_profile)}) {
      if (!vrf.empty()) return vrf == kDefaultVrf ? std::string() : vrf;
    }
  }
  return front_vrf_of(snapshot, interface);
}

}  // namespace rri::show
