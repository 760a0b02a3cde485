#include "config/lower.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.h"
#include "base/text.h"
#include "config/grammar.h"
#include "config/lexer.h"
#include "config/matcher.h"
#include "config/siblings.h"

namespace rri {
namespace {

void lower_opened(Mode opened, const Line& line, Lowering& out) {
  switch (opened) {
    case Mode::VrfDefinition:
    case Mode::IpVrf: return lower_vrf(line, out);
    case Mode::Interface: return lower_interface(line, out);
    case Mode::AclStandard:
    case Mode::AclExtended:
    case Mode::AclIpv6: return lower_access_list(line, out);
    case Mode::CryptoMap: return lower_crypto_map(line, out);
    case Mode::DynamicMap: return lower_dynamic_map(line, out);
    case Mode::IpsecProfile: return lower_ipsec_profile(line, out);
    case Mode::IsakmpProfile: return lower_isakmp_profile(line, out);
    case Mode::Ikev2Profile: return lower_ikev2_profile(line, out);
    case Mode::Keyring: return lower_keyring(line, out);
    case Mode::Ikev2Keyring: return lower_ikev2_keyring(line, out);
    case Mode::Rri: return lower_rri(line, out);
    case Mode::TransformSet: out.transform_sets[text_value(line, "name")] = line.position; return;
    case Mode::Track:
      out.config.tracked_interfaces[number_value(line, "number")] = text_value(line, "interface");
      return;
    case Mode::CryptoIdentity: return lower_crypto_identity(line, out);
    case Mode::CertificateMap:  // lowered last: profiles name them
    case Mode::Line:  // app/sessions.h
    case Mode::ObjectGroup:  // lowered first: access lists are expanded with them
    case Mode::IsakmpPolicy:
    case Mode::Ikev2Proposal:
    case Mode::Ikev2Policy:
    case Mode::Ikev2Peer:
    case Mode::VrfFamily:
    case Mode::Global:
    case Mode::Opaque: return;
  }
}

void lower_map_setting(const Line& line, Lowering& out) {
  auto& map = out.config.crypto_maps[text_value(line, "name")];
  map.name = text_value(line, "name");
  if (line.has("interface")) {
    map.local_address_interface = text_value(line, "interface");
    out.references.push_back({"interface", map.local_address_interface, line.position});
  }
  if (!line.has("profile")) return;
  map.isakmp_profile = text_value(line, "profile");
  out.references.push_back({"isakmp profile", map.isakmp_profile, line.position});
}

/// Lists that are written line by line: a refused line marks its list.
void lower_refused(const Line& line, Lowering& out) {
  const auto lexed = lex_line(line.words[0].text);
  const auto matched = match_line(Mode::Global, lexed, 0, false);
  const CompiledRow* row = matched.misfit ? matched.misfit->row : nullptr;
  if (matched.fits()) row = matched.matches.front().row;
  if (row == nullptr) return;
  const auto mark = [&](auto& lists, std::size_t name_word, Family family, std::string_view key_lead = {}) {
    if (name_word >= lexed.words.size()) return;
    const std::string name(lexed.words[name_word].text);
    auto& list = lists[std::string(key_lead) + name];
    list.name = name;
    list.family = family;
    if (list.error.empty()) list.error = refusal_text(line);
  };
  if (row->row.action == Action::NumberedAclEntry) {
    const bool is_standard = lexed.words.size() > 1 && is_standard_number(lexed.words[1].text);
    mark(out.config.access_lists, 1, Family::V4, is_standard ? kStandardLists : "");
  }
  if (row->row.action != Action::PrefixListEntry) return;
  const bool ipv6 = row->row.pattern.starts_with("ipv6");
  mark(ipv6 ? out.config.ipv6_prefix_lists : out.config.prefix_lists, 2, ipv6 ? Family::V6 : Family::V4);
}

void lower_all_refused(const std::vector<Line>& lines, Lowering& out) {
  for (const auto& line : lines) {
    if (line.kind == LineKind::Refused) lower_refused(line, out);
    if (is_command(line)) lower_all_refused(line.children, out);
  }
}

void lower_line(const Line& line, Lowering& out) {
  const auto& row = line.row->row;
  if (line.kind == LineKind::Negated) {
    if (begins_with(line, "ip routing")) out.config.ip_routing = false;
    return;
  }
  if (row.opens) {
    lower_tunnel_section(*row.opens, line, out.config.ike);
    return lower_opened(*row.opens, line, out);
  }
  lower_tunnel_line(line, out.config.ike);
  if (begins_with(line, "hostname")) {
    out.config.hostname = text_value(line, "name");
  } else if (begins_with(line, "ip route") || begins_with(line, "ipv6 route")) {
    lower_static_route(line, out);
  } else if (is_container(line)) {
    for (const auto& entry : line.children) lower_prefix_list_entry(entry, out);
  } else if (begins_with(line, "crypto map")) {
    lower_map_setting(line, out);
  } else if (begins_with(line, "crypto isakmp key")) {
    lower_isakmp_key(line, out);
  }
}

}  // namespace

std::string refusal_text(const Line& line) { return fmt::format("line {}: {}", line.position.line, line.reason); }

std::string first_refusal(const Line& section) {
  for (const auto& child : section.children) {
    if (child.kind == LineKind::Refused) return refusal_text(child);
  }
  return {};
}

bool begins_with(const Line& line, std::string_view keywords) {
  std::size_t index = 0;
  for (const auto keyword : split_words(keywords)) {
    if (index >= line.words.size() || !line.words[index].is_keyword || line.words[index].text != keyword) return false;
    ++index;
  }
  return true;
}

IpAddress address_value(const Line& line, std::string_view slot) {
  const auto text = line.value(slot);
  const auto address = IpAddress::try_parse(text.substr(0, text.find('/')));
  RRI_ASSERT(address.has_value());
  return *address;
}

std::uint32_t number_value(const Line& line, std::string_view slot, std::uint32_t otherwise) {
  return parse_number<std::uint32_t>(line.value(slot)).value_or(otherwise);
}

std::string text_value(const Line& line, std::string_view slot) { return std::string(line.value(slot)); }

Lowered lower_document(const Document& document) {
  Lowering out;
  for (const auto& line : document.lines) {
    if (is_command(line) && line.row->row.opens == Mode::ObjectGroup) lower_object_group(line, out);
  }
  for (const auto& line : document.lines) {
    if (is_command(line)) lower_line(line, out);
  }
  lower_all_refused(document.lines, out);
  lower_certificate_maps(document, out.config);
  lower_carried(document, out.config);
  lower_differences(document, out.config);
  check_references(out);
  std::stable_sort(out.diagnostics.begin(), out.diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.position.line < b.position.line;
  });
  return {std::move(out.config), std::move(out.diagnostics)};
}

}  // namespace rri
