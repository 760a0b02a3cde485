// core/tunnel_parts.h -- the parts of one connection: children, identities, keys.
//
// Internal to core/tunnel_*.cc.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/tunnel_plan.h"
#include "core/tunnel_proposals.h"
#include "model/sa_settings.h"

namespace rri::core {

/// Remarks, each said once.
class Remarks {
 public:
  void warn(TextPosition position, std::string text) { add({position, false, std::move(text)}); }
  void refuse(TextPosition position, std::string text) { add({position, true, std::move(text)}); }
  /// By line; empties this.
  std::vector<TunnelRemark> take();

 private:
  void add(TunnelRemark remark);
  std::vector<TunnelRemark> remarks_;
};

// ---- children ---------------------------------------------------------------

/// One pair of traffic selectors: from one permit line.
struct SelectorPair {
  std::string name;  // of the selectors, "10_0_0_0_24_to_10_1_0_0_16": the same wherever the line stands
  std::vector<std::string> local;
  std::vector<std::string> remote;
  std::optional<IpAddress> local_host;   // where the line names single hosts
  std::optional<IpAddress> remote_host;
  TextPosition position;
  bool may_start = true;  // false: another entry holds the traps for these selectors
};

struct SelectorRules {
  std::string entry;        // "crypto map mymap 10", for remarks
  bool holds_traps = true;  // `permit ip any any` would take everything
  bool ikev1 = false;       // one selector a side, no port ranges
};

/// The permit lines of the lists, one pair for each source and destination.
std::vector<SelectorPair> selector_pairs(const std::vector<const AccessList*>& lists, const SelectorRules& rules,
                                         Remarks& remarks);

/// What all children of one entry have in common.
struct ChildSettings {
  std::vector<std::string> esp;
  std::vector<std::string> ah;
  bool transport = false;           // where the selectors are the endpoints themselves; a child has one mode: of all sets
  bool transport_required = false;
  SaSettings sa;
  std::string start_action;         // "trap", "start", "none"
  bool starts_again = false;        // when it is gone: nothing else calls
};

/// Gives the new section: valid until `children` changes.
CharonSection& write_child(CharonSection& children, const std::string& name, const SelectorPair& pair,
                           const ChildSettings& settings, bool transport);

/// The proposals of the entry's transform sets, or IOS's default; nothing, with
/// remarks, when none is usable.
bool set_transforms(ChildSettings& out, const std::vector<std::string>& names, const EntryTunnels& entry,
                    const Config& config, const std::string& entry_name, Remarks& remarks);

/// Whether a line asks for nothing but addresses, protocol and ports.
bool is_only_logging(std::string_view options);
/// Whether a line's protocol means all of them.
bool is_any_protocol(std::string_view protocol);

// ---- identities ---------------------------------------------------------------

/// As charon reads it: "fqdn:hub.example.com", "*@example.com", "10.1.1.1"; "" when it cannot say it.
std::string charon_identity(const IkeIdentity& identity, const std::string& hostname);
/// Of a `match identity` condition; "%any" for those that take everybody.
std::string charon_identity(const IdentityMatch& match);
bool has_wildcard(const std::string& identity);

// ---- keys -----------------------------------------------------------------------

struct KeyQuery {
  std::vector<std::string> keyrings;  // of the profile, in order
  bool ikev2 = false;
  std::string vrf;                    // front-door
  std::vector<std::string> local;     // our addresses; empty: not known
};

/// Whether a keyring's `local-address` is one of ours there, or it has none; and that address, "" for none.
bool takes_local(const Keyring& ring, const std::vector<std::string>& local, const Config& config);
std::string local_address_of(const Keyring& ring, const Config& config);

/// The lists of keys that a profile may use: its keyrings, or else the global ones. Keyrings of
/// another local address are left out.
std::vector<const std::vector<KeyEntry>*> key_lists(const KeyQuery& query, const Config& config);

/// The key for one peer: longest address first, then its host name or identity.
const KeyEntry* find_key(const std::vector<const std::vector<KeyEntry>*>& lists, const std::optional<IpAddress>& peer,
                         const std::string& host, const std::string& identity);

/// All addresses of a network without these: the first kMaxExcludedAddresses of them.
std::vector<Prefix> all_but(std::vector<IpAddress> excluded, const Prefix& network);

/// How exactly a key's owners say whose it is; kExactOwners where each is one peer. charon asks only whether an owner
/// is the peer itself or a pattern that takes it, and of several patterns the key loaded last has it.
int exactness(const std::vector<std::string>& owners);
inline constexpr int kExactOwners = 1000;

/// Collects keys for charon, one for each set of owners.
class KeyBook {
 public:
  explicit KeyBook(Remarks& remarks) : remarks_(remarks) {}

  /// `owners` may be empty (anybody). A second key for the same owners is told and not taken.
  void add(const Secret& secret, std::vector<std::string> owners, TextPosition position);
  /// Those that say their peers best come last.
  std::vector<CharonKey> take();

 private:
  Remarks& remarks_;
  std::map<std::vector<std::string>, std::pair<std::string, TextPosition>> keys_;
};

}  // namespace rri::core
