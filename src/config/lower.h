// config/lower.h -- from lines to the typed Config, area by area.
//
// Every function takes one line (with its children) that a grammar row took, so
// its values are well-formed; what can still be wrong is how lines fit together.
// Carried and refused lines are skipped; a refused one marks its crypto entry.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/document.h"
#include "config/mode.h"

namespace rri {

/// In front of the name of a standard list where Config has it (model/config.h).
inline constexpr std::string_view kStandardLists = "standard ";

/// A network object group before it is expanded into access list lines.
struct ObjectGroup {
  std::vector<Wildcard> networks;
  std::vector<std::string> groups;  // nested ones, by name
};

/// Where a name is used, for the checks that need the whole.
struct Reference {
  std::string_view kind;  // "transform set", "access list", ...
  std::string name;
  TextPosition position;
};

struct Lowering {
  Config config;
  std::vector<Diagnostic> diagnostics;
  std::map<std::string, ObjectGroup> groups;
  std::map<std::string, TextPosition> transform_sets;
  std::map<std::string, TextPosition> keyrings;
  std::vector<Reference> references;
  // The `standby N name X` lines, by interface and group.
  std::map<std::pair<std::string, std::uint32_t>, TextPosition> standby_names;
  // The `match address` line of each static entry, by map and sequence.
  std::map<std::pair<std::string, std::uint32_t>, TextPosition> match_lines;
  // The `set isakmp-profile` or `set ikev2-profile` line of each entry, by map and sequence.
  std::map<std::pair<std::string, std::uint32_t>, TextPosition> profile_lines;

  void note(TextPosition position, std::string text) {
    diagnostics.push_back({Severity::Notice, position, std::move(text)});
  }
};

/// Whether the line begins with these keywords.
bool begins_with(const Line& line, std::string_view keywords);

/// A line that is taken and means something else here, with what: "`TEXT`: REASON" at its place, no secret in it.
UnusedLine told(const Line& line, std::string_view reason);

/// "line N: reason" of a refused line.
std::string refusal_text(const Line& line);

/// The first refusal among the lines of a section, "" when there is none.
std::string first_refusal(const Line& section);

/// The values of a line, typed. The row made sure that they are what they are.
IpAddress address_value(const Line& line, std::string_view slot);
std::uint32_t number_value(const Line& line, std::string_view slot, std::uint32_t otherwise = 0);
std::string text_value(const Line& line, std::string_view slot);
RouteFormSetting route_form_value(const Line& line);
/// The network of an identity or key: a mask that is left out means a host, but
/// 0.0.0.0 alone means everybody, as IOS reads it.
std::optional<Prefix> scope_value(const Line& line);

void lower_vrf(const Line& line, Lowering& out);
void lower_rri(const Line& line, Lowering& out);
void lower_interface(const Line& line, Lowering& out);
void lower_standby(const Line& line, Interface& interface);
void lower_static_route(const Line& line, Lowering& out);
void lower_prefix_list_entry(const Line& line, Lowering& out);
void lower_object_group(const Line& line, Lowering& out);
void lower_access_list(const Line& line, Lowering& out);
void lower_crypto_map(const Line& line, Lowering& out);
void lower_dynamic_map(const Line& line, Lowering& out);
void lower_ipsec_profile(const Line& line, Lowering& out);
void lower_isakmp_profile(const Line& line, Lowering& out);
void lower_ikev2_profile(const Line& line, Lowering& out);
void lower_keyring(const Line& line, Lowering& out);
void lower_ikev2_keyring(const Line& line, Lowering& out);
void lower_crypto_identity(const Line& line, Lowering& out);
/// What profiles take by `match certificate`; what of it strongSwan cannot compare is told.
void lower_certificate_maps(const Document& document, Config& out);
void lower_isakmp_key(const Line& line, Lowering& out);

// What only tunnels need (model/ike.h), beside the functions above.
void lower_tunnel_section(Mode opened, const Line& line, IkeConfig& out);
void lower_tunnel_line(const Line& line, IkeConfig& out);
void lower_tunnel_ends(const Line& interface_line, const std::string& interface, IkeConfig& out);
/// Carried lines from which one would expect a tunnel, and those that ask peers for a user; the domain name.
void lower_carried(const Document& document, Config& out);
/// Lines about IKE that charon carries out otherwise than IOS. Call it when all of IKE is lowered.
void lower_differences(const Document& document, Config& out);
/// A key with its scope: of `crypto isakmp key` or of a keyring's `pre-shared-key`.
KeyEntry key_entry(const Line& line);

/// Names that nothing defines, IVRF against FVRF, redundancy groups.
void check_references(Lowering& out);

}  // namespace rri
