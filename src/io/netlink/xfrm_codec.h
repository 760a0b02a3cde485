// io/netlink/xfrm_codec.h -- bytes of XFRM netlink to values and back. Pure.
//
// Datagrams are walked with MessageReader (codec.h), requests grow in a
// MessageWriter, acknowledgements and ends of dumps are those of codec.h.
//
// Keys come with every SA message; nothing here looks at them, only at the names of
// algorithms before them. They stay in the bytes that were read, which
// Socket::open_xfrm() wipes.
#pragma once

#include <cstdint>
#include <optional>

#include "io/netlink/message_writer.h"
#include "io/netlink/messages.h"
#include "io/netlink/xfrm_messages.h"

namespace rri::netlink {

/// NEWPOLICY, UPDPOLICY, DELPOLICY, POLEXPIRE, FLUSHPOLICY, NEWSA, UPDSA, DELSA,
/// EXPIRE and FLUSHSA. Nothing for all else, for soft expiry, and for what does not fit.
std::optional<XfrmNews> parse_xfrm(const Message& message);

/// NEWSA of a dump, with what people ask about it.
std::optional<SaDetails> parse_sa_details(const Message& message);

/// Of an answer to write_sas_to_peer_dump(): a state that waits for its SPI, else nothing.
std::optional<AcquireMessage> parse_acquire_state(const Message& message);

void write_policy_dump(MessageWriter& out, std::uint32_t sequence);
void write_sa_dump(MessageWriter& out, std::uint32_t sequence);
/// The SAs to one peer alone.
void write_sas_to_peer_dump(MessageWriter& out, std::uint32_t sequence, const IpAddress& peer);

enum class PolicyChange : std::uint8_t {
  Add,     // EEXIST where the key is taken
  Update,  // replaces what has the key, or adds
  Delete,  // by key; ENOENT where there is none
};
/// Without a lifetime. At most kMaxPolicyTemplates templates, of which none is written
/// for Delete. Only an error is answered, unless acknowledge_last() follows.
void write_policy(MessageWriter& out, PolicyChange change, std::uint32_t sequence,
                  const PolicyMessage& policy);
/// Asks for the policy with this key; the answer is a NEWPOLICY message or ENOENT.
void write_policy_question(MessageWriter& out, std::uint32_t sequence, const PolicyKey& key);

}  // namespace rri::netlink
