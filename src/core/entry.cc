#include "core/entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/limits.h"

namespace rri::core {
namespace {

/// One attachment of one map, with what all of its entries share.
struct Attachment {
  const Interface* interface;
  const MapAttachment* attached;
  const CryptoMap* map;
  Binding binding;
};

class Expander {
 public:
  Expander(const Config& config, const Host& host) : config_(config), host_(host) {}

  EntryTable take() {
    for (const auto& [name, interface] : config_.interfaces) {
      for (const auto& attached : interface.maps) expand_attachment(interface, attached);
      if (!interface.ipsec_profile.empty()) add_tunnel(interface);
    }
    return std::move(table_);
  }

 private:
  void expand_attachment(const Interface& interface, const MapAttachment& attached) {
    const auto map = config_.crypto_maps.find(attached.map);
    if (map == config_.crypto_maps.end()) return;
    const Attachment attachment{&interface, &attached, &map->second, host_.bind(interface)};
    if (!attachment.binding.is_bound()) {
      notice(NoticeCode::InterfaceUnbound,
             fmt::format("interface {} is unbound and its crypto map {} makes no routes: {}{}", interface.name, attached.map,
                         attachment.binding.reason,
                         config_.settings.fail_closed ? "; what its access lists permit is dropped on every device" + vrf_words(interface.vrf) : ""));
    }
    if (attached.redundancy_group) check_group(*attached.redundancy_group, interface);
    for (const auto& [sequence, entry] : map->second.entries) {
      if (entry.dynamic_map.empty()) {
        add(attachment, entry, nullptr, {});
        continue;
      }
      const auto dynamic = config_.dynamic_maps.find(entry.dynamic_map);
      if (dynamic == config_.dynamic_maps.end()) continue;
      for (const auto& [number, tmpl] : dynamic->second.entries) {
        add(attachment, entry, &tmpl, entry.dynamic_map);
      }
    }
  }

  /// How far an unbound interface is closed (core/block_policy.h).
  [[nodiscard]] std::string vrf_words(const std::string& vrf) const {
    const bool has_vrfs = std::any_of(host_.links().begin(), host_.links().end(), [](const auto& link) { return link.second.vrf_table.has_value(); });
    if (!has_vrfs || !host_.has_vrf(vrf)) return {};
    return vrf == kDefaultVrf ? " outside of VRFs" : " of VRF " + vrf;
  }

  /// Everything behind a tunnel interface goes out of it (SPEC.md 3.2).
  void add_tunnel(const Interface& interface) {
    const auto profile = config_.ipsec_profiles.find(interface.ipsec_profile);
    if (profile == config_.ipsec_profiles.end()) return;
    const auto& rr = profile->second.reverse_route;
    Entry entry;
    entry.is_tunnel = true;
    entry.map = profile->first;
    entry.interface = interface.name;
    entry.device = host_.bind(interface).device;
    entry.front_vrf = entry.inside_vrf = interface.vrf;
    entry.form = {RouteForm::Interface, {}};
    set_reverse_route(entry, rr);
    entry.pin = PinMode::None;
    entry.next_hop.reset();
    entry.usable = !entry.device.empty();
    entry.injects = entry.usable && rr.enabled && !profile->second.rri_dvti_disable;
    table_.entries.push_back(std::move(entry));
  }

  void check_group(const std::string& group, const Interface& interface) {
    for (const auto& [name, other] : config_.interfaces) {
      for (const auto& standby : other.standby) {
        if (standby.name == group) return;
      }
    }
    notice(NoticeCode::GroupUndefined,
           fmt::format("crypto map on {} names redundancy group {}, which no `standby` line names", interface.name, group));
  }

  /// `tmpl` is the dynamic-map template, or null for a static entry.
  void add(const Attachment& attachment, const CryptoEntry& outer, const CryptoEntry* tmpl,
           const std::string& dynamic_map) {
    const CryptoEntry& inner = tmpl ? *tmpl : outer;
    Entry entry;
    entry.map = attachment.map->name;
    entry.sequence = outer.sequence;
    entry.dynamic_map = dynamic_map;
    entry.template_sequence = tmpl ? tmpl->sequence : 0;
    entry.interface = attachment.interface->name;
    entry.device = attachment.binding.device;
    entry.front_vrf = attachment.interface->vrf;
    entry.group = attachment.attached->redundancy_group;
    entry.form = attachment.interface->route_form.value_or(config_.settings.route_form);
    entry.peers = inner.peers;
    set_local_addresses(entry, attachment);
    set_profile(entry, attachment, outer, inner);
    set_required(entry);
    set_lists(entry, inner);
    set_reverse_route(entry, inner.reverse_route);
    judge(entry, outer, inner);
    table_.entries.push_back(std::move(entry));
  }

