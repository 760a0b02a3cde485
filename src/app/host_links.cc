#include "app/host_links.h"

#include <linux/rtnetlink.h>

#include <chrono>

#include "core/host.h"
#include "io/netlink/dump.h"
#include "io/netlink/link_table.h"

namespace rri::app {

namespace {

constexpr std::chrono::seconds kPatience{5};

}  // namespace

std::vector<Link> read_host_links() {
  auto socket = netlink::Socket::open();
  if (!socket) return {};
  std::vector<netlink::LinkMessage> links;
  std::vector<netlink::AddressMessage> addresses;
  netlink::Dump::Steps steps;
  steps.requests = {[](auto& request, auto sequence) { request.dump_links(sequence); },
                    [](auto& request, auto sequence) { request.dump_addresses(sequence); }};
  steps.begin = [&] {
    links.clear();
    addresses.clear();
  };
  steps.on_message = [&](const netlink::Message& message) {
    if (message.type == RTM_NEWLINK) {
      if (auto link = netlink::parse_link(message)) links.push_back(std::move(*link));
    } else if (message.type == RTM_NEWADDR) {
      if (auto address = netlink::parse_address(message)) addresses.push_back(*address);
    }
  };
  netlink::Dump dump(std::move(steps));
  std::uint32_t sequence = 1;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  auto progress = netlink::Dump::Progress::Running;
  while (progress == netlink::Dump::Progress::Running || progress == netlink::Dump::Progress::Interrupted) {
    if (std::chrono::steady_clock::now() > deadline) return {};
    progress = dump.step(*socket, sequence, deadline);
  }
  if (progress == netlink::Dump::Progress::Failed) return {};
  netlink::LinkTable table;
  table.replace(links, addresses);
  return table.list();
}

void tie_to_devices(Config& config, const std::vector<Link>& links) {
  core::Host host;
  host.replace_all(links);
  for (auto& [name, interface] : config.interfaces) {
    if (!interface.linux_device.empty()) continue;
    const auto binding = host.bind(interface);
    if (binding.is_bound()) interface.linux_device = binding.device;
  }
}

}  // namespace rri::app
