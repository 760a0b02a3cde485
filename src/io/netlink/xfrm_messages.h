// io/netlink/xfrm_messages.h -- XFRM messages as values, in the kernel's numbers.
//
// A policy says which packets are protected and between which tunnel endpoints; an
// SA is the key for it, and is never told here. One is not the other: traps and
// holds are policies without an SA, and a rekey changes SAs below one policy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "net/address.h"
#include "net/prefix.h"

namespace rri::netlink {

/// XFRM_POLICY_IN and so on. Sockets of IKE daemons have policies with directions
/// beyond these.
enum class PolicyDirection : std::uint8_t { In = 0, Out = 1, Forward = 2 };
enum class PolicyAction : std::uint8_t { Allow = 0, Block = 1 };
/// XFRM_MODE_*.
enum class XfrmMode : std::uint8_t {
  Transport = 0,
  Tunnel = 1,
  RouteOptimization = 2,
  InTrigger = 3,
  Beet = 4
};

/// Which packets. Ports are in host order; a mask of zero means any port.
struct PolicySelector {
  Prefix source;
  Prefix destination;             // of the same family
  std::uint8_t protocol = 0;      // IPPROTO_*, 0: any
  std::uint16_t source_port = 0;  // of ICMP: the type
  std::uint16_t source_port_mask = 0;
  std::uint16_t destination_port = 0;  // of ICMP: the code
  std::uint16_t destination_port_mask = 0;
  std::uint32_t device = 0;  // interface index, 0: any
  std::uint32_t user = 0;    // told apart by it, but no packet is asked for it: a label

  friend auto operator<=>(const PolicySelector&, const PolicySelector&) = default;
};

struct XfrmMark {
  std::uint32_t value = 0;
  std::uint32_t mask = 0;

  friend auto operator<=>(const XfrmMark&, const XfrmMark&) = default;
};

/// What the kernel tells two policies of one direction apart by.
struct PolicyKey {
  PolicySelector selector;
  std::uint8_t direction = 0;  // PolicyDirection, or a socket's
  XfrmMark mark;
  std::uint32_t if_id = 0;
  std::uint8_t type = 0;  // XFRM_POLICY_TYPE_*

  friend auto operator<=>(const PolicyKey&, const PolicyKey&) = default;
};

/// One transformation that a policy asks for.
struct PolicyTemplate {
  IpAddress source;  // tunnel endpoints; unspecified in traps for any peer
  IpAddress destination;
  std::uint32_t spi = 0;      // host order, 0: any
  std::uint8_t protocol = 0;  // IPPROTO_ESP, IPPROTO_AH, IPPROTO_COMP
  std::uint32_t reqid = 0;
  XfrmMode mode{};
  bool optional = false;

  friend bool operator==(const PolicyTemplate&, const PolicyTemplate&) = default;
};

struct PolicyMessage {
  PolicyKey key;
  PolicyAction action{};
  std::uint32_t priority = 0;  // lower is asked first
  std::uint32_t index = 0;     // the kernel's; a request may leave it 0
  std::vector<PolicyTemplate> templates;

  friend bool operator==(const PolicyMessage&, const PolicyMessage&) = default;
};

/// What the kernel tells two SAs apart by.
struct SaKey {
  IpAddress destination;
  std::uint32_t spi = 0;  // host order
  std::uint8_t protocol = 0;
  XfrmMark mark;

  friend auto operator<=>(const SaKey&, const SaKey&) = default;
};

struct SaMessage {
  SaKey key;
  IpAddress source;
  std::uint32_t reqid = 0;
  XfrmMode mode{};
  std::uint32_t if_id = 0;
  std::uint64_t bytes = 0;  // so far
  std::uint64_t packets = 0;

  friend bool operator==(const SaMessage&, const SaMessage&) = default;
};

/// "cbc(aes)" with 128 bits: the kernel's name of an algorithm, and the length of its key.
struct SaAlgorithm {
  std::string name;  // "" where the SA has none
  std::uint32_t key_bits = 0;
  std::uint32_t check_bits = 0;  // of the integrity check, where the kernel tells it

  friend bool operator==(const SaAlgorithm&, const SaAlgorithm&) = default;
};

/// What people ask about an SA.
struct SaDetails {
  SaMessage sa;
  SaAlgorithm encryption;        // combined ciphers too
  SaAlgorithm integrity;
  std::uint64_t added = 0;       // seconds since 1970
  std::uint64_t soft_life = 0;   // seconds from then until the IKE daemon is to renew it, 0: no limit
  std::uint64_t hard_life = 0;   // seconds from then until it ends, 0: no limit
  std::uint64_t hard_bytes = 0;  // that may pass, 0: no limit
  std::uint32_t replay_window = 0;
  bool udp_encapsulated = false;

  friend bool operator==(const SaDetails&, const SaDetails&) = default;
};

/// A state without SPI: traffic waits for an SA with this peer.
struct AcquireMessage {
  IpAddress peer;
  PolicySelector packet;  // the first one that waits

  friend bool operator==(const AcquireMessage&, const AcquireMessage&) = default;
};

/// NEWPOLICY, UPDPOLICY; `gone`: DELPOLICY, hard POLEXPIRE.
struct PolicyNews {
  bool gone = false;
  PolicyMessage policy;
};
/// NEWSA, UPDSA; `gone`: DELSA, and hard EXPIRE, which no DELSA follows.
struct SaNews {
  bool gone = false;
  SaMessage sa;
};
/// FLUSHPOLICY, FLUSHSA: no message for each tells what went.
enum class FlushNews : std::uint8_t { Policies, Sas };

using XfrmNews = std::variant<PolicyNews, SaNews, FlushNews>;

}  // namespace rri::netlink
