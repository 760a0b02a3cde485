// Arbitrary bytes as datagrams of XFRM netlink. Oracles: every value is within its
// bounds; what people are told of an SA is that SA; a policy that can be written is read back as it was; what the reader of
// single events knows is what a full list says, however the messages are cut.
#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "base/assert.h"
#include "io/netlink/codec.h"
#include "io/netlink/limits.h"
#include "io/netlink/xfrm_codec.h"
#include "io/xfrm/sa_book.h"

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

/// What is shown of an SA is that SA, and no longer than its messages.
void check_details(const Message& message) {
  const auto details = parse_sa_details(message);
  if (!details) return;
  const auto news = parse_xfrm(message);
  RRI_ASSERT(news && std::get<SaNews>(*news).sa == details->sa);
  RRI_ASSERT(details->encryption.name.size() <= message.payload.size() && details->integrity.name.size() <= message.payload.size());
  xfrm::SaReport report;
  report.take(*details);
  Sa sa;
  sa.peer = details->sa.key.destination;
  sa.local_endpoint = details->sa.source;
  const auto child = report.describe({sa, details->sa.reqid, details->sa.key.protocol}, 0).children.at(0);
  RRI_ASSERT(child.spi_out == details->sa.key.spi);
}

void check(const Message& message) {
  check_details(message);
  const auto news = parse_xfrm(message);
  const auto* policy = news ? std::get_if<PolicyNews>(&*news) : nullptr;
  if (policy == nullptr) return;
  RRI_ASSERT(policy->policy.templates.size() <= kMaxPolicyTemplates);
  RRI_ASSERT(policy->policy.key.selector.source.family() == policy->policy.key.selector.destination.family());
  check_round_trip(policy->policy);
}

/// What a reader of events knows.
class Reader {
 public:
  void hear(const std::vector<core::Event>& events) {
    for (const auto& event : events) {
      if (const auto* up = std::get_if<core::SaUp>(&event)) known_[up->sa.id] = up->sa;
      if (const auto* down = std::get_if<core::SaDown>(&event)) RRI_ASSERT(known_.erase(down->id) == 1);
      if (const auto* rekey = std::get_if<core::SaRekeyed>(&event))
        RRI_ASSERT(known_.erase(rekey->old_id) == 1);
    }
  }
  [[nodiscard]] std::vector<Sa> known() const {
    std::vector<Sa> all;
    for (const auto& [id, sa] : known_) all.push_back(sa);
    return all;
  }

 private:
  std::map<SaId, Sa> known_;
};

std::vector<Sa> list_of(xfrm::SaBook& book) {
  xfrm::Output out;
  book.tell_list(out);
  return std::get<core::SaList>(out.events.back()).sas;
}

/// Without ids, which depend on what was told when.
std::vector<Sa> nameless(std::vector<Sa> sas) {
  for (auto& sa : sas) sa.id = {};
  std::sort(sas.begin(), sas.end(), [](const Sa& a, const Sa& b) {
    return std::tie(a.peer, a.connection, a.local_endpoint, a.if_id, a.mark, a.remote, a.local) <
           std::tie(b.peer, b.connection, b.local_endpoint, b.if_id, b.mark, b.remote, b.local);
  });
  return sas;
}

void check_book(std::span<const std::uint8_t> bytes) {
  xfrm::SaBook step_by_step;
  xfrm::SaBook at_once;
  Reader heard;
  MessageReader reader(bytes);
  while (const auto message = reader.next()) {
    const auto news = parse_xfrm(*message);
    if (!news) continue;
    step_by_step.take(*news);
    at_once.take(*news);
    xfrm::Output out;
    step_by_step.tell(out);
    heard.hear(out.events);
  }
  const auto list = list_of(step_by_step);
  RRI_ASSERT(heard.known() == list);
  RRI_ASSERT(nameless(list) == nameless(list_of(at_once)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MessageReader reader({data, size});
  while (const auto message = reader.next()) check(*message);
  check_book({data, size});
  // The same bytes as the payload of each kind, so that parsers see all of them.
  constexpr std::uint16_t kFirst = 0x10;  // XFRM_MSG_BASE
  constexpr std::uint16_t kLast = 0x28;
  for (auto type = kFirst; type < kLast; ++type) check({type, 0, 1, 0, {data, size}});
  return 0;
}
