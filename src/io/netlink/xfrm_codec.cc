#include "io/netlink/xfrm_codec.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <sys/socket.h>

#include <cstddef>

#include "base/assert.h"
#include "io/netlink/attributes.h"
#include "io/netlink/limits.h"

namespace rri::netlink {
namespace {

constexpr std::uint64_t kNoLimit = XFRM_INF;

std::uint16_t address_family(Family family) { return family == Family::V4 ? AF_INET : AF_INET6; }

std::optional<Family> read_family(std::uint16_t number) {
  if (number == AF_INET) return Family::V4;
  if (number == AF_INET6) return Family::V6;
  return std::nullopt;
}

/// XFRM addresses are 16 bytes; of an IPv4 one the first four count.
IpAddress read_address(const xfrm_address_t& raw, Family family) {
  const auto bytes = bytes_of(raw).first(family == Family::V4 ? 4 : 16);
  return IpAddress::from_bytes(bytes).value_or(IpAddress{});
}

xfrm_address_t raw_address(const IpAddress& address) {
  xfrm_address_t raw{};
  std::memcpy(&raw, address.bytes().data(), address.bytes().size());
  return raw;
}

std::optional<PolicySelector> read_selector(const xfrm_selector& raw) {
  const auto family = read_family(raw.family);
  if (!family || raw.prefixlen_s > address_bits(*family) || raw.prefixlen_d > address_bits(*family)) {
    return std::nullopt;
  }
  return PolicySelector{Prefix(read_address(raw.saddr, *family), raw.prefixlen_s),
                        Prefix(read_address(raw.daddr, *family), raw.prefixlen_d),
                        raw.proto,
                        ntohs(raw.sport),
                        ntohs(raw.sport_mask),
                        ntohs(raw.dport),
                        ntohs(raw.dport_mask),
                        static_cast<std::uint32_t>(raw.ifindex),
                        raw.user};
}

xfrm_selector raw_selector(const PolicySelector& selector) {
  xfrm_selector raw{};
  raw.saddr = raw_address(selector.source.address());
  raw.daddr = raw_address(selector.destination.address());
  raw.prefixlen_s = static_cast<std::uint8_t>(selector.source.length());
  raw.prefixlen_d = static_cast<std::uint8_t>(selector.destination.length());
  raw.family = address_family(selector.destination.family());
  raw.proto = selector.protocol;
  raw.sport = htons(selector.source_port);
  raw.sport_mask = htons(selector.source_port_mask);
  raw.dport = htons(selector.destination_port);
  raw.dport_mask = htons(selector.destination_port_mask);
  raw.ifindex = static_cast<int>(selector.device);
  raw.user = selector.user;
  return raw;
}

XfrmMark read_mark(Bytes value) {
  const auto raw = read<xfrm_mark>(value).value_or(xfrm_mark{});
  return {raw.v, raw.m};
}

/// False where a template is of no known family, or there are too many.
bool read_templates(Bytes value, std::vector<PolicyTemplate>& templates) {
  for (std::size_t at = 0; at < value.size(); at += sizeof(xfrm_user_tmpl)) {
    const auto raw = read<xfrm_user_tmpl>(value, at);
    if (!raw || templates.size() == kMaxPolicyTemplates) return false;
    const auto family = read_family(raw->family);
    if (!family) return false;
    templates.push_back({read_address(raw->saddr, *family), read_address(raw->id.daddr, *family),
                         ntohl(raw->id.spi), raw->id.proto, raw->reqid, static_cast<XfrmMode>(raw->mode),
                         raw->optional != 0});
  }
  return true;
}

/// Fills in what stands in attributes, for each message that tells of a policy.
bool read_policy_attributes(Bytes bytes, PolicyMessage& policy) {
  AttributeReader attributes(bytes);
  while (const auto attribute = attributes.next()) {
    if (attribute->type == XFRMA_MARK) policy.key.mark = read_mark(attribute->value);
    if (attribute->type == XFRMA_IF_ID) policy.key.if_id = attribute->u32();
    if (attribute->type == XFRMA_POLICY_TYPE) policy.key.type = attribute->u8();
    if (attribute->type == XFRMA_TMPL && !read_templates(attribute->value, policy.templates)) return false;
  }
  return true;
}

std::optional<PolicyMessage> read_policy(Bytes info, Bytes attributes) {
  const auto raw = read<xfrm_userpolicy_info>(info);
  if (!raw) return std::nullopt;
  const auto selector = read_selector(raw->sel);
  if (!selector) return std::nullopt;
  PolicyMessage policy;
  policy.key.selector = *selector;
  policy.key.direction = raw->dir;
  policy.action = raw->action == XFRM_POLICY_ALLOW ? PolicyAction::Allow : PolicyAction::Block;
  policy.priority = raw->priority;
  policy.index = raw->index;
  if (!read_policy_attributes(attributes, policy)) return std::nullopt;
  return policy;
}

std::optional<Attribute> find_attribute(Bytes bytes, std::uint16_t type) {
  AttributeReader attributes(bytes);
  while (const auto attribute = attributes.next()) {
    if (attribute->type == type) return attribute;
  }
  return std::nullopt;
}

/// DELPOLICY names an index or a selector; the policy itself is inside.
std::optional<PolicyMessage> read_deleted_policy(Bytes payload) {
  const auto attributes = after(payload, sizeof(xfrm_userpolicy_id));
  const auto inside = find_attribute(attributes, XFRMA_POLICY);
  return inside ? read_policy(inside->value, attributes) : std::nullopt;
}

std::optional<SaMessage> read_sa(Bytes info, Bytes attributes) {
  const auto raw = read<xfrm_usersa_info>(info);
  if (!raw) return std::nullopt;
  const auto family = read_family(raw->family);
  if (!family) return std::nullopt;
  SaMessage sa;
  sa.key = {read_address(raw->id.daddr, *family), ntohl(raw->id.spi), raw->id.proto, {}};
  sa.source = read_address(raw->saddr, *family);
  sa.reqid = raw->reqid;
  sa.mode = static_cast<XfrmMode>(raw->mode);
  sa.bytes = raw->curlft.bytes;
  sa.packets = raw->curlft.packets;
  AttributeReader reader(attributes);
  while (const auto attribute = reader.next()) {
    if (attribute->type == XFRMA_MARK) sa.key.mark = read_mark(attribute->value);
    if (attribute->type == XFRMA_IF_ID) sa.if_id = attribute->u32();
  }
  return sa;
}

std::optional<SaMessage> read_deleted_sa(Bytes payload) {
  const auto attributes = after(payload, sizeof(xfrm_usersa_id));
  const auto inside = find_attribute(attributes, XFRMA_SA);
  return inside ? read_sa(inside->value, attributes) : std::nullopt;
}

std::optional<XfrmNews> policy_news(bool gone, std::optional<PolicyMessage> policy) {
  if (!policy) return std::nullopt;
  return PolicyNews{gone, *std::move(policy)};
}

std::optional<XfrmNews> sa_news(bool gone, std::optional<SaMessage> sa) {
  if (!sa) return std::nullopt;
  return SaNews{gone, *std::move(sa)};
}

std::optional<XfrmNews> read_policy_expiry(Bytes payload) {
  const auto raw = read<xfrm_user_polexpire>(payload);
  if (!raw || raw->hard == 0) return std::nullopt;
  return policy_news(true, read_policy(payload, after(payload, sizeof(xfrm_user_polexpire))));
}

std::optional<XfrmNews> read_sa_expiry(Bytes payload) {
  const auto raw = read<xfrm_user_expire>(payload);
  if (!raw || raw->hard == 0) return std::nullopt;
  return sa_news(true, read_sa(payload, after(payload, sizeof(xfrm_user_expire))));
}

/// The name and the key length of xfrm_algo, xfrm_algo_auth and xfrm_algo_aead stand at
/// one place, before the key; the latter two have a length more.
SaAlgorithm read_algorithm(const Attribute& attribute) {
  SaAlgorithm found;
  constexpr std::size_t kNameBytes = sizeof(xfrm_algo::alg_name);
  static_assert(offsetof(xfrm_algo_auth, alg_key_len) == kNameBytes && offsetof(xfrm_algo_aead, alg_key_len) == kNameBytes);
  const auto bits = read<std::uint32_t>(attribute.value, kNameBytes);
  if (!bits) return found;
  found.name = Attribute{0, attribute.value.first(kNameBytes)}.text();
  found.key_bits = *bits;
  if (attribute.type != XFRMA_ALG_CRYPT && attribute.type != XFRMA_ALG_AUTH) {
    found.check_bits = read<std::uint32_t>(attribute.value, kNameBytes + sizeof *bits).value_or(0);
  }
  return found;
}

void write_key(MessageWriter& out, const PolicyKey& key) {
  if (key.mark.mask != 0) out.attribute(XFRMA_MARK, bytes_of(xfrm_mark{key.mark.value, key.mark.mask}));
  if (key.if_id != 0) out.attribute(XFRMA_IF_ID, key.if_id);
  if (key.type != 0) {
    xfrm_userpolicy_type type{};
    type.type = key.type;
    out.attribute(XFRMA_POLICY_TYPE, bytes_of(type));
  }
}

void write_by_key(MessageWriter& out, std::uint16_t type, std::uint32_t sequence, const PolicyKey& key) {
  xfrm_userpolicy_id id{};
  id.sel = raw_selector(key.selector);
  id.dir = key.direction;
  const auto start = out.begin(type, 0, sequence, id);
  write_key(out, key);
  out.end(start);
}

xfrm_user_tmpl raw_template(const PolicyTemplate& wanted) {
  xfrm_user_tmpl raw{};
  raw.id.daddr = raw_address(wanted.destination);
  raw.id.spi = htonl(wanted.spi);
  raw.id.proto = wanted.protocol;
  raw.family = address_family(wanted.destination.family());
  raw.saddr = raw_address(wanted.source);
  raw.reqid = wanted.reqid;
  raw.mode = static_cast<std::uint8_t>(wanted.mode);
  raw.optional = wanted.optional ? 1 : 0;
  raw.aalgos = raw.ealgos = raw.calgos = ~0U;  // any
  return raw;
}

}  // namespace

std::optional<XfrmNews> parse_xfrm(const Message& message) {
  const auto payload = message.payload;
  switch (message.type) {
    case XFRM_MSG_NEWPOLICY:
    case XFRM_MSG_UPDPOLICY:
      return policy_news(false, read_policy(payload, after(payload, sizeof(xfrm_userpolicy_info))));
    case XFRM_MSG_DELPOLICY:
      return policy_news(true, read_deleted_policy(payload));
    case XFRM_MSG_POLEXPIRE:
      return read_policy_expiry(payload);
    case XFRM_MSG_FLUSHPOLICY:
      return FlushNews::Policies;
    case XFRM_MSG_NEWSA:
    case XFRM_MSG_UPDSA:
      return sa_news(false, read_sa(payload, after(payload, sizeof(xfrm_usersa_info))));
    case XFRM_MSG_DELSA:
      return sa_news(true, read_deleted_sa(payload));
    case XFRM_MSG_EXPIRE:
      return read_sa_expiry(payload);
    case XFRM_MSG_FLUSHSA:
      return FlushNews::Sas;
    default:
      return std::nullopt;
  }
}

std::optional<SaDetails> parse_sa_details(const Message& message) {
  if (message.type != XFRM_MSG_NEWSA) return std::nullopt;
  const auto attributes = after(message.payload, sizeof(xfrm_usersa_info));
  auto sa = read_sa(message.payload, attributes);
  if (!sa) return std::nullopt;
  const auto raw = *read<xfrm_usersa_info>(message.payload);
  SaDetails details;
  details.sa = *std::move(sa);
  details.added = raw.curlft.add_time;
  details.soft_life = raw.lft.soft_add_expires_seconds;
  details.hard_life = raw.lft.hard_add_expires_seconds;
  details.hard_bytes = raw.lft.hard_byte_limit == XFRM_INF ? 0 : raw.lft.hard_byte_limit;
  details.replay_window = raw.replay_window;
  AttributeReader reader(attributes);
  while (const auto attribute = reader.next()) {
    switch (attribute->type) {
      case XFRMA_ALG_CRYPT:
      case XFRMA_ALG_AEAD: details.encryption = read_algorithm(*attribute); break;
      case XFRMA_ALG_AUTH:
      case XFRMA_ALG_AUTH_TRUNC:
        // The kernel tells both; the latter knows more.
        if (details.integrity.check_bits == 0) details.integrity = read_algorithm(*attribute);
        break;
      case XFRMA_ENCAP: details.udp_encapsulated = true; break;
      case XFRMA_REPLAY_ESN_VAL:
        details.replay_window = read<std::uint32_t>(attribute->value, offsetof(xfrm_replay_state_esn, replay_window)).value_or(0);
        break;
      default: break;
    }
  }
  return details;
}

// Both dumps go without a fixed header: the kernel reads what follows as attributes.
void write_policy_dump(MessageWriter& out, std::uint32_t sequence) {
  out.end(out.begin(XFRM_MSG_GETPOLICY, NLM_F_DUMP, sequence));
}

void write_sa_dump(MessageWriter& out, std::uint32_t sequence) {
  out.end(out.begin(XFRM_MSG_GETSA, NLM_F_DUMP, sequence));
}

void write_sas_to_peer_dump(MessageWriter& out, std::uint32_t sequence, const IpAddress& peer) {
  xfrm_address_filter filter{};
  filter.daddr = raw_address(peer);
  filter.family = address_family(peer.family());
  filter.dplen = static_cast<std::uint8_t>(address_bits(peer.family()));
  const auto start = out.begin(XFRM_MSG_GETSA, NLM_F_DUMP, sequence);
  out.attribute(XFRMA_ADDRESS_FILTER, bytes_of(filter));
  out.end(start);
}

std::optional<AcquireMessage> parse_acquire_state(const Message& message) {
  if (message.type != XFRM_MSG_NEWSA) return std::nullopt;
  const auto raw = read<xfrm_usersa_info>(message.payload);
  if (!raw || raw->id.spi != 0) return std::nullopt;
  const auto family = read_family(raw->family);
  const auto packet = read_selector(raw->sel);
  if (!family || !packet) return std::nullopt;
  return AcquireMessage{read_address(raw->id.daddr, *family), *packet};
}

void write_policy(MessageWriter& out, PolicyChange change, std::uint32_t sequence,
                  const PolicyMessage& policy) {
  RRI_ASSERT(policy.templates.size() <= kMaxPolicyTemplates);
  if (change == PolicyChange::Delete) return write_by_key(out, XFRM_MSG_DELPOLICY, sequence, policy.key);
  xfrm_userpolicy_info info{};
  info.sel = raw_selector(policy.key.selector);
  info.lft.soft_byte_limit = info.lft.hard_byte_limit = kNoLimit;
  info.lft.soft_packet_limit = info.lft.hard_packet_limit = kNoLimit;
  info.priority = policy.priority;
  info.index = policy.index;
  info.dir = policy.key.direction;
  info.action = policy.action == PolicyAction::Allow ? XFRM_POLICY_ALLOW : XFRM_POLICY_BLOCK;
  const auto start =
      out.begin(change == PolicyChange::Add ? XFRM_MSG_NEWPOLICY : XFRM_MSG_UPDPOLICY, 0, sequence, info);
  write_key(out, policy.key);
  if (!policy.templates.empty()) {
    std::vector<xfrm_user_tmpl> raw;
    for (const auto& wanted : policy.templates) raw.push_back(raw_template(wanted));
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(raw.data());
    out.attribute(XFRMA_TMPL, {bytes, raw.size() * sizeof(xfrm_user_tmpl)});
  }
  out.end(start);
}

void write_policy_question(MessageWriter& out, std::uint32_t sequence, const PolicyKey& key) {
  write_by_key(out, XFRM_MSG_GETPOLICY, sequence, key);
}

}  // namespace rri::netlink
