// model/ike.h -- what the configuration says about IKE and IPsec, as plain values.
//
// core/tunnel_plan makes charon's connections from it. Only what the text says
// is here: an empty optional or list means that nothing was written, and what IOS
// does then is the planner's to know. Names refer to each other and may dangle.
//
// Secrets are of type Secret, which nothing formats or prints by itself: only
// reveal() gives the text, and only what hands it to the IKE daemon calls that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/position.h"
#include "net/address.h"
#include "net/prefix.h"

namespace rri {

/// A pre-shared key. `Encrypted` is IOS's type 6, which only the router that wrote
/// it can read.
class Secret {
 public:
  enum class Form : std::uint8_t { Clear, Encrypted, Hex };

  Secret() = default;
  Secret(Form form, std::string text) : form_(form), text_(std::move(text)) {}

  [[nodiscard]] Form form() const { return form_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  /// The text as written; call it only to hand it to the IKE daemon.
  [[nodiscard]] const std::string& reveal() const { return text_; }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  Form form_ = Form::Clear;
  std::string text_;
};

enum class AuthMethod : std::uint8_t { PreShared, RsaSignature, RsaEncryption, EcdsaSignature, Eap };

/// `crypto isakmp policy N`. What is not written has IOS's default: DES, SHA-1,
/// RSA signatures, group 1, a day.
struct IsakmpPolicy {
  std::string encryption = "des";  // "des", "3des", "aes 128", "gcm 256"
  std::string hash = "sha";
  AuthMethod authentication = AuthMethod::RsaSignature;
  std::uint32_t group = 1;
  std::uint32_t lifetime_seconds = 86400;
  TextPosition position;

  friend bool operator==(const IsakmpPolicy&, const IsakmpPolicy&) = default;
};

/// `crypto ikev2 proposal NAME`, words as IOS has them: "aes-cbc-256", "sha512".
struct Ikev2Proposal {
  std::vector<std::string> encryption;
  std::vector<std::string> integrity;
  std::vector<std::string> prf;
  std::vector<std::string> groups;  // "14"
  TextPosition position;

  friend bool operator==(const Ikev2Proposal&, const Ikev2Proposal&) = default;
};

struct Ikev2Policy {
  std::string front_door_vrf;  // "" when none is written, "any" as written
  std::vector<IpAddress> local_addresses;
  std::vector<std::string> proposals;  // in order
  TextPosition position;

  friend bool operator==(const Ikev2Policy&, const Ikev2Policy&) = default;
};

/// One IKE identity that we have, send or expect.
struct IkeIdentity {
  enum class Kind : std::uint8_t { Address, Fqdn, Email, KeyId, DistinguishedName };
  Kind kind{};
  std::string text;  // an address as text; "" of Address: the local one; "" of Fqdn: the host name
  bool domain = false;  // the text is a domain: it and everything below it

  friend bool operator==(const IkeIdentity&, const IkeIdentity&) = default;
};

/// `local-address` of a keyring, profile: an interface (IOS name) or an address.
struct LocalAddress {
  std::string interface;
  std::optional<IpAddress> address;

  friend bool operator==(const LocalAddress&, const LocalAddress&) = default;
};

/// A pre-shared key and whom it is for: one line of `crypto isakmp key` or of a
/// keyring, or one peer of an ikev2 keyring.
struct KeyEntry {
  std::optional<Prefix> address;  // length 0: everybody
  std::string host;               // `hostname HOST`
  std::optional<IkeIdentity> identity;  // ikev2 keyring
  Secret local;                   // what we prove ourselves with; IKEv1 has one key for both sides
  Secret remote;
  TextPosition position;

  friend bool operator==(const KeyEntry&, const KeyEntry&) = default;
};

struct Keyring {
  std::string vrf = "default";  // front-door VRF
  LocalAddress local_address;
  std::vector<KeyEntry> keys;   // in the order written

  friend bool operator==(const Keyring&, const Keyring&) = default;
};

/// `crypto isakmp keepalive`, `keepalive` and `dpd` of profiles.
struct Keepalive {
  std::uint32_t interval_seconds = 0;
  std::uint32_t retry_seconds = 2;
  bool periodic = false;
  TextPosition position;

  friend bool operator==(const Keepalive&, const Keepalive&) = default;
};

/// `ca trust-point NAME` of an isakmp profile, `pki trustpoint NAME [sign | verify]` of an ikev2 one.
struct TrustpointUse {
  std::string name;
  bool signs = true;      // our certificate is its
  bool verifies = true;   // the peer's certificate is its authority's
  TextPosition position;

  friend bool operator==(const TrustpointUse&, const TrustpointUse&) = default;
};

/// What `crypto pki trustpoint NAME` says of the certificate that belongs to it.
struct Trustpoint {
  std::string subject;  // `subject-name`
  std::string fqdn;     // "" also for `fqdn none`

