// Arbitrary bytes as a datagram from the kernel. Oracles: the walk ends and never
// hands out bytes twice; every value is within its bounds; a route that can be
// written is read back as it was.
#include <cstdint>
#include <span>

#include "base/assert.h"
#include "io/netlink/codec.h"
#include "io/netlink/limits.h"

namespace {

using namespace rri;
using namespace rri::netlink;

void check_round_trip(const RouteMessage& route) {
  RequestBuffer request;
  request.route({RequestBuffer::RouteChange::Add, 7}, route);
  MessageReader reader(request.bytes());
  const auto message = reader.next();
  RRI_ASSERT(message && message->sequence == 7 && !reader.next() && !reader.malformed());
  const auto again = parse_route(*message);
  RRI_ASSERT(again && again->destination == route.destination && again->metric == route.metric);
  RRI_ASSERT(again->protocol == route.protocol && again->type == route.type);
  RRI_ASSERT(again->source == route.source && again->realm == route.realm);
}

void check(const Message& message) {
  parse_route_summary(message);
  parse_acknowledgement(message);
  RRI_ASSERT(parse_done(message) >= 0);
  if (const auto route = parse_route(message)) {
    RRI_ASSERT(route->hops.size() <= kMaxNextHops);
    RRI_ASSERT(route->destination.length() <= route->destination.address().bits());
    check_round_trip(*route);
  }
  if (const auto link = parse_link(message)) RRI_ASSERT(link->index != 0 && !link->name.empty());
  if (const auto address = parse_address(message)) {
    RRI_ASSERT(address->address.prefix_length <= address->address.address.bits());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MessageReader reader({data, size});
  std::size_t seen = 0;
  while (const auto message = reader.next()) {
    seen += message->payload.size() + 16;
    RRI_ASSERT(seen <= size);
    check(*message);
  }
  // The same bytes as the payload of each kind, so that parsers see all of them.
  check({16, 0x200, 1, 0, {data, size}});
  return 0;
}
