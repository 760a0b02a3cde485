// model/charon.h -- connections and keys as charon takes them, before anything
// of its two languages (swanctl.conf and VICI messages) comes in.
//
// A Section is an ordered tree of settings with the names of swanctl.conf.
// core/swanctl_text.h writes it as a file, io/vici/connection_message.h as messages.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/position.h"
#include "model/sa.h"

namespace rri {

struct CharonSection;

/// One setting: text, a list, or a section.
struct CharonSetting {
  std::string name;
  std::variant<std::string, std::vector<std::string>, std::vector<CharonSection>> value;  // a section: exactly one

  friend bool operator==(const CharonSetting&, const CharonSetting&);
};

struct CharonSection {
  std::vector<CharonSetting> settings;  // in the order they are written

  void set(std::string name, std::string value);
  void set_list(std::string name, std::vector<std::string> values);
  CharonSection& section(std::string name);  // valid until the next call that adds something

  [[nodiscard]] const CharonSetting* find(std::string_view name) const;
  [[nodiscard]] std::string_view text(std::string_view name) const;  // "" when absent
  [[nodiscard]] const std::vector<std::string>& list(std::string_view name) const;  // empty when absent
  [[nodiscard]] const CharonSection* find_section(std::string_view name) const;

  friend bool operator==(const CharonSection&, const CharonSection&) = default;
};

/// A connection: one crypto map entry with one peer, or one template for any peer.
struct CharonConnection {
  std::string name;                // "rri-mymap-10-198_51_100_2"
  std::optional<EntryName> entry;  // none: of a tunnel interface
  CharonSection settings;          // with a section `children`
  Millis patience{};               // how long an IKEv2 peer may leave a request unanswered; 0: charon decides

  friend bool operator==(const CharonConnection&, const CharonConnection&) = default;
};

/// A pre-shared key. Nothing prints `data` but what hands it to charon.
struct CharonKey {
  std::string id;                   // "rri-..."
  std::vector<std::string> owners;  // identities; empty: anybody
  std::string data;                 // the key's bytes

  friend bool operator==(const CharonKey&, const CharonKey&) = default;
};

/// What a configuration has and charon cannot do, or cannot do yet.
struct TunnelRemark {
  TextPosition position;
  bool is_error = false;  // something of this entry is not loaded
  std::string text;

  friend bool operator==(const TunnelRemark&, const TunnelRemark&) = default;
};

/// Everything that charon shall have from us.
struct TunnelPlan {
  std::vector<CharonConnection> connections;  // by map, sequence, peer
  std::vector<CharonKey> keys;                // in the order to load them
  std::vector<TunnelRemark> remarks;          // by position
  std::set<std::string> undecided;            // connections to names that have no address yet: what charon has of them stays
  /// Children of every peer and template that is configured, by connection, also where it cannot be loaded now: as on
  /// IOS a key, a policy or a profile that goes ends no SA. Further connections of a peer have its name and "_...".
  std::map<std::string, std::set<std::string>> configured;

  [[nodiscard]] const CharonConnection* find(std::string_view connection) const;
  /// The configured children of a connection; nullptr where nothing stands for it any more.
  [[nodiscard]] const std::set<std::string>* find_configured(std::string_view connection) const;
};

/// "rri-": what all names of ours in charon begin with.
inline constexpr std::string_view kCharonPrefix = "rri-";

/// Name of an entry's connection. `tail` says which: a peer's address or a template.
std::string charon_connection_name(const EntryName& entry, std::string_view tail);

/// The entry that a connection name of ours stands for; nothing for other names
/// and for the connections of tunnel interfaces.
std::optional<EntryName> entry_of_connection(std::string_view name);

/// The tail of a template's connection; and the template that a name of ours stands for.
std::string charon_template_tail(std::uint32_t sequence);
std::optional<std::uint32_t> template_of_connection(std::string_view name);

/// `text` with all but letters, digits, '-' and '_' written as "+hh": swanctl.conf takes no
/// dots and colons in names.
std::string charon_name(std::string_view text);
/// Of an address, host name or identity, as a tail: '.' and ':' become '_', and what is no
/// letter or digit "+hh", so that no '-' of a host name is taken for the one before the tail.
std::string charon_address_name(std::string_view address);

}  // namespace rri
