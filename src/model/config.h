// model/config.h -- what the configuration says, as plain values.
//
// config/ makes it from IOS text; core/ reads it. Only what something acts on
// is here: every other line lives in config's Document, which is what gets
// rendered. Containers are ordered, so that nothing depends on hashing.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/position.h"
#include "model/ike.h"
#include "net/address.h"
#include "net/prefix.h"
#include "net/wildcard.h"

namespace rri {

// ---- access lists -------------------------------------------------------

/// Ports of one end of an access list line, both ends of the range included.
struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 65535;

  friend bool operator==(const PortRange&, const PortRange&) = default;
};

/// One line of an access list (a standard one: no destinations). Object groups are expanded here: every
/// source times every destination. `any` is a wildcard of all ones.
struct AclLine {
  std::uint32_t sequence = 0;
  bool permit = true;
  std::string protocol;                  // "ip", "tcp", "47", ...
  std::vector<Wildcard> sources;
  std::vector<Wildcard> destinations;
  std::vector<PortRange> source_ports;   // empty: all
  std::vector<PortRange> destination_ports;
  std::string options;                   // "established log", an ICMP type: what is no address, protocol or port
  std::string text;                      // canonical, without the sequence number
  TextPosition position;

  friend bool operator==(const AclLine&, const AclLine&) = default;
};

struct AccessList {
  std::string name;  // number or name
  Family family = Family::V4;
  std::vector<AclLine> lines;  // ascending sequence; remarks are not here
  std::string error;           // "line N: reason" of a refused line; entries that use it make no routes

  friend bool operator==(const AccessList&, const AccessList&) = default;
};

struct PrefixListLine {
  std::uint32_t sequence = 0;
  bool permit = true;
  Prefix prefix;
  std::optional<int> ge;
  std::optional<int> le;

  friend bool operator==(const PrefixListLine&, const PrefixListLine&) = default;
};

struct PrefixList {
  std::string name;
  Family family = Family::V4;
  std::vector<PrefixListLine> lines;  // ascending sequence
  std::string error;                  // as AccessList::error

  friend bool operator==(const PrefixList&, const PrefixList&) = default;
};

// ---- interfaces ---------------------------------------------------------

enum class RouteForm : std::uint8_t { Peer, Gateway, Interface, Device };

struct RouteFormSetting {
  RouteForm form = RouteForm::Peer;
  std::string device;  // only for RouteForm::Device

  friend bool operator==(const RouteFormSetting&, const RouteFormSetting&) = default;
};

struct InterfaceAddress {
  IpAddress address;
  int length = 0;
  bool secondary = false;

  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

struct StandbyGroup {
  std::uint32_t number = 0;
  std::string name;                          // "" when no `standby N name` line
  std::vector<IpAddress> virtual_addresses;  // first the primary one
  bool learns_address = false;               // `standby ip` without an address
  bool derives_address = false;              // `standby ipv6 autoconfig`
  int priority = 100;
  bool preempt = false;
  std::optional<int> preempt_delay_seconds;
  std::optional<Millis> hello;
  std::optional<Millis> hold;
  struct Track {
    std::uint32_t object = 0;
    std::optional<int> decrement;
    bool shutdown = false;
    friend bool operator==(const Track&, const Track&) = default;
  };
  std::vector<Track> tracks;
  std::string authentication;                // text after `authentication`
  std::optional<int> vrid;                   // `linux vrid`

  friend bool operator==(const StandbyGroup&, const StandbyGroup&) = default;
};

/// `crypto map NAME [redundancy GROUP [stateful]]` on an interface.
struct MapAttachment {
  std::string map;
  std::optional<std::string> redundancy_group;
  bool stateful = false;
  bool ipv6 = false;  // written as `ipv6 crypto map`

  friend bool operator==(const MapAttachment&, const MapAttachment&) = default;
};

struct Interface {
  std::string name;                       // canonical: "GigabitEthernet0/0/1"
  std::string description;
  std::string linux_device;               // `linux device DEV`, "" when not written
  std::string vrf;                        // "default" when none
  std::vector<InterfaceAddress> addresses;  // IPv4 and IPv6; primary first
  bool dhcp = false;                      // `ip address dhcp` or `negotiated`
  std::string unnumbered;                 // `ip unnumbered IF`
  bool shutdown = false;
  std::vector<MapAttachment> maps;        // at most one `crypto map` and one `ipv6 crypto map`; each map once
  std::vector<StandbyGroup> standby;      // ascending number
  int standby_version = 1;                // of HSRP; `standby version`
  int standby_delay_seconds = 0;          // the longest of `standby delay minimum | reload`
  std::optional<RouteFormSetting> route_form;
  std::string ipsec_profile;              // `tunnel protection ipsec profile`, "" when none
  TextPosition position;