  void set_local_addresses(Entry& entry, const Attachment& attachment) {
    const auto* interface = attachment.interface;
    entry.local_device = entry.device;
    const auto& local = attachment.map->local_address_interface;
    if (const auto named = config_.interfaces.find(local); named != config_.interfaces.end()) {
      interface = &named->second;
      entry.local_device = host_.bind(*interface).device;
    }
    for (const auto& address : interface->addresses) entry.local_addresses.push_back(address.address);
    for (const auto& standby : attachment.interface->standby) {
      const auto& virtuals = standby.virtual_addresses;
      entry.local_addresses.insert(entry.local_addresses.end(), virtuals.begin(), virtuals.end());
    }
  }

  void set_profile(Entry& entry, const Attachment& attachment, const CryptoEntry& outer, const CryptoEntry& inner) {
    entry.inside_vrf = entry.front_vrf;
    const auto& isakmp = !inner.isakmp_profile.empty()   ? inner.isakmp_profile
                         : !outer.isakmp_profile.empty() ? outer.isakmp_profile
                                                         : attachment.map->isakmp_profile;
    const auto& ikev2 = inner.ikev2_profile.empty() ? outer.ikev2_profile : inner.ikev2_profile;
    take_profile(entry, config_.isakmp_profiles, isakmp);
    take_profile(entry, config_.ikev2_profiles, ikev2);
    const bool has_own_keys = !entry.keys.empty() || config_.ikev2_profiles.contains(ikev2);
    if (has_own_keys) return;  // the global `crypto isakmp key` lines are not asked
    std::copy_if(config_.keys.begin(), config_.keys.end(), std::back_inserter(entry.keys),
                 [](const PreSharedKeyScope& key) { return key.keyring.empty(); });
  }

  void set_required(Entry& entry) const {
    const auto& all = entry.dynamic_map.empty() ? config_.ike.map_entries : config_.ike.dynamic_entries;
    const auto tunnels = entry.dynamic_map.empty() ? all.find({entry.map, entry.sequence}) : all.find({entry.dynamic_map, entry.template_sequence});
    if (tunnels == all.end()) return;
    if (const auto identity = config_.identities.find(tunnels->second.identity); identity != config_.identities.end()) entry.required = identity->second;
  }

  void take_profile(Entry& entry, const std::map<std::string, IkeProfile>& profiles, const std::string& name) const {
    const auto profile = profiles.find(name);
    if (profile == profiles.end()) return;
    if (entry.reference_error.empty()) entry.reference_error = profile->second.error;
    const auto& keyrings = profile->second.keyrings;
    if (!profile->second.remote_pre_shared) return take_identities(entry, profile->second);
    std::copy_if(config_.keys.begin(), config_.keys.end(), std::back_inserter(entry.keys), [&](const auto& key) {
      // The global keys have no keyring: an isakmp profile calls them `default`.
      const bool global = key.keyring.empty() && &profiles == &config_.isakmp_profiles;
      return std::find(keyrings.begin(), keyrings.end(), global ? "default" : key.keyring) != keyrings.end();
    });
    take_identities(entry, profile->second);
  }

  static void take_identities(Entry& entry, const IkeProfile& profile) {
    if (!profile.inside_vrf.empty()) entry.inside_vrf = profile.inside_vrf;
    entry.identities.insert(entry.identities.end(), profile.identities.begin(), profile.identities.end());
  }