  friend bool operator==(const Trustpoint&, const Trustpoint&) = default;
};

/// What an isakmp or ikev2 profile says beyond model/config.h's IkeProfile.
struct IkeProfileSettings {
  std::optional<IkeIdentity> local_identity;
  std::vector<AuthMethod> local_auth;    // ikev2 `authentication local`
  std::vector<AuthMethod> remote_auth;
  Secret local_key;                      // `authentication local pre-share key ...`
  Secret remote_key;
  std::vector<TrustpointUse> trustpoints;
  LocalAddress local_address;            // isakmp `local-address`, ikev2 `match address local`
  bool aggressive = false;               // `initiate mode aggressive`
  bool asks_for_user = false;            // isakmp `client authentication list`: XAUTH
  std::optional<Keepalive> keepalive;
  std::optional<std::uint32_t> lifetime_seconds;
  bool match_certificate = false;
  bool virtual_template = false;
  TextPosition position;

  friend bool operator==(const IkeProfileSettings&, const IkeProfileSettings&) = default;
};

struct TransformSet {
  std::vector<std::string> transforms;  // "esp-aes 256", "esp-sha256-hmac"
  bool transport = false;
  bool transport_required = false;
  TextPosition position;

  friend bool operator==(const TransformSet&, const TransformSet&) = default;
};

/// `security-association ...` of the whole configuration or of one entry.
inline constexpr std::uint32_t kDefaultReplayWindow = 64;  // IOS
struct SaSettings {
  std::optional<std::uint32_t> lifetime_seconds;
  std::optional<std::uint64_t> lifetime_kilobytes;  // 0: disabled
  std::optional<std::uint32_t> idle_seconds;
  std::optional<std::uint32_t> replay_window;       // packets; 0: disabled

  friend bool operator==(const SaSettings&, const SaSettings&) = default;
};

/// A line that is right on IOS and that no IKE daemon here can carry out.
struct UnusedLine {
  std::string text;
  TextPosition position;

  friend bool operator==(const UnusedLine&, const UnusedLine&) = default;
};

/// What one crypto map entry, dynamic-map template or ipsec profile says about
/// its tunnels; the rest of it is in model/config.h's CryptoEntry.
struct EntryTunnels {
  SaSettings sa;
  bool idle_to_default = false;         // `idle-time N default`
  std::optional<std::uint32_t> pfs_group;
  std::string identity;                 // `set identity`
  TextPosition identity_position;
  bool responder_only = false;
  std::vector<std::string> transform_sets;  // of ipsec profiles
  std::vector<UnusedLine> unused;
  TextPosition position;
  TextPosition match_position;          // of `match address`
  TextPosition transform_position;      // of `set transform-set`
  std::vector<TextPosition> peer_positions;

  friend bool operator==(const EntryTunnels&, const EntryTunnels&) = default;
};

/// `tunnel ...` of an interface with `tunnel protection`.
struct TunnelEnds {
  std::string source_interface;           // or
  std::optional<IpAddress> source;
  std::optional<IpAddress> destination;
  std::string destination_host;
  std::string mode;                       // "gre ip" when not written
  std::string vrf;                        // `tunnel vrf`
  std::string isakmp_profile;             // of the `tunnel protection` line: before the ipsec profile's own
  std::string ikev2_profile;
  std::optional<std::uint32_t> key;
  TextPosition position;                  // of `tunnel protection`, else of the interface

  friend bool operator==(const TunnelEnds&, const TunnelEnds&) = default;
};

/// Everything about IKE in one configuration.
struct IkeConfig {
  using EntryKey = std::pair<std::string, std::uint32_t>;  // name and sequence

  std::map<std::uint32_t, IsakmpPolicy> isakmp_policies;  // by priority
  std::vector<KeyEntry> isakmp_keys;                      // `crypto isakmp key`
  IkeIdentity isakmp_identity;                            // address by default
  std::optional<Keepalive> keepalive;
  bool aggressive_disabled = false;                       // `crypto isakmp aggressive-mode disable`
  std::map<std::string, Keyring> keyrings;                // IKEv1 and IKEv2 have names of their own
  std::map<std::string, Keyring> ikev2_keyrings;
  std::map<std::string, Ikev2Proposal> ikev2_proposals;
  std::map<std::string, Ikev2Policy> ikev2_policies;
  std::map<std::string, IkeProfileSettings> isakmp_profiles;
  std::map<std::string, IkeProfileSettings> ikev2_profiles;
  std::map<std::string, Trustpoint> trustpoints;
  std::map<std::string, TransformSet> transform_sets;
  SaSettings sa;                                          // `crypto ipsec security-association ...`
  std::map<EntryKey, EntryTunnels> map_entries;
  std::map<EntryKey, EntryTunnels> dynamic_entries;
  std::map<std::string, EntryTunnels> ipsec_profiles;
  std::map<std::string, TunnelEnds> tunnels;              // by interface
  std::set<std::string> maps_asking_for_user;             // `crypto map NAME client authentication list`
  std::vector<UnusedLine> unused;                         // outside of entries, each with its reason

  friend bool operator==(const IkeConfig&, const IkeConfig&) = default;
};

}  // namespace rri
