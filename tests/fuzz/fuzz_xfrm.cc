// Arbitrary bytes as a datagram of XFRM netlink. Oracles: every value is within its
// bounds; a policy that can be written is read back as it was.
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "io/netlink/codec.h"
#include "io/netlink/limits.h"
#include "io/netlink/xfrm_codec.h"

namespace {

using namespace rri;
using namespace rri::netlink;

void check_round_trip(const PolicyMessage& policy) {
  MessageWriter out;
  write_policy(out, PolicyChange::Add, 7, policy);
  MessageReader reader(out.bytes());
  const auto message = reader.next();
  RRI_ASSERT(message && message->sequence == 7 && !reader.next() && !reader.malformed());
  const auto again = parse_xfrm(*message);
  auto expected = policy;
  if (expected.key.mark.mask == 0) expected.key.mark = {};  // no mark at all
  RRI_ASSERT(again && std::get<PolicyNews>(*again).policy == expected);
}

void check(const Message& message) {
  const auto news = parse_xfrm(message);
  const auto* policy = news ? std::get_if<PolicyNews>(&*news) : nullptr;
  if (policy == nullptr) return;
  RRI_ASSERT(policy->policy.templates.size() <= kMaxPolicyTemplates);
  RRI_ASSERT(policy->policy.key.selector.source.family() == policy->policy.key.selector.destination.family());
  check_round_trip(policy->policy);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MessageReader reader({data, size});
  while (const auto message = reader.next()) check(*message);
  // The same bytes as the payload of each kind, so that parsers see all of them.
  constexpr std::uint16_t kFirst = 0x10;  // XFRM_MSG_BASE
  constexpr std::uint16_t kLast = 0x28;
  for (auto type = kFirst; type < kLast; ++type) check({type, 0, 1, 0, {data, size}});
  return 0;
}