  friend bool operator==(const Interface&, const Interface&) = default;
};

// ---- crypto -------------------------------------------------------------

struct PeerAddress {
  std::optional<IpAddress> address;  // none: `host` has to be resolved
  std::string host;
  bool dynamic = false;
  bool is_default = false;

  friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

/// The `reverse-route` and `set reverse-route` lines of one entry or profile.
struct ReverseRoute {
  bool enabled = false;
  bool is_static = false;
  bool remote_peer = false;               // the word `remote-peer`
  std::optional<IpAddress> remote_peer_address;
  bool remote_peer_is_gateway = false;    // the word `gateway` behind the address
  std::optional<std::uint8_t> distance;
  std::optional<std::uint32_t> tag;
  std::optional<IpAddress> gateway;       // `set reverse-route gateway`
  std::string accept_prefix_list;         // "" when none
  std::optional<std::uint32_t> maximum;

  friend bool operator==(const ReverseRoute&, const ReverseRoute&) = default;
};

/// What static crypto map entries and dynamic-map templates have in common.
struct CryptoEntry {
  std::uint32_t sequence = 0;
  std::string description;
  std::string match_address;              // "" when none
  std::vector<PeerAddress> peers;         // in the order written
  std::vector<std::string> transform_sets;
  std::string isakmp_profile;
  std::string ikev2_profile;
  ReverseRoute reverse_route;
  std::string dynamic_map;                // static map only: `ipsec-isakmp dynamic DYN`
  std::string ipsec_profile;              // static map only: `ipsec-isakmp profile PROF`
  bool has_error = false;                 // a line of it was refused: it makes no routes
  std::string error;                      // that line and the reason
  TextPosition position;

  friend bool operator==(const CryptoEntry&, const CryptoEntry&) = default;
};

struct CryptoMap {
  std::string name;
  std::string local_address_interface;    // `crypto map NAME local-address IF`
  std::string isakmp_profile;             // `crypto map NAME isakmp-profile P`
  std::map<std::uint32_t, CryptoEntry> entries;

  friend bool operator==(const CryptoMap&, const CryptoMap&) = default;
};

struct DynamicMap {
  std::string name;
  std::map<std::uint32_t, CryptoEntry> entries;

  friend bool operator==(const DynamicMap&, const DynamicMap&) = default;
};

/// One `match identity ...` condition, one number of a `match certificate` map, or one line of a
/// `crypto identity`. A profile takes an SA when one matches.
struct IdentityMatch {
  enum class Kind : std::uint8_t { Address, Host, HostDomain, User, UserDomain, Group, KeyId, Email, EmailDomain, Subject, Any };
  Kind kind{};
  std::string text;              // for all but Address and Any; Subject: what of the subject must be there, "" for any
  std::optional<Prefix> prefix;  // for Address
  std::string issuer{};          // Subject: as text, of an authority above the certificate
  friend bool operator==(const IdentityMatch&, const IdentityMatch&) = default;
};

/// `crypto isakmp profile` and `crypto ikev2 profile` as far as they name VRFs
/// and peers.
struct IkeProfile {
  std::string name;
  std::string inside_vrf;                     // isakmp `vrf`, ikev2 `ivrf`; "" when none
  std::optional<std::string> front_door_vrf;  // ikev2 `match fvrf`; "any" gives nothing
  std::vector<std::string> keyrings;
  std::vector<IdentityMatch> identities;
  TextPosition position;
  bool remote_pre_shared = true;  // false: `authentication remote` without pre-share
  std::string error;              // as AccessList::error

  friend bool operator==(const IkeProfile&, const IkeProfile&) = default;
};

/// Whom a pre-shared key is for. The key itself is not kept here.
struct PreSharedKeyScope {
  std::string keyring;            // "" for global `crypto isakmp key`
  std::string vrf;                // of the keyring; "default" when none
  std::optional<Prefix> address;  // length 0: a wildcard key
  std::string host;               // `hostname HOST`
  bool ikev2 = false;

