#include "io/netlink/link_dump.h"

#include <linux/rtnetlink.h>

#include <utility>

namespace rri::netlink {

Dump::Steps link_dump(std::shared_ptr<FoundLinks> found) {
  Dump::Steps steps;
  steps.requests = {[](RequestBuffer& request, std::uint32_t sequence) { request.dump_links(sequence); },
                    [](RequestBuffer& request, std::uint32_t sequence) { request.dump_addresses(sequence); }};
  steps.begin = [found] { *found = {}; };
  steps.on_message = [found](const Message& message) {
    if (message.type == RTM_NEWLINK) {
      if (auto link = parse_link(message)) found->links.push_back(std::move(*link));
    } else if (message.type == RTM_NEWADDR) {
      if (const auto address = parse_address(message)) found->addresses.push_back(*address);
    }
  };
  return steps;
}

Result<> run_dump(Socket& socket, std::uint32_t& sequence, Dump::Steps steps, Deadline deadline) {
  Dump dump(std::move(steps));
  for (;;) {
    switch (dump.step(socket, sequence, deadline)) {
      case Dump::Progress::Finished: return {};
      case Dump::Progress::Interrupted:
        if (std::chrono::steady_clock::now() < deadline) continue;
        [[fallthrough]];
      case Dump::Progress::Running: return fail("read the kernel's tables: they did not hold still for long enough");
      case Dump::Progress::Failed: return fail("read the kernel's tables: {}", dump.error());
    }
  }
}

}  // namespace rri::netlink
