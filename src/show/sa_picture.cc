#include "show/sa_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "model/charon.h"

namespace rri::show {

namespace {

constexpr std::string_view kNone = "(none)";
constexpr std::size_t kAtATime = 128;  // SAs, or lines of access lists

bool is_wanted(const Flow& flow, const SaQuery& query) {
  return (!query.peer || flow.ike->peer == query.peer) && (!query.interface || flow.interface == *query.interface) &&
         (!query.map || flow.map == *query.map || flow.tag() == *query.map);
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

/// By the name that rrid gives the connection of a tunnel interface.
bool is_tunnel_of(const Interface& interface, const IkeSa& ike) {
  return !interface.ipsec_profile.empty() && ike.connection == std::string(kCharonPrefix) + charon_name(interface.name);
}

Flow flow_of(const SaPicture& picture, const IkeSa& ike, const ChildSa& child) {
  const auto* view = picture.find_place(child.id);
  const bool matched = view != nullptr && view->entry;
  return {&ike, &child, view, matched ? std::string_view(view->interface) : interface_of(*picture.summary, ike),
          matched ? std::string_view(view->entry->map) : kNone};
}

/// The VRF of the inside that a profile names, "" when there is none.
std::string profile_vrf(const std::map<std::string, IkeProfile>& profiles, const std::string& name) {
  const auto found = profiles.find(name);
  return found == profiles.end() ? std::string() : found->second.inside_vrf;
}

}  // namespace

bool SaPicture::Before::operator()(const core::SaPlace& a, const core::SaPlace& b) const {
  const auto key = [](const core::SaPlace& place) {
    return std::tie(place.entry, place.interface, place.dynamic_map, place.template_sequence, place.unmatched_reason);
  };
  return key(a) < key(b);
}

void SaPicture::set_place(std::uint64_t child, core::SaPlace place) { places_.emplace(child, &*distinct_.insert(std::move(place)).first); }

const core::SaPlace* SaPicture::find_place(std::uint64_t child) const {
  const auto found = places_.find(child);
  return found == places_.end() ? nullptr : found->second;
}

std::string_view interface_of(const core::Summary& snapshot, const IkeSa& ike) {
  std::string_view found = kNone;
  for (const auto& [name, interface] : snapshot.config->interfaces) {
    if (is_tunnel_of(interface, ike)) return name;
    if (found == kNone && ike.local && has_address(snapshot, interface, *ike.local)) found = name;
  }
  return found;
}

core::SaPlace place_of_connection(const core::Summary& snapshot, const IkeSa& ike) {
  core::SaPlace place;
  place.unmatched_reason = fmt::format("connection {} is not ours", ike.connection);
  const auto& config = *snapshot.config;
  place.entry = entry_of_connection(ike.connection);
  for (const auto& [name, interface] : config.interfaces) {
    const bool is_its_tunnel = is_tunnel_of(interface, ike);
    if (is_its_tunnel) place.entry = EntryName{interface.ipsec_profile, 0};
    const bool carries = place.entry && std::any_of(interface.maps.begin(), interface.maps.end(), [&](const auto& item) { return item.map == place.entry->map; });
    const bool is_nearer = carries && (place.interface.empty() || (ike.local && has_address(snapshot, interface, *ike.local)));
    if (is_its_tunnel || is_nearer) place.interface = name;
    if (is_its_tunnel) break;
  }
  if (const auto sequence = template_of_connection(ike.connection); sequence && place.entry) {
    const auto map = config.crypto_maps.find(place.entry->map);
    if (map == config.crypto_maps.end() || !map->second.entries.contains(place.entry->sequence)) return place;
    place.dynamic_map = map->second.entries.at(place.entry->sequence).dynamic_map;
    place.template_sequence = *sequence;
  }
  return place;
}

std::string head_map(std::string_view interface) { return fmt::format("{}-head-0", interface); }

std::string Flow::tag() const { return view != nullptr && view->entry && view->entry->sequence == 0 ? head_map(interface) : std::string(map); }

SaSettings sa_settings_of(const Config& config, const core::SaPlace* view) {
  const auto& ike = config.ike;
  const auto settings_in = [&ike](const auto& entries, const auto& key) {
    const auto found = entries.find(key);
    return found == entries.end() ? ike.sa : sa_settings(found->second.sa, ike.sa);
  };
  if (view == nullptr || !view->entry) return ike.sa;
  if (!view->dynamic_map.empty()) return settings_in(ike.dynamic_entries, IkeConfig::EntryKey(view->dynamic_map, view->template_sequence));
  if (view->entry->sequence == 0) return settings_in(ike.ipsec_profiles, view->entry->map);
  return settings_in(ike.map_entries, IkeConfig::EntryKey(view->entry->map, view->entry->sequence));
}

std::tuple<std::string_view, std::string_view, std::uint32_t, std::uint64_t> Flow::rank() const {
  return {interface, map, view != nullptr && view->entry ? view->entry->sequence : 0, child->id};
}

std::vector<Flow> find_flows(const SaPicture& picture, const SaQuery& query) {
  std::vector<Flow> flows;
  for (const auto& [id, ike] : *picture.sas) {
    for (const auto& child : ike.children) {
      const auto flow = flow_of(picture, ike, child);
      if (child.is_active() && is_wanted(flow, query)) flows.push_back(flow);
    }
  }
  std::sort(flows.begin(), flows.end(), [](const Flow& a, const Flow& b) { return a.rank() < b.rank(); });
  return flows;
}

const core::SaPlace* find_matched_view(const SaPicture& picture, const IkeSa& ike) {
  for (const auto& child : ike.children) {
    const auto* view = picture.find_place(child.id);
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

}  // namespace

SaSearch::SaSearch(std::shared_ptr<const SaPicture> picture, SaQuery query)
    : picture_(std::move(picture)), query_(std::move(query)), ike_(picture_->sas->begin()) {}

bool SaSearch::step() { return step_flows() || step_lines(); }

bool SaSearch::step_flows() {
  for (auto left = kAtATime; left > 0 && ike_ != picture_->sas->end(); --left) {
    const auto& children = ike_->second.children;
    if (child_ < children.size()) {
      take(ike_->second, children[child_++]);
    } else {
      ++ike_;
      child_ = 0;
    }
  }
  return ike_ != picture_->sas->end();
}

void SaSearch::take(const IkeSa& ike, const ChildSa& child) {
  if (!child.is_active()) return;
  const auto flow = flow_of(*picture_, ike, child);
  if (is_wanted(flow, query_)) flows_.push_back(flow);
  if (flow.view == nullptr || !flow.view->entry || !flow.view->dynamic_map.empty()) return;
  for (const auto& local : child.local) {
    for (const auto& remote : child.remote) {
      covered_.emplace(flow.interface, flow.map, flow.view->entry->sequence, local.range.first, local.range.last, remote.range.first, remote.range.last);
    }
  }
}

void SaSearch::find_places() {
  const auto& config = *picture_->summary->config;
  auto& places = places_.emplace();
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& attachment : interface.maps) {
      const auto map = config.crypto_maps.find(attachment.map);
      if (map == config.crypto_maps.end()) continue;
      for (const auto& [sequence, entry] : map->second.entries) {
        const IdleLine line{name, map->first, &entry, nullptr, {}, {}};
        const auto* list = entry.dynamic_map.empty() && !entry.peers.empty() && is_wanted(line, query_) ? find_list(config, entry.match_address) : nullptr;
        if (list != nullptr) places.push_back({line, list});
      }
    }
  }
}

bool SaSearch::step_lines() {
  if (!places_) find_places();
  for (auto left = kAtATime; left > 0 && place_ < places_->size() && idle_.size() < kMaxIdleLines; --left) {
    const auto& place = (*places_)[place_];
    if (line_ < place.list->lines.size()) {
      add_line(place, place.list->lines[line_++]);
    } else {
      ++place_;
      line_ = 0;
    }
  }
  return place_ < places_->size() && idle_.size() < kMaxIdleLines;
}

void SaSearch::add_line(const Place& place, const AclLine& line) {
  if (!line.permit || line.protocol == "object-group" || line.sources.empty() || line.destinations.empty()) return;
  const auto source = line.sources.front().to_prefix();
  const auto destination = line.destinations.front().to_prefix();
  if (!source || !destination) return;
  auto made = place.line;
  made.line = &line;
  made.local = TrafficSelector::of(*source);
  made.remote = TrafficSelector::of(*destination);
  const auto& [local, remote] = std::pair(made.local.range, made.remote.range);
  if (covered_.contains(Covered{made.interface, made.map, made.entry->sequence, local.first, local.last, remote.first, remote.last})) return;
  if (line.protocol != "ip" && line.protocol != "ipv6") {
    const auto service = [&line](const std::vector<PortRange>& ports) {
      return ports.empty() || ports.front().first != ports.front().last ? line.protocol : fmt::format("{}/{}", line.protocol, ports.front().first);
    };
    made.local.service = service(line.source_ports);
    made.remote.service = service(line.destination_ports);
  }
  idle_.push_back(std::move(made));
}

std::string entry_of(const core::SaPlace* view) {
  if (view == nullptr) return "none (not reported to the routes yet)";
  if (!view->entry) return fmt::format("none ({})", view->unmatched_reason);
  if (view->entry->sequence == 0) return fmt::format("ipsec profile {}", view->entry->map);  // of a tunnel interface
  auto text = fmt::format("{} {}", view->entry->map, view->entry->sequence);
  if (!view->dynamic_map.empty()) text += fmt::format(" (dynamic {} {})", view->dynamic_map, view->template_sequence);
  return text;
}

std::string front_vrf_of(const core::Summary& snapshot, std::string_view interface) {
  const auto found = snapshot.config->interfaces.find(std::string(interface));
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

std::string inside_vrf_of(const core::Summary& snapshot, const core::SaPlace* view, std::string_view interface) {
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
