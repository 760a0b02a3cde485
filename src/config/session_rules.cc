// What IOS says to a person about a line that fits: some it refuses, of some it warns.
// A file is taken as it stands, in whatever order: there the notices tell.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/line_applier.h"
#include "config/lower.h"
#include "config/siblings.h"
#include "net/address.h"
#include "net/wildcard.h"

namespace rri {
namespace {

/// A transform set has at most one of each kind.
enum class TransformKind : std::uint8_t { None, EspCipher, EspHash, Ah, Compression };

TransformKind kind_of_transform(std::string_view word) {
  if (word.starts_with("ah-")) return TransformKind::Ah;
  if (word.starts_with("comp-")) return TransformKind::Compression;
  if (!word.starts_with("esp-")) return TransformKind::None;  // the key size of the one before it
  return word.ends_with("-hmac") ? TransformKind::EspHash : TransformKind::EspCipher;
}

bool is_named(const Line& line, std::string_view topic, std::string_view name) {
  return is_command(line) && line.words.size() > 2 && line.words[0].text == "crypto" && line.words[1].text == topic && line.value("name") == name;
}

/// Gi0/0,Gi0/1: those that carry the map.
std::string users_of_map(const Document& document, std::string_view map) {
  std::string users;
  for (const auto& section : document.lines) {
    if (!is_command(section) || section.row->row.opens != Mode::Interface) continue;
    const bool carries = std::any_of(section.children.begin(), section.children.end(), [&](const Line& line) {
      return is_command(line) && line.has("map") && line.value("map") == map;
    });
    if (carries) users += fmt::format("{}{}", users.empty() ? "" : ", ", section.text().substr(std::string_view("interface ").size()));
  }
  return users;
}

/// One that is no more than a name may go: here names are typed for devices that are not there.
bool is_configured_port(const Document& document, std::string_view name) {
  return !is_virtual_interface(name) && std::any_of(document.lines.begin(), document.lines.end(), [&](const Line& line) {
    return is_command(line) && line.row->row.opens == Mode::Interface && line.value("name") == name && !line.children.empty();
  });
}

/// The first static entry that points at the dynamic map: "VPN 65000".
std::string user_of_dynamic_map(const Document& document, std::string_view name) {
  for (const auto& line : document.lines) {
    if (is_command(line) && line.row->row.action == Action::CryptoMapEntry && line.value("dynamic") == name) {
      return fmt::format("{} {}", line.value("name"), line.value("seq"));
    }
  }
  return {};
}

/// 255.255.255.0 where 0.0.0.255 was meant: the length of the mask.
std::optional<int> mask_length(std::string_view bits) {
  const auto mask = IpAddress::try_parse(bits);
  const auto any = mask ? Prefix::from_mask(*IpAddress::try_parse("0.0.0.0"), *mask) : std::nullopt;
  if (!any || any->length() == 0 || any->length() == any->address().bits()) return std::nullopt;
  return any->length();
}

std::optional<Prefix> network_of(const Line& line) {
  const auto address = IpAddress::try_parse(line.value("address"));
  const auto mask = IpAddress::try_parse(line.value("mask"));
  return address && mask ? Prefix::from_mask(*address, *mask) : std::nullopt;
}

/// "" for none.
std::string_view vrf_of(const Line& interface) {
  for (const auto& line : interface.children) {
    if (line.kind == LineKind::Command && line.row->row.pattern.find("vrf forwarding") != std::string_view::npos) return line.value("vrf");
  }
  return {};
}

bool is_shut_down(const Line& interface) {
  return std::any_of(interface.children.begin(), interface.children.end(),
                     [](const Line& line) { return line.kind == LineKind::Command && line.has_keyword("shutdown") && line.words.size() == 1; });
}

bool is_interface(const Line& section) { return is_command(section) && section.row->row.opens == Mode::Interface; }

std::vector<Prefix> networks_of(const Line& interface) {
  std::vector<Prefix> networks;
  for (const auto& line : interface.children) {
    const bool has_network = line.kind == LineKind::Command && line.row->row.action == Action::InterfaceAddress && line.has("mask");
    if (const auto network = has_network ? network_of(line) : std::nullopt) networks.push_back(*network);
  }
  return networks;
}

AddressIndex index_of(const Document& document) {
  AddressIndex index;
  for (const auto& section : document.lines) {
    if (!is_interface(section)) continue;
    for (const auto& network : networks_of(section)) index.add(vrf_of(section), network, section.value("name"));
  }
  return index;
}

/// The other interface of the VRF that has a part of `network`; "" for none. One that is shut down has nothing.
std::string find_overlap(const Document& document, const AddressIndex& index, const Line& own, const Prefix& network) {
  if (is_shut_down(own)) return {};
  auto names = index.holders(vrf_of(own), network);
  names.erase(std::string(own.value("name")));
  if (names.empty()) return {};
  for (const auto& section : document.lines) {
    if (!is_interface(section) || !names.contains(section.value("name"))) continue;
    if (vrf_of(section) != vrf_of(own) || is_shut_down(section)) continue;
    const auto networks = networks_of(section);
    const bool overlaps = std::any_of(networks.begin(), networks.end(), [&](const Prefix& other) { return other.overlaps(network); });
    if (overlaps) return std::string(section.value("name"));
  }
  return {};
}

}  // namespace

void LineApplier::refuse_in_words(std::string text) {
  result_.outcome = LineResult::Outcome::Refused;
  result_.notes.push_back(std::move(text));
}

namespace {

constexpr std::string_view kKindStays = "% The kind of an existing crypto map entry cannot be changed: remove the entry first";

/// `ipsec-manual` of what is `ipsec-isakmp`, and the other way round.
bool changes_kind(const Document& document, const Line& line) {
  const bool is_carried = line.row->row.action == Action::OpenCarried;
  if (!line.has("seq") || line.words[1].text != "map") return false;
  const auto number = fmt::format("crypto map {} {} ", line.value("name"), line.value("seq"));
  return std::any_of(document.lines.begin(), document.lines.end(), [&](const Line& other) {
    if (!is_carried) return other.kind == LineKind::Carried && other.opens_carried && other.words[0].text.starts_with(number);
    return is_command(other) && other.row->row.action == Action::CryptoMapEntry && other.value("name") == line.value("name") &&
           other.value("seq") == line.value("seq");
  });
}

/// `ip access-list standard A` where A is an extended list, and the other way round: names are one space.
bool is_list_of_other_kind(const Document& document, const Line& line) {
  return is_access_list(line, true) && std::any_of(document.lines.begin(), document.lines.end(), [&](const Line& other) {
    return is_command(other) && is_access_list(other, true) && other.row != line.row && other.value("name") == line.value("name");
  });
}

}  // namespace

namespace {

/// The first transform set of `set transform-set` that is not there.
std::string missing_transform_set(const Document& document, const Line& line) {
  for (const auto name : line.values("name")) {
    const bool is_there = std::any_of(document.lines.begin(), document.lines.end(), [&](const Line& other) {
      return is_command(other) && other.row->row.opens == Mode::TransformSet && other.value("name") == name;
    });
    if (!is_there) return std::string(name);
  }
  return {};
}

/// Another `crypto isakmp key` of the same address; the line itself may come again.
bool has_another_key(const Document& document, const Line& line) {
  return std::any_of(document.lines.begin(), document.lines.end(), [&](const Line& other) {
    return is_command(other) && other.row == line.row && scope_value(other) == scope_value(line) && other.text() != line.text();
  });
}

/// "192.0.2.1 255.255.255.255", "2001:DB8::/32".
std::string address_mask(const Prefix& prefix) {
  return prefix.address().is_v4() ? fmt::format("{} {}", prefix.address().to_string(), prefix.mask().to_string()) : prefix.to_string();
}

}  // namespace

bool LineApplier::objects_to_crypto(const Line& line) {
  if (begins_with(line, "set transform-set")) {
    const auto missing = missing_transform_set(*editor_.document_, line);
    if (!missing.empty()) refuse_in_words(fmt::format("ERROR: transform-set with tag \"{}\" does not exist.", missing));
    return !missing.empty();
  }
  if (!begins_with(line, "crypto isakmp key") || !scope_value(line) || !has_another_key(*editor_.document_, line)) return false;
  refuse_in_words(fmt::format("A pre-shared key for address mask {} already exists!", address_mask(*scope_value(line))));
  return true;
}

bool LineApplier::objects_to(std::size_t frame, const Line& line) {
  if (objects_to_crypto(line)) return true;
  if (is_list_of_other_kind(*editor_.document_, line)) {
    const bool is_standard = line.row->row.opens == Mode::AclStandard;
    refuse_in_words(fmt::format("% A named {} IP access list with this name already exists", is_standard ? "Extended" : "Standard"));
    return true;
  }
  if (line.words[0].text == "crypto" && line.words.size() > 3 && changes_kind(*editor_.document_, line)) {
    refuse_in_words(std::string(kKindStays));
    return true;
  }
  if (line.row->row.opens == Mode::TransformSet) return objects_to_transforms(line);
  constexpr std::size_t kLongestHostname = 63;  // of a label in the DNS
  if (line.words[0].text == "hostname" && line.value("name").size() > kLongestHostname) {
    refuse_in_words(fmt::format("% Hostname is too long: at most {} characters", kLongestHostname));
    return true;
  }
  if (line.words.size() > 1 && line.words[1].text == "route" && line.has("interface")) warn_of_missing_interface(line);
  if (line.has("map") && editor_.mode() == Mode::Interface) warn_of_missing_map(line);
  if (line.row->row.action == Action::PrefixListEntry) return objects_to_range(line);
  if (objects_to_interface_line(frame, line)) return true;
  for (const auto* slot : {"source_bits", "destination_bits"}) {
    const auto bits = line.value(slot);
    const auto length = mask_length(bits);
    if (!length) continue;
    const auto wildcard = Prefix(*IpAddress::try_parse("0.0.0.0"), *length).mask().inverted();
    result_.notes.push_back(fmt::format("% NOTE: {} is read as a wildcard; for a /{} write {}", bits, *length, wildcard.to_string()));
  }
  return false;
}

bool LineApplier::objects_to_interface_line(std::size_t frame, const Line& line) {
  const auto& row = line.row->row;
  if (row.opens == Mode::Interface && is_bare_interface_type(line.value("name"))) {
    result_.outcome = LineResult::Outcome::Refused;
    result_.refusal = LineResult::Refusal::Incomplete;
    return true;
  }
  if (row.pattern.find("vrf forwarding") != std::string_view::npos) {
    const auto& lines = editor_.document_->lines;
    const auto vrf = line.value("vrf");
    const bool is_there = std::any_of(lines.begin(), lines.end(), [&](const Line& other) {
      const bool is_vrf = is_command(other) && (other.row->row.opens == Mode::VrfDefinition || other.row->row.opens == Mode::IpVrf);
      return is_vrf && other.value("name") == vrf;
    });
    if (!is_there) result_.notes.push_back(fmt::format("% NOTE: VRF {} is not configured yet: the interface waits for it", vrf));
    if (vrf_of(*line_at(editor_.frames_[frame].path)) != vrf) take_addresses_off(frame, fmt::format("enabling VRF {}", vrf));
  }
  if (row.action == Action::StandbyLine) return objects_to_group(frame, line);
  return row.action == Action::InterfaceAddress && line.has("mask") && objects_to_address(frame, line);
}

/// An address of the network itself, its broadcast, or in a network of another interface.
bool LineApplier::objects_to_address(std::size_t frame, const Line& line) {
  const auto network = network_of(line);
  if (!network) return false;
  constexpr int kPointToPoint = 31;
  const auto address = *IpAddress::try_parse(line.value("address"));
  const bool is_end = address == network->address() || address == network->last();
  if (network->length() < kPointToPoint && is_end) {
    refuse_in_words(fmt::format("Bad mask /{} for address {}", network->length(), line.value("address")));
    return true;
  }
  const auto& own = *line_at(editor_.frames_[frame].path);
  auto& index = editor_.addresses_;
  if (!index) index = index_of(*editor_.document_);
  const auto other = find_overlap(*editor_.document_, *index, own, *network);
  if (other.empty()) {
    index->add(vrf_of(own), *network, own.value("name"));
    return false;
  }
  refuse_in_words(fmt::format("% {} overlaps with {}", network->address().to_string(), other));
  return true;
}

bool LineApplier::objects_to_range(const Line& line) {
  const auto prefix = Prefix::parse(line.value("prefix"));
  if (!prefix) return false;
  const auto length = static_cast<std::uint32_t>(prefix->length());
  const auto ge = parse_number<std::uint32_t>(line.value("ge"));
  const auto le = parse_number<std::uint32_t>(line.value("le"));
  if ((!ge || *ge > length) && (!le || *le > length) && (!ge || !le || *ge <= *le)) return false;
  refuse_in_words(fmt::format("% Invalid prefix range for {}, make sure: len < ge-value <= le-value", line.value("prefix")));
  return true;
}

/// Version 1 has groups up to 255.
bool LineApplier::objects_to_group(std::size_t frame, const Line& line) {
  constexpr std::uint32_t kLast = 255;
  const auto group = parse_number<std::uint32_t>(line.value("group")).value_or(0);
  if (group <= kLast || line.has_keyword("version")) return false;
  const auto& lines = line_at(editor_.frames_[frame].path)->children;
  const bool is_version_2 = std::any_of(lines.begin(), lines.end(), [](const Line& other) {
    return is_command(other) && other.row->row.action == Action::StandbyLine && other.has_keyword("version") && other.has_keyword("2");
  });
  if (is_version_2) return false;
  refuse_in_words(fmt::format("% HSRP version 1 has no group {}: its groups are 0 to {} (enter `standby version 2` first)", group, kLast));
  return true;
}

namespace {

/// `ip address ...` for "ip".
bool is_address_line(const Line& line, std::string_view family) {
  return line.words.size() > 1 && line.words[0].text == family && line.words[1].text == "address";
}

}  // namespace

/// Who moves an interface into another VRF gives it its addresses anew.
void LineApplier::take_addresses_off(std::size_t frame, std::string_view why) {
  const auto interface = line_at(editor_.frames_[frame].path)->value("name");
  const auto take = [&](std::string_view family) {
    const auto taken = siblings(frame).remove_if([&](const Line& other) {
      return other.kind == LineKind::Command && is_address_line(other, family);
    });
    const auto name = family == "ip" ? "IPv4" : "IPv6";
    if (taken > 0) result_.notes.push_back(fmt::format("% Interface {} {} disabled and address(es) removed due to {}", interface, name, why));
  };
  take("ip");
  take("ipv6");
}

/// A VRF that goes takes its interfaces' membership and addresses along.
void LineApplier::empty_vrf(std::string_view vrf) {
  std::size_t taken = 0;
  for (auto& interface : editor_.document_->lines) {
    if (!is_interface(interface) || vrf_of(interface) != vrf) continue;
    taken += static_cast<std::size_t>(std::erase_if(interface.children, [](const Line& line) {
      if (!is_command(line)) return false;
      return is_address_line(line, "ip") || is_address_line(line, "ipv6") || line.row->row.pattern.find("vrf forwarding") != std::string_view::npos;
    }));
  }
  if (taken > 0) result_.notes.push_back(fmt::format("% IPv4 and IPv6 addresses from all interfaces in VRF {} have been removed", vrf));
}

bool LineApplier::objects_to_transforms(const Line& line) {
  constexpr std::size_t kFirst = 4;  // crypto ipsec transform-set NAME
  std::array<bool, 5> seen{};
  for (auto i = kFirst; i < line.words.size(); ++i) {
    const auto kind = kind_of_transform(line.words[i].text);
    auto& is_taken = seen[static_cast<std::size_t>(kind)];
    if (kind != TransformKind::None && is_taken) {
      result_.outcome = LineResult::Outcome::Refused;
      result_.refusal = LineResult::Refusal::Invalid;
      result_.caret_column = lexed_.words[i].column;
      return true;
    }
    is_taken = true;
  }
  const bool has_aead = std::any_of(line.words.begin() + kFirst, line.words.end(), [](const auto& word) { return word.text == "esp-gcm" || word.text == "esp-gmac"; });
  if (!has_aead || !seen[static_cast<std::size_t>(TransformKind::EspHash)]) return false;
  refuse_in_words("ERROR: Invalid transform proposal: a cipher that authenticates by itself takes no esp-hmac beside it");
  return true;
}

/// It may be a device of Linux that no section names, or one that comes later in a paste.
void LineApplier::warn_of_missing_interface(const Line& line) {
  const auto name = line.value("interface");
  const auto& lines = editor_.document_->lines;
  const bool is_there = name == "Null0" || std::any_of(lines.begin(), lines.end(), [&](const Line& other) {
    return is_command(other) && other.row->row.opens == Mode::Interface && other.value("name") == name;
  });
  if (!is_there) result_.notes.push_back(fmt::format("% NOTE: interface {} is not configured here: the route waits for a device of that name", name));
}

void LineApplier::warn_of_missing_map(const Line& line) {
  const auto name = line.value("map");
  const auto& lines = editor_.document_->lines;
  const bool is_there = std::any_of(lines.begin(), lines.end(), [&](const Line& other) { return is_named(other, "map", name); });
  if (!is_there) result_.notes.push_back(fmt::format("% NOTE: crypto map {} does not exist yet: it does nothing until it is configured", name));
}

bool LineApplier::objects_to_no_address(std::size_t frame, const RowMatch& match) {
  const auto line = make_line(match, {});
  const auto& lines = line_at(editor_.frames_[frame].path)->children;
  const auto is_address = [&](const Line& other, bool secondary) {
    return other.kind == LineKind::Command && other.row == match.row && other.has("mask") && other.has_keyword("secondary") == secondary;
  };
  const bool is_primary = std::any_of(lines.begin(), lines.end(), [&](const Line& other) { return is_address(other, false) && other.value("address") == line.value("address"); });
  const bool has_secondary = std::any_of(lines.begin(), lines.end(), [&](const Line& other) { return is_address(other, true); });
  if (!is_primary || !has_secondary || line.has_keyword("secondary")) return false;
  refuse_in_words("Must delete secondary before deleting primary");
  return true;
}

bool LineApplier::objects_to_no(std::size_t frame, const RowMatch& match) {
  if (match.row->row.action == Action::InterfaceAddress) return objects_to_no_address(frame, match);
  const auto line = make_line(match, {});
  if (match.row->row.pattern.find("vrf forwarding") != std::string_view::npos) {
    const auto vrf = vrf_of(*line_at(editor_.frames_[frame].path));
    if (!vrf.empty()) take_addresses_off(frame, fmt::format("disabling VRF {}", vrf));
    return false;
  }
  if (line.has("seq") || !line.has("name")) return false;
  const auto name = line.value("name");
  const auto opens = match.row->row.opens;
  if (opens == Mode::VrfDefinition || opens == Mode::IpVrf) {
    empty_vrf(name);
    return false;
  }
  if (opens == Mode::Interface && !is_default_ && is_configured_port(*editor_.document_, name)) {
    refuse_in_words("% Removal of physical interfaces is not permitted.");
    return true;
  }
  if (match.row->row.action == Action::CryptoMapEntry) {
    const auto users = users_of_map(*editor_.document_, name);
    if (users.empty()) return false;
    refuse_in_words(fmt::format("% Crypto-map {} is in use by interface(s): {}. Please remove the crypto map from the above interface(s) first", name, users));
    return true;
  }
  if (opens != Mode::DynamicMap) return false;
  const auto user = user_of_dynamic_map(*editor_.document_, name);
  if (user.empty()) return false;
  refuse_in_words(fmt::format("% Dynamic crypto map {} is in use by crypto map {}. Please remove that entry first", name, user));
  return true;
}

}  // namespace rri