  void set_lists(Entry& entry, const CryptoEntry& inner) {
    const auto take = [&](const auto& lists, const std::string& name, auto& into) {
      const auto list = lists.find(name);
      if (list == lists.end()) return;
      into.push_back(&list->second);
      if (entry.reference_error.empty()) entry.reference_error = list->second.error;
    };
    take(config_.access_lists, inner.match_address, entry.acls);
    take(config_.ipv6_access_lists, inner.match_address, entry.acls);
    const auto& accept = inner.reverse_route.accept_prefix_list;
    entry.has_accept = !accept.empty();
    take(config_.prefix_lists, accept, entry.accept);
    take(config_.ipv6_prefix_lists, accept, entry.accept);
  }

  static void set_reverse_route(Entry& entry, const ReverseRoute& rr) {
    entry.distance = rr.distance.value_or(1);
    entry.tag = rr.tag.value_or(0);
    entry.maximum = rr.maximum.value_or(kDefaultMaximumPrefixes);
    if (rr.remote_peer && !rr.remote_peer_address) entry.pin = PinMode::OutOfInterface;
    if (rr.remote_peer_address && !rr.remote_peer_is_gateway) entry.next_hop = rr.remote_peer_address;
    const auto gateway = rr.gateway ? rr.gateway : rr.remote_peer_is_gateway ? rr.remote_peer_address : std::nullopt;
    if (gateway) {
      // `set reverse-route gateway` is the newer command: where both are written it decides.
      entry.pin = PinMode::ViaGateway;
      entry.pin_gateway = gateway;
      entry.next_hop.reset();
    }
  }

  /// Says whether the entry can take SAs and make routes, and why not.
  void judge(Entry& entry, const CryptoEntry& outer, const CryptoEntry& inner) {
    const auto& rr = inner.reverse_route;
    entry.unusable_reason = unusable_reason(entry, outer, inner);
    entry.usable = entry.unusable_reason.empty();
    entry.injects = rr.enabled && entry.usable && !entry.device.empty();
    if (rr.enabled && !entry.usable) {
      notice(NoticeCode::EntryIncomplete,
             fmt::format("crypto map {} makes no routes: {}", entry.name(), entry.unusable_reason));
    }
    const bool has_both = !entry.peers.empty() && !entry.acls.empty();
    entry.acl_driven = rr.is_static && has_both;
    if (rr.enabled && rr.is_static && !has_both && entry.usable) {
      notice(NoticeCode::StaticIgnored,
             fmt::format("crypto dynamic-map {} {}: `reverse-route static` needs `set peer` and `match address`; "
                         "routes follow the SAs instead",
                         entry.dynamic_map, entry.template_sequence));
    }
    if (entry.usable && entry.acls.empty() && config_.settings.fail_closed) {
      notice(NoticeCode::LeakPossible,
             fmt::format("crypto map {} has no access list: its traffic can leave in clear while its SA is down",
                         entry.name()));
    }
  }

  static std::string unusable_reason(const Entry& entry, const CryptoEntry& outer, const CryptoEntry& inner) {
    if (outer.has_error) return outer.error;
    if (inner.has_error) return inner.error;
    // A refused line of what the entry refers to might have been a `deny`.
    if (!entry.reference_error.empty()) return entry.reference_error;
    if (!inner.match_address.empty() && entry.acls.empty()) {
      return fmt::format("access list {} is not defined", inner.match_address);
    }
    if (entry.is_static_entry() && inner.match_address.empty()) return "it has no `match address`";
    if (entry.is_static_entry() && entry.peers.empty()) return "it has no `set peer`";
    return {};
  }

  void notice(NoticeCode code, std::string text) { table_.notices.push_back({code, std::move(text)}); }

  const Config& config_;
  const Host& host_;
  EntryTable table_;
};

}  // namespace

bool Entry::proves_identity(const IpAddress& peer) const {
  const PreSharedKeyScope* longest = nullptr;
  for (const auto& key : keys) {
    if (!key.address || !key.address->contains(peer)) continue;
    if (longest == nullptr || key.address->length() > longest->address->length()) longest = &key;
  }
  return longest == nullptr || longest->address->length() > 0;
}

std::string Entry::name() const {
  if (is_tunnel) return fmt::format("ipsec profile {}", map);
  if (is_static_entry()) return fmt::format("{} {}", map, sequence);
  return fmt::format("{} {} (dynamic {} {})", map, sequence, dynamic_map, template_sequence);
}

EntryTable expand_entries(const Config& config, const Host& host) { return Expander(config, host).take(); }

}  // namespace rri::core
