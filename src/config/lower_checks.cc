// What only the whole configuration can tell.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "config/limits.h"
#include "config/lower.h"

namespace rri {
namespace {

bool is_defined(const Reference& reference, const Lowering& out) {
  const auto& config = out.config;
  const auto& name = reference.name;
  if (reference.kind == "access list") {
    return config.access_lists.count(name) + config.ipv6_access_lists.count(name) > 0;
  }
  if (reference.kind == "prefix list") return config.prefix_lists.count(name) + config.ipv6_prefix_lists.count(name) > 0;
  if (reference.kind == "transform set") return out.transform_sets.count(name) > 0;
  if (reference.kind == "keyring") return out.keyrings.count(name) > 0;
  if (reference.kind == "isakmp profile") return config.isakmp_profiles.count(name) > 0;
  if (reference.kind == "ikev2 profile") return config.ikev2_profiles.count(name) > 0;
  if (reference.kind == "ipsec profile") return config.ipsec_profiles.count(name) > 0;
  if (reference.kind == "interface") return config.interfaces.count(name) > 0;
  if (reference.kind == "crypto map") return config.crypto_maps.count(name) > 0;
  if (reference.kind == "dynamic map") return config.dynamic_maps.count(name) > 0;
  return config.vrfs.count(name) > 0;
}

void note_undefined(Lowering& out) {
  for (const auto& reference : out.references) {
    if (is_defined(reference, out)) continue;
    if (reference.kind == "access list" && out.config.access_lists.count(std::string(kStandardLists) + reference.name) > 0) {
      out.note(reference.position, fmt::format("access list {} is a standard list: this needs an extended one", printable(reference.name)));
      continue;
    }
    out.note(reference.position, fmt::format("{} {} is not defined", reference.kind, printable(reference.name)));
  }
}

/// The inside VRF that an entry's routes go to, "" when no profile names one.
std::string inside_vrf(const CryptoEntry& entry, const CryptoMap* map, const Config& config) {
  const auto from = [](const std::map<std::string, IkeProfile>& profiles, const std::string& name) {
    const auto found = profiles.find(name);
    return found == profiles.end() ? std::string() : found->second.inside_vrf;
  };
  if (!entry.ikev2_profile.empty()) return from(config.ikev2_profiles, entry.ikev2_profile);
  if (!entry.isakmp_profile.empty()) return from(config.isakmp_profiles, entry.isakmp_profile);
  return map != nullptr ? from(config.isakmp_profiles, map->isakmp_profile) : std::string();
}

void mark(CryptoEntry& entry, TextPosition position, const std::string& text) {
  if (entry.has_error) return;
  entry.has_error = true;
  entry.error = fmt::format("line {}: {}", position.line, text);
}

/// SPEC.md 3.2: Cisco knows no mapping between two VRFs that both have names.
void check_vrf(CryptoEntry& entry, const CryptoMap* map, const Interface& interface, TextPosition position,
               Lowering& out) {
  const auto inside = inside_vrf(entry, map, out.config);
  if (inside.empty() || interface.vrf == "default" || inside == interface.vrf) return;
  const auto text = fmt::format("inside VRF {} and front-door VRF {} of interface {} differ: a crypto map cannot join "
                                "two named VRFs",
                                printable(inside), printable(interface.vrf), interface.name);
  const Diagnostic diagnostic{Severity::Error, position, text};
  if (std::find(out.diagnostics.begin(), out.diagnostics.end(), diagnostic) == out.diagnostics.end()) {
    out.diagnostics.push_back(diagnostic);
  }
  mark(entry, position, text);
}

void check_attachment(const MapAttachment& attachment, const Interface& interface, Lowering& out) {
  const auto found = out.config.crypto_maps.find(attachment.map);
  if (found == out.config.crypto_maps.end()) return;
  auto& map = found->second;
  for (auto& [sequence, entry] : map.entries) {
    check_vrf(entry, &map, interface, out.profile_lines[{map.name, sequence}], out);
    const auto dynamic = out.config.dynamic_maps.find(entry.dynamic_map);
    if (dynamic == out.config.dynamic_maps.end()) continue;
    for (auto& [inner, inner_entry] : dynamic->second.entries) {
      check_vrf(inner_entry, &map, interface, out.profile_lines[{" " + dynamic->first, inner}], out);
    }
  }
}

void note_unknown_groups(const Interface& interface, Lowering& out) {
  for (const auto& attachment : interface.maps) {
    if (!attachment.redundancy_group) continue;
    const bool known = std::any_of(interface.standby.begin(), interface.standby.end(), [&](const StandbyGroup& group) {
      return group.name == *attachment.redundancy_group;
    });
    if (known) continue;
    out.note(interface.position, fmt::format("no `standby ... name {}` on {} for crypto map {}",
                                             printable(*attachment.redundancy_group), interface.name,
                                             printable(attachment.map)));
  }
}

/// Names are what ties maps and keepalived to groups: of one name and family there is one group.
void note_shared_group_names(Lowering& out) {
  struct User {
    TextPosition position;
    std::string text;
  };
  std::map<std::pair<std::string, bool>, std::vector<User>> users;  // by name, IPv6
  for (const auto& [name, interface] : out.config.interfaces) {
    for (const auto& group : interface.standby) {
      const bool is_v6 = group.derives_address || (!group.virtual_addresses.empty() && !group.virtual_addresses.front().is_v4());
      if (group.name.empty()) continue;
      users[{group.name, is_v6}].push_back({out.standby_names[{name, group.number}], fmt::format("group {} of {}", group.number, name)});
    }
  }
  for (const auto& [key, found] : users) {
    std::string list;
    for (const auto& user : found) list += (list.empty() ? "" : ", ") + user.text;
    for (std::size_t i = 1; i < found.size(); ++i) {
      out.diagnostics.push_back({Severity::Warning, found[i].position,
                                 fmt::format("standby group name {} is that of several groups ({}): they count as one, active only while all of "
                                             "them are; give each its own name", printable(key.first), list)});
    }
  }
}

/// "0.0.255.255" for 255.255.0.0, the mask that somebody wrote for a wildcard; "" else.
std::string wildcard_of_mask(const Wildcard& wildcard) {
  if (wildcard.to_prefix() || !wildcard.bits.is_v4()) return {};
  const auto mask = wildcard.bits.v4_number();
  const bool is_mask = (~mask & (~mask + 1)) == 0;
  return is_mask ? IpAddress::v4(~mask).to_string() : std::string();
}

void note_wildcard_holes(const AccessList& list, Lowering& out) {
  for (const auto& line : list.lines) {
    std::string text;
    for (const auto& destination : line.destinations) {
      if (!destination.to_prefix()) text = fmt::format("the destination of `{}` is no prefix and makes no route", line.text);
    }
    for (const auto* ends : {&line.sources, &line.destinations}) {
      for (const auto& end : *ends) {
        const auto meant = wildcard_of_mask(end);
        if (meant.empty()) continue;
        if (text.empty()) text = fmt::format("the source of `{}` is no prefix", line.text);
        text += fmt::format("; {} looks like a mask, whose wildcard is {}", end.bits.to_string(), meant);
      }
    }
    if (!text.empty()) out.note(line.position, text);
  }
}

/// A static entry on an applied map, and the VRF its routes go to.
struct AppliedEntry {
  const CryptoMap* map = nullptr;
  CryptoEntry* entry = nullptr;
  std::string vrf;
  TextPosition match;
};

std::vector<AppliedEntry> find_applied_entries(Lowering& out) {
  std::vector<AppliedEntry> applied;
  for (const auto& [name, interface] : out.config.interfaces) {
    for (const auto& attachment : interface.maps) {
      const auto found = out.config.crypto_maps.find(attachment.map);
      if (found == out.config.crypto_maps.end()) continue;
      for (auto& [sequence, entry] : found->second.entries) {
        if (entry.match_address.empty() || !entry.dynamic_map.empty()) continue;
        auto vrf = inside_vrf(entry, &found->second, out.config);
        applied.push_back({&found->second, &entry, vrf.empty() ? interface.vrf : std::move(vrf),
                           out.match_lines[{found->first, sequence}]});
      }
    }
  }
  std::stable_sort(applied.begin(), applied.end(), [](const AppliedEntry& a, const AppliedEntry& b) {
    return a.match.line < b.match.line;
  });
  return applied;
}

std::string wildcard_text(const Wildcard& wildcard) {
  if (const auto prefix = wildcard.to_prefix()) return prefix->to_string();
  return fmt::format("{} {}", wildcard.address.to_string(), wildcard.bits.to_string());
}

/// Source and destination of every permit line of an entry's access list.
std::set<std::string> permit_pairs(const CryptoEntry& entry, const Config& config) {
  std::set<std::string> pairs;
  for (const auto* lists : {&config.access_lists, &config.ipv6_access_lists}) {
    const auto list = lists->find(entry.match_address);
    if (list == lists->end()) continue;
    for (const auto& line : list->second.lines) {
      if (!line.permit || line.sources.size() * line.destinations.size() > kMaxExpandedNetworks) continue;
      for (const auto& source : line.sources) {
        for (const auto& destination : line.destinations) {
          pairs.insert(fmt::format("{} to {}", wildcard_text(source), wildcard_text(destination)));
        }
      }
    }
  }
  return pairs;
}

/// SPEC.md 4: the kernel has one policy for each pair of selectors, so two
/// customers with the same pair cannot be told apart.
void check_selectors(Lowering& out) {
  auto applied = find_applied_entries(out);
  const bool one_vrf = std::all_of(applied.begin(), applied.end(),
                                   [&](const AppliedEntry& one) { return one.vrf == applied.front().vrf; });
  if (one_vrf) return;
  std::map<std::string, const AppliedEntry*> owners;
  for (auto& one : applied) {
    for (const auto& pair : permit_pairs(*one.entry, out.config)) {
      const auto* owner = owners.try_emplace(pair, &one).first->second;
      if (owner->vrf == one.vrf || owner->entry == one.entry) continue;
      const auto text = fmt::format("{} is in crypto map {} {} for VRF {} as well, here for VRF {}: without an "
                                    "interface id the kernel cannot keep them apart",
                                    pair, printable(owner->map->name), owner->entry->sequence, printable(owner->vrf),
                                    printable(one.vrf));
      if (!one.entry->has_error) out.diagnostics.push_back({Severity::Error, one.match, text});
      mark(*one.entry, one.match, text);
      break;
    }
  }
}

}  // namespace

void check_references(Lowering& out) {
  note_undefined(out);
  for (const auto& [name, interface] : out.config.interfaces) {
    for (const auto& attachment : interface.maps) check_attachment(attachment, interface, out);
    note_unknown_groups(interface, out);
  }
  note_shared_group_names(out);
  check_selectors(out);
  std::set<std::string> crypto_lists;
  for (const auto& reference : out.references) {
    if (reference.kind == "access list") crypto_lists.insert(reference.name);
  }
  for (const auto& name : crypto_lists) {
    const auto found = out.config.access_lists.find(name);
    if (found != out.config.access_lists.end()) note_wildcard_holes(found->second, out);
  }
}

}  // namespace rri