  friend bool operator==(const PreSharedKeyScope&, const PreSharedKeyScope&) = default;
};

/// `crypto ipsec profile NAME`: reverse-route for tunnel interfaces.
struct IpsecProfile {
  std::string name;
  ReverseRoute reverse_route;
  std::string isakmp_profile;
  std::string ikev2_profile;
  bool rri_dvti_disable = false;
  std::string error;  // as AccessList::error; reverse_route is then off

  friend bool operator==(const IpsecProfile&, const IpsecProfile&) = default;
};

// ---- routing ------------------------------------------------------------

struct StaticRoute {
  std::string vrf;                    // "default" when none
  Prefix prefix;
  std::optional<IpAddress> next_hop;
  std::string next_hop_vrf;           // where it is looked up: `global`, `nexthop-vrf V`; "" for `vrf`
  std::string interface;              // canonical IOS name, "" when none
  bool null0 = false;
  std::uint8_t distance = 1;
  std::uint32_t tag = 0;
  std::string name;
  bool permanent = false;
  std::optional<std::uint32_t> track;
  TextPosition position;

  friend bool operator==(const StaticRoute&, const StaticRoute&) = default;
};

struct Vrf {
  std::string name;
  std::string route_distinguisher;
  bool ipv4 = false;  // `address-family ipv4`, or `ip vrf`
  bool ipv6 = false;

  friend bool operator==(const Vrf&, const Vrf&) = default;
};

// ---- the `rri` section (SPEC.md 2.3) ------------------------------------

struct StrongSwanSource {
  std::string socket = "/run/charon.vici";
  bool observe = false;
  friend bool operator==(const StrongSwanSource&, const StrongSwanSource&) = default;
};
struct XfrmSource {
  friend bool operator==(const XfrmSource&, const XfrmSource&) = default;
};

struct FrrSink {
  std::string directory = "/var/run/frr";
  friend bool operator==(const FrrSink&, const FrrSink&) = default;
};
struct KernelSink {
  std::uint8_t protocol = 213;
  friend bool operator==(const KernelSink&, const KernelSink&) = default;
};

struct RedundancySource {
  bool address_only = false;
  std::string fifo = "/run/rri/vrrp.fifo";
  friend bool operator==(const RedundancySource&, const RedundancySource&) = default;
};

enum class Choice : std::uint8_t { Auto, On, Off };

struct Settings {
  std::variant<StrongSwanSource, XfrmSource> ike;
  std::optional<TextPosition> ike_written;  // the `ike ...` line, when there is one
  std::variant<KernelSink, FrrSink> route;
  RouteFormSetting route_form;
  bool fail_closed = true;
  RedundancySource redundancy;
  Choice nexthop_objects = Choice::Auto;
  Seconds hold_down{3};
  Seconds grace{60};
  bool withdraw_on_exit = false;

  friend bool operator==(const Settings&, const Settings&) = default;
};

/// One committed configuration. Names are keys; all cross-references are by
/// name and may dangle (a notice, not an error).
struct Config {
  std::string hostname = "Router";
  bool ip_routing = true;
  Settings settings;
  std::map<std::string, Vrf> vrfs;
  std::map<std::string, Interface> interfaces;
  std::map<std::string, AccessList> access_lists;       // IPv4; standard ones as "standard NAME", so that no crypto map finds them
  std::map<std::string, AccessList> ipv6_access_lists;
  std::map<std::string, PrefixList> prefix_lists;       // IPv4
  std::map<std::string, PrefixList> ipv6_prefix_lists;
  std::map<std::string, CryptoMap> crypto_maps;
  std::map<std::string, DynamicMap> dynamic_maps;
  std::map<std::string, IkeProfile> isakmp_profiles;
  std::map<std::string, IkeProfile> ikev2_profiles;
  std::map<std::string, IpsecProfile> ipsec_profiles;
  std::map<std::string, std::vector<IdentityMatch>> identities;  // `crypto identity NAME`: one of them
  std::vector<PreSharedKeyScope> keys;
  IkeConfig ike;                                        // model/ike.h
  std::vector<StaticRoute> static_routes;               // in the order written
  std::map<std::uint32_t, std::string> tracked_interfaces;  // `track N interface IF line-protocol`

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace rri
